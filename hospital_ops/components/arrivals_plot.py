"""Arrivals by hour: yesterday as it was foretold and as it came, and the day ahead with its range; a table behind."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.csv_button import csv_button
from hospital_ops.components.plot import STILL, for_the_eye, plot
from hospital_ops.components.states import empty
from hospital_ops.state.feed import Feed
from hospital_ops.state.staffing import Staffing

VALUE: rx.Var[dict[str, Any]] = Feed.staffing
Row = rx.Var[dict[str, Any]]
Rows = list[dict[str, Any]]
UNITS = VALUE["units"].to(list[str])
UNIT = rx.cond(Staffing.unit != "", Staffing.unit, UNITS[0])
HOURS = VALUE["plots"].to(dict[str, Rows])[UNIT].to(Rows)
DAYS = VALUE["days"].to(dict[str, Rows])[UNIT].to(Rows)


def _unit_chip(unit: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        unit,
        type="button",
        class_name="chip",
        custom_attrs={"aria-pressed": (unit == UNIT).to(str)},
        on_click=Staffing.show(unit),
        key=unit,
    )


# Beside the line, at its top, on the side of what is to come: what came lies on the other as dots.
NOW = rx.Var.create({"value": "now", "position": "insideTopLeft", "fill": "var(--ink)"}).to(str)


def _chart() -> rx.Component:
    """The expected number as a line, eight of ten outcomes as the band round it, what came as dots."""
    charts = rx.recharts
    return for_the_eye(
        plot(
            charts.area(
                data_key="range",
                name="8 of 10 hours",
                stroke="var(--accent-10)",
                stroke_width=0,
                fill="var(--accent-6)",
                fill_opacity=0.6,
                type_="monotone",
                **STILL,
            ),
            charts.line(
                data_key="expected",
                name="expected",
                stroke="var(--accent-11)",
                stroke_width=2.5,
                dot=False,
                type_="monotone",
                **STILL,
            ),
            charts.line(
                data_key="came", name="came", stroke="var(--ink)", stroke_width=0, dot={"r": 3, "fill": "var(--ink)"},
                **STILL,
            ),
            charts.reference_line(
                x=VALUE["this_hour"].to(str), stroke="var(--gray-9)", stroke_dasharray="4 4", label=NOW
            ),
            rows=HOURS,
            x={"data_key": "hour", "interval": "preserveStart", "min_tick_gap": 24},
            y={"width": 36, "allow_decimals": False},
        ),
    )  # fmt: skip


def _known(value: Any) -> rx.Component:
    return rx.cond(value.to_string() == "null", "–", value.to(str))


def _hour(row: Row) -> rx.Component:
    spread = row["range"].to(list[float])
    return rx.el.tr(
        rx.el.th(row["hour"].to(str), scope="row"),
        rx.el.td(_known(row["expected"])),
        rx.el.td(rx.cond(row["range"], f"{spread[0]}–{spread[1]}", "–")),
        rx.el.td(_known(row["came"])),
        key=row["hour"].to(str),
    )


def _table() -> rx.Component:
    heads = ("Hour", "Expected", "Range", "Came")
    return rx.el.details(
        rx.el.summary("The same as a table"),
        rx.el.table(
            rx.el.caption("Arrivals an hour, yesterday and the day ahead", class_name="sr-only"),
            rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
            rx.el.tbody(rx.foreach(HOURS, _hour)),
            class_name="numbers",
        ),
        class_name="misfits",
    )


def _day(row: Row) -> rx.Component:
    return rx.el.tr(
        rx.el.th(row["words"].to(str), scope="row"),
        rx.el.td(row["expected"].to(str)),
        rx.el.td(f"{row['low']}–{row['high']}"),
        key=row["day"].to(str),
    )


def _days() -> rx.Component:
    """Four weeks, a line a day: who plans a roster looks that far."""
    table = rx.el.details(
        rx.el.summary("The next 28 days"),
        rx.el.table(
            rx.el.caption("Arrivals a day, from tomorrow on", class_name="sr-only"),
            rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in ("Day", "Expected", "8 of 10 days")))),
            rx.el.tbody(rx.foreach(DAYS, _day)),
            class_name="numbers",
        ),
        class_name="misfits",
        custom_attrs={"data-days": "28"},
    )
    return rx.cond(DAYS.length() > 0, table, rx.fragment())


def arrivals() -> rx.Component:
    """One unit at a time, the whole house first."""
    shown = rx.fragment(
        rx.el.div(rx.foreach(UNITS, _unit_chip), class_name="chips", role="group", aria_label="Unit"),
        rx.el.p("Patients an hour, ", UNIT, class_name="quiet unit-words"),
        _chart(),
        _table(),
        _days(),
        rx.el.p("Forecast by ", VALUE["model"].to(str), class_name="quiet small"),
    )
    none = empty("No forecast yet", "The hourly scoring makes one.", icon="chart-line")
    csv = csv_button(rows=HOURS, columns=["hour", "expected", "range", "came"], filename="arrivals.csv")
    return rx.el.section(
        rx.el.header(
            rx.el.h2("Arrivals, yesterday and the next 24 hours", class_name="panel-title"), csv, class_name="page-head"
        ),
        rx.cond(UNITS.length() > 0, shown, none),
        class_name="panel",
    )
