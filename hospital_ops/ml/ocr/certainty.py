"""Whether a value may be called read: a second look, and what the characters could be mistaken for."""

from __future__ import annotations

import re

import cv2
import numpy as np

from hospital_ops.ml.ocr.candidates import Candidate
from hospital_ops.ml.ocr.glyphs import Text
from hospital_ops.ml.ocr.orientation import Reads
from hospital_ops.ml.ocr.pixels import cut

LEAST = 0.80  # of the weakest character, in both looks
LEAST_TWIN = 0.90  # where the character has a twin
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
STRETCH = 1.25
LOST = 0.5  # a step that gave this much to a sign outside the alphabet may hide a character


def second_look(engine: Reads, image: np.ndarray, found: list[Candidate]) -> dict[int, Text]:
    """Each value's line cut out anew, drawn out in width, and read again; by id of its quad."""
    lines = {id(part.piece.line): part.piece.line for candidate in found for part in candidate.parts}
    texts = engine.read([_stretched(cut(image, quad, margin=0.04)) for quad in lines.values()]) if lines else []
    return dict(zip(lines, texts, strict=True))


def _stretched(crop: np.ndarray) -> np.ndarray:
    # Wider letters give the model more steps, so that 555 is not read as 55.
    return cv2.resize(crop, None, fx=STRETCH, fy=1.0, interpolation=cv2.INTER_CUBIC)


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
        for look in (text, seen):
            if look is not None:
                weakest = min(weakest, look.weakest)
                doubts |= _weak(look)
    return weakest, frozenset(doubts)


def _weak(text: Text) -> set[str]:
    doubts = set()
    for glyph in text.glyphs:
        if glyph.char == " ":
            continue
        twin = frozenset((glyph.char, glyph.other)) in TWINS
        if glyph.p < (LEAST_TWIN if twin else LEAST):
            doubts.add("twin" if twin else "faint")
    if text.lost > LOST:
        doubts.add("foreign sign")
    return doubts


def _same_in(text: Text, value: str) -> Text | None:
    """The part of the text that says the value, spaces aside in numbers; None when it does not."""
    wanted = re.sub(r"\s+", "", value)
    spots = [n for n, glyph in enumerate(text.glyphs) if not glyph.char.isspace()]
    bare = "".join(text.glyphs[n].char for n in spots)
    at = bare.find(wanted)
    if at < 0:
        return None
    return text.part(spots[at], spots[at + len(wanted) - 1] + 1)
