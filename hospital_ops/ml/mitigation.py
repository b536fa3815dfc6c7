"""Group bias taken out after learning: log-odds of leaving moved by group, from patients whom the model has not seen.

A ladder of such moves, the least intrusive first. Each rung is measured on stays that neither taught the model nor that
rung's numbers; the first that leaves no group far off serves, or the one that leaves least. What remains is the gate's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from hospital_ops.ml import fairness, gate_groups
from hospital_ops.ml.gate_groups import NEVER_READ

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Shifts = dict[str, dict[str, float]]  # column → group → what is added to the log-odds of leaving

ADMISSION, EVERYBODY = "at admission", "everybody"  # fades over the first day in
NOT_STATED = "not stated"
RIDGE = 30.0  # as much as some 40 stays know: a group seen less often is hardly moved
LEAST_PATIENTS = 30  # a release is a plain file, and says nothing of a handful
FARTHEST = 0.5  # of the log-odds: more is not a correction but another model
MOST_LEVEL = 0.2
MARGIN_CRPS = 0.01  # days that a rung may cost
WORTH = 0.01  # days of bias that a more intrusive rung must save
_STEPS = 6
_FOLDS = 2


@dataclass(frozen=True)
class Rung:
    """One way to mend. `reads`: columns whose groups are moved; what is not `served` is there to compare with."""

    name: str
    words: str
    reads: tuple[str, ...] = ()
    served: bool = True


CLINICAL = ("age_band", "sex", "unit", "admission_source")
LADDER = (
    Rung("none", "as it was learned, levelled for all alike"),
    Rung("clinical", "moved by age band, sex, unit and admission source", CLINICAL),
    Rung("payer", "the same, and by payer", (*CLINICAL, "payer")),
    Rung("race", "the same, and by race, ethnicity and language", (*CLINICAL, "payer", *NEVER_READ), served=False),
)


@dataclass(frozen=True)
class Periods:
    """Days at risk of stays that were not learned from: `stay` indexes `stays`; log-odds as told; whether they left."""

    stays: pd.DataFrame
    stay: Ints
    odds: Floats
    left: Ints

    def of(self, chosen: Bools) -> Periods:
        """Those of some of the stays."""
        place = np.cumsum(chosen) - 1
        rows = chosen[self.stay]
        return Periods(
            self.stays[chosen].reset_index(drop=True), place[self.stay[rows]], self.odds[rows], self.left[rows]
        )

    def and_of(self, other: Periods) -> Periods:
        """Both."""
        return Periods(
            pd.concat([self.stays, other.stays], ignore_index=True),
            np.concatenate([self.stay, other.stay + len(self.stays)]),
            np.concatenate([self.odds, other.odds]),
            np.concatenate([self.left, other.left]),
        )


@dataclass(frozen=True)
class Calibration:
    """What rungs are measured on: `periods` and, in the same order, `frame`, the stays as the audit groups them.

    `expected(shift, chosen)`: expected days of some of these stays, each moved by one number. `scores(shift)`: of all, the
    median days and the CRPS (that of a part will do). `came`: their days, shape (stays,).
    """

    periods: Periods
    frame: pd.DataFrame
    came: Floats
    expected: Callable[[Floats, Bools], Floats]
    scores: Callable[[Floats], tuple[Floats, Floats]]
    given: Sequence[str]


def age_band(age: pd.Series) -> pd.Series:
    """Decades as words, such as `[70-80)`; "" where the age is not known."""
    decade = np.floor(age / 10) * 10
    return decade.map(lambda first: "" if np.isnan(first) else f"[{first:.0f}-{first + 10:.0f})")


def words_of(stays: pd.DataFrame, column: str) -> pd.Series:
    """The group of each stay, however it is spelled; one that is not known is a group too."""
    words = age_band(stays["age"]) if column == "age_band" else stays[column].astype(str)
    # One desk writes what another's export does not: "Blue Cross", "BLUE CROSS ".
    folded = {word: word.strip().casefold() or NOT_STATED for word in words.unique()}
    return words.map(folded)


def by_group(shifts: Shifts) -> Shifts:
    """Those that move groups against each other, without what moves everybody alike."""
    return {column: table for column, table in shifts.items() if column != ADMISSION}


def moved_by(stays: pd.DataFrame, shifts: Mapping[str, Mapping[str, float]], days_in: Floats | float = 0.0) -> Floats:
    """What is added to the log-odds of each stay; a group or column that training did not know moves nothing."""
    total = np.zeros(len(stays))
    for column, table in shifts.items():
        if column == ADMISSION:
            total += table.get(EVERYBODY, 0.0) * np.clip(1.0 - np.asarray(days_in), 0.0, 1.0)
        elif column in stays or column == "age_band":
            total += words_of(stays, column).map(dict(table)).fillna(0.0).to_numpy(dtype=np.float64)
    return total


def fitted(periods: Periods, columns: Sequence[str]) -> Shifts:
    """Shifts of all groups at once, so that each is told what others do not explain: a ridge regression on the odds.

    Over the days at risk each column's shifts cancel out: they move groups against each other, and the house not at all.
    """
    names, design = _design(periods.stays, columns)
    if not names:
        return {}
    shift = np.zeros(len(names))
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(periods.odds + (design @ shift)[periods.stay])))
        missing = np.bincount(periods.stay, periods.left - chance, len(periods.stays))
        weight = np.bincount(periods.stay, chance * (1 - chance), len(periods.stays))
        curve = (design.T @ sparse.diags(weight) @ design).toarray() + RIDGE * np.eye(len(names))
        shift = shift + np.linalg.solve(curve, design.T @ missing - RIDGE * shift)
    days = design.T @ np.bincount(periods.stay, minlength=len(periods.stays)).astype(np.float64)
    found: Shifts = {}
    for column in dict.fromkeys(column for column, _ in names):
        mine = [n for n, (one, _) in enumerate(names) if one == column]
        middle = float(np.average(shift[mine], weights=days[mine]))
        found[column] = {names[n][1]: float(np.clip(shift[n] - middle, -FARTHEST, FARTHEST)) for n in mine}
    return found


def _design(stays: pd.DataFrame, columns: Sequence[str]) -> tuple[list[tuple[str, str]], sparse.csr_matrix]:
    names: list[tuple[str, str]] = []
    parts = []
    for column in columns:
        if column not in stays and column != "age_band":
            continue
        words = words_of(stays, column)
        people = stays["patient_id"].groupby(words).nunique()
        common = [str(word) for word, count in people.items() if count >= LEAST_PATIENTS]
        if len(common) < 2:
            continue
        place = words.map({word: n for n, word in enumerate(common)})
        known = np.flatnonzero(place.notna())
        entries = (np.ones(len(known)), (known, place.to_numpy()[known].astype(np.int64)))
        parts.append(sparse.csr_matrix(entries, shape=(len(stays), len(common))))
        names += [(column, word) for word in common]
    return names, sparse.hstack(parts).tocsr() if parts else sparse.csr_matrix((len(stays), 0))


def climbed(calibration: Calibration, others: Periods | None, seed: int = 0) -> tuple[Shifts, dict[str, Any]]:
    """(shifts of the rung that serves, what each rung left). `others`: more stays that the model has not learned from.

    A rung's shifts for one half of the patients come from the other half and from `others`; those that serve, from all.
    """
    fold = _fold(calibration.frame, seed)
    everybody = np.ones(len(fold), dtype=bool)
    per_step = _days_per_step(calibration, everybody)
    rungs = []
    for rung in LADDER:
        shift = np.zeros(len(fold))
        for one in range(_FOLDS):
            shifts = _shifts(calibration, others, rung, fold != one, per_step)
            shift[fold == one] = moved_by(calibration.periods.stays[fold == one], shifts)
        rungs.append(_measured(rung, calibration, shift))
    chosen = next(rung for rung in LADDER if rung.name == chosen_of(rungs))
    return _shifts(calibration, others, chosen, everybody, per_step), {
        "chosen": chosen.name,
        "words": chosen.words,
        "reads": list(chosen.reads),
        "rungs": rungs,
        "measured_on": len(fold),
        "fitted_on": len(fold) + (0 if others is None else len(others.stays)),
        "margin_crps_days": MARGIN_CRPS,
    }


def _shifts(calibration: Calibration, others: Periods | None, rung: Rung, chosen: Bools, per_step: float) -> Shifts:
    """Of some of the calibration's stays and of all others.

    The same for everybody comes on top at admission, so that expected days are right on average there: lines that are straight
    over all moments need not be so at the first, and differences that are not there make a mean too long.
    """
    mine = calibration.periods.of(chosen)
    shifts = fitted(mine if others is None else mine.and_of(others), rung.reads)
    told = calibration.expected(moved_by(mine.stays, shifts), chosen)
    level = float(np.clip((calibration.came[chosen] - told).mean() / per_step, -MOST_LEVEL, MOST_LEVEL))
    return {**shifts, ADMISSION: {EVERYBODY: level}}


def _days_per_step(calibration: Calibration, everybody: Bools) -> float:
    """By how many days a move of one of everybody's log-odds would lengthen the expected stay; below zero."""
    step = np.full(len(everybody), 0.05)
    apart = calibration.expected(step, everybody) - calibration.expected(0.0 * step, everybody)
    return min(float(apart.mean() / 0.05), -0.05)


def _fold(frame: pd.DataFrame, seed: int) -> Ints:
    codes, patients = pd.factorize(frame["patient_id"])
    fold: Ints = np.random.default_rng(seed).integers(0, _FOLDS, len(patients))[codes]
    return fold


def _measured(rung: Rung, calibration: Calibration, shift: Floats) -> dict[str, Any]:
    expected = calibration.expected(shift, np.ones(len(shift), dtype=bool))
    median, crps = calibration.scores(shift)
    rows = fairness.audit(calibration.frame, expected, calibration.came, None, calibration.given)
    judged = [row for row in rows if row["n"] >= gate_groups.JUDGED]
    outside = len(gate_groups.failures(rows))
    farthest = max((abs(row["signed_error"]) for row in judged), default=0.0)
    passes = not outside and farthest <= gate_groups.LIMIT_DAYS / 2
    if not judged:
        # A small hospital: what is plainly wrong is wrong in a group of a hundred too.
        judged = [row for row in rows if not row["too_small"]]
        farthest = max((abs(row["signed_error"]) for row in judged), default=0.0)
        outside = sum(row["low"] > gate_groups.LIMIT_DAYS or row["high"] < -gate_groups.LIMIT_DAYS for row in judged)
        passes = not outside
    worst = max(judged, key=lambda row: abs(row["signed_error"]), default=None)
    kept = ("by", "group", "n", "signed_error", "low", "high")
    return {
        "name": rung.name,
        "words": rung.words,
        "served": rung.served,
        "reads": list(rung.reads),
        "judged": len(judged),
        "outside": int(outside),
        "passes": bool(passes),
        "farthest": farthest,
        "bias": float(np.sqrt(np.mean([row["signed_error"] ** 2 for row in judged]))) if judged else 0.0,
        "worst": {name: worst[name] for name in kept} if worst else {},
        "signed_error": float((expected - calibration.came).mean()),
        "mae_days": float(np.abs(median - calibration.came).mean()),
        "crps_days": float(np.nanmean(crps)),
    }


def chosen_of(rungs: Sequence[Mapping[str, Any]]) -> str:
    """The first rung that leaves every judged group inside the gate and off by half of its limit at most, or the best.

    The best has the least bias (root mean square of the judged groups' signed errors) by more than WORTH over gentler
    ones. No rung whose CRPS is worse by more than MARGIN_CRPS is taken, and none that may not serve.
    """
    most = rungs[0]["crps_days"] + MARGIN_CRPS
    able = [rung for rung in rungs if rung["served"] and rung["crps_days"] <= most]
    for rung in able:
        if rung["passes"]:
            return str(rung["name"])
    best = able[0]
    for rung in able[1:]:
        if rung["bias"] < best["bias"] - WORTH:
            best = rung
    return str(best["name"])
