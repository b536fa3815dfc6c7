"""The states that every page has beside its good one: loading, empty, refused, failed. Stale is the live panel's."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary


def empty(title: rx.Var[str] | str, words: str = "", icon: str = "check") -> rx.Component:
    """Nothing to show, and that is fine."""
    return rx.el.div(
        rx.icon(icon, size=22, aria_hidden="true"),
        rx.el.p(title, class_name="state-title"),
        rx.el.p(words) if words else rx.fragment(),
        class_name="state state-empty",
    )


def refused(sentence: rx.Var[str] | str) -> rx.Component:
    """Not this person's page."""
    return rx.el.main(
        rx.el.div(
            rx.icon("lock", size=22, aria_hidden="true"),
            rx.el.h1("This page is not open to you", class_name="state-title"),
            rx.el.p(sentence),
            class_name="state state-refused",
        ),
        class_name="page page-narrow",
        id="main",
    )


def failed(words: str = "This could not be shown. The hospital's data is safe; try again in a moment.") -> rx.Component:
    """Something of ours broke."""
    return rx.el.div(
        rx.icon("triangle-alert", size=22, aria_hidden="true"),
        rx.el.p("Something went wrong here", class_name="state-title"),
        rx.el.p(words),
        class_name="state state-failed",
        role="alert",
    )


def bone(class_name: str) -> rx.Component:
    """One grey shape of a skeleton, of the size of what it stands for, so that nothing jumps."""
    return rx.el.div(class_name=f"bone {class_name}", aria_hidden="true")


def skeleton(*bones: rx.Component, class_name: str = "") -> rx.Component:
    """Stands where a panel will be while its first value is on the way."""
    return rx.el.div(*bones, class_name=f"skeleton {class_name}", role="status", aria_label="Loading")


def page_boundary() -> rx.Component:
    """Round every page: when its own code fails in the browser, words stand there and nothing is sent anywhere."""
    words = "Reload the page. If it happens again, tell the person who looks after the computers."
    instead = rx.el.div(failed(words), class_name="radix-themes page page-narrow")
    return ErrorBoundary.create(fallback_render=instead, on_error=rx.noop())
