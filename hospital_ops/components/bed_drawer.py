"""At the right, on demand: one bed's story and its acts, or the beds that would fit a waiting patient."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import DrawerFocus, EscapeCloses
from hospital_ops.components.bed_choice import excluded, fitting
from hospital_ops.components.bed_dialogs import move_dialog, question_dialog
from hospital_ops.components.foretold import foretold
from hospital_ops.components.live import at, since
from hospital_ops.components.milestones import before_leaving, milestone_dialog
from hospital_ops.components.states import bone, skeleton
from hospital_ops.components.status import badge
from hospital_ops.domain.access import Permission
from hospital_ops.domain.beds import HELD, BedStatus
from hospital_ops.state.board import Board
from hospital_ops.state.feed import Feed
from hospital_ops.state.person import Person
from hospital_ops.state.verbs import VERBS, Verb, When

BED = Feed.bed["bed"].to(dict[str, Any])


# What a verb asks for besides the bed's status.
_WHEN: dict[When, rx.Var[bool]] = {
    When.PREDICTED: BED["pending_source"] == "prediction",
    When.HERE: ~BED["away_since"].to(bool),
    When.AWAY: BED["away_since"].to(bool),
}
MAY_PLACE = Person.permissions.contains(Permission.STAY_PLACE.value)


def _verb_button(name: str, verb: Verb) -> rx.Component:
    button = rx.el.button(
        verb.label,
        type="button",
        class_name="button button-main" if verb.main else "button",
        on_click=Board.act(name, BED["version"].to(int)),
    )
    allowed = Person.permissions.contains(verb.permission.value) & _is_in(verb.statuses)
    if verb.when:
        allowed &= _WHEN[verb.when]
    if verb.undoes:
        allowed &= Feed.bed["undo"].to(list[str]).contains(verb.undoes)
    return rx.cond(allowed, button, rx.fragment())


def _is_in(statuses: frozenset[BedStatus]) -> rx.Var[bool]:
    return rx.Var.create(sorted(statuses)).contains(BED["status"].to(str))  # type: ignore[no-any-return]


def _acts() -> rx.Component:
    move = rx.el.button("Move to…", type="button", class_name="button", on_click=Board.seek_move)
    moves = rx.cond(MAY_PLACE & _is_in(HELD), move, rx.fragment())
    usual = [_verb_button(name, verb) for name, verb in VERBS.items() if not verb.undoes]
    wrong = [_verb_button(name, verb) for name, verb in VERBS.items() if verb.undoes]
    taken_back = rx.cond(
        Feed.bed["undo"].to(list[str]).length() > 0,
        rx.el.details(rx.el.summary("A wrong entry?"), rx.el.div(*wrong, class_name="acts"), class_name="misfits"),
        rx.fragment(),
    )
    return rx.fragment(rx.el.div(*usual, moves, class_name="acts"), taken_back)


def _fact(word: str, value: Any, *more: Any) -> rx.Component:
    """A line, when there is a value; `more` stands behind it."""
    return rx.cond(value, rx.fragment(rx.el.dt(word), rx.el.dd(value, *more)), rx.fragment())


def _until() -> rx.Component:
    return rx.fragment(rx.el.dt("Until"), rx.el.dd(at(at=BED["expires_at"].to(str), form="full")))


def _notice() -> rx.Component:
    """Since when it is known that they leave; afterwards, whether the ward said it early enough."""
    told = Feed.bed["notice"].to(dict[str, Any])
    target = rx.el.span(f" · wanted {told['target_minutes']} min before", class_name="quiet")
    here = rx.fragment(rx.el.dt("Marked leaving"), rx.el.dd(since(at=told["since"].to(str)), " ago", target))
    early = rx.el.dd(f"{told['minutes']} min before they left", target)
    late = rx.el.dd(
        rx.cond(told["minutes"].to(int) > 0, f"only {told['minutes']} min before they left", "not before they left"),
        target,
        custom_attrs={"data-notice": "late"},
    )
    left = rx.fragment(rx.el.dt("Marked leaving"), rx.cond(told["met"].to(bool), early, late))
    known = told.contains("target_minutes")
    return rx.cond(known, rx.cond(told["minutes"] == None, here, left), rx.fragment())  # noqa: E711 - a Var


def _facts() -> rx.Component:
    return rx.el.dl(
        _fact("Patient", BED["patient"].to(str)),
        _fact("Leaves", BED["leaves"].to(str)),
        _notice(),
        _fact("Isolation", BED["isolation"].to(str)),
        _fact("Room is for", rx.match(BED["sex_of_room"], ("female", "women"), ("male", "men"), "")),
        _fact("Telemetry", rx.cond(BED["telemetry"].to(bool), "at the bed", "")),
        _fact("Away", BED["away"].to(str), " · ", since(at=BED["away_since"].to(str), class_name="quiet")),
        _fact("Reason", BED["reason"].to(str)),
        rx.cond(BED["expires_at"], _until(), rx.fragment()),
        _fact("Now", BED["task"].to(str)),
        class_name="facts",
    )


def _leaving() -> rx.Component:
    """The forecast whole, where somebody lies here; the line above says it in a few words."""
    shown = rx.el.section(
        rx.el.h3("When they leave", class_name="drawer-heading"),
        foretold(Feed.bed["forecast"].to(dict[str, Any])),
        class_name="drawer-leaving",
    )
    return rx.cond(Feed.bed["forecast"], shown, rx.fragment())


def _story() -> rx.Component:
    lines = Feed.bed["timeline"].to(list[dict[str, Any]])
    return rx.cond(
        lines.length() > 0,
        rx.el.section(
            rx.el.h3("What happened", class_name="drawer-heading"),
            rx.el.ol(
                rx.foreach(
                    lines,
                    lambda line: rx.el.li(
                        at(at=line["at"].to(str), class_name="story-at"),
                        rx.el.span(line["what"].to(str)),
                        rx.cond(line["who"] != "", rx.el.span(line["who"].to(str), class_name="quiet"), rx.fragment()),
                    ),
                ),
                class_name="story",
            ),
        ),
        rx.fragment(),
    )


def _tasks() -> rx.Component:
    lines = Feed.bed["tasks"].to(list[dict[str, Any]])
    return rx.cond(
        lines.length() > 0,
        rx.el.section(
            rx.el.h3("Tasks", class_name="drawer-heading"),
            rx.el.ul(
                rx.foreach(
                    lines,
                    lambda task: rx.el.li(
                        rx.el.span(task["description"].to(str)),
                        rx.el.span(task["status"].to(str), " · ", task["who"].to(str), class_name="quiet"),
                        since(at=task["since"].to(str), class_name="quiet"),
                        rx.cond(task["waits_for"] != "", rx.el.span(task["waits_for"].to(str)), rx.fragment()),
                        rx.cond(task["why"] != "", rx.el.span(task["why"].to(str), class_name="quiet"), rx.fragment()),
                        key=task["id"].to(str),
                    ),
                ),
                class_name="drawer-tasks",
            ),
        ),
        rx.fragment(),
    )


def _head(title: Any, *under: rx.Component) -> rx.Component:
    close = rx.el.button(
        rx.icon("x", size=18, aria_hidden="true"),
        type="button",
        class_name="icon-button",
        aria_label="Close",
        on_click=Board.close,
    )
    words = rx.el.div(rx.el.h2(title, class_name="drawer-title", tab_index=-1), *under)
    escape = EscapeCloses.create(selector=".drawer-head .icon-button")
    focus = DrawerFocus.create(stamp=f"{Board.bed_id} {Board.request_id}", selector=".drawer-title")
    return rx.el.header(words, close, escape, focus, class_name="drawer-head")


def _bed() -> rx.Component:
    waiting = skeleton(bone("bone-title"), bone("bone-line"), bone("bone-line"), bone("bone-block"))
    story = rx.fragment(
        _head(
            BED["label"].to(str),
            rx.el.p(
                badge(BED["status"].to(str)),
                since(at=BED["since"].to(str), target=BED["target_minutes"].to(int), late="long", class_name="quiet"),
                class_name="drawer-status",
            ),
        ),
        _acts(),
        _facts(),
        before_leaving(),
        _leaving(),
        _tasks(),
        _story(),
    )
    # The value of the bed before is not shown under the next one's name.
    return rx.cond(Feed.bed.contains("bed") & (BED["id"].to(int) == Board.bed_id), story, waiting)


def _offers() -> rx.Component:
    return rx.fragment(
        _head(
            "Where this patient could lie",
            rx.el.p("Best first. Every rule has been checked for each bed.", class_name="quiet"),
        ),
        fitting(Board.offers, "Place here", lambda bed: Board.put("place", bed)),
        excluded(Board.misfits, "Ready, but why not", "Place here", Board.put_anyway("place")),
    )


def drawer() -> rx.Component:
    """Nothing until a bed or a waiting patient is chosen."""
    shown = rx.el.aside(rx.cond(Board.bed_id > 0, _bed(), _offers()), class_name="drawer", aria_label="Details")
    opened = rx.fragment(shown, question_dialog(), move_dialog(), milestone_dialog())
    return rx.cond((Board.bed_id > 0) | (Board.request_id > 0), opened, rx.fragment())
