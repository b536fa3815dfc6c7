"""The reports against rows laid by hand: what counts, in which ward, on which day, and who is told."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from hospital_ops.domain.errors import Invalid, NotFound
from hospital_ops.domain.reports import LEAST, MEASURES, Figure, Unit, read_question, value_words
from hospital_ops.queries.reports.page import COLUMNS, report_page, report_rows, today
from tests.cast import PASSWORD, Cast
from tests.page_client import PageClient, signed_in
from tests.queries.report_rows import asked, at, cleaned, encounter, keep, lay, left, measured

WEEK = "from=2026-02-16&to=2026-02-22"
FEBRUARY = "from=2026-02-01&to=2026-02-28"
TODAY = date(2026, 3, 2)
LOS, TURN = "measure=length-of-stay", "measure=turn-time"


# --- The question -------------------------------------------------------------------------------------------------------


def test_what_is_usual_is_not_in_the_address_and_all_else_comes_back() -> None:
    assert read_question({}, TODAY).address() == "/reports"
    given = {"measure": "turn-time", "part": "cleaning", "from": "2026-01-01", "to": "2026-01-31", "wards": "4A,5B"}
    question = read_question(given, TODAY)
    assert question.words() == given
    assert read_question(question.words(), TODAY) == question
    moving = read_question({"days": "7"}, TODAY)
    assert (moving.first, moving.last, moving.words()) == (date(2026, 2, 24), TODAY, {"days": "7"})


def test_long_spans_are_told_by_weeks_from_monday() -> None:
    assert read_question({"from": "2026-01-01", "to": "2026-01-31"}, TODAY).step == "day"
    long = read_question({"from": "2026-01-01", "to": "2026-02-01"}, TODAY)
    assert (long.step, long.times()) == ("week", [date(2025, 12, 29) + timedelta(weeks=n) for n in range(5)])


@pytest.mark.parametrize(
    "given",
    [
        {"measure": "salaries"},
        {"measure": "turn-time", "part": "nothing"},
        {"days": "8"},
        {"days": "x"},
        {"from": "2026-03-02", "to": "2026-03-01"},
        {"from": "2025-01-01", "to": "2026-03-01"},
        {"from": "yesterday"},
    ],
)
def test_what_cannot_be_meant_is_a_sentence(given: dict[str, str]) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        read_question(given, TODAY)


def test_every_measure_is_one_sentence_and_its_parts_have_names() -> None:
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)
    for measure in MEASURES:
        assert measure.definition.endswith(".")
        assert ". " not in measure.definition
        assert measure.part("") is measure.parts[0]


def test_the_docs_say_what_the_page_says() -> None:
    lines = (Path(__file__).parents[2] / "docs" / "reports.md").read_text().splitlines()
    told = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    assert told == [[f"`{one.name}`", one.title, one.definition, one.unit.value, one.counted] for one in MEASURES]


def test_values_are_said_as_a_ward_says_them() -> None:
    said = [value_words(unit, 130.4) for unit in Unit]
    assert said == ["130.4 days", "2 h 10 min", "130 %", "02:10"]
    assert value_words(Unit.MINUTES, 119.4) == "119 min"
    assert value_words(Unit.DAYS, None) == "–"


# --- Length of stay -----------------------------------------------------------------------------------------------------


def test_median_and_ninety_percent_by_ward_and_day(cast: Cast) -> None:
    for n, days in enumerate((1, 2, 3, 4, 10)):
        left(cast, "E1", f"2026-02-17 1{n}:00", days=days)
    left(cast, "W1", "2026-02-18 09:00", days=6)
    found = measured(cast.manager, f"{LOS}&{WEEK}")["all"]
    east = found.wards[cast.wards["east"]]
    assert (east.n, east.median, east.p90) == (5, pytest.approx(3), pytest.approx(7.6))
    assert found.wards[cast.wards["west"]].n == 1
    assert (found.whole.n, found.whole.median) == (6, pytest.approx(3.5))
    assert {day: figure.n for day, figure in found.times.items()} == {date(2026, 2, 17): 5, date(2026, 2, 18): 1}


def test_both_days_of_a_span_are_in_by_the_hospitals_midnight(cast: Cast) -> None:
    for when in ("2026-02-15 23:59", "2026-02-16 00:00", "2026-02-22 23:59", "2026-02-23 00:00"):
        left(cast, "E1", when)
    found = measured(cast.manager, f"{LOS}&{WEEK}")["all"]
    assert {day: figure.n for day, figure in found.times.items()} == {date(2026, 2, 16): 1, date(2026, 2, 22): 1}


def test_who_moved_counts_once_in_the_ward_they_left_from(cast: Cast) -> None:
    moved = left(cast, "E1", "2026-02-18 12:00", days=5)
    lay(cast, moved, "W1", at("2026-02-14 12:00"), at("2026-02-18 11:00"))
    found = measured(cast.manager, f"{LOS}&{WEEK}")["all"]
    assert {ward: figure.n for ward, figure in found.wards.items()} == {cast.wards["east"]: 1}
    assert found.whole.median == pytest.approx(5)


def test_who_is_here_or_never_came_is_not_counted(cast: Cast) -> None:
    here = encounter(status="in_house", admitted_at=at("2026-02-17 10:00"))
    lay(cast, here, "E1", at("2026-02-17 10:00"), None)
    encounter(status="cancelled")
    assert measured(cast.manager, f"{LOS}&{WEEK}") == {}


def test_a_stay_without_a_known_bed_is_its_units_only_wards(cast: Cast) -> None:
    times = {"admitted_at": at("2026-02-10 10:00"), "discharged_at": at("2026-02-17 10:00")}
    encounter(status="left", **times)
    found = measured(cast.manager, f"{LOS}&{WEEK}")["all"]
    assert list(found.wards) == [cast.wards["east"]]


def test_what_belongs_to_no_ward_is_for_the_house_alone(cast: Cast) -> None:
    times = {"admitted_at": at("2026-02-10 10:00"), "discharged_at": at("2026-02-17 10:00")}
    row = encounter(status="left", **times)
    row.unit = "Somewhere else"
    keep(row)
    assert list(measured(cast.manager, f"{LOS}&{WEEK}")["all"].wards) == [None]
    assert measured(cast.manager, f"{LOS}&{WEEK}&wards=east") == {}
    assert measured(cast.nurse, f"{LOS}&{WEEK}") == {}
    page = report_page(cast.manager, asked(f"{LOS}&{WEEK}"))
    assert [row["name"] for row in page["wards"]] == ["Cardiac east", "Medicine west", "No ward"]


# --- Turn time ----------------------------------------------------------------------------------------------------------


def test_each_clock_of_a_turn(cast: Cast) -> None:
    for n, took in enumerate((20, 40, 60, 80, 100)):
        cleaned(cast, "E1", f"2026-02-17 1{n}:00", took=took)
    found = measured(cast.manager, f"{TURN}&{WEEK}")
    medians = {name: found[name].whole.median for name in found}
    assert medians == pytest.approx({"turn": 60, "accepted": 12, "started": 30, "cleaning": 30})
    assert {name: found[name].whole.share for name in found} == {
        "turn": pytest.approx(0.6),
        "started": pytest.approx(0.6),
        "cleaning": pytest.approx(0.6),
        "accepted": None,
    }
    assert found["turn"].whole.p90 == pytest.approx(92)


def test_only_finished_cleanings_count_on_the_day_they_were_finished(cast: Cast) -> None:
    cleaned(cast, "E1", "2026-02-22 23:30", took=60)  # finished on the 23rd
    cleaned(cast, "E1", "2026-02-15 23:50", took=20)  # asked for before the span, finished within it
    cleaned(cast, "E1", "2026-02-17 10:00", took=20, status="cancelled")
    cleaned(cast, "E2", "2026-02-17 10:00", took=20, status="in_progress", finished_at=None)
    cleaned(cast, "E3", "2026-02-17 10:00", took=20, kind="spill")
    found = measured(cast.manager, f"{TURN}&{WEEK}")["turn"]
    assert {day: figure.n for day, figure in found.times.items()} == {date(2026, 2, 16): 1}


def test_begun_from_the_board_is_accepted_then_and_marked_clean_at_once_has_no_clocks_within(cast: Cast) -> None:
    cleaned(cast, "E1", "2026-02-17 10:00", took=40, accepted_at=None)
    found = measured(cast.manager, f"{TURN}&{WEEK}")
    assert found["accepted"].whole.median == pytest.approx(20)
    cleaned(cast, "E2", "2026-02-17 10:00", took=40, accepted_at=None, started_at=None)
    found = measured(cast.manager, f"{TURN}&{WEEK}")
    assert {name: found[name].whole.n for name in found} == {"turn": 2, "accepted": 1, "started": 1, "cleaning": 1}
    assert found["started"].whole.share == 0.0 or found["started"].whole.share == 1.0


# --- What is told, and to whom ------------------------------------------------------------------------------------------


def test_a_group_under_five_is_told_no_figure(cast: Cast) -> None:
    for n in range(LEAST):
        left(cast, "E1", f"2026-02-17 1{n}:00")
    for n in range(LEAST - 1):
        left(cast, "W1", f"2026-02-18 1{n}:00", days=77)
    page = report_page(cast.manager, asked(f"{LOS}&{WEEK}"))
    east, west = page["wards"]
    assert (east["n"], east["median"], east["few"]) == ("5", 2.0, "")
    assert (west["n"], west["median"], west["p90"], west["few"]) == ("under 5", None, None, "too few")
    (day,) = [time for time in page["times"] if time["code"] == "2026-02-18"]
    assert (day["median"], day["few"]) == (None, "too few")
    assert "77" not in str([page["wards"], page["times"]])
    saved = list(report_rows(cast.manager, asked(f"{LOS}&{WEEK}")))
    assert [row[4:7] for row in saved if row[3] == "west"] == [("under 5", None, None)]
    assert Figure(0).count == "0"


def test_a_span_has_every_day_also_those_without_anything(cast: Cast) -> None:
    left(cast, "E1", "2026-02-17 10:00")
    page = report_page(cast.manager, asked(f"{LOS}&{WEEK}"))
    assert [time["code"] for time in page["times"]] == [f"2026-02-{day}" for day in range(16, 23)]
    assert page["times"][0]["n"] == "0"
    assert report_page(cast.manager, asked(f"{LOS}&{FEBRUARY}&wards=west"))["is_empty"]


def test_a_nurse_sees_her_wards_alone(cast: Cast) -> None:
    for label in ("E1", "W1"):
        for n in range(LEAST):
            left(cast, label, f"2026-02-17 1{n}:00")
    page = report_page(cast.nurse, asked(f"{LOS}&{WEEK}"))
    assert [row["code"] for row in page["wards"]] == ["east"]
    assert page["whole"]["n"] == "5"
    assert [choice["code"] for choice in page["choices"]] == ["east"]
    for code in ("west", "nowhere", "east,west"):
        for ask in (report_page, lambda *given: list(report_rows(*given))):
            with pytest.raises(NotFound, match="not one of yours"):
                ask(cast.nurse, asked(f"{LOS}&{WEEK}", wards=code))
    assert report_page(cast.manager, asked(f"{LOS}&{WEEK}", wards="EAST"))["whole"]["n"] == "5"
    assert report_page(cast.manager, asked(f"{LOS}&{WEEK}"))["whole"]["n"] == "10"


def test_the_hospitals_today_is_its_own(cast: Cast) -> None:
    assert today() == TODAY


# --- The file -----------------------------------------------------------------------------------------------------------


def test_the_file_has_what_the_page_has(cast: Cast) -> None:
    for n in range(LEAST):
        cleaned(cast, "E1", f"2026-02-17 1{n}:00", took=60)
    opened, _ = signed_in("manager", PASSWORD)
    answer = opened.get(f"/api/reports/file?{TURN}&{WEEK}&part=cleaning")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == 'attachment; filename="turn-time-2026-02-16-2026-02-22.csv"'
    lines = answer.content.decode("utf-8").split("\r\n")
    assert lines[0] == ",".join(COLUMNS)
    assert "turn-time,turn,ward,east,5,60.0,60.0,minutes,100.0,within 60 min,2026-02-16,2026-02-22" in lines
    assert "turn-time,turn,day,2026-02-17,5,60.0,60.0,minutes,100.0,within 60 min,2026-02-16,2026-02-22" in lines
    assert "\n" not in "".join(lines)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 4 * (1 + 2 + 7)


def test_a_spreadsheet_runs_nothing_from_it(cast: Cast) -> None:
    from hospital_ops.infra.db import new_session
    from hospital_ops.models import Ward

    with new_session() as session:
        session.get_one(Ward, cast.wards["east"]).code = '=cmd|"x"'
        session.commit()
    opened, _ = signed_in("manager", PASSWORD)
    rows = list(csv.DictReader(io.StringIO(opened.get(f"/api/reports/file?{WEEK}").text)))
    assert [row["group"] for row in rows if row["by"] == "ward"] == ['\'=cmd|"x"', "west"]


def test_the_file_is_for_whoever_sees_those_wards(cast: Cast) -> None:
    nurse, _ = signed_in("nurse", PASSWORD)
    housekeeper, _ = signed_in("hanna", PASSWORD)
    path = "/api/reports/file"
    assert [one.get(path).status_code for one in (nurse, housekeeper, PageClient())] == [200, 403, 401]
    assert nurse.get(f"{path}?wards=west").status_code == 404
    assert nurse.get(f"{path}?days=9").status_code == 422
    assert [row.user_id for row in cast.audited("access.deny")][-1] == cast.people["nurse"]
