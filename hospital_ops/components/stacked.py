"""A table of figures that becomes a card for each row on a phone, where every figure says its head itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx

Row = rx.Var[dict[str, Any]]


def stacked_table(
    caption: str, first: str, heads: Mapping[str, str], rows: rx.Var[list[dict[str, Any]]], line: Callable[[Row], Any]
) -> rx.Component:
    """`heads`: a row's key → its column's head. The roles are said, since a row that is a card is none by itself."""
    names = [rx.el.th(head, scope="col", role="columnheader") for head in (first, *heads.values())]
    return rx.el.table(
        rx.el.caption(caption, class_name="sr-only"),
        rx.el.thead(rx.el.tr(*names, role="row"), role="rowgroup"),
        rx.el.tbody(rx.foreach(rows, line), role="rowgroup"),
        class_name="numbers stacked",
        role="table",
    )


def stacked_row(title: Any, row: Row, heads: Mapping[str, str], key: Any) -> rx.Component:
    """`title`: what the row is about. A cell's head stands before it on a phone alone (assets/admin.css)."""
    cells = [rx.el.td(row[name].to(str), role="cell", custom_attrs={"data-head": head}) for name, head in heads.items()]
    return rx.el.tr(rx.el.th(title, scope="row", role="rowheader"), *cells, key=key, role="row")
