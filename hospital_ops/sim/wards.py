"""The demo hospital as data: twelve wards, 300 beds, a floor plan in metres. Nothing here reads or writes.

A floor is about 130 m long: wing A from the west, the lifts in the middle, wing B to the east. Rooms stand on both
sides of one corridor. Coordinates are metres on that floor, x eastward, y northward.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import cycle, islice

from hospital_ops.domain.forecasts import SHIFTS as SHIFTS

LIFTS: tuple[float, float] = (66.0, 10.0)
LIFT_METRES_PER_FLOOR = 40.0  # Waiting and riding cost a walker about as much as forty metres of corridor.
CORRIDOR_Y, ROOM_PITCH, BED_PITCH = 10.0, 6.0, 2.4
# Newcomers and the isolated are more work than the ratio takes for granted; under observation nearly all are newcomers.
USUAL_ACUITY, OBSERVED_ACUITY = 1.05, 1.15
WING_X = {"A": 4.0, "B": 72.0, "E": 4.0}


@dataclass(frozen=True)
class WardPlan:
    """One ward. `median_stay` in days; `nurse_ratio` is patients per nurse (day, evening, night)."""

    code: str
    name: str
    unit: str
    floor: int
    position: int
    beds: int
    level_of_care: str  # observation | intensive | intermediate | acute | rehabilitation
    median_stay: float
    nurse_ratio: tuple[float, float, float]
    rooms: tuple[int, ...]  # beds per room, repeated until the ward is full
    sex: str = "mixed"  # mixed: rooms of two and more are for one sex; any: no rule; female: the whole ward
    telemetry: str = "none"  # all | half | none

    @property
    def shift_nurses(self) -> tuple[int, int, int]:
        """Nurses on duty by day, evening and night: enough for every bed taken by usual patients."""
        beds = self.beds * (OBSERVED_ACUITY if self.level_of_care == "observation" else USUAL_ACUITY)
        day, evening, night = (math.ceil(beds / ratio) for ratio in self.nurse_ratio)
        return day, evening, night


@dataclass(frozen=True)
class BedPlan:
    """One bed: label `4A-05-1` is ward, room, bed; x and y are metres on its floor."""

    label: str
    ward_code: str
    room_number: str
    x: float
    y: float
    floor: int
    sex_of_room: str  # any | female | male
    isolation: bool
    telemetry: bool


_ACUTE, _CLOSE, _CRITICAL, _LIGHT = (5.0, 6.0, 7.0), (4.0, 5.0, 5.0), (2.0, 2.0, 2.0), (6.0, 7.0, 9.0)
_MIXED, _SMALL, _MANY, _PRIVATE = (1, 2, 4, 2, 1, 4, 2), (1, 2, 2), (1, 1, 2, 2, 4), (1, 1, 2)
WARDS: tuple[WardPlan, ...] = (
    WardPlan("1E", "Emergency Observation", "Emergency", 1, 1, 20, "observation", 1.3, _CLOSE, (1,), "any", "half"),
    WardPlan("2A", "Intensive Care", "ICU", 2, 2, 20, "intensive", 3.4, _CRITICAL, (1,), "any", "all"),
    WardPlan("2B", "Surgical Ward", "Surgery", 2, 3, 28, "acute", 3.8, _ACUTE, _MIXED),
    WardPlan("3A", "Cardiac Care", "Cardiac", 3, 4, 28, "intermediate", 3.8, _CLOSE, _SMALL, "mixed", "all"),
    WardPlan("3B", "Respiratory Ward", "Respiratory", 3, 5, 26, "acute", 4.6, _ACUTE, _MANY, "mixed", "half"),
    WardPlan("4A", "General Medicine", "Medicine", 4, 6, 32, "acute", 4.4, _ACUTE, _MIXED),
    WardPlan("4B", "Oncology", "Oncology", 4, 7, 24, "acute", 5.0, _CLOSE, _PRIVATE),
    WardPlan("5A", "Neurology and Stroke", "Neurology", 5, 8, 24, "intermediate", 4.9, _CLOSE, _SMALL, "mixed", "half"),
    WardPlan("5B", "Orthopaedics", "Orthopaedics", 5, 9, 28, "acute", 4.2, _ACUTE, _MIXED),
    WardPlan("6A", "Maternity", "Maternity", 6, 10, 24, "acute", 2.5, _ACUTE, _PRIVATE, "female"),
    WardPlan("6B", "Paediatrics", "Paediatrics", 6, 11, 20, "acute", 2.8, _CLOSE, _PRIVATE, "any"),
    WardPlan("7A", "Rehabilitation", "Rehabilitation", 7, 12, 26, "rehabilitation", 10.5, _LIGHT, (1, 2, 2, 4)),
)  # fmt: skip
WARD_BY_CODE: dict[str, WardPlan] = {ward.code: ward for ward in WARDS}


def room_sizes(ward: WardPlan) -> list[int]:
    """Beds in each room of the ward, in walking order; the last room takes what is left."""
    sizes: list[int] = []
    for size in cycle(ward.rooms):
        left = ward.beds - sum(sizes)
        if left <= 0:
            return sizes
        sizes.append(min(size, left))
    return sizes


def _sexes(ward: WardPlan, sizes: list[int]) -> list[str]:
    if ward.sex == "any":
        return ["any"] * len(sizes)
    if ward.sex == "female":
        return ["female"] * len(sizes)
    shared = iter(islice(cycle(("female", "male")), len(sizes)))
    # A single room can take anyone, so only shared rooms alternate.
    return ["any" if size == 1 else next(shared) for size in sizes]


def beds(ward: WardPlan) -> list[BedPlan]:
    """Every bed of the ward, in label order."""
    sizes = room_sizes(ward)
    sexes = _sexes(ward, sizes)
    # Wing B's rooms start at 21, so that no two rooms of one floor share a number.
    first = 21 if ward.code.endswith("B") else 1
    plans: list[BedPlan] = []
    singles = 0
    for index, (size, sex) in enumerate(zip(sizes, sexes, strict=True)):
        singles += size == 1
        # Every second single room has its own air handling and an anteroom.
        isolation = size == 1 and (ward.level_of_care == "intensive" or singles % 2 == 1)
        room = first + index
        for bed in range(size):
            plans.append(
                BedPlan(
                    label=f"{ward.code}-{room:02d}-{bed + 1}",
                    ward_code=ward.code,
                    room_number=f"{ward.floor}{room:02d}",
                    x=round(WING_X[ward.code[-1]] + (index // 2) * ROOM_PITCH + (bed % 2) * BED_PITCH, 1),
                    y=round(CORRIDOR_Y + (-1) ** index * (4.0 + (bed // 2) * BED_PITCH), 1),
                    floor=ward.floor,
                    sex_of_room=sex,
                    isolation=isolation,
                    telemetry=ward.telemetry == "all" or (ward.telemetry == "half" and index % 2 == 0),
                )
            )
    return plans


ALL_BEDS: tuple[BedPlan, ...] = tuple(bed for ward in WARDS for bed in beds(ward))


def walking_metres(a: tuple[int, float, float], b: tuple[int, float, float]) -> float:
    """Metres from (floor, x, y) to (floor, x, y): along the corridor, by the lifts between floors."""
    if a[0] == b[0]:
        return abs(a[1] - b[1]) + abs(a[2] - b[2])
    to_lift = abs(a[1] - LIFTS[0]) + abs(a[2] - LIFTS[1])
    from_lift = abs(b[1] - LIFTS[0]) + abs(b[2] - LIFTS[1])
    return to_lift + from_lift + LIFT_METRES_PER_FLOOR * abs(a[0] - b[0])
