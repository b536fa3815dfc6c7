"""The groups that a discharge model is audited by, and how it foretells their stays at admission."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hospital_ops.ml import fairness
from hospital_ops.ml.dataset import Floats, Ints, StayTable, local_wall
from hospital_ops.ml.length_of_stay import DischargeModel
from hospital_ops.ml.mitigation import age_band

GROUPS = ("sex", "race", "ethnicity", "language", "payer")
MOST_GROUPS = 30  # of one column; the rarer ones are audited together
MOST_TESTED = 60_000
LEAST_SHOWN = 5  # patients
PORTION = 5_000  # stays foretold at once


def audited(
    model: DischargeModel, table: StayTable, first: float, last: float, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """A row per group of LEAST_SHOWN patients or more, of the finished stays that began between two times."""
    rows = finished(table, first, last, rng)
    if not len(rows):
        return []
    expected, inside = at_admission(model, table, rows)
    frame = grouped(table.stays.iloc[rows].reset_index(drop=True))
    found = fairness.audit(frame, expected, table.column("days")[rows], inside, given(frame))
    # A release is a plain file: what it says of a handful would be said of persons.
    return [row for row in found if row["patients"] >= LEAST_SHOWN]


def given(frame: pd.DataFrame) -> list[str]:
    """The columns that tell people apart."""
    return [name for name in (*GROUPS, "age_band") if name in frame and frame[name].nunique() > 1]


def grouped(stays: pd.DataFrame) -> pd.DataFrame:
    """The stays with an age band and a diagnosis group, rare groups taken together."""
    frame = stays.assign(age_band=age_band(stays["age"]), diagnosis_group=stays["diagnosis_code"].astype(str).str[:3])
    for name in [name for name in GROUPS if name in frame]:
        common = frame[name].value_counts().index[:MOST_GROUPS]
        frame[name] = frame[name].where(frame[name].isin(common), "all rarer ones")
    return frame


def finished(table: StayTable, first: float, last: float, rng: np.random.Generator) -> Ints:
    """Rows of stays that began between two times and are over, MOST_TESTED at most."""
    admitted, days = table.column("admitted"), table.column("days")
    rows = np.flatnonzero((admitted >= first) & (admitted < last) & np.isfinite(days))
    return rows if len(rows) <= MOST_TESTED else np.sort(rng.choice(rows, MOST_TESTED, replace=False))


def at_admission(model: DischargeModel, table: StayTable, rows: Ints) -> tuple[Floats, Floats]:
    """(expected days, whether the 80 % range held) of stays at their admission, in portions."""
    expected, inside = [], []
    for part in np.array_split(rows, max(len(rows) // PORTION, 1)):
        outlook, _ = model.outlook(table, part, table.column("admitted")[part])
        low, high = model.ranges(outlook, np.zeros(len(part)))
        left = local_wall(table.column("discharged")[part], table.zone)
        expected.append(outlook.mean_days())
        inside.append(((left >= low) & (left <= high)).astype(float))
    return np.concatenate(expected), np.concatenate(inside)
