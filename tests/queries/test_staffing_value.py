"""Staffing: needed against present by ratio and forecast, the worst gap first, and who could fill it."""

from __future__ import annotations

from datetime import timedelta

from hospital_ops.domain.access import Actor, Role
from hospital_ops.models import ArrivalForecast, Shift, ShiftAssignment, StayForecast, Ward
from hospital_ops.queries.staffing import Outlook, staffing_value
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


def test_the_ward_with_the_worst_gap_comes_first(house: House) -> None:
    calm, full = house.ward("4A", 1), house.ward("5A", 2)
    crowd(house, full, 11)
    for ward in (calm, full):
        shift(house, ward, -1, house.person(Role.NURSE, ward))
    value = staffing_value()
    assert [row["code"] for row in value["wards"]] == ["5A", "4A"]
    cell = value["wards"][0]["cells"][0]
    assert (cell["needed"], cell["present"], cell["gap"], cell["level"]) == (3, 1, 2, "short")
    assert value["short"] == 2


def test_only_the_next_three_shifts_are_shown_and_ended_ones_are_not(house: House) -> None:
    ward = house.ward("4A", 1)
    for begins_in in (-9, -1, 7, 15, 23):
        shift(house, ward, begins_in)
    starts = [cell["starts_at"] for cell in staffing_value()["shifts"]]
    assert starts == [(house.now + timedelta(hours=hours)).isoformat() for hours in (-1, 7, 15)]


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
    assert rested.name in cell["who"]
    assert tired.name not in cell["who"]
    assert other.name not in cell["who"]


def test_forecast_leaving_lowers_what_is_needed(house: House) -> None:
    ward = house.ward("4A", 1)
    for n in range(11):
        encounter = house.lay(house.patient(), house.bed(ward, f"40{n:02d}A"))
        when = house.now + timedelta(hours=12)
        house.keep(
            StayForecast(
                encounter_id=encounter.id, made_at=house.now, model="t", p24=1.0, p48=1.0, p72=1.0,
                median_at=when, low_at=when, high_at=when, likely_from=when, likely_to=when,
            )
        )  # fmt: skip
    shift(house, ward, 16)
    assert staffing_value()["shifts"][0]["needed"] == 1


def test_arrivals_are_the_newest_forecast_of_each_hour(house: House) -> None:
    hour = house.now + timedelta(hours=1)
    for minutes_ago, expected in ((60, 9.0), (0, 4.0)):
        house.keep(
            ArrivalForecast(
                made_at=house.now - timedelta(minutes=minutes_ago), hour_at=hour, unit="Emergency",
                expected=expected, low=expected - 2, high=expected + 2, model="t",
            )
        )  # fmt: skip
    value = staffing_value()
    assert [(a["expected"], a["range"]) for a in value["arrivals"]] == [(4.0, [2.0, 6.0])]
    assert list(value["plots"]) == ["Emergency"]


def test_no_ward_needs_more_than_its_staffed_beds_ask_for() -> None:
    assert Outlook(10, (), 12).census(8, (40.0, 30.0, 60.0)) == (12, 12, 12)
