"""A status as colour, shape and word together; never one of them alone."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.theme import STATUS


def shape(status: rx.Var[str] | str, **props: Any) -> rx.Component:
    """The status's shape, in its colour. Decoration: the word stands beside it or in the element's label."""
    return rx.el.i(class_name="shape", aria_hidden="true", custom_attrs={"data-status": status}, **props)


def mark(name: str) -> rx.Component:
    """A small sign: isolation, telemetry, female, male, task."""
    return rx.el.i(class_name="mark", aria_hidden="true", custom_attrs={"data-mark": name})


def word(status: rx.Var[str] | str) -> rx.Var[str]:
    """The status in a nurse's words."""
    return rx.match(status, *((name, look.word) for name, look in STATUS.items()), "")  # type: ignore[return-value]


def short_word(status: rx.Var[str] | str) -> rx.Var[str]:
    """The status in a word that fits a tile; "" for occupied, where the patient's initials stand."""
    return rx.match(status, *((name, look.short) for name, look in STATUS.items()), "")  # type: ignore[return-value]


def badge(status: rx.Var[str]) -> rx.Component:
    """Shape and word in one pill."""
    return rx.el.span(
        rx.el.i(class_name="shape", aria_hidden="true"),
        word(status),
        class_name="status-badge",
        custom_attrs={"data-status": status},
    )
