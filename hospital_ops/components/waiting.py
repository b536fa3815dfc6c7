"""Who waits for a bed, longest first."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import since
from hospital_ops.components.states import empty
from hospital_ops.domain.access import Permission
from hospital_ops.state.board import Board
from hospital_ops.state.feed import Feed
from hospital_ops.state.person import Person

FOUR_HOURS = 240


def _urgency(row: rx.Var[dict[str, Any]]) -> rx.Component:
    urgent = (row["priority"] == "stat") | (row["priority"] == "high")
    return rx.cond(
        urgent,
        rx.el.span(row["priority"].to(str), class_name="priority", custom_attrs={"data-priority": row["priority"]}),
        rx.fragment(),
    )


@rx.memo
def waiting_row(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """One person: who, what they need, how long already."""
    find = rx.el.button(
        "Find a bed",
        type="button",
        class_name="button button-small",
        on_click=Board.find_bed(row["request_id"].to(int)),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(rx.cond(row["who"] != "", row["who"].to(str), "A patient"), class_name="waiting-who"),
            _urgency(row),
            since(at=row["since"].to(str), target=FOUR_HOURS, class_name="waiting-clock"),
            class_name="waiting-top",
        ),
        rx.el.p(row["need"].to(str), class_name="waiting-need"),
        rx.cond(Person.permissions.contains(Permission.STAY_PLACE.value), find, rx.fragment()),
        rest,
        class_name="waiting-row",
    )


def waiting_list() -> rx.Component:
    rows = Feed.hospital["waiting"].to(list[dict[str, Any]])
    return rx.el.aside(
        rx.el.h2("Waiting for a bed", rx.el.span(rows.length(), class_name="count"), class_name="side-title"),
        rx.cond(
            rows.length() > 0,
            rx.el.ol(
                rx.foreach(rows, lambda row: waiting_row(row=row, key=row["request_id"].to(str))), class_name="waiting"
            ),
            empty("Nobody waits for a bed"),
        ),
        class_name="side",
        aria_label="Who waits for a bed",
    )
