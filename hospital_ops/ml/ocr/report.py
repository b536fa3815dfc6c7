"""`./hospital ocr FILE… --json`: files in, plain rows out, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from hospital_ops.domain.documents import Reading, Verdict
from hospital_ops.ml.ocr.reader import read_card


def report(paths: Iterable[str | Path], clean: Callable[[bytes], bytes] | None = None) -> list[dict[str, Any]]:
    """One row a file, in the order given; what cannot be opened or read is "unreadable", never an error.

    `clean` turns a raw upload (HEIC, PDF, …) into a JPEG and raises ValueError for what it refuses.
    """
    return [{"file": str(path), **_read(Path(path), clean).as_dict()} for path in paths]


def _read(path: Path, clean: Callable[[bytes], bytes] | None) -> Reading:
    try:
        data = path.read_bytes()
        data = clean(data) if clean else data
    except (OSError, ValueError):
        return Reading(Verdict.UNREADABLE)
    return read_card(data, "auto")
