"""Walking distances in the building: metres along corridors, plus the lift."""

from __future__ import annotations

from dataclasses import dataclass

# A lift costs what about sixty metres of corridor cost; each further floor ten more.
LIFT_METRES = 60.0
FLOOR_METRES = 10.0


@dataclass(frozen=True, slots=True)
class Place:
    """A point in the house: floor number, and metres east (x) and north (y) on it."""

    floor: int
    x: float
    y: float


def walking_metres(a: Place, b: Place) -> float:
    """Metres to walk from a to b. Corridors run east-west and north-south, so it is a city-block distance."""
    along = abs(a.x - b.x) + abs(a.y - b.y)
    floors = abs(a.floor - b.floor)
    return along + (LIFT_METRES + FLOOR_METRES * floors if floors else 0.0)


def way(a: Place | None, b: Place) -> str:
    """The way there in a few words: "Floor 4, 40 m from you"."""
    if a is None:
        return f"Floor {b.floor}"
    metres = round(walking_metres(a, b) / 5) * 5
    if a.floor == b.floor:
        return f"This floor, {metres} m from you"
    return f"Floor {b.floor}, about {metres} m by the lift"
