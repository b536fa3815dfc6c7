"""Who this is, insured by whom, and which bed is wanted: the lower half of the desk's form, and what follows it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.desk_parts import AskWithForm, Row, V, radio, rows
from hospital_ops.components.live import at
from hospital_ops.components.states import empty
from hospital_ops.domain.eligibility import Coverage
from hospital_ops.domain.placement import Isolation
from hospital_ops.state.desk import Desk

_SEX = (("female", "Female"), ("male", "Male"), ("other", "Other"), ("unknown", "Not known"))
_ISOLATION = tuple((i.value, i.value.capitalize()) for i in Isolation if i is not Isolation.UNANSWERED)


def insurance() -> rx.Component:
    """The newest answer, when and by whom, and one button. It never stands in the way."""
    held = V["insurance"].to(dict[str, Any])
    asking = held["status"] == Coverage.ASKING.value
    when = rx.el.p(
        rx.cond(asking, "Asked ", "Answered "),
        at(at=rx.cond(asking, held["asked_at"].to(str), held["answered_at"].to(str))),
        " · by ", held["by"].to(str), " · ", held["payer"].to(str), " ", held["number"].to(str),
        class_name="quiet insurance-when",
    )  # fmt: skip
    changed = rx.el.p("Asked with other words than stand here now.", class_name="doubt")
    detail = rx.el.p(
        held["plan"].to(str),
        rx.cond(held["until"] != "", rx.Var.create(" · until ") + held["until"].to(str), ""),  # type: ignore[operator]
    )
    answered = rx.fragment(
        rx.el.p(
            rx.cond(asking, rx.el.i(class_name="turning", aria_hidden="true"), rx.fragment()),
            rx.el.b(held["words"].to(str)),
            class_name="insurance-words",
            role="status",
        ),
        rx.cond(held["plan"] != "", detail, rx.fragment()),
        rx.el.p(held["advice"].to(str), class_name="quiet"),
        when,
        rx.cond(held["changed"].to(bool), changed, rx.fragment()),
    )
    ask = AskWithForm.create(
        rx.cond(held["status"] == "", "Ask the insurance", "Ask again"),
        class_name="button",
        on_ask=Desk.ask_insurance,
    )
    return rx.el.section(
        rx.el.h3("Insurance", class_name="field-label"),
        rx.cond(held["status"] != "", answered, rx.el.p("Nobody has asked yet.", class_name="quiet")),
        rx.cond(asking, rx.fragment(), ask),
        class_name="insurance",
        aria_label="Insurance",
        custom_attrs={"data-coverage": held["status"].to(str)},
    )


def duplicates() -> rx.Component:
    """A warning with its reasons; the desk decides, nothing stops."""
    alike = rows("alike")
    found = rx.el.fieldset(
        rx.el.legend("Do we know this patient already?", class_name="field-label"),
        radio("same_as", "", "No, this is somebody new", default_checked=True),
        rx.foreach(alike, lambda one: radio("same_as", one["patient_id"].to(str), _who(one))),
        class_name="duplicates",
        key=V["id"].to(str),
    )
    return rx.cond(alike.length() > 0, found, rx.fragment())


def _who(one: Row) -> rx.Component:
    here = rx.cond(one["here"].to(bool), rx.el.b(" · is in the house now"), rx.fragment())
    return rx.el.span(
        rx.el.b(one["who"].to(str)), f", born {one['dob']}", here,
        rx.el.span(one["why"].to(list[str]).join("; "), class_name="quiet why"),
    )  # fmt: skip


def admission() -> rx.Component:
    """What bed is wanted. Isolation and sex have no silent answer."""
    unit = rx.el.select(
        rx.el.option("Choose the unit", value=""),
        rx.foreach(V["units"].to(list[str]), lambda name: rx.el.option(name, value=name)),
        name="unit",
        id="unit",
        required=True,
        class_name="field field-large",
    )
    isolation = [radio("isolation", value, word, required=True) for value, word in _ISOLATION]
    sex = [radio("sex", value, word, required=True, default_checked=V["sex"] == value) for value, word in _SEX]
    return rx.el.div(
        rx.el.div(rx.el.label("Unit", html_for="unit", class_name="field-label"), unit),
        rx.el.fieldset(rx.el.legend("Isolation", class_name="field-label"), *isolation),
        rx.el.fieldset(rx.el.legend("Sex, for the room", class_name="field-label"), *sex, key=f"sex-{V['id']}"),
        rx.el.label(
            rx.el.input(type="checkbox", name="telemetry"),
            rx.el.span("Needs telemetry"),
            class_name="option option-small",
        ),
        class_name="admission",
    )


def found_later() -> rx.Component:
    """After confirming: somebody who turns out to be known is joined from here."""
    alike = rows("alike")

    def one(other: Row) -> rx.Component:
        same = rx.el.button(
            "The same person", rx.el.span(f": {other['who']}", class_name="sr-only"),
            type="button", class_name="button", on_click=Desk.join(other["patient_id"].to(int)),
        )  # fmt: skip
        return rx.el.li(_who(other), same, class_name="join")

    shown = rx.el.section(
        rx.el.h3("Resembles", class_name="field-label"), rx.el.ul(rx.foreach(alike, one)), class_name="duplicates"
    )
    return rx.cond(alike.length() > 0, shown, rx.fragment())


def joins(found: rx.Var[list[dict[str, Any]]], heading: str) -> rx.Component:
    """Records that were found to be one person, each with the way back."""
    shown = rx.el.section(
        rx.el.h3(heading, class_name="field-label"), rx.el.ul(rx.foreach(found, _join)), class_name="joins"
    )
    return rx.cond(found.length() > 0, shown, rx.fragment())


def _join(one: Row) -> rx.Component:
    back = rx.el.button(
        "They are two people", rx.el.span(f": {one['who']}; {one['into']}", class_name="sr-only"),
        type="button", class_name="button", on_click=Desk.part(one["patient_id"].to(int)),
    )  # fmt: skip
    words = rx.el.span(
        rx.el.b(one["who"].to(str)), " is the same as ", rx.el.b(one["into"].to(str)),
        rx.el.span("since ", at(at=one["at"].to(str)), " · ", one["by"].to(str), class_name="quiet why"),
    )  # fmt: skip
    return rx.el.li(words, back, class_name="join", custom_attrs={"data-joined": one["patient_id"].to(str)})


def beds() -> rx.Component:
    """Admitted: a bed, or the ready ones that fit, each with its reasons."""
    find = rx.el.button(
        "Which beds fit now?", type="button", class_name="button", on_click=Desk.find_bed(V["request_id"].to(int))
    )
    offers = rx.cond(
        Desk.offers.length() > 0,
        rx.el.ol(rx.foreach(Desk.offers, _offer), class_name="offers"),
        empty("No ready bed fits now", "The request stands on the board; bed management sees it.", icon="bed"),
    )
    misfits = rx.el.details(
        rx.el.summary("Ready, but why not"), rx.el.ul(rx.foreach(Desk.misfits, _misfit), class_name="offers")
    )
    asked = rx.fragment(offers, rx.cond(Desk.misfits.length() > 0, misfits, rx.fragment()))
    waiting = rx.fragment(
        rx.el.h3("Waits for a bed", class_name="drawer-heading"),
        find,
        rx.cond(Desk.request_id == V["request_id"].to(int), asked, rx.fragment()),
    )
    placed = empty(rx.Var.create("Lies in bed ") + V["bed"].to(str), "The board shows it too.")  # type: ignore[operator]
    return rx.cond(V["bed"] != "", placed, rx.cond(V["request_id"].to(int) > 0, waiting, empty("Nothing left to do")))


def _offer(offer: Row) -> rx.Component:
    place = rx.el.button(
        "Place here", type="button", class_name="button button-main", on_click=Desk.place(offer["bed_id"].to(int))
    )
    return rx.el.li(
        rx.el.div(rx.el.b(offer["label"].to(str)), place, class_name="offer-top"),
        rx.el.p(offer["passed"].to(list[str]).join(" · "), class_name="quiet"),
        class_name="offer",
    )


def _misfit(offer: Row) -> rx.Component:
    why = rx.el.p(offer["against"].to(list[str]).join(" · "), class_name="quiet")
    return rx.el.li(rx.el.b(offer["label"].to(str)), why, class_name="offer")
