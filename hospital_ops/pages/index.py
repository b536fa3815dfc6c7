"""The entrance."""

from __future__ import annotations

import reflex as rx

from hospital_ops.components.shell import logo, plain_frame
from hospital_ops.state.person import Person


def index() -> rx.Component:
    """/ : two ways in, one for staff, one for patients."""
    inside = rx.link(
        rx.el.span("Continue as ", Person.name),
        href=Person.home,
        class_name="button button-main button-large",
        underline="none",
    )
    outside = rx.link("Sign in", href="/login", class_name="button button-main button-large", underline="none")
    return plain_frame(
        rx.el.div(
            logo(),
            rx.el.h1("Hospital operations", class_name="display"),
            rx.el.p("Beds, tasks, arrivals and staffing of one hospital, as they are now.", class_name="lead"),
            rx.cond(Person.name != "", inside, outside),
            rx.el.p(
                "Are you a patient? ",
                rx.link("Register here · Regístrese aquí", href="/intake", class_name="text-link"),
            ),
            class_name="entrance",
        )
    )
