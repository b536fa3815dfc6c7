"""The wards: how long before a patient leaves each wants to know it, and how often it did of late."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.admin_parts import tabs
from hospital_ops.components.states import empty
from hospital_ops.domain.stays import LONGEST_NOTICE_MINUTES, SHORTEST_NOTICE_MINUTES
from hospital_ops.state.feed import Feed
from hospital_ops.state.wards import Wards

VALUE: rx.Var[dict[str, Any]] = Feed.wards
Row = rx.Var[dict[str, Any]]


def _form(row: Row) -> rx.Component:
    target = row["target_minutes"].to(int)
    # Another target by somebody else draws the field anew.
    field = rx.el.input(
        type="number",
        name="minutes",
        min=str(SHORTEST_NOTICE_MINUTES),
        max=str(LONGEST_NOTICE_MINUTES),
        required=True,
        default_value=target.to(str),
        class_name="field",
        key=target.to(str),
    )
    return rx.el.form(
        # As fields: a form in a list has its handler outside of it, where no row is known.
        rx.el.input(type="hidden", name="ward_id", value=row["id"].to(str)),
        rx.el.input(type="hidden", name="seen", value=target.to(str)),
        rx.el.label(rx.el.span(f"Minutes before leaving, ward {row['code']}", class_name="sr-only"), field),
        rx.el.span("min", class_name="quiet", aria_hidden="true"),
        rx.el.button("Save", type="submit", class_name="button", aria_label=f"Save ward {row['code']}"),
        on_submit=Wards.set_notice,
        class_name="notice-form",
    )


def _late(row: Row) -> rx.Component:
    told = rx.fragment(
        rx.el.b(f"{row['met']} of {row['left']}"), rx.el.span(f" · median {row['middle']} min", class_name="quiet")
    )
    return rx.cond(row["left"].to(int) > 0, told, rx.el.span("nobody left", class_name="quiet"))


def _row(row: Row) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.span(row["code"].to(str), class_name="ward-code"),
            " ",
            row["name"].to(str),
            rx.el.span(f" · floor {row['floor']} · {row['beds']} beds", class_name="quiet"),
            scope="row",
        ),
        rx.el.td(_late(row)),
        rx.el.td(_form(row)),
        custom_attrs={"data-ward-row": row["code"].to(str)},
        key=row["id"].to(str),
    )


def wards_list() -> rx.Component:
    """One line a ward, in their order on the board."""
    rows = VALUE["wards"].to(list[dict[str, Any]])
    table = rx.el.table(
        rx.el.caption("Wards and the notice they want", class_name="sr-only"),
        rx.el.thead(
            rx.el.tr(
                rx.el.th("Ward", scope="col"),
                rx.el.th(f"In time, last {VALUE['days']} days", scope="col"),
                rx.el.th("Notice wanted", scope="col"),
            )
        ),
        rx.el.tbody(rx.foreach(rows, _row)),
        class_name="settings wards-table",
    )
    return rx.el.section(
        tabs("/admin/wards"),
        rx.el.header(rx.el.h1("Wards", class_name="title"), class_name="page-head"),
        rx.el.p(
            "A bed that empties by surprise cannot be planned for. How long before a patient leaves should the bed be "
            "marked as leaving?",
            class_name="lead wards-lead",
        ),
        rx.cond(
            rows.length() > 0,
            rx.el.div(table, class_name="panel"),
            empty("This hospital has no wards yet", icon="bed"),
        ),
    )
