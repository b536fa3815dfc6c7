"""Are the last four weeks' arrivals and shifts like those that were learned from?

Arrivals: per unit, how they spread over the day and over the week, as PSI against the training's shares, and how many came
against what the training's calendar expects of these very days. Shifts: the features of past shifts, asked about as the training
asked, as PSI against the training's bins.

Weeks hang together, so that chance alone gives more than (bins − 1) / n. Beside each figure stands what spans of four weeks
of the training's own gave: nine in ten of them lay under it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from hospital_ops.domain.forecasts import SHIFTS
from hospital_ops.ml import calendar, drift
from hospital_ops.ml.arrivals import ArrivalsModel, Counts
from hospital_ops.ml.capacity import FEATURES, CapacityModel
from hospital_ops.ml.dataset import DAY, Floats, Ints, local_wall
from hospital_ops.ml.drift import Apart
from hospital_ops.ml.past_shifts import SPREAD, Cases, cases_of

SPAN_DAYS = 28
HOURS_A_BIN = 3
# Of fewer, chance alone may give a PSI of 0.25.
LEAST_CAME = 60
LEAST_SPANS = 4
USUAL = 0.9
ALL_UNITS = "All units"
# Shift, weekday, hours ahead and season say when is asked; the staffing is drawn.
WATCHED = ("margin", "census share", "came today share", "mean days in")
_COLUMNS = [FEATURES.index(name) for name in WATCHED]


def _by_hour(hourly: Floats, first_day: int) -> Floats:
    """Arrivals by three hours of the day."""
    together: Floats = hourly.reshape(-1, 24 // HOURS_A_BIN, HOURS_A_BIN).sum(axis=(0, 2))
    return together


def _by_weekday(hourly: Floats, first_day: int) -> Floats:
    """Arrivals by weekday, for as many of each."""
    daily = hourly.reshape(-1, 24).sum(axis=1)
    weekdays = calendar.weekday(first_day + np.arange(len(daily)))
    sums, days = np.bincount(weekdays, weights=daily, minlength=7), np.bincount(weekdays, minlength=7)
    rates: Floats = sums / np.maximum(days, 1)
    return rates


PROFILES: dict[str, Callable[[Floats, int], Floats]] = {"hour of day": _by_hour, "weekday": _by_weekday}


def summary_of_counts(history: Counts) -> dict[str, dict[str, dict[str, Any]]]:
    """Unit → profile → {"shares", "usual"}; a unit to which nobody came is left out."""
    whole = len(history.daily) * 24
    return {
        unit: {name: _profile(profile, hourly[:whole], history.first_day) for name, profile in PROFILES.items()}
        for unit, hourly in _units(history)
        if hourly[:whole].sum() > 0
    }


def of_arrivals(model: ArrivalsModel, recent: Counts) -> Apart | None:
    """The last four weeks of `recent` (whole days); None where the release kept no summary or the house is younger."""
    then = model.metadata.get("inputs")
    before = len(recent.daily) - SPAN_DAYS
    if not isinstance(then, Mapping) or before < 1 or not recent.daily[:before].sum():
        return None
    span = Counts(recent.units, recent.first_day + before, recent.hourly[before * 24 : (before + SPAN_DAYS) * 24])
    came = {unit: float(hourly.sum()) for unit, hourly in _units(span)}
    figures, usual = {}, {}
    for unit, hourly in _units(span):
        for name, kept in then.get(unit, {}).items() if came[unit] >= LEAST_CAME else ():
            figures[f"{unit}: {name}"] = _far(PROFILES[name](hourly, span.first_day), np.array(kept["shares"]))
            usual[f"{unit}: {name}"] = kept["usual"]
    expected = model.calendar(span.days).sum(axis=0)
    foretold = dict(zip([*span.units, ALL_UNITS], [*map(float, expected), float(expected.sum())], strict=True))
    levels = {unit: [came[unit], foretold[unit]] for unit in came}
    return Apart(figures, int(came[ALL_UNITS]), {name: one for name, one in usual.items() if one is not None}, levels)


def summary_of_cases(cases: Cases, units: tuple[str, ...]) -> dict[str, Any]:
    """{"features": the bins of what is watched, "usual", "built": unit → [beds, usual nurses] of each shift}."""
    features = drift.summary(cases.features[:, _COLUMNS], WATCHED)
    spans = [cases.features[cases.day // SPAN_DAYS == one] for one in np.unique(cases.day // SPAN_DAYS)[1:-1]]
    found = [drift.stability(features, rows[:, _COLUMNS], WATCHED) for rows in spans]
    usual = {name: _usual([one[name] for one in found]) for name in features}
    return {
        "features": features,
        "usual": {name: value for name, value in usual.items() if value is not None},
        "built": {unit: _built(cases, place) for place, unit in enumerate(units)},
    }


def of_shifts(
    model: CapacityModel,
    units: Sequence[str],
    began: Sequence[float],
    ended: Sequence[float],
    now: datetime,
    zone: ZoneInfo,
) -> Apart | None:
    """The shifts of the four weeks before yesterday, from the stays that touch them.

    `began`, `ended`: seconds since 1970, NaN for who is still here. None as in `of_arrivals`.
    """
    then = model.metadata.get("inputs")
    today = int(local_wall(np.array([now.timestamp()]), zone)[0] // DAY)
    days = np.arange(today - 1 - SPAN_DAYS, today - 1)
    if not isinstance(then, Mapping) or not began:
        return None
    come = local_wall(np.array(began), zone)
    gone = local_wall(np.nan_to_num(np.array(ended), nan=now.timestamp() + 9e6), zone)
    if come.min() > days[0] * DAY - DAY:
        return None
    features = list(_asked(then["built"], np.asarray(units), come, gone, days))
    if not features:
        return None
    rows = np.vstack(features)
    figures = drift.stability(then["features"], rows[:, _COLUMNS], WATCHED)
    # A shift that is asked about with four staffings is one shift.
    return Apart(figures, len(rows) // len(SPREAD), dict(then["usual"]))


def _asked(
    built: Mapping[str, Any], units: Any, come: Floats, gone: Floats, days: Ints, seed: int = 0
) -> Iterator[Floats]:
    rng = np.random.default_rng(seed)
    for place, (unit, shifts) in enumerate(built.items()):
        mine = units == unit
        for shift, (beds, nurses) in enumerate(shifts):
            if mine.any():
                yield cases_of(place, shift, days, come[mine], gone[mine], rng, (beds, nurses)).features


def _built(cases: Cases, place: int) -> list[list[float]]:
    found = []
    for shift in range(len(SHIFTS)):
        first = np.flatnonzero((cases.unit == place) & (cases.features[:, FEATURES.index("shift")] == shift))[:1]
        found += [[float(cases.beds[one]), float(cases.usual[one])] for one in first]
    return found


def _units(counts: Counts) -> list[tuple[str, Floats]]:
    """Each unit's arrivals by hour, then all together."""
    alone = [(unit, counts.hourly[:, place]) for place, unit in enumerate(counts.units)]
    return [*alone, (ALL_UNITS, counts.hourly.sum(axis=1))]


def _profile(profile: Callable[[Floats, int], Floats], hourly: Floats, first_day: int) -> dict[str, Any]:
    shares = _shares(profile(hourly, first_day))
    spans = [(day, hourly[day * 24 : (day + SPAN_DAYS) * 24]) for day in range(0, len(hourly) // 24, SPAN_DAYS)]
    found = [
        _far(profile(one, first_day + day), shares)
        for day, one in spans
        if len(one) == SPAN_DAYS * 24 and one.sum() >= LEAST_CAME
    ]
    return {"shares": shares.tolist(), "usual": _usual(found)}


def _shares(counts: Floats) -> Floats:
    shares: Floats = counts / max(float(counts.sum()), 1e-9)
    return shares


def _far(now: Floats, then: Floats) -> float:
    return drift.index(_shares(now), then)


def _usual(found: list[float]) -> float | None:
    """Under this lay nine of ten of the training's own spans; None where there were too few to say."""
    return float(np.quantile(found, USUAL)) if len(found) >= LEAST_SPANS else None
