"""What people say of themselves, who has left without a word, and what becomes of what they held."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospital_ops.domain.access import CLOCK
from hospital_ops.domain.errors import Conflict, NotAllowed
from hospital_ops.domain.tasks import StaffStatus, TaskStatus
from hospital_ops.infra.db import new_session
from hospital_ops.models import User, WebSession
from hospital_ops.queries.clock import real_now
from hospital_ops.services import absence, staff, tasks
from tests.cast import Cast
from tests.services.scenes import accepted, cleaning_of, left, offered, started
from tests.services.six import Action, Given, SixQuestions, Written, nothing_written


def a_break(cast: Cast) -> Given:
    offered(cast)
    return {"status": StaffStatus.ON_BREAK}


def took_it(cast: Cast, given: Given) -> None:
    tasks.accept(cast.hanna, cleaning_of(cast))


ACTIONS = [
    Action(
        staff.set_my_status,
        a_break,
        who="hanna",
        works=lambda cast, given: cast.person("hanna").current_status == "on_break",
        audit=("task.return", "staff.set_status", "task.offer"),
        events=("task.declined", "staff.status_changed", "task.offered"),
        wrong_role="feed",
        no_ward="one's own status is in no ward",
        # The same person in another tab has just said yes.
        rival=took_it,
        told="task_in_hand",
    )
]


@pytest.mark.parametrize("action", ACTIONS, ids=str)
class TestSixQuestions(SixQuestions):
    """Asked of what people say of themselves."""


class TestSignOffAbsent:
    """`absence.sign_off_absent`: the clock asks for it every few minutes."""

    def alone(self, cast: Cast) -> int:
        """Everybody but Hanna is at a browser; she holds a cleaning. Gives its id."""
        task_id = accepted(cast)["task_id"]
        with new_session() as session:
            for name, user_id in cast.people.items():
                session.get_one(User, user_id).status_since = cast.now - timedelta(hours=2)
                if name != "hanna":
                    session.add(_browser(user_id))
            session.commit()
        return task_id

    def test_it_works(self, cast: Cast) -> None:
        task_id = self.alone(cast)
        assert absence.sign_off_absent(CLOCK) == 1
        assert cast.person("hanna").current_status == "off_shift"
        task = cast.task(task_id)
        assert (task.status, task.user_id) == (TaskStatus.OFFERED, cast.people["hugo"])

    def test_the_wrong_role_may_not(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            absence.sign_off_absent(cast.nurse)

    def test_the_wrong_ward_may_not(self, cast: Cast) -> None:
        """Only the whole house's roles may: there is no wrong ward, and simulated people are nobody's to sign off."""
        self.alone(cast)
        with new_session() as session:
            session.get_one(User, cast.people["hanna"]).simulated = True
            session.commit()
        assert absence.sign_off_absent(CLOCK) == 0

    def test_twice_changes_nothing_more(self, cast: Cast) -> None:
        self.alone(cast)
        absence.sign_off_absent(CLOCK)
        before = Written.now()
        assert absence.sign_off_absent(CLOCK) == 0
        assert nothing_written(before)

    def test_the_loser_of_a_race_is_told(self, cast: Cast) -> None:
        self.alone(cast)
        assert absence.sign_off_absent(CLOCK, event_id=5) == 1
        cast.set_status(StaffStatus.AVAILABLE, "hanna")
        assert absence.sign_off_absent(CLOCK, event_id=5) == 0

    def test_audit_and_event_are_written(self, cast: Cast) -> None:
        self.alone(cast)
        before = Written.now()
        absence.sign_off_absent(CLOCK)
        assert Written.now().since(before).names == (
            ("task.return", "staff.set_status", "task.offer"),
            ("task.declined", "staff.status_changed", "task.offered"),
        )


def _browser(user_id: int) -> WebSession:
    now = real_now()
    return WebSession(
        token_hash=str(user_id).encode(),
        user_id=user_id,
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(hours=1),
    )


def test_on_task_follows_from_the_task(cast: Cast) -> None:
    with pytest.raises(Conflict) as refusal:
        staff.set_my_status(cast.hanna, StaffStatus.ON_TASK)
    assert refusal.value.code == "status_follows"


def test_nobody_goes_home_from_a_bed_half_cleaned(cast: Cast) -> None:
    started(cast)
    for status in (StaffStatus.ON_BREAK, StaffStatus.OFF_SHIFT):
        with pytest.raises(Conflict) as refusal:
            staff.set_my_status(cast.hanna, status)
        assert refusal.value.code == "task_in_hand"
    staff.set_my_status(cast.hanna, StaffStatus.AVAILABLE)
    assert cast.person("hanna").current_status == "on_task", "free is what the task makes of it"


def test_who_becomes_free_gets_what_waits(cast: Cast) -> None:
    cast.set_status(StaffStatus.ON_BREAK, "hanna", "hugo")
    left(cast)
    assert cast.task(cleaning_of(cast)).status == TaskStatus.PENDING
    staff.set_my_status(cast.hugo, StaffStatus.AVAILABLE)
    assert cast.task(cleaning_of(cast)).user_id == cast.people["hugo"]
