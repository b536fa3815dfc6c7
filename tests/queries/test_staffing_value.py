"""Staffing: needed against present by ratio and forecast, the worst gap first, and who could fill it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import event

from hospital_ops.domain.access import Actor, Role
from hospital_ops.infra.db import engine
from hospital_ops.models import ArrivalForecast, Shift, ShiftAsk, ShiftAssignment, ShiftForecast, Ward
from hospital_ops.queries.expected import WHOLE_HOUSE
from hospital_ops.queries.staffing import staffing_forecast, staffing_value
from tests.small_house import House


def shift(house: House, ward: Ward, begins_in: int, *people: Actor) -> Shift:
    starts = house.now + timedelta(hours=begins_in)
    kept = house.keep(Shift(ward_id=ward.id, role="nurse", starts_at=starts, ends_at=starts + timedelta(hours=8)))
    for person in people:
        house.keep(ShiftAssignment(shift_id=kept.id, user_id=person.user_id))
    return kept


def crowd(house: House, ward: Ward, count: int) -> None:
    for n in range(count):
        house.patient(house.bed(ward, f"{ward.code}{n:02d}A"))


def at_any_hour(house: House, *wards: Ward, patients: float = 5.0) -> None:
    """One ratio by day, evening and night, so that the hour of the test does not matter."""
    for ward in wards:
        ward.patients_per_nurse = ward.patients_per_nurse_evening = ward.patients_per_nurse_night = patients
        house.keep(ward)


def test_the_ward_with_the_worst_gap_comes_first(house: House) -> None:
    calm, full = house.ward("4A", 1), house.ward("5A", 2)
    at_any_hour(house, calm, full)
    crowd(house, full, 11)
    for ward in (calm, full):
        shift(house, ward, -1, house.person(Role.NURSE, ward))
    value = staffing_value()
    assert [row["code"] for row in value["wards"]] == ["5A", "4A"]
    cell = value["wards"][0]["cells"][0]
    assert (cell["needed"], cell["present"], cell["gap"], cell["level"]) == (3, 1, 2, "short")
    assert value["short"] == 2


def test_the_shift_under_way_and_the_next_three_are_shown_and_no_other(house: House) -> None:
    ward = house.ward("4A", 1)
    for begins_in in (-9, -1, 7, 15, 23, 31):
        shift(house, ward, begins_in)
    value = staffing_value()
    starts = [cell["starts_at"] for cell in value["shifts"]]
    assert starts == [(house.now + timedelta(hours=hours)).isoformat() for hours in (-1, 7, 15, 23)]
    assert [column["word"] == "Now" for column in value["columns"]] == [True, False, False, False]


def test_who_could_fill_a_gap_has_had_their_rest(house: House) -> None:
    ward = house.ward("4A", 1)
    crowd(house, ward, 6)
    tired, rested, other = (
        house.person(Role.NURSE, ward),
        house.person(Role.NURSE, ward),
        house.person(Role.DOCTOR, ward),
    )
    shift(house, ward, -1, tired)
    shift(house, ward, 7)
    cell = staffing_value()["shifts"][1]
    assert cell["gap"] > 0
    names = [who["name"] for who in cell["who"]]
    assert rested.name in names
    assert tired.name not in names
    assert other.name not in names


def test_the_float_pool_comes_first_and_hours_are_told(house: House) -> None:
    ward = house.ward("4A", 1)
    crowd(house, ward, 6)
    home, pool = house.person(Role.NURSE, ward), house.person(Role.NURSE, ward)
    shift(house, ward, -60, home)
    gap = shift(house, ward, 7)
    shift_of_house(house, 7, pool)
    (cell,) = [cell for cell in staffing_value()["shifts"] if cell["shift_id"] == gap.id]
    assert [(who["name"], who["pool"], who["hours"]) for who in cell["who"]] == [
        (pool.name, True, 8),
        (home.name, False, 8),
    ]
    assert cell["who"][1]["words"] == "Rested 59 h"


def test_nobody_is_offered_more_than_a_weeks_hours(house: House) -> None:
    ward = house.ward("4A", 1)
    crowd(house, ward, 6)
    busy = house.person(Role.NURSE, ward)
    for day in range(1, 7):
        shift(house, ward, -24 * day, busy)
    shift(house, ward, 15)
    (cell,) = [cell for cell in staffing_value()["shifts"] if not cell["under_way"]]
    assert cell["gap"] > 0
    assert cell["who"] == []


def test_who_was_asked_is_shown_with_the_answer(house: House) -> None:
    ward = house.ward("4A", 1)
    crowd(house, ward, 6)
    person = house.person(Role.NURSE, ward)
    gap = shift(house, ward, 7)
    house.keep(ShiftAsk(shift_id=gap.id, user_id=person.user_id, asked_at=house.now, answer="no"))
    assert [who["answer"] for who in staffing_value()["shifts"][0]["who"]] == ["no"]


def shift_of_house(house: House, begins_in: int, *people: Actor) -> None:
    starts = house.now + timedelta(hours=begins_in)
    kept = house.keep(Shift(ward_id=None, role="nurse", starts_at=starts, ends_at=starts + timedelta(hours=8)))
    for person in people:
        house.keep(ShiftAssignment(shift_id=kept.id, user_id=person.user_id))


def test_a_coming_shift_needs_what_its_forecast_says(house: House) -> None:
    ward = house.ward("4A", 1)
    at_any_hour(house, ward)
    crowd(house, ward, 11)
    now, soon = shift(house, ward, -1), shift(house, ward, 7)
    for one in (now, soon):
        house.keep(
            ShiftForecast(
                ward_id=ward.id, role="nurse", starts_at=one.starts_at, ends_at=one.ends_at, shift="day",
                made_at=house.now, arrivals=2.0, arrivals_low=1.0, arrivals_high=4.0, departures=5.0, census=8.0,
                census_low=6.0, census_high=10.0, needed=5, needed_low=4, needed_high=6, p_over=0.9, model="t",
                acuity=1.1,
            )
        )  # fmt: skip
    here, coming = staffing_value()["shifts"]
    assert (coming["needed"], coming["low"], coming["high"], coming["p_over"]) == (5, 4, 6, 0.9)
    assert coming["arrivals"] == [2.0, 1.0, 4.0]
    assert coming["why"].startswith("8 patients expected (6–10), 2 arriving and 5 leaving during the shift")
    # Who is here now is counted, not foretold: eleven newcomers weigh as thirteen.
    assert (here["needed"], here["p_over"], here["acuity"]) == (3, None, 1.2)


def test_the_shift_under_way_is_held_against_its_own_ratio(house: House) -> None:
    ward = house.ward("4A", 1)
    at_any_hour(house, ward, patients=4.0)
    crowd(house, ward, 10)
    shift(house, ward, -1)
    assert staffing_value()["shifts"][0]["needed"] == 3


def test_arrivals_are_those_of_the_newest_forecasting(house: House) -> None:
    hour = (house.now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    for minutes_ago, expected in ((60, 9.0), (0, 4.0)):
        for unit in ("Emergency", WHOLE_HOUSE):
            forecast(house, hour, unit, expected, minutes_ago)
    value = staffing_forecast()
    assert [(a["unit"], a["expected"], a["low"], a["high"]) for a in value["arrivals"]] == [
        ("Emergency", 4.0, 2.0, 6.0)
    ]
    assert value["units"] == [WHOLE_HOUSE, "Emergency"]
    assert [p["range"] for p in value["plots"]["Emergency"] if p["range"]] == [[2.0, 6.0]]


def test_yesterday_stands_as_it_was_foretold_a_day_before_beside_what_came(house: House) -> None:
    hour = house.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    forecast(house, hour, "Medicine", 2.0, minutes_ago=25 * 60)
    forecast(house, hour, "Medicine", 7.0, minutes_ago=4 * 60)
    forecast(house, house.now + timedelta(hours=2), "Medicine", 1.0, minutes_ago=0)
    ward = house.ward("4A", 1)
    for n in range(2):
        encounter = house.lay(house.patient(), house.bed(ward, f"40{n}A"))
        encounter.admitted_at = hour + timedelta(minutes=10)
        house.keep(encounter)
    points = staffing_value()["plots"]["Medicine"]
    assert len(points) == 48
    assert [(p["expected"], p["came"]) for p in points if p["came"]] == [(2.0, 2)]
    assert [p["came"] for p in points[24:]] == [None] * 24


def forecast(house: House, hour: datetime, unit: str, expected: float, minutes_ago: int) -> None:
    house.keep(
        ArrivalForecast(
            made_at=house.now - timedelta(minutes=minutes_ago), hour_at=hour, unit=unit, expected=expected,
            low=expected - 2, high=expected + 2, model="t",
        )
    )  # fmt: skip


def test_the_value_takes_as_many_queries_for_two_wards_as_for_one(house: House) -> None:
    one, other = house.ward("4A", 1), house.ward("5A", 2)
    shift(house, one, -1, house.person(Role.NURSE, one))
    with counted() as few:
        staffing_value()
    for begins_in in (-1, 7, 15):
        shift(house, other, begins_in, house.person(Role.NURSE, other))
    with counted() as many:
        staffing_value()
    assert len(many) == len(few) <= 13


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement sent to the database meanwhile."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine(), "before_cursor_execute", note)
