"""Signing in: a plain form, so that the cookie comes from our own endpoint and the socket opens with it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import FreshTab, NextField, ProblemFromAddress
from hospital_ops.components.plain_form import plain_form
from hospital_ops.components.shell import logo, plain_frame

# What a code in the address means. The codes come from POST /api/session and from the end of a session.
PROBLEMS: dict[str, str] = {
    "wrong": "Name and password do not fit together. Please try again.",
    "too_many": "Too many attempts. Please wait a minute before the next one.",
    "away": "The hospital's database cannot be reached at the moment. Please try again.",
    "signed_out": "You were signed out. Please sign in again.",
    "access_changed": "What you may see has changed. Please sign in again.",
    "left": "You are signed out.",
    "origin": "That request did not come from this site. Please try here.",
}


def _field(name: str, label: str, kind: str, **props: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="field-label"),
        rx.el.input(id=name, name=name, type=kind, class_name="field field-large", **props),
    )


def login() -> rx.Component:
    """/login"""
    form = plain_form(
        _field("username", "Name", "text", auto_complete="username", auto_capitalize="none", required=True),
        _field("password", "Password", "password", auto_complete="current-password", required=True),
        NextField.create(),
        rx.el.button("Sign in", type="submit", class_name="button button-main button-large button-wide"),
        action="/api/session",
        class_name="login-form",
    )
    return plain_frame(
        rx.el.div(
            logo(),
            rx.el.h1("Sign in", class_name="title"),
            ProblemFromAddress.create(sentences=PROBLEMS, class_name="login-problem"),
            form,
            FreshTab.create(),
            class_name="login",
        )
    )
