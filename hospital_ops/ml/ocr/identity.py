"""An identity card's fields from its lines."""

from __future__ import annotations

import re

import numpy as np

from hospital_ops.ml.ocr.candidates import Candidate, with_last
from hospital_ops.ml.ocr.labels import IDENTITY, Labels
from hospital_ops.ml.ocr.layout import Piece
from hospital_ops.ml.ocr.pairing import Marked, Pair, assign, mark, pairs
from hospital_ops.ml.ocr.shapes import Value, value_of

LABELS = Labels(IDENTITY)
CITY = re.compile(r"^[A-Za-z.' ]+[, ]+[A-Z]{2}[ ,]*[\dO]{5}(?:-\d{4})?$")
STREET = re.compile(r"^\d+[A-Za-z]? .*[A-Za-z]{2,}")
SAYS_ID = re.compile(
    r"driver|licen[cs]e|identification card|passport|pasaporte|identity card|\bDLN?\b|permanent resident|licencia|"
    r"employment authorization|\buscis\b|\bID card\b|resident card|tarjeta de identidad|credencial|matr[ií]cula consular|"
    # what a state writes down of a body, two things of it
    r"\b(?:eyes|hair)\b.*\b(?:hgt|ht|height|wgt|sex)\b|\b(?:hgt|ht|height|wgt|sex)\b.*\b(?:eyes|hair)\b",
    re.I | re.S,
)
# Dates' labels in countries that print the day first; on a card of the States English stands beside them.
NOT_ENGLISH = re.compile(r"fecha|date d|nacimiento|venc|expira$|caduc")
A_LINE_OVER, FURTHEST_OVER = 2.4, 4.5  # of a line's height, from its middle to the other's
NUMBERED = {"1", "2", "3", "8", "4d", "4b", "4a", "5", "9", "9a", "12"}


def identity_fields(lines: list[Piece]) -> dict[str, Candidate]:
    """The fields found, each with the doubts that its place on the card raises."""
    marked = _without_stray_numbers(mark(lines, LABELS), lines)
    taken, rivalled = assign(pairs(marked))
    best = {
        key: _best(key, taken, rivalled) for key in ("name", "last_name", "first_name", "dob", "id_number", "expiry")
    }
    found = {key: best[key] for key in ("dob", "id_number", "expiry") if best[key]}
    address = _address(taken, marked)
    if address:
        found["address"] = address
    if name := _name(best) or (_name_above(address.parts[0].piece, marked) if address else None):
        found["name"] = name.doubted("may go on") if _goes_on(name, marked) else name
    return {key: candidate for key, candidate in found.items() if candidate}


def _without_stray_numbers(marked: Marked, lines: list[Piece]) -> Marked:
    """Licences number their items 1, 2, 3, 4d; one such number alone is a house's or a page's."""
    numbers = {first for label in marked.labels if (first := label.wording.split(" ")[0]) in NUMBERED}
    if len(numbers) >= 3:
        return marked
    keep = [label for label in marked.labels if label.wording not in NUMBERED]
    stray = {id(label.piece.line) for label in marked.labels if label.wording in NUMBERED}
    kept_lines = {id(label.piece.line) for label in keep}
    freed = [line for line in lines if id(line.line) in stray - kept_lines]
    return Marked(keep, [*marked.free, *freed])


def _best(key: str, taken: list[Pair], rivalled: set[int]) -> Candidate | None:
    mine = [pair for pair in taken if pair.label.field == key]
    if not mine:
        return None
    best = min(mine, key=lambda pair: pair.cost)
    values = {re.sub(r"\W", "", pair.value.string) for pair in mine}
    doubts = {
        "rival": id(best) in rivalled,
        "two values": len(values) > 1,
        "shape": best.value.fit < 0.6,
        "far": best.cost > 3.5,
        "words before it": best.led,
        "nearer above": best.astray,
        "day or month": bool(NOT_ENGLISH.match(best.label.wording)) and _either_way(best.value.string),
    }
    return Candidate(key, (best.value,), doubts=frozenset(why for why, so in doubts.items() if so))


def _either_way(value: str) -> bool:
    """Whether a day of figures alone could be read with the month first or second."""
    figures = re.match(r"(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?\d", value)
    return figures is not None and figures[1].zfill(2) != figures[2].zfill(2) and max(map(int, figures.groups())) <= 12


def _name(best: dict[str, Candidate | None]) -> Candidate | None:
    last, first, whole = best["last_name"], best["first_name"], best["name"]
    if last and first:
        return Candidate("name", (*first.parts, *last.parts), doubts=first.doubts | last.doubts)
    if whole:
        return with_last(whole, last) if last else whole
    half = last or first
    return Candidate("name", half.parts, doubts=half.doubts | {"half a name"}) if half else None


def _name_above(street: Piece, marked: Marked) -> Candidate | None:
    """Older licences print the name without a label over the address: in one line, or the family's over the given ones,
    which a person must look at.
    """
    over = _names_over(street, marked, FURTHEST_OVER)
    if not over:
        return None
    lower = max(over, key=lambda value: value.piece.middle)
    far = {"far"} if street.middle - lower.piece.middle > A_LINE_OVER * street.height else set()
    higher = [value for value in _names_over(lower.piece, marked, A_LINE_OVER) if _as_tall(value.piece, lower.piece)]
    if len(higher) == 1:
        return Candidate("name", (lower, higher[0]), doubts=frozenset({"two lines", *far}))
    return Candidate("name", (lower,), doubts=frozenset(far)) if not higher and lower.fit == 1.0 else None


def _names_over(line: Piece, marked: Marked, reach: float) -> list[Value]:
    return [
        value for piece in marked.free
        if 0 < line.middle - piece.middle < reach * line.height and abs(piece.left - line.left) < line.height
        and (value := value_of("name", piece))
    ]  # fmt: skip


def _as_tall(one: Piece, other: Piece) -> bool:
    return 0.75 < one.height / max(other.height, 1.0) < 1.33


def _goes_on(name: Candidate, marked: Marked) -> bool:
    """Whether words like a name's stand free right over or under it: the rest of it, perhaps."""
    mine = [part.piece for part in name.parts]
    return any(
        0 < abs(piece.middle - other.middle) < 1.9 * other.height
        and abs(piece.left - other.left) < other.height
        and _as_tall(piece, other)
        and not any(np.array_equal(piece.line, part.line) for part in mine)
        and value_of("last_name", piece) is not None
        and not CITY.match(piece.string.strip())
        and not _parted(piece, other, marked)
        for piece in marked.free for other in mine
    )  # fmt: skip


def _parted(one: Piece, other: Piece, marked: Marked) -> bool:
    """Whether a label stands between the two lines, so that they are two things."""
    low, high = sorted((one.middle, other.middle))
    return any(
        low < label.piece.middle < high and label.piece.left < other.right and label.piece.right > other.left
        and not np.array_equal(label.piece.line, one.line) and not np.array_equal(label.piece.line, other.line)
        for label in marked.labels
    )  # fmt: skip


def _address(taken: list[Pair], marked: Marked) -> Candidate | None:
    labelled = [pair for pair in taken if pair.label.field == "address"]
    street: Value | None = labelled[0].value if labelled else None
    if street is None:
        loose = [piece for piece in marked.free if STREET.match(piece.string) and _city_below(piece, marked)]
        street = Value(loose[0], 0.9) if len(loose) == 1 else None
    if street is None:
        return None
    city = _city_below(street.piece, marked)
    whole = re.search(r"\b[A-Z]{2}[ ,]*\d{5}", street.string)
    if city:
        return Candidate("address", (street, city), joint=", ")
    return Candidate("address", (street,), doubts=frozenset() if whole else frozenset({"half an address"}))


def _city_below(street: Piece, marked: Marked) -> Value | None:
    below = [
        piece for piece in marked.free
        if 0 < piece.middle - street.middle < 2.2 * street.height and piece.left < street.right
        and piece.right > street.left
        and CITY.match(piece.string.strip())
    ]  # fmt: skip
    return Value(min(below, key=lambda piece: piece.middle), 1.0) if below else None
