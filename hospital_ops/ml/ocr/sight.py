"""O or 0, told by how it is printed rather than by what a network takes it for.

A zero is as wide as the figures beside it, for figures are cut to stand in columns; an O is as wide as the round
capitals. So it is in nearly every font, whatever else its letters look like. Where all are as wide, in a
typewriter's font, the zero mostly has a dot or a stroke in it. What is measured is weighed against
what fonts are like (`fonts`) and against what the recogniser said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import numpy as np

from hospital_ops.ml.ocr.candidates import Candidate
from hospital_ops.ml.ocr.glyphs import Glyph, Text
from hospital_ops.ml.ocr.ink import Ink, inks
from hospital_ops.ml.ocr.pixels import cut
from hospital_ops.ml.ocr.repairs import MIXED
from hospital_ops.ml.ocr.shapes import Value

ROUND = "O0o"
FOLDED = str.maketrans("Oo", "00")
FIGURES = "23456789"  # a one may be narrow
# How much wider than a figure a capital is (logarithms): of the usual fonts, and of a typewriter's.
CAPITALS = {
    "A": (0.34, 0.22), "B": (0.16, 0.07), "C": (0.23, 0.08), "D": (0.27, 0.08), "G": (0.30, 0.11), "H": (0.30, 0.07),
    "K": (0.28, 0.13), "M": (0.50, 0.15), "N": (0.30, 0.08), "P": (0.12, 0.05), "Q": (0.36, 0.14), "R": (0.23, 0.12),
    "U": (0.26, 0.07), "V": (0.32, 0.21), "W": (0.66, 0.24), "X": (0.32, 0.19), "Y": (0.27, 0.18), "Z": (0.17, 0.03),
}  # fmt: skip
SPREAD = (0.10, 0.08)  # of one capital among fonts whose O is as wide
WITH_O = 0.75  # how much of what an O is wider than usual, the other capitals are too
SURE = 0.9  # of a neighbour that is measured against
FEWEST = 2  # figures without which nothing is known of a font's
BROKEN = -0.2  # what is narrower than the figures by more (a logarithm) has lost a part
MEASURED = 0.035  # how far, as a logarithm, one measured width may lie from the font's
LEAST = 1e-5  # of a recogniser's chance
ODD = 0.12  # the density of a zero of any width
CHANCE = 0.02  # that it is something else altogether: what one width weighs at most
# The recogniser leans to the figure: where it gives the letter one chance in fifty, each is as likely as the other. It is
# never taken for surer than 33 to 1: where a font is new to it, it is wrong without a doubt.
EVEN, HEARD = -4.0, 0.8
DEAF = (3.5, 2.0)  # of other fonts, and of a typewriter's


Looks = dict[int, Text]  # by id of a line's quad
Inks = list[Ink | None]  # of a text's characters, None where one cannot be measured


def by_sight(image: np.ndarray, found: dict[str, Candidate], again: Looks) -> tuple[dict[str, Candidate], Looks]:
    """The candidates and their second looks with each O and 0 of a number as it is printed, where that can be told."""
    doubtful = [key for key in found if key in MIXED and set(ROUND) & set(found[key].string)]
    if not doubtful:
        return found, again
    printed = {id(part): _inks(image, part) for candidate in found.values() for part in candidate.parts}
    dotted = any(
        ink is not None and glyph.char == "0" and glyph.p >= SURE and ink.dotted
        for candidate in found.values() for part in candidate.parts
        for glyph, ink in zip(part.piece.text.glyphs, printed[id(part)], strict=True)
    )  # fmt: skip
    told, looks = dict(found), dict(again)
    for key in doubtful:
        parts = [_part_told(part, printed[id(part)], looks, dotted) for part in found[key].parts]
        told[key] = replace(found[key], parts=tuple(parts))
    return told, looks


A_LETTER_AMONG_FIGURES = re.compile(r"(?<=\d)[Oo](?=\d)|\b[Oo](?=\d{3})|(?<=\d{2})[Oo]\b")


def takes_zeros_for_letters(strings: Iterable[str]) -> bool:
    """Whether the recogniser saw an O among the figures of what has none, a telephone or a pharmacy's BIN: this font's
    zero is as wide as its letter, and nobody's ruler tells them apart.
    """
    return any(A_LETTER_AMONG_FIGURES.search(string) for string in strings)


def without_letters(number: str) -> str:
    """What such a font's number more likely is: an O beside a figure, or beside another such, is a nought."""
    return re.sub(r"(?<=\d)O+|O+(?=\d)", lambda noughts: "0" * len(noughts[0]), number)


def _inks(image: np.ndarray, part: Value) -> Inks:
    return inks(cut(image, part.piece.line), [glyph.at for glyph in part.piece.text.glyphs])


def _part_told(part: Value, printed: Inks, looks: Looks, dotted: bool) -> Value:
    """The value as its ink tells it; its second look in `looks` is told likewise."""
    text, line = part.piece.text, id(part.piece.line)
    same = _same_places(text, looks[line]) if line in looks else {}
    second = {n: looks[line].glyphs[m] for n, m in same.items()}
    chances = _chances(text, printed, second, dotted)
    if same:
        looks[line] = _rewritten(looks[line], {same[n]: chance for n, chance in chances.items()})
    return replace(part, piece=replace(part.piece, text=_rewritten(text, chances)))


def _same_places(text: Text, second: Text) -> dict[int, int]:
    """Where the second look has each character of the text, spaces, O and 0 aside; empty where it says another."""
    mine, other = (
        [n for n, glyph in enumerate(one.glyphs) if not glyph.char.isspace()] for one in (text, second)
    )  # fmt: skip
    words = ("".join(one.glyphs[n].char for n in places) for one, places in ((text, mine), (second, other)))
    wanted, said = (word.translate(FOLDED) for word in words)
    start = said.find(wanted)
    return dict(zip(mine, other[start:], strict=False)) if start >= 0 else {}


def _rewritten(text: Text, chances: dict[int, float]) -> Text:
    glyphs = list(text.glyphs)
    for n, chance in chances.items():
        char, other = ("O", "0") if chance > 0.5 else ("0", "O")
        sure = max(chance, 1 - chance)
        glyphs[n] = Glyph(char, sure, other, 1 - sure, glyphs[n].at, by_ink=True)
    return replace(text, glyphs=tuple(glyphs))


def _chances(text: Text, printed: Inks, second: dict[int, Glyph], dotted: bool) -> dict[int, float]:
    """Place in the text → how likely it is the letter O, of those that can be measured against their neighbours."""
    sizes = {n: float(np.log(ink.width)) for n, ink in enumerate(printed) if ink is not None}
    sure = {n: glyph.char for n, glyph in enumerate(text.glyphs) if n in sizes and glyph.p >= SURE}
    figures = [sizes[n] for n, char in sure.items() if char in FIGURES]
    if len(figures) < FEWEST:
        return {}
    one = float(np.mean(figures))
    capitals = [(char, sizes[n] - one) for n, char in sure.items() if char in CAPITALS]
    found = {
        n: Round(_said(text.glyphs[n], second.get(n)), sizes[n] - one, ink.dotted) for n, ink in enumerate(printed)
        if ink and text.glyphs[n].char in ROUND and sizes[n] - one > BROKEN
    }  # fmt: skip
    return dict(zip(found, letters(list(found.values()), capitals, dotted), strict=True))


def _said(*looks: Glyph | None) -> float:
    """The recogniser's odds (a logarithm) that it is the letter, the mean of its looks."""
    odds = [np.log((_chance(look, "Oo") + LEAST) / (_chance(look, "0") + LEAST)) for look in looks if look]
    return float(np.mean(odds))


def _chance(look: Glyph, chars: str) -> float:
    return look.p * (look.char in chars) + look.p_other * (look.other != "" and look.other in chars)


@dataclass(frozen=True)
class Fonts:
    """What fonts are like, a row a kind: how likely it is; how much wider than the other figures' mean its zero and its
    O are (logarithms); whether it is a typewriter's; how much wider than usual there its O is; whether its zero is dotted.
    """

    chance: np.ndarray
    zero: np.ndarray
    letter: np.ndarray
    typed: np.ndarray
    beyond: np.ndarray
    dotted: np.ndarray


@dataclass(frozen=True)
class Round:
    """One O or 0: the recogniser's odds that it is the letter (a logarithm), its width in the figures' (likewise), and
    whether it has a dot, if that can be told.
    """

    said: float
    width: float
    dotted: bool | None


@lru_cache(maxsize=1)
def fonts() -> Fonts:
    """A grid over the habits of 250 fonts: the zero 0.02 ± 0.04 wider than the other figures, in one of twenty by anything;
    the O wider than the zero by 0.32 ± 0.10, or in a typewriter's font, one in five here, by 0.10 ± 0.08; half of those
    dot their zero.
    """
    kinds = ((False, 0.8, 0.32, 0.10, 0.02), (True, 0.2, 0.10, 0.08, 0.5))
    rows = [
        (share * (_bell(zero, 0.02, 0.04) + ODD) * _bell(more, usual, spread) * (dots if dotted else 1 - dots),
         zero, zero + more, typed, more - usual, dotted)
        for typed, share, usual, spread, dots in kinds
        for zero, more, dotted in product(np.linspace(-0.1, 0.3, 21), np.linspace(-0.04, 0.56, 31), (False, True))
    ]  # fmt: skip
    chance, zero, letter, typed, beyond, dotted = np.array(rows, dtype=float).T
    return Fonts(chance / chance.sum(), zero, letter, typed.astype(int), beyond, dotted.astype(bool))


def _bell(x: np.ndarray | float, middle: np.ndarray | float, spread: np.ndarray | float) -> np.ndarray:
    return np.asarray(np.exp(-0.5 * ((x - middle) / spread) ** 2) / (spread * np.sqrt(2 * np.pi)))


def letters(found: list[Round], capitals: list[tuple[str, float]], dotted: bool) -> list[float]:
    """How likely each of a line's is the letter O, 0 to 1. `capitals`: the line's sure ones, each with its width in the
    figures' (a logarithm). `dotted`: the card prints zeros with a dot elsewhere.
    """
    kinds = fonts()
    weight = kinds.chance * np.where(kinds.dotted, 0.9, 0.01) if dotted else kinds.chance.copy()
    for char, width in capitals:
        usual = np.array(CAPITALS[char])[kinds.typed] + WITH_O * kinds.beyond
        weight *= _bell(width, usual, np.array(SPREAD)[kinds.typed]) + CHANCE
    halves = [_halves(one, kinds) for one in found]
    for zero, letter in halves:
        weight *= zero + letter
    weight /= max(float(weight.sum()), 1e-300)
    return [float((weight * letter / (zero + letter)).sum()) for zero, letter in halves]


def _halves(one: Round, kinds: Fonts) -> tuple[np.ndarray, np.ndarray]:
    """Each kind of font's chance of printing this as a zero and as a letter."""
    most = np.array(DEAF)[kinds.typed]
    heard = np.clip((one.said - EVEN) * HEARD, -most, most)
    letter = 1 / (1 + np.exp(-heard))
    inked = 1.0 if one.dotted is None else np.where(kinds.dotted == one.dotted, 0.98, 0.02)
    zero = (1 - letter) * inked * (_bell(one.width, kinds.zero, MEASURED) + CHANCE)
    return zero, letter * (0.002 if one.dotted else 1.0) * (_bell(one.width, kinds.letter, MEASURED) + CHANCE)
