"""From a photo's bytes to a Reading: one function, the steps in the order they happen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from hospital_ops.domain.documents import Box, ExtractedField, Reading, Side, Verdict
from hospital_ops.ml.ocr.agreement import Looks, settles
from hospital_ops.ml.ocr.barcodes import aamva_fields, read_barcodes
from hospital_ops.ml.ocr.candidates import Candidate
from hospital_ops.ml.ocr.certainty import doubts_of, said, second_look
from hospital_ops.ml.ocr.custom import against
from hospital_ops.ml.ocr.engines import engine
from hospital_ops.ml.ocr.glyphs import Text
from hospital_ops.ml.ocr.identity import SAYS_ID, identity_fields
from hospital_ops.ml.ocr.insurance import insurance_fields, says_back
from hospital_ops.ml.ocr.layout import Piece, pieces
from hospital_ops.ml.ocr.medicare import by_rule
from hospital_ops.ml.ocr.memory import give_back
from hospital_ops.ml.ocr.orientation import Reads, in_order, is_upside_down, joined, lean, lies_sideways
from hospital_ops.ml.ocr.pixels import (
    LONGEST,
    NotPixels,
    cut,
    drawn_out,
    open_image,
    points_back,
    points_upright,
    shrink,
    turn_upright,
)  # fmt: skip
from hospital_ops.ml.ocr.repairs import MIXED, repaired
from hospital_ops.ml.ocr.second import NAME, second_reader
from hospital_ops.ml.ocr.sight import by_sight, takes_zeros_for_letters, without_letters
from hospital_ops.ml.ocr.verdicts import NEEDED, verdict
from hospital_ops.ml.ocr.zone import completed, confirmed, is_of_a_zone, read_zone

FINDING = 960  # pixels of the longer side in which text is looked for
FINDING_SMALL = 1536  # where the text turned out smaller than SMALL pixels
SMALL = 12.0
GUESSED = {"no label", "no word of a payer", "half a name"}  # doubts of what any page with words on it may have


@dataclass(frozen=True)
class Page:
    """A photo turned upright, with the text in it."""

    image: np.ndarray
    rotated: int
    lines: list[Piece]
    texts: list[Text]


class First(Reads, Protocol):
    """Who reads a card at first: RapidOCR's engine, or in a benchmark another."""

    name: str

    def find(self, image: np.ndarray) -> np.ndarray: ...


def read_card(
    image_bytes: bytes, side: str, threads: int = 2, second: bool = True, first: First | None = None
) -> Reading:
    """What a photo of a card says; never raises for what the photo holds.

    `side` is a domain Side, or "auto" to let the card tell whether it is an identity card. `second`
    asks EasyOCR, where it is installed, about what the first reader doubts.
    """
    began = time.perf_counter()
    try:
        photo, opened = open_image(image_bytes)
    except NotPixels:
        return Reading(Verdict.UNREADABLE, seconds=time.perf_counter() - began)
    height, width = (round(side * opened) for side in photo.shape[:2])
    image, factor = shrink(photo, LONGEST)
    del photo  # up to 75 MB, while the networks need theirs
    seen = _from_barcode(image) if side in (Side.ID_PHOTO, "auto") else None
    rotated, decided, fields = seen or _from_text(
        first or engine(threads), image, side, second_reader if second else nobody
    )
    scaled = {key: _scale(found, factor * opened) for key, found in fields.items()}
    give_back()
    return Reading(decided, rotated, time.perf_counter() - began, scaled, width, height)


Second = Callable[[], Looks | None]
Seen = tuple[int, Verdict, dict[str, ExtractedField]]


def nobody() -> None:
    """The second reader where none is to be asked."""


def _from_barcode(image: np.ndarray) -> Seen | None:
    """A licence's barcode says all that its front prints, so where there is one no text is read."""
    for barcode in read_barcodes(image):
        fields = aamva_fields(barcode)
        if NEEDED[Side.ID_PHOTO] <= fields.keys():
            return barcode.rotated, Verdict.READ, fields
    return None


def _from_text(reader: First, image: np.ndarray, side: str, other: Second) -> Seen:
    page = read_page(reader, image)
    which = _side(side, page)
    fields = _text_fields(reader, page, which, other)
    decided = verdict(which, fields, page.texts, page.image)
    # What is no card says nothing: a receipt's telephone is nobody's to confirm.
    return page.rotated, decided, fields if decided in (Verdict.READ, Verdict.UNSURE) else {}


def read_page(reader: First, image: np.ndarray) -> Page:
    """Find the text, turn the photo upright by it, and read it."""
    quads = _find(reader, image)
    give_back()
    if not len(quads):
        return Page(image, 0, [], [])
    rotated = 90 if lies_sideways(quads) else 0
    height, width = image.shape[:2]
    upright, turned = turn_upright(image, rotated), in_order(points_upright(quads, rotated, width, height))
    if is_upside_down(reader, upright, turned):
        rotated += 180
        upright, turned = turn_upright(image, rotated), in_order(points_upright(quads, rotated, width, height))
    turned = joined(turned)
    texts = reader.read([drawn_out(cut(upright, quad)) for quad in turned])
    return Page(upright, rotated, pieces(texts, turned, lean(turned)), texts)


def _find(reader: First, image: np.ndarray) -> np.ndarray:
    small, factor = shrink(image, FINDING)
    quads = reader.find(small)
    sides = np.linalg.norm(quads - np.roll(quads, 1, axis=1), axis=2).min(axis=1)
    if len(quads) and factor > 1.0 and float(np.median(sides)) < SMALL:
        small, factor = shrink(image, FINDING_SMALL)
        quads = reader.find(small)
    return in_order(quads * factor)


def _side(side: str, page: Page) -> Side:
    if side != "auto":
        return Side(side)
    if read_zone(page.lines):
        return Side.ID_PHOTO
    words = " ".join(line.string for line in page.lines)
    found = insurance_fields(page.lines)
    told = [candidate for candidate in found.values() if not candidate.doubts & GUESSED]
    if SAYS_ID.search(words) and len(identity_fields(page.lines)) >= len(told):
        return Side.ID_PHOTO
    is_back = says_back(words) and not found.keys() & {"member_id", "member_name"}
    return Side.INSURANCE_BACK if is_back else Side.INSURANCE_FRONT


def _text_fields(reader: First, page: Page, side: Side, other: Second) -> dict[str, ExtractedField]:
    zone = read_zone(page.lines) if side is Side.ID_PHOTO else None
    found = _found(page, side)
    printed = set(found)
    found = completed(found, zone) if zone else found
    again = second_look(reader, page.image, list(found.values()))
    found, again = by_rule(*by_sight(page.image, found, again))
    values = {key: repaired(key, said(candidate, again)) for key, candidate in found.items()}
    values, both, differ = confirmed(values, printed, zone) if zone else (values, set(), set())
    odd = against(side, values)
    for key in _with_letters(page, found, values):
        values[key] = without_letters(values[key])
        odd.setdefault(key, set()).add("zeros like letters")
    for key in differ:
        odd.setdefault(key, set()).add("zone differs")
    return {
        key: _field(candidate.doubted(*odd.get(key, ())), values[key], again, page, reader.name, other, key in both)
        for key, candidate in found.items()
    }


def _with_letters(page: Page, found: dict[str, Candidate], values: dict[str, str]) -> list[str]:
    """The numbers with an O in them, on a card whose other lines show that its zeros are taken for that."""
    lettered = [key for key in values if key in MIXED and "O" in values[key]]
    own = [part.piece.line for key in found if key in MIXED for part in found[key].parts]
    others = [line.string for line in page.lines if not any(np.array_equal(line.line, mine) for mine in own)]
    figures = [found["rx_bin"].string] if "rx_bin" in found else []
    return lettered if lettered and takes_zeros_for_letters([*others, *figures]) else []


def _found(page: Page, side: Side) -> dict[str, Candidate]:
    if side is not Side.ID_PHOTO:
        return insurance_fields(page.lines)
    return identity_fields([line for line in page.lines if not is_of_a_zone(line)])


def _field(
    candidate: Candidate, value: str, again: dict[int, Text], page: Page, name: str, other: Second, checked: bool
) -> ExtractedField:
    """`checked`: the card says it a second time, with a check digit, so that no doubt about the first is left."""
    confidence, doubts = doubts_of(candidate, again)
    doubts = frozenset() if checked else doubts
    settled = settles(other, page.image, candidate, value, doubts)
    corners = np.concatenate([part.piece.quad for part in candidate.parts])
    readers = f"{name}+{NAME}" if settled else name
    return ExtractedField(value, round(confidence, 4), bool(doubts) and not settled, readers, _box(corners, page))


def _box(corners: np.ndarray, page: Page) -> Box:
    """Around the corners, which lie in the upright page, as the photo lay."""
    height, width = page.image.shape[:2]
    if page.rotated in (90, 270):
        height, width = width, height
    back = points_back(corners, page.rotated, width, height)
    low, high = np.floor(back.min(axis=0)), np.ceil(back.max(axis=0))
    return (max(0, int(low[0])), max(0, int(low[1])), min(width, int(high[0])), min(height, int(high[1])))


def _scale(found: ExtractedField, factor: float) -> ExtractedField:
    x0, y0, x1, y1 = (round(edge * factor) for edge in found.box)
    return ExtractedField(found.value, found.confidence, found.unsure, found.reader, (x0, y0, x1, y1))
