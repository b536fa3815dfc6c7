"""An address that leads nowhere."""

from __future__ import annotations

import reflex as rx

from hospital_ops.components.shell import logo, plain_frame
from hospital_ops.state.person import Person


def not_found() -> rx.Component:
    """Every unknown path."""
    return plain_frame(
        rx.el.div(
            logo(),
            rx.el.h1("There is nothing at this address", class_name="title"),
            rx.el.p("The page may have moved, or the link was cut short.", class_name="lead"),
            rx.link(
                "Back to my pages", href=Person.home, class_name="button button-main button-large", underline="none"
            ),
            class_name="entrance",
        )
    )
