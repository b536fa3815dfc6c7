"""The next shifts: who is there, who comes, how many nurses that needs, and the chance that it is more than there are.

The last question has an exact answer, the distribution of the ward's census (each patient's chance to have left, newcomers
on top). Whether that one is given, or what was learned from past shifts, is decided in training (ml/train_shifts.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from scipy import stats

from hospital_ops.domain.forecasts import (
    SHIFTS,
    ShiftForecast,
    WardStaffing,
    at_quantile,
    leaving_distribution,
    next_shifts,
)
from hospital_ops.domain.history import Inpatient
from hospital_ops.domain.staffing import nurses_for
from hospital_ops.ml.arrivals import ArrivalsModel, Counts
from hospital_ops.ml.capacity import CapacityModel, features_of
from hospital_ops.ml.dataset import DAY, Floats, StayTable, local_wall, table_of_inpatients
from hospital_ops.ml.length_of_stay import DischargeModel


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
            census = census_distribution(
                gone[mine], still_there(coming, skipped, middle, discharge, ward.unit), ward.beds
            )
            expected = _between(coming, skipped + begins, skipped + ends)
            features = _row(ward, shift, mine.sum(), middle, wall, table, mine)
            found.append(
                _forecast(
                    ward,
                    shift,
                    start,
                    end,
                    census,
                    expected,
                    float(leaving[mine].sum()),
                    arrivals,
                    capacity or CapacityModel(),
                    features,
                )
            )
    return found


def _forecast(
    ward: WardStaffing, shift: int, start: datetime, end: datetime, census: list[float], expected: float,
    departures: float, arrivals: ArrivalsModel, capacity: CapacityModel, features: Floats,
) -> ShiftForecast:  # fmt: skip
    low, high = at_quantile(census, 0.1), at_quantile(census, 0.9)
    mean = sum(k * chance for k, chance in enumerate(census))
    ratio, staffed = ward.ratios[shift], ward.staffed[shift]
    over = sum(chance for k, chance in enumerate(census) if nurses_for(k, ratio, ward.acuity) > staffed)
    over = float(capacity.chance(features, np.array([over]))[0])
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
        needed=nurses_for(mean, ratio, ward.acuity),
        needed_low=nurses_for(low, ratio, ward.acuity),
        needed_high=nurses_for(high, ratio, ward.acuity),
        staffed=staffed,
        p_over=min(max(over, 0.0), 1.0),
        model_name=arrivals.name,
        acuity=ward.acuity,
        p_over_model=capacity.name,
    )


def census_distribution(gone: Floats, newcomers: float, beds: int) -> list[float]:
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


def still_there(coming: Floats, skipped: float, hours: float, discharge: DischargeModel, unit: str) -> float:
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
    # Heavier patients leave room for fewer.
    capacity = ward.staffed[shift] * ward.ratios[shift] / ward.acuity
    return features_of(
        here=np.array([float(census)]), capacity=np.array([capacity]), beds=np.array([float(ward.beds)]),
        shift=np.array(shift), ahead=np.array([ahead]), wall=np.array([wall]),
        new=np.array([float((days_in < 1).sum())]), days_in=np.array([days_in.mean() if len(days_in) else 0.0]),
    )  # fmt: skip
