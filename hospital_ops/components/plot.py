"""What every plot has in common: its axes, grid and legend, and that it is for the eye alone, beside a table that says the same."""

from __future__ import annotations

from typing import Any

import reflex as rx

STILL = {"is_animation_active": False}


def plot(
    *marks: rx.Component,
    rows: rx.Var[list[dict[str, Any]]],
    x: dict[str, Any],
    y: dict[str, Any],
    height: int = 260,
) -> rx.Component:
    """Marks over `rows`; `x` and `y` are what is particular to each axis.

    It takes no focus: `for_the_eye` hides it from whoever reads by ear or walks by keyboard, who have its table.
    """
    charts = rx.recharts
    return charts.composed_chart(
        *marks,
        charts.x_axis(stroke="var(--gray-10)", **x),
        charts.y_axis(stroke="var(--gray-10)", **y),
        charts.cartesian_grid(stroke="var(--gray-5)", vertical=False),
        charts.legend(vertical_align="top", height=32),
        data=rows,
        width="100%",
        height=height,
        custom_attrs={"accessibilityLayer": False},
    )


def for_the_eye(chart: rx.Component, class_name: str = "chart") -> rx.Component:
    """A plot in its place, hidden from whoever has the table."""
    return rx.el.div(chart, class_name=class_name, aria_hidden="true")
