"""The ladder of `mitigation` on the dated model: whom it is fitted on, and how each rung is measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hospital_ops.ml import evaluate, groups, mitigation, straighten
from hospital_ops.ml.baselines import HORIZON, Bools
from hospital_ops.ml.dataset import DAY, Floats, Ints, StayTable, local_wall
from hospital_ops.ml.features import days_ahead, landmark_features
from hospital_ops.ml.length_of_stay import DischargeModel, foretold, raw_hazards, shifted
from hospital_ops.ml.mitigation import Calibration, Shifts
from hospital_ops.ml.outlook import Outlook

ASIDE = 0.4  # of the patients, where the others have more moments than are learned from
MOST_ASIDE, MOST_SCORED = 25_000, 4_000
STEP_HOURS = 12.0


def kept_aside(table: StayTable, until: float, most: int, seed: int) -> Bools | None:
    """Stays of patients from whom nothing is learned, so that groups can be corrected by them; None where all are needed."""
    admitted = table.column("admitted")
    days = np.nan_to_num(table.column("days"), nan=0.0)
    if days[admitted < until].sum() * (1 - ASIDE) < most:
        return None
    codes, patients = pd.factorize(table.stays["patient_id"])
    aside: Bools = (np.random.default_rng(seed + 3).random(len(patients)) < ASIDE)[codes]
    return aside


def climbed(
    model: DischargeModel, table: StayTable, part: tuple[float, float], aside: Bools | None, seed: int
) -> tuple[Shifts, dict[str, Any]]:
    """(shifts that serve, what each rung left), measured at the admission of the stays that began within `part`."""
    rng = np.random.default_rng(seed + 4)
    rows = groups.finished(table, *part, rng)
    if not len(rows):
        return {}, {}
    others = None
    if aside is not None:
        earlier = np.flatnonzero((table.column("admitted") < part[0]) & aside & np.isfinite(table.column("days")))
        # The newest are nearest to what comes.
        others = _at_risk(model, table, earlier[-MOST_ASIDE:])
    return mitigation.climbed(_calibration(model, table, rows, rng), others, seed)


def _calibration(model: DischargeModel, table: StayTable, rows: Ints, rng: np.random.Generator) -> Calibration:
    hazards = _hazards(model, table, rows)
    stays = table.stays.iloc[rows].reset_index(drop=True)
    frame = groups.grouped(stays)
    wall = local_wall(table.column("admitted")[rows], table.zone)
    profiles = model.baseline.profiles(stays["unit"].to_numpy())
    came = table.column("days")[rows]
    some = np.sort(rng.choice(len(rows), min(MOST_SCORED, len(rows)), replace=False))

    def expected(shift: Floats, chosen: Bools) -> Floats:
        return Outlook.of(shifted(hazards[chosen], shift), wall[chosen], profiles[chosen]).mean_days()

    def scores(shift: Floats) -> tuple[Floats, Floats]:
        outlook = Outlook.of(shifted(hazards, shift), wall, profiles)
        few = Outlook(outlook.gone[some], wall[some], outlook.profiles[some])
        return (outlook.when(0.5) - wall) / DAY, evaluate.crps_each(few.gone_within, came[some] * 24.0, STEP_HOURS)

    periods = _at_risk(model, table, rows, hazards)
    return Calibration(periods, frame, came, expected, scores, groups.given(frame))


def _hazards(model: DischargeModel, table: StayTable, rows: Ints) -> Floats:
    """At admission, shape (stays, HORIZON and later days), in portions."""
    found = []
    for part in np.array_split(rows, max(len(rows) // groups.PORTION, 1)):
        at = table.column("admitted")[part]
        wall = local_wall(at, table.zone)
        features = landmark_features(table, model.encoder.fixed(table.stays), part, at)
        found.append(foretold(model, table, part, wall, features))
    return np.concatenate(found)


def _at_risk(model: DischargeModel, table: StayTable, rows: Ints, hazards: Floats | None = None) -> mitigation.Periods:
    """Each finished stay's days from admission until it ends; with `hazards` where they are known."""
    admitted, discharged = (local_wall(table.column(name)[rows], table.zone) for name in ("admitted", "discharged"))
    nights = np.maximum(discharged // DAY - admitted // DAY, 0).astype(np.int64)
    count = np.minimum(nights + 1, HORIZON)
    stay = np.repeat(np.arange(len(rows)), count)
    ahead = np.arange(len(stay)) - np.repeat(np.cumsum(count) - count, count)
    if hazards is None and model.ratios:
        hazards = _hazards(model, table, rows)
    if hazards is None:
        # Only what is needed is asked: stays are short, and the horizon is long.
        features = landmark_features(table, model.encoder.fixed(table.stays), rows, table.column("admitted")[rows])
        usual = model.baseline.hazards(table, rows, admitted)[stay, ahead]
        said = raw_hazards(model, features[stay], days_ahead(admitted, admitted, stay, ahead), 1)[:, 0]
        chance = straighten.moved(said, usual, model.sharpen, ahead)
    else:
        chance = hazards[stay, ahead]
    stays = table.stays.iloc[rows].reset_index(drop=True)
    return mitigation.Periods(stays, stay, straighten.log_odds(chance), (ahead == nights[stay]).astype(np.int64))
