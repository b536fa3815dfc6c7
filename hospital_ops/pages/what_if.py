"""What one more or fewer would have changed on a day that was recorded."""

from __future__ import annotations

import reflex as rx

from hospital_ops.components.live import live_panel
from hospital_ops.components.shell import frame
from hospital_ops.components.states import bone, skeleton
from hospital_ops.components.what_if import answer, question
from hospital_ops.state.what_if import WhatIf


def _loading() -> rx.Component:
    return skeleton(bone("bone-title"), bone("bone-card"), bone("bone-block"))


def what_if() -> rx.Component:
    """/replay/what-if"""
    head = rx.el.header(
        rx.el.h1("What if", class_name="title"),
        rx.el.p(
            "The errands of a day as they were asked, done once by who was there and once with more or fewer people.",
            class_name="lead",
        ),
        rx.link("A day of the board", href="/replay", class_name="button", underline="none"),
    )
    # Not before its day is known: a field without one keeps the form from being sent, and says so to few.
    asked = rx.cond(WhatIf.day != "", question(), skeleton(bone("bone-card")))
    body = live_panel(rx.el.div(head, asked, answer(), class_name="replay what-if"), label="What if")
    return frame("/replay", body, skeleton=_loading())
