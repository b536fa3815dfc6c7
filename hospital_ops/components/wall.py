"""The screen on the wall: large, without names, and nothing on it to press. Python names for assets/wall.jsx."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import only
from hospital_ops.components.bed_tile import place
from hospital_ops.components.live import changed, since
from hospital_ops.components.status import word
from hospital_ops.domain.beds import WORDS, BedStatus

LIBRARY = "$/public/wall.jsx"


class ActNow(rx.Component):
    library = LIBRARY
    tag = "ActNow"
    wards: rx.Var[list[dict[str, Any]]]
    waiting: rx.Var[list[dict[str, Any]]]
    # Minutes that somebody may wait for a bed.
    target: rx.Var[int]
    # status → what is said of a bed that has been in it for too long
    words: rx.Var[dict[str, str]]


class StillShown(rx.Component):
    library = LIBRARY
    tag = "StillShown"
    on_shown: rx.EventHandler[rx.event.no_args_event_spec]


LATE_WORDS: dict[str, str] = {
    BedStatus.DIRTY.value: WORDS[BedStatus.DIRTY],
    BedStatus.CLEANING.value: WORDS[BedStatus.CLEANING],
    BedStatus.RESERVED.value: "reserved, nobody has come",
}


@rx.memo
def wall_bed(bed: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """A bed as its shape; where one ward has the wall, with its place, its word and its clock."""
    words = rx.el.span(
        rx.el.b(place(bed)),
        rx.el.span(word(bed["status"].to(str))),
        since(at=bed["since"].to(str), target=bed["target_minutes"].to(int), late="total"),
        class_name="wall-words",
    )
    return changed(
        rx.el.i(class_name="shape", aria_hidden="true"),
        rx.el.span(f"{bed['label']} {word(bed['status'].to(str))}", class_name="sr-only"),
        words,
        rest,
        stamp=f"{bed['version']}{bed['status']}",
        element="li",
        class_name="wall-bed",
        custom_attrs={"data-wall-bed": bed["label"].to(str), "data-status": bed["status"].to(str)},
    )


@rx.memo
def wall_ward(ward: rx.Var[dict[str, Any]]) -> rx.Component:
    """One ward: what is free of it, in figures, and each bed as a shape. Nothing while it has no value."""
    beds = ward["beds"].to(list[dict[str, Any]])
    ready = rx.el.span(
        rx.el.b(ward["available"]),
        " ready",
        class_name="wall-ready",
        custom_attrs={"data-status": "available", "data-none": rx.cond(ward["available"].to(int) == 0, "true", None)},
    )
    shown = only(
        rx.el.h2(rx.el.span(ward["code"].to(str)), rx.el.span(ward["name"].to(str))),
        rx.el.p(
            ready,
            rx.el.span(rx.el.b(ward["occupied"]), f" of {ward['staffed']}"),
            rx.cond(ward["dirty"].to(int) > 0, rx.el.span(rx.el.b(ward["dirty"]), " to clean"), rx.fragment()),
            class_name="wall-now",
        ),
        rx.el.ul(rx.foreach(beds, lambda bed: wall_bed(bed=bed, key=bed["id"].to(str))), class_name="wall-beds"),
        name="ward",
        value=ward["code"].to(str),
        class_name="wall-ward",
        custom_attrs={"role": "region", "aria-label": ward["name"].to(str)},
    )
    return rx.cond(ward.contains("beds"), shown, rx.fragment())
