"""How good the models are on real data, with their baselines and the noise floor beside them.

    ./hospital bench models --data DIR [--json] [--only diabetes|iowa]

DIR holds `diabetes130/dataset_diabetes.zip` and `ed-arrivals/uihc_ed_arrivals.csv.gz`. The data is no part of this
project; without it this says so and ends with 3.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hospital_ops.ml import arrivals, counts, fairness, gate_groups, train_arrivals, whole_days
from hospital_ops.ml.arrivals import Counts
from hospital_ops.ml.history_csv import years
from hospital_ops.ml.whole_days import Columns

FILES = {"diabetes": "diabetes130/dataset_diabetes.zip", "iowa": "ed-arrivals/uihc_ed_arrivals.csv.gz"}
NOT_THERE = 3
# What is written down at the end of a stay, or counted over it, is not known at admission: it is not read at all.
KEPT = {
    "encounter_id": "stay_id", "patient_nbr": "patient_id", "race": "race", "gender": "sex", "age": "age_band",
    "admission_type_id": "admission_type", "admission_source_id": "admission_source", "medical_specialty": "unit",
    "payer_code": "payer", "diag_1": "diagnosis_code", "diag_2": "second_diagnosis", "diag_3": "third_diagnosis",
    "number_outpatient": "outpatient", "number_emergency": "emergency", "number_inpatient": "inpatient",
    "time_in_hospital": "days",
}  # fmt: skip
DIABETES = Columns(
    numbers=(
        "age",
        "earlier_stays",
        "earlier_mean_days",
        "last_days",
        "same_again",
        "outpatient",
        "emergency",
        "inpatient",
    ),
    words=(
        "sex",
        "unit",
        "diagnosis_code",
        "second_diagnosis",
        "third_diagnosis",
        "admission_source",
        "admission_type",
    ),
    pairs=(("unit", "diagnosis_code"), ("diagnosis_code", "second_diagnosis"), ("admission_type", "admission_source")),
)
WITH_PROXIES = Columns(DIABETES.numbers, (*DIABETES.words, "payer"), (*DIABETES.pairs, ("payer", "admission_source")))


def main(argv: Sequence[str]) -> int:
    """Run and print. Returns 0, or 3 when the data is not there."""
    parser = argparse.ArgumentParser(prog="hospital bench models", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=list(FILES))
    args = parser.parse_args(argv)
    wanted = [args.only] if args.only else list(FILES)
    missing = [FILES[name] for name in wanted if not (args.data / FILES[name]).is_file()]
    if missing:
        print(f"The real data is not in {args.data}: {missing[0]} is missing.", file=sys.stderr)
        return NOT_THERE
    result = {name: BENCHES[name](args.data / FILES[name]) for name in wanted}
    print(json.dumps(result, indent=1) if args.json else _words(result))
    return 0


def read_diabetes(path: Path) -> pd.DataFrame:
    """Encounters in order of their number, which stands for time: the set has no dates."""
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.endswith("diabetic_data.csv"))
        with archive.open(name) as file:
            raw = pd.read_csv(file, dtype=str, na_values=["?"], usecols=list(KEPT)).fillna("")
    stays = raw.rename(columns=KEPT)
    stays["stay_id"] = stays["stay_id"].astype(np.int64)
    stays = stays.sort_values("stay_id").reset_index(drop=True)
    for name in ("days", "outpatient", "emergency", "inpatient"):
        stays[name] = stays[name].astype(np.int64)
    stays["age"] = stays["age_band"].map(years)
    stays["diagnosis_group"] = stays["diagnosis_code"].str[:2]
    patients = stays.groupby("patient_id")
    count = patients.cumcount()
    stays["earlier_stays"] = count.astype(float)
    stays["earlier_mean_days"] = (patients["days"].cumsum() - stays["days"]) / count.where(count > 0)
    stays["last_days"] = patients["days"].shift(1)
    stays["same_again"] = (patients["diagnosis_code"].shift(1) == stays["diagnosis_code"]).astype(float)
    return stays


def diabetes(path: Path, seed: int = 0) -> dict[str, Any]:
    """Whole days from what is known at admission; a fifth of the patients, with all their stays, is held out."""
    stays = read_diabetes(path)
    held_out = whole_days.patient_folds(stays, 5, seed) == 0
    past, test = stays[~held_out].reset_index(drop=True), stays[held_out].reset_index(drop=True)
    days, came = past["days"].to_numpy(), test["days"].to_numpy()
    began = time.perf_counter()
    model = whole_days.fit(past, days, DIABETES, seed)
    fitted = time.perf_counter() - began
    whole_days.calibrate(model, past, days, DIABETES, seed)
    gone = model.gone(test)
    ours = whole_days.evaluate(gone, came, model.tails)
    table = np.tile(whole_days.kaplan_meier(days, model.longest), (len(came), 1))
    by_diagnosis = past.groupby("diagnosis_code")["days"].median()
    medians = test["diagnosis_code"].map(by_diagnosis).fillna(past["days"].median()).to_numpy()
    with_payer = whole_days.fit(past, days, WITH_PROXIES, seed)
    with_payer.lines = model.lines
    proxies = with_payer.gone(test)
    tail = np.array(model.tails)[0]
    inside = (came >= whole_days.day_of(gone, tail)) & (came <= whole_days.day_of(gone, 1 - tail))
    expected = whole_days.mean_days(gone)
    by = ("race", "sex", "age_band", "payer")
    groups = fairness.audit(test, expected, came.astype(float), inside.astype(float), by)
    learned = model.gone(test, by_group=False)
    groups_learned = fairness.audit(test, whole_days.mean_days(learned), came.astype(float), None, by)
    return {
        "stays": len(stays),
        "held_out": len(test),
        "split": "patient-grouped",
        "ours": ours,
        "against_kaplan_meier": whole_days.against(gone, table, came, test["patient_id"].to_numpy()),
        "seconds_to_fit": round(fitted, 1),
        "with_payer": _brief(whole_days.evaluate(proxies, came, model.tails)),
        "baselines": {
            "kaplan_meier": _brief(whole_days.evaluate(table, came))
            | {"mae_by_days_in": [row["mae"] for row in whole_days.evaluate(table, came)["strata"]]},
            "median_by_diagnosis": {"mae": float(np.abs(medians - came).mean())},
            "random_forest_of_days": {
                "mae": float(np.abs(whole_days.forest_of_days(past, days, test, DIABETES) - came).mean())
            },
            "random_forest_hazard": _brief(
                whole_days.evaluate(whole_days.fit(past, days, DIABETES, seed, "forest").gone(test), came)
            ),
        },
        "groups": groups,
        "mitigation": model.mitigation,
        "as_learned": _brief(whole_days.evaluate(learned, came)) | {"why_not": gate_groups.failures(groups_learned)},
        "groups_with_payer_known": fairness.audit(
            test, whole_days.mean_days(proxies), came.astype(float), None, ("race",)
        ),
        "within_diagnosis_and_age": fairness.within(
            test, expected, came.astype(float), "race", ("diagnosis_group", "age_band")
        ),
        "gate": gate_groups.failures(groups),
    }


def read_iowa(path: Path) -> Counts:
    raw = pd.read_csv(path, usecols=["Date", "Hour", "Arrivals"])
    first = (pd.Timestamp(raw["Date"].iloc[0]) - pd.Timestamp(0)).days
    return Counts(("Emergency department",), int(first), raw["Arrivals"].to_numpy(dtype=np.float64)[:, None])


def iowa(path: Path, test_days: int = 540, refit_days: int = 90) -> dict[str, Any]:
    """Rolling origin over the last `test_days`: every day is an origin, the model is learned anew each quarter."""
    history = read_iowa(path)
    daily = history.daily[:, 0]
    start = len(daily) - 28 - test_days
    scale = float(np.abs(daily[7:start] - daily[: start - 7]).mean())
    by_hour = history.hourly[:, 0]
    hour_scale = float(np.abs(by_hour[168 : start * 24] - by_hour[: (start - 7) * 24]).mean())
    errors: dict[str, list[np.ndarray]] = {name: [] for name in (*arrivals.METHODS, "six_week_mean", "seasonal_naive")}
    hourly: dict[str, list[float]] = {"ours": [], "ours_median": [], "six_week_mean": []}
    ours, truth, inside, hours = [], [], [], []
    for block in range(start, len(daily) - 28, refit_days):
        model = arrivals.fit(history.until(block))
        # What is chosen and how wide ranges are is settled on days before the block.
        trial = arrivals.fit(history.until(block - 180))
        train_arrivals.calibrate(trial, history.until(block), range(block - 180, block - 28, 2))
        model.spread = trial.spread
        tail = _daily_tail(trial, history.until(block), range(block - 180, block - 28, 2))
        for origin in range(block, min(block + refit_days, len(daily) - 28)):
            known, came = history.until(origin), daily[origin : origin + 28]
            for method in arrivals.METHODS:
                model.method = method
                errors[method].append(np.abs(model.daily(known)[:, 0] - came))
            expected = model.daily(known)[:, 0]
            errors["six_week_mean"].append(np.abs(train_arrivals.six_week_mean(known, origin, 28)[:, 0] - came))
            errors["seasonal_naive"].append(np.abs(np.tile(daily[origin - 7 : origin], 4) - came))
            low, high = (counts.quantile(share, expected, model.spread) for share in (tail, 1 - tail))
            inside.append((came >= low) & (came <= high))
            ours.append(expected)
            truth.append(came)
            hour = model.hourly(known, 1)[:, 0]
            hours.append(hour)
            hourly["ours"].append(float(np.abs(hour - by_hour[origin * 24 : origin * 24 + 24]).mean()))
            # The count that errs least by days and hours is the median; of a few an hour it is not the mean.
            middle = counts.quantile(0.5, hour, 0.0)
            hourly["ours_median"].append(float(np.abs(middle - by_hour[origin * 24 : origin * 24 + 24]).mean()))
            weeks = [by_hour[(origin - 7 * week) * 24 : (origin - 7 * week + 1) * 24] for week in range(1, 7)]
            hourly["six_week_mean"].append(
                float(np.abs(np.mean(weeks, axis=0) - by_hour[origin * 24 : origin * 24 + 24]).mean())
            )
    expected, came = np.array(ours), np.array(truth)
    return {
        "days": len(daily),
        "origins": len(truth),
        "daily_mase": {name: float(np.mean(found) / scale) for name, found in errors.items()},
        "daily_mape": float(np.abs(expected / came - 1).mean()),
        "poisson_floor_mase": train_arrivals.poisson_floor(expected.ravel()) / scale,
        "coverage": float(np.mean(inside)),
        "mase_by_horizon": {h: float(np.abs(expected - came)[:, h - 1].mean() / scale) for h in (1, 3, 7, 14, 28)},
        "hourly_next_day_mase": {name: float(np.mean(found) / hour_scale) for name, found in hourly.items()},
        "hourly_poisson_floor_mase": train_arrivals.poisson_floor(np.concatenate(hours)) / hour_scale,
        "hourly_poisson_floor_of_medians_mase": _floor_of_medians(np.concatenate(hours)) / hour_scale,
    }


def _floor_of_medians(expected: np.ndarray) -> float:
    """The error that the medians of the true rates would make, since people come one by one."""
    draws = np.random.default_rng(0).poisson(expected, (20, len(expected)))
    return float(np.abs(draws - counts.quantile(0.5, expected, 0.0)).mean())


def _daily_tail(model: arrivals.ArrivalsModel, history: Counts, origins: range) -> float:
    expected = np.concatenate([model.daily(history.until(day))[:, 0] for day in origins])
    came = np.concatenate([history.daily[day : day + 28, 0] for day in origins])
    return counts.tail(expected, came, model.spread)


def _brief(measures: dict[str, Any]) -> dict[str, float]:
    return {name: measures[name] for name in ("mae", "crps", "landmark_mae", "signed_error", "ece_24h")}


def _words(result: dict[str, Any]) -> str:
    lines = []
    if "diabetes" in result:
        ours, base = result["diabetes"]["ours"], result["diabetes"]["baselines"]
        lines += [f"Diabetes-130, {result['diabetes']['held_out']:,} stays held out, patients kept whole"]
        lines += [
            f"  {name:20} {ours[name]:.3f}"
            for name in ("mae", "crps", "landmark_mae", "coverage", "mean_width", "ece_24h")
        ]
        lines += [f"  {name:22} mae {found['mae']:.3f}" for name, found in base.items()]
        lines += [
            f"  {row['days_in']:2} days in: covered {row['covered']:.3f}, mae {row['mae']:.2f}"
            for row in ours["strata"]
        ]
        lines += [
            f"  {row['by']} {row['group']}: {row['signed_error']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f}), n {row['n']:,}"
            for row in result["diabetes"]["groups"]
        ]
        lines += [
            f"  {row['words']}: {row['outside']} of {row['judged']} groups outside, {row['bias']:.3f} d, crps {row['crps_days']:.3f}"
            for row in result["diabetes"]["mitigation"]["rungs"]
        ]
        lines += [f"  served: {result['diabetes']['mitigation']['words']}"]
        lines += [f"  without it: {why}" for why in result["diabetes"]["as_learned"]["why_not"]]
        lines += result["diabetes"]["gate"] or ["  gate: passed"]
    if "iowa" in result:
        lines += ["Iowa arrivals, rolling origin, 1 to 28 days"] + [
            f"  {name}: {value}" for name, value in result["iowa"].items()
        ]
    return "\n".join(lines)


BENCHES = {"diabetes": diabetes, "iowa": iowa}

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
