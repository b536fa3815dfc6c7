"""Who answers whether a shift will exceed its staffed capacity: forest, logistic regression or the distribution itself.

Chronological throughout: candidates learn from the early weeks, one is chosen on later ones, and measured on the last. How past
shifts are asked about is in ml/past_shifts.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hospital_ops.domain.history import History
from hospital_ops.ml import arrivals, drift_flow, registry
from hospital_ops.ml.arrivals import Counts
from hospital_ops.ml.capacity import BOTH, DISTRIBUTION, FEATURES, KIND, NAMES, CapacityModel, predicted
from hospital_ops.ml.dataset import (
    DAY,
    Floats,
    Ints,
    StayTable,
    fingerprint,
    local_wall,
    refuse_without_hours,
    table_of,
    told_of,
)
from hospital_ops.ml.evaluate import expected_calibration_error, intervals
from hospital_ops.ml.past_shifts import Cases, past_cases
from hospital_ops.ml.shifts import census_distribution, still_there
from hospital_ops.ml.threads import one_core
from hospital_ops.ml.train import earlier_model

Progress = Callable[[float, str], None]
LEAST_CASES, MOST_CASES = 500, 24_000
LEAST_CHANCE = 1e-4  # what log loss takes for "never"
TEST_DAYS, CHOOSE_DAYS, RUN_OUT_DAYS = 45, 45, 4
LEAST_DAYS = 120 + TEST_DAYS + CHOOSE_DAYS + RUN_OUT_DAYS + 1  # arrivals are learned from what lies before these
EVERY = 5  # days: the distribution asks everybody's chance to have left, so it is not asked about each day


def train_shifts(
    history: History, zone: ZoneInfo, progress: Progress = lambda fraction, words: None, seed: int = 0
) -> CapacityModel:
    """The winner of the contest, learned anew from all past shifts. Raises ValueError with too few of them."""
    refuse_without_hours(history, LEAST_DAYS)
    progress(0.05, "Reading the stays")
    table = table_of(history, zone)
    model = train_on_table(table, history.end.timestamp(), progress, seed, simulated=history.simulated)
    return replace(model, metadata={**model.metadata, **told_of(history)})


def train_on_table(
    table: StayTable, end: float, progress: Progress = lambda fraction, words: None, seed: int = 0,
    simulated: bool = False,
) -> CapacityModel:  # fmt: skip
    """As `train_shifts`, from a table whose stays are known up to `end`."""
    counts = arrivals.counts_of(table, end)
    cases = past_cases(table, counts.units, end, seed)
    if len(cases) < LEAST_CASES:
        raise ValueError(f"{len(cases)} past shifts are too few to learn from; {LEAST_CASES} are needed.")
    last = int(local_wall(np.array([end]), table.zone)[0] // DAY) - RUN_OUT_DAYS
    middle, cut = last - TEST_DAYS, last - TEST_DAYS - CHOOSE_DAYS
    early, asked = cases.where(cases.day < cut), cases.where((cases.day >= cut) & ((cases.day - cut) % EVERY == 0))
    progress(0.15, "Learning from the early weeks")
    fitted = {name: fit(early, seed) for name, fit in CANDIDATES.items()}
    progress(0.35, "Asking the census's distribution")
    said = _answers(fitted, asked, _distribution(table, counts, asked, cut, seed))
    choose, test = asked.day < middle, asked.day >= middle
    contest = {name: scores(chance[choose], asked.over[choose]) for name, chance in said.items()}
    winner = min(contest, key=lambda name: contest[name]["brier"])
    progress(0.85, "Learning from all of it")
    last_asked = asked.where(test)
    share = np.full(len(last_asked), float(early.over.mean()))
    learned = "forest" if winner == BOTH else winner
    return CapacityModel(
        winner,
        CANDIDATES[learned](cases, seed) if learned in CANDIDATES else None,
        NAMES[winner],
        {
            "method": winner,
            "features": list(FEATURES),
            "shifts": len(cases),
            "data_hash": fingerprint(table),
            "inputs": drift_flow.summary_of_cases(cases, counts.units),
            "simulated": simulated,
            "metrics": scores(said[winner][test], last_asked.over, last_asked.day),
            "baseline_metrics": scores(share, last_asked.over),
            "candidates": contest,
            "on_the_last_weeks": {
                name: scores(chance[test], last_asked.over, last_asked.day) for name, chance in said.items()
            },
            "against_distribution": against(said[winner][test], said[DISTRIBUTION][test], last_asked),
            "by_unit": by_unit(said[winner][test], last_asked, counts.units),
            "split": "chronological: candidates learn from early weeks, one is chosen on later ones, measured on the last",
        },
    )


def scores(chance: Floats, over: Ints, days: Ints | None = None) -> dict[str, Any]:
    """Brier score, log loss and calibration error of chances against what came; proper ones, lower is better.

    With `days` the 95 % interval of the Brier score, in which a day is one voice: the same shift is asked about four times.
    """
    clipped = np.clip(chance, LEAST_CHANCE, 1 - LEAST_CHANCE)
    sure = {} if days is None else {"intervals": intervals({"brier": (chance - over) ** 2}, days)}
    return {
        **sure,
        "brier": float(((chance - over) ** 2).mean()),
        "log_loss": float(log_loss(over, clipped, labels=[0, 1])),
        "ece": expected_calibration_error(chance, over.astype(float)),
        "share_over": float(over.mean()),
        "n": float(len(over)),
    }


def against(ours: Floats, distribution: Floats, asked: Cases) -> dict[str, dict[str, float]]:
    """Brier score and log loss, ours less the distribution's, question by question; a day is one voice in the interval."""
    pairs = {name: each(ours, asked.over) - each(distribution, asked.over) for name, each in _EACH.items()}
    return {name: _apart(values, asked.day) for name, values in pairs.items()}


def by_unit(chance: Floats, asked: Cases, units: tuple[str, ...]) -> list[dict[str, Any]]:
    """Foretold less came, as a share of the questions, of each unit that was asked about."""
    found = []
    for place in np.unique(asked.unit):
        mine = asked.unit == place
        error = chance[mine] - asked.over[mine]
        found.append({"unit": units[int(place)], "n": int(mine.sum()), **_apart(error, asked.day[mine])})
    return found


def _apart(values: Floats, days: Ints) -> dict[str, float]:
    """With one day alone nobody can say how sure it is: then the interval is the figure itself."""
    mean = float(values.mean())
    low, high = intervals({"apart": values}, days).get("apart", [mean, mean])
    return {"apart": mean, "low": low, "high": high}


def _surprise(chance: Floats, over: Ints) -> Floats:
    clipped = np.clip(chance, LEAST_CHANCE, 1 - LEAST_CHANCE)
    each: Floats = -np.where(over > 0, np.log(clipped), np.log1p(-clipped))
    return each


def _squared(chance: Floats, over: Ints) -> Floats:
    each: Floats = (chance - over) ** 2
    return each


_EACH: dict[str, Callable[[Floats, Ints], Floats]] = {"brier": _squared, "log_loss": _surprise}


def _forest(cases: Cases, seed: int) -> Any:
    estimator = RandomForestClassifier(
        n_estimators=60, min_samples_leaf=20, max_features=0.5, max_samples=0.5, n_jobs=1, random_state=seed
    )
    return _fit(estimator, cases, seed)


def _logistic(cases: Cases, seed: int) -> Any:
    return _fit(make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)), cases, seed)


def _fit(estimator: Any, cases: Cases, seed: int) -> Any:
    rows = np.arange(len(cases))
    if len(rows) > MOST_CASES:
        rows = np.random.default_rng(seed).choice(rows, MOST_CASES, replace=False)
    over = cases.over[rows]
    if len(np.unique(over)) < 2:
        raise ValueError("Every past shift went the same way; there is nothing to tell apart.")
    with one_core():
        return estimator.fit(cases.features[rows], over)


CANDIDATES: dict[str, Callable[[Cases, int], Any]] = {"forest": _forest, "logistic": _logistic}


def _answers(fitted: dict[str, Any], cases: Cases, distribution: Floats) -> dict[str, Floats]:
    said = {name: predicted(estimator, cases.features) for name, estimator in fitted.items()}
    return {DISTRIBUTION: distribution, **said, BOTH: (said["forest"] + distribution) / 2}


def _distribution(table: StayTable, counts: Counts, cases: Cases, cut: int, seed: int) -> Floats:
    """The distribution's own answer, from models of leaving and arriving that have seen nothing after `cut`."""
    until = _epoch(np.array([cut * DAY]), table.zone)[0]
    leaving = earlier_model(table, float(until), seed)
    coming = arrivals.fit(counts.until(cut - counts.first_day), seed, forest=False)
    moments, place = np.unique(cases.asked, return_inverse=True)
    at = _epoch(moments, table.zone)
    admitted, discharged = table.column("admitted"), np.nan_to_num(table.column("discharged"), nan=np.inf)
    rows = [np.flatnonzero((admitted <= when) & (discharged > when)) for when in at]
    sizes = np.array([len(one) for one in rows])
    outlook, _ = leaving.outlook(table, np.concatenate(rows), np.repeat(at, sizes))
    # Everybody who is asked about at one moment is asked about the same hours ahead.
    ahead = np.zeros(len(moments))
    ahead[place] = cases.ahead
    gone = np.split(outlook.gone_within(np.repeat(ahead, sizes)), np.cumsum(sizes)[:-1])
    hourly = {day: coming.hourly(counts.until(int(day) - counts.first_day), 3) for day in np.unique(moments // DAY)}
    unit_of = table.stays["unit"].to_numpy()
    found = np.zeros(len(cases))
    for one, moment in enumerate(place):
        unit = counts.units[int(cases.unit[one])]
        mine = unit_of[rows[moment]] == unit
        skipped = (moments[moment] % DAY) / 3600.0
        expected = hourly[moments[moment] // DAY][:, int(cases.unit[one])]
        newcomers = still_there(expected, skipped, float(cases.ahead[one]), leaving, unit)
        census = census_distribution(gone[moment][mine], newcomers, int(cases.beds[one]))
        found[one] = sum(census[int(cases.capacity[one]) + 1 :])
    return np.clip(found, 0.0, 1.0)


def _epoch(wall: Floats, zone: ZoneInfo) -> Floats:
    """Seconds since 1970 of moments on the zone's wall clock."""
    guess = wall - (local_wall(wall, zone) - wall)
    moments: Floats = wall - (local_wall(guess, zone) - guess)
    return moments


def save_shifts(model: CapacityModel, directory: Path, created_at: datetime) -> str:
    """Write a release; returns its version. Whether it serves is an act of its own (services/releases.py)."""
    metadata = {**model.metadata, "model": {"method": model.method, "name": model.name}}
    return registry.save(directory, KIND, model.estimator, metadata, created_at)


def load_shifts(directory: Path) -> CapacityModel:
    """The active release; without one the distribution answers, and its name says why."""
    try:
        return restore(registry.load(directory, KIND))
    except registry.ArtefactError as error:
        return CapacityModel(name=f"{NAMES[DISTRIBUTION]}. {error}")


def restore(release: registry.Release) -> CapacityModel:
    """A model from its release. Raises ArtefactError when its description is not one of ours."""
    try:
        told = release.metadata["model"]
        return CapacityModel(told["method"], release.estimator, told["name"], release.metadata, release.version)
    except registry.NOT_OURS as error:
        raise registry.ArtefactError(f"Release {release.version} lacks a part of its description.") from error
