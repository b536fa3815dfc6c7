"""Small certainties of spelling: what a reader cannot know from the pixels alone, but a card's custom tells."""

from __future__ import annotations

import re
from collections.abc import Callable

from hospital_ops.ml.ocr.glyphs import Glyph, Text

# Among digits the model leans to the digit: a printed zero gets 0.97 and more, and whatever leaves
# its letter a chance above these turned out to be the letter.
LETTER_CHANCE = {("0", "O"): 0.03, ("1", "I"): 0.05, ("1", "l"): 0.05}
SMALL = {"l": ("1", "I"), "o": ("0", "O")}  # what is meant where a number seems to have a small letter
MIXED = {"member_id", "group_number", "id_number", "rx_pcn"}
_A, _AN = "[AC-HJKMNP-RT-Y]", "[0-9AC-HJKMNP-RT-Y]"
MEDICARE = re.compile(rf"[1-9]{_A}{_AN}\d-?{_A}{_AN}\d-?{_A}{{2}}\d\d")
SAME_SHAPE = "ckopsuvwxz"  # letters whose capital differs by size alone


def spelled(text: Text) -> str:
    """The text of a number that mixes letters and digits, each twin by its ink or by the chance it was left."""
    return "".join(_sign(glyph) for glyph in text.glyphs)


def _sign(glyph: Glyph) -> str:
    if glyph.char in SMALL:  # a number has no small letters
        return glyph.other if glyph.other in SMALL[glyph.char] else SMALL[glyph.char][0]
    return glyph.other.upper() if _is_its_twin(glyph) else glyph.char


def _is_its_twin(glyph: Glyph) -> bool:
    return not glyph.by_ink and glyph.p_other > LETTER_CHANCE.get((glyph.char, glyph.other), 1.0)


def _number(value: str) -> str:
    """No space about a hyphen; and a Medicare number, whose letters are never S, L, O, I, B or Z, has its zeros."""
    closed = re.sub(r"\s*-\s*", "-", value)
    digits = closed.translate(str.maketrans("OI", "01"))
    return digits if MEDICARE.fullmatch(digits) else closed


def repaired(field: str, value: str) -> str:
    """The value with the custom of its field restored; the same value where there is none."""
    return REPAIRS[field](value) if field in REPAIRS else value


def _plan(value: str) -> str:
    """PP0 and EPo are PPO and EPO: no plan mixes two capitals with a zero, or its kind's capitals with a small one."""
    bare = value.strip(" |/·•-")  # what parts it from the next label
    lettered = re.sub(r"\b(?:[A-Z]{2,}0|0[A-Z]{2,})\b", lambda word: word[0].replace("0", "O"), bare)
    return re.sub(r"\b(?:[EP]Po|HMo|PoS|POs)\b", lambda kind: kind[0].upper(), lettered)


def _name(value: str) -> str:
    return re.sub(rf"\b([{SAME_SHAPE}])(?=[a-z]{{2}})(?!on\b|an\b)", lambda first: first[1].upper(), value)


# A nought or a one among a word's letters, at its beginning before two of them or at its end after two.
AMONG_LETTERS = re.compile(
    r"(?<=[A-Za-z])[01](?=[A-Za-z])|\b[01](?=[A-Za-z]{2}(?<!th|TH|st|ST|rd|RD|nd|ND))|(?<=[A-Z]{2})[01]\b"
)
LIKE = {"0": "Oo", "1": "Il"}


def _words(value: str) -> str:
    """Words are made of letters: SAN J0SE is San Jose. 10TH and APT 1 stay."""
    return AMONG_LETTERS.sub(lambda sign: LIKE[sign[0]][_is_small(value, sign.start())], value)


def _is_small(value: str, at: int) -> bool:
    return value[max(0, at - 1) : at].islower()


# A house's number and a postcode: digits at both ends of the address.
DIGITS_OF_A_PLACE = re.compile(r"^\d[\dO]*(?= )|(?<=\b[A-Z]{2} )[\dO]{5}(?=$|-)")


def _address(value: str) -> str:
    spaced = _words(re.sub(r"\s*,\s*", ", ", value))
    spaced = DIGITS_OF_A_PLACE.sub(lambda digits: digits[0].replace("O", "0"), spaced)
    return re.sub(r"\b([A-Z]{2}) ?(\d{5})\b", r"\1 \2", spaced)


def _pcn(value: str) -> str:
    """A pharmacy's word, not a number: ASPR0D1 is ASPROD1. What follows it on the line may have lost its space."""
    return re.sub(r"(?<=[A-Z]{2})0(?=[A-Z])", "O", re.sub(r"(?<=[A-Z0-9]{2})(?:RX)?GRP$", "", _number(value)))


IN_FIGURES = re.compile(r"[\dOIl]{1,2}[-/][\dOIl]{1,2}[-/][\dOIl]{4}")


def _date(value: str) -> str:
    if IN_FIGURES.fullmatch(value):
        return value.translate(str.maketrans("OIl", "011"))
    closed = re.sub(r"\s*([-/.])\s*(?=\d)", r"\1", value)
    return re.sub(r"(?<=[A-Z])0(?=[A-Z])|\b0(?=CT|ct)|(?<=\d)0(?=CT)", "O", closed)


def _bin(value: str) -> str:
    """Six figures and no letter."""
    return value.translate(str.maketrans("OQIlSBZ", "0011582"))


REPAIRS: dict[str, Callable[[str], str]] = {
    "rx_bin": _bin,
    "plan": _plan,
    **dict.fromkeys(MIXED, _number),
    "rx_pcn": _pcn,
    "member_name": _name,
    "name": _name,
    "address": _address,
    "payer": _words,
    "effective_date": _date,
    "dob": _date,
    "expiry": _date,
}
