"""Signing in: plain forms, so that the cookie comes from our own endpoint and the socket opens with it.

Name and password first; an account with a second factor is then asked for its code (`?step=code`).
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import FreshTab, NextField, ProblemFromAddress, when
from hospital_ops.components.plain_form import plain_form
from hospital_ops.components.shell import logo, plain_frame

# What a code in the address means. The codes come from POST /api/session and from the end of a session.
PROBLEMS: dict[str, str] = {
    "wrong": "Name and password do not fit together. Please try again.",
    "too_many": "Too many attempts. Please wait a minute before the next one.",
    "code_wrong": "That code is not right, or was used before. Wait for the next one and try it.",
    "step_over": "That took too long. Please begin again with your name and password.",
    "away": "The hospital's database cannot be reached at the moment. Please try again.",
    "signed_out": "You were signed out. Please sign in again.",
    "access_changed": "What you may see has changed. Please sign in again.",
    "closed": "Your account has been closed. Ask the person who manages accounts if it should be open.",
    "left": "You are signed out.",
    "origin": "That request did not come from this site. Please try here.",
}


def _field(name: str, label: str, kind: str, **props: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="field-label"),
        rx.el.input(id=name, name=name, type=kind, class_name="field field-large", **props),
    )


def _name_and_password() -> rx.Component:
    return plain_form(
        _field("username", "Name", "text", auto_complete="username", auto_capitalize="none", required=True),
        _field("password", "Password", "password", auto_complete="current-password", required=True),
        NextField.create(),
        rx.el.button("Sign in", type="submit", class_name="button button-main button-large button-wide"),
        action="/api/session",
        class_name="login-form",
    )


def _code() -> rx.Component:
    form = plain_form(
        _field(
            "otp",
            "Code from your authenticator app",
            "text",
            auto_complete="one-time-code",
            auto_capitalize="none",
            auto_focus=True,
            spell_check=False,
            max_length=20,
            required=True,
            custom_attrs={"aria-describedby": "otp-help"},
        ),
        rx.el.p(
            "Six digits, new every half minute. Without your phone, type one of your recovery codes.",
            id="otp-help",
            class_name="quiet login-help",
        ),
        NextField.create(),
        rx.el.button("Go on", type="submit", class_name="button button-main button-large button-wide"),
        action="/api/session",
        class_name="login-form",
    )
    return rx.fragment(
        form,
        rx.el.p(rx.link("Begin again with another name", href="/login", class_name="text-link"), class_name="quiet"),
    )


def login() -> rx.Component:
    """/login"""
    return plain_frame(
        rx.el.div(
            logo(),
            rx.el.h1("Sign in", class_name="title"),
            ProblemFromAddress.create(sentences=PROBLEMS, class_name="login-problem"),
            when(_name_and_password(), name="step", value=""),
            when(_code(), name="step", value="code"),
            FreshTab.create(),
            class_name="login",
        )
    )
