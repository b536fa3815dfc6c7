"""Whom a model serves worse: signed error with patient-clustered intervals, observed over expected, coverage, by group.

Equal mean absolute error hides a model that foretells one group's stays too short and another's too long, so the sign
is kept. Groups too small to tell are named, not judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from hospital_ops.ml.dataset import Floats

TOO_SMALL = 100
Z95 = 1.96


def audit(
    stays: pd.DataFrame, expected: Floats, came: Floats, inside: Floats | None, by: Sequence[str]
) -> list[dict[str, Any]]:
    """One row per group of each column in `by`. `stays` needs patient_id; `expected`, `came` in days."""
    error = expected - came
    rows = []
    for column in by:
        values = stays[column].astype(str).replace("", "not stated")
        for group in sorted(values.unique()):
            mine = (values == group).to_numpy()
            low, high = clustered_interval(error[mine], stays["patient_id"].to_numpy()[mine])
            rows.append(
                {
                    "by": column,
                    "group": group,
                    "n": int(mine.sum()),
                    "patients": int(stays["patient_id"][mine].nunique()),
                    "signed_error": float(error[mine].mean()),
                    "low": low,
                    "high": high,
                    "observed_over_expected": float(came[mine].sum() / expected[mine].sum()),
                    "mae": float(np.abs(error[mine]).mean()),
                    "coverage": float(inside[mine].mean()) if inside is not None else None,
                    "too_small": bool(mine.sum() < TOO_SMALL),
                }
            )
    return rows


def clustered_interval(error: Floats, patients: Any) -> tuple[float, float]:
    """95 % interval of the mean error; several stays of one patient count as one voice."""
    mean = error.mean()
    codes, names = pd.factorize(patients)
    if len(names) < 2:
        return float("-inf"), float("inf")
    sums = np.bincount(codes, weights=error - mean, minlength=len(names))
    spread = np.sqrt((sums**2).sum() * len(names) / (len(names) - 1)) / len(error)
    return float(mean - Z95 * spread), float(mean + Z95 * spread)


def within(stays: pd.DataFrame, expected: Floats, came: Floats, by: str, cells: Sequence[str]) -> list[dict[str, Any]]:
    """Signed error of each group against others with the same `cells` (such as diagnosis and age), in days."""
    error = pd.Series(expected - came, index=stays.index)
    same = error.groupby([stays[name].astype(str) for name in cells]).transform("mean")
    values = stays[by].astype(str).replace("", "not stated")
    rows = []
    for group in sorted(values.unique()):
        mine = (values == group).to_numpy()
        apart = (error - same).to_numpy()[mine]
        low, high = clustered_interval(apart, stays["patient_id"].to_numpy()[mine])
        rows.append(
            {"by": by, "group": group, "n": int(mine.sum()), "apart": float(apart.mean()), "low": low, "high": high}
        )
    return rows
