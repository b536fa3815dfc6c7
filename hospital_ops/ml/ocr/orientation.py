"""Which way up the card lies, found from the text itself."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from hospital_ops.ml.ocr.glyphs import Text
from hospital_ops.ml.ocr.pixels import cut

SPACE = 0.45  # of the text's height: a gap between words, not between columns
CLEAR = 0.6  # the classifier's mean vote beyond which nobody else is asked
ASKED = 6  # lines read both ways otherwise; the longest say most


class Reads(Protocol):
    def read(self, crops: list[np.ndarray]) -> list[Text]: ...
    def turned(self, crops: list[np.ndarray]) -> np.ndarray: ...


def in_order(quads: np.ndarray) -> np.ndarray:
    """Corners of each quad from its top left, clockwise, as seen in this image."""
    centre = quads.mean(axis=1, keepdims=True)
    angle = np.arctan2(quads[..., 1] - centre[..., 1], quads[..., 0] - centre[..., 0])
    clockwise = np.take_along_axis(quads, np.argsort(angle, axis=1)[..., None], axis=1)
    first = clockwise.sum(axis=2).argmin(axis=1)
    order = (first[:, None] + np.arange(4)) % 4
    return np.take_along_axis(clockwise, order[..., None], axis=1)


def lies_sideways(quads: np.ndarray) -> bool:
    """Whether most text, weighed by its length, runs up or down the image."""
    width = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    height = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    return float(height[height > 1.5 * width].sum()) > float(width[width > 1.5 * height].sum())


def is_upside_down(engine: Reads, image: np.ndarray, quads: np.ndarray) -> bool:
    """Whether the text of a level image reads better turned by half. Empty quads: no."""
    length = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    crops = [cut(image, quads[n]) for n in np.argsort(-length)]
    vote = float(engine.turned(crops[: 2 * ASKED]).mean())
    if abs(vote) > CLEAR:
        return vote > 0
    crops = crops[:ASKED]
    turned = [np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]
    texts = engine.read(crops + turned)
    return _legible(texts[len(crops) :]) > _legible(texts[: len(crops)])


def _legible(texts: list[Text]) -> float:
    # Upside-down print still yields letters, but fewer sure ones.
    return sum(glyph.p**2 for text in texts for glyph in text.glyphs) - sum(text.lost for text in texts)


def joined(quads: np.ndarray) -> np.ndarray:
    """Level quads with the neighbours that are one line made one: as tall, in line, and a space apart."""
    rows = list(quads[np.argsort(quads[:, 0, 0])])
    lines: list[np.ndarray] = []
    for quad in rows:
        before = next((n for n, line in enumerate(lines) if _continues(line, quad)), None)
        if before is None:
            lines.append(quad)
        else:
            lines[before] = np.stack([lines[before][0], quad[1], quad[2], lines[before][3]])
    return np.stack(lines)


def _continues(line: np.ndarray, quad: np.ndarray) -> bool:
    tall, other = float(np.linalg.norm(line[2] - line[1])), float(np.linalg.norm(quad[3] - quad[0]))
    gap = float(((quad[0] + quad[3]) / 2 - (line[1] + line[2]) / 2) @ _unit(line[1] - line[0]))
    aside = abs(float(((quad[0] + quad[3]) / 2 - (line[1] + line[2]) / 2) @ _unit(line[2] - line[1])))
    return bool(0.66 < tall / max(1e-6, other) < 1.5 and -0.5 * tall < gap < SPACE * tall and aside < 0.3 * tall)


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6))


def lean(quads: np.ndarray) -> float:
    """The angle, in radians, at which level text lies in the image: the median of the long pieces."""
    along = quads[:, 1] - quads[:, 0]
    length = np.linalg.norm(along, axis=1)
    if not len(length):
        return 0.0
    long = length >= np.median(length)
    return float(np.median(np.arctan2(along[long, 1], along[long, 0])))
