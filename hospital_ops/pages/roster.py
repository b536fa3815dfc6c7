"""The roster of one ward, week by week: gaps first, the grid, and for planners swaps, import and publishing."""

from __future__ import annotations

import reflex as rx

from hospital_ops.components.live import live_panel
from hospital_ops.components.roster_dialogs import cell_dialog, import_dialog, propose_dialog, publish_dialog
from hospital_ops.components.roster_grid import MAY_PLAN, VALUE, Rows, gaps, grid
from hospital_ops.components.shell import frame
from hospital_ops.components.states import bone, skeleton
from hospital_ops.components.swap_decisions import swaps_to_decide
from hospital_ops.state.roster import Roster


def _step(word: str, icon: str, weeks: int) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=18, aria_hidden="true"),
        type="button",
        class_name="button",
        on_click=Roster.go(weeks),
        custom_attrs={"aria-label": word},
    )


def _where() -> rx.Component:
    ward = rx.el.select(
        rx.foreach(
            Roster.wards,
            lambda ward: rx.el.option(ward["name"].to(str), value=ward["id"].to(str), key=ward["id"].to(str)),
        ),
        value=Roster.ward_id.to(str),
        on_change=Roster.show,
        class_name="field",
    )
    return rx.el.div(
        rx.el.label(rx.el.span("Ward", class_name="sr-only"), ward),
        _step("Week before", "chevron-left", -1),
        rx.el.button("This week", type="button", class_name="button", on_click=Roster.go(0)),
        _step("Week after", "chevron-right", 1),
        class_name="roster-where",
    )


def _plan() -> rx.Component:
    changes = VALUE["changes"].to(Rows).length()
    publish = rx.el.button(
        f"Publish {changes} changes…", type="button", class_name="button button-main", on_click=Roster.ask("publish")
    )
    gapped = VALUE["gaps"].to(Rows).length() > 0
    propose = rx.el.button("Propose…", type="button", class_name="button", on_click=Roster.propose)
    file = rx.el.button("Import…", type="button", class_name="button", on_click=Roster.ask("import"))
    none = rx.el.span("Nothing is drafted.", class_name="quiet")
    return rx.cond(
        MAY_PLAN,
        rx.el.div(
            rx.cond(gapped, propose, rx.fragment()), file, rx.cond(changes > 0, publish, none), class_name="acts"
        ),
        rx.fragment(),
    )


def _loading() -> rx.Component:
    return skeleton(bone("bone-title"), bone("bone-card"), bone("bone-block"))


def roster() -> rx.Component:
    """/staffing/roster"""
    head = rx.el.header(
        rx.el.h1("Roster", class_name="title"),
        rx.el.p(VALUE["ward"].to(str), ", ", VALUE["week"].to(str), class_name="lead"),
    )
    waiting = rx.cond(MAY_PLAN, swaps_to_decide(), rx.fragment())
    shown = rx.el.div(head, _where(), _plan(), waiting, gaps(), grid(), class_name="staffing")
    dialogs = rx.cond(
        MAY_PLAN, rx.fragment(cell_dialog(), import_dialog(), propose_dialog(), publish_dialog()), rx.fragment()
    )
    body = live_panel(rx.cond(VALUE.contains("rows"), shown, _loading()), dialogs, label="Roster")
    return frame("/staffing/roster", body, skeleton=_loading())
