"""A button that saves what is on the screen as a CSV file."""

from __future__ import annotations

from typing import Any

import reflex as rx


class CsvButton(rx.Component):
    """assets/staffing.jsx"""

    library = "$/public/staffing.jsx"
    tag = "CsvButton"
    rows: rx.Var[list[dict[str, Any]]]
    columns: rx.Var[list[str]]
    filename: rx.Var[str]


def csv_button(*, rows: Any, columns: list[str], filename: str) -> rx.Component:
    """`rows` are the shown ones; `columns` the names of what is saved, in order."""
    return CsvButton.create("Save as CSV", rows=rows, columns=columns, filename=filename)
