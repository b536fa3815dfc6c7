"""The board on a wall: no pointer, no buttons, no names; what must be acted on now stands first."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import Door, filtered
from hospital_ops.components.capacity import HOUSE, figure
from hospital_ops.components.live import freshness, hospital_clock, live_panel
from hospital_ops.components.shell import simulated_sign
from hospital_ops.components.states import bone, refused, skeleton
from hospital_ops.components.waiting import WAITING_TARGET_MINUTES
from hospital_ops.components.wall import LATE_WORDS, ActNow, StillShown, wall_ward
from hospital_ops.components.ward_group import WARDS
from hospital_ops.state.feed import Feed, Pulse
from hospital_ops.state.person import Person
from hospital_ops.state.ward import Wall


def _head() -> rx.Component:
    signs = rx.el.div(
        simulated_sign(),
        freshness(beat=Pulse.beat),
        hospital_clock(class_name="hospital-clock"),
        class_name="wall-signs",
    )
    return rx.el.header(rx.el.h1("Beds"), signs, class_name="wall-head")


def _figures() -> rx.Component:
    counts = HOUSE["counts"].to(dict[str, int])
    return rx.el.dl(
        figure(HOUSE["waiting_count"], "Waiting for a bed"),
        figure(counts["available"], "Ready", "available"),
        figure(counts["dirty"] + counts["cleaning"], "To clean", "dirty"),
        figure(counts["pending_discharge"], "Leaving", "pending_discharge"),
        figure(HOUSE["occupied"], "Occupied", "occupied", f" of {HOUSE['staffed']}"),
        figure(counts["blocked"], "Blocked", "blocked"),
        class_name="wall-figures",
    )


def _loading() -> rx.Component:
    return skeleton(bone("bone-strip"), rx.el.div(*(bone("bone-ward") for _ in range(8)), class_name="wall-wards"))


def _wall() -> rx.Component:
    act = ActNow.create(
        wards=WARDS,
        waiting=HOUSE["waiting"].to(list[dict[str, Any]]),
        target=WAITING_TARGET_MINUTES,
        words=LATE_WORDS,
        class_name="wall-act",
    )
    each = rx.foreach(WARDS, lambda ward, place: wall_ward(ward=ward, key=place.to(str)))
    wards = rx.el.div(each, class_name="wall-wards")
    shown = rx.fragment(_head(), _figures(), act, wards, StillShown.create(on_shown=Wall.still_shown))
    return rx.cond(Feed.hospital.contains("counts"), shown, _loading())


def wall() -> rx.Component:
    """/wall"""
    page = rx.el.main(
        rx.cond(Person.arrived, filtered(live_panel(_wall(), label="Beds"), names="ward"), _loading()),
        class_name="wall",
        id="main",
    )
    return rx.fragment(
        rx.cond(Person.refused != "", refused(Person.refused), page),
        Door.create(ended=Pulse.ended),
    )
