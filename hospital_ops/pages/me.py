"""My own page: swaps, my hours this week, my shifts of this week and the next four, and my strain."""

from __future__ import annotations

import reflex as rx

from hospital_ops.components.live import live_panel
from hospital_ops.components.own_shifts import hours_card, weeks_card
from hospital_ops.components.own_strain import strain_card
from hospital_ops.components.own_swaps import swap_dialog, swaps_card
from hospital_ops.components.own_wishes import wishes_card
from hospital_ops.components.shell import frame
from hospital_ops.components.states import bone, skeleton
from hospital_ops.state.feed import Feed


def _loading() -> rx.Component:
    return skeleton(bone("bone-title"), bone("bone-block"), bone("bone-block"), class_name="account")


def me() -> rx.Component:
    """/me"""
    cards = rx.el.div(
        rx.el.h1("My shifts", class_name="title"),
        swaps_card(),
        hours_card(),
        weeks_card(),
        wishes_card(),
        strain_card(),
        class_name="account",
    )
    body = live_panel(rx.cond(Feed.me.contains("weeks"), cards, _loading()), swap_dialog(), label="My shifts")
    return frame("/me", body, skeleton=_loading())
