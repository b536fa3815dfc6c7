"""Identifiers made comparable: policy numbers, names, dates. Used before a blind index is taken, and to compare."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from hospital_ops.domain.errors import Invalid

_SOUNDEX = {
    c: d
    for letters, d in (("bfpv", "1"), ("cgjkqsxz", "2"), ("dt", "3"), ("l", "4"), ("mn", "5"), ("r", "6"))
    for c in letters
}


def plain(text: str) -> str:
    """Lower case, without accents, single spaces: "Núñez  " → "nunez"."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(kept.split())


def policy_key(text: str) -> str:
    """Letters and digits only, upper case: "xyz-12 34" → "XYZ1234"."""
    return re.sub(r"[^A-Z0-9]", "", plain(text).upper())


def sound_key(surname: str) -> str:
    """American Soundex of a surname: like-sounding names share it. "" for a name without Latin letters."""
    letters = re.sub(r"[^a-z]", "", plain(surname))
    if not letters:
        return ""
    code, last = letters[0].upper(), _SOUNDEX.get(letters[0], "")
    for letter in letters[1:]:
        digit = _SOUNDEX.get(letter, "")
        if digit and digit != last:
            code += digit
        if letter not in "hw":
            last = digit
    return (code + "000")[:4]


def initials(first_name: str | None, last_name: str | None) -> str:
    """ "Maria", "Sandoval" → "MS"; what a board shows of a person."""
    return "".join(part.strip()[:1].upper() for part in (first_name, last_name) if part and part.strip())


def read_date(text: str, *, what: str = "date of birth") -> date:
    """A date as typed: ISO, or month/day/year as US forms have it. Raises Invalid with a sentence."""
    cleaned = text.strip().replace(".", "/").replace(" ", "/")
    for pattern, order in ((r"(\d{4})-(\d{1,2})-(\d{1,2})", "ymd"), (r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", "mdy")):
        if found := re.fullmatch(pattern, cleaned):
            parts = dict(zip(order, map(int, found.groups()), strict=True))
            try:
                return date(parts["y"], parts["m"], parts["d"])
            except ValueError:
                break
    raise Invalid(
        f"We could not read this {what}. Please write it as year-month-day, for example 1984-07-23.", code="bad_date"
    )


def check_birth_date(born: date, today: date) -> date:
    """Refuse dates of birth in the future or more than 130 years ago."""
    if born > today:
        raise Invalid("This date of birth is in the future. Please check it.", code="bad_date")
    if today.year - born.year > 130:
        raise Invalid("This date of birth is more than 130 years ago. Please check the year.", code="bad_date")
    return born


def age(born: date, today: date) -> int:
    """Whole years lived."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
