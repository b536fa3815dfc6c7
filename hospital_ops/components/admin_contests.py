"""What people contest of their own strain index, and the answer. No index is shown here."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.admin_parts import tabs
from hospital_ops.components.live import at
from hospital_ops.components.states import empty
from hospital_ops.domain.strain import LONGEST_WORDS
from hospital_ops.state.feed import Feed
from hospital_ops.state.strain import WRONG, Strain

CONTESTS = Feed.contests["contests"].to(list[dict[str, Any]])
Row = rx.Var[dict[str, Any]]


def _verdict(value: str, words: str, number: rx.Var[str]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="verdict", value=value, required=True, id=f"{value}-{number}"),
        rx.el.span(words),
        class_name="pick",
    )


def _contest(row: Row) -> rx.Component:
    number = row["id"].to(str)
    form = rx.el.form(
        rx.el.input(type="hidden", name="contest", value=number),
        rx.el.fieldset(
            rx.el.legend("Is the index wrong?", class_name="field-label"),
            rx.el.div(
                _verdict(WRONG, "It is wrong", number),
                _verdict("stands", "It stands", number),
                class_name="picks",
            ),
            class_name="plain-set",
        ),
        rx.el.label("Your answer", html_for=f"answer-{number}", class_name="field-label"),
        rx.el.textarea(
            id=f"answer-{number}", name="words", rows="3", max_length=LONGEST_WORDS, required=True, class_name="field"
        ),
        rx.el.div(rx.el.button("Answer", type="submit", class_name="button button-main"), class_name="account-buttons"),
        on_submit=Strain.answer,
        reset_on_submit=True,
        class_name="account-form strain-form",
    )
    return rx.el.li(
        rx.el.h2(row["who"].to(str), class_name="panel-title"),
        rx.el.p(row["role"].to(str), " · ", at(at=row["at"].to(str), form="full"), class_name="quiet small"),
        rx.el.blockquote(row["words"].to(str), class_name="said"),
        form,
        class_name="panel account-card",
        key=number,
        custom_attrs={"data-contest": number},
    )


def contests_list() -> rx.Component:
    """The oldest first."""
    none = empty("Nobody contests anything", "Whoever finds their strain index wrong says so on their own page.")
    return rx.el.div(
        tabs("/admin/strain"),
        rx.el.h1("Contested strain", class_name="title"),
        rx.el.p("Look at the person's roster, decide, and answer in words that they can check. You see no index."),
        rx.cond(CONTESTS.length() > 0, rx.el.ul(rx.foreach(CONTESTS, _contest), class_name="contests"), none),
        class_name="admin-contests",
    )
