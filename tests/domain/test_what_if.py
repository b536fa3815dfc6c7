"""One more, one fewer: by hand where it can be, and fair in what both sides share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hospital_ops.domain.access import Role
from hospital_ops.domain.errands import Asked, simulate
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.floor_plan import Place
from hospital_ops.domain.tasks import Priority
from hospital_ops.domain.what_if import (
    FEWEST_MEASURED,
    Both,
    Change,
    Person,
    Recorded,
    _drawn,
    changed,
    check,
    compare,
    replicate,
)

HERE = Place(4, 10.0, 10.0)
EAST = frozenset({"east"})
ALL_DAY = ((0.0, 1440.0),)


def asked(*minutes: float, ward: str = "east") -> tuple[Asked, ...]:
    return tuple(
        Asked(number, "clean_bed", Priority.MEDIUM, at, ward, HERE, HERE, 0.0) for number, at in enumerate(minutes)
    )


def recorded(
    *minutes: float, people: int = 1, took: tuple[float, float] = (5.0, 25.0), until: float = 1440.0
) -> Recorded:
    one = Person(EAST, ALL_DAY)
    pairs = (took,) * FEWEST_MEASURED
    return Recorded(Role.HOUSEKEEPER, asked(*minutes), (one,) * people, {"clean_bed": pairs}, until)


def test_three_at_once_by_hand() -> None:
    """One cleaner, five minutes' way and twenty-five of work: 5, 35, 65. With a second one: 5, 5, 35."""
    day = recorded(600, 600, 600)
    both = replicate(day, Change(1, 9, 12), 0)
    assert both.before.figures["wait_mean"] == pytest.approx(35)
    assert both.after.figures["wait_mean"] == pytest.approx(15)
    assert (both.before.figures["wait_p95"], both.after.figures["wait_p95"]) == (65, 35)
    assert both.before.done_by_hour[10] == 2  # at eleven o'clock: ready at 10:30 and 11:00
    assert both.after.done_by_hour[10] == 3
    # Medium is to begin within half an hour.
    assert both.before.figures["on_time"] == pytest.approx(100 / 3)


def test_one_more_at_another_time_changes_nothing() -> None:
    both = replicate(recorded(600, 600, 600), Change(1, 14, 18), 0)
    assert both.before == both.after


def test_one_fewer_leaves_it_waiting_until_somebody_is_there_again() -> None:
    both = replicate(recorded(600), Change(-1, 9, 12), 0)
    assert (both.before.figures["wait_p50"], both.after.figures["wait_p50"]) == (5, 125)


def test_what_nobody_ever_comes_to_has_waited_until_the_end() -> None:
    both = replicate(recorded(1380), Change(-1, 0, 24), 0)
    assert both.after.figures["wait_p50"] == 60
    assert both.after.done_by_hour[-1] == 0


def test_both_sides_meet_the_same_minutes_and_each_replication_its_own() -> None:
    pairs = tuple((float(n), 20.0 + n) for n in range(FEWEST_MEASURED))
    day = Recorded(
        Role.HOUSEKEEPER, asked(*range(0, 900, 30)), (Person(EAST, ALL_DAY),) * 2, {"clean_bed": pairs}, 1440.0
    )
    first, again, other = (_drawn(day, number) for number in (1, 1, 2))
    assert first == again
    assert [task.work for task in first] != [task.work for task in other]
    assert replicate(day, Change(1, 0, 24), 7) == replicate(day, Change(1, 0, 24), 7)


def test_who_is_taken_away_is_who_was_there_and_who_is_added_serves_every_ward() -> None:
    early, late = Person(EAST, ((0.0, 480.0),)), Person(frozenset({"west"}), ((480.0, 1440.0),))
    assert changed((early, late), Change(-1, 14, 18)) == (early, Person(late.wards, ((480.0, 840.0), (1080.0, 1440.0))))
    more = changed((early, late), Change(2, 14, 18))
    assert more[:2] == (early, late)
    assert more[2:] == (Person(frozenset({"east", "west"}), ((840.0, 1080.0),)),) * 2


def test_who_goes_home_ends_first_what_was_begun_and_begins_nothing() -> None:
    from hospital_ops.domain.dispatch import Candidate
    from hospital_ops.domain.errands import Worker
    from hospital_ops.domain.tasks import StaffStatus

    one = Worker(Candidate(0, "", StaffStatus.OFF_SHIFT, None), "clean_bed", EAST, ((0.0, 60.0), (300.0, 400.0)))
    tasks = [
        Asked(n, "clean_bed", Priority.MEDIUM, at, "east", HERE, HERE, 30.0, 0.0) for n, at in enumerate((50.0, 55.0))
    ]
    done = simulate(tasks, [one], begins=0.0)
    assert (done[0].ended, done[1].began) == (80.0, 300.0)


def test_the_difference_comes_with_its_interval_and_nothing_is_claimed_without_one() -> None:
    day = recorded(*range(480, 1200, 20))
    change = Change(1, 8, 20)
    told = compare(day, [replicate(day, change, number) for number in range(5)])
    row = next(one for one in told["rows"] if one["name"] == "wait_mean")  # type: ignore[attr-defined]
    assert row["before"] > row["after"]
    assert row["sure"]
    alone = compare(day, [replicate(day, change, 0)])
    assert not any(one["sure"] for one in alone["rows"])  # type: ignore[attr-defined]
    same: Both = replicate(day, Change(1, 0, 1), 0)
    assert not any(one["sure"] for one in compare(day, [same, same])["rows"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("given", [(0, 9, 12), (6, 9, 12), (1, 12, 9), (1, -1, 9), (1, 9, 25), (1, 9, 9)])
def test_an_impossible_change_is_refused(given: tuple[int, int, int]) -> None:
    with pytest.raises(Invalid):
        Change(*given)


def test_a_day_that_says_too_little_is_refused_in_words() -> None:
    day = recorded(600)
    for poor, words in (
        (Recorded(day.role, (), day.people, day.measured, 1440.0), "Nothing was asked"),
        (Recorded(day.role, day.tasks, (), day.measured, 1440.0), "Nobody of that role"),
        (Recorded(day.role, day.tasks, day.people, {}, 1440.0), "Fewer than 20 such errands"),
    ):
        with pytest.raises(Invalid, match=words):
            check(poor)
    check(day)


def test_what_is_rare_takes_its_minutes_from_all_that_the_role_was_timed_at() -> None:
    day = recorded(600, 700)
    spilled = replace(
        day, tasks=(day.tasks[0], replace(day.tasks[1], kind="spill")), measured=day.measured | {"spill": ((1.0, 2.0),)}
    )
    check(spilled)
    drawn = [_drawn(spilled, number)[1] for number in range(200)]
    assert {(task.lead, task.work) for task in drawn} == {(5.0, 25.0), (1.0, 2.0)}
    told = compare(spilled, [replicate(spilled, Change(1, 9, 12), 0)])
    assert told["thin"] == ["spill"]
    assert compare(day, [replicate(day, Change(1, 9, 12), 0)])["thin"] == []
