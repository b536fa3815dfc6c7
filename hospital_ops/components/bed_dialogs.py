"""What the bed drawer asks before it acts: one verb's question, and where else a patient could lie."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import gives_focus_back
from hospital_ops.components.bed_choice import excluded, fitting
from hospital_ops.state.board import Board
from hospital_ops.state.feed import Feed
from hospital_ops.state.verbs import VERBS, Question

VERSION = Feed.bed["bed"].to(dict[str, Any])["version"].to(int)


def _choice(value: str, words: str, *, first: bool) -> rx.Component:
    radio = rx.el.input(type="radio", name="choice", value=value, default_checked=first)
    return rx.el.label(radio, rx.el.span(words), class_name="pick")


def _form(question: Question) -> rx.Component:
    parts: list[rx.Component] = []
    if question.choices:
        picks = [_choice(value, words, first=n == 0) for n, (value, words) in enumerate(question.choices)]
        parts.append(rx.el.fieldset(rx.el.legend(question.title, class_name="sr-only"), *picks, class_name="picks"))
    if question.reason:
        field = rx.el.textarea(name="reason", rows=3, max_length=200, required=True, class_name="field")
        parts.append(rx.el.label(rx.el.span(question.reason, class_name="field-label"), field))
    buttons = rx.el.div(
        rx.el.button(question.confirm, type="submit", class_name="button button-main"),
        rx.dialog.close(rx.el.button("Back", type="button", class_name="button button-plain")),
        class_name="acts",
    )
    return rx.el.form(*parts, buttons, on_submit=Board.answer(VERSION), class_name="question")


def _asked(question: Question) -> rx.Component:
    return rx.fragment(rx.dialog.title(question.title), rx.dialog.description(question.words), _form(question))


def question_dialog() -> rx.Component:
    """The question of whichever verb is asking."""
    asked = ((name, _asked(verb.asks)) for name, verb in VERBS.items() if verb.asks)
    return rx.dialog.root(
        rx.dialog.content(rx.match(Board.asking, *asked, rx.fragment()), class_name="sheet", **gives_focus_back()),
        open=Board.asking != "",
        on_open_change=Board.put_away,
    )


def move_dialog() -> rx.Component:
    """Free beds, best first; why not the others; and with whom to change beds."""
    swap = rx.el.details(
        rx.el.summary("Change beds with another patient"),
        fitting(Board.swaps, "Swap", lambda bed: Board.put("swap", bed), none="Nobody fits both ways"),
        excluded(Board.swap_misfits, "Why not others", "Swap", Board.put_anyway("swap")),
        class_name="misfits",
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Move to…"),
            rx.dialog.description("Best first. Every rule has been checked for each bed of your wards."),
            rx.el.div(
                fitting(Board.offers, "Move here", lambda bed: Board.put("move", bed)),
                excluded(Board.misfits, "Ready, but why not", "Move here", Board.put_anyway("move")),
                swap,
                class_name="candidates",
            ),
            rx.dialog.close(rx.el.button("Back", type="button", class_name="button button-plain")),
            class_name="sheet",
            **gives_focus_back(),
        ),
        open=Board.moving,
        on_open_change=Board.put_away,
    )
