"""The roster's week: gaps first, then people down and days across. A day is one button that opens what is to be there."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.states import empty
from hospital_ops.domain.access import Permission
from hospital_ops.state.feed import Feed
from hospital_ops.state.person import Person
from hospital_ops.state.roster import Roster

VALUE: rx.Var[dict[str, Any]] = Feed.roster
Row = rx.Var[dict[str, Any]]
Rows = list[dict[str, Any]]
MAY_PLAN = Person.permissions.contains(Permission.STAFFING_PLAN.value)


def gaps() -> rx.Component:
    """Where nurses are short this week, for the patients of now."""
    short = VALUE["gaps"].to(Rows)
    listed = rx.el.ul(
        rx.foreach(
            short,
            lambda one: rx.el.li(
                rx.el.b(one["words"].to(str)),
                rx.el.span(f"{one['planned']} of {one['needed']} nurses", class_name="quiet"),
                key=one["key"].to(str),
                class_name="roster-gap",
            ),
        ),
        class_name="roster-gaps",
    )
    none = rx.el.p("No nurse is missing this week.", class_name="quiet")
    return rx.el.section(
        rx.el.h2("Gaps", rx.el.span(short.length(), class_name="count"), class_name="panel-title"),
        rx.el.p(
            "Nurses by ratio and acuity, for the patients counted at ",
            VALUE["counted"].to(str),
            class_name="quiet small",
        ),
        rx.cond(short.length() > 0, listed, none),
    )


def _shift(one: Row) -> rx.Component:
    sign = rx.match(
        one["state"],
        ("joins", rx.el.span("new", class_name="roster-sign")),
        ("leaves", rx.el.span("off", class_name="roster-sign")),
        rx.fragment(),
    )
    against = rx.cond(
        one["why"] != "",
        rx.icon("triangle-alert", size=14, custom_attrs={"aria-label": "Against a rule"}),
        rx.fragment(),
    )
    place = rx.cond(one["place"] != "", rx.el.span(one["place"].to(str), class_name="quiet"), rx.fragment())
    return rx.el.span(
        one["word"].to(str),
        place,
        sign,
        against,
        class_name="roster-shift",
        title=one["why"].to(str),
        custom_attrs={"data-state": one["state"].to(str)},
        key=one["shift_id"].to(str),
    )


def _cell(row: Row, cell: Row) -> rx.Component:
    shifts = cell["shifts"].to(Rows)
    shown = rx.cond(shifts.length() > 0, rx.foreach(shifts, _shift), rx.el.span("–", class_name="quiet"))
    wish = rx.cond(cell["wish"].to(bool), rx.el.span("asks off", class_name="roster-sign"), rx.fragment())
    mine = rx.cond((shifts.length() > 0) & shifts[0]["mine"].to(bool), shifts[0]["shift_id"].to(int), 0)
    button = rx.el.button(
        rx.el.span(row["name"].to(str), ", ", cell["words"].to(str), ": ", class_name="sr-only"),
        shown,
        wish,
        type="button",
        class_name="roster-cell",
        on_click=Roster.open_cell(
            row["user_id"].to(int),
            row["name"].to(str),
            row["role"].to(str),
            cell["day"].to(str),
            cell["words"].to(str),
            mine,
        ),
    )
    plain = rx.el.div(shown, class_name="roster-cell")
    return rx.el.td(rx.cond(MAY_PLAN & cell["open"].to(bool), button, plain), key=cell["day"].to(str))


def _person(row: Row) -> rx.Component:
    over = rx.cond(row["most"].to(int) > 48, "true", "false")
    return rx.el.tr(
        rx.el.th(
            row["name"].to(str),
            rx.el.span(row["role"].to(str), " · ", row["hours"].to(str), " h", class_name="quiet"),
            scope="row",
            custom_attrs={"data-over": over},
        ),
        rx.foreach(row["cells"].to(Rows), lambda cell: _cell(row, cell)),
        key=row["user_id"].to(str),
        custom_attrs={"data-person": row["user_id"].to(str)},
    )


def grid() -> rx.Component:
    """People × days of one week."""
    rows, days = VALUE["rows"].to(Rows), VALUE["days"].to(Rows)
    head = rx.el.tr(
        rx.el.th("Who", scope="col"),
        rx.foreach(days, lambda day: rx.el.th(day["word"].to(str), scope="col", key=day["day"].to(str))),
    )
    table = rx.el.table(
        rx.el.caption("Who works when this week", class_name="sr-only"),
        rx.el.thead(head),
        rx.el.tbody(rx.foreach(rows, _person)),
        class_name="shifts roster-table",
    )
    shown = rx.el.div(table, class_name="shifts-frame", tab_index=0, role="region", aria_label="Roster of the week")
    none = empty("Nobody belongs to this ward", "Whoever manages accounts gives people their wards.", icon="users")
    return rx.cond(rows.length() > 0, shown, none)
