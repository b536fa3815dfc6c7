"""Swaps that wait for the planner: both want it, and a rule is in the way."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain.roster import LONGEST_REASON
from hospital_ops.state.feed import Feed
from hospital_ops.state.shift_swaps import YES, Swaps

WAITING = Feed.swaps["swaps"].to(list[dict[str, Any]])
Row = rx.Var[dict[str, Any]]


def _verdict(value: str, words: str, number: rx.Var[str]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="verdict", value=value, required=True, id=f"swap-{value}-{number}"),
        rx.el.span(words),
        class_name="pick",
    )


def _swap(row: Row) -> rx.Component:
    number = row["id"].to(str)
    reason = rx.el.input(
        name="reason", max_length=LONGEST_REASON, required=True, class_name="field", auto_complete="off"
    )
    form = rx.el.form(
        rx.el.input(type="hidden", name="swap", value=number),
        rx.el.fieldset(
            rx.el.legend("May they swap?", class_name="sr-only"),
            rx.el.div(_verdict(YES, "They may", number), _verdict("no", "They may not", number), class_name="picks"),
            class_name="plain-set",
        ),
        rx.el.label(rx.el.span("Your reason, which both read", class_name="field-label"), reason),
        rx.el.div(rx.el.button("Decide", type="submit", class_name="button button-main"), class_name="acts"),
        on_submit=Swaps.decide,
        class_name="swap-form",
    )
    return rx.el.li(
        rx.el.h3(row["who"].to(str), " and ", row["with"].to(str)),
        rx.el.p(
            row["who"].to(str),
            " would give ",
            rx.el.b(row["gives"].to(str)),
            " for ",
            rx.el.b(row["takes"].to(str)),
            ". In the way: ",
            row["why"].to(str),
            ".",
        ),
        form,
        class_name="gap-card",
        key=number,
        custom_attrs={"data-swap": number},
    )


def swaps_to_decide() -> rx.Component:
    """Of the whole house, whichever ward's week is looked at. Nothing while nobody waits."""
    listed = rx.el.section(
        rx.el.h2("Swaps to decide", rx.el.span(WAITING.length(), class_name="count"), class_name="panel-title"),
        rx.el.ul(rx.foreach(WAITING, _swap), class_name="gap-cards"),
        aria_label="Swaps to decide",
    )
    return rx.cond(WAITING.length() > 0, listed, rx.fragment())
