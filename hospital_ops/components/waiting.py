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
from hospital_ops.state.waiting import WaitingList

# Four hours from the decision to the bed is what the best houses hold themselves to.
WAITING_TARGET_MINUTES = 240


def _urgency(row: rx.Var[dict[str, Any]]) -> rx.Component:
    urgent = (row["priority"] == "stat") | (row["priority"] == "high")
    sign = rx.el.span(
        row["priority"].to(str), class_name="priority", custom_attrs={"data-priority": row["priority"].to(str)}
    )
    return rx.cond(urgent, sign, rx.fragment())


def _proposed(row: rx.Var[dict[str, Any]]) -> rx.Component:
    """The bed that the whole list's proposal has for this one, or why it has none."""
    bed = WaitingList.beds[row["request_id"].to(str)]
    place = rx.el.button(
        rx.Var.create("Place in ") + bed["label"].to(str),  # type: ignore[operator]
        type="button",
        class_name="button button-small button-main",
        on_click=WaitingList.place(row["request_id"].to(int), bed["bed_id"].to(int)),
    )
    gives_way = rx.cond(bed["best_alone"].to(bool), "", " · not their best alone: others need it more")
    why = rx.el.p(bed["why"].to(str), rx.cond(bed["label"] != "", gives_way, ""), class_name="quiet waiting-why")
    shown = rx.el.div(rx.cond(bed["label"] != "", place, rx.fragment()), why, class_name="waiting-proposed")
    return rx.cond(WaitingList.beds.contains(row["request_id"].to(str)), shown, rx.fragment())


def _propose() -> rx.Component:
    """One button for the whole list; what came of it in words that a screen reader hears."""
    ask = rx.el.button(
        rx.cond(WaitingList.thinking, "Looking at every bed …", "Propose beds for all"),
        type="button",
        class_name="button button-wide",
        disabled=WaitingList.thinking,
        on_click=WaitingList.propose,
    )
    forget = rx.el.button("Forget", type="button", class_name="button button-small", on_click=WaitingList.forget)
    words = rx.el.div(rx.el.span(WaitingList.words), forget, class_name="waiting-words")
    told = rx.el.div(rx.cond(WaitingList.words != "", words, rx.fragment()), role="status")
    return rx.el.div(ask, told, class_name="waiting-all")


@rx.memo
def waiting_row(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """One person: who, what they need, how long already."""
    find = rx.el.button(
        "Find a bed",
        type="button",
        class_name="button button-small",
        on_click=Board.find_bed(row["request_id"].to(int)),
    )
    clock = since(at=row["since"].to(str), target=WAITING_TARGET_MINUTES, late="total", class_name="waiting-clock")
    who = rx.el.span(rx.cond(row["who"] != "", row["who"].to(str), "A patient"), class_name="waiting-who")
    return rx.el.li(
        rest,
        rx.el.div(who, _urgency(row), clock, class_name="waiting-top"),
        rx.el.p(row["need"].to(str), class_name="waiting-need"),
        rx.cond(Person.permissions.contains(Permission.STAY_PLACE.value), find, rx.fragment()),
        _proposed(row),
        class_name="waiting-row",
        custom_attrs={"data-request": row["request_id"].to(str)},
    )


def waiting_list() -> rx.Component:
    """The left side of the board."""
    rows = Feed.hospital["waiting"].to(list[dict[str, Any]])
    may_place = Person.permissions.contains(Permission.STAY_PLACE.value)
    shown = rx.el.ol(
        rx.foreach(rows, lambda row: waiting_row(row=row, key=row["request_id"].to(str))), class_name="waiting"
    )
    return rx.el.aside(
        rx.el.h2(
            "Waiting for a bed", rx.el.span(Feed.hospital["waiting_count"], class_name="count"), class_name="side-title"
        ),
        rx.cond(may_place & (rows.length() > 1), _propose(), rx.fragment()),
        rx.cond(rows.length() > 0, shown, empty("Nobody waits for a bed")),
        class_name="side",
        aria_label="Who waits for a bed",
    )
