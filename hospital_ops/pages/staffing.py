"""Staffing: gaps first, then needed against present for every ward, below it the arrivals with their range, then strain by groups."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.arrivals_plot import arrivals
from hospital_ops.components.live import live_panel
from hospital_ops.components.shell import frame
from hospital_ops.components.staffing_gaps import gaps
from hospital_ops.components.staffing_table import shifts
from hospital_ops.components.states import bone, skeleton
from hospital_ops.components.strain_groups import strain
from hospital_ops.state.feed import Feed

VALUE: rx.Var[dict[str, Any]] = Feed.staffing


def _head() -> rx.Component:
    short, now = VALUE["short"].to(int), VALUE["short_now"].to(int)
    words = rx.cond(
        short == 0,
        "No nurse is missing, now or over the next three shifts",
        rx.cond(
            now > 0,
            f"{now} short now, {short - now} over the next three shifts",
            f"{short} short over the next three shifts",
        ),
    )
    roster = rx.link("Roster of each ward", href="/staffing/roster", class_name="button", underline="none")
    return rx.el.header(rx.el.h1("Staffing", class_name="title"), rx.el.p(words, class_name="lead"), roster)


def _loading() -> rx.Component:
    return skeleton(bone("bone-title"), bone("bone-card"), bone("bone-block"))


def staffing() -> rx.Component:
    """/staffing"""
    shown = rx.el.div(_head(), gaps(), shifts(), arrivals(), strain(), class_name="staffing")
    body = live_panel(rx.cond(VALUE.contains("wards"), shown, _loading()), label="Staffing")
    return frame("/staffing", body, skeleton=_loading())
