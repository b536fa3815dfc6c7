"""What makes a value unsure, and what custom may put right."""

from __future__ import annotations

import pytest

from hospital_ops.ml.ocr.agreement import settles
from hospital_ops.ml.ocr.candidates import Candidate
from hospital_ops.ml.ocr.certainty import doubts_of, said
from hospital_ops.ml.ocr.glyphs import Glyph, Text
from hospital_ops.ml.ocr.layout import Piece, pieces
from hospital_ops.ml.ocr.repairs import repaired
from hospital_ops.ml.ocr.shapes import Value
from hospital_ops.ml.ocr.twins import weak
from tests.ocr.made_up import lines, text


def candidate(field: str, piece: Piece) -> Candidate:
    return Candidate(field, (Value(piece, 1.0),))


def again(piece: Piece, second: Text) -> dict[int, Text]:
    return {id(piece.line): second}


def test_two_like_looks_leave_no_doubt() -> None:
    [piece] = lines(("XQH884217190", 0, 0))
    confidence, doubts = doubts_of(candidate("member_id", piece), again(piece, text("ID: XQH884217190")))
    assert not doubts
    assert confidence == pytest.approx(0.999)


def test_a_second_look_that_differs_is_a_doubt() -> None:
    [piece] = lines(("800-555-0142", 0, 0))
    assert "second look differs" in doubts_of(candidate("phone", piece), again(piece, text("800-55-0142")))[1]


def test_a_space_more_is_another_name() -> None:
    [piece] = lines(("MARIASANDOVAL", 0, 0))
    assert "spaces differ" in doubts_of(candidate("member_name", piece), again(piece, text("MARIA SANDOVAL")))[1]


def test_a_space_that_may_have_been_lost_is_a_doubt_in_a_name_and_none_in_a_number() -> None:
    [piece] = lines(("MARIASANDOVAL", 0, 0))
    seen = Text(text("MARIASANDOVAL").glyphs, perhaps=(0.38,))
    assert "spaces differ" in doubts_of(candidate("member_name", piece), again(piece, seen))[1]
    assert not doubts_of(candidate("member_id", piece), again(piece, seen))[1]


def test_a_faint_character_is_a_doubt_and_so_is_a_foreign_one() -> None:
    [piece] = lines(("XQH884217190", 0, 0))
    assert "faint" in doubts_of(candidate("member_id", piece), again(piece, text("XQH884217190", p=0.7)))[1]
    assert (
        "foreign sign"
        in doubts_of(candidate("member_id", piece), again(piece, Text(text("XQH884217190").glyphs, 0.9)))[1]
    )


def test_a_zero_that_leaves_the_letter_a_chance_is_the_letter_and_unsure() -> None:
    glyphs = list(text("AB012345").glyphs)
    glyphs[2] = Glyph("0", 0.9, "O", 0.09, glyphs[2].at)
    [plain] = lines(("AB012345", 0, 0))
    [piece] = pieces([Text(tuple(glyphs))], plain.quad[None], 0.0)
    found = candidate("member_id", piece)
    assert said(found, {}) == "ABO12345"
    assert "twin" in doubts_of(found, again(piece, text("AB012345")))[1]


def test_a_name_keeps_the_space_that_either_look_saw() -> None:
    [piece] = lines(("MARIASANDOVAL", 0, 0))
    assert said(candidate("member_name", piece), again(piece, text("Name: MARIA SANDOVAL"))) == "MARIA SANDOVAL"


def test_a_zero_whose_ink_was_not_measured_needs_more_of_the_recogniser_where_a_letter_may_stand() -> None:
    glyphs = tuple(
        Glyph(glyph.char, 0.98 if glyph.char == "0" else 0.999, "O", 0.02, glyph.at) for glyph in text("5004").glyphs
    )
    assert weak(Text(glyphs), word=False, leading=False, mixed=True) == {"twin"}
    assert not weak(Text(glyphs), word=False, leading=False)


@pytest.mark.parametrize(
    ("printed", "p", "doubted"), [("0123456789", 0.998, True), ("0123456789", 0.9999, False), ("XB0123", 0.99, True)]
)
def test_a_zero_that_may_be_the_one_letter_needs_near_certainty(printed: str, p: float, doubted: bool) -> None:
    glyphs = [
        Glyph(glyph.char, p if glyph.char == "0" else 0.999, "O", 0.0, glyph.at) for glyph in text(printed).glyphs
    ]
    assert bool(weak(Text(tuple(glyphs)), word=False, leading=True)) is doubted


@pytest.mark.parametrize(
    ("field", "read", "meant"),
    [
        ("plan", "Community EP0", "Community EPO"),
        ("plan", "Classic Care POs", "Classic Care POS"),
        ("plan", "Choice POS II |", "Choice POS II"),
        ("plan", "PPO Gold 2500", "PPO Gold 2500"),
        ("effective_date", "07 0CT 2019", "07 OCT 2019"),
        ("effective_date", "2019-09 -05", "2019-09-05"),
        ("effective_date", "0ct 05, 2022", "Oct 05, 2022"),
        ("rx_pcn", "ASPR0D1", "ASPROD1"),
        ("rx_pcn", "MEDDPRIMEGRP", "MEDDPRIME"),
        ("rx_pcn", "9999", "9999"),
        ("rx_pcn", "A0", "A0"),
        ("address", "412 MAPLE AVE, COLUMBUS,OH43215", "412 MAPLE AVE, COLUMBUS, OH 43215"),
        ("address", "37 ELM ST, SAN J0SE, CA 95112", "37 ELM ST, SAN JOSE, CA 95112"),
        ("address", "10 0AK AVE, M1AMI, FL 33101", "10 OAK AVE, MIAMI, FL 33101"),
        ("address", "101 10TH ST APT 1, PABL0, NM 87101", "101 10TH ST APT 1, PABLO, NM 87101"),
        ("address", "221O NW OVERTON ST, PORTLAND, OR 9721O", "2210 NW OVERTON ST, PORTLAND, OR 97210"),
        ("address", "1 1st St, Fargo, ND 58102", "1 1st St, Fargo, ND 58102"),
        ("payer", "0scar Hea1th", "Oscar Health"),
        ("payer", "Centura 21 Health", "Centura 21 Health"),
        ("member_id", "2AZ5 - CH1-UM02", "2AZ5-CH1-UM02"),
        ("member_id", "1EG4-TE5-MK72", "1EG4-TE5-MK72"),
        ("member_id", "1EG4-TEO-MK72", "1EG4-TE0-MK72"),
        ("member_id", "WOI123456", "WOI123456"),
    ],
)
def test_custom_puts_right_what_it_knows_and_nothing_else(field: str, read: str, meant: str) -> None:
    assert repaired(field, read) == meant


class Says:
    def __init__(self, words: str, sure: float = 0.9) -> None:
        self.words, self.sure = words, sure

    def read(self, crop: object) -> tuple[str, float]:
        return self.words, self.sure


@pytest.mark.parametrize(
    ("reader", "doubts", "settled"),
    [
        (Says("ID: ABO12345"), {"twin"}, True),
        (Says("ID: AB012345"), {"twin"}, False),
        (Says("ID: ABO12345", sure=0.2), {"twin"}, False),
        (Says("ID: ABO12345"), {"rival"}, False),
        (Says("ID: ABO12345"), {"twin", "two values"}, False),
        (None, {"twin"}, False),
    ],
)
def test_a_second_reader_settles_what_is_seen_and_not_whose_it_is(
    reader: Says | None, doubts: set[str], settled: bool
) -> None:
    import numpy as np

    [piece] = lines(("ABO12345", 0, 0))
    image = np.zeros((40, 120, 3), np.uint8)
    assert settles(lambda: reader, image, candidate("member_id", piece), "ABO12345", frozenset(doubts)) is settled
