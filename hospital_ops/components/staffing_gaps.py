"""Gaps first: each with the people who could fill it, their hours and rest, and one button that asks them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.states import empty
from hospital_ops.domain.access import Permission
from hospital_ops.domain.staffing import Answer
from hospital_ops.state.feed import Feed
from hospital_ops.state.person import Person
from hospital_ops.state.staffing import Staffing

VALUE: rx.Var[dict[str, Any]] = Feed.staffing
Row = rx.Var[dict[str, Any]]
Rows = list[dict[str, Any]]

# What somebody has answered, in words; nobody says "declined" in a corridor.
_ANSWERS: dict[Answer, str] = {
    Answer.WAITING: "Asked, no answer yet",
    Answer.NO: "Cannot come",
    Answer.FILLED: "Somebody was faster",
}


def _answer(answer: rx.Var[str]) -> rx.Component:
    said = (
        (word.value, rx.el.span(words, class_name="answer", custom_attrs={"data-answer": word.value}))
        for word, words in _ANSWERS.items()
    )
    return rx.match(answer, *said, rx.fragment())


def _person(who: Row) -> rx.Component:
    return rx.el.li(
        rx.el.b(who["name"].to(str)),
        _answer(who["answer"].to(str)),
        rx.el.span(who["words"].to(str), " · ", who["hours_words"].to(str), class_name="quiet"),
        key=who["user_id"].to(str),
    )


def people(cell: Row) -> rx.Component:
    """Who could come, and the button for those who plan the staff."""
    who = cell["who"].to(Rows)
    ask = rx.el.button(
        rx.icon("message-circle-question", size=16, aria_hidden="true"),
        "Ask ",
        rx.cond(cell["unasked"].to(list[int]).length() > 1, f"these {cell['unasked'].to(list[int]).length()}", "them"),
        type="button",
        class_name="button button-main",
        on_click=Staffing.ask(cell["shift_id"].to(int), cell["unasked"].to(list[int])),
    )
    may = Person.permissions.contains(Permission.STAFFING_PLAN.value) & (cell["unasked"].to(list[int]).length() > 0)
    none = rx.el.p("Nobody is rested and free. Think of closing beds.", class_name="quiet")
    listed = rx.el.ul(rx.foreach(who, _person), class_name="could-come", aria_label="Who could come")
    return rx.fragment(rx.cond(who.length() > 0, listed, none), rx.cond(may, ask, rx.fragment()))


def _gap(cell: Row) -> rx.Component:
    head = rx.el.header(
        rx.el.div(
            rx.el.h3(cell["ward"].to(str)),
            rx.el.p(rx.cond(cell["under_way"], "Now, ", ""), cell["shift"].to(str), " · ", cell["when"].to(str)),
        ),
        rx.el.p(
            rx.icon("triangle-alert", size=16, aria_hidden="true"),
            cell["gap"].to(int),
            " short",
            class_name="gap-count",
        ),
        class_name="gap-head",
    )
    return rx.el.li(
        head,
        rx.el.p(f"{cell['present']} of {cell['needed']} nurses. ", rx.el.span(cell["why"].to(str), class_name="quiet")),
        people(cell),
        class_name="gap-card",
        custom_attrs={"data-gap": cell["shift_id"].to(str)},
        key=cell["shift_id"].to(str),
    )


def gaps() -> rx.Component:
    """Soonest first. No gap is good news, said as such."""
    short = VALUE["gaps"].to(Rows)
    none = empty("No gap", "Every ward has its nurses, now and over the next three shifts.", icon="circle-check")
    return rx.el.section(
        rx.el.h2("Gaps", rx.el.span(short.length(), class_name="count"), class_name="panel-title"),
        rx.cond(short.length() > 0, rx.el.ul(rx.foreach(short, _gap), class_name="gap-cards"), none),
    )
