"""Whether a value may be called read: a second look, and what the characters could be mistaken for."""

from __future__ import annotations

import re

import numpy as np

from hospital_ops.ml.ocr.candidates import Candidate
from hospital_ops.ml.ocr.glyphs import Text
from hospital_ops.ml.ocr.orientation import Reads
from hospital_ops.ml.ocr.pixels import cut
from hospital_ops.ml.ocr.repairs import MIXED, spelled
from hospital_ops.ml.ocr.shapes import Value
from hospital_ops.ml.ocr.twins import weak

WORDS = {"member_name", "name", "payer", "plan", "address"}  # where a space more or less makes another word
SPELLED = WORDS | {"effective_date", "dob", "expiry"}  # where the neighbours tell O from 0
MAY_LEAD = {"member_id", "id_number"}  # numbers that often begin with one letter
LOST = 0.5  # a step that gave this much to a sign outside the alphabet may hide a character


def second_look(engine: Reads, image: np.ndarray, found: list[Candidate]) -> dict[int, Text]:
    """Each value's line cut out anew, its letters as they are, and read again; by id of its quad."""
    lines = {id(part.piece.line): part.piece.line for candidate in found for part in candidate.parts}
    texts = engine.read([cut(image, quad, margin=0.04) for quad in lines.values()]) if lines else []
    return dict(zip(lines, texts, strict=True))


def said(candidate: Candidate, again: dict[int, Text]) -> str:
    """The candidate's value: in numbers each twin taken for what it more likely is, in words with every space
    that either look saw, since readers lose spaces and do not invent them.
    """
    return candidate.joint.join(_said(candidate.field, part, again) for part in candidate.parts)


def _said(field: str, part: Value, again: dict[int, Text]) -> str:
    if field in MIXED:
        return re.sub(r"\s+", " ", spelled(part.piece.text)).strip()
    second = again.get(id(part.piece.line))
    seen = _same_in(second, part.string) if second and field in WORDS else None
    words = part.string, " ".join(seen.string.split()) if seen else ""
    return max(words, key=lambda string: string.count(" ") if string else -1)


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
                field = candidate.field
                doubts |= weak(look, field in SPELLED, field in MAY_LEAD, field in MIXED)
                doubts |= {"foreign sign"} if look.lost > LOST else set()
                doubts |= {"spaces differ"} if look.perhaps and candidate.field in WORDS else set()
    return weakest, frozenset(doubts)


def _same_in(text: Text, value: str) -> Text | None:
    """The part of the text that says the value, spaces aside in numbers; None when it does not."""
    wanted = re.sub(r"\s+", "", value)
    spots = [n for n, glyph in enumerate(text.glyphs) if not glyph.char.isspace()]
    bare = "".join(text.glyphs[n].char for n in spots)
    at = bare.find(wanted)
    if at < 0:
        return None
    return text.part(spots[at], spots[at + len(wanted) - 1] + 1)
