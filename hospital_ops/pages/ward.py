"""One ward: what its nurses look at all day, on a tablet as on a desk."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import chip, filtered
from hospital_ops.components.bed_card import bed_card
from hospital_ops.components.bed_drawer import drawer
from hospital_ops.components.capacity import figure, stands_in
from hospital_ops.components.live import live_panel
from hospital_ops.components.milestones import leaving_here
from hospital_ops.components.shell import frame
from hospital_ops.components.states import bone, empty, skeleton
from hospital_ops.components.status import shape
from hospital_ops.components.waiting import waiting_row
from hospital_ops.components.ward_group import SHOWN, WARDS
from hospital_ops.state.feed import Feed
from hospital_ops.state.ward import WardPage

WARD: rx.Var[dict[str, Any]] = WARDS[WardPage.position - 1].to(dict[str, Any])
COUNTS = WARD["counts"].to(dict[str, int])


def _head() -> rx.Component:
    name = rx.el.h1(
        rx.el.span(WARD["code"].to(str), class_name="ward-code"), " ", WARD["name"].to(str), class_name="title"
    )
    floor = rx.el.p("Floor ", WARD["floor"], class_name="quiet")
    return rx.el.header(rx.el.div(name, floor), _back(), class_name="page-head")


def _back() -> rx.Component:
    return rx.link("All my wards", href="/board", class_name="button", underline="none")


def _strip() -> rx.Component:
    cells = rx.el.dl(
        figure(WARD["occupied"], "Occupied", "occupied", f" of {WARD['staffed']}"),
        figure(COUNTS["available"], "Ready", "available"),
        figure(COUNTS["reserved"], "Reserved", "reserved"),
        figure(COUNTS["pending_discharge"], "Leaving", "pending_discharge"),
        figure(COUNTS["dirty"], "To clean", "dirty"),
        figure(COUNTS["cleaning"], "Cleaning", "cleaning"),
        figure(COUNTS["blocked"] + COUNTS["closed"], "Out of use", "blocked"),
        class_name="cells",
    )
    return rx.el.section(cells, class_name="capacity ward-strip", aria_label="This ward now")


def _waiting() -> rx.Component:
    """Whoever waits for a bed of this ward's kind, or was promised one here."""
    rows = Feed.hospital["waiting"].to(list[dict[str, Any]])
    here = rx.el.ol(
        rx.foreach(
            rows,
            lambda row: rx.cond(
                (row["unit"] == WARD["unit"]) | (row["ward_id"] == WARD["id"]),
                waiting_row(row=row, key=row["request_id"].to(str)),
                rx.fragment(),
            ),
        ),
        class_name="waiting waiting-here",
    )
    title = rx.el.h2("Waiting for a bed here", class_name="side-title")
    return rx.el.section(title, here, class_name="ward-waiting", aria_label="Who waits for a bed here")


def _beds() -> rx.Component:
    rows = WARD["beds"].to(list[dict[str, Any]])
    states = [chip(shape(status), word, name="show", value=value) for value, (word, status) in SHOWN.items()]
    cards = rx.el.div(rx.foreach(rows, lambda bed: bed_card(bed=bed, key=bed["id"].to(str))), class_name="bed-cards")
    return rx.el.section(
        rx.el.div(*states, class_name="chips", role="group", aria_label="Point out beds"),
        rx.cond(rows.length() > 0, cards, empty("This ward has no beds yet", icon="bed")),
        class_name="ward-beds",
        aria_label="Beds",
    )


def _loading() -> rx.Component:
    cards = [bone("bone-card-bed") for _ in range(12)]
    return skeleton(bone("bone-title"), bone("bone-strip"), rx.el.div(*cards, class_name="bed-cards"))


def _outside() -> rx.Component:
    return rx.el.div(
        rx.icon("bed", size=22, aria_hidden="true"),
        rx.el.h1(WardPage.problem, class_name="state-title"),
        _back(),
        class_name="state state-refused",
    )


def _ward() -> rx.Component:
    shown = rx.el.div(
        _head(), _strip(), stands_in(), leaving_here(WARD), _waiting(), _beds(), drawer(), class_name="one-ward"
    )
    is_here = (WardPage.position > 0) & WARD.contains("beds")
    return rx.cond(WardPage.problem != "", _outside(), rx.cond(is_here, shown, _loading()))


def ward() -> rx.Component:
    """/board/[ward]"""
    body = filtered(live_panel(_ward(), label="Beds of one ward"), names="show")
    return frame("/board", body, skeleton=_loading())
