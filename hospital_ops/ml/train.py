"""Training: past stays in, a model with its measures out. Chronological throughout: what tunes is earlier than what tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor

from hospital_ops.domain.history import Grain, History
from hospital_ops.ml import drift, evaluate, groups, mending, registry, straighten
from hospital_ops.ml.baselines import HORIZON, Bools, KaplanMeier
from hospital_ops.ml.dataset import DAY, Floats, Ints, StayTable, fingerprint, local_wall, table_of, told_of
from hospital_ops.ml.features import AHEAD, LANDMARK, Encoder, days_ahead, landmark_features, without_empty
from hospital_ops.ml.length_of_stay import (
    KIND,
    OUTSIDE,
    STRATA,
    DischargeModel,
    ahead_features,
    baseline_model,
    raw_hazards,
    stratum,
)
from hospital_ops.ml.past import cuts_of_lengths
from hospital_ops.ml.threads import one_core

Progress = Callable[[float, str], None]
Features = npt.NDArray[np.float32]

LANDMARKS, TRIAL_LANDMARKS = 30_000, 18_000  # a contest needs fewer than the release
AT_ADMISSION = 0.25  # of the moments
LEAST_STAYS, LEAST_A_PART = 300, 100
TEST_DAYS, CALIBRATION_DAYS, RUN_OUT_DAYS = 60, 50, 30  # the last weeks are left out: their long stays are not over yet
NEW_YORK = ZoneInfo("America/New_York")


@dataclass(frozen=True)
class Periods:
    """Landmarks (rows of the table, seconds) and their days: features, whether the patient left that day."""

    rows: Ints
    at: Floats
    features: Features
    landmark: Ints
    ahead: Features
    left: Ints

    def matrix(self) -> Features:
        return without_empty(np.hstack([self.features[self.landmark], self.ahead]))


def quiet(fraction: float, words: str) -> None:
    """A progress callback that says nothing."""


def train_length_of_stay(
    history: History, zone: ZoneInfo = NEW_YORK, progress: Progress = quiet, seed: int = 0
) -> DischargeModel:
    """A discharge model of the history, the winner of the candidates, with measures beside its baseline's.

    Raises ValueError with a sentence when there is too little history to learn from.
    """
    progress(0.02, "Reading the stays")
    table = table_of(history, zone)
    model = train_on_table(table, history.end.timestamp(), progress, seed, simulated=history.simulated)
    notes = [NOTES[history.grain]] if history.grain in NOTES else []
    return replace(model, metadata={**model.metadata, **told_of(history), "notes": notes})


def train_on_table(
    table: StayTable, end: float, progress: Progress = quiet, seed: int = 0, simulated: bool = False
) -> DischargeModel:
    """As `train_length_of_stay`, from a table whose stays are known up to `end` (seconds since 1970)."""
    finished = int(np.isfinite(table.column("days")).sum())
    if finished < LEAST_STAYS:
        raise ValueError(f"{finished} finished stays are too few to learn from; {LEAST_STAYS} are needed.")
    rng = np.random.default_rng(seed)
    cuts = _cuts(table, end)
    try:
        # In a simulated history groups have no effect by construction: there is nothing to mend, or to audit.
        trial = try_candidates(table, cuts, progress, rng, seed, by_group=not simulated)
    except ValueError as error:
        raise ValueError("Too few people come and go in one of the parts of this history to learn from it.") from error
    winner, measured = trial.winner, trial.model
    progress(0.62, f"Measuring {winner} against Kaplan–Meier")
    measures = evaluate.discharge(measured, table, *trial.test)
    baseline = evaluate.discharge(trial.baseline, table, *trial.test)
    by_group = [] if simulated else groups.audited(measured, table, cuts[1], cuts[2], np.random.default_rng(seed))
    progress(0.72, "Learning from all of it")
    parts = _fit_parts(table, end, LANDMARKS, rng)
    final = CANDIDATES[winner](parts, seed)
    progress(1.0, "The discharge model is ready")
    return replace(
        final,
        tails=measured.tails,
        sharpen=measured.sharpen,
        shifts=measured.shifts,
        metadata={
            "method": winner,
            "features": [*LANDMARK, *AHEAD],
            "data_hash": fingerprint(table),
            "stays": len(table),
            "simulated": simulated,
            "inputs": drift.of_past_days(table, final.encoder, end, measured.shifts),
            "metrics": measures,
            "baseline_metrics": baseline,
            "groups": by_group,
            "mitigation": trial.mitigation,
            "candidates": trial.candidates,
            "split": SPLITS[table.dated],
        },
    )


SPLITS = {
    True: "chronological: candidates are chosen and ranges calibrated on later weeks, measured on still later ones",
    False: "patient-grouped, since the history has no dates: candidates are chosen and ranges calibrated on a fifth of the "
    "patients, measured on another fifth",
}
NOTES = {
    Grain.DAYS: "The history knows days but no hours: hours of coming and leaving are the general ones, not this hospital's.",
    Grain.LENGTHS: "The history knows lengths but no dates: hours, weekdays and earlier stays are not this hospital's.",
}


@dataclass(frozen=True)
class Trial:
    """The winner of the candidates, calibrated, and what it is to be measured on: nothing here has seen `test`."""

    winner: str
    model: DischargeModel
    baseline: DischargeModel
    candidates: dict[str, dict[str, float]]
    test: tuple[Ints, Floats]
    mitigation: dict[str, Any] = field(default_factory=dict)


def try_candidates(
    table: StayTable,
    cuts: tuple[float, float, float],
    progress: Progress,
    rng: np.random.Generator,
    seed: int,
    by_group: bool = False,
) -> Trial:
    """Every candidate, learned before the first cut, judged before the second; the test lies before the third.

    `by_group`: the winner's log-odds are moved by group where that is due; a share of the patients is kept aside for it.
    """
    cut, middle, last = cuts
    aside = mending.kept_aside(table, cut, TRIAL_LANDMARKS, seed) if by_group else None
    before = _fit_parts(table, cut, TRIAL_LANDMARKS, rng, aside)
    tune = _known(table, *asked(table, cut, middle, 10_000, rng))
    test = _known(table, *landmarks(table, middle, last, 12_000, rng))
    contest = {}
    fitted: dict[str, DischargeModel] = {}
    for place, (name, fit) in enumerate(CANDIDATES.items()):
        progress(0.12 + 0.16 * place, f"Trying {name}")
        # Boosting stops before it is as sure as it may be, and a forest may be surer than it should.
        fitted[name] = _straight(fit(before, seed), table, *tune)
        contest[name] = evaluate.discharge(fitted[name], table, *tune)
    winner = min(contest, key=lambda name: float(contest[name]["crps_days"]))
    measured = fitted[winner]
    mitigation: dict[str, Any] = {}
    if by_group:
        progress(0.58, "Looking at groups")
        shifts, mitigation = mending.climbed(measured, table, (cut, middle), aside, seed)
        measured = replace(measured, shifts=shifts)
    measured = replace(measured, tails=_tails(measured, table, *tune))
    short = {name: _short(result) for name, result in contest.items()}
    return Trial(winner, measured, before.bare("Kaplan–Meier by unit"), short, test, mitigation)


@dataclass(frozen=True)
class FitParts:
    """Everything a candidate is fitted on."""

    table: StayTable
    until: float
    encoder: Encoder
    baseline: KaplanMeier
    periods: Periods

    def bare(self, name: str) -> DischargeModel:
        """The model without an estimator, which is the baseline."""
        typical = np.nanmedian(without_empty(self.periods.features), axis=0)
        return DischargeModel(name, self.baseline, self.encoder, typical=[float(value) for value in typical])


def earlier_model(table: StayTable, until: float, seed: int = 0) -> DischargeModel:
    """A boosted hazard that has seen nothing after `until`, for measuring what rests on it. No measures of its own."""
    return _boosted(_fit_parts(table, until, TRIAL_LANDMARKS, np.random.default_rng(seed)), seed)


def _cuts(table: StayTable, end: float) -> tuple[float, float, float]:
    """(learn until, calibrate until, test until); a short history gives the last half of itself."""
    if not table.dated:
        return cuts_of_lengths(table.zone)
    cuts = _cuts_by_time(table, end)
    admitted = table.column("admitted")
    parts = [int(((admitted >= first) & (admitted < last)).sum()) for first, last in pairwise(cuts)]
    # Few came in the last weeks, or the dates were shifted over a century: parts of the stays, not of the calendar.
    return cuts if min(parts) >= LEAST_A_PART else cuts_by_share(table)


def cuts_by_share(table: StayTable) -> tuple[float, float, float]:
    """After six and eight tenths of the stays, and at the end, without the last weeks: their long stays are not over yet."""
    admitted = table.column("admitted")
    end = float(np.nanmax(np.concatenate([admitted, table.column("discharged")])))
    run_out = min(RUN_OUT_DAYS * DAY, (end - admitted.min()) / 10)
    judged = admitted[admitted < end - run_out]
    if len(judged) < LEAST_A_PART:
        judged = admitted
    return float(np.quantile(judged, 0.6)), float(np.quantile(judged, 0.8)), float(judged.max() + 1.0)


def _cuts_by_time(table: StayTable, end: float) -> tuple[float, float, float]:
    first = float(np.nanmin(table.column("admitted")))
    span = (end - first) / DAY
    wanted = TEST_DAYS + CALIBRATION_DAYS + RUN_OUT_DAYS
    scale = min(1.0, span / 2 / wanted)
    last = end - RUN_OUT_DAYS * scale * DAY
    middle = last - TEST_DAYS * scale * DAY
    return middle - CALIBRATION_DAYS * scale * DAY, middle, last


def _fit_parts(
    table: StayTable, until: float, most: int, rng: np.random.Generator, away: Bools | None = None
) -> FitParts:
    """`away`: a mask of the stays that nothing is to be learned from."""
    known = table.column("discharged") <= until
    encoder = Encoder.fit(table.stays[known if away is None else known & ~away])
    periods = person_periods(table, encoder, until, most, rng, away)
    return FitParts(table, until, encoder, KaplanMeier.fit(table, until), periods)


def landmarks(
    table: StayTable, first: float, until: float, most: int, rng: np.random.Generator, away: Bools | None = None
) -> tuple[Ints, Floats]:
    """Moments at which somebody was here, every hour of every stay as likely as any other: (rows, seconds)."""
    admitted = table.column("admitted")
    gone = np.nan_to_num(table.column("discharged"), nan=np.inf)
    phase = rng.random(len(table))
    count = np.maximum(np.ceil((np.minimum(gone, until) - admitted) / DAY - phase), 0).astype(np.int64)
    rows = np.repeat(np.arange(len(table)), count)
    turn = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    at = admitted[rows] + (phase[rows] + turn) * DAY
    inside = np.flatnonzero((at >= first) & (at < until) & (True if away is None else ~away[rows]))
    if len(inside) > most:
        inside = np.sort(rng.choice(inside, most, replace=False))
    return rows[inside], at[inside]


def asked(
    table: StayTable, first: float, until: float, most: int, rng: np.random.Generator, away: Bools | None = None
) -> tuple[Ints, Floats]:
    """Moments at which a forecast is made: any hour of a stay, and (AT_ADMISSION of them) its very beginning."""
    admitted = table.column("admitted")
    new = np.flatnonzero((admitted >= first) & (admitted < until) & (True if away is None else ~away))
    few = int(most * AT_ADMISSION)
    if len(new) > few:
        new = np.sort(rng.choice(new, few, replace=False))
    rows, at = landmarks(table, first, until, most - len(new), rng, away)
    return np.concatenate([rows, new]), np.concatenate([at, admitted[new]])


def person_periods(
    table: StayTable, encoder: Encoder, until: float, most: int, rng: np.random.Generator, away: Bools | None = None
) -> Periods:
    """One row per landmark and coming day while the patient is still here, as known at `until`."""
    rows, at = asked(table, 0.0, until, most, rng, away)
    return periods_at(table, encoder, rows, at, until)


def periods_at(table: StayTable, encoder: Encoder, rows: Ints, at: Floats, until: float) -> Periods:
    """As `person_periods`, for landmarks that are given."""
    wall = local_wall(at, table.zone)
    discharged = table.column("discharged")[rows]
    gone = discharged <= until
    end = local_wall(np.where(gone, discharged, until), table.zone)
    # An unfinished last day says nothing about whether the patient leaves on it.
    days = (end // DAY - wall // DAY).astype(np.int64) + gone
    count = np.clip(days, 0, HORIZON)
    landmark = np.repeat(np.arange(len(rows)), count)
    ahead = np.arange(len(landmark)) - np.repeat(np.cumsum(count) - count, count)
    left = (gone[landmark] & (ahead == days[landmark] - 1)).astype(np.int64)
    features = landmark_features(table, encoder.fixed(table.stays), rows, at)
    admitted = local_wall(table.column("admitted")[rows], table.zone)
    return Periods(rows, at, features, landmark, days_ahead(wall, admitted, landmark, ahead), left)


def _known(table: StayTable, rows: Ints, at: Floats) -> tuple[Ints, Floats]:
    """Those whose end is known."""
    known = np.isfinite(table.column("discharged")[rows])
    return rows[known], at[known]


def _straight(model: DischargeModel, table: StayTable, rows: Ints, at: Floats) -> DischargeModel:
    """The model with its log-odds set right on moments that it has not learned from."""
    periods = periods_at(table, model.encoder, rows, at, float(np.nanmax(table.column("discharged"))))
    wall = local_wall(at, table.zone)
    ahead = periods.ahead[:, AHEAD.index("day_ahead")].astype(np.int64)
    usual = model.baseline.hazards(table, rows, wall)[periods.landmark, ahead]
    if model.ratios:
        whole = raw_hazards(model, periods.features, ahead_features(table, rows, wall), HORIZON)
        said = whole[periods.landmark, ahead]
    else:
        said = raw_hazards(model, periods.features[periods.landmark], periods.ahead, 1)[:, 0]
    return replace(model, sharpen=straighten.lines(said, usual, periods.left, ahead))


def _tails(model: DischargeModel, table: StayTable, rows: Ints, at: Floats) -> list[float]:
    """Per stratum of days in, the tail that leaves one in ten out on either side: split conformal, nothing randomised."""
    outlook, _ = model.outlook(table, rows, at)
    below, above = outlook.surprise(local_wall(table.column("discharged")[rows], table.zone))
    nearest = np.minimum(below, above)
    strata = stratum((at - table.column("admitted")[rows]) / DAY)
    return [_tail(nearest[strata == one]) for one in range(STRATA)]


def _tail(nearest: Floats) -> float:
    if len(nearest) < 100:
        return OUTSIDE
    return float(np.clip(np.quantile(nearest, 2 * OUTSIDE), 0.01, 0.25))


def _boosted(parts: FitParts, seed: int) -> DischargeModel:
    estimator = HistGradientBoostingClassifier(
        max_iter=140, learning_rate=0.09, max_leaf_nodes=24, min_samples_leaf=80, l2_regularization=1.0,
        early_stopping=False, random_state=seed,
    )  # fmt: skip
    with one_core():
        estimator.fit(parts.periods.matrix(), parts.periods.left)
    return replace(parts.bare("Gradient-boosted daily hazard"), estimator=estimator)


def _forest_hazard(parts: FitParts, seed: int) -> DischargeModel:
    sample = min(9_000, len(parts.periods.left))
    estimator = RandomForestClassifier(
        n_estimators=40, min_samples_leaf=25, max_features=0.3, max_samples=sample, n_jobs=1, random_state=seed
    )
    with one_core():
        estimator.fit(parts.periods.matrix(), parts.periods.left)
    return replace(parts.bare("Random forest daily hazard"), estimator=estimator)


def _forest_remaining(parts: FitParts, seed: int) -> DischargeModel:
    """The document's own model: remaining days at a landmark; its spread is that of truth over forecast, out of bag."""
    rows, at = parts.periods.rows, parts.periods.at
    remaining = (parts.table.column("discharged")[rows] - at) / DAY
    known = np.isfinite(remaining) & (parts.table.column("discharged")[rows] <= parts.until)
    # Two thirds at most, so that every landmark is left out of bag by some trees.
    sample = int(min(6_000, known.sum() * 2 // 3))
    estimator = RandomForestRegressor(
        n_estimators=40,
        min_samples_leaf=10,
        max_features=0.3,
        max_samples=sample,
        n_jobs=1,
        oob_score=True,
        random_state=seed,
    )
    with one_core():
        estimator.fit(without_empty(parts.periods.features[known]), remaining[known])
    ratios = remaining[known] / np.maximum(estimator.oob_prediction_, 0.05)
    spread = np.quantile(ratios, np.linspace(0.005, 0.995, 100))
    return replace(
        parts.bare("Random forest of remaining days"), estimator=estimator, ratios=[float(ratio) for ratio in spread]
    )


CANDIDATES: dict[str, Callable[[FitParts, int], DischargeModel]] = {
    "a gradient-boosted hazard": _boosted,
    "a random-forest hazard": _forest_hazard,
    "a random forest of remaining days": _forest_remaining,
}


def _short(result: dict[str, Any]) -> dict[str, float]:
    return {name: result[name] for name in ("mae_days", "crps_days", "ece_24h", "coverage", "mean_width_days")}


def save_length_of_stay(model: DischargeModel, directory: Path, created_at: datetime) -> str:
    """Write a release; returns its version. Whether it serves is an act of its own (services/releases.py)."""
    metadata = {**model.metadata, "model": model_facts(model)}
    return registry.save(directory, KIND, model.estimator, metadata, created_at)


def model_facts(model: DischargeModel) -> dict[str, Any]:
    """What beside the estimator makes the model, as JSON."""
    return {
        "name": model.name,
        "baseline": model.baseline.as_json(),
        "encoder": model.encoder.as_json(),
        "tails": model.tails,
        "typical": model.typical,
        "ratios": model.ratios,
        "sharpen": model.sharpen,
        "shifts": model.shifts,
    }


__all__ = ["baseline_model", "person_periods", "save_length_of_stay", "train_length_of_stay", "train_on_table"]
