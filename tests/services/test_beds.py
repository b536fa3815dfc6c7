"""What a ward does with beds, asked the six questions; and what must never become of a bed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospital_ops.domain.access import CLOCK
from hospital_ops.domain.errors import Conflict, Invalid, NotAllowed
from hospital_ops.domain.tasks import TaskKind, TaskStatus
from hospital_ops.queries.hospital import hospital_now_value
from hospital_ops.services import beds, blocks, placement, tasks
from tests.cast import Cast
from tests.services.scenes import accepted, bed, blocked, cleaning_of, closed, errand, left, occupied, started
from tests.services.six import Action, Given, SixQuestions, Written, bed_is, nothing_written


def accepted_bed(cast: Cast) -> Given:
    accepted(cast)
    return bed(cast)


def started_bed(cast: Cast) -> Given:
    started(cast)
    return bed(cast)


ACTIONS = [
    Action(
        beds.start_cleaning,
        left,
        who="nurse",
        works=bed_is("cleaning"),
        audit=("bed.start_cleaning", "task.start", "staff.set_status"),
        events=("bed.status_changed", "task.started", "staff.status_changed"),
        wrong_role="porter",
        wrong_ward="nurse_west",
    ),
    Action(
        beds.mark_clean,
        started_bed,
        who="nurse",
        works=bed_is("available"),
        audit=("bed.mark_clean", "task.complete", "staff.set_status"),
        events=("bed.status_changed", "task.completed", "staff.status_changed"),
        wrong_role="doctor",
        wrong_ward="nurse_west",
    ),
    Action(
        beds.mark_dirty,
        lambda cast: bed(cast, "E2"),
        who="nurse",
        works=bed_is("dirty"),
        audit=("bed.found_dirty", "task.create", "task.offer"),
        events=("bed.status_changed", "task.created", "task.offered"),
        wrong_role="desk",
        wrong_ward="nurse_west",
    ),
    Action(
        beds.block,
        lambda cast: accepted_bed(cast) | {"reason": "broken rail"},
        who="nurse",
        works=bed_is("blocked"),
        audit=("bed.block", "task.cancel", "staff.set_status"),
        events=("bed.status_changed", "task.cancelled", "staff.status_changed"),
        wrong_role="hanna",
        wrong_ward="nurse_west",
    ),
    Action(
        beds.unblock,
        blocked,
        who="nurse",
        works=bed_is("dirty"),
        audit=("bed.unblock", "task.create", "task.offer"),
        events=("bed.status_changed", "task.created", "task.offered"),
        wrong_role="hanna",
        wrong_ward="nurse_west",
        again="bed_cannot_move",
    ),
    Action(
        beds.close,
        lambda cast: bed(cast, "E2"),
        who="staffing",
        works=bed_is("closed"),
        audit=("bed.close",),
        events=("bed.status_changed",),
        wrong_role="nurse",
        no_ward="only the whole house's roles close beds",
    ),
    Action(
        beds.open_bed,
        closed,
        who="manager",
        works=bed_is("available"),
        audit=("bed.open",),
        events=("bed.status_changed",),
        wrong_role="nurse",
        no_ward="only the whole house's roles open beds",
    ),
]


@pytest.mark.parametrize("action", ACTIONS, ids=str)
class TestSixQuestions(SixQuestions):
    """Asked of every act on a bed."""


class TestExpireBlocks:
    """`blocks.expire_blocks`: the clock asks for it every five minutes of hospital time."""

    def expiring(self, cast: Cast) -> None:
        beds.block(cast.nurse, cast.beds["E2"], "paint", expires_at=cast.now + timedelta(minutes=10))
        cast.later(10)

    def test_it_works(self, cast: Cast) -> None:
        self.expiring(cast)
        beds.block(cast.nurse, cast.beds["E4"], "for good")
        assert blocks.expire_blocks(CLOCK) == 1
        assert (cast.bed("E2").status, cast.bed("E4").status) == ("dirty", "blocked")
        assert cast.task(cleaning_of(cast, "E2")).status == TaskStatus.OFFERED

    def test_a_block_is_kept_until_its_time(self, cast: Cast) -> None:
        beds.block(cast.nurse, cast.beds["E2"], "paint", expires_at=cast.now + timedelta(minutes=10))
        cast.later(9)
        assert blocks.expire_blocks(CLOCK) == 0
        assert cast.bed("E2").status == "blocked"

    def test_the_wrong_role_may_not(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            blocks.expire_blocks(cast.doctor)

    def test_the_wrong_ward_may_not(self, cast: Cast) -> None:
        self.expiring(cast)
        assert blocks.expire_blocks(cast.nurse_west) == 0
        assert cast.bed("E2").status == "blocked"

    def test_twice_changes_nothing_more(self, cast: Cast) -> None:
        self.expiring(cast)
        blocks.expire_blocks(CLOCK)
        before = Written.now()
        assert blocks.expire_blocks(CLOCK) == 0
        assert nothing_written(before)

    def test_the_loser_of_a_race_is_told(self, cast: Cast) -> None:
        """Two workers with one event: the second has nothing to do, and says so."""
        self.expiring(cast)
        assert blocks.expire_blocks(CLOCK, event_id=9) == 1
        beds.block(cast.nurse, cast.beds["E4"], "paint", expires_at=cast.now + timedelta(minutes=1))
        cast.later(1)
        assert blocks.expire_blocks(CLOCK, event_id=9) == 0

    def test_audit_and_event_are_written(self, cast: Cast) -> None:
        self.expiring(cast)
        before = Written.now()
        blocks.expire_blocks(CLOCK)
        assert Written.now().since(before).names == (
            ("bed.block_expired", "task.create", "task.offer"),
            ("bed.status_changed", "task.created", "task.offered"),
        )


def test_a_dirty_bed_is_never_made_ready_by_closing_it(cast: Cast) -> None:
    left(cast)
    with pytest.raises(Conflict):
        beds.close(cast.manager, cast.beds["E1"])
    beds.block(cast.nurse, cast.beds["E1"], "broken rail")
    with pytest.raises(Conflict):
        beds.close(cast.manager, cast.beds["E1"])


def test_a_block_wants_a_reason_and_a_time_to_come(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        beds.block(cast.nurse, cast.beds["E2"], "  ")
    assert refusal.value.code == "reason_needed"
    with pytest.raises(Invalid) as refusal:
        beds.block(cast.nurse, cast.beds["E2"], "paint", expires_at=cast.now)
    assert refusal.value.code == "bad_expiry"


def test_a_bed_with_somebody_in_it_is_neither_blocked_nor_closed_nor_cleaned(cast: Cast) -> None:
    occupied(cast)
    for act in (beds.close, beds.mark_clean, beds.mark_dirty, beds.start_cleaning):
        with pytest.raises(Conflict):
            act(cast.manager, cast.beds["E1"])
    with pytest.raises(Conflict):
        beds.block(cast.manager, cast.beds["E1"], "broken rail")


def test_closed_beds_leave_the_staffed_count(cast: Cast) -> None:
    before = hospital_now_value(masked=True)["staffed"]
    closed(cast)
    assert hospital_now_value(masked=True)["staffed"] == before - 1


def test_a_reserved_bed_is_no_cleaners(cast: Cast) -> None:
    placement.reserve(cast.nurse, cast.beds["E2"])
    for act in (beds.mark_clean, beds.mark_dirty, beds.start_cleaning):
        with pytest.raises(Conflict):
            act(cast.hanna, cast.beds["E2"])


def test_a_dirty_bed_has_one_open_cleaning_whoever_cancels(cast: Cast) -> None:
    """What a supervisor cancelled left a dirty bed that nobody would ever look at again."""
    given = accepted(cast)
    for who in ("manager", "staffing", "admin"):
        with pytest.raises(Conflict) as refusal:
            tasks.cancel(cast.as_actor(who), given["task_id"], "no longer needed")
        assert refusal.value.code == "still_dirty"
    assert cast.task(given["task_id"]).status == TaskStatus.ACCEPTED
    tasks.start(cast.hanna, given["task_id"])
    with pytest.raises(Conflict):
        tasks.cancel(cast.manager, given["task_id"], "no longer needed")
    other = errand(cast)
    tasks.cancel(cast.manager, other["task_id"], "no longer needed")


def test_who_asked_for_a_cleaning_cannot_take_it_back_either(cast: Cast) -> None:
    new = tasks.NewTask("Clean bed E2", TaskKind.CLEAN_BED, bed_id=cast.beds["E2"])
    task_id = tasks.create(cast.nurse, new)
    with pytest.raises(Conflict) as refusal:
        tasks.cancel(cast.nurse, task_id, "it was clean after all")
    assert "say that the bed is clean" in refusal.value.sentence
    beds.mark_clean(cast.nurse, cast.beds["E2"])
    assert cast.task(task_id).status == TaskStatus.COMPLETE
