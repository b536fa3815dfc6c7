"""Reports: one measure at a time, over a span and wards that stand in the address."""

from __future__ import annotations

import reflex as rx

from hospital_ops.components import report_parts as parts
from hospital_ops.components.live import live_panel
from hospital_ops.components.shell import frame
from hospital_ops.components.states import bone, skeleton
from hospital_ops.state.reports import Reports


def _loading() -> rx.Component:
    return skeleton(bone("bone-title"), bone("bone-card"), bone("bone-block"))


def _refused() -> rx.Component:
    """An address that cannot be meant, opened first: the sentence, and a way on."""
    usual = rx.link("Show the usual report", href="/reports", class_name="button", underline="none")
    return rx.el.div(parts.problem(), usual, class_name="question")


def reports() -> rx.Component:
    """/reports"""
    told = rx.fragment(parts.whole(), parts.parts(), parts.over_time(), parts.by_ward())
    shown = rx.el.div(
        parts.measures(),
        parts.question(),
        parts.head(),
        rx.cond(parts.VALUE["is_empty"].to(bool), parts.nothing(), told),
        class_name="reports",
    )
    waiting = rx.cond(Reports.problem != "", _refused(), _loading())
    title = rx.el.h1("Reports", class_name="title sr-only")
    body = live_panel(title, rx.cond(parts.VALUE.contains("measure"), shown, waiting), label="Reports")
    return frame("/reports", body, skeleton=_loading())
