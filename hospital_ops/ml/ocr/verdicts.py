"""One word for the whole photo."""

from __future__ import annotations

import numpy as np

from hospital_ops.domain.documents import ExtractedField, Side, Verdict
from hospital_ops.ml.ocr.glyphs import Text
from hospital_ops.ml.ocr.papers import another_paper, words_of_the_trade
from hospital_ops.ml.ocr.payers import is_named

# One of these must be there, or it is not that card. A back may hold only a telephone and the pharmacy's numbers.
TELLING: dict[Side, frozenset[str]] = {
    Side.INSURANCE_FRONT: frozenset({"member_id", "group_number", "rx_bin", "member_name"}),
    Side.INSURANCE_BACK: frozenset({"member_id", "group_number", "rx_bin", "rx_pcn", "phone", "payer"}),
    Side.ID_PHOTO: frozenset({"id_number", "dob", "expiry", "address"}),
}
NEEDED: dict[Side, frozenset[str]] = {
    Side.INSURANCE_FRONT: frozenset({"member_id", "member_name"}),
    Side.INSURANCE_BACK: frozenset(),
    Side.ID_PHOTO: frozenset({"name", "dob", "id_number"}),
}
LEAST_OF_THE_TRADE = 2
LEGIBLE = 0.75  # the mean certainty of letters below which a photo is too poor to be judged
FLAT = 12.0  # grey levels; less contrast than this shows nothing at all


def verdict(side: Side, fields: dict[str, ExtractedField], texts: list[Text], image: np.ndarray) -> Verdict:
    """`fields` as read, `texts` all that was seen, `image` the upright photo."""
    telling = TELLING[side] & fields.keys()
    needed = NEEDED[side]
    words = " ".join(text.string for text in texts)
    if telling and (another_paper(words) or not _speaks_as_one(side, words, texts)):
        return Verdict.NOT_A_CARD
    if (len(fields) >= 2 and telling) or (side is Side.INSURANCE_BACK and telling):
        asked = any(found.unsure for found in fields.values()) or not needed <= fields.keys()
        return Verdict.UNSURE if asked else Verdict.READ
    if float(image.std()) < FLAT or (texts and legibility(texts) < LEGIBLE):
        return Verdict.UNREADABLE
    return Verdict.NOT_A_CARD


def _speaks_as_one(side: Side, words: str, texts: list[Text]) -> bool:
    """An insurance card speaks of two things of its trade at least: a gym's has members and a plan as well."""
    if side is not Side.INSURANCE_FRONT:
        return True
    named = any(is_named(text.string) for text in texts)
    return words_of_the_trade(words) + named >= LEAST_OF_THE_TRADE


def legibility(texts: list[Text]) -> float:
    """The mean certainty over all characters, 0 to 1."""
    chances = [glyph.p for text in texts for glyph in text.glyphs]
    return float(np.mean(chances)) if chances else 0.0
