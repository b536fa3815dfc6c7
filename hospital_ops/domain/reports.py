"""What the reports measure, in one sentence each, and what may be asked of them. A group under five is told no figure.

A question stands in the page's address, so that a link shows what its sender saw: the span, the wards, the measure, and
the part of it that is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from hospital_ops.domain.beds import TARGET_MINUTES, BedStatus
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.tasks import RESPONSE_MINUTES, TaskKind

LEAST = 5  # A group with fewer is told no figure, so that none speaks of one patient or one person.
TOO_FEW = "too few"
SPANS = (7, 28, 90)  # days, today among them
USUAL_SPAN = 28
LONGEST_DAYS = 366
DAILY_UP_TO = 31  # days; a longer span is told by weeks
_RESPONSE, _CLEAN = TARGET_MINUTES[BedStatus.DIRTY], TARGET_MINUTES[BedStatus.CLEANING]
TURN_TARGET = _RESPONSE + _CLEAN
BOARDING_TARGET = 240  # minutes


class Unit(StrEnum):
    """In which unit a measure's values are stored and saved."""

    DAYS = "days"
    MINUTES = "minutes"
    PERCENT = "percent"
    CLOCK = "minutes after midnight"


@dataclass(frozen=True, slots=True)
class Part:
    """A side of a measure that has figures of its own. `share` is what share is told beside them; "" for none."""

    name: str
    title: str
    share: str = ""
    target: int | None = None  # minutes


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. `counted` is what n counts; `draws_share`: over time its share is drawn, not median and p90."""

    name: str
    title: str
    definition: str
    unit: Unit
    counted: str
    parts: tuple[Part, ...]
    draws_share: bool = False

    def part(self, name: str) -> Part:
        """The part of that name, the first for ""."""
        found = next((part for part in self.parts if name in ("", part.name)), None)
        if found is None:
            raise Invalid(f"{self.title} has no such part.", code="bad_part")
        return found


_TASKS = (
    Part("all", "All tasks", "begun in time"),
    *(
        Part(
            f"{kind}.{priority}", f"{kind.replace('_', ' ').capitalize()}, {priority}", f"within {minutes} min", minutes
        )
        for kind in TaskKind
        for priority, minutes in RESPONSE_MINUTES.items()
    ),
)
MEASURES: tuple[Measure, ...] = (
    Measure(
        "length-of-stay",
        "Length of stay",
        "Days from admission to leaving the house, of every patient who left within the span, in the ward they left from; "
        "moves between wards do not begin it anew, and who is still here is not counted yet.",
        Unit.DAYS,
        "patients who left",
        (Part("all", "All"),),
    ),
    Measure(
        "occupancy",
        "Occupancy",
        "Hours in which beds held somebody, of the hours in which they were staffed, day by day; a closed bed is not staffed, "
        "a blocked, dirty or reserved one is, and whoever is away for a while still holds theirs.",
        Unit.PERCENT,
        "staffed bed-days",
        (Part("all", "All", "of all staffed hours"),),
        draws_share=True,
    ),
    Measure(
        "boarding",
        "Boarding time",
        "Minutes from asking for a bed until the patient was in one, of every request that ended in a bed within the span, in "
        "that bed's ward; a request that was withdrawn is not counted, and who still waits is not counted yet.",
        Unit.MINUTES,
        "patients put to bed",
        (Part("all", "All", f"within {BOARDING_TARGET // 60} h", BOARDING_TARGET),),
    ),
    Measure(
        "turn-time",
        "Turn time",
        "Minutes from a bed's emptying, when its cleaning was asked for, until somebody took the job, began it, and the bed "
        "was clean, of every cleaning finished within the span; one that was called off is not counted.",
        Unit.MINUTES,
        "cleanings finished",
        (
            Part("turn", "Empty to clean", f"within {TURN_TARGET} min", TURN_TARGET),
            Part("accepted", "Empty to accepted"),
            Part("started", "Empty to started", f"within {_RESPONSE} min", _RESPONSE),
            Part("cleaning", "Started to clean", f"within {_CLEAN} min", _CLEAN),
        ),
    ),
    Measure(
        "notice",
        "Notice of leaving",
        "Minutes before leaving at which it was first said, by forecast or order, that the patient leaves, of everybody who "
        "left alive within the span, against the target of the ward they left from; who left without a word counts as 0.",
        Unit.MINUTES,
        "patients who left",
        (Part("all", "All", "met the ward's target"),),
    ),
    Measure(
        "before-noon",
        "Left before noon",
        "The time of day at which patients left, and the share of them who left before twelve by the hospital's clock, of "
        "everybody who left alive within the span, in the ward they left from.",
        Unit.CLOCK,
        "patients who left",
        (Part("all", "All", "before noon"),),
        draws_share=True,
    ),
    Measure(
        "task-response",
        "Task response",
        "Minutes from asking for a task until it was begun (the last time, if it was laid aside), of every task begun within "
        "the span and not called off, against the time its priority allows.",
        Unit.MINUTES,
        "tasks begun",
        _TASKS,
    ),
)
BY_NAME: dict[str, Measure] = {measure.name: measure for measure in MEASURES}


@dataclass(frozen=True, slots=True)
class Question:
    """Which measure of which days (the hospital's, both included) and wards (codes; () is all of one's own).

    `days` is the span as a number of days up to today; 0 when its days were named.
    """

    first: date
    last: date
    days: int = 0
    wards: tuple[str, ...] = ()
    measure: Measure = field(default=MEASURES[0])
    part: str = ""

    @property
    def step(self) -> str:
        """How time is told: by "day", or by "week" from Monday on."""
        return "day" if (self.last - self.first).days < DAILY_UP_TO else "week"

    def times(self) -> list[date]:
        """The day on which each day or week of the span begins; the first week's Monday may lie before the span."""
        if self.step == "day":
            return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]
        monday = self.first - timedelta(days=self.first.weekday())
        return [monday + timedelta(weeks=n) for n in range((self.last - monday).days // 7 + 1)]

    def words(self) -> dict[str, str]:
        """As it stands in an address; what is usual is left out."""
        span = (
            {"days": "" if self.days == USUAL_SPAN else str(self.days)}
            if self.days
            else {"from": self.first.isoformat(), "to": self.last.isoformat()}
        )
        measure = "" if self.measure is MEASURES[0] else self.measure.name
        told = {"measure": measure, "part": self.part, **span, "wards": ",".join(self.wards)}
        return {name: value for name, value in told.items() if value}

    def address(self, path: str = "/reports") -> str:
        """The page, or the file, with this question."""
        words = urlencode(self.words(), safe=",")
        return f"{path}?{words}" if words else path

    def of(self, measure: Measure) -> Question:
        """The same span and wards, of another measure."""
        return replace(self, measure=measure, part="")

    def over(self, days: int, today: date) -> Question:
        """The same measure and wards, over so many days up to today."""
        return replace(self, first=today - timedelta(days=days - 1), last=today, days=days)


def read_question(given: Mapping[str, Any], today: date) -> Question:
    """What an address says. Raises Invalid with a sentence for what cannot be meant."""
    measure = BY_NAME.get(_text(given, "measure") or MEASURES[0].name)
    if measure is None:
        raise Invalid("There is no such measure. Choose one of those above.", code="bad_measure")
    part = _text(given, "part")
    measure.part(part)
    wards = tuple(dict.fromkeys(code.strip() for code in _text(given, "wards").split(",") if code.strip()))
    first, last, days = _span(given, today)
    return Question(first, last, days, wards, measure, part)


def _span(given: Mapping[str, Any], today: date) -> tuple[date, date, int]:
    """(first day, last day, how many days up to today or 0). Days named go before a number of days."""
    first, last = _day(given, "from"), _day(given, "to")
    if first or last:
        last = last or today
        first = first or last - timedelta(days=USUAL_SPAN - 1)
        if first > last:
            raise Invalid("The first day is after the last one.", code="bad_days")
        if (last - first).days >= LONGEST_DAYS:
            raise Invalid(
                f"A report reaches over {LONGEST_DAYS} days at most. Choose days nearer together.", code="bad_days"
            )
        return first, last, 0
    text = _text(given, "days") or str(USUAL_SPAN)
    if text not in {str(days) for days in SPANS}:
        raise Invalid(f"Choose {_either(SPANS)} days, or name the first and the last.", code="bad_days")
    return today - timedelta(days=int(text) - 1), today, int(text)


def _either(numbers: tuple[int, ...]) -> str:
    return ", ".join(str(n) for n in numbers[:-1]) + f" or {numbers[-1]}"


def _text(given: Mapping[str, Any], name: str) -> str:
    return str(given.get(name) or "").strip()[:400]


def _day(given: Mapping[str, Any], name: str) -> date | None:
    value = _text(given, name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as wrong:
        raise Invalid("A day is written like 2026-11-24.", code="bad_days") from wrong


# --- Figures -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """Of n values: median, 90th percentile in the measure's unit, and the share (0–1) that met the part's target."""

    n: int
    median: float | None = None
    p90: float | None = None
    share: float | None = None

    @property
    def told(self) -> Figure:
        """What may be said: a group under LEAST has no figures."""
        return self if self.n >= LEAST else Figure(self.n)

    @property
    def count(self) -> str:
        """n in words; how many of the few there were is not said."""
        return str(self.n) if self.n >= LEAST or self.n == 0 else f"under {LEAST}"


def value_words(unit: Unit, value: float | None) -> str:
    """A value as a ward says it; "–" for none."""
    return "–" if value is None else _WORDS[unit](value)


def _minutes(value: float) -> str:
    whole = round(value)
    return f"{whole} min" if whole < 120 else f"{whole // 60} h {whole % 60:02d} min"


def _clock(value: float) -> str:
    whole = round(value)
    return f"{whole // 60:02d}:{whole % 60:02d}"


_WORDS = {
    Unit.DAYS: lambda value: f"{value:.1f} days",
    Unit.MINUTES: _minutes,
    Unit.PERCENT: lambda value: f"{value:.0f} %",
    Unit.CLOCK: _clock,
}
