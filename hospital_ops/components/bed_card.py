"""One bed on its ward's own page: what the board's tile says in marks, said in words, for a tablet held in one hand."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.bed_tile import opens_its_story, place
from hospital_ops.components.live import changed, since
from hospital_ops.components.status import mark, short_word, word

Bed = rx.Var[dict[str, Any]]


def _status(status: rx.Var[str]) -> rx.Var[str]:
    """As everywhere, but "To clean": "Waiting for cleaning" takes three lines beside the label. A screen reader is told it."""
    return rx.cond(status == "dirty", short_word(status), word(status))  # type: ignore[return-value]


def _need(name: str, words: rx.Var[str] | str) -> rx.Component:
    return rx.el.span(mark(name), words, class_name="card-need")


def _needs(bed: Bed) -> rx.Component:
    """What whoever lies here needs; of an empty bed, what it can offer."""
    isolation = rx.cond(bed["isolation"] != "", bed["isolation"].to(str), "")
    return rx.el.span(
        rx.cond(isolation != "", _need("isolation", isolation), rx.fragment()),
        rx.cond(bed["telemetry"].to(bool), _need("telemetry", "telemetry"), rx.fragment()),
        rx.match(
            rx.cond(bed["sex"] != "", bed["sex"], bed["sex_of_room"]),
            ("female", _need("female", rx.cond(bed["sex"] != "", "woman", "women"))),
            ("male", _need("male", rx.cond(bed["sex"] != "", "man", "men"))),
            rx.fragment(),
        ),
        class_name="card-needs",
    )


def _about(bed: Bed) -> rx.Component:
    """One sentence: where the patient is, when they leave, why the bed is out of use, who works here."""
    gone = rx.fragment("Patient ", bed["away"].to(str), ", ", since(at=bed["away_since"].to(str)))
    other = rx.cond(bed["reason"] != "", bed["reason"].to(str), bed["task"].to(str))
    words = rx.cond(bed["leaves"] != "", bed["leaves"].to(str), other)
    return rx.el.span(rx.cond(bed["away"] != "", gone, words), class_name="card-about")


@rx.memo
def bed_card(bed: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """Opens the bed's story, as a tile does."""
    who = rx.el.span(bed["patient"].to(str), class_name="card-who")
    clock = since(at=bed["since"].to(str), target=bed["target_minutes"].to(int), late="total", class_name="card-clock")
    return changed(
        rx.el.span(
            rx.el.span(place(bed), class_name="card-label"),
            rx.el.span(
                rx.el.i(class_name="shape", aria_hidden="true"), _status(bed["status"].to(str)), class_name="card-word"
            ),
            class_name="card-top",
        ),
        rx.el.span(rx.cond(bed["patient"] != "", who, rx.fragment()), clock, class_name="card-middle"),
        _needs(bed),
        _about(bed),
        rest,
        class_name="tile bed-card",
        **opens_its_story(bed),
    )
