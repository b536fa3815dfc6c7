"""The house: do its parts answer, which models serve, which settings are in force. Nothing here can be changed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.admin_parts import tabs
from hospital_ops.components.live import at
from hospital_ops.components.states import bone, skeleton
from hospital_ops.state.feed import Feed
from hospital_ops.state.house import HousePage

HOUSE: rx.Var[dict[str, Any]] = Feed.house
Row = rx.Var[dict[str, Any]]


def _rows(name: str) -> rx.Var[list[dict[str, Any]]]:
    return HOUSE[name].to(list[dict[str, Any]])


def _part(row: Row) -> rx.Component:
    word = rx.cond(row["state"] == "ok", "answers", "does not answer")
    icon = rx.cond(
        row["state"] == "ok",
        rx.icon("circle-check", size=18, aria_hidden="true"),
        rx.icon("triangle-alert", size=18, aria_hidden="true"),
    )
    return rx.el.li(
        icon,
        rx.el.div(
            rx.el.b(row["name"].to(str)), rx.el.span(row["does"].to(str), class_name="quiet"), class_name="job-words"
        ),
        rx.el.span(word, class_name="part-word"),
        class_name="part",
        custom_attrs={"data-part": row["name"].to(str), "data-state": row["state"].to(str)},
        key=row["name"].to(str),
    )


def _model(row: Row) -> rx.Component:
    made = rx.fragment(" · made ", at(at=row["created_at"].to(str), form="day"))
    version = rx.fragment(rx.el.code(row["version"].to(str)), rx.cond(row["created_at"] != "", made, rx.fragment()))
    none = "No release serves; a plain average stands in, and says so."
    return rx.el.li(
        rx.icon("chart-line", size=18, aria_hidden="true"),
        rx.el.div(
            rx.el.b(row["kind"].to(str)),
            rx.el.span(rx.cond(row["version"] != "", version, none), class_name="quiet"),
            class_name="job-words",
        ),
        class_name="part",
        key=row["kind"].to(str),
    )


def _setting(row: Row) -> rx.Component:
    own = rx.cond(row["usual"].to(bool), rx.fragment(), rx.el.span("set here", class_name="tag tag-quiet"))
    secret = rx.cond(
        row["secret"].to(bool), rx.icon("lock", size=14, aria_label="A secret: never shown"), rx.fragment()
    )
    return rx.el.tr(
        rx.el.th(rx.el.code(row["name"].to(str)), scope="row"),
        rx.el.td(secret, rx.el.span(row["value"].to(str)), rx.cond(row["secret"].to(bool), rx.fragment(), own)),
        key=row["name"].to(str),
    )


def _settings() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Settings in force", class_name="panel-title"),
        rx.el.p(
            "They come from the environment of the processes; docs/settings.md says what each means.",
            class_name="quiet small",
        ),
        rx.el.table(
            rx.el.caption("Settings in force", class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(rx.el.th("Setting", scope="col"), rx.el.th("Value", scope="col")), class_name="sr-only"
            ),
            rx.el.tbody(rx.foreach(_rows("settings"), _setting)),
            class_name="settings",
        ),
        class_name="panel",
    )


def house_view() -> rx.Component:
    """Parts and models at the left, settings at the right."""
    again = rx.el.button(
        rx.icon("refresh-cw", size=16, aria_hidden="true"),
        "Look again",
        type="button",
        class_name="button button-small",
        on_click=HousePage.look_again,
    )
    seen = rx.el.p("As it was ", at(at=HOUSE["at"].to(str), form="seconds"), class_name="quiet", role="status")
    parts = rx.el.section(
        rx.el.h2("Parts", class_name="panel-title"), rx.el.ul(rx.foreach(_rows("parts"), _part)), class_name="panel"
    )
    models = rx.el.section(
        rx.el.h2("Models that serve", class_name="panel-title"),
        rx.el.ul(rx.foreach(_rows("models"), _model)),
        class_name="panel",
    )
    shown = rx.el.div(rx.el.div(parts, models, class_name="house-side"), _settings(), class_name="house-parts")
    waiting = skeleton(bone("bone-block"), bone("bone-block"))
    there = HOUSE.contains("parts")
    return rx.el.section(
        tabs("/admin/house"),
        rx.el.header(
            rx.el.div(rx.el.h1("The house", class_name="title"), rx.cond(there, seen, rx.fragment())),
            again,
            class_name="page-head",
        ),
        rx.cond(there, shown, waiting),
    )
