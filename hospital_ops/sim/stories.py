"""One simulated patient's illness: how long it lasts, and what the laboratory and the nurses see of it on the way.

The signal is honest: deviations shrink as the patient gets better, so a model that reads them can know more than the
calendar. Race, ethnicity, language and payer have no effect by construction: what a model finds there is its own fault.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from hospital_ops.domain.history import OBSERVED, Observation
from hospital_ops.sim.wards import WARDS

Floats = npt.NDArray[np.float64]

CODES: tuple[str, ...] = tuple(OBSERVED)
MEDIAN_DAYS: dict[str, float] = {ward.unit: ward.median_stay for ward in WARDS}
# Spread of the logarithm: what the first day shows, and what nobody can see yet.
SEEN, UNSEEN = 0.32, 0.40
DAYS_WAITING_TO_LEAVE = 0.30  # Ready in the morning, gone in the afternoon; ready on Saturday, gone on Monday.

_BASELINE = np.array([0.95, 4.0, 12.8, 7.2, 139.5, 0.0, 7.6])
_BASELINE_SPREAD = np.array([0.15, 1.5, 1.0, 1.0, 1.6, 0.0, 0.3])
_NOISE = np.array([0.06, 3.0, 0.35, 0.7, 1.1, 0.25, 0.35])
_LOWEST = np.array([0.3, 0.3, 5.0, 0.5, 115.0, 0.0, 1.0])
_HIGHEST = np.array([9.0, 420.0, 19.0, 45.0, 155.0, 15.0, 8.0])
_DIGITS = (2, 0, 1, 1, 0, 1, 0)
# Mean deviation at admission: creatinine, CRP, haemoglobin, white cells, sodium, oxygen, mobility.
_DEVIATION: dict[str, tuple[float, ...]] = {
    "Emergency": (0.15, 15, -0.3, 2.5, -1.0, 0.3, -1.2),
    "ICU": (1.00, 130, -2.2, 7.0, -3.0, 5.0, -5.8),
    "Surgery": (0.15, 90, -1.4, 5.0, -1.5, 0.8, -3.5),
    "Cardiac": (0.45, 15, -0.7, 1.0, -3.0, 1.8, -2.8),
    "Respiratory": (0.20, 85, -0.5, 5.0, -1.5, 3.4, -2.6),
    "Medicine": (0.60, 65, -1.2, 4.0, -3.0, 0.6, -2.8),
    "Oncology": (0.20, 70, -2.6, -3.0, -2.5, 0.5, -2.4),
    "Neurology": (0.10, 15, -0.3, 1.2, -1.5, 0.4, -4.4),
    "Orthopaedics": (0.12, 75, -2.2, 2.5, -1.2, 0.5, -5.0),
    "Maternity": (0.00, 18, -1.6, 3.5, 0.0, 0.0, -2.0),
    "Paediatrics": (0.00, 30, -0.3, 3.5, -1.5, 1.2, -1.0),
    "Rehabilitation": (0.10, 8, -0.8, 0.5, -0.5, 0.1, -4.6),
}


@dataclass(frozen=True)
class Story:
    """What the simulator knows and no model is told. `traits` is (2, 7): baseline shift and strength per code."""

    unit: str
    severity: float
    started_at: datetime
    ready_at: datetime
    leaves_at: datetime
    traits: Floats

    def observe(self, when: datetime, rng: np.random.Generator) -> list[Observation]:
        """One round of observations at `when`, one per code."""
        done = (when - self.started_at) / max(self.ready_at - self.started_at, when.resolution)
        values = values_at(
            [self.unit],
            np.array([self.severity]),
            self.traits[None],
            np.array([min(max(done, 0.0), 1.0)]),
            rng,
        )
        return [Observation(when, code, float(value)) for code, value in zip(CODES, values[0], strict=True)]


def days_needed(unit: str, longer: float, age: float, source: str, severity: float, unseen: float) -> float:
    """Days until ready to leave. `severity` and `unseen` are standard normal."""
    older = {"Paediatrics": 0.0, "Maternity": 0.0}.get(unit, 0.006) * (age - 62)
    came = {"transfer": 0.14, "nursing_home": 0.20, "planned": -0.10}.get(source, 0.0)
    return MEDIAN_DAYS[unit] * longer * math.exp(older + came + SEEN * severity + UNSEEN * unseen)


def draw_traits(count: int, rng: np.random.Generator) -> Floats:
    """Shape (count, 2, 7): how this body differs, the same through one stay."""
    shift = rng.normal(0, 1, (count, len(CODES))) * _BASELINE_SPREAD
    strength = np.exp(rng.normal(-0.06, 0.35, (count, len(CODES))))
    return np.stack([shift, strength], axis=1)


def next_values(last: Floats, before: float, now: float, rng: np.random.Generator) -> Floats:
    """The next round of a patient of whom only `last` is known, shape (7,), and how far they were then and are now.

    What is out of the ordinary shrinks as the illness does; the same recovery as in `values_at`.
    """
    recovery = _left(now) / _left(before)
    values = _BASELINE + (last - _BASELINE) * recovery + rng.normal(0, 1, len(CODES)) * _NOISE
    values = np.clip(values, _LOWEST, _HIGHEST)
    values[5] = 0.0 if values[5] < 0.5 else values[5]
    return np.array([np.round(value, digits) for value, digits in zip(values, _DIGITS, strict=True)])


def _left(done: Any) -> Any:
    """Share of the illness's signs that is left: nobody leaves with perfect numbers, a tenth stays."""
    return 0.1 + 0.9 * (1 - done) ** 1.3


def values_at(units: list[str], severity: Floats, traits: Floats, done: Floats, rng: np.random.Generator) -> Floats:
    """Observed values, shape (rows, 7). `done` is the share of the illness that is over, 0 to 1."""
    deviation = np.array([_DEVIATION[unit] for unit in units])
    left = _left(done)[:, None]
    values = _BASELINE + traits[:, 0] + deviation * traits[:, 1] * np.exp(0.45 * severity)[:, None] * left
    values = values + rng.normal(0, 1, values.shape) * _NOISE * (1 + 0.1 * np.abs(deviation) / (1 + _NOISE))
    values = np.clip(values, _LOWEST, _HIGHEST)
    # No one is put on a whisper of oxygen.
    values[:, 5] = np.where(values[:, 5] < 0.5, 0.0, values[:, 5])
    return np.column_stack([np.round(values[:, column], digits) for column, digits in enumerate(_DIGITS)])
