"""The parts of a patient's page: when they leave, what is to be done before, what happened, where else to lie."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import gives_focus_back
from hospital_ops.components.bed_choice import excluded, fitting
from hospital_ops.components.foretold import foretold
from hospital_ops.components.live import at, since
from hospital_ops.domain.access import Permission
from hospital_ops.state.feed import Feed
from hospital_ops.state.patients import STAY_VERBS, PatientPage
from hospital_ops.state.person import Person
from hospital_ops.state.verbs import VERBS, Verb

PATIENT: rx.Var[dict[str, Any]] = Feed.patient
BED = PATIENT["bed"].to(dict[str, Any])
REQUEST = PATIENT["request"].to(dict[str, Any])
FORECAST = PATIENT["forecast"].to(dict[str, Any])
Row = rx.Var[dict[str, Any]]
_SIGNS = {"door": "door-open", "bed": "bed", "order": "log-out", "task": "check", "paper": "file-text"}


def panel(title: str, *children: rx.Component, **props: Any) -> rx.Component:
    return rx.el.section(rx.el.h2(title, class_name="panel-title"), *children, class_name="panel", **props)


def _rows(name: str) -> rx.Var[list[dict[str, Any]]]:
    return PATIENT[name].to(list[dict[str, Any]])


# --- Acts ------------------------------------------------------------------------------------------------------------


def _verb(name: str, verb: Verb) -> rx.Component:
    button = rx.el.button(
        verb.label,
        type="button",
        class_name="button button-main" if verb.main else "button",
        on_click=PatientPage.act(name, BED["id"].to(int), BED["version"].to(int)),
    )
    statuses = rx.Var.create(sorted(status.value for status in verb.statuses))
    allowed = Person.permissions.contains(verb.permission.value) & statuses.contains(BED["status"].to(str))
    # What a person has ordered needs no second order.
    if name == "confirm_discharge":
        allowed = allowed & (BED["pending_source"] != "order")
    return rx.cond(allowed, button, rx.fragment())


def acts() -> rx.Component:
    """What may be done now, by permission and by where the stay is."""
    may_place = Person.permissions.contains(Permission.STAY_PLACE.value)
    move = rx.el.button("Move to…", type="button", class_name="button", on_click=PatientPage.seek(BED["id"].to(int), 0))
    find = rx.el.button(
        "Find a bed",
        type="button",
        class_name="button button-main",
        on_click=PatientPage.seek(0, REQUEST["id"].to(int)),
    )
    in_bed = rx.fragment(*(_verb(name, VERBS[name]) for name in STAY_VERBS), rx.cond(may_place, move, rx.fragment()))
    waits = rx.cond(PATIENT["request"] & may_place, find, rx.fragment())
    return rx.el.div(rx.cond(PATIENT["bed"], in_bed, waits), class_name="acts")


# --- Leaving ---------------------------------------------------------------------------------------------------------


def leaving() -> rx.Component:
    """The forecast as a range, with its reasons in words and who says so."""
    told = rx.fragment(
        rx.el.p(
            rx.cond(FORECAST["leaves"] != "", FORECAST["leaves"].to(str), "Could leave any time now"),
            class_name="leaves",
        ),
        foretold(FORECAST),
    )
    none = rx.el.p("No forecast yet. The next hourly scoring makes one.", class_name="quiet")
    ordered = rx.cond(
        BED["pending_source"] == "order",
        rx.el.p("A person has ordered it: leaves today.", class_name="ordered"),
        rx.fragment(),
    )
    return rx.cond(PATIENT["bed"], panel("Leaving", ordered, rx.cond(PATIENT["forecast"], told, none)), rx.fragment())


def _milestone(task: Row) -> rx.Component:
    icon = rx.cond(
        task["done"].to(bool),
        rx.icon("circle-check", size=20, aria_hidden="true"),
        rx.icon("circle", size=20, aria_hidden="true"),
    )
    who = rx.cond(task["who"] != "", f"{task['who']} · {task['status_words']}", task["status_words"].to(str))
    return rx.el.li(
        icon,
        rx.el.div(
            rx.el.b(task["description"].to(str)),
            rx.el.span(who, class_name="quiet"),
            rx.cond(task["reason"] != "", rx.el.span(task["reason"].to(str), class_name="quiet"), rx.fragment()),
            class_name="job-words",
        ),
        rx.cond(
            task["done"].to(bool),
            at(at=task["finished_at"].to(str), class_name="quiet"),
            since(at=task["since"].to(str), class_name="quiet"),
        ),
        custom_attrs={"data-done": task["done"].to(str)},
        class_name="milestone",
        key=task["id"].to(str),
    )


def milestones() -> rx.Component:
    rows = _rows("milestones")
    listed = panel("Before leaving", rx.el.ul(rx.foreach(rows, _milestone), class_name="milestones"))
    return rx.cond(rows.length() > 0, listed, rx.fragment())


def other_tasks() -> rx.Component:
    rows = _rows("tasks")
    listed = panel("Tasks", rx.el.ul(rx.foreach(rows, _milestone), class_name="milestones"))
    return rx.cond(rows.length() > 0, listed, rx.fragment())


# --- What happened ---------------------------------------------------------------------------------------------------


def _happened(line: Row) -> rx.Component:
    icons = ((kind, rx.icon(icon, size=16, aria_hidden="true")) for kind, icon in _SIGNS.items())
    return rx.el.li(
        rx.match(line["kind"], *icons, rx.fragment()),
        rx.el.div(
            rx.el.span(line["what"].to(str)),
            rx.el.span(line["where"].to(str), class_name="quiet"),
            class_name="job-words",
        ),
        at(at=line["at"].to(str), form="full", class_name="quiet"),
        class_name="happened",
    )


def timeline() -> rx.Component:
    rows = _rows("timeline")
    listed = rx.el.ol(rx.foreach(rows, _happened), class_name="happenings")
    return panel("What happened", rx.cond(rows.length() > 0, listed, rx.el.p("Nothing yet.", class_name="quiet")))


def documents() -> rx.Component:
    rows = _rows("documents")

    def paper(row: Row) -> rx.Component:
        return rx.el.li(
            rx.icon("file-text", size=18, aria_hidden="true"),
            rx.el.div(
                rx.el.span(row["side"].to(str)),
                rx.el.span(row["status"].to(str), class_name="quiet"),
                class_name="job-words",
            ),
            at(at=row["received_at"].to(str), form="full", class_name="quiet"),
            class_name="happened",
        )

    return rx.cond(
        rows.length() > 0, panel("Documents", rx.el.ul(rx.foreach(rows, paper), class_name="happenings")), rx.fragment()
    )


# --- Where else ------------------------------------------------------------------------------------------------------


def move_dialog() -> rx.Component:
    """Beds that fit, best first; and those that a rule excludes, with the rule."""
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Move to…"),
            rx.dialog.description("Best first. Every rule has been checked for each bed of your wards."),
            rx.el.div(
                fitting(PatientPage.offers, "Move here", PatientPage.move),
                excluded(PatientPage.misfits, "Ready, but why not", "Move here", PatientPage.move_anyway),
                class_name="candidates",
            ),
            rx.dialog.close(rx.el.button("Back", type="button", class_name="button button-plain")),
            class_name="sheet",
            **gives_focus_back(),
        ),
        open=(PatientPage.from_bed_id > 0) | (PatientPage.request_id > 0),
        on_open_change=PatientPage.close,
    )
