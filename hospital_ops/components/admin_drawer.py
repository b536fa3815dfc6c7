"""One account: who, where, since when; what can be done to it; what was done."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import EscapeCloses
from hospital_ops.components.admin_accounts import state_badge
from hospital_ops.components.admin_parts import held_focus
from hospital_ops.components.live import at
from hospital_ops.components.states import bone, skeleton
from hospital_ops.state.admin import Accounts
from hospital_ops.state.feed import Feed
from hospital_ops.state.person import Person

ONE: rx.Var[dict[str, Any]] = Feed.managed
BROWSERS = ONE["open_in"].to(list[dict[str, Any]])
CHANGES = ONE["changes"].to(list[dict[str, Any]])
MYSELF = ONE["id"].to(int) == Person.user_id
CLOSED = ONE["state"] == "closed"


def _head() -> rx.Component:
    close = rx.el.button(
        rx.icon("x", size=20, aria_hidden="true"),
        type="button",
        class_name="icon-button drawer-close",
        aria_label="Close",
        on_click=Accounts.close,
    )
    return rx.el.header(
        rx.el.div(
            rx.el.h2(ONE["name"].to(str), class_name="drawer-title"),
            rx.el.p(
                rx.el.span(ONE["username"].to(str), class_name="quiet"), state_badge(ONE), class_name="drawer-status"
            ),
        ),
        close,
        class_name="drawer-head",
    )


def _facts() -> rx.Component:
    last = rx.cond(ONE["signed_in_at"] != "", at(at=ONE["signed_in_at"].to(str), form="day"), "never")
    facts = (
        ("Role", rx.el.span(ONE["role_words"].to(str), class_name="roll-role")),
        ("Wards", rx.cond(ONE["where"] != "", ONE["where"].to(str), "none")),
        ("Last sign-in", last),
        ("Second factor", rx.cond(ONE["factor"].to(bool), "set up", "none")),
    )
    return rx.el.dl(*(part for word, value in facts for part in (rx.el.dt(word), rx.el.dd(value))), class_name="facts")


def _act(word: str, what: str, *, main: bool = False) -> rx.Component:
    kind = "button button-main" if main else "button"
    return rx.el.button(word, type="button", class_name=kind, on_click=Accounts.ask(what))


def _acts() -> rx.Component:
    opened = rx.fragment(
        _act("Role and wards…", "access", main=True),
        rx.cond(
            MYSELF,
            rx.link("My password…", href="/password", class_name="button", underline="none"),
            _act("New first password…", "reset"),
        ),
        _act("Sign out everywhere…", "sign_out"),
        rx.cond(ONE["factor"].to(bool) & ~MYSELF, _act("Take off the second factor…", "factor"), rx.fragment()),
        rx.cond(MYSELF, rx.fragment(), _act("Close the account…", "deactivate")),
    )
    closed = _act("Open again…", "reactivate", main=True)
    return rx.el.div(rx.cond(CLOSED, closed, opened), class_name="acts")


def _browser(row: rx.Var[dict[str, Any]]) -> rx.Component:
    where = rx.cond(row["browser"] != "", row["browser"].to(str), "A browser")
    since = rx.el.span("since ", at(at=row["since"].to(str), form="day"), class_name="quiet")
    return rx.el.li(rx.el.span(where), since, key=row["id"].to(str))


def _change(row: rx.Var[dict[str, Any]]) -> rx.Component:
    return rx.el.li(
        at(at=row["at"].to(str), form="day", class_name="story-at"),
        rx.el.span(row["what"].to(str)),
        rx.el.span("by ", row["who"].to(str), class_name="quiet"),
        key=row["id"].to(str),
    )


def _part(title: str, rows: rx.Var[list[Any]], each: Any, nothing: str, kind: str) -> rx.Component:
    shown = rx.el.ul(rx.foreach(rows, each), class_name=kind)
    return rx.el.section(
        rx.el.h3(title, class_name="drawer-heading"),
        rx.cond(rows.length() > 0, shown, rx.el.p(nothing, class_name="quiet small")),
    )


def drawer() -> rx.Component:
    """Nothing until somebody is chosen. The value of the one before is not shown under the next one's name."""
    audit = rx.link(
        "All they did, in the audit", href=f"/admin/audit?who={ONE['username']}", class_name="small", underline="always"
    )
    shown = rx.fragment(
        _head(),
        _facts(),
        _acts(),
        _part("Signed in", BROWSERS, _browser, "In no browser now.", "drawer-tasks"),
        _part("What was done to it", CHANGES, _change, "Nothing yet.", "story"),
        audit,
    )
    waiting = skeleton(bone("bone-title"), bone("bone-line"), bone("bone-line"), bone("bone-block"))
    there = ONE.contains("id") & (ONE["id"].to(int) == Accounts.open_id)
    aside = held_focus(
        rx.cond(there, shown, waiting),
        # Not while a dialog is open: its Escape is its own.
        rx.cond(Accounts.asking == "", EscapeCloses.create(selector=".drawer-close"), rx.fragment()),
        label="One account",
    )
    return rx.cond(Accounts.open_id > 0, aside, rx.fragment())
