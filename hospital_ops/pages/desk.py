"""The desk: who has arrived, and one screen to verify and admit."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.desk_admission import joins
from hospital_ops.components.desk_folder import folder
from hospital_ops.components.live import changed, live_panel, since
from hospital_ops.components.shell import frame
from hospital_ops.components.states import bone, empty, skeleton
from hospital_ops.state.desk import Desk
from hospital_ops.state.feed import Feed

QUEUE = Feed.desk["queue"].to(list[dict[str, Any]])


def _arrival(row: rx.Var[dict[str, Any]]) -> rx.Component:
    missing = row["missing"].to(list[str])
    number = row["registration_id"].to(int)
    insurance = rx.el.span(
        row["insurance"].to(str),
        class_name="quiet arrival-insurance",
        custom_attrs={"data-coverage": row["insurance_state"].to(str)},
    )
    urgent = rx.el.span("urgent", class_name="urgent")
    return rx.el.li(
        changed(
            rx.el.span(
                rx.el.b(rx.cond(row["who"] != "", row["who"].to(str), "No name yet")),
                rx.cond(row["urgent"].to(bool), urgent, rx.fragment()),
                since(at=row["since"].to(str), class_name="quiet"),
                class_name="arrival-top",
            ),
            rx.el.span(row["state_words"].to(str), class_name="arrival-state"),
            rx.cond(row["insurance"] != "", insurance, rx.fragment()),
            rx.cond(
                missing.length() > 0,
                rx.el.span("Missing: ", missing.join(", "), class_name="quiet arrival-missing"),
                rx.fragment(),
            ),
            element="button",
            stamp=row["version"].to(int),
            type="button",
            class_name="arrival",
            on_click=Desk.open(number),
            custom_attrs={
                "data-registration": number,
                "data-state": row["state"].to(str),
                "aria-pressed": Desk.open_id == number,
            },
        ),
        key=number.to(str),
    )


def _queue() -> rx.Component:
    begun = Feed.desk["begun"].to(int)
    more = rx.el.p(begun.to(str), " more have just opened the page.", class_name="quiet")
    rows = rx.el.ol(rx.foreach(QUEUE, _arrival), class_name="arrivals")
    nobody = empty("Nobody is waiting", "Whoever registers appears here by itself.")
    return rx.el.section(
        rx.el.h1("Arrivals", class_name="title"),
        rx.cond(QUEUE.length() > 0, rows, nobody),
        rx.cond(begun > 0, more, rx.fragment()),
        joins(Feed.desk["joined"].to(list[dict[str, Any]]), "Joined lately"),
        class_name="desk-queue",
        aria_label="Who has arrived",
    )


def _loading() -> rx.Component:
    return skeleton(bone("bone-title"), bone("bone-line"), bone("bone-line"), bone("bone-line"))


def desk() -> rx.Component:
    """/desk"""
    body = rx.el.div(_queue(), folder(), class_name="desk")
    return frame(
        "/desk",
        live_panel(rx.cond(Feed.desk.contains("queue"), body, _loading()), label="Arrivals"),
        skeleton=_loading(),
    )
