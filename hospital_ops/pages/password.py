"""Choosing one's own password: after the first one that was made for somebody, or whenever they like."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import ProblemFromAddress
from hospital_ops.components.plain_form import plain_form
from hospital_ops.components.shell import logo
from hospital_ops.components.states import bone, skeleton
from hospital_ops.domain.accounts import SHORTEST_PASSWORD, WEAK
from hospital_ops.state.person import Person

PROBLEMS: dict[str, str] = {
    **WEAK,
    "differ": "The two new passwords are not the same. Please type both again.",
    "wrong": "The password you have now is not right. Please try again.",
    "too_many": "Too many attempts. Please wait a few minutes before the next one.",
    "away": "The hospital's database cannot be reached at the moment. Please try again.",
}


def _field(name: str, label: Any, words: str = "", **props: Any) -> rx.Component:
    hint = {"aria-describedby": f"{name}-hint"} if words else {}
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="field-label"),
        rx.el.input(
            id=name,
            name=name,
            type="password",
            required=True,
            class_name="field field-large",
            custom_attrs=hint,
            **props,
        ),
        rx.el.p(words, id=f"{name}-hint", class_name="quiet small") if words else rx.fragment(),
    )


def _form() -> rx.Component:
    first = Person.must_choose
    lead = rx.cond(
        first,
        "The one you signed in with was made for you, and somebody else has seen it. Choose one that only you know.",
        "You stay signed in here and are signed out everywhere else.",
    )
    leave = rx.link("Back", href=Person.home, class_name="button button-plain button-wide", underline="none")
    sign_out = plain_form(
        rx.el.button("Sign out", type="submit", class_name="button button-plain button-wide"),
        action="/api/session/end",
    )
    form = plain_form(
        _field(
            "current",
            rx.cond(first, "The password you were given", "The password you have now"),
            auto_complete="current-password",
        ),
        _field(
            "new",
            "Your new password",
            f"At least {SHORTEST_PASSWORD} characters. Three or four words that do not belong together make a good one.",
            auto_complete="new-password",
            min_length=SHORTEST_PASSWORD,
        ),
        _field("again", "The new one again", auto_complete="new-password", min_length=SHORTEST_PASSWORD),
        rx.el.button("Keep this password", type="submit", class_name="button button-main button-large button-wide"),
        action="/api/session/password",
        class_name="login-form",
    )
    return rx.fragment(
        rx.el.h1("Choose your password", class_name="title"),
        rx.el.p(lead, class_name="quiet"),
        ProblemFromAddress.create(sentences=PROBLEMS, class_name="login-problem"),
        form,
        rx.cond(first, sign_out, leave),
    )


def password() -> rx.Component:
    """/password

    Without the door of other pages: the form's own answer leads on, and must not be overtaken by the end of the
    session id that it replaces.
    """
    waiting = skeleton(bone("bone-title"), bone("bone-block"))
    body = rx.cond(Person.arrived & (Person.name != ""), _form(), waiting)
    return rx.el.main(rx.el.div(logo(), body, class_name="login"), class_name="plain", id="main")
