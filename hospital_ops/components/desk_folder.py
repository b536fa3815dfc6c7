"""One registration on the desk: the card's picture beside the fields, typed beside read, and the admission under it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.intake_parts import CopyLink, Fill, Zoom
from hospital_ops.components.states import bone, empty, skeleton
from hospital_ops.domain.placement import Isolation
from hospital_ops.state.desk import Desk
from hospital_ops.state.feed import Feed

V: rx.Var[dict[str, Any]] = Feed.verify
Row = rx.Var[dict[str, Any]]
_SEX = (("female", "Female"), ("male", "Male"), ("other", "Other"), ("unknown", "Not known"))
_ISOLATION = tuple((i.value, i.value.capitalize()) for i in Isolation if i is not Isolation.UNANSWERED)


def _rows(name: str) -> rx.Var[list[dict[str, Any]]]:
    return V[name].to(list[dict[str, Any]])


def _read(field: Row, read: Row) -> rx.Component:
    """What a card says about a field, with one press to take it over."""
    value = rx.el.span(
        rx.el.b(read["value"].to(str)),
        rx.cond(read["unsure"].to(bool), rx.el.span(" not sure", class_name="doubt"), rx.fragment()),
        rx.el.span(f" {read['from']}", class_name="quiet"),
    )
    take = Fill.create(
        "Use",
        target=f"v-{field['name']}",
        value=read["as_answer"].to(str),
        class_name="button button-small",
        custom_attrs={"aria-label": f"Use what the card says: {read['value']}"},
    )
    return rx.el.li(value, rx.cond(read["usable"].to(bool), take, rx.fragment()))


def _field(field: Row) -> rx.Component:
    reads = field["reads"].to(list[dict[str, Any]])
    name = field["name"].to(str)
    return rx.el.div(
        rx.el.label(field["label"].to(str), html_for=f"v-{name}", class_name="field-label"),
        rx.el.input(
            id=f"v-{name}",
            name=name,
            default_value=field["proposed"].to(str),
            type=rx.cond(name == "dob", "date", "text"),
            class_name="field field-large",
            auto_complete="off",
            custom_attrs={"aria-describedby": f"r-{name}"},
        ),
        rx.el.ul(
            rx.cond(
                field["typed"] != "",
                rx.el.li(rx.el.span("Typed ", class_name="quiet"), rx.el.b(field["typed"].to(str))),
                rx.el.li("Nothing typed", class_name="quiet"),
            ),
            rx.foreach(reads, lambda read: _read(field, read)),
            id=f"r-{name}",
            class_name="reads",
        ),
        class_name="verify-field",
        custom_attrs={"data-agreement": field["agreement"].to(str)},
        key=f"{V['id']}-{name}-{field['proposed']}",
    )


def _card(card: Row) -> rx.Component:
    picture = Zoom.create(src=f"/api/intake/document/{card['id']}/image?s={card['status']}", alt=card["label"].to(str))
    others = card["others"].to(list[dict[str, Any]])
    return rx.el.figure(
        rx.cond(card["image"].to(bool), picture, rx.el.div("No picture yet", class_name="no-picture quiet")),
        rx.el.figcaption(rx.el.b(card["label"].to(str)), " ", card["sentence"].to(str)),
        rx.el.dl(
            rx.foreach(others, lambda o: rx.fragment(rx.el.dt(o["label"].to(str)), rx.el.dd(o["value"].to(str)))),
            class_name="facts",
        ),
        key=card["id"].to(str),
    )


def _radio(name: str, value: Any, word: Any, **props: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name=name, value=value, **props), rx.el.span(word), class_name="option option-small"
    )


def _alike(one: Row) -> rx.Component:
    here = rx.cond(one["here"].to(bool), rx.el.b(" · is in the house now"), rx.fragment())
    words = rx.el.span(
        rx.el.b(one["who"].to(str)), f", born {one['dob']}", here,
        rx.el.span(one["why"].to(list[str]).join("; "), class_name="quiet why"),
    )  # fmt: skip
    return _radio("same_as", one["patient_id"].to(str), words)


def _duplicates() -> rx.Component:
    """A warning with its reasons; the desk decides, nothing stops."""
    alike = _rows("alike")
    found = rx.el.fieldset(
        rx.el.legend("Do we know this patient already?", class_name="field-label"),
        _radio("same_as", "", "No, this is somebody new", default_checked=True),
        rx.foreach(alike, _alike),
        class_name="duplicates",
        key=V["id"].to(str),
    )
    return rx.cond(alike.length() > 0, found, rx.fragment())


def _admission() -> rx.Component:
    unit = rx.el.select(
        rx.el.option("Choose the unit", value=""),
        rx.foreach(V["units"].to(list[str]), lambda name: rx.el.option(name, value=name)),
        name="unit",
        id="unit",
        required=True,
        class_name="field field-large",
    )
    isolation = [_radio("isolation", value, word, required=True) for value, word in _ISOLATION]
    sex = [_radio("sex", value, word, required=True, default_checked=V["sex"] == value) for value, word in _SEX]
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


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="version", value=V["version"].to(str), read_only=True),
        rx.el.div(rx.foreach(_rows("fields"), _field), class_name="verify-fields"),
        _duplicates(),
        _admission(),
        rx.el.div(
            rx.el.button("Confirm and admit", type="submit", class_name="button button-main button-large"),
            rx.el.button("Close this registration", type="button", class_name="button", on_click=Desk.cancel),
            class_name="step-buttons",
        ),
        on_submit=Desk.admit,
        class_name="verify-form",
        key=V["id"].to(str),
    )


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


def _beds() -> rx.Component:
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


def _told() -> rx.Component:
    rows = rx.foreach(
        _rows("told"),
        lambda row: rx.cond(
            row["value"] != "",
            rx.fragment(rx.el.dt(row["label"].to(str)), rx.el.dd(row["value"].to(str))),
            rx.fragment(),
        ),
    )
    missing = V["missing"].to(list[str])
    warn = rx.el.p(rx.el.b("Missing: "), missing.join(", "), class_name="missing")
    return rx.fragment(rx.el.dl(rows, class_name="facts"), rx.cond(missing.length() > 0, warn, rx.fragment()))


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
    open_still = (V["status"] != "admitted") & (V["status"] != "cancelled")
    new_link = CopyLink.create(
        words=rx.Var.create({"copy": "New link for the patient", "copied": "Copied"}),
        address=f"/api/intake/link/{V['id']}",
        method="POST",
    )
    body = rx.el.div(
        rx.el.div(rx.foreach(_rows("cards"), _card), _told(), new_link, class_name="folder-left"),
        rx.el.div(rx.cond(open_still, _form(), _beds()), class_name="folder-right"),
        class_name="folder-body",
    )
    waiting = skeleton(bone("bone-title"), bone("bone-line"), bone("bone-block"))
    shown = rx.cond(V.contains("id") & (V["id"].to(int) == Desk.open_id), rx.fragment(head, body), waiting)
    return rx.cond(Desk.open_id > 0, rx.el.section(shown, class_name="folder", aria_label="Verify"), rx.fragment())
