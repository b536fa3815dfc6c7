"""Strain: what four weeks of work ask of somebody, in numbers and in words. Times are given, nothing is read.

Only what the roster and the task list know is counted. It says nothing about a person's health, and it is never for discipline.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from hospital_ops.domain.staffing import MOST_WEEKLY_HOURS, REST

WINDOW = timedelta(days=28)
WEEKS = 4
FULL_WEEK_HOURS = 40.0
LONG_HOURS = 13.0
# Who stays on for the next shift has worked one long one, whatever the roster calls it.
HANDOVER = timedelta(hours=1)
NIGHT_FROM, NIGHT_TO = 2, 4  # Whoever works over three in the morning works a night.
LEAST_SHIFTS = 4
MANY_NIGHTS = 3
LONGEST_WORDS = 2000  # of a contest or its answer
Span = tuple[datetime, datetime]

NEVER_FOR_DISCIPLINE = (
    "Strain speaks about rosters, not about people. It is never used for discipline, appraisal or pay, "
    "and nobody but you can see your own index."
)


class ContestStatus(StrEnum):
    """What has become of somebody's word that their index is wrong."""

    OPEN = "open"
    STANDS = "stands"  # Looked at: roster and rules are right, and why.
    WRONG = "wrong"  # The person is right: it stays out of group figures until no day of it counts any more.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Workload:
    """Four weeks of one person. `hours`, `overtime` (beyond 40) are a week's mean; `tasks` are finished ones a shift."""

    shifts: int
    hours: float
    overtime: float
    nights: int
    nights_in_a_row: int
    quick_returns: int
    long_shifts: int
    tasks: float

    @property
    def long_share(self) -> float:
        return self.long_shifts / self.shifts if self.shifts else 0.0

    @property
    def enough(self) -> bool:
        """Whether there is anything to speak of."""
        return self.shifts >= LEAST_SHIFTS


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing counted. `times`: by what it multiplies the odds; 1 where nothing published gives it a weight."""

    name: str
    words: str
    times: float

    @property
    def weighs(self) -> str:
        if math.isclose(self.times, 1.0, abs_tol=0.005):
            return ""
        return f"odds × {self.times:.2f}"


def joined(spans: Iterable[Span]) -> list[Span]:
    """Stretches of work in order: shifts that follow each other within an hour are one."""
    stretches: list[Span] = []
    for start, end in sorted(spans):
        if stretches and start - stretches[-1][1] < HANDOVER:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    return stretches


def workload(spans: Sequence[Span], tasks: int, until: datetime, zone: tzinfo) -> Workload:
    """What was worked in the four weeks before `until`: shifts that have ended by then. `spans` may reach further."""
    since = until - WINDOW
    # A shift before the window still decides how short the first rest in it was.
    stretches = [one for one in joined(spans) if one[1] <= until]
    mine = [one for one in stretches if one[1] > since]
    weekly = [0.0] * WEEKS
    for start, end in mine:
        place = min(int((end - since) / timedelta(days=7)), WEEKS - 1)
        weekly[place] += (end - start) / timedelta(hours=1)
    dates = [day for start, end in mine if (day := night_of(start, end, zone)) is not None]
    return Workload(
        shifts=len(mine),
        hours=sum(weekly) / WEEKS,
        overtime=sum(max(hours - FULL_WEEK_HOURS, 0.0) for hours in weekly) / WEEKS,
        nights=len(dates),
        nights_in_a_row=longest_run(dates),
        quick_returns=quick_returns(stretches, since),
        long_shifts=sum(end - start > timedelta(hours=LONG_HOURS) for start, end in mine),
        tasks=tasks / len(mine) if mine else 0.0,
    )


def quick_returns(stretches: Sequence[Span], since: datetime) -> int:
    """How often work began, after `since`, less than eleven hours after it had ended."""
    return sum(after[0] > since and after[0] - before[1] < REST for before, after in pairwise(stretches))


def night_of(start: datetime, end: datetime, zone: tzinfo) -> date | None:
    """The morning that was worked through; None for a shift that leaves the night free."""
    local = start.astimezone(zone)
    three = local.replace(hour=(NIGHT_FROM + NIGHT_TO) // 2, minute=0, second=0, microsecond=0)
    if three < local:
        three += timedelta(days=1)
    return three.date() if three < end.astimezone(zone) else None


def longest_run(days: Iterable[date]) -> int:
    """The most days in a row."""
    best = run = 0
    before: date | None = None
    for day in sorted(set(days)):
        run = run + 1 if before is not None and day - before == timedelta(days=1) else 1
        best, before = max(best, run), day
    return best


def index_of(odds: float) -> int:
    """0–100 from how many times a usual month's odds: 1 → 0, twice → 50, four times → 75. Never below 0."""
    return round(100 * (1 - 1 / max(odds, 1.0)))


# From this index on, in words.
_LEVELS: tuple[tuple[int, str], ...] = (
    (75, "high"),
    (50, "raised"),
    (20, "somewhat raised"),
    (0, "as in a usual month"),
)


def level_of(index: float) -> str:
    return next(words for least, words in _LEVELS if index >= least)


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def counted(number: int, one: str, more: str = "") -> str:
    """`three nights`, `12 nights`, `one night`."""
    words = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{words} {one if number == 1 else more or one + 's'}"


def words_of(work: Workload) -> dict[str, str]:
    """Each thing that is counted, as one would say it. What was not there is not said."""
    told = {
        "overtime": f"{work.overtime:.0f} h a week beyond {FULL_WEEK_HOURS:.0f}" if work.overtime >= 0.5 else "",
        "long_share": (
            f"{counted(work.long_shifts, 'shift')} of {work.shifts} longer than {LONG_HOURS:.0f} h"
            if work.long_shifts
            else ""
        ),
        "quick_returns": (
            f"{counted(work.quick_returns, 'return', 'returns')} with under 11 h of rest" if work.quick_returns else ""
        ),
        "nights": _nights(work),
        "hours": f"{work.hours:.0f} h of work a week",
        "tasks": f"{work.tasks:.1f} tasks a shift" if work.tasks >= 0.05 else "",
    }
    return {name: words for name, words in told.items() if words}


def _nights(work: Workload) -> str:
    if work.nights_in_a_row >= MANY_NIGHTS:
        return f"{counted(work.nights_in_a_row, 'night')} in a row, {work.nights} in four weeks"
    return f"{counted(work.nights, 'night')} in four weeks" if work.nights else ""


def remedies(rosters: Iterable[Sequence[Span]], now: datetime, zone: tzinfo) -> list[str]:
    """What the coming week's roster could spare these people: how many it concerns, never whom. No index is read."""
    ahead = now + timedelta(days=7)
    found = {"rest": 0, "hours": 0, "nights": 0, "long": 0}
    for spans in rosters:
        stretches = [one for one in joined(spans) if one[0] < ahead and one[1] > now - REST]
        coming = [one for one in stretches if one[0] >= now]
        found["rest"] += quick_returns(stretches, now) > 0
        found["hours"] += sum((end - start) / timedelta(hours=1) for start, end in coming) > MOST_WEEKLY_HOURS
        nights = [day for start, end in coming if (day := night_of(start, end, zone)) is not None]
        found["nights"] += longest_run(nights) > MANY_NIGHTS
        found["long"] += any(end - start > timedelta(hours=LONG_HOURS) for start, end in coming)
    return [words.format(who=_people(number)) for name, words in _REMEDIES.items() if (number := found[name])]


_REMEDIES: dict[str, str] = {
    "rest": "{who} under 11 h between two shifts next week: move one of the two.",
    "hours": f"{{who}} more than {MOST_WEEKLY_HOURS:.0f} h next week: give a shift to the float pool.",
    "nights": "{who} more than three nights in a row next week: put a night off between.",
    "long": f"{{who}} a shift over {LONG_HOURS:.0f} h next week: split it.",
}


def _people(number: int) -> str:
    return "One person has" if number == 1 else f"{counted(number, 'person', 'people').capitalize()} have"
