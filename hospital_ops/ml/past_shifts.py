"""Past shifts as they would have been asked about some hours before: what was known then, and what came.

What a shift was staffed with in the past is not in a history, so each past shift is asked about with a nurse or two fewer or
more than its usual patients need: whether that many could serve who was there is known for every number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hospital_ops.domain.forecasts import SHIFTS
from hospital_ops.ml.capacity import FEATURES, features_of
from hospital_ops.ml.dataset import DAY, Floats, Ints, StayTable, local_wall

LEADS = (4.0, 12.0, 20.0)  # hours before the shift's middle at which it is asked
RATIO = 5.0
SPREAD = (-2, -1, 0, 1)  # nurses fewer or more than the usual patients need
WARM_UP_DAYS = 45  # a history that begins with an empty house has no census yet


@dataclass(frozen=True)
class Cases:
    """Past shifts, one entry each: unit, whole day, hours ahead, when it was asked (wall), staff, and what came.

    `capacity`: patients that the staff on it can serve; `usual`: the nurses that the unit usually has then.
    """

    unit: Ints
    day: Ints
    ahead: Floats
    asked: Floats
    capacity: Floats
    beds: Floats
    features: Floats
    usual: Floats
    over: Ints

    def __len__(self) -> int:
        return len(self.over)

    def where(self, which: Any) -> Cases:
        return Cases(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


def past_cases(table: StayTable, units: tuple[str, ...], end: float, seed: int = 0) -> Cases:
    """Every past shift of every unit, as it was known some hours before, with a staffing drawn for it."""
    rng = np.random.default_rng(seed)
    admitted, discharged = (
        local_wall(np.nan_to_num(table.column(name), nan=end + 9e6), table.zone) for name in ("admitted", "discharged")
    )
    first = int(admitted.min() // DAY) + WARM_UP_DAYS
    days = np.arange(first, int(local_wall(np.array([end]), table.zone)[0] // DAY) - 1)
    unit_of = table.stays["unit"].to_numpy()
    found = [
        cases_of(place, shift, days, admitted[unit_of == unit], discharged[unit_of == unit], rng)
        for place, unit in enumerate(units)
        for shift in range(len(SHIFTS))
        if len(days)
    ]
    if not found:
        return Cases(
            *(np.empty(0) for _ in range(6)), np.empty((0, len(FEATURES))), np.empty(0), np.empty(0, dtype=np.int64)
        )  # type: ignore[call-arg]
    return Cases(*(np.concatenate([getattr(one, name) for one in found]) for name in Cases.__dataclass_fields__))


def cases_of(
    place: int, shift: int, days: Ints, admitted: Floats, discharged: Floats, rng: np.random.Generator,
    built: tuple[float, float] | None = None,
) -> Cases:  # fmt: skip
    """One unit's shift on each of `days`, once for each staffing; all times on the wall's clock, seconds.

    `built`: what the unit is taken to have, (beds, usual nurses); unless given, what its own stays say.
    """
    come, gone = np.sort(admitted), np.sort(discharged)
    _, start, stop = SHIFTS[shift]
    dates = np.repeat(days, len(SPREAD))
    middle = dates * DAY + (start + ((stop - start) % 24) / 2) * 3600.0
    there = _here(come, gone, middle)
    # A real ward's own numbers are put in when it is asked about.
    beds, usual = built or _built(there)
    # Each is asked about at one moment, with each staffing.
    ahead = np.repeat(rng.choice(LEADS, len(days)), len(SPREAD))
    asked = middle - ahead * 3600.0
    here = _here(come, gone, asked)
    order = np.argsort(discharged, kind="stable")
    sums = np.append(0.0, np.cumsum(come)), np.append(0.0, np.cumsum(admitted[order]))
    total = sums[0][np.searchsorted(come, asked, side="right")] - sums[1][np.searchsorted(gone, asked, side="right")]
    days_in = np.where(here > 0, asked - total / np.maximum(here, 1), 0.0) / DAY
    new = np.searchsorted(come, asked, side="right") - np.searchsorted(come, asked - DAY, side="right")
    nurses = np.maximum(usual + np.tile(SPREAD, len(days)), 1.0)
    capacity = nurses * RATIO
    features = features_of(
        here=here.astype(np.float64), capacity=capacity, beds=np.full(len(asked), beds), shift=np.array(shift),
        ahead=ahead, wall=asked, new=new.astype(np.float64), days_in=days_in,
    )  # fmt: skip
    over, everywhere = (there > capacity).astype(np.int64), np.full(len(asked), place)
    return Cases(
        everywhere, dates, ahead, asked, capacity, np.full(len(asked), beds), features, np.full(len(asked), usual), over
    )


def _built(there: Ints) -> tuple[float, float]:
    """Beds for the most that were ever there, nurses for the usual number and a tenth more."""
    return max(float(there.max()), 4.0), float(np.ceil(max(float(np.median(there)) * 1.1, 2.0) / RATIO))


def _here(come: Floats, gone: Floats, at: Floats) -> Ints:
    return np.searchsorted(come, at, side="right") - np.searchsorted(gone, at, side="right")
