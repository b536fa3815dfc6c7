"""The supervisors' list: who has what, what is late, what waits and why; give it to somebody, ask for something new."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import chip, gives_focus_back
from hospital_ops.components.live import changed, since, until
from hospital_ops.components.states import bone, empty, skeleton
from hospital_ops.components.task_card import KINDS, kind_icon, priority_tag
from hospital_ops.domain.access import Permission
from hospital_ops.domain.tasks import Priority, TaskKind
from hospital_ops.state.feed import Feed
from hospital_ops.state.person import Person
from hospital_ops.state.tasks import Tasks

ALL: rx.Var[dict[str, Any]] = Feed.dispatch
JOBS = ALL["tasks"].to(list[dict[str, Any]])
PEOPLE = ALL["people"].to(list[dict[str, Any]])
GROUPS: dict[str, str] = {
    "late": "Late",
    "waiting": "Nobody yet",
    "offered": "Offered",
    "under_way": "Under way",
    "suspended": "Suspended",
}
# What can be asked for from a dialog; milestones open by themselves with a discharge.
_ASKED = (TaskKind.TRANSPORT, TaskKind.CLEAN_BED, TaskKind.SPILL, TaskKind.NURSING, TaskKind.OTHER)
_URGENT = ((Priority.MEDIUM, "Usual"), (Priority.LOW, "Can wait"), (Priority.HIGH, "High"), (Priority.STAT, "Stat"))


def _chips() -> rx.Component:
    counts = ALL["counts"].to(dict[str, int])
    chips = [
        chip(word, rx.el.span(counts[group], class_name="chip-count"), name="group", value=group)
        for group, word in GROUPS.items()
    ]
    return rx.el.div(chip("All", name="group", value=""), *chips, class_name="chips", role="group", aria_label="Show")


def _due(job: rx.Var[dict[str, Any]]) -> rx.Component:
    by_when = rx.cond(job["due_at"], until(at=job["due_at"].to(str)), since(at=job["since"].to(str)))
    return rx.el.span(by_when, class_name="job-due")


def _whose(job: rx.Var[dict[str, Any]]) -> rx.Component:
    named = rx.fragment(rx.el.b(job["who"].to(str)), rx.el.span(job["status_words"].to(str), class_name="quiet"))
    nobody = rx.fragment(
        rx.el.b("Nobody yet"), rx.el.span(f"asked {job['unanswered']} times without an answer", class_name="quiet")
    )
    waits = rx.cond(job["unanswered"].to(int) > 1, nobody, rx.el.b("Nobody yet"))
    return rx.el.div(rx.cond(job["who"] != "", named, waits), class_name="job-who")


def _level(job: rx.Var[dict[str, Any]]) -> rx.Component:
    """Whose turn it is to look: the rung of the ladder."""
    return rx.el.p(f"Level {job['level']}: {job['level_words']}", class_name="job-level")


@rx.memo
def job_row(job: rx.Var[dict[str, Any]]) -> rx.Component:
    """One open task."""
    give = rx.el.button(
        "Give to…", type="button", class_name="button button-small", on_click=Tasks.give(job["id"].to(int))
    )
    patient = rx.cond(job["patient"] != "", rx.el.span(f" · {job['patient']}"), rx.fragment())
    return changed(
        kind_icon(job["kind"].to(str)),
        rx.el.div(
            rx.el.p(rx.el.b(job["description"].to(str)), priority_tag(job), class_name="job-what"),
            rx.el.p(job["where"].to(str), patient, class_name="quiet"),
            rx.cond(job["why"] != "", rx.el.p(job["why"].to(str), class_name="job-why"), rx.fragment()),
            rx.cond(job["level_words"] != "", _level(job), rx.fragment()),
            class_name="job-words",
        ),
        _whose(job),
        _due(job),
        give,
        stamp=job["version"].to(str),
        element="li",
        class_name="job",
        custom_attrs={"data-job": job["id"].to(str), "data-group": job["group"].to(str)},
    )


@rx.memo
def colleague(person: rx.Var[dict[str, Any]]) -> rx.Component:
    """Somebody on shift, and what they hold."""
    words = rx.cond(person["holding"] != "", person["holding"].to(str), person["status_words"].to(str))
    return rx.el.li(
        rx.el.i(class_name="dot", aria_hidden="true"),
        rx.el.div(rx.el.b(person["name"].to(str)), rx.el.span(words, class_name="quiet"), class_name="job-words"),
        rx.el.span(person["role"].to(str), class_name="quiet colleague-role"),
        class_name="colleague",
        custom_attrs={"data-mine": person["status"].to(str)},
    )


def _people() -> rx.Component:
    return rx.el.aside(
        rx.el.h2(
            "On shift",
            rx.el.span(ALL["free"].to(int), " free of ", PEOPLE.length(), class_name="count"),
            class_name="side-title",
        ),
        rx.el.ul(
            rx.foreach(PEOPLE, lambda person: colleague(person=person, key=person["user_id"].to(str))),
            class_name="colleagues",
        ),
        class_name="side people",
        aria_label="People on shift",
    )


def _jobs() -> rx.Component:
    rows = rx.el.ul(rx.foreach(JOBS, lambda job: job_row(job=job, key=job["id"].to(str))), class_name="jobs")
    more = rx.cond(
        ALL["more"].to(int) > 0,
        rx.el.p(f"and {ALL['more']} more that are less urgent", class_name="quiet"),
        rx.fragment(),
    )
    return rx.cond(
        JOBS.length() > 0, rx.fragment(rows, more), empty("No task is open", "New ones appear here at once.")
    )


# --- Dialogs ---------------------------------------------------------------------------------------------------------


def _candidate(person: rx.Var[dict[str, Any]]) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            rx.el.b(person["name"].to(str)),
            rx.el.span(person["words"].to(str), class_name="quiet"),
            class_name="job-words",
        ),
        rx.cond(person["has_it"].to(bool), rx.el.span("has it now", class_name="count"), rx.fragment()),
        type="button",
        class_name="button candidate",
        disabled=~person["able"].to(bool) | person["has_it"].to(bool),
        on_click=Tasks.give_to(person["user_id"].to(int)),
    )


def _give_dialog() -> rx.Component:
    nobody = empty("Nobody on shift has the skill for this", "It goes to the first person who comes.", icon="users")
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Give this task to"),
            rx.dialog.description("Nearest free first. It is offered to the person you choose, at once."),
            rx.el.div(
                rx.cond(Tasks.people.length() > 0, rx.foreach(Tasks.people, _candidate), nobody),
                class_name="candidates",
            ),
            rx.el.div(
                rx.el.button("Let the house choose", type="button", class_name="button", on_click=Tasks.give_to(0)),
                rx.el.button(
                    "No longer needed", type="button", class_name="button", on_click=Tasks.take_back(Tasks.giving)
                ),
                rx.dialog.close(rx.el.button("Back", type="button", class_name="button button-plain")),
                class_name="acts",
            ),
            class_name="sheet",
            **gives_focus_back(),
        ),
        open=Tasks.giving > 0,
        on_open_change=Tasks.close,
    )


def _radio(name: str, value: str, word: Any, *, checked: bool) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name=name, value=value, default_checked=checked), rx.el.span(word), class_name="pick"
    )


def _new_dialog() -> rx.Component:
    kinds = [_radio("kind", kind.value, KINDS[kind][1], checked=n == 0) for n, kind in enumerate(_ASKED)]
    urgent = [_radio("priority", p.value, word, checked=n == 0) for n, (p, word) in enumerate(_URGENT)]
    form = rx.el.form(
        rx.el.fieldset(rx.el.legend("What kind", class_name="field-label"), rx.el.div(*kinds, class_name="picks")),
        rx.el.label(
            rx.el.span("What is to be done", class_name="field-label"),
            rx.el.input(name="description", required=True, max_length=200, class_name="field", auto_complete="off"),
        ),
        rx.el.label(
            rx.el.span("At which bed", class_name="field-label"),
            rx.el.input(
                name="bed",
                max_length=20,
                class_name="field",
                auto_complete="off",
                placeholder="Its label; may stay empty",
            ),
        ),
        rx.el.fieldset(rx.el.legend("How urgent", class_name="field-label"), rx.el.div(*urgent, class_name="picks")),
        rx.el.div(
            rx.el.button("Ask for it", type="submit", class_name="button button-main"),
            rx.dialog.close(rx.el.button("Back", type="button", class_name="button button-plain")),
            class_name="acts",
        ),
        on_submit=Tasks.create,
        class_name="question",
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("New task"),
            rx.dialog.description("It goes to the nearest free person with the skill."),
            form,
            class_name="sheet",
            **gives_focus_back(),
        ),
        open=Tasks.asking_new,
        on_open_change=Tasks.close,
    )


def new_task_button() -> rx.Component:
    """For everybody who may ask for something to be done."""
    button = rx.el.button(
        rx.icon("plus", size=18, aria_hidden="true"),
        "New task",
        type="button",
        class_name="button button-main new-task",
        on_click=Tasks.ask_new,
    )
    allowed = Person.permissions.contains(Permission.TASK_CREATE.value)
    return rx.cond(allowed, rx.fragment(button, _new_dialog()), rx.fragment())


def waiting_for_dispatch() -> rx.Component:
    return skeleton(bone("bone-title"), *(bone("bone-job") for _ in range(8)))


def dispatch_list() -> rx.Component:
    """All open tasks of the house, late ones first, beside the people on shift."""
    shown = rx.el.div(
        rx.el.section(
            rx.el.header(rx.el.h1("Everybody's tasks", class_name="title"), new_task_button(), class_name="page-head"),
            _chips(),
            _jobs(),
            class_name="middle",
        ),
        _people(),
        _give_dialog(),
        class_name="dispatch",
    )
    return rx.cond(ALL.contains("tasks"), shown, waiting_for_dispatch())
