"""Rows as CSV (RFC 4180: CRLF, quotes only where needed), which no spreadsheet can be made to run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

# A spreadsheet takes a cell that begins so for a formula and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: Any) -> Any:
    """The value; text that a spreadsheet would take for a formula is told to be text. Numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A heading and its rows. None is an empty cell."""
    page = io.StringIO(newline="")
    writer = csv.writer(page)
    writer.writerow(columns)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return page.getvalue()
