"""The next shifts: who is there, who comes, how many nurses that needs, and the chance that it is more than there are.

Two answers to the last question are given as one, their mean: the exact distribution of the ward's census (each patient's
chance to have left, newcomers on top) and a RandomForestClassifier that has seen which shifts exceeded their capacity.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from scipy import stats
from sklearn.ensemble import RandomForestClassifier

from hospital_ops.domain.forecasts import (
    SHIFTS,
    ShiftForecast,
    WardStaffing,
    at_quantile,
    leaving_distribution,
    next_shifts,
)
from hospital_ops.domain.history import Inpatient
from hospital_ops.ml import calendar
from hospital_ops.ml.arrivals import ArrivalsModel, Counts
from hospital_ops.ml.dataset import DAY, Floats, Ints, StayTable, local_wall, table_of_inpatients
from hospital_ops.ml.length_of_stay import DischargeModel
from hospital_ops.ml.threads import one_core

KIND = "shift_capacity"
FEATURES = (
    "census share",
    "capacity share",
    "shift",
    "weekday",
    "hours ahead",
    "season sin",
    "season cos",
    "came today share",
    "mean days in",
    "beds",
)
LEAST_ROWS, MOST_ROWS = 500, 16_000
WARM_UP_DAYS = 45  # a history that begins with an empty house has no census yet


@dataclass
class CapacityModel:
    """P(this shift needs more nurses than it is staffed for), from what is known some hours before."""

    name: str = ""
    estimator: Any = None
    metadata: dict[str, Any] = field(default_factory=dict)
    version: str = ""

    def chance(self, features: Floats) -> Floats:
        with one_core():
            chances: Floats = self.estimator.predict_proba(features)[:, 1]
        return chances


def forecast_shifts(
    arrivals: ArrivalsModel,
    recent: Counts,
    discharge: DischargeModel,
    inpatients: Sequence[Inpatient],
    now: datetime,
    zone: ZoneInfo,
    wards: Sequence[WardStaffing],
    capacity: CapacityModel | None = None,
    count: int = 3,
) -> list[ShiftForecast]:
    """`count` coming shifts of every ward, in order of shift, then ward."""
    table = table_of_inpatients(inpatients, zone) if inpatients else None
    wall = now.astimezone(zone).replace(tzinfo=UTC).timestamp()
    hourly = arrivals.hourly(recent, 7)
    skipped = wall / 3600.0 - float(recent.days[-1] + 1) * 24
    outlook = None
    if table is not None:
        outlook, _ = discharge.outlook(table, np.arange(len(table)), np.full(len(table), now.timestamp()))
    found = []
    for shift, start, end in next_shifts(now, zone, count):
        begins, ends = ((when - now) / timedelta(hours=1) for when in (start, end))
        middle = (begins + ends) / 2
        gone = outlook.gone_within(middle) if outlook else np.empty(0)
        leaving = outlook.gone_within(ends) - outlook.gone_within(begins) if outlook else np.empty(0)
        for ward in wards:
            mine = np.array([one.stay.ward_code == ward.ward_code for one in inpatients], dtype=bool)
            unit = arrivals.units.index(ward.unit) if ward.unit in arrivals.units else None
            coming = hourly[:, unit] if unit is not None else np.zeros(len(hourly))
            census = _census(gone[mine], _still_there(coming, skipped, middle, discharge, ward.unit), ward.beds)
            expected = _between(coming, skipped + begins, skipped + ends)
            features = _row(ward, shift, mine.sum(), middle, wall, table, mine)
            found.append(
                _forecast(
                    ward, shift, start, end, census, expected, float(leaving[mine].sum()), arrivals, capacity, features
                )
            )
    return found


def _forecast(
    ward: WardStaffing, shift: int, start: datetime, end: datetime, census: list[float], expected: float,
    departures: float, arrivals: ArrivalsModel, capacity: CapacityModel | None, features: Floats,
) -> ShiftForecast:  # fmt: skip
    low, high = at_quantile(census, 0.1), at_quantile(census, 0.9)
    mean = sum(k * chance for k, chance in enumerate(census))
    ratio, staffed = ward.ratios[shift], ward.staffed[shift]
    over = sum(chance for k, chance in enumerate(census) if k > staffed * ratio)
    if capacity is not None and capacity.estimator is not None:
        over = (over + float(capacity.chance(features)[0])) / 2
    least, most = arrivals.range(np.array([max(expected, 0.01)]), (end - start) / timedelta(hours=1))
    return ShiftForecast(
        ward_code=ward.ward_code,
        unit=ward.unit,
        shift=SHIFTS[shift][0],
        starts_at=start.astimezone(UTC),
        ends_at=end.astimezone(UTC),
        arrivals=expected,
        arrivals_low=float(least[0]),
        arrivals_high=float(most[0]),
        departures=departures,
        census=mean,
        census_low=float(low),
        census_high=float(high),
        needed=nurses_for(mean, ratio),
        needed_low=nurses_for(low, ratio),
        needed_high=nurses_for(high, ratio),
        staffed=staffed,
        p_over=min(max(over, 0.0), 1.0),
        model_name=arrivals.name,
    )


def nurses_for(census: float, ratio: float) -> int:
    """Nurses that so many patients need; half a patient too many already needs one more."""
    return math.ceil(round(census) / ratio) if census > 0 else 0


def _census(gone: Floats, newcomers: float, beds: int) -> list[float]:
    """P(exactly k patients), k = 0 … beds: those who stay, and newcomers as they come; the ward's beds are its limit."""
    staying = leaving_distribution((1 - gone).tolist())
    coming = stats.poisson.pmf(np.arange(beds + 1), max(newcomers, 1e-9))
    together = np.convolve(staying, coming)
    exactly = together[: beds + 1].copy()
    exactly[-1] += max(1.0 - exactly.sum(), 0.0)
    return [float(chance) for chance in exactly]


def _between(coming: Floats, first: float, last: float) -> float:
    """Expected arrivals between two times in hours since the forecast's first midnight."""
    edges = np.append(0.0, np.cumsum(coming))
    return float(np.interp(last, np.arange(len(edges)), edges) - np.interp(first, np.arange(len(edges)), edges))


def _still_there(coming: Floats, skipped: float, hours: float, discharge: DischargeModel, unit: str) -> float:
    """Expected newcomers after now who are still here `hours` later; how long they stay is the unit's usual."""
    hazards = discharge.baseline.hazard.get(unit, discharge.baseline.overall)
    total = 0.0
    for hour in range(math.ceil(hours)):
        share = min(hours - hour, 1.0)
        age = max(hours - hour - 0.5, 0.0) / 24.0
        survives = 1.0
        for night in range(int(age) + 1):
            survives *= (1 - hazards[min(night, len(hazards) - 1)]) ** min(age - night, 1.0)
        total += share * _between(coming, skipped + hour, skipped + hour + 1) * survives
    return total


def _row(
    ward: WardStaffing, shift: int, census: int, ahead: float, wall: float, table: StayTable | None, mine: Any
) -> Floats:
    days_in = (
        (wall - local_wall(table.column("admitted")[mine], table.zone)) / DAY if table is not None else np.empty(0)
    )
    return _features(
        np.array([census / ward.beds]), ward, shift, np.array([ahead]), np.array([wall]),
        np.array([(days_in < 1).sum() / ward.beds]), np.array([days_in.mean() if len(days_in) else 0.0]),
    )  # fmt: skip


def _features(
    share: Floats, ward: WardStaffing, shift: int, ahead: Floats, wall: Floats, new: Floats, days_in: Floats
) -> Floats:
    then = ((wall + ahead * 3600.0) // DAY).astype(np.int64)
    angle = 2 * np.pi * then / 365.2425
    limit = ward.staffed[shift] * ward.ratios[shift] / ward.beds
    columns = [
        share,
        limit,
        shift,
        calendar.weekday(then),
        ahead,
        np.sin(angle),
        np.cos(angle),
        new,
        days_in,
        ward.beds,
    ]
    return np.column_stack([np.broadcast_to(np.asarray(column, dtype=np.float64), share.shape) for column in columns])


def train_capacity(table: StayTable, end: float, wards: Sequence[WardStaffing], seed: int = 0) -> CapacityModel:
    """Learn from every past shift whether its ward needed more nurses than `wards` says it is staffed for.

    The last sixty days measure it (Brier score beside that of the plain share). Raises ValueError with too few shifts.
    """
    features, over, when = _past_shifts(table, end, wards)
    if len(features) < LEAST_ROWS:
        raise ValueError(f"{len(features)} past shifts are too few to learn from; {LEAST_ROWS} are needed.")
    rng = np.random.default_rng(seed)
    early = np.flatnonzero(when < end - 60 * DAY)
    late = np.flatnonzero(when >= end - 60 * DAY)
    trial = _fit(features, over, early, rng, seed)
    said, seen = trial.chance(features[late]), over[late].astype(float)
    final = _fit(features, over, np.arange(len(features)), rng, seed)
    final.metadata = {
        "shifts": len(features),
        "features": list(FEATURES),
        "metrics": {
            "brier": float(((said - seen) ** 2).mean()),
            "brier_of_the_plain_share": float(((over[early].mean() - seen) ** 2).mean()),
            "share_over": float(over.mean()),
            "n": len(late),
        },
    }
    return final


def _fit(features: Floats, over: Ints, rows: Ints, rng: np.random.Generator, seed: int) -> CapacityModel:
    if len(rows) > MOST_ROWS:
        rows = rng.choice(rows, MOST_ROWS, replace=False)
    estimator = RandomForestClassifier(
        n_estimators=60, min_samples_leaf=20, max_features=0.5, max_samples=0.5, n_jobs=1, random_state=seed
    )
    with one_core():
        # A classifier that never saw an overfull shift would have one class only; one invented row keeps both.
        labels = over[rows] if len(np.unique(over[rows])) == 2 else np.append(over[rows][:-1], 1 - over[rows][0])
        estimator.fit(features[rows], labels)
    return CapacityModel("Random forest of overfull shifts", estimator)


def _past_shifts(table: StayTable, end: float, wards: Sequence[WardStaffing]) -> tuple[Floats, Ints, Floats]:
    """(features, exceeded, shift's middle) for every ward and shift, as known four, twelve and twenty hours before it."""
    admitted, discharged = (
        local_wall(np.nan_to_num(table.column(name), nan=end + 9e6), table.zone) for name in ("admitted", "discharged")
    )
    first = (admitted.min() // DAY + WARM_UP_DAYS) * DAY
    last = local_wall(np.array([end]), table.zone)[0]
    days = np.arange(first, last - 2 * DAY, DAY)
    wards_of = table.stays["unit"].to_numpy()
    features, over, when = [], [], []
    for ward in wards:
        mine = wards_of == ward.unit
        come, gone = np.sort(admitted[mine]), np.sort(discharged[mine])
        sums = np.append(0.0, np.cumsum(come)), np.append(0.0, np.cumsum(admitted[mine][np.argsort(discharged[mine])]))
        for shift, (_, start, stop) in enumerate(SHIFTS):
            middle = days + (start + ((stop - start) % 24) / 2) * 3600.0
            there = _here(come, gone, middle)
            for hours in (4.0, 12.0, 20.0):
                at = middle - hours * 3600.0
                here = _here(come, gone, at)
                total = (
                    sums[0][np.searchsorted(come, at, side="right")] - sums[1][np.searchsorted(gone, at, side="right")]
                )
                days_in = np.where(here > 0, at - total / np.maximum(here, 1), 0.0) / DAY
                new = np.searchsorted(come, at, side="right") - np.searchsorted(come, at - DAY, side="right")
                features.append(
                    _features(here / ward.beds, ward, shift, np.full(len(at), hours), at, new / ward.beds, days_in)
                )
                over.append((there > ward.staffed[shift] * ward.ratios[shift]).astype(np.int64))
                when.append(middle)
    return np.vstack(features), np.concatenate(over), np.concatenate(when)


def _here(come: Floats, gone: Floats, at: Floats) -> Ints:
    return np.searchsorted(come, at, side="right") - np.searchsorted(gone, at, side="right")
