"""Reading photographed cards: `read_card` for one photo, `report` for files, `warm_up` for a worker."""

from __future__ import annotations

from hospital_ops.ml.ocr.reader import read_card
from hospital_ops.ml.ocr.report import report

__all__ = ["read_card", "report", "warm_up"]


def warm_up(threads: int = 2) -> None:
    """Load the reader before the first card comes; a second call costs nothing."""
    from hospital_ops.ml.ocr.engines import engine

    engine(threads)
