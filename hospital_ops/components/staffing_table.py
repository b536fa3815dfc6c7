"""Needed against present: wards down, the shift under way and the next three across, the worst gap first."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.csv_button import csv_button
from hospital_ops.components.states import empty
from hospital_ops.state.feed import Feed

VALUE: rx.Var[dict[str, Any]] = Feed.staffing
Row = rx.Var[dict[str, Any]]
Rows = list[dict[str, Any]]
CSV = (
    "ward",
    "role",
    "shift",
    "starts_at",
    "ends_at",
    "needed",
    "low",
    "high",
    "present",
    "gap",
    "census",
    "acuity",
    "p_over",
)


def _names(cell: Row) -> rx.Component:
    names = cell["names"].to(list[str])
    return rx.cond(names.length() > 0, rx.el.p(rx.el.b("On shift: "), names.join(", ")), rx.el.p("Nobody is on it."))


def _odds(cell: Row) -> rx.Component:
    """The chance that the planned nurses are too few, and who says so."""
    words = rx.el.p(
        rx.el.b("Chance to be short: ", cell["chance"].to(str), ". "),
        rx.el.span(cell["p_over_model"].to(str), class_name="quiet"),
    )
    return rx.cond(cell["chance"].to(str) != "", words, rx.fragment())


def _cell(cell: Row) -> rx.Component:
    word = rx.match(
        cell["level"],
        ("short", rx.el.span(rx.icon("triangle-alert", size=14, aria_hidden="true"), f"{cell['gap']} short")),
        ("tight", rx.el.span("may be short, ", cell["chance"].to(str))),
        rx.el.span("enough"),
    )
    needs = rx.cond(cell["low"].to(int) == cell["high"].to(int), "", f"needs {cell['low']}–{cell['high']}")
    here = rx.cond(
        cell["under_way"] & (cell["here"].to(int) < cell["present"].to(int)), f"{cell['here']} have come", needs
    )
    summary = rx.el.summary(
        rx.el.span(cell["present"].to(int), rx.el.span(" of ", cell["needed"].to(int)), class_name="cell-figure"),
        rx.el.span(word, class_name="gap"),
        rx.el.span(here, class_name="quiet cell-range"),
    )
    opened = rx.el.div(rx.el.p(cell["why"].to(str)), _odds(cell), _names(cell), class_name="cell-who")
    return rx.el.td(
        rx.el.details(summary, opened), custom_attrs={"data-level": cell["level"].to(str)}, key=cell["shift_id"].to(str)
    )


def _ward(row: Row) -> rx.Component:
    return rx.el.tr(
        rx.el.th(row["ward"].to(str), rx.el.span(row["code"].to(str), class_name="quiet"), scope="row"),
        rx.foreach(row["cells"].to(Rows), _cell),
        key=row["code"].to(str),
    )


def _column(column: Row) -> rx.Component:
    return rx.el.th(column["word"].to(str), rx.el.span(column["hours"].to(str), class_name="quiet"), scope="col")


def _pool(pool: Row) -> rx.Component:
    free = pool["free"].to(int)
    words = rx.cond(free > 0, f"{free} free", "nobody")
    return rx.el.td(rx.el.span(words, title=pool["names"].to(list[str]).join(", ")), key=pool["starts_at"].to(str))


def shifts() -> rx.Component:
    """The table, and the float pool as its last row."""
    columns = VALUE["columns"].to(Rows)
    table = rx.el.table(
        rx.el.caption("Nurses present of needed, by ward and shift; the worst gap first", class_name="sr-only"),
        rx.el.thead(rx.el.tr(rx.el.th("Ward", scope="col"), rx.foreach(columns, _column))),
        rx.el.tbody(rx.foreach(VALUE["wards"].to(Rows), _ward)),
        rx.el.tfoot(rx.el.tr(rx.el.th("Float pool", scope="row"), rx.foreach(VALUE["pool"].to(Rows), _pool))),
        class_name="shifts",
    )
    head = rx.el.header(
        rx.el.h2("Every ward", class_name="panel-title"),
        csv_button(rows=VALUE["shifts"].to(Rows), columns=list(CSV), filename="shifts.csv"),
        class_name="page-head",
    )
    none = empty("No shift is planned", "A roster appears here as soon as there is one.", icon="calendar")
    shown = rx.el.div(table, class_name="shifts-frame", tab_index=0, role="region", aria_label="Shifts by ward")
    return rx.el.section(head, rx.cond(columns.length() > 0, shown, none))
