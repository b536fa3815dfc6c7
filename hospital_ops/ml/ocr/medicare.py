"""Medicare's own number, 1EG4-TE5-MK73: which places hold a figure and which a letter is fixed, and S, L, O, I, B and Z are never used.

So where it is read as a letter that cannot be, it is the figure alike, or something else altogether.
"""

from __future__ import annotations

import re
from dataclasses import replace

from hospital_ops.ml.ocr.candidates import Candidate
from hospital_ops.ml.ocr.glyphs import Glyph, Text
from hospital_ops.ml.ocr.repairs import MEDICARE

FIGURE = {"O": "0", "o": "0", "I": "1", "l": "1", "L": "1", "|": "1", "S": "5", "s": "5", "B": "8", "Z": "2", "z": "2"}
FIGURES = str.maketrans(FIGURE)
ASKED = 0.5  # the chance of a figure that only stands for a letter that cannot be

Looks = dict[int, Text]  # by id of a line's quad


def by_rule(found: dict[str, Candidate], again: Looks) -> tuple[dict[str, Candidate], Looks]:
    """A Medicare number with its figures as the rule has them; everything else as it was."""
    candidate = found.get("member_id")
    if candidate is None or len(candidate.parts) > 1 or not _could_be(candidate.string):
        return found, again
    part, line = candidate.parts[0], id(candidate.parts[0].piece.line)
    told = replace(part, piece=replace(part.piece, text=_ruled(part.piece.text)))
    looks = {**again, line: _ruled(again[line])} if line in again else again
    return {**found, "member_id": replace(candidate, parts=(told,))}, looks


def _could_be(value: str) -> bool:
    return MEDICARE.fullmatch(re.sub(r"\s*-\s*|\s+", "-", value.strip()).translate(FIGURES)) is not None


def _ruled(text: Text) -> Text:
    return replace(text, glyphs=tuple(_figure(glyph) for glyph in text.glyphs))


def _figure(glyph: Glyph) -> Glyph:
    """A figure whose rival cannot be is surer by it; a letter that cannot be is its figure, if that was the runner-up."""
    if glyph.char.isdigit() and FIGURE.get(glyph.other) == glyph.char:
        return replace(glyph, p=glyph.p + glyph.p_other, other="", p_other=0.0)
    figure = FIGURE.get(glyph.char)
    if figure is None:
        return glyph
    known = glyph.other == figure
    return replace(glyph, char=figure, p=glyph.p + glyph.p_other if known else ASKED, other="", p_other=0.0)


def breaks_the_rule(value: str, payer: str) -> bool:
    """Whether a number that is printed as Medicare's is none."""
    bare = value.replace("-", "")
    printed = re.fullmatch(r"\w{4}-\w{3}-\w{4}", value) is not None
    alike = len(bare) == 11 and bare[:1].isdigit() and sum(char.isalpha() for char in bare) >= 3
    named = "medicare" in payer.casefold()
    return alike and (printed or named) and MEDICARE.fullmatch(value) is None
