"""One's own strain index: how much, against what, its causes, and the way to say that it is wrong."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import at
from hospital_ops.components.states import empty
from hospital_ops.domain.strain import LONGEST_WORDS, ContestStatus
from hospital_ops.state.feed import Feed
from hospital_ops.state.strain import Strain

MINE: rx.Var[dict[str, Any]] = Feed.own_strain
CONTEST = MINE["contest"].to(dict[str, str])
Row = rx.Var[dict[str, Any]]

# What became of it, in words to the person.
_STATUS: dict[ContestStatus, str] = {
    ContestStatus.OPEN: "You said that this is wrong. Until it is answered, your index is in no group's figure.",
    ContestStatus.STANDS: "You said that this was wrong. The answer is that it stands:",
    ContestStatus.WRONG: "You were right. Your index is in no group's figure until those four weeks have passed:",
}


def _cause(row: Row) -> rx.Component:
    weighs = row["weighs"].to(str)
    return rx.el.li(
        rx.el.span(row["words"].to(str)),
        rx.cond(weighs != "", rx.el.span(weighs, class_name="tag"), rx.el.span("no weight", class_name="quiet small")),
        class_name="cause",
        key=row["name"].to(str),
    )


def _index() -> rx.Component:
    index = MINE["index"].to(int)
    return rx.fragment(
        rx.el.p(
            rx.el.b(index, class_name="strain-figure"),
            rx.el.span(" of 100: ", MINE["level"].to(str)),
            class_name="strain-index",
        ),
        rx.el.meter(
            value=index, min=0, max=100, class_name="strain-meter", custom_attrs={"aria-label": "Strain index of 100"}
        ),
        rx.el.p("Against a month of 40 h a week, the odds of being worn out are × ", MINE["odds"].to(str), "."),
        rx.el.h3("What your last four weeks had", class_name="strain-sub"),
        rx.el.ul(rx.foreach(MINE["causes"].to(list[dict[str, Any]]), _cause), class_name="causes"),
        rx.el.p(
            MINE["model"].to(str),
            ". It knows your roster and finished tasks, nothing of your health. Made ",
            at(at=MINE["scored_at"].to(str), form="full"),
            ".",
            class_name="quiet small",
        ),
    )


def _form() -> rx.Component:
    return rx.el.details(
        rx.el.summary("This is wrong…", class_name="button"),
        rx.el.form(
            rx.el.label("What is wrong, and why?", html_for="strain-words", class_name="field-label"),
            rx.el.textarea(
                id="strain-words",
                name="words",
                rows="4",
                max_length=LONGEST_WORDS,
                required=True,
                class_name="field",
                custom_attrs={"aria-describedby": "strain-words-help"},
            ),
            rx.el.p(
                "The administrator reads it and answers you; whoever makes the roster does not. They do not see your index.",
                id="strain-words-help",
                class_name="quiet small",
            ),
            rx.el.div(
                rx.el.button("Send", type="submit", class_name="button button-main"), class_name="account-buttons"
            ),
            on_submit=Strain.contest,
            reset_on_submit=True,
            class_name="account-form strain-form",
        ),
        class_name="strain-contest",
    )


def _contest() -> rx.Component:
    status = CONTEST["status"]
    words = rx.match(status, *((one.value, said) for one, said in _STATUS.items()), "")
    back = rx.el.button("Take it back", type="button", class_name="button", on_click=Strain.withdraw)
    is_open = status == ContestStatus.OPEN.value
    said = rx.el.div(
        rx.el.p(words),
        rx.el.blockquote(rx.cond(is_open, CONTEST["words"], CONTEST["answer"]), class_name="said"),
        class_name="strain-said",
        role="status",
    )
    return rx.fragment(rx.cond(status != "", said, rx.fragment()), rx.cond(is_open, back, _form()))


def strain_card() -> rx.Component:
    """The card on one's own page."""
    none = empty(
        "No index yet", "It is made each morning for whoever has worked four shifts in four weeks.", icon="calendar"
    )
    head = rx.el.h2(
        "My strain",
        rx.el.span(rx.icon("lock", size=12, aria_hidden="true"), "Only you see this", class_name="tag"),
        class_name="panel-title strain-title",
    )
    shown = rx.cond(MINE["scored_at"].to(str) != "", rx.fragment(_index(), _contest()), none)
    card = rx.el.section(
        head, shown, rx.el.p(MINE["promise"].to(str), class_name="quiet small"), class_name="panel account-card"
    )
    return rx.cond(MINE.contains("promise"), card, rx.fragment())
