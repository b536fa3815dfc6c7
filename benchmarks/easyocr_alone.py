"""EasyOCR in RapidOCR's place, to know what it would read alone. It gives one chance a line, not one a letter."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from hospital_ops.ml.ocr.glyphs import Glyph, Text
from hospital_ops.ml.ocr.second import NAME, loaded


class EasyAlone:
    """The three questions of `ml.ocr.reader.First`, put to EasyOCR's detector and recogniser."""

    name = NAME

    def __init__(self) -> None:
        self._reader: Any = loaded(detector=True)

    def find(self, image: np.ndarray) -> np.ndarray:
        """Corners of each piece of text: (n, 4, 2)."""
        [level], [free] = self._reader.detect(image)
        boxes = [[(x0, y0), (x1, y0), (x1, y1), (x0, y1)] for x0, x1, y0, y1 in level]
        return np.array([*boxes, *free], np.float32).reshape(-1, 4, 2)

    def turned(self, crops: list[np.ndarray]) -> np.ndarray:
        """It has no vote on which way is up: the lines are then read both ways."""
        return np.zeros(len(crops))

    def read(self, crops: list[np.ndarray]) -> list[Text]:
        return [self._read(crop) for crop in crops]

    def _read(self, crop: np.ndarray) -> Text:
        parts = self._reader.recognize(np.ascontiguousarray(crop).mean(axis=2).astype(np.uint8), detail=1)
        words = " ".join(text for _, text, _ in parts)
        sure = min((float(chance) for _, _, chance in parts), default=0.0)
        return Text(tuple(Glyph(char, sure, "", 0.0, (n + 0.5) / len(words)) for n, char in enumerate(words)))


@lru_cache(maxsize=1)
def easy_alone() -> EasyAlone:
    return EasyAlone()
