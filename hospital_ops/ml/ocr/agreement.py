"""Two readers on one value: what both say is read, what they tell apart is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from hospital_ops.domain.documents import comparable
from hospital_ops.ml.ocr.candidates import Candidate
from hospital_ops.ml.ocr.certainty import WORDS
from hospital_ops.ml.ocr.pixels import cut
from hospital_ops.ml.ocr.second import LEAST

# Doubts of the eye, which another eye can settle. Which label a value belongs to is no matter of sight.
OF_SIGHT = frozenset({"twin", "faint", "second look differs", "spaces differ"})


class Looks(Protocol):
    def read(self, crop: np.ndarray) -> tuple[str, float]: ...


def settles(
    other: Callable[[], Looks | None], image: np.ndarray, candidate: Candidate, value: str, doubts: frozenset[str]
) -> bool:
    """Whether the second reader, asked about the candidate's lines, says the same value. `other` gets it, or None
    where there is none: it is loaded with the first doubt of sight, for it needs a gigabyte.
    """
    if not doubts or not doubts <= OF_SIGHT or (reader := other()) is None:
        return False
    looks = [reader.read(cut(image, part.piece.line, margin=0.08)) for part in candidate.parts]
    said = " ".join(text for text, _ in looks)
    return all(sure >= LEAST for _, sure in looks) and _says(candidate.field, said, value)


def _says(field: str, said: str, value: str) -> bool:
    """Whether a whole line, its label perhaps among it, says the value; in words its spaces count."""
    if field in WORDS:
        return f" {value.casefold()} " in f" {' '.join(said.casefold().split())} "
    wanted = comparable(field, value) if "date" not in field else value.casefold()
    return wanted in "".join(sign for sign in said.casefold() if sign.isalnum() or sign in value)
