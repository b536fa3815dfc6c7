"""At the right, on demand: one bed's story and its acts, or the beds that would fit a waiting patient."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import EscapeCloses
from hospital_ops.components.live import at, since
from hospital_ops.components.states import bone, empty, skeleton
from hospital_ops.components.status import badge
from hospital_ops.state.board import Board
from hospital_ops.state.feed import Feed
from hospital_ops.state.person import Person
from hospital_ops.state.verbs import VERBS, Verb

BED = Feed.bed["bed"].to(dict[str, Any])


def _verb_button(name: str, verb: Verb) -> rx.Component:
    button = rx.el.button(
        verb.label,
        type="button",
        class_name="button button-main" if verb.main else "button",
        on_click=Board.act(name, BED["version"].to(int)),
    )
    allowed = Person.permissions.contains(verb.permission.value) & _is_in(verb)
    if verb.only_predicted:
        allowed &= BED["pending_source"] == "prediction"
    return rx.cond(allowed, button, rx.fragment())


def _is_in(verb: Verb) -> rx.Var[bool]:
    statuses = rx.Var.create(sorted(status.value for status in verb.statuses))
    return statuses.contains(BED["status"].to(str))  # type: ignore[no-any-return]


def _acts() -> rx.Component:
    return rx.el.div(*(_verb_button(name, verb) for name, verb in VERBS.items()), class_name="acts")


def _question() -> rx.Component:
    """The small form of an act that wants a reason."""
    asks = rx.match(Board.asking, *((name, verb.asks) for name, verb in VERBS.items() if verb.asks), "")
    return rx.el.form(
        rx.el.label(asks, html_for="reason", class_name="field-label"),
        rx.el.textarea(
            id="reason", name="reason", rows=3, max_length=200, required=True, auto_focus=True, class_name="field"
        ),
        rx.el.div(
            rx.el.button("Save", type="submit", class_name="button button-main"),
            rx.el.button("Back", type="button", class_name="button", on_click=Board.ask_nothing),
            class_name="acts",
        ),
        on_submit=Board.answer,
        class_name="question",
    )


def _fact(word: str, value: Any) -> rx.Component:
    return rx.cond(value, rx.fragment(rx.el.dt(word), rx.el.dd(value)), rx.fragment())


def _facts() -> rx.Component:
    return rx.el.dl(
        _fact("Patient", BED["patient"].to(str)),
        _fact("Leaves", BED["leaves"].to(str)),
        _fact("Isolation", BED["isolation"].to(str)),
        _fact("Room is for", rx.match(BED["sex_of_room"], ("female", "women"), ("male", "men"), "")),
        _fact("Telemetry", rx.cond(BED["telemetry"].to(bool), "at the bed", "")),
        _fact("Reason", BED["reason"].to(str)),
        _fact("Now", BED["task"].to(str)),
        class_name="facts",
    )


def _story() -> rx.Component:
    lines = Feed.bed["timeline"].to(list[dict[str, Any]])
    return rx.cond(
        lines.length() > 0,
        rx.el.section(
            rx.el.h3("What happened", class_name="drawer-heading"),
            rx.el.ol(
                rx.foreach(
                    lines,
                    lambda line: rx.el.li(
                        at(at=line["at"].to(str), class_name="story-at"),
                        rx.el.span(line["what"].to(str)),
                        rx.cond(line["who"] != "", rx.el.span(line["who"].to(str), class_name="quiet"), rx.fragment()),
                    ),
                ),
                class_name="story",
            ),
        ),
        rx.fragment(),
    )


def _tasks() -> rx.Component:
    lines = Feed.bed["tasks"].to(list[dict[str, Any]])
    return rx.cond(
        lines.length() > 0,
        rx.el.section(
            rx.el.h3("Tasks", class_name="drawer-heading"),
            rx.el.ul(
                rx.foreach(
                    lines,
                    lambda task: rx.el.li(
                        rx.el.span(task["description"].to(str)),
                        rx.el.span(task["status"].to(str), " · ", task["who"].to(str), class_name="quiet"),
                        since(at=task["since"].to(str), class_name="quiet"),
                        key=task["id"].to(str),
                    ),
                ),
                class_name="drawer-tasks",
            ),
        ),
        rx.fragment(),
    )


def _head(title: Any, *under: rx.Component) -> rx.Component:
    close = rx.el.button(
        rx.icon("x", size=18, aria_hidden="true"),
        type="button",
        class_name="icon-button",
        aria_label="Close",
        on_click=Board.close,
    )
    words = rx.el.div(rx.el.h2(title, class_name="drawer-title"), *under)
    escape = EscapeCloses.create(selector=".drawer-head .icon-button")
    return rx.el.header(words, close, escape, class_name="drawer-head")


def _bed() -> rx.Component:
    waiting = skeleton(bone("bone-title"), bone("bone-line"), bone("bone-line"), bone("bone-block"))
    story = rx.fragment(
        _head(
            BED["label"].to(str),
            rx.el.p(
                badge(BED["status"].to(str)),
                since(at=BED["since"].to(str), target=BED["target_minutes"].to(int), late="long", class_name="quiet"),
                class_name="drawer-status",
            ),
        ),
        rx.cond(Board.asking != "", _question(), _acts()),
        _facts(),
        _tasks(),
        _story(),
    )
    # The value of the bed before is not shown under the next one's name.
    return rx.cond(Feed.bed.contains("bed") & (BED["id"].to(int) == Board.bed_id), story, waiting)


def _offer(offer: rx.Var[dict[str, Any]]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.b(offer["label"].to(str)),
            rx.el.button(
                "Place here",
                type="button",
                class_name="button button-small button-main",
                on_click=Board.place(offer["bed_id"].to(int)),
            ),
            class_name="offer-top",
        ),
        rx.el.p(offer["passed"].to(list[str]).join(" · "), class_name="quiet"),
        class_name="offer",
    )


def _misfit(offer: rx.Var[dict[str, Any]]) -> rx.Component:
    return rx.el.li(
        rx.el.b(offer["label"].to(str)),
        rx.el.p(offer["against"].to(list[str]).join(" · "), class_name="quiet"),
        class_name="offer",
    )


def _offers() -> rx.Component:
    return rx.fragment(
        _head(
            "Where this patient could lie",
            rx.el.p("Best first. Every rule has been checked for each bed.", class_name="quiet"),
        ),
        rx.cond(
            Board.offers.length() > 0,
            rx.el.ol(rx.foreach(Board.offers, _offer), class_name="offers"),
            empty("No ready bed fits now", "As soon as one does, it can be found here.", icon="bed"),
        ),
        rx.cond(
            Board.misfits.length() > 0,
            rx.el.details(
                rx.el.summary("Ready, but why not"),
                rx.el.ul(rx.foreach(Board.misfits, _misfit), class_name="offers"),
                class_name="misfits",
            ),
            rx.fragment(),
        ),
    )


def drawer() -> rx.Component:
    """Nothing until a bed or a waiting patient is chosen."""
    shown = rx.el.aside(rx.cond(Board.bed_id > 0, _bed(), _offers()), class_name="drawer", aria_label="Details")
    return rx.cond((Board.bed_id > 0) | (Board.request_id > 0), shown, rx.fragment())
