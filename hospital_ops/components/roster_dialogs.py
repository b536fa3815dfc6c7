"""What the roster asks: a person's day, a file, and whether the draft is to be published."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import gives_focus_back
from hospital_ops.components.roster_grid import VALUE, Row, Rows
from hospital_ops.domain.roster import LONGEST_REASON
from hospital_ops.domain.roster_csv import COLUMNS
from hospital_ops.state.roster import KINDS, Roster

STAMP = VALUE["stamp"].to(str)


def _problem() -> rx.Component:
    words = rx.el.p(Roster.problem, class_name="form-problem", role="alert")
    return rx.cond(Roster.problem != "", words, rx.fragment())


def _back() -> rx.Component:
    return rx.dialog.close(rx.el.button("Back", type="button", class_name="button button-plain"))


def _reason(label: str) -> rx.Component:
    field = rx.el.input(name="reason", max_length=LONGEST_REASON, class_name="field", auto_complete="off")
    return rx.el.label(rx.el.span(label, class_name="field-label"), field)


def _sheet(asking: str, title: Any, words: Any, *body: rx.Component) -> rx.Component:
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title), rx.dialog.description(words), *body, class_name="sheet", **gives_focus_back()
        ),
        open=Roster.asking == asking,
        on_open_change=Roster.put_away,
    )


def cell_dialog() -> rx.Component:
    """One person's day."""
    picks = [
        rx.el.label(rx.el.input(type="radio", name="kind", value=kind), rx.el.span(words), class_name="pick")
        for kind, (words, _, _) in KINDS.items()
    ]
    off = rx.el.button("Take off this shift", type="button", class_name="button", on_click=Roster.take_off)
    form = rx.el.form(
        rx.el.fieldset(rx.el.legend("Shift", class_name="sr-only"), *picks, class_name="picks"),
        _reason("Reason, when a rule is in the way"),
        _problem(),
        rx.el.div(
            rx.el.button(
                rx.cond(Roster.shift_id > 0, "Change to this", "Put on"), type="submit", class_name="button button-main"
            ),
            rx.cond(Roster.shift_id > 0, off, rx.fragment()),
            _back(),
            class_name="acts",
        ),
        on_submit=Roster.put,
        class_name="question",
    )
    words = "It is a draft: nobody but planners sees it until the week is published."
    return _sheet("cell", f"{Roster.name}, {Roster.words}", words, form)


def _line(line: Row) -> rx.Component:
    return rx.el.li(rx.el.b("Line ", line["line"].to(str)), " ", line["reason"].to(str), key=line["line"].to(str))


def import_dialog() -> rx.Component:
    """A file, what it would make, and the button that drafts it."""
    found: rx.Var[dict[str, Any]] = Roster.found
    area = rx.el.textarea(name="text", rows=8, required=True, class_name="field", spell_check=False)
    form = rx.el.form(
        rx.el.label(rx.el.span("The file's text", class_name="field-label"), area),
        _reason("Reason, to take lines that a rule is in the way of"),
        _problem(),
        rx.el.div(rx.el.button("Preview", type="submit", class_name="button"), _back(), class_name="acts"),
        on_submit=Roster.preview,
        class_name="question",
    )
    told = rx.el.div(
        rx.el.p(
            rx.el.b(found["made"].to(str), " shifts"),
            " would be drafted for ",
            found["people"].to(str),
            " people; ",
            found["there"].to(str),
            " are so already; ",
            found["left_out"].to(str),
            " lines are left out.",
            role="status",
        ),
        rx.el.ul(rx.foreach(found["lines"].to(Rows), _line), class_name="candidates"),
        rx.cond(
            found["made"].to(int) > 0,
            rx.el.button("Draft these", type="button", class_name="button button-main", on_click=Roster.take),
            rx.fragment(),
        ),
    )
    words = f"Comma-separated, the first line naming the columns: {', '.join(COLUMNS)}. Paste it here."
    return _sheet("import", "Import a roster", words, form, rx.cond(found.contains("made"), told, rx.fragment()))


def _proposed(one: Row) -> rx.Component:
    return rx.el.li(
        rx.el.b(one["words"].to(str)),
        rx.el.span(one["why"].to(str), class_name="quiet small"),
        class_name="session-words",
        key=one["key"].to(str),
    )


def propose_dialog() -> rx.Component:
    """Who could fill the week's open places and why, what stays open and why, and the button that drafts it."""
    found: rx.Var[dict[str, Any]] = Roster.proposed
    places, still = found["places"].to(Rows), found["open"].to(Rows)
    better = found["filled"].to(int) - found["in_turn"].to(int)
    told = rx.el.div(
        rx.el.p(
            rx.el.b(found["filled"].to(str), " of ", found["wanted"].to(str), " open places"),
            " can be filled within every rule",
            rx.cond(better > 0, f", {better} more than shift by shift", ""),
            rx.cond(found["proven"].to(bool), ". No plan is better.", "."),
            role="status",
        ),
        rx.el.ul(rx.foreach(places, _proposed), class_name="candidates", tab_index=0, aria_label="Would come"),
        rx.cond(
            still.length() > 0,
            rx.fragment(
                rx.el.h2("Stays open", class_name="side-title"),
                rx.el.ul(rx.foreach(still, _proposed), class_name="candidates", tab_index=0, aria_label="Stays open"),
            ),
            rx.fragment(),
        ),
        class_name="proposal",
    )
    waits = rx.el.p("Looking at everybody's rest, hours, nights and weekends…", class_name="quiet", role="status")
    main = rx.el.button("Draft these", type="button", class_name="button button-main", on_click=Roster.take_proposal)
    return _sheet(
        "propose",
        "Who could fill this week?",
        "It becomes part of the draft, which you can still change, publish or throw away.",
        rx.cond(found.contains("stamp"), told, rx.cond(Roster.problem == "", waits, rx.fragment())),
        _problem(),
        rx.el.div(
            rx.cond(found.contains("stamp") & (places.length() > 0), main, rx.fragment()), _back(), class_name="acts"
        ),
    )


def publish_dialog() -> rx.Component:
    """What changes, for whom."""
    changes = VALUE["changes"].to(Rows)
    listed = rx.el.ul(
        rx.foreach(changes, lambda one: rx.el.li(one["words"].to(str), key=one["key"].to(str))), class_name="candidates"
    )
    main = rx.el.button("Publish", type="button", class_name="button button-main", on_click=Roster.publish(STAMP))
    drop = rx.el.button("Throw the draft away", type="button", class_name="button", on_click=Roster.discard(STAMP))
    words = "Everybody whose shifts change sees it at once on their own page."
    return _sheet(
        "publish", "Publish this week?", words, listed, _problem(), rx.el.div(main, drop, _back(), class_name="acts")
    )
