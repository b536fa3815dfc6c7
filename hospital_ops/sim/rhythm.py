"""When simulated patients come and go: hour of day, day of week, time of year. All on its own clock."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Rhythm:
    """How one unit's arrivals breathe. `weekend` multiplies Saturday and Sunday; `winter` is the yearly swing."""

    planned: float  # share of arrivals that were planned: they come on weekday mornings
    weekend: float
    winter: float
    epidemic: float = 0.0  # sd of a slow wave of the logarithm, which no calendar foretells


RHYTHMS: dict[str, Rhythm] = {
    "Emergency": Rhythm(0.0, 1.05, 0.03, 0.04),
    "ICU": Rhythm(0.15, 0.90, 0.08, 0.05),
    "Surgery": Rhythm(0.60, 0.45, 0.02),
    "Cardiac": Rhythm(0.35, 0.70, 0.10),
    "Respiratory": Rhythm(0.02, 0.95, 0.32, 0.12),
    "Medicine": Rhythm(0.05, 0.90, 0.08, 0.04),
    "Oncology": Rhythm(0.55, 0.50, 0.0),
    "Neurology": Rhythm(0.10, 0.90, 0.04),
    "Orthopaedics": Rhythm(0.60, 0.50, 0.06),
    "Maternity": Rhythm(0.30, 0.85, -0.04),
    "Paediatrics": Rhythm(0.08, 0.95, 0.28, 0.10),
    "Rehabilitation": Rhythm(0.90, 0.10, 0.0),
}

_UNPLANNED = np.array(
    [
        2.6,
        2.2,
        1.9,
        1.7,
        1.6,
        1.7,
        2.2,
        3.0,
        4.0,
        5.0,
        5.8,
        6.2,
        6.2,
        6.0,
        5.9,
        5.8,
        5.9,
        6.0,
        5.8,
        5.4,
        4.8,
        4.2,
        3.6,
        3.0,
    ]
)
_PLANNED = np.array([0, 0, 0, 0, 0, 0.5, 6, 12, 12, 9, 6, 5, 5, 4, 2, 1, 0.5, 0, 0, 0, 0, 0, 0, 0], dtype=float)
# Ward rounds end before noon, papers and lifts home take the afternoon.
_LEAVING = np.array(
    [
        0.4,
        0.3,
        0.2,
        0.2,
        0.2,
        0.2,
        0.4,
        0.8,
        2.0,
        4.5,
        8.5,
        13,
        13.5,
        13,
        12,
        10,
        8,
        5.5,
        3.5,
        2.0,
        1.2,
        0.8,
        0.5,
        0.4,
    ]
)
_LEAVING_OBSERVATION = np.array(
    [2.5, 2, 2, 1.5, 1.5, 2, 2.5, 3.5, 4.5, 5.5, 6.5, 7, 6.5, 6, 6, 6, 6, 5.5, 5, 4.5, 4, 3.5, 3, 3]
)


def leaving_hours(unit: str) -> Floats:
    """Share of departures in each hour of the day, shape (24,)."""
    hours = _LEAVING_OBSERVATION if unit == "Emergency" else _LEAVING
    shares: Floats = hours / hours.sum()
    return shares


def hourly_factors(unit: str, first: datetime, hours: int, rng: np.random.Generator) -> Floats:
    """Arrivals of each hour relative to the unit's mean, shape (hours,), from `first` (local wall clock)."""
    rhythm = RHYTHMS[unit]
    clock = first.hour + np.arange(hours)
    hour, day = clock % 24, clock // 24
    weekday = (first.weekday() + day) % 7
    planned = _PLANNED / _PLANNED.mean() * rhythm.planned
    unplanned = _UNPLANNED / _UNPLANNED.mean() * (1 - rhythm.planned)
    level = np.where(weekday >= 5, rhythm.weekend, np.where(weekday == 0, 1.08, 1.0))
    year = (first.timetuple().tm_yday + day) / 365.25 * 2 * math.pi
    # Coldest in mid-January.
    seasonal = 1 + rhythm.winter * np.cos(year - 0.26)
    factors: Floats = (planned + unplanned)[hour] * level * seasonal * _wave(rhythm.epidemic, hours, rng)
    return factors


def _wave(deviation: float, hours: int, rng: np.random.Generator) -> Floats:
    """A slow wave round one: a first-order process that forgets half of itself in nine days."""
    days = hours // 24 + 2
    shocks = rng.normal(0, deviation * math.sqrt(1 - 0.926**2), days)
    level = np.zeros(days)
    for day in range(1, days):
        level[day] = 0.926 * level[day - 1] + shocks[day]
    factors: Floats = np.exp(np.repeat(level, 24)[:hours])
    return factors
