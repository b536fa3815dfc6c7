"""One's own hours and shifts, as they are published."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.own_swaps import swap_button
from hospital_ops.components.states import empty
from hospital_ops.state.feed import Feed

ME: rx.Var[dict[str, Any]] = Feed.me
Row = rx.Var[dict[str, Any]]
Rows = list[dict[str, Any]]


def hours_card() -> rx.Component:
    """Planned and worked hours of this week."""
    return rx.el.section(
        rx.el.h2("Hours this week", class_name="panel-title"),
        rx.el.p(rx.el.b(ME["hours"].to(str), " h"), " planned, ", ME["worked"].to(str), " h worked so far"),
        rx.el.p("At most ", ME["most"].to(str), " h in any seven days.", class_name="quiet small"),
        class_name="panel account-card",
    )


def _shift(row: Row) -> rx.Component:
    now = rx.cond(row["when"] == "now", rx.el.span("Now", class_name="tag"), rx.fragment())
    return rx.el.li(
        rx.el.div(
            rx.el.b(row["day"].to(str), ", ", row["hours"].to(str)),
            rx.el.span(row["ward"].to(str), class_name="quiet small"),
            class_name="session-words",
        ),
        now,
        swap_button(row),
        class_name="session",
        key=row["shift_id"].to(str),
        custom_attrs={"data-shift": row["shift_id"].to(str), "data-when": row["when"].to(str)},
    )


def _week(week: Row) -> rx.Component:
    shifts = week["shifts"].to(Rows)
    none = rx.el.p("No shift.", class_name="quiet")
    return rx.el.section(
        rx.el.h3(week["word"].to(str), rx.el.span(week["hours"].to(str), " h", class_name="count")),
        rx.cond(shifts.length() > 0, rx.el.ul(rx.foreach(shifts, _shift), class_name="sessions"), none),
        class_name="own-week",
        key=week["monday"].to(str),
    )


def weeks_card() -> rx.Component:
    """This week and the next four; only what is published."""
    none = empty("No shift of yours is published", "It appears here the moment it is.", icon="calendar")
    listed = rx.el.div(rx.foreach(ME["weeks"].to(Rows), _week), class_name="own-weeks")
    return rx.el.section(
        rx.el.h2("My shifts", class_name="panel-title"),
        rx.cond(ME["coming"].to(int) > 0, listed, none),
        class_name="panel account-card",
    )
