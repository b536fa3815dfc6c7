"""`GET /api/staffing/forecast`: arrivals and the next shifts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospital_ops.domain.access import WORKER
from hospital_ops.infra.db import new_session
from hospital_ops.models import ArrivalForecast, Shift, ShiftAssignment
from hospital_ops.queries.expected import WHOLE_HOUSE
from hospital_ops.services import staffing
from tests.api.client import Api
from tests.cast import NOW, Cast

PATH = "/api/staffing/forecast"


@pytest.fixture
def planned(cast: Cast) -> Cast:
    """The next evening in both wards, with one nurse of east on it, and arrivals in the coming hour."""
    with new_session() as session:
        for ward in cast.wards.values():
            shift = Shift(
                ward_id=ward, role="nurse", starts_at=NOW + timedelta(hours=4), ends_at=NOW + timedelta(hours=12)
            )
            session.add(shift)
            session.flush()
            if ward == cast.wards["east"]:
                session.add(ShiftAssignment(shift_id=shift.id or 0, user_id=cast.people["nurse"]))
        session.add(
            ArrivalForecast(
                made_at=NOW, hour_at=NOW, unit="Cardiac", expected=2.5, low=1.0, high=4.0, model="baseline-median"
            )
        )
        session.commit()
    return cast


def test_it_tells_arrivals_with_their_range_and_who_says_so(planned: Cast, api: Api) -> None:
    told = api.get(PATH, who="staffing").json()
    [arrivals] = told["arrivals"]
    assert (arrivals["unit"], arrivals["low"], arrivals["expected"], arrivals["high"]) == ("Cardiac", 1.0, 2.5, 4.0)
    assert told["model"] == arrivals["model"] == "baseline-median"
    assert told["horizon"] == 24


def test_it_tells_four_weeks_by_day_the_newest_of_each(cast: Cast, api: Api) -> None:
    staffing.forecast_staffing(WORKER)
    told = api.get(PATH, who="staffing").json()["arrivals_by_day"]
    tomorrow = NOW.date() + timedelta(days=1)
    assert [one["day"] for one in told if one["unit"] == WHOLE_HOUSE] == [
        str(tomorrow + timedelta(days=n)) for n in range(28)
    ]
    assert {one["unit"] for one in told} == {"Cardiac", "Medicine", WHOLE_HOUSE}
    assert all(one["low"] <= one["expected"] + 1 and one["expected"] <= one["high"] + 1 for one in told)
    # A day later it is said anew, once of each day, and the day that has begun is gone.
    cast.later(24 * 60)
    staffing.forecast_staffing(WORKER)
    again = api.get(PATH, who="staffing").json()["arrivals_by_day"]
    assert len(again) == len(told)
    assert again[0]["day"] == str(tomorrow + timedelta(days=1))


def test_it_tells_needed_and_present_per_ward_and_shift(planned: Cast, api: Api) -> None:
    shifts = {shift["ward"]: shift for shift in api.get(PATH, who="staffing").json()["shifts"]}
    east, west = shifts["Cardiac east"], shifts["Medicine west"]
    assert (east["present"], east["needed"], east["gap"], east["names"]) == (1, 1, 0, ["Nina Nurse"])
    assert (west["present"], west["gap"], west["level"]) == (0, 1, "short")
    assert west["who"] == [{"name": "Noel Nurse", "words": "Off for a week", "hours": 0}]
    assert api.get(PATH, who="staffing").json()["short"] == 1


def test_colleagues_names_are_for_those_who_see_that_wards_staffing(planned: Cast, api: Api) -> None:
    def named(who: str) -> set[str]:
        shifts = api.get(PATH, who=who).json()["shifts"]
        assert len(shifts) == 2
        return {name for shift in shifts for name in (*shift["names"], *(one["name"] for one in shift["who"]))}

    assert named("manager") == {"Nina Nurse", "Noel Nurse"}
    assert named("nurse") == {"Nina Nurse"}
    assert named("doctor") == named("feed") == set()


def test_without_a_forecast_it_is_an_empty_answer(cast: Cast, api: Api) -> None:
    told = api.get(PATH, who="doctor").json()
    assert (told["arrivals"], told["shifts"], told["model"], told["short"]) == ([], [], "", 0)
