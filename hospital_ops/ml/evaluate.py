"""How good a forecast was: plain numbers in plain dicts. Every function takes truth and forecast, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hospital_ops.ml.dataset import DAY, Floats, Ints, StayTable, local_wall
from hospital_ops.ml.fairness import clustered_interval
from hospital_ops.ml.length_of_stay import DischargeModel, stratum
from hospital_ops.ml.outlook import Outlook

COVER_WANTED = (0.78, 0.85)
FAR, LONG_STAYS = 40 * 24.0, 0.01  # hours, and the share of stays for which it is worth looking further


def expected_calibration_error(chance: Floats, happened: Floats, bins: int = 10) -> float:
    """Mean gap between said and seen, over bins of equal size."""
    if not len(chance):
        return float("nan")
    order = np.argsort(chance, kind="stable")
    parts = np.array_split(order, min(bins, len(order)))
    gaps = [abs(chance[part].mean() - happened[part].mean()) * len(part) for part in parts]
    return float(sum(gaps) / len(chance))


def reliability(chance: Floats, happened: Floats, bins: int = 10) -> list[dict[str, float]]:
    """Said against seen, per bin of equal size, for a plot."""
    order = np.argsort(chance, kind="stable")
    return [
        {"said": float(chance[part].mean()), "seen": float(happened[part].mean()), "n": len(part)}
        for part in np.array_split(order, min(bins, max(len(order), 1)))
        if len(part)
    ]


def concordance(forecast: Floats, truth: Floats, pairs: int = 200_000, seed: int = 0) -> float:
    """Share of random pairs that the forecast puts in the right order; a tie counts half."""
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, len(truth), (2, pairs))
    differ = truth[one] != truth[other]
    one, other = one[differ], other[differ]
    agree = np.sign(forecast[one] - forecast[other]) * np.sign(truth[one] - truth[other])
    return float(((agree + 1) / 2).mean()) if len(agree) else float("nan")


def crps(gone_within: Callable[[float], Floats], truth_hours: Floats, step: float = 6.0) -> float:
    """Mean continuous ranked probability score in days, integrated in steps of `step` hours."""
    return float(crps_each(gone_within, truth_hours, step).mean())


def crps_each(gone_within: Callable[[float], Floats], truth_hours: Floats, step: float = 6.0) -> Floats:
    """As `crps`, for each landmark on its own: to FAR, and day by day to the longest where more than LONG_STAYS go on."""
    parts = [(step, np.arange(step / 2, FAR, step))]
    if (truth_hours > FAR).mean() > LONG_STAYS:
        parts.append((24.0, np.arange(FAR + 12.0, truth_hours.max() + 24.0, 24.0)))
    total = np.zeros(len(truth_hours))
    for width, middles in parts:
        for hours in middles:
            total += width / 24.0 * (gone_within(hours) - (truth_hours <= hours)) ** 2
    return total


def coverage_by_stratum(inside: Floats, days_in: Floats, width: Floats) -> list[dict[str, Any]]:
    """Per whole day in: n, share covered, mean width in days."""
    strata = stratum(days_in)
    return [
        {
            "days_in": int(one),
            "n": int((strata == one).sum()),
            "covered": float(inside[strata == one].mean()),
            "width": float(width[strata == one].mean()),
        }
        for one in np.unique(strata)
    ]


def discharge(model: DischargeModel, table: StayTable, rows: Ints, at: Floats) -> dict[str, Any]:
    """Measures of a discharge model on landmarks whose end is known."""
    outlook, _ = model.outlook(table, rows, at)
    truth = (table.column("discharged")[rows] - at) / 3600.0
    days_in = (at - table.column("admitted")[rows]) / DAY
    low, high = model.ranges(outlook, days_in)
    patients = table.stays["patient_id"].to_numpy()[rows]
    measures = point_measures(outlook, truth, days_in, patients)
    left = local_wall(table.column("discharged")[rows], table.zone)
    inside = ((left >= low) & (left <= high)).astype(float)
    width = (high - low) / DAY
    strata = coverage_by_stratum(inside, days_in, width)
    return {
        "model": model.name,
        "n": len(rows),
        **measures,
        "coverage": float(inside.mean()),
        "mean_width_days": float(width.mean()),
        "strata": strata,
        "in_the_past": int((outlook.when(0.5) < outlook.wall).sum()),
    }


def intervals(each: dict[str, Floats], clusters: Any) -> dict[str, list[float]]:
    """Measure → [low, high] of its 95 % interval, those of one cluster being one voice; none where there is but one."""
    found = {name: clustered_interval(values, clusters) for name, values in each.items()}
    return {name: list(ends) for name, ends in found.items() if np.isfinite(ends).all()}


def point_measures(outlook: Outlook, truth: Floats, days_in: Floats, patients: Any = None) -> dict[str, Any]:
    """MAE of the median, signed error of the mean, CRPS, calibration and order. `truth` in hours from the landmark.

    With `patients`, one name a landmark, 95 % `intervals` of the first three, in which each patient is one voice.
    """
    median = (outlook.when(0.5) - outlook.wall) / 3600.0
    error = np.abs(median - truth) / 24.0
    chance = outlook.gone_within(24.0)
    happened = (truth <= 24.0).astype(float)
    strata = stratum(days_in)
    each = {
        "mae_days": error,
        "signed_error_days": outlook.mean_days() - truth / 24.0,
        "crps_days": crps_each(outlook.gone_within, truth),
    }
    sure = {} if patients is None else {"intervals": intervals(each, patients)}
    return {
        **{name: float(values.mean()) for name, values in each.items()},
        **sure,
        "ece_24h": expected_calibration_error(chance, happened),
        "brier_24h": float(((chance - happened) ** 2).mean()),
        "concordance": concordance(median, truth),
        "mae_by_days_in": {int(one): float(error[strata == one].mean()) for one in np.unique(strata)},
    }
