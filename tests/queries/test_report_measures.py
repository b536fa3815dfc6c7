"""Occupancy, boarding, notice, before noon, task response: each against rows laid by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hospital_ops.domain.reports import MEASURES
from hospital_ops.infra.db import new_session
from hospital_ops.models import AuditEntry, Bed, Task, Ward
from hospital_ops.queries.reports.page import report_page
from tests.cast import NOW, Cast
from tests.queries.report_rows import asked, at, cleaned, encounter, keep, lay, left, measured, waited

WEEK = "from=2026-02-16&to=2026-02-22"
TUESDAY = date(2026, 2, 17)


# --- Occupancy ----------------------------------------------------------------------------------------------------------


def founded(when: str) -> None:
    keep(AuditEntry(at=at(when), hospital_at=at(when), role="admin", action="hospital.found"))


def lain(cast: Cast, label: str, since: str, until: str | None) -> None:
    ended = at(until) if until else None
    status = "left" if until else "in_house"
    lay(cast, encounter(status=status, admitted_at=at(since), discharged_at=ended), label, at(since), ended)


def staffed(cast: Cast, label: str, action: str, when: str) -> None:
    facts = {"role": "bed_manager", "action": action, "subject_type": "bed", "subject_id": cast.beds[label]}
    keep(AuditEntry(at=at(when), hospital_at=at(when), **facts))


def percent(cast: Cast, day: date = TUESDAY, ward: str = "", words: str = WEEK) -> float | None:
    found = measured(cast.manager, f"measure=occupancy&{words}" + (f"&wards={ward}" if ward else ""))["all"]
    share = found.times[day].share
    return None if share is None else 100 * share


def test_hours_held_of_hours_staffed(cast: Cast) -> None:
    founded("2026-02-01 00:00")
    lain(cast, "E1", "2026-02-17 00:00", "2026-02-18 00:00")
    lain(cast, "E2", "2026-02-17 12:00", "2026-02-19 12:00")
    found = measured(cast.manager, f"measure=occupancy&{WEEK}&wards=east")["all"]
    assert {day: figure.share for day, figure in found.times.items() if figure.share} == {
        TUESDAY: pytest.approx(36 / 96),
        date(2026, 2, 18): pytest.approx(24 / 96),
        date(2026, 2, 19): pytest.approx(12 / 96),
    }
    east = found.wards[cast.wards["east"]]
    assert (east.n, east.share) == (28, pytest.approx(72 / (7 * 96)))
    assert (east.median, east.p90) == (0, pytest.approx(25 + 0.4 * 12.5))
    assert percent(cast) == pytest.approx(100 * 36 / 192), "of both wards together"


def test_a_stay_that_reaches_over_the_span_counts_within_it_and_an_open_one_until_now(cast: Cast) -> None:
    founded("2026-02-01 00:00")
    lain(cast, "E1", "2026-02-10 00:00", None)
    assert percent(cast, ward="east") == pytest.approx(25)
    # Today at ten in the morning: ten hours are known, of which the bed was held in all.
    found = measured(cast.manager, "measure=occupancy&days=7&wards=east")["all"]
    assert found.times[NOW.date()].share == pytest.approx(0.25)
    assert found.times[NOW.date()].n == round(4 * 10 / 24)


def test_a_closed_bed_is_not_staffed_meanwhile(cast: Cast) -> None:
    founded("2026-02-01 00:00")
    lain(cast, "E1", "2026-02-17 00:00", "2026-02-18 00:00")
    staffed(cast, "E2", "bed.close", "2026-02-17 06:00")
    staffed(cast, "E2", "bed.open", "2026-02-17 18:00")
    assert percent(cast, ward="east") == pytest.approx(100 * 24 / 84)
    # Opened first: it had been closed until then. Closed and not opened since: until now.
    staffed(cast, "E3", "bed.open", "2026-02-17 12:00")
    staffed(cast, "E4", "bed.close", "2026-02-16 12:00")
    assert percent(cast, ward="east") == pytest.approx(100 * 24 / (84 - 12 - 24))


def test_a_bed_found_closed_is_closed_since_then(cast: Cast) -> None:
    founded("2026-02-01 00:00")
    with new_session() as session:
        bed = session.get_one(Bed, cast.beds["E4"])
        bed.status, bed.since = "closed", at("2026-02-17 12:00")
        session.commit()
    lain(cast, "E1", "2026-02-17 00:00", "2026-02-18 00:00")
    assert percent(cast, ward="east") == pytest.approx(100 * 24 / 84)


def test_nothing_is_said_of_days_before_the_house_was_founded(cast: Cast) -> None:
    founded("2026-02-17 12:00")
    lain(cast, "E1", "2026-02-10 00:00", None)
    found = measured(cast.manager, f"measure=occupancy&{WEEK}&wards=east")["all"]
    assert min(found.times) == TUESDAY
    assert (found.times[TUESDAY].share, found.times[TUESDAY].n) == (pytest.approx(0.25), 2)


def test_the_day_on_which_the_clocks_go_forward_has_23_hours(cast: Cast) -> None:
    founded("2026-02-01 00:00")
    lain(cast, "E1", "2026-02-10 00:00", None)
    with new_session() as session:
        from hospital_ops.models import HospitalClock

        session.get_one(HospitalClock, 1).hospital_at = at("2026-03-12 10:00")
        session.commit()
    found = measured(cast.manager, "measure=occupancy&from=2026-03-07&to=2026-03-09&wards=east")["all"]
    assert [round(4 * hours / 24) for hours in (24, 23, 24)] == [found.times[day].n for day in sorted(found.times)]
    assert [found.times[day].share for day in sorted(found.times)] == pytest.approx([0.25] * 3)


# --- Boarding -----------------------------------------------------------------------------------------------------------


def test_from_asking_to_lying_there_in_the_beds_ward(cast: Cast) -> None:
    for minutes in (60, 120, 180, 240, 241):
        waited(cast, "E1", "2026-02-17 08:00", minutes)
    waited(cast, "W1", "2026-02-17 08:00", 30)
    waited(cast, None, "2026-02-17 08:00", 999)  # withdrawn
    waited(cast, None, "2026-02-17 08:00", None)  # still open
    found = measured(cast.manager, f"measure=boarding&{WEEK}")["all"]
    east = found.wards[cast.wards["east"]]
    assert (east.n, east.median, east.p90, east.share) == (5, 180, pytest.approx(240.6), pytest.approx(0.8))
    assert found.whole.n == 6


def test_a_wait_over_midnight_is_of_the_day_it_ended(cast: Cast) -> None:
    waited(cast, "E1", "2026-02-15 23:30", 60)
    waited(cast, "E1", "2026-02-22 23:30", 60)
    found = measured(cast.manager, f"measure=boarding&{WEEK}")["all"]
    assert {day: figure.n for day, figure in found.times.items()} == {date(2026, 2, 16): 1}


# --- Notice, and before noon --------------------------------------------------------------------------------------------


def marked(cast: Cast, label: str, when: str, minutes: float | None, **columns: object) -> None:
    said = None if minutes is None else at(when) - timedelta(minutes=minutes)
    left(cast, label, when, marked_leaving_at=said, **columns)  # type: ignore[arg-type]


def test_notice_against_the_target_of_each_ward(cast: Cast) -> None:
    with new_session() as session:
        session.get_one(Ward, cast.wards["west"]).notice_target_minutes = 240
        session.commit()
    for n, minutes in enumerate((300, 240, 120, 119, None)):
        marked(cast, "E1", f"2026-02-17 1{n}:00", minutes)
        marked(cast, "W1", f"2026-02-17 1{n}:00", minutes)
    found = measured(cast.manager, f"measure=notice&{WEEK}")["all"]
    east, west = (found.wards[cast.wards[ward]] for ward in ("east", "west"))
    assert (east.n, east.median, east.share) == (5, 120, pytest.approx(0.6))
    assert west.share == pytest.approx(0.4)


def test_who_died_gave_no_notice_and_had_no_hour(cast: Cast) -> None:
    marked(cast, "E1", "2026-02-17 10:00", 30, disposition="expired")
    assert measured(cast.manager, f"measure=notice&{WEEK}") == {}
    assert measured(cast.manager, f"measure=before-noon&{WEEK}") == {}
    assert measured(cast.manager, f"measure=length-of-stay&{WEEK}")["all"].whole.n == 1


def test_a_stay_that_this_house_did_not_keep_has_an_hour_and_no_notice(cast: Cast) -> None:
    encounter(status="left", admitted_at=at("2026-02-10 10:00"), discharged_at=at("2026-02-17 10:00"))
    assert measured(cast.manager, f"measure=notice&{WEEK}") == {}
    assert measured(cast.manager, f"measure=before-noon&{WEEK}")["all"].whole.n == 1


def test_noon_is_the_hospitals(cast: Cast) -> None:
    for when in ("09:00", "11:59", "12:00", "15:30", "16:00"):
        left(cast, "E1", f"2026-02-17 {when}")
    whole = measured(cast.manager, f"measure=before-noon&{WEEK}")["all"].whole
    assert (whole.n, whole.median, whole.share) == (5, 12 * 60, pytest.approx(0.4))


# --- Task response ------------------------------------------------------------------------------------------------------


def begun(cast: Cast, when: str, minutes: float, **columns: object) -> None:
    facts = {"kind": "transport", "status": "complete", "description": "Bring", "priority": "high"}
    ward = {"ward_id": cast.wards["east"]}
    keep(
        Task(**(facts | ward | {"created_at": at(when), "started_at": at(when) + timedelta(minutes=minutes)} | columns))
    )


def test_response_by_kind_and_priority(cast: Cast) -> None:
    for minutes in (5, 10, 15, 20, 25):
        begun(cast, "2026-02-17 10:00", minutes)
    begun(cast, "2026-02-17 10:00", 6, kind="spill", priority="stat", status="in_progress")
    cleaned(cast, "E1", "2026-02-17 10:00", took=60)
    begun(cast, "2026-02-17 10:00", 1, status="cancelled")
    begun(cast, "2026-02-22 23:59", 1)  # begun on the 23rd
    keep(Task(kind="transport", description="Wait", created_at=at("2026-02-17 10:00"), ward_id=cast.wards["east"]))
    found = measured(cast.manager, f"measure=task-response&{WEEK}")
    assert {part: figures.whole.n for part, figures in found.items()} == {
        "all": 7, "transport.high": 5, "spill.stat": 1, "clean_bed.medium": 1,
    }  # fmt: skip
    high = found["transport.high"].whole
    assert (high.median, high.share) == (15, pytest.approx(0.6))
    assert found["spill.stat"].whole.share == 0
    assert found["clean_bed.medium"].whole.share == 1
    page = report_page(cast.manager, asked(f"measure=task-response&{WEEK}"))
    assert [part["code"] for part in page["parts"]] == ["all", "clean_bed.medium", "transport.high", "spill.stat"]


def test_a_task_of_no_ward_is_the_houses(cast: Cast) -> None:
    begun(cast, "2026-02-17 10:00", 5, ward_id=None)
    assert list(measured(cast.manager, f"measure=task-response&{WEEK}")["all"].wards) == [None]
    assert measured(cast.nurse, f"measure=task-response&{WEEK}") == {}


@pytest.mark.parametrize("measure", [measure.name for measure in MEASURES])
def test_an_empty_house_has_a_page_for_each(cast: Cast, measure: str) -> None:
    page = report_page(cast.manager, asked(f"measure={measure}&{WEEK}"))
    assert page["is_empty"]
    assert [row["n"] for row in page["wards"]] == ["0", "0"]
