"""The board: capacity above, who waits at the left, wards in the middle, one bed's story at the right."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import chip, filtered, when
from hospital_ops.components.bed_drawer import drawer
from hospital_ops.components.capacity import capacity_strip
from hospital_ops.components.floor_plan import BedSearch, floor_plan
from hospital_ops.components.live import live_panel
from hospital_ops.components.shell import frame
from hospital_ops.components.states import bone, skeleton
from hospital_ops.components.status import mark, shape
from hospital_ops.components.waiting import waiting_list
from hospital_ops.components.ward_group import SHOWN, WARDS, ward_groups
from hospital_ops.state.feed import Feed

# Special needs to point out, with the word beside the mark.
NEEDS: dict[str, str] = {"isolation": "Isolation", "telemetry": "Telemetry", "female": "Women", "male": "Men"}


@rx.memo
def ward_chip(ward: rx.Var[dict[str, Any]]) -> rx.Component:
    """Leaves this ward alone on the board."""
    return rx.cond(
        ward.contains("code"),
        chip(
            ward["code"].to(str),
            name="ward",
            value=ward["code"].to(str),
            custom_attrs={"title": ward["name"].to(str)},
        ),
        rx.fragment(),
    )


def _chips(label: str, *chips: rx.Component) -> rx.Component:
    return rx.el.div(*chips, class_name="chips", role="group", aria_label=label)


def _filters() -> rx.Component:
    states = [chip(shape(status), word, name="show", value=value) for value, (word, status) in SHOWN.items()]
    needs = [chip(mark(name), word, name="need", value=name) for name, word in NEEDS.items()]
    wards = rx.foreach(WARDS, lambda ward, place: ward_chip(ward=ward, key=place.to(str)))
    return rx.el.div(
        _chips("Point out beds", *states, chip("Out today", name="leaves", value="today")),
        _chips("Point out by need", *needs),
        BedSearch.create(),
        _chips("Wards", chip("All wards", name="ward", value=""), wards),
        _chips("How it is drawn", chip("Groups", name="view", value=""), chip("Floor plan", name="view", value="plan")),
        class_name="filters",
    )


def _loading() -> rx.Component:
    wards = [rx.el.div(bone("bone-title"), bone("bone-ward"), class_name="ward") for _ in range(6)]
    return skeleton(
        bone("bone-strip"), rx.el.div(bone("bone-side"), rx.el.div(*wards, class_name="wards"), class_name="board")
    )


def _board() -> rx.Component:
    views = rx.fragment(when(ward_groups(), name="view", value=""), when(floor_plan(), name="view", value="plan"))
    middle = rx.el.div(_filters(), views, class_name="middle")
    shown = rx.fragment(capacity_strip(), rx.el.div(waiting_list(), middle, drawer(), class_name="board"))
    return rx.cond(Feed.hospital.contains("counts"), shown, _loading())


def board() -> rx.Component:
    """/board"""
    heading = rx.el.h1("Beds", class_name="sr-only")
    return frame(
        "/board",
        filtered(live_panel(heading, _board(), label="Beds"), names="show need leaves ward"),
        skeleton=_loading(),
    )
