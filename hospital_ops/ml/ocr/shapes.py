"""What each field's value looks like: where it begins and ends in a line, and what must never be it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from hospital_ops.domain.documents import as_date
from hospital_ops.ml.ocr.layout import Piece
from hospital_ops.ml.ocr.repairs import IN_FIGURES, SAME_SHAPE, SMALL, repaired

DATE = re.compile(
    r"(?<![\dA-Za-z])(?:\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:\d{4}|\d{2})|\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}"
    r"|[\dOIl]{1,2}[-/][\dOIl]{1,2}[-/][\dOIl]{4}"
    r"|\d{1,2}[-/. ]?[A-Za-z0]{3,9}[-/. ,]*(?:\d{4}|\d{2})"
    r"|[A-Za-z0][A-Za-z]{2,8}[. ]*\d{1,2}[, ]+\d{4}|\d{2} \d{2} \d{4})(?![\dA-Za-z])"
)
PHONE = re.compile(r"(?<!\d)(?:\+?1[-. ]?)?(?:\(\d{3}\)\s?|\d{3}[-. ])(?:\d{3})[-. ]\d{4}(?!\d)")
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9]*(?:[-./ ]{1,3}[A-Za-z0-9]+)*\*?")
NAME = re.compile(r"[A-Za-zÁÉÍÓÚÑÜáéíóúñü][A-Za-zÁÉÍÓÚÑÜáéíóúñü'.,\- ]*[A-Za-zÁÉÍÓÚÑÜáéíóúñü.]")
FIGURES_ALONE = re.compile(r"[\d/ -]+")
A_WORD = re.compile(r"(?<=\d)\s+[A-Za-z]{4,}\b")
LIST_MARK = re.compile(r"^[\s:#.\-–|•*]+")

PARTICLES = {"de", "la", "del", "los", "van", "von", "der", "da"}
# Words of prose, payers and places that a person's name does not hold.
NOT_NAMES = re.compile(
    r"\b(?:health|insurance|plan|care|card|member|group|services?|id|number|coverage|medical|ppo|hmo|epo|pos|hdhp|hsa|"
    r"rx|pharmacy|the|this|of|for|and|is|to|blue|cross|shield|medicaid|medicare|customer|call|claims|box|street|license|"
    r"driver|state|class|benefits?|network|effective|date|phone|gold|silver|bronze|platinum|identification|only|assurance|"
    r"company|inc|llc|mutual|authorized|valid|expires?|issued?|dependents?|primary|provider|department|motor|vehicles?)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a piece: the piece of exactly its characters, and how well it fits (0 to 1)."""

    piece: Piece
    fit: float

    @property
    def string(self) -> str:
        return re.sub(r"\s+", " ", self.piece.string).strip()


def _searched(pattern: re.Pattern[str], judge: Callable[[str], float]) -> Callable[[Piece], Value | None]:
    def find(piece: Piece) -> Value | None:
        for match in pattern.finditer(piece.string):
            if fit := judge(match[0]):
                return Value(piece.part(match.start(), match.end()), fit)
        return None

    return find


def _leading(pattern: re.Pattern[str], judge: Callable[[str], float]) -> Callable[[Piece], Value | None]:
    """As _searched, but the value must begin the piece."""

    def find(piece: Piece) -> Value | None:
        begin = match.end() if (match := LIST_MARK.match(piece.string)) else 0
        match = pattern.match(piece.string, begin)
        if match and (fit := judge(match[0])):
            return Value(piece.part(match.start(), match.end()), fit)
        return None

    return find


def _number(judge: Callable[[str], float]) -> Callable[[Piece], Value | None]:
    """As _leading with a number, which ends before a word: "88231004 SAVED 1.20" is 88231004, and to be asked about."""
    whole = _leading(NUMBER, judge)

    def find(piece: Piece) -> Value | None:
        begin = match.end() if (match := LIST_MARK.match(piece.string)) else 0
        match = NUMBER.match(piece.string, begin)
        word = A_WORD.search(match[0]) if match else None
        if not (match and word):
            return whole(piece)
        fit = judge(match[0][: word.start()])
        return Value(piece.part(begin, begin + word.start()), min(fit, 0.5)) if fit else None

    return find


def _date_fit(text: str) -> float:
    """As it stands; or with an O for a nought or an I for a one, which a person must look at."""
    if not as_date(repaired("dob", text)):
        return 0.0
    return 0.5 if IN_FIGURES.fullmatch(text) and not FIGURES_ALONE.fullmatch(text) else 1.0


def _member_id_fit(text: str) -> float:
    bare = re.sub(r"[^A-Za-z0-9]", "", text)
    digits = sum(c.isdigit() for c in bare)
    if not 5 <= len(bare) <= 20 or digits < 3 or text.count(" ") > 5:
        return 0.0
    if as_date(text) or PHONE.fullmatch(text) or _has_small(bare):
        return 0.0
    return 1.0 if digits >= 5 else 0.7


def _has_small(bare: str) -> bool:
    return any(c.islower() and c not in SMALL for c in bare)


def _group_fit(text: str) -> float:
    bare = re.sub(r"[^A-Za-z0-9]", "", text)
    digits = sum(c.isdigit() for c in bare)
    if not 2 <= len(bare) <= 18 or as_date(text) or PHONE.fullmatch(text) or sum(c.islower() for c in bare) > 1:
        return 0.0
    if not digits:
        return 0.4
    return 1.0 if len(bare) >= 4 else 0.6


def _bin_fit(text: str) -> float:
    bare = text.strip(" *")
    return 1.0 if re.fullmatch(r"\d{6}", bare) else 0.5 if re.fullmatch(r"[0-9OISBQDlZ]{6}", bare) else 0.0


def _pcn_fit(text: str) -> float:
    bare = text.replace(" ", "")
    if not 1 <= len(bare) <= 12 or any(c.islower() for c in bare) or as_date(text):
        return 0.0
    return 1.0 if len(bare) > 1 else 0.5


def _name_fit(text: str) -> float:
    words = [word for word in re.split(r"[ ,.]+", text) if word]
    if not 1 <= len(words) <= 6 or sum(c.isalpha() for c in text) < 4 or NOT_NAMES.search(text):
        return 0.0
    if any(word[0].islower() and word[0] not in SAME_SHAPE and word not in PARTICLES for word in words):
        return 0.0
    return 1.0 if len(words) >= 2 else 0.5


def _plan_fit(text: str) -> float:
    if not 2 <= len(text) <= 50 or as_date(text) or PHONE.search(text) or not any(c.isalpha() for c in text):
        return 0.0
    return 0.0 if re.match(r"[a-z]+ ", text) else 1.0  # "Plan de salud del Valle" is no plan called "del Valle"


def _address_fit(text: str) -> float:
    """Mostly a house's number comes first; in Puerto Rico it may stand behind the street's name."""
    if len(text) <= 6:
        return 0.0
    if re.match(
        r"(?:\d+[A-Za-z]?\s?|P\.?\s?O\.?\s?BOX|(?:RR|HC)\s?\d|(?:CALLE|AVE|AVENIDA|URB|COND|CARR|BO|CAM\w*)\b)",
        text,
        re.I,
    ):
        return 1.0
    return 0.5 if re.match(r"[A-Z].* \d+\w?$", text) else 0.0


def _id_number_fit(text: str) -> float:
    bare = re.sub(r"[^A-Za-z0-9]", "", text)
    digits = sum(c.isdigit() for c in bare)
    if not 5 <= len(bare) <= 20 or digits < 4 or as_date(text) or _has_small(bare):
        return 0.0
    return 1.0


MONEY = re.compile(r"[$%\d]|\b(?:none|no|waived|covered|free|n/?a|nada|gratis|after|ded)\b", re.I)
_ANY = re.compile(r"\S.*\S|\S")
_BIN = re.compile(r"[A-Z0-9]{6}(?![A-Za-z0-9])")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")

VALUES: dict[str, Callable[[Piece], Value | None]] = {
    "member_id": _number(_member_id_fit),
    "member_name": _leading(NAME, _name_fit),
    "group_number": _leading(NUMBER, _group_fit),
    "plan": _leading(_ANY, _plan_fit),
    "rx_bin": _leading(_BIN, _bin_fit),
    "rx_pcn": _leading(_TOKEN, _pcn_fit),
    "effective_date": _searched(DATE, _date_fit),
    "phone": _searched(PHONE, lambda text: 1.0),
    "name": _leading(NAME, _name_fit),
    "last_name": _leading(NAME, lambda text: 0.0 if NOT_NAMES.search(text) else 1.0),
    "first_name": _leading(NAME, lambda text: 0.0 if NOT_NAMES.search(text) else 1.0),
    "dob": _searched(DATE, _date_fit),
    "expiry": _searched(DATE, _date_fit),
    "id_number": _number(_id_number_fit),
    "address": _leading(_ANY, _address_fit),
    "-money": _leading(_ANY, lambda text: 0.5 if MONEY.search(text) else 0.0),
    "-dates": _searched(DATE, _date_fit),
    "-issued": _searched(DATE, _date_fit),
    "-other_phone": _searched(PHONE, lambda text: 1.0),
}
ANYTHING = _leading(_ANY, lambda text: 0.5)


def value_of(field: str, piece: Piece) -> Value | None:
    """The field's value in the piece, or None where nothing in it could be that."""
    return VALUES.get(field, ANYTHING)(piece)
