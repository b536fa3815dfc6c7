"""The what-if's form, and its answer (assets/replay.jsx): both sides, the difference with its interval, hour by hour."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.states import empty
from hospital_ops.domain.access import Role
from hospital_ops.domain.what_if import KINDS, MOST_PEOPLE, REPLICATIONS
from hospital_ops.state.feed import Feed
from hospital_ops.state.what_if import WhatIf

VALUE: rx.Var[dict[str, Any]] = Feed.what_if
ROLE_WORDS: dict[Role, str] = {Role.HOUSEKEEPER: "Housekeepers", Role.TRANSPORTER: "Porters"}


class WhatIfAnswer(rx.Component):
    """assets/replay.jsx"""

    library = "$/public/replay.jsx"
    tag = "WhatIfAnswer"
    value: rx.Var[dict[str, Any]]


def _people(number: int) -> rx.Component:
    words = f"{abs(number)} {'more' if number > 0 else 'fewer'}"
    return rx.el.option(words, value=str(number))


def _select(word: str, name: str, options: list[rx.Component], value: str) -> rx.Component:
    field = rx.el.select(*options, name=name, default_value=value, class_name="field")
    return rx.el.label(rx.el.span(word, class_name="field-label"), field)


def _hours(first: int, last: int) -> list[rx.Component]:
    return [rx.el.option(f"{hour:02d}:00", value=str(hour)) for hour in range(first, last + 1)]


def question() -> rx.Component:
    """The question; what is asked once more is answered anew."""
    steps = [number for number in range(MOST_PEOPLE, -MOST_PEOPLE - 1, -1) if number]
    day = rx.el.input(
        type="date", name="day", default_value=WhatIf.day, required=True, class_name="field", key=WhatIf.day
    )
    return rx.el.form(
        rx.el.label(rx.el.span("Day", class_name="field-label"), day),
        _select("Who", "role", [rx.el.option(ROLE_WORDS[role], value=role.value) for role in KINDS], "housekeeper"),
        _select("How many", "people", [_people(number) for number in steps], "1"),
        _select("From", "from", _hours(0, 23), "14"),
        _select("Until", "until", _hours(1, 24), "18"),
        rx.el.button("Compare", type="submit", class_name="button button-main"),
        on_submit=WhatIf.reckon,
        class_name="what-if-form",
        aria_label="What if",
    )


def answer() -> rx.Component:
    """How far it is, or what came of it."""
    bar = rx.el.progress(value=VALUE["done"].to(int), max=VALUE["of"].to(int), aria_label="Replications done")
    under_way = rx.el.div(
        bar, rx.el.p(f"{VALUE['done']} of {VALUE['of']} replications"), class_name="what-if-progress", role="status"
    )
    problem = rx.el.p(VALUE["problem"].to(str), role="alert", class_name="what-if-problem")
    nothing = empty(
        "Nothing compared yet",
        f"The day is played {REPLICATIONS} times, each time with and without the change and with the same luck, so that what "
        "differs is the change. It takes a few seconds.",
        icon="scale",
    )
    waits = rx.cond(VALUE.contains("of"), under_way, rx.cond(VALUE.contains("problem"), problem, nothing))
    return rx.cond(VALUE.contains("rows"), WhatIfAnswer.create(value=VALUE), waits)
