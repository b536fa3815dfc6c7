"""A ward as a quiet group of tiles."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import only
from hospital_ops.components.bed_tile import bed_tile
from hospital_ops.state.feed import Feed


def _figure(number: rx.Var[Any], word: str, status: str = "") -> rx.Component:
    return rx.el.span(rx.el.b(number), f" {word}", class_name="ward-figure", custom_attrs={"data-status": status})


def _head(ward: rx.Var[dict[str, Any]]) -> rx.Component:
    return rx.el.header(
        rx.el.h2(
            rx.el.span(ward["code"].to(str), class_name="ward-code"),
            rx.el.span(ward["name"].to(str)),
            class_name="ward-name",
        ),
        rx.el.p(
            _figure(ward["occupied"], f"of {ward['staffed']}"),
            rx.cond(ward["available"].to(int) > 0, _figure(ward["available"], "ready", "available"), rx.fragment()),
            rx.cond(ward["dirty"].to(int) > 0, _figure(ward["dirty"], "to clean", "dirty"), rx.fragment()),
            class_name="ward-figures",
        ),
        class_name="ward-head",
    )


def ward_group(position: int) -> rx.Component:
    """The ward at this position of the board; nothing while it has no value."""
    ward: rx.Var[dict[str, Any]] = getattr(Feed, f"ward_{position:02d}")
    tiles = rx.el.div(
        rx.foreach(ward["beds"].to(list[dict[str, Any]]), lambda tile: bed_tile(tile=tile, key=tile["id"].to(str))),
        class_name="tiles",
    )
    shown = only(
        _head(ward),
        tiles,
        name="ward",
        value=ward["code"].to(str),
        class_name="ward",
        role="region",
        aria_label=ward["name"].to(str),
    )
    return rx.cond(ward.contains("beds"), shown, rx.fragment())
