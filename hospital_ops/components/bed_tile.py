"""One bed on the board: its label, who, what is special, when they leave, and the clock that matters now."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import changed, since, stay_bar
from hospital_ops.components.status import mark, short_word, word
from hospital_ops.state.board import Board


def _marks(tile: rx.Var[dict[str, Any]]) -> rx.Component:
    return rx.el.span(
        rx.cond(tile["isolation"] != "", mark("isolation"), rx.fragment()),
        rx.cond(tile["telemetry"].to(bool), mark("telemetry"), rx.fragment()),
        rx.match(tile["sex"], ("female", mark("female")), ("male", mark("male")), rx.fragment()),
        class_name="tile-marks",
    )


def _clock(tile: rx.Var[dict[str, Any]]) -> rx.Component:
    """Stays show how far they are; every other status shows how long it has lasted."""
    stays = rx.el.span(
        stay_bar(until=tile["predicted_discharge_date"].to(str)),
        class_name="tile-stay",
    )
    waits = since(at=tile["since"].to(str), target=tile["target_minutes"].to(int), class_name="tile-clock")
    held = (tile["status"] == "occupied") | (tile["status"] == "pending_discharge")
    return rx.cond(held, stays, waits)


def _who(tile: rx.Var[dict[str, Any]]) -> rx.Component:
    initials = rx.el.span(tile["patient"].to(str), class_name="tile-who")
    state = rx.el.span(short_word(tile["status"].to(str)), class_name="tile-word")
    hidden = rx.el.span("Occupied", class_name="tile-word")
    held = (tile["status"] == "occupied") | (tile["status"] == "pending_discharge")
    return rx.cond(held, rx.cond(tile["patient"] != "", initials, hidden), state)


def _title(tile: rx.Var[dict[str, Any]]) -> rx.Var[str]:
    """What a pointer or a screen reader is told: label, status, and what the status is about."""
    rest = rx.cond(tile["leaves"] != "", f", {tile['leaves']}", rx.cond(tile["task"] != "", f", {tile['task']}", ""))
    return f"{tile['label']}, {word(tile['status'].to(str))}{rest}"  # type: ignore[return-value]


@rx.memo
def bed_tile(tile: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """A tile opens its bed's story. It is drawn again only when its own bed has changed."""
    return changed(
        rx.el.span(
            rx.el.span(tile["room_number"].to(str), class_name="tile-label"),
            rx.el.i(class_name="shape", aria_hidden="true"),
            class_name="tile-top",
        ),
        _who(tile),
        rx.el.span(_marks(tile), _clock(tile), class_name="tile-foot"),
        rest,
        stamp=f"{tile['version']}{tile['status']}",
        element="button",
        class_name="tile",
        on_click=Board.open_bed(tile["id"].to(int)),
        custom_attrs={
            "type": "button",
            "data-bed": tile["label"].to(str),
            "data-status": tile["status"].to(str),
            "aria-label": _title(tile),
            "title": _title(tile),
        },
    )
