"""The rules without a database: moves of beds and tasks, who is chosen and why, the ladder, and what can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hospital_ops.domain.beds import HELD, HL7_0116, MOVES, UNDO_MOVES, WORDS, BedStatus, check_move
from hospital_ops.domain.dispatch import Candidate, choose, in_order
from hospital_ops.domain.errors import Conflict
from hospital_ops.domain.escalation import LADDER, level_after, level_of_waiting, level_words, patience_minutes
from hospital_ops.domain.floor_plan import Place
from hospital_ops.domain.stays import AWAY_WORDS, DISPOSITION_WORDS, HL7_0112, after_undo, may_undo
from hospital_ops.domain.tasks import MOVES as TASK_MOVES
from hospital_ops.domain.tasks import OPEN, Priority, StaffStatus, TaskStatus
from hospital_ops.domain.tasks import check_move as check_step

S = BedStatus
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
HERE = Place(4, 0.0, 0.0)


def test_no_way_leads_from_a_patient_to_ready_but_by_cleaning() -> None:
    """Every path from a held bed to available passes dirty."""
    reached, edge = set(), {S.OCCUPIED}
    while edge:
        reached |= edge
        edge = {new for old in edge for new in MOVES[old] if new is not S.DIRTY} - reached
    assert not reached & {S.AVAILABLE, S.RESERVED, S.BLOCKED, S.CLOSED}


def test_out_of_blocked_leads_only_cleaning() -> None:
    assert MOVES[S.BLOCKED] == {S.DIRTY}
    assert S.CLOSED not in MOVES[S.DIRTY] | MOVES[S.CLEANING]


@pytest.mark.parametrize("table", [WORDS, HL7_0116, MOVES])
def test_every_status_is_in_every_table(table: dict[BedStatus, object]) -> None:
    assert set(table) == set(BedStatus)


def test_taking_back_never_makes_a_blocked_or_closed_bed_ready() -> None:
    assert not set(UNDO_MOVES) & {S.BLOCKED, S.CLOSED, S.RESERVED}
    for old, news in UNDO_MOVES.items():
        assert news <= ({S.AVAILABLE, S.RESERVED, S.DIRTY} if old in HELD else HELD)
    with pytest.raises(Conflict) as refusal:
        check_move("E1", S.DIRTY, S.OCCUPIED)
    assert refusal.value.sentence == "Bed E1 is waiting for cleaning; it cannot become occupied."


def test_ways_of_leaving_and_places_have_words_and_codes() -> None:
    assert set(DISPOSITION_WORDS) == set(HL7_0112)
    assert HL7_0112["expired"] == "20"  # type: ignore[index]
    assert all(AWAY_WORDS.values())


@pytest.mark.parametrize(("minutes", "status"), [(60, S.RESERVED), (61, S.DIRTY)])
def test_a_bed_not_lain_in_is_as_it_was_while_that_can_be_believed(minutes: int, status: BedStatus) -> None:
    assert after_undo(S.RESERVED, NOW, NOW + timedelta(minutes=minutes)) is status


def test_an_entry_can_be_taken_back_for_a_day() -> None:
    assert may_undo(NOW, NOW + timedelta(hours=24))
    assert not may_undo(NOW, NOW + timedelta(hours=24, seconds=1))


def test_a_task_that_has_ended_has_ended() -> None:
    for ended in set(TaskStatus) - OPEN:
        assert not TASK_MOVES[ended]
        with pytest.raises(Conflict):
            check_step("Clean bed E1", ended, TaskStatus.IN_PROGRESS)


# --- Who is chosen ---------------------------------------------------------------------------------------------------


def somebody(number: int, metres: float, **more: object) -> Candidate:
    given = {"status": StaffStatus.AVAILABLE, "place": Place(4, metres, 0.0)} | more
    return Candidate(number, f"Person {number}", **given)  # type: ignore[arg-type]


def test_the_sentence_counts_who_was_passed_over() -> None:
    people = [
        somebody(1, 5, status=StaffStatus.ON_BREAK),
        somebody(2, 6, status=StaffStatus.ON_BREAK),
        somebody(3, 7, status=StaffStatus.ON_TASK, busy=True),
        somebody(4, 8),
        somebody(5, 9, signed_in=False),
        somebody(6, 40),
        somebody(7, 90, status=StaffStatus.ON_BREAK),
    ]
    choice = choose(HERE, people, frozenset({4}))
    assert choice.user_id == 6
    assert choice.why == (
        "Nearest free with the skill: 40 m; two nearer are on a break, one is at work, one has declined, one is simulated"
    )


def test_nothing_is_said_of_nobody() -> None:
    assert choose(HERE, [somebody(1, 40), somebody(2, 50)]).why == "Nearest free with the skill: 40 m"
    assert choose(None, [somebody(1, 40)]).why == "Free with the skill"


def test_a_lift_is_farther_than_a_corridor() -> None:
    below = Candidate(1, "Below", StaffStatus.AVAILABLE, Place(3, 0.0, 0.0))
    assert choose(HERE, [below, somebody(2, 60)]).user_id == 2


def test_ties_go_to_fewer_tasks_then_to_the_lower_id() -> None:
    people = [somebody(3, 10), somebody(2, 10), somebody(1, 10, open_tasks=1)]
    assert choose(HERE, people).user_id == 2
    assert choose(HERE, reversed(people)).user_id == 2, "same snapshot, same answer"


def test_who_is_at_a_screen_comes_first_however_far() -> None:
    assert choose(HERE, [somebody(1, 1, signed_in=False), somebody(2, 200)]).user_id == 2
    assert choose(HERE, [somebody(1, 1, signed_in=False), somebody(2, 200, busy=True)]).user_id == 1


@pytest.mark.parametrize("status", [StaffStatus.ON_BREAK, StaffStatus.OFF_SHIFT, StaffStatus.ON_TASK])
def test_who_is_not_free_is_never_chosen(status: StaffStatus) -> None:
    choice = choose(HERE, [somebody(1, 1, status=status), somebody(2, 1, busy=True)])
    assert choice.user_id is None
    assert choice.why.endswith("It goes to the first who is.")


def test_urgent_first_and_old_ones_rise_but_never_above_stat() -> None:
    def waited(minutes: int) -> datetime:
        return NOW - timedelta(minutes=minutes)

    tasks = [
        (1, Priority.LOW, waited(0)),
        (2, Priority.HIGH, waited(0)),
        (3, Priority.STAT, waited(0)),
        (4, Priority.LOW, waited(100)),
        (5, Priority.LOW, waited(10_000)),
        (6, Priority.HIGH, waited(0)),
    ]
    assert in_order(tasks, NOW) == [3, 5, 4, 2, 6, 1]


# --- The ladder ------------------------------------------------------------------------------------------------------


def test_the_ladder_has_five_rungs_each_higher_than_the_last() -> None:
    assert len(LADDER) == 5
    assert [level_after(rung.unanswered) for rung in LADDER] == [1, 2, 3, 4, 5]
    assert level_after(0) == level_after(LADDER[0].unanswered - 1) == 0
    assert [level_words(level) for level in range(6)] == ["", *(rung.words for rung in LADDER)]


@pytest.mark.parametrize("priority", Priority)
def test_the_more_urgent_the_sooner_somebody_looks(priority: Priority) -> None:
    patience = patience_minutes(priority)
    assert level_of_waiting(priority, patience - 0.1) == 0
    assert [level_of_waiting(priority, rung.patience * patience) for rung in LADDER] == [1, 2, 3, 4, 5]
    assert patience_minutes(Priority.STAT) <= patience <= patience_minutes(Priority.LOW)
