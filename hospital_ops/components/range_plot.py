"""A share with its interval along an axis, and the same as a table: how many ranges held, by day or by days in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.plot import STILL, for_the_eye, plot

Row = rx.Var[dict[str, Any]]
Rows = rx.Var[list[dict[str, Any]]]
PROMISED = 80


def share_plot(rows: Rows, low: int = 0) -> rx.Component:
    """`rows`: [{"x", "share", "range", "n"}] in percent. The dashed line is what was promised."""
    charts = rx.recharts
    return for_the_eye(
        plot(
            charts.area(
                data_key="range",
                name="95 % interval",
                stroke="var(--accent-10)",
                stroke_width=0,
                fill="var(--accent-6)",
                fill_opacity=0.6,
                **STILL,
            ),
            charts.line(
                data_key="share", name="held, %", stroke="var(--accent-11)", stroke_width=2.5, dot={"r": 3}, **STILL
            ),
            charts.reference_line(y=PROMISED, stroke="var(--gray-11)", stroke_dasharray="4 4"),
            rows=rows,
            x={"data_key": "x", "interval": "preserveStartEnd"},
            y={"width": 40, "domain": [low, 100]},
            height=220,
        ),
        "chart chart-low",
    )


def share_table(rows: Rows, caption: Any, along: str) -> rx.Component:
    heads = (along, "Judged", "Held", "95 % interval")
    return rx.el.details(
        rx.el.summary("The same as a table"),
        rx.el.table(
            rx.el.caption(caption, class_name="sr-only"),
            rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
            rx.el.tbody(rx.foreach(rows, _line)),
            class_name="numbers",
        ),
        class_name="misfits",
    )


def _line(row: Row) -> rx.Component:
    span = row["range"].to(list[float])
    return rx.el.tr(
        rx.el.th(row["x"].to(str), scope="row"),
        rx.el.td(row["n"].to(str)),
        rx.el.td(f"{row['share']} %"),
        rx.el.td(f"{span[0]}–{span[1]} %"),
        key=row["x"].to(str),
    )
