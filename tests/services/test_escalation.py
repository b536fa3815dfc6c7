"""What nobody answers: the next person, then rung by rung up the ladder; and who is stuck is helped out."""

from __future__ import annotations

import pytest

from hospital_ops.domain.access import CLOCK
from hospital_ops.domain.errors import NotAllowed
from hospital_ops.domain.escalation import ANSWER_MINUTES, LADDER, STUCK_MINUTES, UNANSWERED_IN_A_ROW
from hospital_ops.domain.tasks import Priority, StaffStatus, TaskStatus
from hospital_ops.infra.db import new_session
from hospital_ops.models import User
from hospital_ops.queries.dispatch import dispatch_list
from hospital_ops.services import escalation, tasks
from tests.cast import Cast
from tests.services.scenes import accepted, cleaning_of, left, offered, started
from tests.services.six import Written, nothing_written

SILENCE = ANSWER_MINUTES[Priority.MEDIUM]


def simulated(cast: Cast) -> None:
    """People who are never taken to be on a break because they do not answer."""
    with new_session() as session:
        for user_id in cast.people.values():
            session.get_one(User, user_id).simulated = True
        session.commit()


class TestEscalateOverdue:
    """`escalation.escalate_overdue`: the clock asks for it every minute."""

    def overdue(self, cast: Cast) -> int:
        task_id = offered(cast)["task_id"]
        cast.later(SILENCE)
        return task_id

    def test_it_works(self, cast: Cast) -> None:
        task_id = self.overdue(cast)
        assert escalation.escalate_overdue(CLOCK) == {"unanswered": 1}
        task = cast.task(task_id)
        assert (task.status, task.user_id, task.unanswered) == ("offered", cast.people["hugo"], 1)

    def test_an_answer_in_time_is_left_alone(self, cast: Cast) -> None:
        offered(cast)
        cast.later(SILENCE - 1)
        assert not escalation.escalate_overdue(CLOCK)

    def test_the_wrong_role_may_not(self, cast: Cast) -> None:
        self.overdue(cast)
        with pytest.raises(NotAllowed):
            escalation.escalate_overdue(cast.nurse)

    def test_the_wrong_ward_may_not(self, cast: Cast) -> None:
        """Only the whole house's roles may; and it never offers a task to somebody of another ward."""
        task_id = self.overdue(cast)
        cast.set_status(StaffStatus.OFF_SHIFT, "hugo")
        escalation.escalate_overdue(CLOCK)
        assert cast.task(task_id).status == TaskStatus.PENDING

    def test_twice_changes_nothing_more(self, cast: Cast) -> None:
        self.overdue(cast)
        escalation.escalate_overdue(CLOCK)
        before = Written.now()
        assert not escalation.escalate_overdue(CLOCK)
        assert nothing_written(before)

    def test_the_loser_of_a_race_is_told(self, cast: Cast) -> None:
        self.overdue(cast)
        assert escalation.escalate_overdue(CLOCK, event_id=3)
        cast.later(SILENCE)
        assert not escalation.escalate_overdue(CLOCK, event_id=3)

    def test_audit_and_event_are_written(self, cast: Cast) -> None:
        self.overdue(cast)
        before = Written.now()
        escalation.escalate_overdue(CLOCK)
        assert Written.now().since(before).names == (
            ("task.no_answer", "task.offer"),
            ("task.declined", "task.offered"),
        )


def test_the_ladder_is_climbed_rung_by_rung_to_the_fifth_and_no_further(cast: Cast) -> None:
    simulated(cast)
    task_id = offered(cast)["task_id"]
    reached = []
    for _ in range(LADDER[-1].unanswered + 2):
        cast.later(SILENCE + 16)  # A no by silence is forgotten by then: the same two are asked again.
        escalation.escalate_overdue(CLOCK)
        reached.append(cast.task(task_id).escalation_level)
    assert reached == sorted(reached)
    assert set(reached) == {0, 1, 2, 3, 4, 5}
    assert len(cast.audited("task.escalate")) == len(LADDER) == 5
    row = next(row for row in dispatch_list(masked=True)["tasks"] if row["id"] == task_id)
    assert row["level_words"] == "the administrator on call should be called"


def test_an_escalated_task_still_goes_to_the_first_who_is_free(cast: Cast) -> None:
    cast.set_status(StaffStatus.ON_BREAK, "hanna", "hugo")
    left(cast)
    cast.later(60)
    assert escalation.escalate_overdue(CLOCK)["waits too long"] == 1
    task_id = cleaning_of(cast)
    assert (cast.task(task_id).status, cast.task(task_id).escalation_level) == (TaskStatus.ESCALATED, 1)
    cast.later(60)
    escalation.escalate_overdue(CLOCK)
    assert cast.task(task_id).escalation_level == 2
    cast.set_status(StaffStatus.AVAILABLE, "hanna")
    escalation.escalate_overdue(CLOCK)
    assert (cast.task(task_id).status, cast.task(task_id).user_id) == (TaskStatus.OFFERED, cast.people["hanna"])


def test_three_silences_in_a_row_are_a_break(cast: Cast) -> None:
    cast.set_status(StaffStatus.OFF_SHIFT, "hugo")
    offered(cast)
    for _ in range(2 * UNANSWERED_IN_A_ROW):  # Asked, and asked again once her silence is forgotten.
        cast.later(SILENCE + 16)
        escalation.escalate_overdue(CLOCK)
    assert cast.person("hanna").current_status == "on_break"


def test_accepted_and_never_begun_goes_to_the_next(cast: Cast) -> None:
    given = accepted(cast)
    cast.later(STUCK_MINUTES[TaskStatus.ACCEPTED])
    assert escalation.escalate_overdue(CLOCK)["never begun"] == 1
    assert cast.task(given["task_id"]).user_id == cast.people["hugo"]
    assert cast.person("hanna").current_status == "available"


def test_begun_and_never_done_stays_theirs_and_a_supervisor_looks(cast: Cast) -> None:
    given = started(cast)
    cast.later(STUCK_MINUTES[TaskStatus.IN_PROGRESS])
    assert escalation.escalate_overdue(CLOCK)["takes too long"] == 1
    task = cast.task(given["task_id"])
    assert (task.status, task.user_id, task.escalation_level) == ("in_progress", cast.people["hanna"], 1)
    assert not escalation.escalate_overdue(CLOCK)


def test_who_is_on_task_without_one_is_freed(cast: Cast) -> None:
    cast.set_status(StaffStatus.ON_TASK, "hanna")
    assert escalation.escalate_overdue(CLOCK)["freed"] == 1
    assert cast.person("hanna").current_status == "available"


def test_a_task_done_in_time_is_never_escalated(cast: Cast) -> None:
    given = started(cast)
    tasks.complete(cast.hanna, given["task_id"])
    cast.later(600)
    assert not escalation.escalate_overdue(CLOCK)
