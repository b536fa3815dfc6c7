"""How well arrivals of a file can be foretold: rolling origin over its last days, beside what any hospital could do.

Every day of the last part is an origin; the model is learned anew each quarter, and how wide the ranges are is
settled on days before. The floor is the error that the true rates would make, if people come one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hospital_ops.ml import arrivals, counts, train_arrivals
from hospital_ops.ml.arrivals import ArrivalsModel, Counts
from hospital_ops.ml.arrivals_csv import UNIT, ArrivalsReading
from hospital_ops.ml.calendar import weekday
from hospital_ops.ml.csv_rows import FileRefused
from hospital_ops.ml.dataset import Floats
from hospital_ops.ml.threads import one_core

AHEAD = 28
LEAST_DAYS, LEAST_LEARNED = 260, 167
TEST_DAYS, CHOOSING_DAYS, REFIT_DAYS = 540, 180, 90
HORIZONS = ((1, 1), (2, 3), (4, 7), (8, 14), (15, 28))
SHARES = tuple(share / 10 for share in range(1, 10))
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Progress = Callable[[float, str], None]


@dataclass
class _Origins:
    """What was foretold at each origin and what came, for every method and baseline; rows are origins."""

    expected: list[Floats] = field(default_factory=list)
    came: list[Floats] = field(default_factory=list)
    known: list[Floats] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)
    spread: list[float] = field(default_factory=list)
    days: list[Floats] = field(default_factory=list)
    others: dict[str, list[Floats]] = field(default_factory=dict)
    hours: list[Floats] = field(default_factory=list)
    hours_came: list[Floats] = field(default_factory=list)
    hours_before: list[Floats] = field(default_factory=list)
    hours_week_ago: list[Floats] = field(default_factory=list)
    hours_inside: list[Floats] = field(default_factory=list)


def evaluate_arrivals(reading: ArrivalsReading, progress: Progress, seed: int = 0) -> dict[str, Any]:
    """Measures of the model and of the baselines. Raises FileRefused when the file is too short or always the same."""
    history = Counts((UNIT,), reading.first_day, reading.hourly[:, None])
    daily = history.daily[:, 0]
    if len(daily) < LEAST_DAYS:
        raise FileRefused(f"{len(daily)} days are too few to learn and to test on; {LEAST_DAYS} are needed.")
    if not daily.any():
        raise FileRefused("Nobody comes on any day of the file; there is nothing to foretell.")
    test = min(TEST_DAYS, len(daily) // 3, len(daily) - AHEAD - LEAST_LEARNED)
    start = len(daily) - AHEAD - test
    found = _Origins()
    with one_core():
        for block in range(start, len(daily) - AHEAD, REFIT_DAYS):
            progress(0.05 + 0.9 * (block - start) / test, "Foretelling each day from the days before")
            _block(found, history, reading, block, min(block + REFIT_DAYS, len(daily) - AHEAD), seed)
    return _measures(found, history, reading, start)


def _block(found: _Origins, history: Counts, reading: ArrivalsReading, block: int, until: int, seed: int) -> None:
    """Foretell from each origin of the block with one model, learned on the days before it."""
    choosing = min(CHOOSING_DAYS, block - 120)
    trial = arrivals.fit(history.until(block - choosing), seed)
    origins = range(block - choosing, block - AHEAD, 2)
    train_arrivals.calibrate(trial, history.until(block), range(block - choosing, block - 14, 2))
    model = arrivals.fit(history.until(block), seed)
    model.spread, model.tails = trial.spread, trial.tails
    tail = _daily_tail(trial, history.until(block), origins)
    for origin in range(block, until):
        _origin(found, model, history, reading, origin, tail)


def _daily_tail(model: ArrivalsModel, history: Counts, origins: range) -> float:
    expected = np.concatenate([model.daily(history.until(day))[:, 0] for day in origins])
    came = np.concatenate([history.daily[day : day + AHEAD, 0] for day in origins])
    return counts.tail(expected, came, model.spread)


def _origin(
    found: _Origins, model: ArrivalsModel, history: Counts, reading: ArrivalsReading, origin: int, tail: float
) -> None:
    known, daily = history.until(origin), history.daily[:, 0]
    came, expected = daily[origin : origin + AHEAD], model.daily(known)[:, 0]
    found.expected.append(expected)
    found.came.append(came)
    found.known.append(reading.known[origin : origin + AHEAD].astype(float))
    found.low.append(counts.quantile(tail, expected, model.spread))
    found.high.append(counts.quantile(1 - tail, expected, model.spread))
    found.spread.append(model.spread)
    found.days.append(known.days[-1] + 1.0 + np.arange(AHEAD))
    others = {
        "six_week_mean": train_arrivals.six_week_mean(known, origin, AHEAD)[:, 0],
        "seasonal_naive": np.tile(daily[origin - 7 : origin], 4),
    }
    for name, values in others.items():
        found.others.setdefault(name, []).append(values)
    if reading.by_hour and reading.known[origin]:
        _hours(found, model, known, history.hourly[:, 0], origin)


def _hours(found: _Origins, model: ArrivalsModel, known: Counts, by_hour: Floats, origin: int) -> None:
    """The next day by the hour."""
    hour = model.hourly(known, 1)[:, 0]
    came = by_hour[origin * 24 : origin * 24 + 24]
    low, high = model.range(hour, 1.0)
    weeks = [by_hour[(origin - 7 * week) * 24 : (origin - 7 * week + 1) * 24] for week in range(1, 7)]
    found.hours.append(hour)
    found.hours_came.append(came)
    found.hours_before.append(np.mean(weeks, axis=0))
    found.hours_week_ago.append(weeks[0])
    found.hours_inside.append(((came >= low) & (came <= high)).astype(float))


def _measures(found: _Origins, history: Counts, reading: ArrivalsReading, start: int) -> dict[str, Any]:
    daily = history.daily[:, 0]
    scale = float(np.abs(daily[7:start] - daily[: start - 7]).mean())
    expected, came, known = (np.array(part) for part in (found.expected, found.came, found.known))
    real = known.astype(bool)
    if not real.any():
        raise FileRefused("The last days of the file, on which it would be tested, are all missing.")
    inside = (came >= np.array(found.low)) & (came <= np.array(found.high))
    width = np.array(found.high) - np.array(found.low)
    return {
        "tested_on": {"days": len(daily) - start, "origins": len(came), "days_ahead": AHEAD},
        "learned_from": {"days_at_least": start, "days": len(daily), "anew_every_days": REFIT_DAYS},
        "method": arrivals.METHODS[-1],
        "mase_scale": scale,
        "daily": {
            "model": {
                **_errors(expected, came, real, scale),
                "coverage_80": float(inside[real].mean()),
                "mean_width": float(width[real].mean()),
            },
            "baselines": {name: _errors(np.array(v), came, real, scale) for name, v in found.others.items()},
            "poisson_floor": _floor(expected[real], came[real], scale),
        },
        "coverage_by_days_ahead": [
            _stratum(f"{a}–{b}", slice(a - 1, b), inside, real, expected, came, scale) for a, b in HORIZONS
        ],
        "coverage_by_weekday": _by_weekday(found, inside, real, expected, came, scale),
        "calibration": _calibration(expected, came, real, np.array(found.spread)),
        "hourly_next_day": _by_hour(found, history, start) if found.hours else None,
    }


def _errors(expected: Floats, came: Floats, real: Floats, scale: float) -> dict[str, Any]:
    error = (expected - came)[real]
    some = came[real] > 0
    share = np.abs(error[some]) / came[real][some]
    return {
        "mae": float(np.abs(error).mean()),
        "mase": float(np.abs(error).mean() / scale) if scale else None,
        "mape": float(share.mean()) if some.any() else None,
        "signed_error": float(error.mean()),
        "rmse": float(np.sqrt((error**2).mean())),
    }


def _floor(expected: Floats, came: Floats, scale: float) -> dict[str, Any]:
    mae = train_arrivals.poisson_floor(expected)
    draws = np.random.default_rng(0).poisson(expected, (20, len(expected)))
    some = draws > 0
    share = np.abs(draws - expected)[some] / draws[some]
    return {"mae": mae, "mase": mae / scale if scale else None, "mape": float(share.mean()) if some.any() else None}


def _stratum(
    name: str, part: slice, inside: Floats, real: Floats, expected: Floats, came: Floats, scale: float
) -> dict[str, Any]:
    chosen = real[:, part]
    if not chosen.any():
        return {"days_ahead": name, "n": 0, "coverage_80": None, "mase": None}
    error = np.abs(expected - came)[:, part][chosen].mean()
    return {
        "days_ahead": name,
        "n": int(chosen.sum()),
        "coverage_80": float(inside[:, part][chosen].mean()),
        "mase": float(error / scale) if scale else None,
    }


def _by_weekday(
    found: _Origins, inside: Floats, real: Floats, expected: Floats, came: Floats, scale: float
) -> list[dict[str, Any]]:
    names = weekday(np.array(found.days).astype(np.int64))
    rows = []
    for place, name in enumerate(WEEKDAYS):
        mine = real & (names == place)
        if mine.any():
            row = {"weekday": name, "n": int(mine.sum()), "coverage_80": float(inside[mine].mean())}
            rows.append(row | {"signed_error": float((expected - came)[mine].mean())})
    return rows


def _calibration(expected: Floats, came: Floats, real: Floats, spread: Floats) -> list[dict[str, float]]:
    """Per nominal share, how often no more came than the quantile said (counts are whole: a little above is right)."""
    rows = []
    for share in SHARES:
        below = [
            (came[one] <= counts.quantile(share, expected[one], float(spread[one])))[real[one]]
            for one in range(len(came))
        ]
        rows.append({"said": share, "seen": float(np.concatenate(below).mean())})
    return rows


def _by_hour(found: _Origins, history: Counts, start: int) -> dict[str, Any]:
    by_hour = history.hourly[:, 0]
    scale = float(np.abs(by_hour[168 : start * 24] - by_hour[: (start - 7) * 24]).mean())
    expected, came = np.array(found.hours), np.array(found.hours_came)
    real = np.ones_like(came, dtype=bool)
    return {
        "model": {
            **_errors(expected, came, real, scale),
            "coverage_80": float(np.mean(found.hours_inside)),
        },
        "baselines": {
            "six_week_mean": _errors(np.array(found.hours_before), came, real, scale),
            "seasonal_naive": _errors(np.array(found.hours_week_ago), came, real, scale),
        },
        "poisson_floor": _floor(expected.ravel(), came.ravel(), scale),
        "mase_scale": scale,
    }
