"""What every model must beat, and what serves when there is none: Kaplan–Meier by unit, given the days already in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from hospital_ops.ml.dataset import DAY, Floats, Ints, StayTable, local_wall

Bools = npt.NDArray[np.bool_]
LENDING = 15.0  # stays: where fewer are still in, the whole hospital's hazard speaks
SHORTEST, LONGEST = 60, 400  # nights that have a hazard of their own; what is left of longer stays shares the last one
HORIZON = 28
# No history at all: one in five leaves each day, a mean stay of about four and a half days, as US acute wards have.
GENERAL_HAZARD = 0.20
GENERAL_HOURS = np.array([1, 1, 1, 1, 1, 1, 2, 3, 5, 8, 12, 15, 15, 15, 14, 13, 11, 8, 6, 4, 3, 2, 1, 1], dtype=float)


@dataclass
class KaplanMeier:
    """`hazard[unit][k]`: of those still here at the k-th midnight after admission, the share that leaves that day."""

    hazard: dict[str, list[float]] = field(default_factory=dict)
    overall: list[float] = field(default_factory=lambda: [GENERAL_HAZARD])
    hours: dict[str, list[float]] = field(default_factory=dict)
    overall_hours: list[float] = field(default_factory=lambda: (GENERAL_HOURS / GENERAL_HOURS.sum()).tolist())

    @classmethod
    def fit(cls, table: StayTable, until: float) -> KaplanMeier:
        """From stays admitted before `until`; whoever had not left by then counts as still here."""
        admitted, discharged = table.column("admitted"), table.column("discharged")
        known = admitted < until
        gone = known & (discharged <= until)
        last = np.where(gone, discharged, until)
        nights = local_wall(last, table.zone) // DAY - local_wall(admitted, table.zone) // DAY
        units = table.stays["unit"].to_numpy()
        leaving_hour = ((local_wall(last, table.zone) % DAY) // 3600).astype(np.int64)
        longest = _nights_told(nights[known])
        overall = _hazards(nights[known], gone[known], np.full(longest, _rate(nights[known], gone[known])))
        overall_hours = _profile(leaving_hour[gone], GENERAL_HOURS / GENERAL_HOURS.sum())
        hazard, hours = {}, {}
        for unit in sorted(set(units[known])):
            mine = known & (units == unit)
            hazard[str(unit)] = _hazards(nights[mine], gone[mine], overall).tolist()
            hours[str(unit)] = _profile(leaving_hour[mine & gone], overall_hours).tolist()
        return cls(hazard, overall.tolist(), hours, overall_hours.tolist())

    @property
    def days(self) -> int:
        """How far ahead there is something to say of its own."""
        return max([len(self.overall), *(len(row) for row in self.hazard.values())])

    def hazards(self, table: StayTable, rows: Ints, wall: Floats, days: int = HORIZON) -> Floats:
        """Shape (landmarks, days): today's is for what is left of today."""
        units = table.stays["unit"].to_numpy()[rows]
        profiles = self.profiles(units)
        admitted = local_wall(table.column("admitted")[rows], table.zone)
        nights = (wall // DAY - admitted // DAY).astype(np.int64)
        tables = np.stack([_padded(row, self.days) for row in (self.overall, *self.hazard.values())])
        places = {unit: place for place, unit in enumerate(self.hazard, 1)}
        which = np.array([places.get(str(unit), 0) for unit in units], dtype=np.int64)
        hazards: Floats = tables[which[:, None], np.minimum(nights[:, None] + np.arange(days), self.days - 1)]
        # Still here at this hour: what the day's profile has already spent no longer counts.
        hour = (wall % DAY) / 3600.0
        spent = np.array(
            [np.interp(h, np.arange(25), np.append(0, np.cumsum(p))) for h, p in zip(hour, profiles, strict=True)]
        )
        today = hazards[:, 0]
        hazards[:, 0] = today * (1 - spent) / np.maximum(1 - today * spent, 1e-9)
        return hazards

    def profiles(self, units: Any) -> Floats:
        """Share of departures per hour of the day, shape (landmarks, 24)."""
        rows = [self.hours.get(str(unit), self.overall_hours) for unit in units]
        return np.array(rows, dtype=np.float64).reshape(len(rows), 24)

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> KaplanMeier:
        """Raises ValueError, or what is wrong raises, where these are no tables of chances: they serve without a hash."""
        found = cls(**values)
        for rows, least in (
            ((found.overall, *found.hazard.values()), 1),
            ((found.overall_hours, *found.hours.values()), 24),
        ):
            for row in rows:
                numbers = np.array(row, dtype=np.float64)
                if numbers.ndim != 1 or len(numbers) < least or not ((numbers >= 0) & (numbers <= 1)).all():
                    raise ValueError("This is no table of chances.")
        return found


def _nights_told(nights: Floats) -> int:
    """Nights that LENDING stays and more have reached."""
    reached = np.sort(nights)[-int(LENDING)] if len(nights) >= LENDING else 0
    return int(np.clip(reached + 1, SHORTEST, LONGEST))


def _rate(nights: Floats, gone: Bools) -> float:
    """Who leaves on a day of all who are here on one; the general share where hardly anybody was seen."""
    return float((gone.sum() + LENDING * GENERAL_HAZARD) / ((nights + gone).sum() + LENDING))


def _hazards(nights: Floats, gone: Bools, towards: Floats) -> Floats:
    """Events over those at risk per day, lent from `towards` where few are left; the last one is of all later days together."""
    longest = len(towards)
    day = np.clip(nights, 0, longest - 1).astype(np.int64)
    events = np.bincount(day[gone], minlength=longest).astype(np.float64)
    # The unfinished were seen through the day before.
    leave_risk = np.bincount(day, minlength=longest)
    unfinished = np.bincount(day[~gone], minlength=longest)
    at_risk = (leave_risk[::-1].cumsum()[::-1] - unfinished).astype(np.float64)
    at_risk[-1] += np.maximum(nights - (longest - 1), 0).sum()
    hazard: Floats = (events + LENDING * towards) / (at_risk + LENDING)
    return hazard


def _profile(hours: Ints, towards: Floats) -> Floats:
    counts = np.bincount(hours, minlength=24).astype(np.float64)
    profile: Floats = (counts + 50 * towards) / (counts.sum() + 50)
    return profile


def _padded(row: list[float], length: int) -> Floats:
    return np.array(row + [row[-1]] * max(length - len(row), 0), dtype=np.float64)
