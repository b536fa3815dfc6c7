"""`./hospital ocr FILE… --json`: files in, plain rows out, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hospital_ops.domain.documents import ExtractedField, Reading, Verdict
from hospital_ops.ml.ocr.reader import read_card

# A raw upload made a JPEG that `read_card` opens, and how many of the upload's pixels one of its own is.
Clean = Callable[[bytes], tuple[bytes, float]]


def report(paths: Iterable[str | Path], clean: Clean | None = None) -> list[dict[str, Any]]:
    """One row a file, in the order given; what cannot be opened or read is "unreadable", never an error.

    `clean` opens what a phone sends (HEIC, PDF, …) and raises ValueError for what it refuses.
    """
    return [{"file": str(path), **_read(Path(path), clean).as_dict()} for path in paths]


def _read(path: Path, clean: Clean | None) -> Reading:
    try:
        data = path.read_bytes()
        picture, times = clean(data) if clean else (data, 1.0)
    except (OSError, ValueError):
        return Reading(Verdict.UNREADABLE)
    reading = read_card(picture, "auto")
    return replace(reading, fields={key: _scaled(found, times) for key, found in reading.fields.items()})


def _scaled(found: ExtractedField, times: float) -> ExtractedField:
    x0, y0, x1, y1 = (round(edge * times) for edge in found.box)
    return replace(found, box=(x0, y0, x1, y1))
