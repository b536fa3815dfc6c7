"""The list of accounts: found by a few letters, narrowed by chips, one button a row that opens its drawer."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import chip
from hospital_ops.components.admin_parts import finder, found, tabs
from hospital_ops.components.live import at, changed
from hospital_ops.state.admin import Accounts
from hospital_ops.state.feed import Feed

ROWS = Feed.accounts["accounts"].to(list[dict[str, Any]])
COUNTS = Feed.accounts["counts"].to(dict[str, int])
Row = rx.Var[dict[str, Any]]
# A chip: the kind it shows, its words.
KINDS: tuple[tuple[str, str], ...] = (
    ("able", "Can sign in"),
    ("signed_in", "Signed in now"),
    ("first", "First password"),
    ("closed", "Closed"),
)
# An account's state in words; the usual one needs none beside it.
STATES: dict[str, str] = {
    "open": "Open",
    "first": "First password not yet changed",
    "closed": "Closed",
    "no_password": "Cannot sign in",
}


def state_badge(row: Row) -> rx.Component:
    """Open, closed, waiting for its person: as a word, with a colour beside it."""
    word = rx.match(row["state"], *STATES.items(), "")
    return rx.el.span(word, class_name="roll-state", custom_attrs={"data-account": row["state"].to(str)})


def _signed_in(row: Row) -> rx.Component:
    browsers = row["browsers"].to(int)
    now = rx.el.span(
        rx.el.i(class_name="dot", aria_hidden="true"),
        rx.cond(browsers > 1, f"in {browsers} browsers", "signed in"),
        class_name="roll-now",
        custom_attrs={"data-mine": "available"},
    )
    last = rx.cond(row["signed_in_at"] != "", at(at=row["signed_in_at"].to(str), form="day"), "never")
    return rx.fragment(rx.cond(browsers > 0, now, rx.fragment()), rx.el.span(last, class_name="quiet"))


@rx.memo
def account_row(row: Row) -> rx.Component:
    """One account."""
    number = row["id"].to(int)
    name = rx.el.button(
        row["name"].to(str),
        type="button",
        class_name="roll-name",
        on_click=Accounts.open(number),
        custom_attrs={"aria-haspopup": "dialog"},
    )
    simulated = rx.cond(row["simulated"].to(bool), rx.el.span("simulated", class_name="tag tag-quiet"), rx.fragment())
    cells = (
        rx.el.th(
            name,
            rx.el.span(row["username"].to(str), simulated, class_name="quiet roll-user"),
            scope="row",
            class_name="roll-who",
        ),
        rx.el.td(row["role_words"].to(str), class_name="roll-role"),
        rx.el.td(row["where"].to(str), class_name="roll-where quiet"),
        rx.el.td(_signed_in(row), class_name="roll-last"),
        rx.el.td(
            rx.cond(
                row["factor"].to(bool),
                rx.fragment(rx.icon("shield-check", size=16, aria_hidden="true"), "Set up"),
                rx.el.span("none", class_name="quiet"),
            ),
            class_name="roll-factor",
        ),
        rx.el.td(state_badge(row), class_name="roll-badge"),
    )
    line = changed(
        *cells,
        stamp=row["stamp"].to(str),
        element="tr",
        class_name="roll-row",
        custom_attrs={
            "data-person": row["username"].to(str),
            "data-open": Accounts.open_id == number,
        },
    )
    return found(line, row_id=number)


def _chips() -> rx.Component:
    def one(value: str, words: str, count: str) -> rx.Component:
        return chip(words, rx.el.span(COUNTS[count], class_name="chip-count"), name="show", value=value)

    return rx.el.div(
        one("", "All", "all"),
        *(one(kind, words, kind) for kind, words in KINDS),
        class_name="chips",
        role="group",
        aria_label="Show",
    )


def accounts_list() -> rx.Component:
    """Head, search, chips, table."""
    new = rx.el.button(
        rx.icon("plus", size=18, aria_hidden="true"),
        "New account",
        type="button",
        class_name="button button-main",
        on_click=Accounts.ask("create"),
    )
    heads = ("Name", "Role", "Wards", "Last sign-in", "Second factor", "State")
    table = rx.el.table(
        rx.el.caption("Everybody who can work here, by name", class_name="sr-only"),
        rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
        rx.el.tbody(rx.foreach(ROWS, lambda row: account_row(row=row, key=row["id"].to(str)))),
        class_name="roll",
    )
    return rx.el.section(
        tabs("/admin"),
        rx.el.header(rx.el.h1("Accounts", class_name="title"), new, class_name="page-head"),
        finder(
            _chips(),
            table,
            rows=ROWS,
            label="Find by name, role or ward",
            nothing="Nobody fits. Try fewer letters, or another choice above.",
        ),
    )
