"""The roster's rules, and docs that say the same: the columns of a file, the codes of the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hospital_ops.domain import events
from hospital_ops.domain.roster import RULES, Slot, Worker, days_in_a_row, judge, most_hours, stamp_of
from hospital_ops.domain.roster_csv import COLUMNS, read_roster

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "roster.md").read_text()
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
NINA = Worker(1, "Nina", "nurse", frozenset({1}))


def slot(day: int, hour: int = 0, hours: float = 8, role: str = "nurse", ward: int | None = 1) -> Slot:
    starts = MONDAY + timedelta(days=day, hours=hour)
    return Slot(ward, role, starts, starts + timedelta(hours=hours), starts.date())


@pytest.mark.parametrize(
    ("one", "others", "codes"),
    [
        (slot(1), [], []),
        (slot(1, role="doctor"), [], ["role"]),
        (slot(1, ward=2), [], ["ward"]),
        (slot(1, ward=None), [], []),
        (slot(1), [slot(1, 7)], ["overlap"]),
        (slot(1), [slot(1, 18.999)], ["rest"]),
        (slot(1), [slot(1, 19)], []),
        (slot(1), [slot(0, 5)], []),
        (slot(1), [slot(0, 5.01)], ["rest"]),
        (slot(5), [slot(day) for day in range(5)], []),
        (slot(6), [slot(day) for day in range(6)], ["week", "row"]),
        (slot(7), [slot(day) for day in range(6)], []),
    ],
)
def test_each_rule_at_its_edge(one: Slot, others: list[Slot], codes: list[str]) -> None:
    assert [broken.code for broken in judge(NINA, one, others)] == codes


def test_hours_of_any_seven_days_not_of_a_calendar_week() -> None:
    assert most_hours([slot(day) for day in (4, 5, 6, 7, 8, 9)]) == 48
    assert days_in_a_row(slot(3).day, [slot(2), slot(4), slot(6)]) == 3


def test_a_night_in_which_the_clocks_change_is_an_hour_shorter() -> None:
    line = "ward,role,date,start,end,username\n4A,nurse,2026-03-07,23:00,07:00,nora\n"
    (night,), bad = read_roster(line, ZoneInfo("America/New_York"))
    assert (night.ends_at - night.starts_at, bad) == (timedelta(hours=7), [])


def test_another_draft_has_another_stamp() -> None:
    assert stamp_of([]) == ""
    assert stamp_of([(1, 2, True), (3, 4, False)]) == stamp_of([(3, 4, False), (1, 2, True)])
    assert stamp_of([(1, 2, True)]) != stamp_of([(1, 2, False)])


def test_a_wards_week_is_one_number_both_ways() -> None:
    for ward_id in (None, 1, 12):
        for day in (MONDAY.date(), MONDAY.date() + timedelta(days=6)):
            number = int(events.roster(ward_id, day).partition(":")[2])
            assert events.roster_week(number) == (ward_id, MONDAY.date())


def test_the_page_has_every_rule_and_every_column() -> None:
    rows = [line.split("|")[1].strip().strip("`") for line in PAGE.splitlines() if line.startswith("| `")]
    assert rows == [*RULES, *COLUMNS]
    assert [words for words in COLUMNS.values() if words not in PAGE] == []
