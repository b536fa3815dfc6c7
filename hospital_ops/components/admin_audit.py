"""The audit: who did what to what, newest first. Ids and codes only; no patient's word stands here."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.admin_parts import tabs
from hospital_ops.components.live import at
from hospital_ops.components.plain_form import plain_form
from hospital_ops.components.states import bone, empty, skeleton
from hospital_ops.state.audit import Audit
from hospital_ops.state.feed import Feed

PAGE: rx.Var[dict[str, Any]] = Feed.audit
ROWS = PAGE["rows"].to(list[dict[str, Any]])
ASKED = PAGE["asked"].to(dict[str, str])
CHOICES = PAGE["choices"].to(dict[str, list[str]])
WARDS = PAGE["choices"].to(dict[str, list[dict[str, str]]])["wards"]
FIELDS = ("who", "action", "subject", "number", "ward", "first", "last", "denied")
Row = rx.Var[dict[str, Any]]


def _label(word: str, field: rx.Component, **props: Any) -> rx.Component:
    return rx.el.label(rx.el.span(word, class_name="field-label"), field, **props)


def _text(name: str, word: str, kind: str = "text", **props: Any) -> rx.Component:
    field = rx.el.input(
        name=name, type=kind, default_value=ASKED[name], class_name="field", auto_complete="off", **props
    )
    return _label(word, field)


def _choice(name: str, word: str, options: rx.Component) -> rx.Component:
    every = rx.el.option("All", value="")
    return _label(word, rx.el.select(every, options, name=name, default_value=ASKED[name], class_name="field"))


def _options(values: rx.Var[list[str]]) -> rx.Component:
    return rx.foreach(values, lambda value: rx.el.option(value, value=value))


def _filters() -> rx.Component:
    wards = rx.foreach(WARDS, lambda ward: rx.el.option(ward["code"], value=ward["id"]))
    denied = rx.el.label(
        rx.el.input(type="checkbox", name="denied", value="1", default_checked=ASKED["denied"] == "1"),
        rx.el.span("Denied only"),
        class_name="pick",
    )
    return rx.el.form(
        _text("who", "User name", max_length=40, auto_capitalize="none", spell_check=False),
        _choice("action", "Action", _options(CHOICES["actions"])),
        _choice("subject", "What it was done to", _options(CHOICES["subjects"])),
        _text("number", "Its number", input_mode="numeric", pattern="[0-9]*", max_length=10),
        _choice("ward", "Ward", wards),
        _text("first", "From", "date"),
        _text("last", "To", "date"),
        rx.el.div(
            denied,
            rx.el.button("Show", type="submit", class_name="button button-main"),
            rx.link("Everything", href="/admin/audit", class_name="button button-plain", underline="none"),
            class_name="audit-acts",
        ),
        on_submit=Audit.search,
        class_name="audit-filters",
        aria_label="Which lines",
        # The fields show what was asked: drawn anew when the address asks something else.
        key=rx.Var.create([ASKED[name] for name in FIELDS]).to(list[str]).join("|"),
    )


def _export() -> rx.Component:
    hidden = [rx.el.input(type="hidden", name=name, value=ASKED[name], read_only=True) for name in FIELDS]
    button = rx.el.button(
        rx.icon("download", size=16, aria_hidden="true"), "Save as CSV", type="submit", class_name="button button-small"
    )
    return plain_form(*hidden, button, action="/api/audit/export")


@rx.memo
def audit_line(row: Row) -> rx.Component:
    """One line."""
    who = rx.cond(
        row["username"] != "",
        rx.link(row["who"].to(str), href=f"/admin/audit?who={row['username']}", underline="hover"),
        row["who"].to(str),
    )
    what = rx.cond(
        row["number"] != "",
        rx.link(
            f"{row['subject']} {row['number']}",
            href=f"/admin/audit?subject={row['kind']}&number={row['number']}",
            underline="hover",
        ),
        row["subject"].to(str),
    )
    denied = rx.cond(row["denied"].to(bool), rx.el.span("denied", class_name="denied"), rx.fragment())
    ward = rx.cond(row["ward"] != "", rx.el.span(row["ward"].to(str), class_name="tag tag-quiet"), rx.fragment())
    return rx.el.tr(
        rx.el.td(at(at=row["at"].to(str), form="seconds"), class_name="audit-at"),
        rx.el.td(who, rx.el.span(row["role"].to(str), class_name="quiet"), class_name="audit-who"),
        rx.el.td(rx.el.span(row["action_words"].to(str), title=row["action"].to(str)), denied, class_name="audit-what"),
        rx.el.td(what, ward, class_name="audit-subject"),
        rx.el.td(row["facts"].to(list[str]).join(" · "), class_name="audit-facts quiet"),
        custom_attrs={"data-action": row["action"].to(str), "data-denied": row["denied"].to(bool)},
        key=row["id"].to(str),
    )


def _table() -> rx.Component:
    heads = ("When", "Who", "What", "To what", "More")
    return rx.el.table(
        rx.el.caption("What was done, newest first", class_name="sr-only"),
        rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
        rx.el.tbody(rx.foreach(ROWS, lambda row: audit_line(row=row, key=row["id"].to(str)))),
        class_name="audit",
    )


def _pages() -> rx.Component:
    """On by key, never by number: page ten thousand costs what the first one does."""
    newest = rx.link("Newest", href=PAGE["newest_at"].to(str), class_name="button", underline="none")
    older = rx.link("Older", href=PAGE["older_at"].to(str), class_name="button", underline="none")
    return rx.el.nav(
        rx.cond(PAGE["first_page"].to(bool), rx.fragment(), newest),
        rx.cond(PAGE["older_at"] != "", older, rx.el.span("These are the oldest.", class_name="quiet")),
        class_name="acts audit-pages",
        aria_label="Pages of the audit",
    )


def audit_list() -> rx.Component:
    """Filters, lines, pages."""
    nothing = empty("No line fits", "Take a filter away, or choose other days.", icon="search")
    problem = rx.cond(
        Audit.problem != "", rx.el.p(Audit.problem, class_name="audit-problem", role="alert"), rx.fragment()
    )
    shown = rx.fragment(_filters(), problem, rx.cond(ROWS.length() > 0, rx.fragment(_table(), _pages()), nothing))
    # An address that cannot be meant, opened first: the sentence, and a way on.
    every = rx.link("Show everything", href="/admin/audit", class_name="button", underline="none")
    waiting = rx.cond(
        Audit.problem != "",
        rx.el.div(problem, every, class_name="question"),
        skeleton(*(bone("bone-row") for _ in range(10))),
    )
    return rx.el.section(
        tabs("/admin/audit"),
        rx.el.header(
            rx.el.h1("Audit", class_name="title"),
            rx.cond(PAGE.contains("rows"), _export(), rx.fragment()),
            class_name="page-head",
        ),
        rx.cond(PAGE.contains("rows"), shown, waiting),
    )
