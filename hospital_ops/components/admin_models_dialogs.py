"""Asked before another release serves. The gate's refusal stays in the dialog, with a field for a reason against it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import gives_focus_back
from hospital_ops.domain.releases import LONGEST_REASON
from hospital_ops.state.models import BACK, SERVE, Models


def _reason() -> rx.Component:
    field = rx.el.input(
        name="reason", max_length=LONGEST_REASON, class_name="field", auto_complete="off", required=True
    )
    words = "Reason to let it serve all the same; it stands in the audit"
    return rx.el.label(rx.el.span(words, class_name="field-label"), field)


def _sheet(asking: str, title: str, words: Any, button: str) -> rx.Component:
    back = rx.dialog.close(rx.el.button("Back", type="button", class_name="button button-plain"))
    problem = rx.el.p(Models.problem, class_name="form-problem", role="alert")
    form = rx.el.form(
        rx.cond(Models.problem != "", problem, rx.fragment()),
        rx.cond(Models.refused, _reason(), rx.fragment()),
        rx.el.div(
            rx.el.button(
                rx.cond(Models.refused, "Serve it against the gate", button),
                type="submit",
                class_name="button button-main",
            ),
            back,
            class_name="acts",
        ),
        on_submit=Models.act,
        class_name="question",
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title), rx.dialog.description(words), form, class_name="sheet", **gives_focus_back()
        ),
        open=Models.asking == asking,
        on_open_change=Models.put_away,
    )


def model_dialogs() -> rx.Component:
    named = rx.el.code(Models.version)
    return rx.fragment(
        _sheet(
            SERVE,
            "Let this release serve?",
            rx.fragment(named, " speaks from now on, and everybody is forecast again. It is written in the audit."),
            "Let it serve",
        ),
        _sheet(
            BACK,
            "Go back to the one before?",
            rx.fragment(named, " served before and does again. It is written in the audit."),
            "Go back",
        ),
    )
