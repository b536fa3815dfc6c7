"""Beds to choose from: those that fit, with the rules they pass; those that a rule excludes, open by a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from hospital_ops.components.states import empty

Row = rx.Var[dict[str, Any]]
Rows = rx.Var[list[dict[str, Any]]]
# From a bed's id to the event that chooses it.
Choose = Callable[[rx.Var[int]], Any]


def fitting(rows: Rows, word: str, choose: Choose, *, none: str = "No ready bed fits now") -> rx.Component:
    """Best first; `word` stands on each button."""
    listed = rx.el.ol(rx.foreach(rows, lambda offer: _offer(offer, word, choose)), class_name="offers")
    return rx.cond(rows.length() > 0, listed, empty(none, icon="bed"))


def excluded(rows: Rows, title: str, word: str, choose_anyway: Any) -> rx.Component:
    """Folded away; nothing when there are none. `choose_anyway` takes a form: `bed_id`, and the `reason`."""
    listed = rx.el.details(
        rx.el.summary(title),
        rx.el.ul(rx.foreach(rows, lambda offer: _misfit(offer, word, choose_anyway)), class_name="offers"),
        class_name="misfits",
    )
    return rx.cond(rows.length() > 0, listed, rx.fragment())


def _offer(offer: Row, word: str, choose: Choose) -> rx.Component:
    button = rx.el.button(
        word,
        type="button",
        class_name="button button-small button-main",
        aria_label=f"{word}: bed {offer['label']}",
        on_click=choose(offer["bed_id"].to(int)),
    )
    return rx.el.li(
        rx.el.div(rx.el.b("Bed ", offer["label"].to(str)), button, class_name="offer-top"),
        rx.el.p(offer["passed"].to(list[str]).join(" · "), class_name="quiet"),
        class_name="offer",
        key=offer["bed_id"].to(str),
    )


def _misfit(offer: Row, word: str, choose_anyway: Any) -> rx.Component:
    # The bed goes in a field: a form's handler is made outside the list and knows nothing of its row.
    form = rx.el.form(
        rx.el.input(type="hidden", name="bed_id", value=offer["bed_id"].to(str), read_only=True),
        rx.el.input(
            name="reason",
            required=True,
            max_length=200,
            class_name="field",
            auto_complete="off",
            placeholder="Why all the same? No names",
            aria_label=f"Reason for bed {offer['label']} against the rule",
        ),
        rx.el.button(f"{word} anyway", type="submit", class_name="button button-small"),
        on_submit=choose_anyway,
        class_name="anyway",
    )
    return rx.el.li(
        rx.el.b("Bed ", offer["label"].to(str)),
        rx.el.p(offer["against"].to(list[str]).join(" · "), class_name="quiet"),
        form,
        class_name="offer",
        key=offer["bed_id"].to(str),
    )
