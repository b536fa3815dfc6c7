"""Training the arrivals model: chosen and calibrated on later weeks, measured on still later ones, then learned anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from hospital_ops.domain.forecasts import BASELINE
from hospital_ops.domain.history import History
from hospital_ops.ml import arrivals, counts, drift_flow, registry
from hospital_ops.ml.arrivals import ArrivalsModel, Counts
from hospital_ops.ml.dataset import Floats, refuse_without_hours, table_of, told_of
from hospital_ops.ml.evaluate import intervals

KIND = "arrivals"
Progress = Callable[[float, str], None]
SEASON = 7


def train_arrivals(
    history: History, zone: ZoneInfo, progress: Progress = lambda fraction, words: None, seed: int = 0
) -> ArrivalsModel:
    """The arrivals model of a history, with its measures beside the baselines'. Raises ValueError when it is too short."""
    refuse_without_hours(history)
    progress(0.05, "Counting arrivals")
    model = train_on_counts(arrivals.counts_of(table_of(history, zone), history.end.timestamp()), progress, seed)
    return replace(model, metadata={**model.metadata, **told_of(history)})


def train_on_counts(history: Counts, progress: Progress = lambda fraction, words: None, seed: int = 0) -> ArrivalsModel:
    """As `train_arrivals`, from counts per hour."""
    whole = len(history.daily)
    held_out = int(min(150, whole // 3))
    progress(0.15, "Learning the calendar and the level")
    trial = arrivals.fit(history.until(whole - held_out), seed)
    middle = whole - held_out // 2
    progress(0.45, "Choosing between the calendar, the forest and both")
    contest = {method: _mae(trial, history, whole - held_out, middle, method) for method in arrivals.METHODS}
    trial.method = min(contest, key=lambda method: contest[method])
    calibrate(trial, history, range(whole - held_out, middle - 14, 2))
    progress(0.60, "Measuring against the same weekday's mean")
    measures = measure(trial, history, range(middle, whole - 14, 2))
    progress(0.70, "Learning from all of it")
    final = arrivals.fit(history, seed, forest=trial.method != "calendar")
    final.method, final.spread, final.tails = trial.method, trial.spread, trial.tails
    final.name = f"Arrivals: {final.method}"
    final.metadata = {
        "method": final.method,
        "days": whole,
        "units": list(history.units),
        "data_hash": fingerprint(history),
        "inputs": drift_flow.summary_of_counts(history),
        "metrics": measures,
        "candidates": contest,
        "features": ["weekday", "season", "holiday", *(f"level over {days:.0f} days" for days in arrivals.HALF_LIVES)],
        "split": "chronological, rolling origin",
    }
    progress(1.0, "The arrivals model is ready")
    return final


def calibrate(model: ArrivalsModel, history: Counts, origins: range) -> None:
    """Set how wide the ranges are from what came after each origin (whole days known), two weeks at a time."""
    expected, came = _pairs(model, history, origins)
    model.spread = counts.dispersion(*_summed(expected, came, 24))
    model.tails = {}
    for grain in arrivals.GRAINS:
        ahead, seen = _summed(expected, came, grain)
        model.tails[str(grain)] = counts.tail(ahead, seen, model.spread)
        model.tails[arrivals.HOUSE.format(grain)] = counts.tail(
            *_summed(*_together(expected, came), grain), model.spread
        )


def measure(model: ArrivalsModel, history: Counts, origins: range) -> dict[str, Any]:
    """MAE by day and shift, coverage of the ranges, beside the same weekday's mean over six weeks and Poisson's floor."""
    expected, came = _pairs(model, history, origins)
    daily, daily_came = _summed(expected, came, 24)
    naive = np.concatenate([six_week_mean(history, origin, 14) for origin in origins]).ravel()
    error, base = np.abs(daily - daily_came), np.abs(naive - daily_came)
    # Days foretold from the same evening go wrong together.
    evening = np.repeat(np.arange(len(origins)), len(daily) // max(len(origins), 1))
    result: dict[str, Any] = {
        "n": len(daily),
        "intervals": intervals({"daily_mae": error, "signed_error": daily - daily_came}, evening),
        "daily_mae": float(error.mean()),
        "six_week_mean_daily_mae": float(base.mean()),
        "poisson_floor_daily_mae": poisson_floor(daily),
        "signed_error": float((daily - daily_came).mean()),
    }
    for grain in arrivals.GRAINS:
        ahead, seen = _summed(expected, came, grain)
        low, high = model.range(ahead, grain)
        result[f"coverage_{grain}h"] = float(((seen >= low) & (seen <= high)).mean())
        ahead, seen = _summed(*_together(expected, came), grain)
        low, high = model.range(ahead, grain, house=True)
        result[f"house_coverage_{grain}h"] = float(((seen >= low) & (seen <= high)).mean())
    return result


def six_week_mean(history: Counts, origin: int, ahead: int) -> Floats:
    """The baseline of hospitals: the mean of the same weekday over the last six weeks, (ahead, units)."""
    rows = [
        history.daily[[origin - SEASON * week + day % SEASON for week in range(1, 7)]].mean(axis=0)
        for day in range(ahead)
    ]
    return np.array(rows)


def poisson_floor(expected: Floats, seed: int = 0) -> float:
    """The error that even the true rates would make, since people come one by one."""
    draws = np.random.default_rng(seed).poisson(expected, (20, len(expected)))
    return float(np.abs(draws - expected).mean())


def fingerprint(history: Counts) -> str:
    import hashlib

    return hashlib.sha256(np.ascontiguousarray(history.hourly).tobytes() + repr(history.units).encode()).hexdigest()


def _mae(model: ArrivalsModel, history: Counts, first: int, last: int, method: str) -> float:
    model.method = method
    errors = [
        np.abs(model.daily(history.until(day), 14) - history.daily[day : day + 14]).mean()
        for day in range(first, last - 14, 4)
    ]
    return float(np.mean(errors))


def _pairs(model: ArrivalsModel, history: Counts, origins: range) -> tuple[Floats, Floats]:
    """Expected and come per hour of the 14 days after each origin: (origins × 14 × 24, units)."""
    ahead = [model.hourly(history.until(day), 14) for day in origins]
    came = [history.hourly[day * 24 : (day + 14) * 24] for day in origins]
    return np.vstack(ahead), np.vstack(came)


def _together(expected: Floats, came: Floats) -> tuple[Floats, Floats]:
    """All units as one."""
    return expected.sum(axis=1, keepdims=True), came.sum(axis=1, keepdims=True)


def _summed(expected: Floats, came: Floats, hours: int) -> tuple[Floats, Floats]:
    def blocks(values: Floats) -> Floats:
        summed: Floats = values.reshape(-1, hours, values.shape[1]).sum(axis=1).ravel()
        return summed

    return blocks(expected), blocks(came)


def save_arrivals(model: ArrivalsModel, directory: Path, created_at: datetime) -> str:
    """Write a release; returns its version. Whether it serves is an act of its own (services/releases.py)."""
    metadata = {**model.metadata, "model": arrivals.as_json(model)}
    return registry.save(directory, KIND, model.estimator, metadata, created_at)


def load_arrivals(directory: Path) -> ArrivalsModel:
    """The active release. Raises ArtefactError with the reason; `fallback` then serves."""
    return restore(registry.load(directory, KIND))


def restore(release: registry.Release) -> ArrivalsModel:
    """A model from its release. Raises ArtefactError when its description is not one of ours."""
    try:
        model = arrivals.from_json(release.metadata["model"], release.estimator)
    except registry.NOT_OURS as error:
        raise registry.ArtefactError(f"Release {release.version} lacks a part of its description.") from error
    model.version, model.metadata = release.version, release.metadata
    return model


def fallback(recent: Counts, why: str = "") -> ArrivalsModel:
    """The stated baseline: the same weekday's mean over the last six weeks (or fewer) as a calendar without seasons."""
    weeks = min(len(recent.daily) // SEASON, 6)
    if weeks < 1:
        raise ValueError("Not even one week of arrivals is known; nothing can be forecast.")
    last = recent.daily[-weeks * SEASON :].reshape(weeks, SEASON, -1).mean(axis=0)
    order = arrivals.calendar.weekday(recent.days[-SEASON:])
    by_weekday = np.zeros_like(last)
    by_weekday[order] = last
    columns = 7 + arrivals.calendar.HOLIDAYS
    weights = np.zeros((len(recent.units), 1 + columns))
    weights[:, 1:8] = np.log(np.maximum(by_weekday.T, 0.05))
    nothing = [[[0.0] * len(arrivals.HALF_LIVES)] * len(recent.units)] * arrivals.LONGEST
    name = f"{BASELINE}same weekday, mean of six weeks"
    return ArrivalsModel(
        name=f"{name}. {why}" if why else name,
        units=recent.units,
        waves=0,
        coefficients=weights.tolist(),
        carry=nothing,
        profile=arrivals._profiles(recent),
    )
