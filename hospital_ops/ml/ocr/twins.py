"""Characters that print alike, and how sure a reader must be of one of them."""

from __future__ import annotations

from hospital_ops.ml.ocr.glyphs import Text

LEAST = 0.90  # of a character that has no twin
LEAST_TWIN = 0.95
# O and 0, I and 1 are so alike that only near certainty will do,
ROUND = frozenset("O0")
LEAST_TWINS = {ROUND: 0.97, frozenset("I1"): 0.95, frozenset("l1"): 0.95}
# more so where a digit stands against a letter, as in XO9, and in a number whose ink could not be measured,
LEAST_AGAINST = 0.995
# and most where a number of digits alone begins with what may be its one letter.
LEAST_LEADING = 0.9995
LEAST_BY_INK = 0.975  # of one whose width was measured as well
PAIRS = ["O0", "OQ", "0Q", "0D", "OD", "I1", "l1", "Il", "S5", "B8", "Z2", "G6", "8S", "38", "17", "5S", "QG", "6b"]
TWINS = {frozenset(pair) for pair in PAIRS}


def weak(text: Text, word: bool, leading: bool, mixed: bool = False) -> set[str]:
    """Doubts about single characters: "twin", "faint". `word`: its neighbours settle O and 0, and case is
    no matter. `leading`: the text is a number that may begin with one letter; `mixed`: that may hold some anywhere.
    """
    doubts = set()
    for n, glyph in enumerate(text.glyphs):
        if glyph.char == " " or (word and _settled(text, n)):
            continue
        pair = frozenset((glyph.char, glyph.other))
        if glyph.p < _least(text, n, pair, word, leading, mixed):
            doubts.add("twin" if pair in TWINS else "faint")
    return doubts


def _least(text: Text, n: int, pair: frozenset[str], word: bool, leading: bool, mixed: bool) -> float:
    if text.glyphs[n].by_ink:
        return LEAST_BY_INK
    if pair not in LEAST_TWINS or word:
        return LEAST_TWIN if pair in TWINS else LEAST
    if leading and n == 0 and text.glyphs[0].char in "01" and text.string[1:].replace(" ", "").isdigit():
        return LEAST_LEADING
    around = _beside(text, n)
    against = any(other.isalpha() != text.glyphs[n].char.isalpha() for other in around if other.isalnum())
    return LEAST_AGAINST if against or (mixed and pair == ROUND) else LEAST_TWINS[pair]


def _settled(text: Text, n: int) -> bool:
    """Whether a letter of a word is in doubt only between s and S, or between O and 0 beside letters."""
    glyph = text.glyphs[n]
    if glyph.p + glyph.p_other < LEAST:
        return False
    same_letter = glyph.char.upper() == glyph.other.upper()
    return same_letter or ({glyph.char, glyph.other} == {"O", "0"} and _beside(text, n).strip().isalpha())


def _beside(text: Text, n: int) -> str:
    return "".join(glyph.char for glyph in text.glyphs[max(0, n - 1) : n] + text.glyphs[n + 1 : n + 2])
