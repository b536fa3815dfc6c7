"""A ward as a quiet group of tiles."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import only
from hospital_ops.components.bed_tile import bed_tile
from hospital_ops.state.feed import WARD_VARS, Feed

# What a chip points out: its word, and the shape beside it.
SHOWN: dict[str, tuple[str, str]] = {
    "ready": ("Ready", "available"),
    "leaving": ("Leaving", "pending_discharge"),
    "cleaning": ("To clean", "dirty"),
    "held": ("Reserved", "reserved"),
    "blocked": ("Blocked", "blocked"),
}
# Every ward's value by its place on the board; {} where there is none.
WARDS = rx.Var.create([getattr(Feed, f"ward_{n:02d}") for n in range(1, WARD_VARS + 1)]).to(list[dict[str, Any]])


def _count(number: rx.Var[Any], status: str, word: str) -> rx.Component:
    """A status's shape and how many; nothing for none."""
    shown = rx.el.span(
        rx.el.i(class_name="shape", aria_hidden="true"),
        number,
        rx.el.span(f" {word}", class_name="sr-only"),
        class_name="ward-count",
        title=word,
        custom_attrs={"data-status": status},
    )
    return rx.cond(number.to(int) > 0, shown, rx.fragment())


def _head(ward: rx.Var[dict[str, Any]]) -> rx.Component:
    return rx.el.header(
        rx.el.h2(
            rx.link(
                rx.el.span(ward["code"].to(str), class_name="ward-code"),
                rx.el.span(ward["name"].to(str), class_name="ward-title"),
                href=f"/board/{ward['code']}",
                class_name="ward-link",
                underline="none",
                title="This ward alone",
            ),
            class_name="ward-name",
        ),
        _count(ward["available"], "available", "ready"),
        _count(ward["dirty"], "dirty", "to clean or being cleaned"),
        rx.el.span(ward["occupied"], " / ", ward["staffed"], class_name="ward-full", title="Occupied of staffed beds"),
        class_name="ward-head",
    )


@rx.memo
def ward_group(ward: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """One ward; nothing while it has no value. It is drawn again only when its own value has changed."""
    beds = ward["beds"].to(list[dict[str, Any]])
    tiles = rx.el.div(rx.foreach(beds, lambda tile: bed_tile(tile=tile, key=tile["id"].to(str))), class_name="tiles")
    shown = only(
        _head(ward),
        tiles,
        rest,
        name="ward",
        value=ward["code"].to(str),
        class_name="ward",
        custom_attrs={"role": "region", "aria-label": ward["name"].to(str)},
    )
    return rx.cond(ward.contains("beds"), shown, rx.fragment())


def ward_groups() -> rx.Component:
    """Every ward that has a value, in its place."""
    return rx.el.div(
        rx.foreach(WARDS, lambda ward, place: ward_group(ward=ward, key=place.to(str))), class_name="wards"
    )
