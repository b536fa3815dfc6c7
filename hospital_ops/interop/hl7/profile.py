"""What is this hospital's own about its feed, in a TOML file: where the bed stands, whose numbers count, which zone."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PARTS = ("ward", "room", "bed")


class ProfileRefused(Exception):
    """A profile that cannot be used, with the reason as a sentence."""


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """`place`: the components of PV1-3 that are ward, room and bed, counted from one. `authority`: whose number in PID-3 is
    the patient's key, by PID-3.4; "" takes the first. `zone`: of times without an offset. `tracking_moves`: whether A10, the
    arrival in another place, is told of a new bed; by the standard it is not."""

    place: tuple[int, int, int] = (1, 2, 3)
    authority: str = ""
    zone: str = "UTC"
    tracking_moves: bool = False


def read(text: str) -> SiteProfile:
    """Raises ProfileRefused with a sentence."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileRefused(f"It is not TOML: {error}.") from error
    known = {one.name: one for one in fields(SiteProfile)}
    if unknown := sorted(set(given) - set(known)):
        raise ProfileRefused(f"It sets {', '.join(unknown)}; there are {', '.join(known)}.")
    for name, value in given.items():
        _check(name, value)
    return SiteProfile(**{**given, **({"place": tuple(given["place"])} if "place" in given else {})})


def _check(name: str, value: Any) -> None:
    fitting = {
        "place": isinstance(value, list)
        and len(value) == len(PARTS)
        and all(type(one) is int and one > 0 for one in value),
        "authority": isinstance(value, str),
        "zone": isinstance(value, str) and _is_zone(value),
        "tracking_moves": isinstance(value, bool),
    }
    wanted = {
        "place": f"three numbers, the components of PV1-3 that are {', '.join(PARTS)}",
        "authority": "a text",
        "zone": 'a time zone such as "America/Chicago"',
        "tracking_moves": "true or false",
    }
    if not fitting[name]:
        raise ProfileRefused(f"{name} should be {wanted[name]}.")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
