"""Swaps on one's own page: who asks me, whom I have asked, and the dialog that asks."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import gives_focus_back
from hospital_ops.state.feed import Feed
from hospital_ops.state.shift_swaps import Swaps

ME: rx.Var[dict[str, Any]] = Feed.me
ASKED_OF_ME = ME["asked_of_me"].to(list[dict[str, Any]])
ASKED_BY_ME = ME["asked_by_me"].to(list[dict[str, Any]])
Row = rx.Var[dict[str, Any]]


def swap_button(row: Row) -> rx.Component:
    """Beside a shift of mine that is to come."""
    words = row["day"].to(str) + ", " + row["hours"].to(str)
    button = rx.el.button(
        "Swap…",
        type="button",
        class_name="button",
        custom_attrs={"aria-label": rx.Var.create("Swap ") + words},
        on_click=Swaps.choose(row["shift_id"].to(int), words),
    )
    return rx.cond(row["may_swap"].to(bool), button, rx.fragment())


def _swap(row: Row, *acts: rx.Component) -> rx.Component:
    exchange = rx.el.span(
        "You give ", rx.el.b(row["gives"].to(str)), " and get ", rx.el.b(row["gets"].to(str)), ".", class_name="small"
    )
    return rx.el.li(
        rx.el.div(rx.el.span(row["words"].to(str)), exchange, class_name="session-words"),
        *acts,
        class_name="session swap",
        key=row["id"].to(str),
        custom_attrs={"data-swap": row["id"].to(str), "data-state": row["state"].to(str)},
    )


def _asked_of_me(row: Row) -> rx.Component:
    number = row["id"].to(int)
    yes = rx.el.button("Yes", type="button", class_name="button button-main", on_click=Swaps.answer(number, True))
    no = rx.el.button("No", type="button", class_name="button", on_click=Swaps.answer(number, False))
    acts = rx.el.div(yes, no, class_name="account-buttons")
    return _swap(row, rx.cond(row["state"] == "asked", acts, rx.fragment()))


def _asked_by_me(row: Row) -> rx.Component:
    back = rx.el.button("Take it back", type="button", class_name="button", on_click=Swaps.withdraw(row["id"].to(int)))
    return _swap(row, rx.cond(row["is_open"].to(bool), back, rx.fragment()))


def swaps_card() -> rx.Component:
    """What waits for my answer, then what I have asked. Nothing at all while there is neither."""
    listed = rx.el.ul(
        rx.foreach(ASKED_OF_ME, _asked_of_me), rx.foreach(ASKED_BY_ME, _asked_by_me), class_name="sessions"
    )
    head = rx.el.h2("Swaps", class_name="panel-title")
    card = rx.el.section(head, listed, class_name="panel account-card", aria_label="Swaps", aria_live="polite")
    return rx.cond(ASKED_OF_ME.length() + ASKED_BY_ME.length() > 0, card, rx.fragment())


def _choice(row: Row) -> rx.Component:
    asks = rx.cond(
        row["why"] != "",
        rx.el.small("The planner decides, because of ", row["why"].to(str)),
        rx.el.small("A yes is enough"),
    )
    return rx.el.label(
        rx.el.input(type="radio", name="choice", value=row["value"].to(str)),
        rx.el.span(rx.el.b(row["who"].to(str)), row["takes"].to(str), asks),
        class_name="pick swap-choice",
        key=row["value"].to(str),
    )


def swap_dialog() -> rx.Component:
    """Whose shift for mine."""
    back = rx.dialog.close(rx.el.button("Back", type="button", class_name="button button-plain"))
    problem = rx.el.p(Swaps.problem, class_name="form-problem", role="alert")
    picks = rx.el.fieldset(
        rx.el.legend("A colleague's shift", class_name="sr-only"),
        rx.foreach(Swaps.choices, _choice),
        class_name="swap-choices",
    )
    form = rx.el.form(
        picks,
        rx.cond(Swaps.problem != "", problem, rx.fragment()),
        rx.el.div(rx.el.button("Ask", type="submit", class_name="button button-main"), back, class_name="acts"),
        on_submit=Swaps.ask,
        class_name="question",
    )
    none = rx.el.div(
        rx.el.p("Nobody of your role has a shift to come that could be swapped for this one.", class_name="question"),
        rx.el.div(back, class_name="acts"),
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Swap ", Swaps.words),
            rx.dialog.description("Your colleague is asked on their own page. Nothing changes until they say yes."),
            rx.cond(Swaps.choices.length() > 0, form, none),
            class_name="sheet swap-sheet",
            **gives_focus_back(),
        ),
        open=Swaps.shift_id > 0,
        on_open_change=Swaps.put_away,
    )
