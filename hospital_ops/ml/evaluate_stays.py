"""How well lengths of stay of a file can be foretold: learned on a part, measured on patients or weeks not learned from.

With dates and hours the dated model is measured at moments of later stays; where only whole days are known, the whole-day model
on later stays, or, without dates, on other patients. Baselines stand beside each: medians and Kaplan–Meier.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from hospital_ops.ml import evaluate, fairness, gate_groups, groups, train, whole_days
from hospital_ops.ml.baselines import Bools
from hospital_ops.ml.csv_rows import FileRefused
from hospital_ops.ml.dataset import DAY, Floats, Ints, StayTable
from hospital_ops.ml.history_csv import Reading
from hospital_ops.ml.length_of_stay import DischargeModel
from hospital_ops.ml.threads import one_core
from hospital_ops.ml.whole_days import Columns, WholeDays

Progress = Callable[[float, str], None]
LEAST_STAYS, LEAST_PATIENTS = 100, 10
LEAST_TESTED = 20
MOST_LEARNED, MOST_TESTED = 120_000, groups.MOST_TESTED
COLUMNS = Columns(
    numbers=("age", "earlier_stays", "earlier_mean_days"),
    words=("sex", "unit", "diagnosis_code", "diagnosis_group", "admission_source"),
    pairs=(("unit", "diagnosis_code"), ("unit", "admission_source")),
)


def evaluate_stays(reading: Reading, progress: Progress, seed: int = 0) -> dict[str, Any]:
    """Measures of model and baselines. Raises FileRefused with a sentence when there is too little, or nothing, to learn."""
    stays = reading.table.stays
    known = stays["days"].notna()
    patients = stays["patient_id"][known].nunique()
    if known.sum() < LEAST_STAYS:
        raise FileRefused(f"{int(known.sum())} finished stays are too few; {LEAST_STAYS} are needed.")
    if patients < LEAST_PATIENTS:
        raise FileRefused(f"The stays are of {patients} patient{'s' * (patients != 1)}; {LEAST_PATIENTS} are needed.")
    # Dates alone: where clocks change, the same number of days is an hour more or less.
    lengths = stays["days"][known].round() if reading.to_the_day and reading.table.dated else stays["days"][known]
    if np.ptp(lengths.to_numpy()) * DAY < 1.0:
        raise FileRefused(f"Every stay lasts {lengths.iloc[0]:g} days; there is nothing to foretell.")
    with one_core():
        return _whole_days(reading, progress, seed) if reading.to_the_day else _dated(reading.table, progress, seed)


# --- with dates and hours --------------------------------------------------------------------------------------------


def _dated(table: StayTable, progress: Progress, seed: int) -> dict[str, Any]:
    """Learned on the first six tenths of the stays, chosen and calibrated on the next two, measured on the last two."""
    if len(table) < train.LEAST_STAYS:
        raise FileRefused(f"{len(table)} dated stays are too few to learn from; {train.LEAST_STAYS} are needed.")
    cuts = train.cuts_by_share(table)
    rng = np.random.default_rng(seed)
    try:
        trial = train.try_candidates(table, cuts, progress, rng, seed, by_group=True)
    except ValueError as error:
        raise FileRefused("Too few people come and go in one of the parts of the file to learn from it.") from error
    rows = groups.finished(table, cuts[1], cuts[2], rng)
    if len(rows) < LEAST_TESTED or len(trial.test[0]) < LEAST_TESTED:
        raise FileRefused(f"Only {len(rows)} finished stays begin in the last part of the file; too few to test on.")
    progress(0.7, "Measuring on later stays")
    moments = {
        "model": evaluate.discharge(trial.model, table, *trial.test),
        "kaplan_meier": evaluate.discharge(trial.baseline, table, *trial.test),
    }
    came = table.column("days")[rows]
    at_admission = {
        "model": _at_admission(trial.model, table, rows),
        "kaplan_meier": _at_admission(trial.baseline, table, rows),
        **_medians(_before(table, cuts[0]), table.stays.iloc[rows], came),
    }
    progress(0.9, "Looking at groups")
    outlook, inside = groups.at_admission(trial.model, table, rows)
    tested = table.stays.iloc[rows].reset_index(drop=True)
    return {
        "split": "chronological",
        "split_words": "chronological: learned on the first six tenths of the stays, chosen and calibrated on the next two, "
        "measured on the last two",
        "grain": "hours",
        "learned_from": {"stays": int((table.column("admitted") < cuts[0]).sum())},
        "tested_on": {
            "stays": len(rows),
            "patients": int(tested["patient_id"].nunique()),
            "moments": len(trial.test[0]),
        },
        "method": trial.winner,
        "candidates": trial.candidates,
        "at_admission": at_admission,
        "at_any_moment": moments,
        "calibration": _reliability(trial.model, table, *trial.test),
        "fairness": _fairness(tested, outlook, came, inside) | {"mitigation": trial.mitigation},
        "notes": [],
    }


def _before(table: StayTable, cut: float) -> pd.DataFrame:
    known = (table.column("discharged") <= cut) & np.isfinite(table.column("days"))
    return table.stays[known]


def _at_admission(model: DischargeModel, table: StayTable, rows: Ints) -> dict[str, Any]:
    measures = evaluate.discharge(model, table, rows, table.column("admitted")[rows])
    wanted = (
        "n",
        "mae_days",
        "crps_days",
        "signed_error_days",
        "ece_24h",
        "coverage",
        "mean_width_days",
        "concordance",
    )
    return {name: measures[name] for name in wanted}


def _reliability(model: DischargeModel, table: StayTable, rows: Ints, at: Floats) -> dict[str, Any]:
    """Said against seen for leaving within 24, 48 and 72 hours."""
    outlook, _ = model.outlook(table, rows, at)
    hours = (table.column("discharged")[rows] - at) / 3600.0
    found = {}
    for ahead in (24, 48, 72):
        chance, happened = outlook.gone_within(float(ahead)), (hours <= ahead).astype(float)
        ece = evaluate.expected_calibration_error(chance, happened)
        found[f"{ahead}h"] = {"ece": ece, "bins": evaluate.reliability(chance, happened)}
    return found


# --- with whole days -------------------------------------------------------------------------------------------------


def _whole_days(reading: Reading, progress: Progress, seed: int) -> dict[str, Any]:
    stays = reading.table.stays
    stays = stays[stays["days"].notna()].reset_index(drop=True)
    stays = stays.assign(diagnosis_group=stays["diagnosis_code"].astype(str).str[:3])
    lengths = stays["days"].to_numpy(dtype=np.float64)
    days, notes = _begun(np.round(lengths) if reading.table.dated else lengths)
    later = _later(stays, seed) if reading.table.dated else whole_days.patient_folds(stays, 5, seed) == 0
    past, days_past = _at_most(stays[~later], days[~later], MOST_LEARNED, seed)
    test, came = _at_most(stays[later], days[later], MOST_TESTED, seed)
    if len(test) < LEAST_TESTED:
        raise FileRefused(f"A fifth of this file holds {len(test)} stays; {LEAST_TESTED} are needed to test on.")
    if (days_past > 1).sum() < LEAST_TESTED:
        raise FileRefused("Hardly anybody in this file stays longer than a day; there is nothing to foretell.")
    if len(past) < (~later).sum():
        notes.append(f"Learned from {len(past):,} stays drawn from {int((~later).sum()):,}.")
    progress(0.1, f"Learning from {len(past):,} stays")
    model = whole_days.fit(past, days_past, COLUMNS, seed)
    progress(0.35, "Calibrating on patients not learned from")
    whole_days.calibrate(model, past, days_past, COLUMNS, seed)
    gone = model.gone(test)
    if came.max() > model.longest:
        notes.append(
            f"Lengths are told up to {model.longest} days; {int((came > model.longest).sum()):,} tested stays are longer."
        )
    if (widest := int(np.diff(model.ends, prepend=0).max())) > 1:
        notes.append(f"Stays are long: later days are told in periods, the widest of {widest} days.")
    progress(0.7, "Comparing with forests, medians and Kaplan–Meier")
    return {
        **_split_words(reading, past, test),
        "grain": "whole days",
        "method": "a gradient-boosted daily hazard",
        "model": _measured(model, gone, came),
        "candidates": _candidates(past, days_past, test, came, seed),
        "baselines": _baselines(model, past, days_past, test, came),
        "calibration": {"24h": _tomorrow(gone, came)},
        "fairness": _fairness_of_days(model, past, days_past, test, came, gone, progress, seed),
        "notes": notes,
    }


def _split_words(reading: Reading, past: pd.DataFrame, test: pd.DataFrame) -> dict[str, Any]:
    split = "chronological" if reading.table.dated else "patient-grouped"
    words = {
        "chronological": "chronological: learned on earlier stays, measured on the fifth that begins last",
        "patient-grouped": "patient-grouped, since the file has no dates: a fifth of the patients, with all their stays, "
        "is measured and never learned from",
    }
    return {
        "split": split,
        "split_words": words[split],
        "learned_from": {"stays": len(past), "patients": int(past["patient_id"].nunique())},
        "tested_on": {"stays": len(test), "patients": int(test["patient_id"].nunique())},
    }


def _begun(days: Floats) -> tuple[Ints, list[str]]:
    """Whole days as the model counts them, from one on; what had to be done for that, in words."""
    whole = bool((days == np.round(days)).all())
    if whole and days.min() >= 1:
        return days.astype(np.int64), []
    said = "Lengths of 0 days occur, so days are counted from the day of admission." if whole else (
        "Lengths are not whole days: each is counted in days begun, and errors are in days begun."
    )  # fmt: skip
    return np.floor(days).astype(np.int64) + 1, [said]


def _later(stays: pd.DataFrame, seed: int) -> Bools:
    admitted = stays["admitted"].to_numpy(dtype=np.float64)
    later: Bools = admitted > np.quantile(admitted, 0.8)
    return later if later.sum() >= LEAST_TESTED else whole_days.patient_folds(stays, 5, seed) == 0


def _at_most(stays: pd.DataFrame, days: Ints, most: int, seed: int) -> tuple[pd.DataFrame, Ints]:
    if len(stays) <= most:
        return stays.reset_index(drop=True), days
    chosen = np.sort(np.random.default_rng(seed).choice(len(stays), most, replace=False))
    return stays.iloc[chosen].reset_index(drop=True), days[chosen]


def _measured(model: WholeDays, gone: Floats, came: Ints) -> dict[str, Any]:
    measures = whole_days.evaluate(gone, came, model.tails)
    return measures | {"mae_uncut": float(np.abs(whole_days.day_of(gone, 0.5) - came).mean())}


def _candidates(past: pd.DataFrame, days: Ints, test: pd.DataFrame, came: Ints, seed: int) -> dict[str, Any]:
    forest = whole_days.fit(past, days, COLUMNS, seed, "forest")
    cut = np.minimum(days, forest.longest)
    regressor = whole_days.forest_of_days(past, cut, test, COLUMNS, seed)
    return {
        "random_forest_hazard": _brief(whole_days.evaluate(forest.gone(test), came)),
        "random_forest_of_days": {"mae": float(np.abs(regressor - came).mean())},
    }


def _baselines(model: WholeDays, past: pd.DataFrame, days: Ints, test: pd.DataFrame, came: Ints) -> dict[str, Any]:
    curve = whole_days.kaplan_meier(np.minimum(days, model.longest), model.longest)
    everybody = whole_days.evaluate(np.tile(curve, (len(came), 1)), came)
    by_days_in = [{"days_in": row["days_in"], "mae": row["mae"]} for row in everybody["strata"]]
    return {
        "kaplan_meier": _brief(everybody) | {"by_days_in": by_days_in},
        **_medians(past.assign(days=days), test, came.astype(np.float64)),
    }


def _medians(past: pd.DataFrame, test: pd.DataFrame, came: Floats) -> dict[str, Any]:
    overall = float(past["days"].median())
    table = past.groupby("diagnosis_code")["days"].median()
    by_diagnosis = test["diagnosis_code"].map(table).fillna(overall).to_numpy(dtype=np.float64)
    return {
        "median": {"mae": float(np.abs(overall - came).mean())},
        "median_by_diagnosis": {"mae": float(np.abs(by_diagnosis - came).mean())},
    }


def _brief(measures: dict[str, Any]) -> dict[str, float]:
    return {name: measures[name] for name in ("mae", "crps", "landmark_mae", "signed_error", "ece_24h")}


def _tomorrow(gone: Floats, came: Ints) -> dict[str, Any]:
    """Leaving on the next day, over every day that each tested patient was still in."""
    came = np.minimum(came, gone.shape[1])
    days_in = range(min(13, gone.shape[1] - 1))
    chance = np.concatenate([whole_days.still_here(gone[came > t], t)[:, t] for t in days_in])
    happened = np.concatenate([(came[came > t] == t + 1).astype(float) for t in days_in])
    ece = evaluate.expected_calibration_error(chance, happened)
    return {"ece": ece, "bins": evaluate.reliability(chance, happened)}


# --- groups ----------------------------------------------------------------------------------------------------------


def _fairness_of_days(
    model: WholeDays, past: pd.DataFrame, days: Ints, test: pd.DataFrame, came: Ints, gone: Floats,
    progress: Progress, seed: int,
) -> dict[str, Any]:  # fmt: skip
    tail = model.tails[0]
    inside = (came >= whole_days.day_of(gone, tail)) & (came <= whole_days.day_of(gone, 1 - tail))
    found = _fairness(test, whole_days.mean_days(gone), came.astype(float), inside.astype(float))
    found["mitigation"] = model.mitigation
    if model.shifts:
        learned = model.gone(test, by_group=False)
        audit = fairness.audit(
            groups.grouped(test), whole_days.mean_days(learned), came.astype(float), None, found["given"]
        )
        found["as_learned"] = {
            "model": _brief(whole_days.evaluate(learned, came)),
            "groups": audit,
            "why_not": gate_groups.failures(audit),
        }
    if "payer" in found["given"]:
        progress(0.85, "Once more with the payer known, which may stand for a group")
        words = Columns(COLUMNS.numbers, (*COLUMNS.words, "payer"), COLUMNS.pairs)
        proxy = whole_days.fit(past, days, words, seed)
        proxy.lines = model.lines
        told = proxy.gone(test)
        others = [name for name in found["given"] if name != "payer"]
        frame = groups.grouped(test)
        found["with_payer_known"] = {
            "model": _brief(whole_days.evaluate(told, came)),
            "groups": fairness.audit(frame, whole_days.mean_days(told), came.astype(float), None, others),
        }
    return found


def _fairness(test: pd.DataFrame, expected: Floats, came: Floats, inside: Floats) -> dict[str, Any]:
    """Signed error by group, within diagnosis × age, and what the gate would say."""
    frame = groups.grouped(test)
    given = groups.given(frame)
    rows = fairness.audit(frame, expected, came, inside, given)
    cells = ("diagnosis_group", "age_band")
    same = [row for name in given if name != "age_band" for row in fairness.within(frame, expected, came, name, cells)]
    failures = gate_groups.failures(rows)
    return {
        "given": given,
        "groups": rows,
        "within_diagnosis_and_age": same,
        "gate": {
            "passed": not failures,
            "judged_from": gate_groups.JUDGED,
            "limit_days": gate_groups.LIMIT_DAYS,
            "why": failures,
        },
    }
