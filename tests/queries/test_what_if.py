"""The recorded day as the what-if reads it: who was there, what was asked, how long it took."""

from __future__ import annotations

from datetime import date

import pytest

from hospital_ops.domain import what_if
from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.domain.what_if import FEWEST_MEASURED, Change
from hospital_ops.queries.what_if import recorded_day
from hospital_ops.services import beds
from hospital_ops.services.staff import set_my_status
from tests.cast import Cast

TODAY = date(2026, 3, 2)
TEN = 600.0  # Ten in the morning, when the cast's clock stands; in minutes.


def cleaned(cast: Cast, times: int, label: str = "E1") -> None:
    """Asked, begun three minutes later, done after twenty more."""
    for _ in range(times):
        beds.mark_dirty(cast.manager, cast.beds[label])
        cast.later(3)
        beds.start_cleaning(cast.hanna, cast.beds[label])
        cast.later(20)
        beds.mark_clean(cast.hanna, cast.beds[label])
        cast.later(2)


def test_what_was_asked_and_how_long_it_took(cast: Cast) -> None:
    cleaned(cast, 3)
    beds.mark_dirty(cast.manager, cast.beds["W1"])
    cast.later(5)
    day = recorded_day(cast.manager, Role.HOUSEKEEPER, TODAY)
    assert [task.at for task in day.tasks] == [TEN, TEN + 25, TEN + 50, TEN + 75]
    assert day.measured["clean_bed"] == ((3.0, 20.0),) * 3
    assert (day.waits, day.turns) == ((3.0,) * 3, (23.0,) * 3)
    assert day.until == TEN + 80
    assert [len(recorded_day(cast.manager, role, TODAY).tasks) for role in what_if.KINDS] == [4, 0]


def test_who_was_there_and_when(cast: Cast) -> None:
    """Hanna is there from the beginning, rests for half an hour and goes; Hugo did nothing and does not count."""
    cleaned(cast, 1)
    set_my_status(cast.hanna, StaffStatus.ON_BREAK)
    cast.later(30)
    set_my_status(cast.hanna, StaffStatus.AVAILABLE)
    cast.later(60)
    set_my_status(cast.hanna, StaffStatus.OFF_SHIFT)
    cast.later(60)
    (hanna,) = recorded_day(cast.manager, Role.HOUSEKEEPER, TODAY).people
    assert hanna.wards == {str(cast.wards["east"])}
    assert hanna.on == ((0.0, TEN + 25), (TEN + 55, TEN + 115))


def test_the_day_before_ends_at_its_midnight_and_leaves_its_rest_to_the_next(cast: Cast) -> None:
    cleaned(cast, 1)
    cast.later(13 * 60)
    beds.mark_dirty(cast.manager, cast.beds["W1"])
    cast.later(60)
    first, second = (recorded_day(cast.manager, Role.HOUSEKEEPER, day) for day in (TODAY, date(2026, 3, 3)))
    assert first.until == 1440
    assert [task.at for task in first.tasks] == [TEN, TEN + 25 + 780]
    assert [task.at for task in second.tasks] == [-35.0]


def test_a_morning_is_reckoned_from_what_was_measured(cast: Cast) -> None:
    cleaned(cast, FEWEST_MEASURED - 1)
    with pytest.raises(Invalid, match="Fewer than 20 such errands"):
        what_if.check(recorded_day(cast.manager, Role.HOUSEKEEPER, TODAY))
    cleaned(cast, 1)
    for label in ("E2", "E3", "E4"):
        beds.mark_dirty(cast.manager, cast.beds[label])
    cast.later(120)
    day = recorded_day(cast.manager, Role.HOUSEKEEPER, TODAY)
    what_if.check(day)
    both = what_if.replicate(day, Change(1, 10, 24), 0)
    # One after another, alone: it is as it was recorded. The three at the end wait for each other, unless there are two.
    assert both.before.figures["wait_p50"] == both.after.figures["wait_p50"] == 3
    assert both.before.figures["wait_mean"] > both.after.figures["wait_mean"] >= 3


def test_a_day_to_come_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match="yet to come"):
        recorded_day(cast.manager, Role.HOUSEKEEPER, date(2026, 3, 3))


def test_ones_own_wards_alone(cast: Cast) -> None:
    cleaned(cast, 1)
    beds.mark_dirty(cast.manager, cast.beds["W1"])
    assert len(recorded_day(cast.nurse, Role.HOUSEKEEPER, TODAY).tasks) == 1
