"""Lines of text set by hand, for the rules that need no reader."""

from __future__ import annotations

import numpy as np

from hospital_ops.ml.ocr.glyphs import Glyph, Text
from hospital_ops.ml.ocr.layout import Piece, pieces


def text(words: str, p: float = 0.999) -> Text:
    """The words with their letters evenly spread."""
    return Text(tuple(Glyph(char, p, "", 0.0, (n + 0.5) / len(words)) for n, char in enumerate(words)))


def lines(*placed: tuple[str, float, float]) -> list[Piece]:
    """(words, left, top) each as a line 20 units high, 10 units a letter."""
    quads = np.array(
        [[[x, y], [x + 10 * len(w), y], [x + 10 * len(w), y + 20], [x, y + 20]] for w, x, y in placed], np.float32
    )
    return pieces([text(words) for words, _, _ in placed], quads, 0.0)
