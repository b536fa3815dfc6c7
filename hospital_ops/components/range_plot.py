"""A share with its interval along an axis, and the same as a table: how many ranges held, by day or by days in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.plot import NO_FOCUS

Row = rx.Var[dict[str, Any]]
Rows = rx.Var[list[dict[str, Any]]]
PROMISED = 80


def share_plot(rows: Rows, low: int = 0) -> rx.Component:
    """`rows`: [{"x", "share", "range", "n"}] in percent. The dashed line is what was promised."""
    charts = rx.recharts
    still = {"is_animation_active": False}
    return rx.el.div(
        charts.composed_chart(
            charts.area(
                data_key="range",
                name="95 % interval",
                stroke="var(--accent-10)",
                stroke_width=0,
                fill="var(--accent-6)",
                fill_opacity=0.6,
                **still,
            ),
            charts.line(
                data_key="share", name="held, %", stroke="var(--accent-11)", stroke_width=2.5, dot={"r": 3}, **still
            ),
            charts.reference_line(y=PROMISED, stroke="var(--gray-11)", stroke_dasharray="4 4"),
            charts.x_axis(data_key="x", stroke="var(--gray-10)", interval="preserveStartEnd"),
            charts.y_axis(stroke="var(--gray-10)", width=40, domain=[low, 100]),
            charts.cartesian_grid(stroke="var(--gray-5)", vertical=False),
            charts.legend(vertical_align="top", height=32),
            data=rows,
            width="100%",
            height=220,
            custom_attrs=NO_FOCUS,
        ),
        class_name="chart chart-low",
        aria_hidden="true",
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
