"""One registration on the desk: the cards beside the fields, typed beside read, and the admission under it."""

from __future__ import annotations

import reflex as rx

from hospital_ops.components.desk_admission import admission, beds, duplicates, found_later, insurance, joins
from hospital_ops.components.desk_fields import fields, pictures, told
from hospital_ops.components.desk_parts import FolderFocus, Row, V, rows
from hospital_ops.components.intake_parts import CopyLink
from hospital_ops.components.states import bone, skeleton
from hospital_ops.domain.intake import LONGEST_QUESTION
from hospital_ops.state.desk import Desk


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="version", value=V["version"].to(str), read_only=True),
        fields(),
        insurance(),
        duplicates(),
        admission(),
        rx.el.div(
            rx.el.button("Confirm and admit", type="submit", class_name="button button-main button-large"),
            rx.el.button(
                "Close this registration", type="button", class_name="button button-large", on_click=Desk.cancel
            ),
            class_name="step-buttons",
        ),
        on_submit=Desk.admit,
        class_name="verify-form",
        key=V["id"].to(str),
    )


def _asking() -> rx.Component:
    """Questions by screen, with their answers, and one more."""

    def one(asked: Row) -> rx.Component:
        waits = rx.el.span("no answer yet", class_name="quiet")
        answer = rx.cond(asked["answer"] != "", rx.el.b(asked["answer"].to(str)), waits)
        return rx.fragment(rx.el.dt(asked["question"].to(str)), rx.el.dd(answer))

    ask = rx.el.form(
        rx.el.label(
            "Ask the patient, on their own page",
            rx.cond(V["language"] == "es", " (they read Spanish)", ""),
            html_for="question",
            class_name="field-label",
        ),
        rx.el.textarea(
            id="question", name="question", rows="2", max_length=LONGEST_QUESTION, required=True, class_name="field"
        ),
        rx.el.button("Ask", type="submit", class_name="button"),
        on_submit=Desk.ask_patient,
        reset_on_submit=True,
        class_name="ask-patient",
    )
    may_ask = (V["status"] == "submitted") | (V["status"] == "started")
    heard = rx.el.dl(rx.foreach(rows("asked"), one), class_name="asked-answers", custom_attrs={"aria-live": "polite"})
    return rx.fragment(rx.cond(rows("asked").length() > 0, heard, rx.fragment()), rx.cond(may_ask, ask, rx.fragment()))


def _body() -> rx.Component:
    open_still = (V["status"] != "admitted") & (V["status"] != "cancelled")
    new_link = CopyLink.create(
        words=rx.Var.create({"copy": "New link for the patient", "copied": "Copied"}),
        address=f"/api/intake/link/{V['id']}",
        method="POST",
    )
    afterwards = rx.fragment(beds(), insurance_only(), found_later())
    return rx.el.div(
        rx.el.div(pictures(), told(), _asking(), new_link, class_name="folder-left"),
        rx.el.div(
            rx.cond(open_still, _form(), afterwards),
            joins(rows("joins"), "Joined records"),
            class_name="folder-right",
        ),
        class_name="folder-body",
    )


def insurance_only() -> rx.Component:
    """After the admission the insurance can still be asked, with the registration's own answers."""
    return rx.el.form(insurance(), on_submit=Desk.ask_insurance)


def folder() -> rx.Component:
    """The open registration, or nothing."""
    close = rx.el.button(
        rx.icon("x", size=18, aria_hidden="true"),
        type="button", class_name="icon-button", aria_label="Close", on_click=Desk.close,
    )  # fmt: skip
    head = rx.el.header(
        rx.el.h2(rx.cond(V["who"] != "", V["who"].to(str), "No name yet"), class_name="drawer-title", tab_index=-1),
        close,
        class_name="drawer-head",
    )
    waiting = skeleton(bone("bone-title"), bone("bone-line"), bone("bone-block"))
    shown = rx.cond(V.contains("id") & (V["id"].to(int) == Desk.open_id), rx.fragment(head, _body()), waiting)
    opened = rx.cond(Desk.open_id > 0, rx.el.section(shown, class_name="folder", aria_label="Verify"), rx.fragment())
    return rx.fragment(FolderFocus.create(open=Desk.open_id), opened)
