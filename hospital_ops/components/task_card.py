"""One task as a card, large enough for a thumb in a glove; and as a line below it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import at, changed, since
from hospital_ops.domain.tasks import TaskKind
from hospital_ops.state.tasks import Tasks

# A sign and a word for each kind.
KINDS: dict[TaskKind, tuple[str, str]] = {
    TaskKind.CLEAN_BED: ("sparkles", "Clean a bed"),
    TaskKind.TRANSPORT: ("accessibility", "Bring a patient"),
    TaskKind.DISCHARGE_MILESTONE: ("flag", "Before leaving"),
    TaskKind.NURSING: ("heart-pulse", "Nursing"),
    TaskKind.SPILL: ("droplets", "Spill"),
    TaskKind.OTHER: ("clipboard", "Task"),
}


def kind_icon(kind: rx.Var[str], size: int = 18) -> rx.Component:
    cases = ((name.value, rx.icon(icon, size=size, aria_hidden="true")) for name, (icon, _) in KINDS.items())
    return rx.match(kind, *cases, rx.icon("clipboard", size=size, aria_hidden="true"))


def kind_word(kind: rx.Var[str]) -> rx.Var[str]:
    return rx.match(kind, *((name.value, word) for name, (_, word) in KINDS.items()), "")  # type: ignore[return-value]


def priority_tag(row: rx.Var[dict[str, Any]]) -> rx.Component:
    """Only what is urgent says so."""
    urgent = (row["priority"] == "stat") | (row["priority"] == "high")
    tag = rx.el.span(row["priority"].to(str), class_name="priority", custom_attrs={"data-priority": row["priority"]})
    return rx.cond(urgent, tag, rx.fragment())


def _line(icon: str, words: rx.Var[str], class_name: str) -> rx.Component:
    line = rx.el.p(rx.icon(icon, size=20, aria_hidden="true"), rx.el.span(words), class_name=class_name)
    return rx.cond(words != "", line, rx.fragment())


def _clock(card: rx.Var[dict[str, Any]]) -> rx.Component:
    word = rx.match(card["status"], ("in_progress", "Under way"), ("suspended", "Suspended · asked"), "Asked")
    clock = since(at=card["since"].to(str), target=card["target_minutes"].to(int), late="long")
    return rx.el.span(word, " ", clock, class_name="task-clock")


def _patient(card: rx.Var[dict[str, Any]]) -> rx.Component:
    link = rx.link(f"Patient {card['patient']}", href=f"/patients/{card['patient_id']}", class_name="task-patient")
    return rx.cond(card["patient"] != "", link, rx.fragment())


def _reason(card: rx.Var[dict[str, Any]], reason: rx.Var[dict[str, str]]) -> rx.Component:
    return rx.el.button(
        reason["words"],
        type="button",
        class_name="button button-large button-wide",
        on_click=Tasks.cannot(card["id"].to(int), reason["code"]),
    )


def _way_out(card: rx.Var[dict[str, Any]]) -> rx.Component:
    """ "Can't": a small button that opens the reasons; the reason is the second tap."""
    word = rx.cond(card["way_out"] == "suspend", "Has to wait", "Can't")
    reasons = card["reasons"].to(list[dict[str, str]])
    opened = rx.el.div(
        rx.el.p("Why?", class_name="quiet"),
        rx.foreach(reasons, lambda reason: _reason(card, reason)),
        class_name="task-reasons",
    )
    details = rx.el.details(rx.el.summary(word, class_name="button button-wide"), opened, class_name="task-cannot")
    return rx.cond(card["way_out"] != "", details, rx.fragment())


def _next_step(card: rx.Var[dict[str, Any]]) -> rx.Component:
    button = rx.el.button(
        card["next_label"].to(str),
        type="button",
        class_name="button button-main task-next",
        on_click=Tasks.step(card["next"].to(str), card["id"].to(int)),
    )
    return rx.cond(card["next"] != "", button, rx.fragment())


@rx.memo
def task_card(card: rx.Var[dict[str, Any]]) -> rx.Component:
    """The task in front: what, where and the way there, how urgent and since when; the next step, and the way out."""
    return changed(
        rx.el.header(
            kind_icon(card["kind"].to(str), 20),
            rx.el.span(kind_word(card["kind"].to(str)), class_name="task-kind"),
            priority_tag(card),
            _clock(card),
            class_name="task-head",
        ),
        rx.el.h2(card["description"].to(str), class_name="task-what"),
        rx.el.div(
            _line("map-pin", card["where"].to(str), "task-where"),
            _line("footprints", card["way"].to(str), "task-way"),
            _patient(card),
            _line("info", card["why"].to(str), "task-why"),
            _line("pause", card["reason"].to(str), "task-why"),
            class_name="task-facts",
        ),
        rx.el.div(_next_step(card), _way_out(card), class_name="task-actions"),
        stamp=card["version"].to(str),
        element="article",
        class_name="task-card",
        custom_attrs={
            "data-task": card["id"].to(str),
            "data-step": card["status"].to(str),
            "data-priority": card["priority"].to(str),
            "aria-label": card["description"].to(str),
        },
    )


@rx.memo
def task_line(card: rx.Var[dict[str, Any]]) -> rx.Component:
    """What comes after it: a line, with its own small next step."""
    step = rx.el.button(
        card["next_label"].to(str),
        type="button",
        class_name="button button-small",
        on_click=Tasks.step(card["next"].to(str), card["id"].to(int)),
    )
    return rx.el.li(
        kind_icon(card["kind"].to(str)),
        rx.el.div(
            rx.el.b(card["description"].to(str)),
            rx.el.p(card["where"].to(str), class_name="quiet"),
            rx.el.p(priority_tag(card), _clock(card), class_name="task-line-clock quiet"),
            class_name="task-line-words",
        ),
        rx.cond(card["next"] != "", step, rx.fragment()),
        class_name="task-line",
        custom_attrs={"data-task": card["id"].to(str), "data-step": card["status"].to(str)},
    )


@rx.memo
def done_line(done: rx.Var[dict[str, Any]]) -> rx.Component:
    """What I finished today."""
    return rx.el.li(
        rx.icon("check", size=18, aria_hidden="true"),
        rx.el.div(
            rx.el.span(done["description"].to(str)),
            rx.el.p(done["where"].to(str), class_name="quiet"),
            class_name="task-line-words",
        ),
        rx.el.span(at(at=done["finished_at"].to(str)), rx.el.span(f" · {done['minutes']} min"), class_name="quiet"),
        class_name="task-line task-line-done",
    )
