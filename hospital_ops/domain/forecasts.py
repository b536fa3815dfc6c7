"""Forecasts as the wards speak of them: "Leaves today, likely 14–18 h". Values and words only, standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

# What a model is called by that stands in where no trained one can speak; why follows the name.
BASELINE = "Baseline: "
# (name, first hour, hour after the last) on the hospital's own clock.
SHIFTS: tuple[tuple[str, int, int], ...] = (("day", 7, 15), ("evening", 15, 23), ("night", 23, 7))


@dataclass(frozen=True)
class WardStaffing:
    """What a ward can serve: patients per nurse and nurses on duty, each in the order of SHIFTS.

    `acuity` is the mean weight of its patients: 1.1 is a tenth more work than the ratio takes for granted.
    """

    ward_code: str
    unit: str
    beds: int
    ratios: tuple[float, float, float]
    staffed: tuple[int, int, int]
    acuity: float = 1.0


@dataclass(frozen=True)
class StayForecast:
    """When one patient leaves, as seen at `made_at`. All times are aware and none lies before `made_at`.

    p24, p48, p72: chance to have left within so many hours. median_at: as likely before as after; it is the patient's
    predicted_discharge_date. low_at to high_at holds 80 %. likely_from to likely_to: the hours of the median's day in
    which most such patients leave. reasons: what moved it, most important first.
    """

    stay_id: int
    made_at: datetime
    p24: float
    p48: float
    p72: float
    p_today: float
    median_at: datetime
    low_at: datetime
    high_at: datetime
    likely_from: datetime
    likely_to: datetime
    mean_days: float
    reasons: tuple[str, ...] = ()
    model_name: str = ""


@dataclass(frozen=True)
class ArrivalDay:
    """Expected arrivals of one unit on one day of the hospital's calendar; low to high holds 80 %."""

    unit: str
    day: date
    expected: float
    low: float
    high: float
    model_name: str = ""


@dataclass(frozen=True)
class ArrivalForecast:
    """Expected arrivals of one unit between two times; low to high holds 80 %."""

    unit: str
    starts_at: datetime
    ends_at: datetime
    expected: float
    low: float
    high: float
    model_name: str = ""


@dataclass(frozen=True)
class ShiftForecast:
    """One ward on one coming shift: who comes, who goes, who is there, how many nurses that needs."""

    ward_code: str
    unit: str
    shift: str
    starts_at: datetime
    ends_at: datetime
    arrivals: float
    arrivals_low: float
    arrivals_high: float
    departures: float
    census: float
    census_low: float
    census_high: float
    needed: int
    needed_low: int
    needed_high: int
    staffed: int
    p_over: float  # chance that the shift needs more than it is staffed for
    model_name: str = ""
    acuity: float = 1.0
    p_over_model: str = ""  # who says `p_over`


def leaves_on(forecast: StayForecast, zone: tzinfo) -> date:
    """The hospital's own date of the median."""
    return forecast.median_at.astimezone(zone).date()


def due_today(forecast: StayForecast, now: datetime, zone: tzinfo) -> bool:
    """Whether the predicted date is today on the hospital's calendar: the rule that flips a bed to pending discharge."""
    return leaves_on(forecast, zone) == now.astimezone(zone).date()


def leaves_words(forecast: StayForecast, now: datetime, zone: tzinfo) -> str:
    """`Leaves today, likely 14–18 h`, `Leaves tomorrow`, `Leaves Fri 27 Nov, between Thu and Sun`; "" when it is past."""
    if forecast.median_at < now:
        return ""
    today = now.astimezone(zone).date()
    day = leaves_on(forecast, zone)
    if day == today:
        return f"Leaves today, likely {_hours(max(forecast.likely_from, now), forecast.likely_to, zone)}"
    if day == today + timedelta(days=1):
        return f"Leaves tomorrow, likely {_hours(forecast.likely_from, forecast.likely_to, zone)}"
    first, last = (when.astimezone(zone).date() for when in (forecast.low_at, forecast.high_at))
    return f"Leaves {_day(day, today)}, between {_day(first, today)} and {_day(last, today)}"


def _hours(first: datetime, last: datetime, zone: tzinfo) -> str:
    start = first.astimezone(zone)
    # A range of whole hours that holds the true one: down at the start, up at the end.
    end = (last.astimezone(zone) + timedelta(minutes=59)).hour
    if last.astimezone(zone).date() == start.date() and end < start.hour:
        end = 24
    return f"{start.hour}–{max(end, start.hour + 1)} h"


def _day(day: date, today: date) -> str:
    if day == today:
        return "today"
    if day == today + timedelta(days=1):
        return "tomorrow"
    return f"{day:%a} {day.day} {day:%b}"


def next_shifts(now: datetime, zone: tzinfo, count: int = 3) -> list[tuple[int, datetime, datetime]]:
    """(index into SHIFTS, start, end) of the next shifts to begin after `now`; aware, in the hospital's zone."""
    local = now.astimezone(zone)
    found: list[tuple[int, datetime, datetime]] = []
    for day in range(-1, count + 1):
        midnight = (local + timedelta(days=day)).replace(hour=0, minute=0, second=0, microsecond=0)
        for index, (_, first, last) in enumerate(SHIFTS):
            start = midnight.replace(hour=first)
            end = (midnight + timedelta(days=1 if last <= first else 0)).replace(hour=last)
            if start > local:
                found.append((index, start, end))
    return sorted(found, key=lambda one: one[1])[:count]


def leaving_distribution(chances: Iterable[float]) -> list[float]:
    """P(exactly k of them leave), k = 0 … n, each leaving by itself (Poisson-binomial)."""
    exactly = [1.0]
    for chance in chances:
        stays = [share * (1 - chance) for share in exactly] + [0.0]
        exactly = [stay + (exactly[k - 1] * chance if k else 0.0) for k, stay in enumerate(stays)]
    return exactly


def at_quantile(exactly: Sequence[float], share: float) -> int:
    """The smallest k whose cumulated probability reaches `share`."""
    total = 0.0
    for k, chance in enumerate(exactly):
        total += chance
        if total >= share - 1e-12:
            return k
    return len(exactly) - 1
