"""O and 0 by their print: lines drawn in many fonts, and a recogniser that cannot tell the two."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.cards import fonts
from hospital_ops.ml.ocr.candidates import Candidate
from hospital_ops.ml.ocr.certainty import doubts_of, said
from hospital_ops.ml.ocr.glyphs import Glyph, Text
from hospital_ops.ml.ocr.ink import inks
from hospital_ops.ml.ocr.layout import pieces
from hospital_ops.ml.ocr.shapes import Value
from hospital_ops.ml.ocr.sight import Round, by_sight, letters

PILLOWS_OWN = ""
FACES = [PILLOWS_OWN, *{path for role in ("sans", "sans-bold", "serif", "narrow-bold") for path in fonts.choices(role)}]
NUMBERS = ("XOH804217190", "0094417O", "KO0O52936", "700582693", "G75260OO", "O21198OO3")


def drawn(words: str, face: str, size: int = 30, light: bool = False) -> tuple[np.ndarray, list[float], np.ndarray]:
    """A line on paper, slightly out of focus: the picture, the middle of each letter (0 to 1), and its corners."""
    font = fonts.font(face, size)
    paper, ink = ("#16324f", "#f4f4f4") if light else ("#f2efe6", "#1c1c1c")
    picture = Image.new("RGB", (round(font.getlength(words)) + 60, 2 * size), paper)
    ImageDraw.Draw(picture).text((30, size // 3), words, font=font, fill=ink)
    left, top, right, bottom = (
        edge + 1.0 for edge in ImageDraw.Draw(picture).textbbox((29, size // 3 - 1), words, font=font)
    )
    left, top, right, bottom = left - 4, top - 4, right + 4, bottom + 4
    middles = [
        (30 + (font.getlength(words[:n]) + font.getlength(words[: n + 1])) / 2 - left) / (right - left)
        for n in range(len(words))
    ]
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)))[:, :, ::-1].copy(), middles, corners


def read_as_zeros(words: str, middles: list[float], p: float) -> Text:
    """What a recogniser says that takes every O for a 0, with the chance p."""
    doubtful = [
        Glyph("0", p, "O", 1 - p, at) if c in "O0" else Glyph(c, 0.999, "", 0.0, at)
        for c, at in zip(words, middles, strict=True)
    ]
    return Text(tuple(doubtful))


def looked_at(words: str, face: str, p: float, light: bool = False) -> tuple[str, frozenset[str]]:
    image, middles, corners = drawn(words, face, light=light)
    text = read_as_zeros(words, middles, p)
    [piece] = pieces([text], corners[None], 0.0)
    again = {id(piece.line): text}
    found, again = by_sight(image, {"member_id": Candidate("member_id", (Value(piece, 1.0),))}, again)
    return said(found["member_id"], again), doubts_of(found["member_id"], again)[1]


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_as_wide_as_a_figure_is_a_zero_and_what_is_wider_an_o(number: str, face: str) -> None:
    assert looked_at(number, face, p=0.985)[0] == number


def test_where_both_stand_on_the_line_no_doubt_is_left() -> None:
    assert looked_at("KO0O52936", PILLOWS_OWN, p=0.98) == ("KO0O52936", frozenset())


def test_light_print_on_a_dark_card_is_measured_as_well() -> None:
    assert looked_at("KO0O52936", PILLOWS_OWN, p=0.98, light=True) == ("KO0O52936", frozenset())


def test_against_a_recogniser_that_has_no_doubt_the_print_is_asked_about() -> None:
    value, doubts = looked_at("XOH8521719", PILLOWS_OWN, p=0.9998)
    assert value == "XOH8521719"
    assert doubts == {"twin"}


def test_without_figures_to_measure_against_the_recogniser_is_believed() -> None:
    assert looked_at("OBTW0", PILLOWS_OWN, p=0.98)[0] == "0BTW0"


def test_a_dotted_zero_is_no_letter_and_beside_one_a_round_without_a_dot_is_no_zero() -> None:
    dotted, plain = letters([Round(-4.0, 0.02, True), Round(-4.0, 0.06, False)], [("W", 0.22)], dotted=False)
    assert dotted < 0.01
    assert plain > 0.9


def test_where_all_is_as_wide_the_recogniser_decides_and_a_person_is_asked() -> None:
    [chance] = letters([Round(-3.0, 0.04, False)], [("W", 0.22), ("H", 0.06)], dotted=False)
    assert 0.03 < chance < 0.97


def test_ink_is_as_wide_as_it_is_printed_and_touching_letters_are_not_measured() -> None:
    line = np.full((40, 200, 3), 240, np.uint8)
    for left, right in ((10, 30), (40, 70), (90, 110), (109, 130)):
        line[8:32, left:right] = 20
    first, second, *touching = inks(line, [0.1, 0.275, 0.5, 0.6])
    assert first is not None
    assert second is not None
    assert second.width / first.width == pytest.approx(1.5, abs=0.02)
    assert touching == [None, None]
