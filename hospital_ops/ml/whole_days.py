"""Lengths of stay without dates: the chance to leave on each whole day, from what is known at admission.

The same idea as the dated model on coarser paper: one row per stay and day, a boosted hazard, and everything else
(medians, sets, what is left at a landmark) follows from the distribution given still being here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor

from hospital_ops.ml import mitigation, straighten
from hospital_ops.ml.baselines import Bools
from hospital_ops.ml.dataset import Floats, Ints
from hospital_ops.ml.fairness import clustered_interval
from hospital_ops.ml.features import without_empty
from hospital_ops.ml.groups import given, grouped

Features = npt.NDArray[np.float32]
SHRINK = 15.0
LONGEST = 60  # days that are each told for themselves
# Where more than one stay in a hundred is longer than LONGEST: so far days are told at all, late ones in periods.
FARTHEST = 365
OUTSIDE = 0.19  # of the nearest tails: eight in ten inside, and a little to spare
COMMON = 60  # so many of a word's values get their own number


@dataclass(frozen=True)
class Columns:
    """Which columns are numbers, which are words, and which pairs of words are read together."""

    numbers: tuple[str, ...]
    words: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...] = ()


STANDARD = Columns(
    numbers=("age", "earlier_stays", "earlier_mean_days"),
    words=("sex", "unit", "diagnosis_code", "admission_source"),
    pairs=(("unit", "diagnosis_code"), ("unit", "admission_source")),
)


@dataclass
class WordTables:
    """Mean logarithm of days per word, shrunk; and a number for each common word."""

    columns: Columns
    means: dict[str, dict[str, float]] = field(default_factory=dict)
    places: dict[str, dict[str, int]] = field(default_factory=dict)
    overall: float = 0.0

    @classmethod
    def fit(cls, stays: pd.DataFrame, days: Floats, columns: Columns) -> WordTables:
        logs = np.log(days)
        tables = cls(columns, overall=float(logs.mean()))
        for name, values in _words(stays, columns).items():
            sums = pd.DataFrame({"word": values, "log": logs}).groupby("word")["log"].agg(["sum", "size"])
            means = (sums["sum"] + SHRINK * tables.overall) / (sums["size"] + SHRINK)
            tables.means[name] = means.to_dict()
        for name in columns.words:
            tables.places[name] = {word: n for n, word in enumerate(stays[name].value_counts().index[:COMMON])}
        return tables

    def encoded(self, stays: pd.DataFrame) -> Floats:
        """Shape (stays, words and pairs)."""
        words = _words(stays, self.columns)
        columns = [words[name].map(table).fillna(self.overall) for name, table in self.means.items()]
        return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])

    def plain(self, stays: pd.DataFrame) -> Floats:
        """Numbers as they are, words by their place, and the number inside a code (ICD chapters are ranges)."""
        parts = [stays[name].to_numpy(dtype=np.float64) for name in self.columns.numbers]
        for name, places in self.places.items():
            parts.append(stays[name].map(places).to_numpy(dtype=np.float64))
            inside = stays[name].astype(str).str.extract(r"(\d+(?:\.\d+)?)")[0]
            parts.append(inside.to_numpy(dtype=np.float64))
        return np.column_stack(parts)


def _words(stays: pd.DataFrame, columns: Columns) -> dict[str, pd.Series]:
    found = {name: stays[name].astype(str) for name in columns.words}
    for one, other in columns.pairs:
        found[f"{one}|{other}"] = stays[one].astype(str).str[:40] + "|" + stays[other].astype(str).str[:3]
    return found


@dataclass
class WholeDays:
    """A fitted model.

    `ends`: the last day of each period; a day is its own period unless stays are long. `usual[k]`: log-odds of leaving in
    period k of everybody still here. `tails[t]`: what a set leaves out on either side for those who have been in for t days.
    `lines[k]`: how far the learner's log-odds, and how far the usual ones, are believed in period k. `shifts`: of the log-odds by
    group, against bias, and `mitigation` what else was tried.
    """

    tables: WordTables
    estimator: Any
    ends: Ints
    usual: Floats
    tails: list[float] = field(default_factory=list)
    lines: list[straighten.Line] = field(default_factory=list)
    shifts: mitigation.Shifts = field(default_factory=dict)
    mitigation: dict[str, Any] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        """The day by which everybody is told to have left."""
        return int(self.ends[-1])

    def gone(self, stays: pd.DataFrame, by_group: bool = True) -> Floats:
        """P(stay ≤ k days), k = 1 … longest: shape (stays, longest). `by_group`: with the shifts."""
        said = log_odds(self.estimator, features(self.tables, stays), self.ends)
        odds = straighten.moved_odds(said, self.usual, self.lines)
        return gone_by_day(odds + mitigation.moved_by(stays, self.shifts)[:, None] if by_group else odds, self.ends)


def features(tables: WordTables, stays: pd.DataFrame) -> Features:
    return np.hstack([tables.encoded(stays), tables.plain(stays)]).astype(np.float32)


def fit(
    stays: pd.DataFrame,
    days: Ints,
    columns: Columns = STANDARD,
    seed: int = 0,
    kind: str = "boosted",
    ends: Ints | None = None,
) -> WholeDays:
    """Learn from stays (any columns, `patient_id` among them) and their whole days. `ends`: periods, if not those of `days`."""
    ends = periods(days) if ends is None else ends
    days = np.minimum(days, ends[-1])
    matrix, tables = _honest_features(stays, days, columns, seed)
    period = np.searchsorted(ends, days) + 1
    rows, left = person_days(without_empty(matrix), period)
    rows[:, -1] = ends[rows[:, -1].astype(np.int64) - 1]
    estimator = _ESTIMATORS[kind](seed)
    estimator.fit(rows, left)
    return WholeDays(tables, estimator, ends, usual_odds(period, len(ends)))


def periods(days: Ints) -> Ints:
    """The last day of each period: every day up to the longest stay, or, where many stay longer than LONGEST, wider ones late.

    From LONGEST / 2 on a period then takes a twentieth of the days in: nobody plans a stay of half a year to the day, and a
    row per day would be a hundred rows a stay.
    """
    many, most = (int(np.quantile(days, share, method="higher")) for share in (0.99, 0.999))
    if many <= LONGEST:
        return np.arange(1, min(int(days.max()), LONGEST) + 1)
    most = min(most, FARTHEST)
    ends = list(range(1, LONGEST // 2 + 1))
    while ends[-1] < most:
        ends.append(min(ends[-1] + 1 + ends[-1] // 20, most))
    return np.array(ends, dtype=np.int64)


def _honest_features(stays: pd.DataFrame, days: Ints, columns: Columns, seed: int) -> tuple[Features, WordTables]:
    """Training features whose word means come from other patients: otherwise a rare word would tell its own stay."""
    numbers = days.astype(np.float64)
    fold = patient_folds(stays, 5, seed + 1)
    encoded = np.zeros((len(stays), len(columns.words) + len(columns.pairs)))
    for one in range(5):
        others = WordTables.fit(stays[fold != one], numbers[fold != one], columns)
        encoded[fold == one] = others.encoded(stays[fold == one])
    tables = WordTables.fit(stays, numbers, columns)
    return np.hstack([encoded, tables.plain(stays)]).astype(np.float32), tables


def person_days(matrix: Features, days: Ints) -> tuple[Features, Ints]:
    """One row per stay and day in; the last day's label is one."""
    stay = np.repeat(np.arange(len(days)), days)
    day = np.arange(len(stay)) - np.repeat(np.cumsum(days) - days, days) + 1
    return np.hstack([matrix[stay], day[:, None]]).astype(np.float32), (day == days[stay]).astype(np.int64)


def log_odds(estimator: Any, matrix: Features, ends: Ints) -> Floats:
    """Of leaving in each period if still here, shape (stays, periods)."""
    day = np.tile(ends, len(matrix))[:, None]
    rows = np.hstack([np.repeat(matrix, len(ends), axis=0), day]).astype(np.float32)
    return straighten.log_odds(estimator.predict_proba(rows)[:, 1]).reshape(len(matrix), len(ends))


def usual_odds(days: Ints, longest: int) -> Floats:
    """Kaplan–Meier's log-odds of leaving on each day, shape (longest,); half a stay of either kind keeps them finite."""
    day = np.arange(1, longest + 1)
    left, here = (days[:, None] == day).sum(axis=0), (days[:, None] >= day).sum(axis=0)
    odds: Floats = np.log((left + 0.5) / (here - left + 0.5))
    return odds


def gone_by_day(odds: Floats, ends: Ints | None = None) -> Floats:
    """P(stay ≤ k days), k = 1 …; whoever is left in the last period leaves in it. Within a period all days are alike."""
    staying = 1 / (1 + np.exp(odds))
    staying[:, -1] = 0.0
    gone = np.asarray(1 - np.cumprod(staying, axis=1), dtype=np.float64)
    if ends is None or len(ends) == ends[-1]:
        return gone
    before = np.hstack([np.zeros((len(gone), 1)), gone[:, :-1]])
    day = np.arange(1, ends[-1] + 1)
    period = np.searchsorted(ends, day)
    begins = np.concatenate([[0], ends[:-1]])
    share = (day - begins[period]) / (ends - begins)[period]
    spread: Floats = before[:, period] + share * (gone - before)[:, period]
    return spread


def patient_folds(stays: pd.DataFrame, folds: int, seed: int) -> Ints:
    """A fold per stay; all stays of a patient are in the same one."""
    codes, patients = pd.factorize(stays["patient_id"])
    drawn: Ints = np.random.default_rng(seed).integers(0, folds, len(patients))[codes]
    return drawn


def calibrate(
    model: WholeDays, stays: pd.DataFrame, days: Ints, columns: Columns, seed: int = 0, folds: int = 3
) -> None:
    """Set lines, shifts and tails from patients whom a model of the others foretold: cross-conformal, nothing randomised."""
    fold = patient_folds(stays, folds, seed + 2)
    odds = np.zeros((len(stays), len(model.ends)))
    for one in range(folds):
        others = fit(stays[fold != one].reset_index(drop=True), days[fold != one], columns, seed, ends=model.ends)
        odds[fold == one] = log_odds(others.estimator, features(others.tables, stays[fold == one]), model.ends)
    days = np.minimum(days, model.longest)
    model.lines = straighten.by_day(odds, model.usual, np.searchsorted(model.ends, days) + 1)
    odds = straighten.moved_odds(odds, model.usual, model.lines)
    model.shifts, model.mitigation = mitigation.climbed(_calibration(odds, stays, days, model.ends), None, seed)
    gone = gone_by_day(odds + mitigation.moved_by(stays, model.shifts)[:, None], model.ends)
    model.tails = []
    for days_in in range(model.longest):
        here = days > days_in
        nearest = _nearest(still_here(gone[here], days_in), days[here])
        # On the last day there is nothing to leave out; a tail of a half would turn the set inside out.
        tail = min(float(np.quantile(nearest, OUTSIDE)), 0.45) if len(nearest) >= 100 else (model.tails or [0.1])[-1]
        model.tails.append(tail)


def _calibration(odds: Floats, stays: pd.DataFrame, days: Ints, ends: Ints) -> mitigation.Calibration:
    last = np.searchsorted(ends, days)
    stay = np.repeat(np.arange(len(days)), last + 1)
    period = np.arange(len(stay)) - np.repeat(np.cumsum(last + 1) - last - 1, last + 1)
    left = (period == last[stay]).astype(np.int64)
    # Whoever is left in the last period leaves in it, whatever the odds say.
    open_ = period < odds.shape[1] - 1
    at_risk = mitigation.Periods(stays, stay[open_], odds[stay[open_], period[open_]], left[open_])
    frame = grouped(stays)
    came = days.astype(np.float64)
    by_then = days[:, None] <= np.arange(1, ends[-1] + 1)

    def expected(shift: Floats, chosen: Bools) -> Floats:
        return mean_days(gone_by_day(odds[chosen] + shift[:, None], ends))

    def scores(shift: Floats) -> tuple[Floats, Floats]:
        gone = gone_by_day(odds + shift[:, None], ends)
        return day_of(gone, 0.5).astype(np.float64), ((gone - by_then) ** 2).sum(axis=1)

    return mitigation.Calibration(at_risk, frame, came, expected, scores, given(frame))


def still_here(gone: Floats, days_in: int) -> Floats:
    """The distribution given a stay longer than `days_in`."""
    if days_in == 0:
        return gone
    left = np.maximum(1 - gone[:, days_in - 1 : days_in], 1e-9)
    conditional: Floats = np.clip((gone - gone[:, days_in - 1 : days_in]) / left, 0.0, 1.0)
    conditional[:, :days_in] = 0.0
    return conditional


def day_of(gone: Floats, chance: float) -> Ints:
    """The first day by which the patient has left with `chance`."""
    days: Ints = np.minimum((gone < chance - 1e-12).sum(axis=1) + 1, gone.shape[1])
    return days


def mean_days(gone: Floats) -> Floats:
    mean: Floats = (1 - gone).sum(axis=1) + 1
    return mean


def _nearest(gone: Floats, days: Ints) -> Floats:
    """P(stay ≤ what came) or P(stay ≥ what came), whichever is less."""
    rows = np.arange(len(days))
    until = gone[rows, days - 1]
    before = np.where(days > 1, gone[rows, np.maximum(days - 2, 0)], 0.0)
    return np.minimum(until, 1 - before)


def kaplan_meier(days: Ints, longest: int) -> Floats:
    """P(stay ≤ k) of everybody together, shape (longest,)."""
    at_risk = np.array([(days >= k).sum() for k in range(1, longest + 1)])
    leave = np.array([(days == k).sum() for k in range(1, longest + 1)])
    hazards = leave / np.maximum(at_risk, 1)
    hazards[-1] = 1.0
    gone: Floats = 1 - np.cumprod(1 - hazards)
    return gone


def evaluate(gone: Floats, days: Ints, tails: Sequence[float] = (), landmarks: int = 13) -> dict[str, Any]:
    """MAE, CRPS and, per day in, MAE, coverage and width of the sets; all in days."""
    longest = gone.shape[1]
    days = np.minimum(days, longest)
    k = np.arange(1, longest + 1)
    strata, errors, widths, inside_all = [], [], [], []
    for days_in in range(min(landmarks, longest - 1) + 1):
        here = days > days_in
        if not here.any():
            break
        given = still_here(gone[here], days_in)
        error = np.abs(day_of(given, 0.5) - days[here])
        tail = tails[days_in] if len(tails) > days_in else 0.1
        low, high = day_of(given, tail), day_of(given, 1 - tail)
        inside = (days[here] >= low) & (days[here] <= high)
        if days_in < landmarks:
            errors.append(error)
        widths.append((high - low).astype(float))
        inside_all.append(inside)
        tomorrow = given[:, days_in]
        strata.append(
            {
                "days_in": days_in,
                "n": int(here.sum()),
                "mae": float(error.mean()),
                "covered": float(inside.mean()),
                "width": float((high - low).mean()),
                "ece_24h": _ece(tomorrow, (days[here] == days_in + 1).astype(float)),
            }
        )
    now = still_here(gone, 0)
    chances = np.concatenate([still_here(gone[days > t], t)[:, t] for t in range(len(strata))])
    came = np.concatenate([(days[days > t] == t + 1).astype(float) for t in range(len(strata))])
    return {
        "n": len(days),
        "mae": float(np.abs(day_of(now, 0.5) - days).mean()),
        "crps": float(((gone - (days[:, None] <= k)) ** 2).sum(axis=1).mean()),
        "landmark_mae": float(np.concatenate(errors).mean()),
        "signed_error": float((mean_days(gone) - days).mean()),
        "coverage": float(np.concatenate(inside_all).mean()),
        "mean_width": float(np.concatenate(widths).mean()),
        "ece_24h": _ece(chances, came),
        "strata": strata,
    }


def against(gone: Floats, other: Floats, days: Ints, patients: Any, landmarks: int = 13) -> list[dict[str, Any]]:
    """Per day in, how much less `gone` errs than `other`, in days: below nothing is better.

    The median's absolute error and CRPS of those still here, stay by stay, with 95 % intervals in which a patient counts once.
    """
    days = np.minimum(days, gone.shape[1])
    rows = []
    for days_in in range(min(landmarks, gone.shape[1] - 1)):
        here = days > days_in
        if not here.any():
            break
        ours, theirs = (_errors(still_here(one[here], days_in), days[here]) for one in (gone, other))
        row: dict[str, Any] = {"days_in": days_in, "n": int(here.sum())}
        for name in ours:
            apart = ours[name] - theirs[name]
            low, high = clustered_interval(apart, np.asarray(patients)[here])
            row[name] = {"mean": float(apart.mean()), "low": low, "high": high}
        rows.append(row)
    return rows


def _errors(gone: Floats, days: Ints) -> dict[str, Floats]:
    came = days[:, None] <= np.arange(1, gone.shape[1] + 1)
    return {"mae": np.abs(day_of(gone, 0.5) - days).astype(np.float64), "crps": ((gone - came) ** 2).sum(axis=1)}


def _ece(chance: Floats, happened: Floats) -> float:
    from hospital_ops.ml.evaluate import expected_calibration_error

    return expected_calibration_error(chance, happened)


def _boosted(seed: int) -> Any:
    return HistGradientBoostingClassifier(
        max_iter=260, learning_rate=0.07, max_leaf_nodes=40, min_samples_leaf=120, l2_regularization=8.0,
        max_features=0.5, early_stopping=False, random_state=seed,
    )  # fmt: skip


def _forest(seed: int) -> Any:
    # One thread: two that fit at once empty the list of warning filters under each other (scikit-learn sets and resets it in
    # each), and whoever takes warnings for errors loses the fit now and then.
    return RandomForestClassifier(
        n_estimators=60, min_samples_leaf=40, max_features=0.4, max_samples=0.2, n_jobs=1, random_state=seed
    )


_ESTIMATORS = {"boosted": _boosted, "forest": _forest}


def forest_of_days(
    stays: pd.DataFrame, days: Ints, test: pd.DataFrame, columns: Columns = STANDARD, seed: int = 0
) -> Floats:
    """The document's own candidate, a RandomForestRegressor on length of stay: expected days of `test`."""
    matrix, tables = _honest_features(stays, days, columns, seed)
    forest = RandomForestRegressor(
        n_estimators=100, min_samples_leaf=20, max_features=0.4, max_samples=0.3, n_jobs=1, random_state=seed
    )
    forest.fit(without_empty(matrix), days)
    expected: Floats = forest.predict(features(tables, test))
    return expected
