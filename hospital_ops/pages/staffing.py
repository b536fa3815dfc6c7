"""Staffing: gaps first, needed against present for the next three shifts; below it the arrivals with their range."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import live_panel
from hospital_ops.components.shell import frame
from hospital_ops.components.states import bone, empty, skeleton
from hospital_ops.state.feed import Feed
from hospital_ops.state.staffing import Staffing

VALUE: rx.Var[dict[str, Any]] = Feed.staffing
UNITS = VALUE["units"].to(list[str])
UNIT = rx.cond(Staffing.unit != "", Staffing.unit, UNITS[0])
HOURS = VALUE["plots"].to(dict[str, list[dict[str, Any]]])[UNIT].to(list[dict[str, Any]])
Row = rx.Var[dict[str, Any]]


class CsvButton(rx.Component):
    """assets/staffing.jsx"""

    library = "$/public/staffing.jsx"
    tag = "CsvButton"
    rows: rx.Var[list[dict[str, Any]]]
    columns: rx.Var[list[str]]
    filename: rx.Var[str]


# --- Needed against present ------------------------------------------------------------------------------------------


def _names(words: str, names: rx.Var[list[str]]) -> rx.Component:
    return rx.cond(names.length() > 0, rx.el.p(rx.el.b(words), " ", names.join(", ")), rx.fragment())


def _cell(cell: Row) -> rx.Component:
    gap = cell["gap"].to(int)
    word = rx.match(
        cell["level"],
        ("short", rx.el.span(rx.icon("triangle-alert", size=14, aria_hidden="true"), gap, " short", class_name="gap")),
        ("tight", rx.el.span("may be short", class_name="gap")),
        rx.el.span("enough", class_name="gap"),
    )
    summary = rx.el.summary(
        rx.el.span(cell["present"].to(int), rx.el.span(" of ", cell["needed"].to(int)), class_name="cell-figure"),
        word,
        rx.el.span(f"needs {cell['low']}–{cell['high']}", class_name="quiet cell-range"),
    )
    opened = rx.el.div(
        _names("On shift:", cell["names"].to(list[str])),
        _names("Rested and free to ask:", cell["who"].to(list[str])),
        class_name="cell-who",
    )
    return rx.el.td(rx.el.details(summary, opened), custom_attrs={"data-level": cell["level"].to(str)})


def _ward(row: Row) -> rx.Component:
    return rx.el.tr(
        rx.el.th(row["ward"].to(str), rx.el.span(row["code"].to(str), class_name="quiet"), scope="row"),
        rx.foreach(row["cells"].to(list[dict[str, Any]]), _cell),
        key=row["code"].to(str),
    )


def _column(column: Row) -> rx.Component:
    return rx.el.th(column["word"].to(str), rx.el.span(column["hours"].to(str), class_name="quiet"), scope="col")


def _shifts() -> rx.Component:
    columns = VALUE["columns"].to(list[dict[str, Any]])
    table = rx.el.div(
        rx.el.table(
            rx.el.caption("Nurses present of needed, by ward and shift; the worst gap first", class_name="sr-only"),
            rx.el.thead(rx.el.tr(rx.el.th("Ward", scope="col"), rx.foreach(columns, _column))),
            rx.el.tbody(rx.foreach(VALUE["wards"].to(list[dict[str, Any]]), _ward)),
            class_name="shifts",
        ),
        class_name="shifts-frame",
    )
    csv = CsvButton.create(
        "Save as CSV",
        rows=VALUE["shifts"].to(list[dict[str, Any]]),
        columns=["ward", "role", "shift", "starts_at", "ends_at", "needed", "low", "high", "present", "gap"],
        filename="shifts.csv",
    )
    short = VALUE["short"].to(int)
    words = rx.cond(short > 0, f"{short} nurses short over the next three shifts", "No gap in the next three shifts")
    head = rx.el.header(
        rx.el.div(rx.el.h1("Staffing", class_name="title"), rx.el.p(words, class_name="lead")),
        csv,
        class_name="page-head",
    )
    none = empty("No shift is planned", "A roster appears here as soon as there is one.", icon="calendar")
    return rx.el.section(head, rx.cond(columns.length() > 0, table, none))


# --- Arrivals --------------------------------------------------------------------------------------------------------


def _unit_chip(unit: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        unit,
        type="button",
        class_name="chip",
        custom_attrs={"aria-pressed": unit == UNIT},
        on_click=Staffing.show(unit),
    )


def _chart() -> rx.Component:
    """The expected number as a line, eight of ten outcomes as the band round it."""
    charts = rx.recharts
    return rx.el.div(
        charts.composed_chart(
            charts.area(
                data_key="range",
                name="8 of 10 hours lie here",
                stroke="var(--accent-10)",
                stroke_width=0,
                fill="var(--accent-6)",
                fill_opacity=0.6,
                is_animation_active=False,
                type_="monotone",
            ),
            charts.line(
                data_key="expected",
                name="expected",
                stroke="var(--accent-11)",
                stroke_width=2.5,
                dot=False,
                is_animation_active=False,
                type_="monotone",
            ),
            charts.x_axis(data_key="hour", stroke="var(--gray-10)", interval=2),
            charts.y_axis(stroke="var(--gray-10)", width=36, allow_decimals=False),
            charts.cartesian_grid(stroke="var(--gray-5)", vertical=False),
            charts.legend(vertical_align="top", height=32),
            data=HOURS,
            width="100%",
            height=260,
        ),
        class_name="chart",
        aria_hidden="true",
    )


def _hour(row: Row) -> rx.Component:
    return rx.el.tr(
        rx.el.th(row["hour"].to(str), scope="row"),
        rx.el.td(row["expected"].to(float)),
        rx.el.td(row["low"].to(float)),
        rx.el.td(row["high"].to(float)),
    )


def _table() -> rx.Component:
    heads = ("Hour", "Expected", "Low", "High")
    return rx.el.details(
        rx.el.summary("The same as a table"),
        rx.el.table(
            rx.el.caption("Expected arrivals an hour", class_name="sr-only"),
            rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
            rx.el.tbody(rx.foreach(HOURS, _hour)),
            class_name="numbers",
        ),
        class_name="misfits",
    )


def _arrivals() -> rx.Component:
    csv = CsvButton.create(
        "Save as CSV",
        rows=VALUE["arrivals"].to(list[dict[str, Any]]),
        columns=["hour_at", "unit", "expected", "low", "high", "model"],
        filename="arrivals.csv",
    )
    shown = rx.fragment(
        rx.el.div(rx.foreach(UNITS, _unit_chip), class_name="chips", role="group", aria_label="Unit"),
        rx.el.p("Patients an hour, ", UNIT, class_name="quiet unit-words"),
        _chart(),
        _table(),
        rx.el.p("Forecast by ", VALUE["model"].to(str), class_name="quiet small"),
    )
    none = empty("No forecast yet", "The hourly scoring makes one.", icon="chart-line")
    return rx.el.section(
        rx.el.header(rx.el.h2("Arrivals, next 24 hours", class_name="panel-title"), csv, class_name="page-head"),
        rx.cond(UNITS.length() > 0, shown, none),
        class_name="panel",
    )


def _loading() -> rx.Component:
    return skeleton(bone("bone-title"), bone("bone-card"), bone("bone-block"))


def staffing() -> rx.Component:
    """/staffing"""
    shown = rx.el.div(_shifts(), _arrivals(), class_name="staffing")
    body = live_panel(rx.cond(VALUE.contains("wards"), shown, _loading()), label="Staffing")
    return frame("/staffing", body, skeleton=_loading())
