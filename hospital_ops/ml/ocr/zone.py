"""The machine-readable zone of passports, passport cards and residents' cards (ICAO 9303): each number with its check digit.

What it says is believed only where the number, the birth and the expiry all pass their checks. Then it stands surety for what the card prints
above it, names what nobody found there, and tells 12 June from December 6.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from hospital_ops.domain.documents import as_date, comparable
from hospital_ops.ml.ocr.candidates import Candidate
from hospital_ops.ml.ocr.layout import Piece
from hospital_ops.ml.ocr.shapes import Value

WEIGHTS = (7, 3, 1)
LINE = re.compile(r"[A-Z0-9<]{28,}")
# Passports and visas in two lines; cards in three, the number in the first.
TWO = re.compile(
    r"(?P<id_number>[A-Z0-9<]{9})(?P<c1>\d)[A-Z<]{3}(?P<dob>\d{6})(?P<c2>\d)[MFX<](?P<expiry>\d{6})(?P<c3>\d)"
)
NUMBERED = re.compile(r"[IAC][A-Z0-9<][A-Z<]{3}(?P<id_number>[A-Z0-9<]{9})(?P<c1>\d)")
DATED = re.compile(r"(?P<dob>\d{6})(?P<c2>\d)[MFX<](?P<expiry>\d{6})(?P<c3>\d)[A-Z<]{3}")
NAMED = re.compile(r"(?:P[A-Z<][A-Z<]{3})?(?P<last>[A-Z]+(?:<[A-Z]+)*)<<(?P<first>[A-Z]+(?:<[A-Z]+)*)<*")
CHECKS = {"id_number": "c1", "dob": "c2", "expiry": "c3"}
SHORTEST = 4  # years for which any of these cards is valid, or nearly: nobody is born after that


@dataclass(frozen=True)
class Zone:
    """Of a checked zone: field → its characters on the card, and what they say (dates as YYMMDD)."""

    parts: dict[str, Piece]
    said: dict[str, str]


def digit(characters: str) -> int:
    """The check digit of a number of the zone: A is 10, Z 35, < nothing, each weighed 7, 3, 1 in turn."""
    worth = [0 if char == "<" else int(char, 36) for char in characters]
    return sum(value * WEIGHTS[n % 3] for n, value in enumerate(worth)) % 10


def is_of_a_zone(line: Piece) -> bool:
    string = _bare(line)
    return LINE.fullmatch(string) is not None and "<<" in string


def read_zone(lines: list[Piece]) -> Zone | None:
    """The card's zone, if it has one whose three checks hold."""
    rows = [line for line in lines if is_of_a_zone(line) or DATED.match(_bare(line)) or NUMBERED.match(_bare(line))]
    parts: dict[str, Piece] = {}
    said: dict[str, str] = {}
    for pattern in (TWO, NUMBERED, DATED):
        for line in rows:
            if match := pattern.match(_bare(line)):
                _take(line, match, parts, said)
    if CHECKS.keys() - said.keys():
        return None
    if name := next((name for line in rows if (name := _name(_bare(line)))), None):
        said["name"] = name
    return Zone(parts, said)


def _bare(line: Piece) -> str:
    return line.string.replace(" ", "")


def _take(line: Piece, match: re.Match[str], parts: dict[str, Piece], said: dict[str, str]) -> None:
    """What of the line passes its check and is not there yet."""
    places = [n for n, char in enumerate(line.string) if char != " "]
    for field, check in CHECKS.items():
        if field in match.re.groupindex and field not in said and digit(match[field]) == int(match[check]):
            said[field] = match[field].rstrip("<")
            end = match.start(field) + len(said[field])
            parts[field] = line.part(places[match.start(field)], places[end - 1] + 1)


def _name(string: str) -> str | None:
    match = NAMED.fullmatch(string)
    return " ".join(f"{match['first']} {match['last']}".replace("<", " ").split()) if match else None


def completed(found: dict[str, Candidate], zone: Zone) -> dict[str, Candidate]:
    """With those of the zone's fields that the card's print did not give."""
    more = {key: Candidate(key, (Value(part, 1.0),)) for key, part in zone.parts.items() if key not in found}
    return {**found, **more}


def confirmed(values: dict[str, str], printed: set[str], zone: Zone) -> tuple[dict[str, str], set[str], set[str]]:
    """The values with each day as the zone orders it, the fields that print and zone both say, and those in which they differ."""
    told = dict(values)
    both: set[str] = set()
    for key in ("dob", "expiry"):
        if key in values:
            told[key] = _day(values[key] if key in printed else "", zone, key) or values[key]
            both |= {key} if key in printed and _short(told[key]) == zone.said[key] else set()
    if "id_number" in printed and comparable("id_number", values["id_number"]) == zone.said["id_number"].lower():
        both.add("id_number")
    if "name" in printed and "name" in zone.said and _alike(values["name"], zone.said["name"]):
        both.add("name")
    return told, both, {key for key in printed & zone.said.keys() if key not in both}


def _day(value: str, zone: Zone, key: str) -> str | None:
    """The printed day where it is the zone's; the zone's own, as 1990-06-12, where it is that with the day first, or is not
    printed; None where it is another.
    """
    if not value:
        return _century(zone, key)
    if _short(value) == zone.said[key]:
        return value
    day_first = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", value)
    iso = f"{day_first[3]}-{day_first[2]:0>2}-{day_first[1]:0>2}" if day_first else ""
    return iso if _short(iso) == zone.said[key] else None


def _short(value: str) -> str:
    day = as_date(value)
    return f"{day:%y%m%d}" if day else ""


def _century(zone: Zone, key: str) -> str | None:
    ends = as_date(f"20{zone.said['expiry'][:2]}-{zone.said['expiry'][2:4]}-{zone.said['expiry'][4:]}")
    if key == "expiry" or ends is None:
        return ends.isoformat() if ends else None
    year, month, day = (zone.said["dob"][n : n + 2] for n in (0, 2, 4))
    born = as_date(f"20{year}-{month}-{day}")
    old = as_date(f"19{year}-{month}-{day}")
    chosen = born if born and born <= _before(ends) else old
    return chosen.isoformat() if chosen else None


def _before(ends: date) -> date:
    return ends.replace(year=ends.year - SHORTEST, day=min(ends.day, 28))


def _alike(printed: str, zones: str) -> bool:
    """Whether they are one name: the zone knows no accents and no marks."""
    plain = unicodedata.normalize("NFKD", printed).encode("ascii", "ignore").decode().upper()
    return re.sub(r"[^A-Z ]", "", plain.replace("-", " ")).split() == zones.split()
