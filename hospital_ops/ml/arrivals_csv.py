"""Arrivals as CSV, `at,arrivals`: by the day or by the hour, with gaps named and never taken for quiet days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from hospital_ops.ml.calendar import weekday
from hospital_ops.ml.csv_rows import FileRefused, Problems, Rows, Told, lack, moment, number
from hospital_ops.ml.dataset import Floats

NEEDED = ("at", "arrivals")
UNIT = "All arrivals"
MOST = 100_000.0  # in one row
LONGEST_DAYS = 40_000
MOST_MISSING = 1 / 3


@dataclass(frozen=True)
class ArrivalsReading:
    """`hourly`: arrivals per local hour from midnight of `first_day` (days since 1970); a gap holds the usual weekday's.

    `known`: per day, whether any row spoke of it. `by_hour`: False when the file knows whole days only.
    """

    first_day: int
    hourly: Floats
    known: npt.NDArray[np.bool_]
    by_hour: bool
    problems: Problems
    unknown_columns: list[str]
    rows: int
    silent_hours: int  # hours of known days that no row names: nobody came

    def gaps(self) -> list[dict[str, object]]:
        """Runs of days of which no row speaks."""
        edges = np.flatnonzero(np.diff(np.concatenate([[True], self.known, [True]]).astype(int)))
        return [
            {"from": _day(self.first_day + a), "to": _day(self.first_day + b - 1), "days": int(b - a)}
            for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        ]


def read_arrivals(path: Path, zone: ZoneInfo, told: Told = lambda rows: None) -> ArrivalsReading:
    """Read a file. `at` is a date, or a date and time: the hospital's clock, or an instant with its offset.

    Raises FileRefused when nothing can be made of it.
    """
    problems = Problems()
    rows = Rows(path, problems, told)
    if missing := rows.lacking(NEEDED):
        raise lack(path.name, missing, rows.columns)
    found: list[tuple[int, datetime, float]] = []
    for line, row in rows:
        try:
            found.append((line, moment(row["at"], zone, "at"), _count(row["arrivals"])))
        except ValueError as error:
            problems.add(path.name, line, str(error))
    found = _without_repeats(found, zone, path.name, problems)
    if not found:
        raise FileRefused(f"{path.name} has no row that can be used.{problems.first()}")
    return _reading(found, zone, problems, [name for name in rows.columns if name not in NEEDED], rows.read, path.name)


def _count(text: str) -> float:
    count = number(text, "arrivals", 0.0, MOST)
    if count != round(count):
        raise ValueError(f"arrivals {text[:40]} is not a whole number.")
    return count


def _without_repeats(
    found: list[tuple[int, datetime, float]], zone: ZoneInfo, file: str, problems: Problems
) -> list[tuple[int, datetime, float]]:
    """Counts per hour or day name each `at` once, so a repeat is a mistake; single people may come in the same minute."""
    if any(when.minute or when.second for _, when, _ in found):
        return found
    seen: set[tuple[bool, datetime]] = set()
    kept = []
    for line, when, count in found:
        # In autumn an hour comes twice on the wall but once as an instant; in spring the wall's hour has no instant.
        on_the_wall = when.tzinfo is zone
        one = (on_the_wall, when.replace(tzinfo=None) if on_the_wall else when.astimezone(UTC))
        if one in seen:
            problems.add(file, line, f"at {when:%Y-%m-%dT%H:%M} came before.")
        else:
            seen.add(one)
            kept.append((line, when, count))
    return kept


def _reading(
    found: list[tuple[int, datetime, float]],
    zone: ZoneInfo,
    problems: Problems,
    unknown: list[str],
    rows: int,
    file: str,
) -> ArrivalsReading:
    hours = np.array([_wall_hour(when, zone) for _, when, _ in found], dtype=np.int64)
    first, last = int(hours.min()) // 24, int(hours.max()) // 24
    if last - first >= LONGEST_DAYS:
        raise FileRefused(f"{file} spans {last - first:,} days; at most {LONGEST_DAYS:,} can be read.")
    hourly = np.zeros((last - first + 1) * 24)
    np.add.at(hourly, hours - first * 24, [count for *_, count in found])
    known = np.zeros(last - first + 1, dtype=bool)
    known[hours // 24 - first] = True
    if known.mean() < 1 - MOST_MISSING:
        raise FileRefused(
            f"{file} speaks of {int(known.sum()):,} of its {len(known):,} days only; too many are missing."
        )
    by_hour = bool((hours % 24).any())
    silent = int(known.sum()) * 24 - len(np.unique(hours)) if by_hour else 0
    filled = _filled(hourly.reshape(-1, 24), known, first)
    return ArrivalsReading(first, filled.ravel(), known, by_hour, problems, unknown, rows, silent)


def _filled(by_day: Floats, known: npt.NDArray[np.bool_], first: int) -> Floats:
    """A day of which nobody speaks gets the mean of the nearest known days of its weekday, so that levels can be learned."""
    days = np.arange(len(by_day))
    weekdays = weekday(first + days)
    filled = by_day.copy()
    for day in np.flatnonzero(~known):
        same = days[known & (weekdays == weekdays[day])]
        near = same[np.argsort(np.abs(same - day), kind="stable")[:6]]
        filled[day] = by_day[near].mean(axis=0) if len(near) else by_day[known].mean(axis=0)
    return filled


def _wall_hour(when: datetime, zone: ZoneInfo) -> int:
    local = when.astimezone(zone).replace(tzinfo=UTC, fold=0)
    return int(local.timestamp() // 3600)


def _day(number: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=number)).date().isoformat()
