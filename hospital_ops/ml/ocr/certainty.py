"""Whether a value may be called read: a second look, and what the characters could be mistaken for."""

from __future__ import annotations

import re

import numpy as np

from hospital_ops.ml.ocr.candidates import Candidate
from hospital_ops.ml.ocr.glyphs import Text
from hospital_ops.ml.ocr.orientation import Reads
from hospital_ops.ml.ocr.pixels import cut
from hospital_ops.ml.ocr.repairs import MIXED, spelled

LEAST = 0.80  # of the weakest character, in both looks
# Where the character has a twin; O and 0 are so alike that only near certainty will do.
LEAST_TWINS = {frozenset("O0"): 0.97, frozenset("I1"): 0.95, frozenset("l1"): 0.95}
LEAST_TWIN = 0.90
WORDS = {"member_name", "name", "payer", "plan"}  # where a space more or less makes another word
SPELLED = WORDS | {"address", "effective_date", "dob", "expiry"}  # where the neighbours tell O from 0
TWINS = {
    frozenset(pair)
    for pair in (
        "O0",
        "OQ",
        "0Q",
        "0D",
        "OD",
        "I1",
        "l1",
        "Il",
        "S5",
        "B8",
        "Z2",
        "G6",
        "8S",
        "38",
        "17",
        "5S",
        "QG",
        "6b",
    )
}
LOST = 0.5  # a step that gave this much to a sign outside the alphabet may hide a character


def second_look(engine: Reads, image: np.ndarray, found: list[Candidate]) -> dict[int, Text]:
    """Each value's line cut out anew, its letters as they are, and read again; by id of its quad."""
    lines = {id(part.piece.line): part.piece.line for candidate in found for part in candidate.parts}
    texts = engine.read([cut(image, quad, margin=0.04) for quad in lines.values()]) if lines else []
    return dict(zip(lines, texts, strict=True))


def said(candidate: Candidate) -> str:
    """The candidate's value; in numbers of letters and digits each twin is taken for what it more likely is."""
    if candidate.field not in MIXED:
        return candidate.string
    return candidate.joint.join(re.sub(r"\s+", " ", spelled(part.piece.text)).strip() for part in candidate.parts)


def doubts_of(candidate: Candidate, again: dict[int, Text]) -> tuple[float, frozenset[str]]:
    """The confidence of its weakest character in either look, and all that speaks against the value."""
    doubts = set(candidate.doubts)
    weakest = 1.0
    for part in candidate.parts:
        text = part.piece.text
        second = again.get(id(part.piece.line))
        seen = _same_in(second, part.string) if second else None
        if seen is None:
            doubts.add("second look differs")
        elif candidate.field in WORDS and seen.string.split() != part.string.split():
            doubts.add("spaces differ")
        for look in (text, seen):
            if look is not None:
                weakest = min(weakest, look.weakest)
                doubts |= _weak(look, candidate.field in SPELLED)
    return weakest, frozenset(doubts)


def _weak(text: Text, words: bool) -> set[str]:
    doubts = set()
    for n, glyph in enumerate(text.glyphs):
        if glyph.char == " " or (words and _settled(text, n)):
            continue
        pair = frozenset((glyph.char, glyph.other))
        least = LEAST_TWINS.get(pair, LEAST_TWIN) if pair in TWINS else LEAST
        if glyph.p < least:
            doubts.add("twin" if pair in TWINS else "faint")
    if text.lost > LOST:
        doubts.add("foreign sign")
    return doubts


def _settled(text: Text, n: int) -> bool:
    """Whether a letter of a word is in doubt only between s and S, or between O and 0 beside letters."""
    glyph = text.glyphs[n]
    if glyph.p + glyph.p_other < LEAST:
        return False
    beside = "".join(other.char for other in text.glyphs[max(0, n - 1) : n] + text.glyphs[n + 1 : n + 2])
    return glyph.char.upper() == glyph.other.upper() or ({glyph.char, glyph.other} == {"O", "0"} and beside.strip().isalpha())


def _same_in(text: Text, value: str) -> Text | None:
    """The part of the text that says the value, spaces aside in numbers; None when it does not."""
    wanted = re.sub(r"\s+", "", value)
    spots = [n for n, glyph in enumerate(text.glyphs) if not glyph.char.isspace()]
    bare = "".join(text.glyphs[n].char for n in spots)
    at = bare.find(wanted)
    if at < 0:
        return None
    return text.part(spots[at], spots[at + len(wanted) - 1] + 1)
