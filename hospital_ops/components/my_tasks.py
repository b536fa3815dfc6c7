"""My tasks: my status, the one card, what comes next, what I found, what I finished today."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.phone import arrival, idle_sign_out, sound_switch, vibration_switch
from hospital_ops.components.states import bone, skeleton
from hospital_ops.components.task_card import done_line, task_card, task_line
from hospital_ops.domain.tasks import StaffStatus, TaskKind
from hospital_ops.state.feed import Feed
from hospital_ops.state.tasks import Tasks

ME: rx.Var[dict[str, Any]] = Feed.tasks
CARDS = ME["cards"].to(list[dict[str, Any]])
DONE = ME["done_today"].to(list[dict[str, Any]])
S = StaffStatus

# status → what stands in the card's place when there is none: sign, words, and what they mean.
_NO_CARD: dict[StaffStatus, tuple[str, str, str]] = {
    S.AVAILABLE: (
        "coffee",
        "Nothing to do right now",
        "The next task comes to you by itself. You can put the phone away.",
    ),
    S.ON_TASK: ("coffee", "Nothing in your hands", "The next task comes to you by itself."),
    S.ON_BREAK: ("cup-soda", "You are on a break", "No task comes until you are free again."),
    S.OFF_SHIFT: ("moon", "You are off shift", "No task comes. Begin your shift when you are ready."),
}


def _choice(status: StaffStatus, word: Any, chosen: rx.Var[bool]) -> rx.Component:
    return rx.el.button(
        word,
        type="button",
        role="radio",
        custom_attrs={"aria-checked": chosen, "data-choice": status.value},
        on_click=Tasks.be(status.value),
    )


def my_status() -> rx.Component:
    """Free, break, off shift: what I say of myself. "At work" follows from the task."""
    status = ME["status"].to(str)
    working = status == S.ON_TASK.value
    return rx.el.div(
        _choice(S.AVAILABLE, rx.cond(working, "At work", "Free"), working | (status == S.AVAILABLE.value)),
        _choice(S.ON_BREAK, "Break", status == S.ON_BREAK.value),
        _choice(S.OFF_SHIFT, "Off shift", status == S.OFF_SHIFT.value),
        class_name="my-status",
        role="radiogroup",
        aria_label="My status",
        custom_attrs={"data-mine": status},
    )


def _nothing(status: StaffStatus) -> rx.Component:
    icon, title, words = _NO_CARD[status]
    begin = rx.el.button(
        "Begin my shift" if status is S.OFF_SHIFT else "I am free again",
        type="button",
        class_name="button button-main task-next",
        on_click=Tasks.be(S.AVAILABLE.value),
    )
    return rx.el.div(
        rx.icon(icon, size=36, aria_hidden="true"),
        rx.el.h2(title, class_name="task-what"),
        rx.el.p(words, class_name="quiet"),
        begin if status in {S.OFF_SHIFT, S.ON_BREAK} else rx.fragment(),
        class_name="task-card task-none",
    )


def _front() -> rx.Component:
    none = rx.match(ME["status"], *((status.value, _nothing(status)) for status in S), _nothing(S.AVAILABLE))
    return rx.cond(CARDS.length() > 0, task_card(card=CARDS[0], key=CARDS[0]["id"].to(str)), none)


def _question(asked: rx.Var[dict[str, Any]]) -> rx.Component:
    """Somebody asks whether I could work: one sentence, two answers."""
    shift_id = asked["shift_id"].to(int)
    return rx.el.section(
        rx.el.p(rx.el.b("Can you work? "), asked["ward"].to(str), ", ", asked["when"].to(str)),
        rx.el.div(
            rx.el.button("Yes", type="button", class_name="button button-main", on_click=Tasks.answer(shift_id, True)),
            rx.el.button("No", type="button", class_name="button", on_click=Tasks.answer(shift_id, False)),
            class_name="found",
        ),
        class_name="panel asked",
        custom_attrs={"data-asked": shift_id.to(str)},
    )


def _following() -> rx.Component:
    rest = CARDS[1:]
    listed = rx.el.section(
        rx.el.h2("Comes next", rx.el.span(rest.length(), class_name="count"), class_name="side-title"),
        rx.el.ul(rx.foreach(rest, lambda card: task_line(card=card, key=card["id"].to(str))), class_name="task-lines"),
    )
    return rx.cond(CARDS.length() > 1, listed, rx.fragment())


def _found_button(kind: TaskKind, icon: str, word: str) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=20, aria_hidden="true"),
        word,
        type="button",
        class_name="button button-large",
        custom_attrs={"aria-expanded": Tasks.finding == kind.value},
        on_click=Tasks.find(kind.value),
    )


def _place(place: rx.Var[dict[str, Any]]) -> rx.Component:
    spill = Tasks.finding == TaskKind.SPILL.value
    return rx.el.button(
        rx.el.b(rx.cond(spill, f"Room {place['room']}", f"Bed {place['label']}")),
        rx.el.span(place["ward"].to(str), class_name="quiet"),
        type="button",
        class_name="button place",
        on_click=Tasks.found_at(place["bed_id"].to(int)),
    )


def found_work() -> rx.Component:
    """A spill or a dirty bed that nobody reported: what it is, then where it is."""
    where = rx.el.div(
        rx.el.p("Where? The nearest come first.", class_name="quiet"),
        rx.el.div(rx.foreach(Tasks.places, _place), class_name="places"),
        class_name="task-reasons",
    )
    nowhere = rx.el.p("There is no ready bed in your wards that could be dirty.", class_name="quiet")
    return rx.el.section(
        rx.el.h2("Found something?", class_name="side-title"),
        rx.el.div(
            _found_button(TaskKind.SPILL, "droplets", "Spill"),
            _found_button(TaskKind.CLEAN_BED, "bed", "Dirty bed"),
            class_name="found",
        ),
        rx.cond(Tasks.finding != "", rx.cond(Tasks.places.length() > 0, where, nowhere), rx.fragment()),
    )


def _finished() -> rx.Component:
    listed = rx.el.details(
        rx.el.summary(
            rx.el.span("Done today"), rx.el.span(ME["done_count"].to(int), class_name="count"), class_name="side-title"
        ),
        rx.el.ul(rx.foreach(DONE, lambda done: done_line(done=done, key=done["id"].to(str))), class_name="task-lines"),
        open=True,
    )
    return rx.cond(DONE.length() > 0, listed, rx.fragment())


def waiting_for_tasks() -> rx.Component:
    return skeleton(bone("bone-status"), bone("bone-card"), bone("bone-line"), class_name="my-tasks")


def my_tasks() -> rx.Component:
    """One column, made for one thumb."""
    shown = rx.el.div(
        arrival(cards=CARDS),
        my_status(),
        rx.foreach(ME["asked"].to(list[dict[str, Any]]), _question),
        _front(),
        _following(),
        found_work(),
        _finished(),
        sound_switch(),
        vibration_switch(),
        idle_sign_out(minutes=Tasks.idle_minutes, on_active=Tasks.still_here),
        class_name="my-tasks",
    )
    return rx.cond(ME.contains("cards"), shown, waiting_for_tasks())
