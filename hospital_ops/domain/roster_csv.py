"""A roster as a file: comma-separated, UTF-8, with the columns of COLUMNS in any order. Bad rows are told, good ones kept."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from hospital_ops.domain.errors import Invalid, Refused
from hospital_ops.domain.roster import check_hours

# name: what stands there. docs/roster.md has the same lines; a test compares them.
COLUMNS: dict[str, str] = {
    "ward": "the ward's code, empty for the house's own shifts (float pool, porters, desk)",
    "role": "nurse, doctor, housekeeper, transporter, desk, bed_manager or staffing_manager",
    "date": "the day on which the shift begins, as 2026-03-02",
    "start": "when it begins on the hospital's clock, as 07:00",
    "end": "when it ends, as 15:00; at or before the start it is the next day",
    "username": "what the person signs in as",
}
MOST_LINES = 5000
LONGEST_FILE = 400_000


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person on one shift, as a line of the file says it; the line's number counts the heading."""

    line: int
    ward_code: str
    role: str
    day: date
    starts_at: datetime
    ends_at: datetime
    username: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be taken, and why."""

    line: int
    reason: str


def read_roster(text: str, zone: tzinfo) -> tuple[list[RosterLine], list[BadLine]]:
    """(good lines, bad lines). Raises Invalid for what is no such file at all."""
    if len(text) > LONGEST_FILE:
        raise Invalid("This file is too long. Import one ward or one month at a time.", code="too_long")
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    heading = [name.strip().lower() for name in next(rows, [])]
    if missing := [name for name in COLUMNS if name not in heading]:
        raise Invalid(f"The first line must name the columns; missing: {', '.join(missing)}.", code="no_heading")
    good: list[RosterLine] = []
    bad: list[BadLine] = []
    try:
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(good) + len(bad) >= MOST_LINES:
                raise Invalid(f"At most {MOST_LINES} lines at once.", code="too_long")
            _take(rows.line_num, dict(zip(heading, cells, strict=False)), zone, good, bad)
    except csv.Error as error:
        raise Invalid(f"Line {rows.line_num} is not comma-separated text.", code="no_csv") from error
    return good, bad


def _take(line: int, cells: dict[str, str], zone: tzinfo, good: list[RosterLine], bad: list[BadLine]) -> None:
    try:
        good.append(_line(line, {name: cells.get(name, "").strip() for name in COLUMNS}, zone))
    except Refused as refusal:
        bad.append(BadLine(line, refusal.sentence))


def _line(line: int, told: dict[str, str], zone: tzinfo) -> RosterLine:
    if empty := [name for name in COLUMNS if name != "ward" and not told[name]]:
        raise Invalid(f"Nothing stands under {', '.join(empty)}.")
    try:
        day = date.fromisoformat(told["date"])
    except ValueError:
        raise Invalid(f"“{told['date'][:20]}” is no date such as 2026-03-02.") from None
    begins, ends = _time(told["start"]), _time(told["end"])
    last = day if ends > begins else day + timedelta(days=1)
    # In UTC, since a night in which the clocks change is an hour shorter or longer.
    starts_at = datetime.combine(day, begins, zone).astimezone(UTC)
    ends_at = datetime.combine(last, ends, zone).astimezone(UTC)
    check_hours(starts_at, ends_at)
    return RosterLine(line, told["ward"], told["role"].lower(), day, starts_at, ends_at, told["username"])


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text if len(text) > 4 else f"0{text}")
    except ValueError:
        raise Invalid(f"“{text[:20]}” is no time such as 07:00.") from None
