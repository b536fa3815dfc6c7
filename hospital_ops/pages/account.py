"""My account: who I am here, my password, where I am signed in, and the second factor."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import at, live_panel, since
from hospital_ops.components.second_factor_card import second_factor_card
from hospital_ops.components.shell import frame
from hospital_ops.components.states import bone, skeleton
from hospital_ops.domain.homes import PASSWORD_PAGE
from hospital_ops.state.account import Account
from hospital_ops.state.feed import Feed

MINE = Feed.account
SESSIONS = MINE["sessions"].to(list[dict[str, Any]])


def _who() -> rx.Component:
    wards = MINE["wards"].to(list[str])
    return rx.el.section(
        rx.el.h2("Who I am here", class_name="panel-title"),
        rx.el.dl(
            rx.el.dt("Name"),
            rx.el.dd(MINE["name"].to(str)),
            rx.el.dt("Signs in as"),
            rx.el.dd(MINE["username"].to(str)),
            rx.el.dt("Role"),
            rx.el.dd(MINE["role"].to(str)),
            rx.el.dt("Wards"),
            rx.el.dd(rx.cond(wards.length() > 0, wards.join(", "), "None")),
            class_name="facts",
        ),
        rx.el.p("Whoever manages accounts can change these.", class_name="quiet small"),
        class_name="panel account-card",
    )


def _password() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Password", class_name="panel-title"),
        rx.el.p("A new one signs you out everywhere but here."),
        rx.link("Change my password", href=PASSWORD_PAGE, class_name="button", underline="none"),
        class_name="panel account-card",
    )


def _session(row: rx.Var[dict[str, Any]]) -> rx.Component:
    is_this = row["id"].to(int) == Account.session_id
    words = rx.el.div(
        rx.el.b(row["browser"].to(str)),
        rx.el.span(
            "Since ",
            at(at=row["since"].to(str), form="full"),
            rx.cond(
                is_this,
                "",
                rx.el.span(" · last seen ", since(at=row["seen"].to(str), clock="real"), " ago"),
            ),
            class_name="quiet small",
        ),
        class_name="session-words",
    )
    end = rx.el.button(
        "Sign out",
        type="button",
        class_name="button",
        on_click=Account.end(row["id"].to(int)),
        custom_attrs={"aria-label": f"Sign out {row['browser']}"},
    )
    here = rx.el.span("This browser", class_name="tag")
    return rx.el.li(
        words,
        rx.cond(is_this, here, end),
        key=row["id"].to(str),
        class_name="session",
        custom_attrs={"data-session": row["id"].to(str)},
    )


def _sessions() -> rx.Component:
    all_others = rx.el.button("Sign out all others", type="button", class_name="button", on_click=Account.end_others)
    return rx.el.section(
        rx.el.h2("Where I am signed in", class_name="panel-title"),
        rx.el.ul(rx.foreach(SESSIONS, _session), class_name="sessions"),
        rx.cond(SESSIONS.length() > 1, all_others, rx.el.p("Nowhere else.", class_name="quiet")),
        class_name="panel account-card",
    )


def _loading() -> rx.Component:
    return skeleton(bone("bone-title"), bone("bone-block"), bone("bone-block"), class_name="account")


def account() -> rx.Component:
    """/account"""
    cards = rx.el.div(
        rx.el.h1("My account", class_name="title"),
        _who(),
        second_factor_card(),
        _password(),
        _sessions(),
        class_name="account",
    )
    body = live_panel(rx.cond(MINE.contains("sessions"), cards, _loading()), label="My account")
    return frame("/account", body, skeleton=_loading())
