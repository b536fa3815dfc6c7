"""One day of the board, replayed minute by minute from the audit. No patient is named."""

from __future__ import annotations

import reflex as rx

from hospital_ops.components.live import live_panel
from hospital_ops.components.replay import day_field, player
from hospital_ops.components.shell import frame
from hospital_ops.components.states import bone, empty, skeleton
from hospital_ops.state.feed import Feed
from hospital_ops.state.replay import Replay


def _loading() -> rx.Component:
    return skeleton(bone("bone-title"), bone("bone-strip"), bone("bone-block"))


def replay() -> rx.Component:
    """/replay"""
    head = rx.el.header(
        rx.el.h1("A day of the board", class_name="title"),
        rx.el.p("As the audit tells it, minute by minute. Beds only: no patient is named here.", class_name="lead"),
        rx.link(
            "What if there had been one more?",
            href=f"/replay/what-if?day={Feed.replay['day']}",
            class_name="button",
            underline="none",
        ),
    )
    none = empty(Replay.problem, "Choose another day above.", icon="calendar-x")
    shown = rx.cond(Replay.problem != "", none, rx.cond(Feed.replay.contains("steps"), player(), _loading()))
    body = live_panel(rx.el.div(head, day_field(), shown, class_name="replay"), label="A day of the board")
    return frame("/replay", body, skeleton=_loading())
