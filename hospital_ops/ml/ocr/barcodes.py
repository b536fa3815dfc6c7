"""The PDF417 on the back of a North American licence, which says all that its front prints."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from hospital_ops.domain.documents import Box, ExtractedField

READER = "zxing"


@dataclass(frozen=True, slots=True)
class Barcode:
    """What it says, where it is, and how far, clockwise, it lies turned."""

    text: str
    box: Box
    rotated: int = 0


def read_barcodes(image: np.ndarray) -> list[Barcode]:
    """The AAMVA barcodes in a (height, width, 3) uint8 image; boxes in its pixels."""
    import zxingcpp

    results = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.PDF417]))
    # Its bytes, not its text: the text spells the line feeds between the items out as words.
    found = [
        Barcode(bytes(result.bytes).decode("latin-1"), _box(result.position), round(result.orientation / 90) * 90 % 360)
        for result in results
    ]
    return [code for code in found if "ANSI " in code.text or "AAMVA" in code.text]


def _box(position: object) -> Box:
    corners = [getattr(position, name) for name in ("top_left", "top_right", "bottom_right", "bottom_left")]
    xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
    return (min(xs), min(ys), max(xs), max(ys))


def aamva_fields(barcode: Barcode) -> dict[str, ExtractedField]:
    """The five identity fields from an AAMVA barcode; dates as US licences print them."""
    items = dict(re.findall(r"(?:^|[\n\r\x1e]|DL|ID)(D[A-Z]{2})([^\n\r\x1e]*)", barcode.text))
    items = {key: value.strip() for key, value in items.items() if value.strip() not in {"", "NONE", "unavl"}}
    values = {
        "name": _name(items),
        "dob": _date(items.get("DBB", ""), items),
        "id_number": items.get("DAQ", ""),
        "address": _address(items),
        "expiry": _date(items.get("DBA", ""), items),
    }
    return {key: ExtractedField(value, 1.0, False, READER, barcode.box) for key, value in values.items() if value}


def _name(items: dict[str, str]) -> str:
    if "DAA" in items:  # the first version of the standard: LAST,FIRST,MIDDLE
        last, *given = [word.strip() for word in items["DAA"].split(",")]
        return " ".join([*given, last])
    first = items.get("DAC") or items.get("DCT", "").replace(",", " ")
    return " ".join(word for word in (first, items.get("DAD", ""), items.get("DCS") or items.get("DAB", "")) if word)


def _date(digits: str, items: dict[str, str]) -> str:
    if not re.fullmatch(r"\d{8}", digits):
        return ""
    if items.get("DCG") == "CAN" or (digits[:2] in {"19", "20"} and int(digits[4:6]) <= 12 and int(digits[:2]) > 12):
        return f"{digits[4:6]}/{digits[6:]}/{digits[:4]}"
    return f"{digits[:2]}/{digits[2:4]}/{digits[4:]}"


def _address(items: dict[str, str]) -> str:
    street = " ".join(items[key] for key in ("DAG", "DAH") if key in items)
    code = items.get("DAK", "")
    if re.fullmatch(r"\d{9}", code):
        code = code[:5] if code.endswith("0000") else f"{code[:5]}-{code[5:]}"
    place = " ".join(word for word in (items.get("DAJ", ""), code) if word)
    return ", ".join(part for part in (street, items.get("DAI", ""), place) if part)
