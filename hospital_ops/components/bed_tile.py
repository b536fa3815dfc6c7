"""One bed on the board: its label, who, what is special, when they leave, and the clock that matters now."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import changed, since, stay_bar
from hospital_ops.components.status import mark, short_word, word
from hospital_ops.state.board import Board

Tile = rx.Var[dict[str, Any]]


def _held(tile: Tile) -> rx.Var[bool]:
    return (tile["status"] == "occupied") | (tile["status"] == "pending_discharge")


def _marks(tile: Tile) -> rx.Component:
    """What is special about whoever lies here."""
    return rx.el.span(
        rx.cond(tile["isolation"] != "", mark("isolation"), rx.fragment()),
        rx.cond(tile["telemetry"].to(bool), mark("telemetry"), rx.fragment()),
        rx.match(tile["sex"], ("female", mark("female")), ("male", mark("male")), rx.fragment()),
        class_name="tile-marks",
    )


def _who(tile: Tile) -> rx.Component:
    """The initials; the status's word where nobody lies, or where they are not for this person's eyes."""
    initials = rx.el.span(tile["patient"].to(str), class_name="tile-who")
    state = rx.el.span(short_word(tile["status"].to(str)), class_name="tile-word")
    return rx.cond(tile["patient"] != "", initials, state)


def _end(tile: Tile) -> rx.Component:
    """How near the end of the stay is; of whoever is leaving, how much of what comes before that is done."""
    told = tile["before_leaving"].to(dict[str, Any])
    late = rx.cond(told["late"].to(bool), "yes", None)
    count = rx.el.span(told["done"], "/", told["of"], class_name="tile-done", custom_attrs={"data-late": late})
    return rx.cond(tile["before_leaving"], count, stay_bar(until=tile["predicted_discharge_date"].to(str)))


def _foot(tile: Tile) -> rx.Component:
    """A stay shows how near its end is, or since when the patient is away; every other status how long it has lasted,
    and by how much it is late."""
    stays = rx.fragment(_marks(tile), _end(tile))
    waits = since(
        at=tile["since"].to(str), target=tile["target_minutes"].to(int), late="total", class_name="tile-clock"
    )
    is_away = rx.fragment(mark("away"), since(at=tile["away_since"].to(str), class_name="tile-clock"))
    held = rx.cond(tile["away_since"], is_away, stays)
    return rx.el.span(rx.cond(_held(tile), held, waits), class_name="tile-foot")


def title(tile: Tile) -> rx.Var[str]:
    """What a pointer or a screen reader is told: label, status, and what the status is about."""
    about = rx.cond(tile["leaves"] != "", f", {tile['leaves']}", rx.cond(tile["task"] != "", f", {tile['task']}", ""))
    gone = rx.cond(tile["away"] != "", f", patient {tile['away']}", "")
    told = tile["before_leaving"].to(dict[str, Any])
    done = rx.cond(tile["before_leaving"], f", {told['done']} of {told['of']} done before leaving", "")
    return f"{tile['label']}, {word(tile['status'].to(str))}{gone}{about}{done}"  # type: ignore[return-value]


def place(tile: Tile) -> rx.Var[str]:
    """Room and bed: `4A-05-1` reads 05-1, since the ward stands above the group. Other labels are shown whole."""
    label = tile["label"].to(str)
    return rx.cond(label.contains("-"), label.split("-")[1:].join("-"), label)  # type: ignore[return-value]


def _found_by(bed: Tile) -> dict[str, Any]:
    """What the filters in the address look at. Nobody's name: what is sought stands in the address."""
    return {
        "data-needs": bed["needs"].to(str),
        "data-leaving": rx.cond(bed["leaves_today"].to(bool), "today", None),
        "data-words": f"{bed['label']} {bed['room_number']} {bed['unit']} {bed['reason']} {bed['task']}",
    }


def opens_its_story(bed: Tile, **attributes: Any) -> dict[str, Any]:
    """What makes a tile or a card the button of its bed: found by label and filters, drawn again when the bed changes."""
    return {
        "stamp": f"{bed['version']}{bed['status']}",
        "element": "button",
        "on_click": Board.open_bed(bed["id"].to(int)),
        "custom_attrs": {
            "type": "button",
            "data-bed": bed["label"].to(str),
            "data-status": bed["status"].to(str),
            **_found_by(bed),
            "aria-label": title(bed),
            **attributes,
        },
    }


@rx.memo
def bed_tile(tile: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """A tile opens its bed's story. It is drawn again only when its own bed has changed."""
    return changed(
        rx.el.span(
            rx.el.span(place(tile), class_name="tile-label"),
            rx.el.i(class_name="shape", aria_hidden="true"),
            class_name="tile-top",
        ),
        _who(tile),
        _foot(tile),
        rest,
        class_name="tile",
        **opens_its_story(tile, title=title(tile)),
    )
