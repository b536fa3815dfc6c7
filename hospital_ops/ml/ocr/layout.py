"""Where each piece of text stands, once the card's lean is taken out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from hospital_ops.ml.ocr.glyphs import Text

# Between the middles of the letters beside a space, in heights of the line: words of print stand 0.3 to
# 0.9 apart, of a typewriter up to 1.2.
WIDE, COLUMN = 1.1, 1.7


@dataclass(frozen=True)
class Piece:
    """A run of text on one line. left, right, middle and height are level pixels; quad is in the image,
    and `line` is the quad of the whole line that it was read in.
    """

    text: Text
    left: float
    right: float
    middle: float
    height: float
    quad: np.ndarray
    line: np.ndarray

    @property
    def string(self) -> str:
        return self.text.string

    @property
    def top(self) -> float:
        return self.middle - self.height / 2

    @property
    def bottom(self) -> float:
        return self.middle + self.height / 2

    def part(self, start: int, end: int) -> Piece:
        """The piece of these characters alone, its ends halfway to the neighbours'."""
        glyphs = self.text.glyphs
        begin = 0.0 if start == 0 else (glyphs[start - 1].at + glyphs[start].at) / 2
        finish = 1.0 if end >= len(glyphs) else (glyphs[end - 1].at + glyphs[end].at) / 2
        begin, finish = min(max(begin, 0.0), 1.0), min(max(finish, begin), 1.0)
        width = self.right - self.left
        top, bottom = self.quad[1] - self.quad[0], self.quad[2] - self.quad[3]
        quad = np.stack([
            self.quad[0] + top * begin, self.quad[0] + top * finish,
            self.quad[3] + bottom * finish, self.quad[3] + bottom * begin,
        ])  # fmt: skip
        return Piece(
            self.text.part(start, end), self.left + width * begin, self.left + width * finish,
            self.middle, self.height, quad, self.line,
        )  # fmt: skip


def pieces(texts: list[Text], quads: np.ndarray, lean: float) -> list[Piece]:
    """One Piece a line of text, top to bottom then left to right; `lean` as from orientation."""
    cos, sin = np.cos(-lean), np.sin(-lean)
    level = quads @ np.array([[cos, sin], [-sin, cos]])
    found = [
        Piece(
            text,
            float((corners[0, 0] + corners[3, 0]) / 2),
            float((corners[1, 0] + corners[2, 0]) / 2),
            float(corners[:, 1].mean()),
            float(np.linalg.norm(corners[3] - corners[0])),
            quad,
            quad,
        )
        for text, quad, corners in zip(texts, quads, level, strict=True)
        if text.string.strip()
    ]
    found = [part for piece in found for part in _columns(piece)]
    return sorted(found, key=lambda piece: (round(piece.middle / max(piece.height, 1.0)), piece.left))


def _columns(piece: Piece) -> list[Piece]:
    """The piece cut where a gap is no space between words but one between columns."""
    glyphs, width = piece.text.glyphs, piece.right - piece.left
    gaps = {
        n: (glyphs[n + 1].at - glyphs[n - 1].at) * width / max(piece.height, 1.0)
        for n in range(1, len(glyphs) - 1) if glyphs[n].char == " "
    }  # fmt: skip
    usual = float(np.median(list(gaps.values()))) if len(gaps) > 2 else COLUMN
    cuts = [n for n, gap in gaps.items() if gap > COLUMN or (gap > WIDE and gap > 1.5 * usual)]
    edges = [0, *cuts, len(glyphs)]
    return [piece.part(start + (start > 0), end) for start, end in pairwise(edges)]


def same_row(a: Piece, b: Piece) -> bool:
    return abs(a.middle - b.middle) < 0.5 * max(a.height, b.height)
