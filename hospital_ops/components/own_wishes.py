"""Days off that one asks for: a date, a button, and what is asked for so far."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain.rostering import MOST_WISHES
from hospital_ops.state.day_wishes import Wishes
from hospital_ops.state.feed import Feed

ME: rx.Var[dict[str, Any]] = Feed.me
WISHES = ME["wishes"].to(list[dict[str, Any]])
Row = rx.Var[dict[str, Any]]


def _wish(row: Row) -> rx.Component:
    back = rx.el.button(
        "Take it back",
        type="button",
        class_name="button",
        custom_attrs={"aria-label": rx.Var.create("Take back ") + row["word"].to(str)},
        on_click=Wishes.take_back(row["day"].to(str)),
    )
    return rx.el.li(
        rx.el.b(row["word"].to(str), class_name="session-words"),
        back,
        class_name="session",
        key=row["day"].to(str),
        custom_attrs={"data-wish": row["day"].to(str)},
    )


def wishes_card() -> rx.Component:
    """It binds nobody, and says so."""
    date = rx.el.input(
        id="wish-day", name="day", type="date", min=ME["earliest_wish"].to(str), required=True, class_name="field"
    )
    form = rx.el.form(
        rx.el.label("A day I would like off", html_for="wish-day", class_name="field-label"),
        date,
        rx.el.button("Ask for it", type="submit", class_name="button"),
        on_submit=Wishes.wish,
        reset_on_submit=True,
        class_name="account-form",
    )
    words = f"Up to {MOST_WISHES} days at a time. Whoever plans the roster sees them and keeps them where they can."
    return rx.el.section(
        rx.el.h2("Days off", class_name="panel-title"),
        rx.el.p(words, class_name="quiet small"),
        rx.cond(WISHES.length() > 0, rx.el.ul(rx.foreach(WISHES, _wish), class_name="sessions"), rx.fragment()),
        form,
        class_name="panel account-card",
    )
