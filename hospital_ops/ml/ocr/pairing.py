"""Which value belongs to which label.

A label's value follows it on the line, stands right of it, or below it. Every pair that could be is
given a cost; the cheapest are taken first, each label and each value once. A field is certain only
where no other pair came near.
"""

from __future__ import annotations

from dataclasses import dataclass

from hospital_ops.ml.ocr.labels import WEAK, Found, Labels
from hospital_ops.ml.ocr.layout import Piece, same_row
from hospital_ops.ml.ocr.shapes import Value, value_of

BETWEEN = " /|·-&"  # what may part two labels
FURTHEST_RIGHT = 30.0  # of the label's heights; beyond 22 the cost alone makes a person look
FURTHEST_BELOW = 3.2
CLOSE_OVER = 0.8  # of the label's heights between it and a value printed over it
NEARER = 0.5  # heights by which the one over it must be nearer than the one under it
VOTES = 3  # labels with their values over them, and none the other way, before a card is taken for one of those
QUALIFIED = {"effective_date", "phone", "-dates", "-other_phone"}
NEAR = 1.0  # two pairs whose costs differ by less are not told apart


@dataclass(frozen=True)
class Label:
    field: str
    wording: str
    marked: bool
    piece: Piece
    rest: Piece | None  # what follows on the same line, up to the next label
    shared: bool = False  # `rest` stands behind several labels at once, or where it begins is a guess


@dataclass(frozen=True)
class Pair:
    """A label with a value that could be its own; less `cost` is better. `value.piece` identifies it. `led`: words
    that are no label of ours stand before it on its own line, and may be the label of something else.
    """

    label: Label
    value: Value
    cost: float
    way: str  # "after" | "right" | "below" | "above"
    led: bool = False
    astray: bool = False  # another value stands nearer, over the label


@dataclass(frozen=True)
class Marked:
    """A card's lines told apart: its labels, and the pieces that are free to be values."""

    labels: list[Label]
    free: list[Piece]


def mark(lines: list[Piece], table: Labels) -> Marked:
    labels: list[Label] = []
    free: list[Piece] = []
    for line in lines:
        found = _one_of_each(line, _believed(line, table.find(line.string)))
        for n, label in enumerate(found):
            following = found[n + 1] if n + 1 < len(found) else None
            until = following.start if following else len(line.string)
            # Between two labels of one thing, "Name/Nombre", stands no value.
            said = line.string[label.end : until].strip(BETWEEN)
            rest = line.part(label.end, until) if said else None
            ends = label.start + len(line.string[label.start : label.end].rstrip())
            labels.append(
                Label(label.field, label.wording, label.marked, line.part(label.start, ends), rest, label.tight)
            )
        begins = found[0].start if found else len(line.string)
        if line.string[:begins].strip():
            free.append(line.part(0, begins))
    return Marked(labels, free)


def _one_of_each(line: Piece, found: list[Found]) -> list[Found]:
    """Two labels of one thing with nothing between them, "Member Service Phone" or "Name/Nombre", are one label."""
    kept: list[Found] = []
    for label in found:
        before = kept[-1] if kept else None
        if before and before.field == label.field and not line.string[before.end : label.start].strip(BETWEEN):
            both = f"{before.wording} {label.wording}"
            kept[-1] = Found(label.field, before.start, label.end, both, before.marked or label.marked)
        else:
            kept.append(label)
    return kept


def _believed(line: Piece, found: list[Found]) -> list[Found]:
    """Without the words that only look like labels: those whose following words are no value of theirs."""
    kept: list[Found] = []
    for n in range(len(found) - 1, -1, -1):
        until = kept[0].start if kept else len(line.string)
        before = line.string[found[n - 1].end if n else 0 : found[n].start].strip(BETWEEN)
        if found[n].marked or (_fits(found[n], line, until, before) and not _qualifies(found[n], line, kept)):
            kept.insert(0, found[n])
    return kept


def _fits(found: Found, line: Piece, until: int, before: str) -> bool:
    rest = line.string[found.end : until].strip(BETWEEN)
    other = found.field.startswith("-")
    if not rest:
        return not (other and before)  # "Plan: High Deductible" ends in no label
    prose = other and len(rest.split()) > 3
    return not prose and value_of(found.field, line.part(found.end, until)) is not None


def _qualifies(found: Found, line: Piece, kept: list[Found]) -> bool:
    """Whether the word says no more than whose date or telephone the label behind it is: "Member effective date"."""
    if not kept or kept[0].field not in QUALIFIED or found.wording not in WEAK:
        return False
    return not line.string[found.end : kept[0].start].strip()


def pairs(marked: Marked) -> list[Pair]:
    """Every pair that could be, cheapest first."""
    under = _labels_stand_under(marked)
    found = [pair for label in marked.labels for pair in _pairs_of(label, marked, under)]
    return sorted(found, key=lambda pair: pair.cost)


def _pairs_of(label: Label, marked: Marked, under: bool) -> list[Pair]:
    if label.rest is not None:
        value = value_of(label.field, label.rest)
        return [Pair(label, value, (1 - value.fit) * 0.5, "after", label.shared)] if value else []
    return [*_right_of(label, marked), *(_above(label, marked) if under else _below(label, marked))]


def _labels_stand_under(marked: Marked) -> bool:
    """Whether this card prints its labels under their values: they are nearer to what is over them, all alike."""
    alone = [label for label in marked.labels if label.rest is None and right_of(label.piece, marked) is None]
    over = sum(_nearer_over(label, marked) for label in alone)
    other = sum(_nearer_under(label, marked) for label in alone)
    return over >= VOTES and not other


def _nearer_over(label: Label, marked: Marked) -> bool:
    here, piece, lower = label.piece, above(label.piece, marked), below(label.piece, marked)
    if piece is None or not value_of(label.field, piece):
        return False
    return lower is None or lower.top - here.bottom > here.top - piece.bottom + NEARER * here.height


def _nearer_under(label: Label, marked: Marked) -> bool:
    here, piece, upper = label.piece, below(label.piece, marked), above(label.piece, marked)
    if piece is None or not value_of(label.field, piece):
        return False
    return upper is None or here.top - upper.bottom > piece.top - here.bottom


def _right_of(label: Label, marked: Marked) -> list[Pair]:
    here, piece = label.piece, right_of(label.piece, marked)
    if piece is None or not (value := value_of(label.field, piece)):
        return []
    gap = max(0.0, piece.left - here.right) / here.height
    return [Pair(label, value, 0.3 + gap * 0.15 + (1 - value.fit), "right", _is_led(value, piece))]


def right_of(here: Piece, marked: Marked) -> Piece | None:
    """The free piece that follows on the row, unless another label stands before it."""
    row = [p for p in marked.free if p.left > here.right - here.height and same_row(here, p)]
    piece = min(row, key=lambda p: p.left, default=None)
    if piece is None or piece.left - here.right > FURTHEST_RIGHT * here.height:
        return None
    walls = (other.piece.left for other in marked.labels if same_row(here, other.piece))
    return None if any(here.right < wall < piece.left for wall in walls) else piece


def _below(label: Label, marked: Marked) -> list[Pair]:
    piece = below(label.piece, marked)
    gap = piece.top - label.piece.bottom if piece else 0.0
    return _in_column(label, piece, gap, "below", astray=_nearer_over(label, marked))


def _above(label: Label, marked: Marked) -> list[Pair]:
    piece = above(label.piece, marked)
    return _in_column(label, piece, label.piece.top - piece.bottom if piece else 0.0, "above")


def _in_column(label: Label, piece: Piece | None, gap: float, way: str, *, astray: bool = False) -> list[Pair]:
    """A label with what stands over or under it, `gap` away: dearer the further, the more askew and the less alike."""
    here = label.piece
    if piece is None or not (value := value_of(label.field, piece)):
        return []
    askew = min(abs(piece.left - here.left), abs(piece.left + piece.right - here.left - here.right) / 2)
    cost = 0.5 + max(0.0, gap) / here.height * 0.6 + askew / here.height * 0.4 + (1 - value.fit)
    return [Pair(label, value, cost, way, _is_led(value, piece), astray)]


def above(here: Piece, marked: Marked) -> Piece | None:
    """The free piece close over it, unless another label stands between."""
    columns = [p for p in marked.free if _is_under(here, p)]
    piece = max(columns, key=lambda p: p.middle, default=None)
    if piece is None or here.top - piece.bottom > CLOSE_OVER * here.height:
        return None
    walls = (other.piece.middle for other in marked.labels if _is_under(here, other.piece))
    return None if any(wall > piece.middle for wall in walls) else piece


def below(here: Piece, marked: Marked) -> Piece | None:
    """The free piece that stands under it next, unless another label stands between."""
    columns = [p for p in marked.free if _is_under(p, here)]
    first = min(columns, key=lambda p: p.middle, default=None)
    if first is None:
        return None
    piece = min((p for p in columns if same_row(first, p)), key=lambda p: abs(p.left - here.left))
    walls = (other.piece.middle for other in marked.labels if _is_under(other.piece, here))
    near = piece.top - here.bottom <= FURTHEST_BELOW * here.height
    return piece if near and not any(wall < piece.middle for wall in walls) else None


def _is_under(piece: Piece, here: Piece) -> bool:
    return piece.top > here.middle and piece.left < here.right and piece.right > here.left


def _is_led(value: Value, piece: Piece) -> bool:
    return value.piece.left - piece.left > 0.6 * piece.height


def assign(found: list[Pair]) -> tuple[list[Pair], set[int]]:
    """The pairs taken, and the ids (Python's) of those where another came too near to be sure."""
    taken: list[Pair] = []
    used_labels: set[int] = set()
    used_pieces: list[Piece] = []
    for pair in found:
        if id(pair.label) in used_labels or any(_overlaps(pair.value.piece, other) for other in used_pieces):
            continue
        taken.append(pair)
        used_labels.add(id(pair.label))
        used_pieces.append(pair.value.piece)
    return taken, {id(pair) for pair in taken if _rivalled(pair, found, taken)}


def _rivalled(pair: Pair, found: list[Pair], taken: list[Pair]) -> bool:
    near = [other for other in found if other is not pair and other.cost - pair.cost < NEAR]
    return any(_is_rival(other, pair, taken) for other in near)


def _is_rival(other: Pair, pair: Pair, taken: list[Pair]) -> bool:
    """Another value for the label, unless a label with a better claim took it; or another label for the value,
    unless it found a value of its own.
    """
    if other.label is pair.label:
        claimed = any(_overlaps(t.value.piece, other.value.piece) for t in taken)
        return other.value.string != pair.value.string and not claimed
    if other.label.field == pair.label.field or not _overlaps(other.value.piece, pair.value.piece):
        return False
    return not any(t.label is other.label for t in taken)


def _overlaps(a: Piece, b: Piece) -> bool:
    return same_row(a, b) and min(a.right, b.right) - max(a.left, b.left) > 0.3 * min(
        a.right - a.left, b.right - b.left
    )
