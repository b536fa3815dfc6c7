"""What is still to be done before somebody leaves: in a bed's story, in its dialog, and as a ward's list."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.address import gives_focus_back
from hospital_ops.components.bed_tile import place
from hospital_ops.components.live import at
from hospital_ops.domain.access import Permission
from hospital_ops.domain.milestones import DELAYS, LONGEST_WORDS
from hospital_ops.state.board import Board
from hospital_ops.state.feed import Feed
from hospital_ops.state.milestones import Milestones
from hospital_ops.state.person import Person

Row = rx.Var[dict[str, Any]]
LIST = Feed.bed["milestones"].to(dict[str, Any])
ROWS = LIST["rows"].to(list[dict[str, Any]])
BED = Feed.bed["bed"].to(dict[str, Any])
MAY = Person.permissions.contains(Permission.STAY_DISCHARGE.value)


# --- In a bed's story -------------------------------------------------------------------------------------------------


def _who(row: Row) -> rx.Component:
    """Whose it is, or whom the house looks for; when it was done, or until when it should be."""
    looks = rx.fragment("Nobody yet: a ", row["owner"].to(str))
    named = rx.fragment(row["who"].to(str), " · ", row["status_words"].to(str))
    is_open = rx.fragment(
        rx.cond(row["who"] != "", named, looks),
        " · ",
        rx.el.span(
            "by ", at(at=row["due_at"].to(str)), custom_attrs={"data-late": rx.cond(row["late"].to(bool), "yes", None)}
        ),
    )
    done = rx.fragment(rx.cond(row["who"] != "", f"{row['who']} · ", ""), "done ", at(at=row["finished_at"].to(str)))
    return rx.el.span(rx.cond(row["done"].to(bool), done, is_open), class_name="quiet")


def _why(row: Row) -> rx.Component:
    words = rx.cond(row["words"] != "", f"{row['why']}: {row['words']}", row["why"].to(str))
    line = rx.el.span(rx.icon("pause", size=14, aria_hidden="true"), words, class_name="before-why")
    return rx.cond(row["why"] != "", line, rx.fragment())


def _acts(row: Row) -> rx.Component:
    done = rx.el.button(
        "Done",
        type="button",
        class_name="button button-small",
        on_click=Milestones.done(row["id"].to(int)),
        aria_label=f"Done: {row['title']}",
    )
    more = rx.el.button(
        "More…",
        type="button",
        class_name="button button-small button-plain",
        on_click=Milestones.ask(row["id"].to(int)),
        aria_label=f"More about: {row['title']}",
    )
    return rx.cond(MAY & ~row["done"].to(bool), rx.el.div(done, more, class_name="before-acts"), rx.fragment())


def _item(row: Row) -> rx.Component:
    icon = rx.cond(
        row["done"].to(bool),
        rx.icon("circle-check", size=18, aria_label="done"),
        rx.icon("circle", size=18, aria_label="still to do"),
    )
    return rx.el.li(
        icon,
        rx.el.div(rx.el.b(row["title"].to(str)), _who(row), _why(row), class_name="job-words"),
        _acts(row),
        class_name="before",
        custom_attrs={"data-milestone": row["name"].to(str), "data-done": row["done"].to(str)},
        key=row["id"].to(str),
    )


def _add() -> rx.Component:
    """One more that this patient needs."""
    options = rx.foreach(
        LIST["more"].to(list[dict[str, Any]]),
        lambda one: rx.el.option(one["title"].to(str), value=one["name"].to(str), key=one["name"].to(str)),
    )
    form = rx.el.form(
        rx.el.label(
            rx.el.span("What else this patient needs", class_name="field-label"),
            rx.el.select(options, name="milestone", class_name="field"),
        ),
        rx.el.button("Add", type="submit", class_name="button"),
        on_submit=Milestones.add(BED["id"].to(int)),
        class_name="before-add",
    )
    return rx.cond(MAY & (LIST["more"].to(list[Any]).length() > 0), form, rx.fragment())


def before_leaving() -> rx.Component:
    """Nothing unless somebody is about to leave."""
    count = rx.el.span(f"{LIST['done']} of {LIST['of']} done", class_name="quiet")
    bar = rx.el.progress(
        value=LIST["done"].to(str), max=LIST["of"].to(str), aria_hidden="true", class_name="before-bar"
    )
    shown = rx.el.section(
        rx.el.h3("Before leaving · ", count, class_name="drawer-heading"),
        rx.cond(LIST["of"].to(int) > 0, bar, rx.fragment()),
        rx.el.ul(rx.foreach(ROWS, _item), class_name="befores"),
        _add(),
        class_name="before-leaving",
    )
    return rx.cond(LIST.contains("rows"), shown, rx.fragment())


# --- Its dialog -------------------------------------------------------------------------------------------------------


def _reason(code: str, words: str, row: Row) -> rx.Component:
    radio = rx.el.input(type="radio", name="reason", value=code, default_checked=row["reason"] == code, required=True)
    return rx.el.label(radio, rx.el.span(words), class_name="pick")


def _delay(row: Row) -> rx.Component:
    picks = [_reason(code, words, row) for code, words in DELAYS.items()]
    area = rx.el.input(
        name="words",
        max_length=LONGEST_WORDS,
        default_value=row["words"].to(str),
        class_name="field",
        auto_complete="off",
    )
    goes_on = rx.el.button("Nothing any more", type="button", class_name="button", on_click=Milestones.resume)
    return rx.el.form(
        rx.el.fieldset(
            rx.el.legend("What does it wait for?", class_name="field-label"), rx.el.div(*picks, class_name="picks")
        ),
        rx.el.label(rx.el.span("In a few words, if that says more", class_name="field-label"), area),
        rx.el.div(
            rx.el.button("Save the reason", type="submit", class_name="button button-main"),
            rx.cond(row["reason"] != "", goes_on, rx.fragment()),
            class_name="acts",
        ),
        on_submit=Milestones.delay,
        class_name="question",
    )


def _owner(person: Row) -> rx.Component:
    give = rx.el.button(
        "Give",
        type="button",
        class_name="button button-small",
        on_click=Milestones.assign(person["user_id"].to(int)),
        aria_label=f"Give to {person['name']}",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.b(person["name"].to(str)),
            rx.el.span(person["words"].to(str), class_name="quiet"),
            class_name="job-words",
        ),
        rx.cond(person["owns"].to(bool), rx.el.span("has it", class_name="tag"), give),
        class_name="candidate",
        key=person["user_id"].to(str),
    )


def _owners() -> rx.Component:
    nobody = rx.el.p("Nobody of this ward's nurses and doctors is here now.", class_name="quiet")
    listed = rx.el.ul(rx.foreach(Milestones.owners, _owner), class_name="candidates")
    return rx.el.section(
        rx.el.h2("Who sees to it?", class_name="drawer-heading"),
        rx.cond(Milestones.owners.length() > 0, listed, nobody),
        class_name="before-owners",
    )


def _asked(row: Row) -> rx.Component:
    sheet = rx.fragment(
        rx.dialog.title(row["title"].to(str)),
        rx.dialog.description(f"Before the patient leaves bed {BED['label']}."),
        _delay(row),
        _owners(),
        rx.el.div(
            rx.el.button("Not needed", type="button", class_name="button", on_click=Milestones.cross_off),
            rx.el.button("Let the house choose", type="button", class_name="button", on_click=Milestones.assign(0)),
            rx.dialog.close(rx.el.button("Back", type="button", class_name="button button-plain")),
            class_name="acts",
        ),
    )
    return rx.cond(row["id"].to(int) == Milestones.task_id, sheet, rx.fragment())


def milestone_dialog() -> rx.Component:
    return rx.dialog.root(
        rx.dialog.content(
            rx.foreach(ROWS, lambda row: rx.fragment(_asked(row), key=row["id"].to(str))),
            class_name="sheet before-sheet",
            **gives_focus_back(),
        ),
        # Closed or crossed off by somebody else meanwhile: there is nothing to ask any more.
        open=rx.cond(
            Feed.bed.contains("milestones") & LIST.contains("ids"),
            LIST["ids"].to(list[int]).contains(Milestones.task_id),
            False,
        ),
        on_open_change=Milestones.put_away,
    )


# --- A ward's list ----------------------------------------------------------------------------------------------------


def _leaves(bed: Row) -> rx.Component:
    told = bed["before_leaving"].to(dict[str, Any])
    waits = rx.fragment(
        rx.el.b(told["holds"].to(str)),
        rx.el.span(
            told["who"].to(str),
            rx.cond(told["late"].to(bool), rx.el.span(" · late", custom_attrs={"data-late": "yes"}), rx.fragment()),
            class_name="quiet",
        ),
        rx.cond(told["why"] != "", rx.el.span(told["why"].to(str), class_name="before-why"), rx.fragment()),
    )
    words = rx.cond(told["holds"] != "", waits, rx.el.b("Nothing is left to do"))
    return rx.el.li(
        rx.el.button(
            rx.el.span(place(bed), class_name="leaving-bed"),
            rx.el.span(f"{told['done']} of {told['of']}", class_name="leaving-count", title="Done before leaving"),
            rx.el.span(words, class_name="job-words"),
            type="button",
            class_name="leaving-row",
            on_click=Board.open_bed(bed["id"].to(int)),
            custom_attrs={"data-leaving-bed": bed["label"].to(str)},
        ),
        key=bed["id"].to(str),
    )


def leaving_here(ward: Row) -> rx.Component:
    """Who is about to leave this ward, how far each is and what holds it up; nothing where nobody leaves."""
    beds = ward["beds"].to(list[dict[str, Any]])
    rows = rx.foreach(beds, lambda bed: rx.cond(bed["before_leaving"], _leaves(bed), rx.fragment()))
    why = rx.foreach(
        ward["holding"].to(list[dict[str, Any]]),
        lambda one: rx.el.li(f"{one['why']} · {one['beds']}", class_name="tag", key=one["why"].to(str)),
    )
    return rx.el.section(
        rx.el.header(
            rx.el.h2("Leaving today: what is still to be done", class_name="side-title"),
            rx.el.ul(why, class_name="tags", aria_label="What holds it up, and in how many beds"),
            class_name="leaving-head",
        ),
        rx.el.ul(rows, class_name="leaving-rows"),
        class_name="ward-leaving",
        aria_label="Leaving today",
    )
