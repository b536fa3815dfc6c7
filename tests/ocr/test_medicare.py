"""A Medicare number: what cannot stand in it is mended only where the reader saw both, and asked about elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hospital_ops.ml.ocr.candidates import Candidate
from hospital_ops.ml.ocr.certainty import doubts_of, said
from hospital_ops.ml.ocr.glyphs import Glyph
from hospital_ops.ml.ocr.medicare import breaks_the_rule, by_rule
from hospital_ops.ml.ocr.shapes import Value
from tests.ocr.made_up import lines, text


def read(words: str, at: int, p: float, other: str, p_other: float) -> tuple[str, bool]:
    """What the number becomes, and whether it is asked about, when the character `at` was seen so."""
    piece = lines((words, 0, 0))[0]
    glyphs = list(text(words).glyphs)
    glyphs[at] = Glyph(words[at], p, other, p_other, glyphs[at].at)
    seen = replace(piece.text, glyphs=tuple(glyphs))
    found = {"member_id": Candidate("member_id", (Value(replace(piece, text=seen), 1.0),))}
    told, looks = by_rule(found, {id(piece.line): seen})
    return said(told["member_id"], looks), bool(doubts_of(told["member_id"], looks)[1])


@pytest.mark.parametrize(("words", "at", "p", "other", "p_other", "becomes", "asked"), [
    ("1EG4-TE5-MK73", 7, 0.7, "S", 0.29, "1EG4-TE5-MK73", False),  # no S can be there
    ("1EG4-TES-MK73", 7, 0.7, "5", 0.29, "1EG4-TE5-MK73", False),
    ("1EG4-TES-MK73", 7, 0.99, "8", 0.01, "1EG4-TE5-MK73", True),  # a 5, or what else?
    ("1EG4-TE5-MK73", 7, 0.7, "6", 0.29, "1EG4-TE5-MK73", True),
    ("1EG4-TE5-MK73", 2, 0.7, "6", 0.29, "1EG4-TE5-MK73", True),  # G and 6 may both stand there
    ("W2274-80193", 5, 0.7, "-", 0.29, "W2274-80193", True),  # no Medicare number at all
])  # fmt: skip
def test_a_twin_that_cannot_be_is_no_doubt(
    words: str, at: int, p: float, other: str, p_other: float, becomes: str, asked: bool
) -> None:
    assert read(words, at, p, other, p_other) == (becomes, asked)


@pytest.mark.parametrize(("value", "payer", "broken"), [
    ("1EG4-TE5-MK73", "MEDICARE", False), ("1EG4-TEB-MK73", "", True), ("1SG4TE5MK73", "Medicare Health Insurance", True),
    ("1SG4TE5MK73", "Harbor Health", False), ("H71234508", "Medicare", False), ("924558013-00", "Medicare", False),
    ("1234-567-8901", "", False),
])  # fmt: skip
def test_what_is_printed_as_medicares_and_is_none_is_asked_about(value: str, payer: str, broken: bool) -> None:
    assert breaks_the_rule(value, payer) is broken
