"""What a photographed card can say, and how sure we are of it.

A reading is a suggestion: nothing in it becomes the record before a person confirmed it. So each
field carries who read it and whether that reader would stake anything on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Side(StrEnum):
    INSURANCE_FRONT = "insurance_front"
    INSURANCE_BACK = "insurance_back"
    ID_PHOTO = "id_photo"


class Verdict(StrEnum):
    READ = "read"
    UNSURE = "unsure"
    NOT_A_CARD = "not_a_card"
    UNREADABLE = "unreadable"


class DocumentStatus(StrEnum):
    RECEIVED = "received"
    READING = "reading"
    READ = "read"
    UNSURE = "unsure"
    NOT_A_CARD = "not_a_card"
    UNREADABLE = "unreadable"
    REPLACED = "replaced"
    FAILED = "failed"


INSURANCE_FIELDS = (
    "payer", "member_name", "member_id", "group_number", "plan",
    "rx_bin", "rx_pcn", "effective_date", "phone",
)  # fmt: skip
IDENTITY_FIELDS = ("name", "dob", "id_number", "address", "expiry")
FIELD_KEYS: dict[Side, tuple[str, ...]] = {
    Side.INSURANCE_FRONT: INSURANCE_FIELDS,
    Side.INSURANCE_BACK: INSURANCE_FIELDS,
    Side.ID_PHOTO: IDENTITY_FIELDS,
}

Box = tuple[int, int, int, int]
ROTATIONS = (0, 90, 180, 270)


@dataclass(frozen=True, slots=True)
class ExtractedField:
    """One field as the card prints it (a date stays in the card's own order: see `as_date`).

    `confidence` is 0 to 1 and is the reader's, for the weakest character. `box` is
    (left, top, right, bottom) in pixels of the photo as it was given, before any turning.
    """

    value: str
    confidence: float
    unsure: bool
    reader: str
    box: Box


@dataclass(frozen=True, slots=True)
class Reading:
    """What one photo said. `rotated` is how far, clockwise, the card lay turned in the photo."""

    verdict: Verdict
    rotated: int = 0
    seconds: float = 0.0
    fields: dict[str, ExtractedField] = field(default_factory=dict)
    width: int = 0
    height: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, in the words of `./hospital ocr --json`."""
        return {
            "verdict": str(self.verdict),
            "rotated": self.rotated,
            "seconds": round(self.seconds, 3),
            "fields": {key: {**asdict(found), "box": list(found.box)} for key, found in self.fields.items()},
        }


def upright(box: Sequence[int], width: int, height: int, rotated: int) -> dict[str, float]:
    """A box as it lies on the picture once that is turned upright: left, top, width, height in percent of its sides.

    `width` and `height` are the photo's own in pixels; `rotated` is how far, clockwise, the card lay turned in it.
    """
    left, right = 100 * box[0] / width, 100 * box[2] / width
    top, bottom = 100 * box[1] / height, 100 * box[3] / height
    turned = {
        0: (left, top, right, bottom),
        90: (top, 100 - right, bottom, 100 - left),
        180: (100 - right, 100 - bottom, 100 - left, 100 - top),
        270: (100 - bottom, left, 100 - top, right),
    }
    x0, y0, x1, y1 = turned.get(rotated, turned[0])
    return {"left": round(x0, 2), "top": round(y0, 2), "width": round(x1 - x0, 2), "height": round(y1 - y0, 2)}


_MONTHS = {name: n for n, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}  # fmt: skip


def as_date(printed: str) -> date | None:
    """The day a card's date means, read as US cards write it; None when it is not one day.

    Accepts 01/31/2026, 1-31-26, 2026-01-31, 31 JAN 2026, Jan 31, 2026. Two-digit years: up to
    ten years ahead of 2026 are this century, the rest the last one.
    """
    text = printed.strip().lower()
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return _day(match[1], match[2], match[3])
    if match := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", text):
        return _day(match[3], match[1], match[2])
    if match := re.fullmatch(r"(\d{1,2})[-/. ]?([a-z]{3})[a-z]*[-/. ,]*(\d{4}|\d{2})", text):
        return _day(match[3], str(_MONTHS.get(match[2], 0)), match[1])
    if match := re.fullmatch(r"([a-z]{3})[a-z]*[. ]*(\d{1,2})[, ]+(\d{4}|\d{2})", text):
        return _day(match[3], str(_MONTHS.get(match[1], 0)), match[2])
    return None


def _day(year: str, month: str, day: str) -> date | None:
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) <= 36 else 1900)
    try:
        return date(full, int(month), int(day))
    except ValueError:
        return None


def comparable(key: str, value: str) -> str:
    """The form in which what was read and what was typed are compared: spelling, not layout.

    Spaces, hyphens and case do not make two member numbers differ, nor 1-800 a phone; O and 0 do.
    """
    if key in {"effective_date", "dob", "expiry"}:
        day = as_date(value)
        return day.isoformat() if day else value.strip().lower()
    bare = re.sub(r"[^0-9a-z]", "", value.casefold())
    if key == "phone" and len(bare) == 11:
        return bare.removeprefix("1")
    return bare
