"""Strain of groups on the staffing page: five people or more, in words, with what the coming roster could spare them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import at
from hospital_ops.components.states import empty
from hospital_ops.domain.access import Permission
from hospital_ops.state.feed import Feed
from hospital_ops.state.person import Person

VALUE: rx.Var[dict[str, Any]] = Feed.strain
Row = rx.Var[dict[str, Any]]
Rows = list[dict[str, Any]]
NOT_SHOWN = (
    "Groups under five people are not shown, nor is one that has changed by a few people within four weeks: "
    "somebody's own index could be worked out from the difference."
)


def _words(words: rx.Var[str]) -> rx.Component:
    return rx.el.li(words, key=words)


def _group(row: Row) -> rx.Component:
    remedies, causes = row["remedies"].to(list[str]), row["causes"].to(list[str])
    advice = rx.el.ul(rx.foreach(remedies, _words), class_name="remedies")
    nothing = rx.el.p("Next week's roster asks nothing unusual of them.", class_name="quiet small")
    return rx.el.li(
        rx.el.div(
            rx.el.h3(row["where"].to(str)),
            rx.el.p(row["role"].to(str), ", ", row["people"].to(str), " people", class_name="quiet small"),
        ),
        rx.el.div(
            rx.el.p(rx.el.b(row["figure"].to(str)), ", ", row["level"].to(str)),
            rx.el.p("Since ", at(at=row["since"].to(str), form="day"), class_name="quiet small"),
            class_name="strain-about",
        ),
        rx.el.ul(rx.foreach(causes, _words), class_name="quiet small"),
        rx.cond(remedies.length() > 0, advice, nothing),
        class_name="strain-group",
        key=row["id"].to(str),
        custom_attrs={"data-strain": row["where"].to(str)},
    )


def strain() -> rx.Component:
    """The section, for who plans the staff."""
    groups = VALUE["groups"].to(Rows)
    none = empty("No group can be shown", NOT_SHOWN, icon="lock")
    listed = rx.fragment(
        rx.el.p(VALUE["promise"].to(str)),
        rx.el.ul(rx.foreach(groups, _group), class_name="strain-groups"),
        rx.el.p(VALUE["model"].to(str), ". ", NOT_SHOWN, class_name="quiet small"),
    )
    section = rx.el.section(
        rx.el.h2("Strain, by groups of five or more", class_name="panel-title"),
        rx.cond(groups.length() > 0, listed, none),
        class_name="strain",
    )
    may = Person.permissions.contains(Permission.STRAIN_GROUPS.value) & VALUE.contains("groups")
    return rx.cond(may, section, rx.fragment())
