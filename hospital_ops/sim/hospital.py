"""The demo hospital in one place: wards and beds (`sim.wards`), people (`sim.cast`), names (`sim.names`). Pure data."""

from __future__ import annotations

from hospital_ops.sim.cast import DEMO_ACCOUNTS, STAFF, AccountPlan, StaffPlan
from hospital_ops.sim.names import FEMALE_FIRST, LAST, MALE_FIRST
from hospital_ops.sim.wards import (
    ALL_BEDS,
    LIFTS,
    SHIFTS,
    WARD_BY_CODE,
    WARDS,
    BedPlan,
    WardPlan,
    beds,
    room_sizes,
    walking_metres,
)

__all__ = [
    "ALL_BEDS",
    "DEMO_ACCOUNTS",
    "FEMALE_FIRST",
    "LAST",
    "LIFTS",
    "MALE_FIRST",
    "SHIFTS",
    "STAFF",
    "WARDS",
    "WARD_BY_CODE",
    "AccountPlan",
    "BedPlan",
    "StaffPlan",
    "WardPlan",
    "beds",
    "room_sizes",
    "walking_metres",
]
