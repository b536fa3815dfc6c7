"""The capacity strip: the whole house in one line, now and after what is decided already."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import changed
from hospital_ops.components.status import shape
from hospital_ops.state.feed import Feed
from hospital_ops.theme import STATUS

HOUSE: rx.Var[dict[str, Any]] = Feed.hospital


def _count(status: str) -> rx.Var[int]:
    return HOUSE["counts"].to(dict[str, int])[status]


def _cell(number: rx.Var[Any], word: str, status: str = "", words: rx.Component | None = None) -> rx.Component:
    return rx.el.div(
        changed(number, stamp=number, element="dd", class_name="figure"),
        rx.el.dt(shape(status) if status else rx.fragment(), word, words or rx.fragment()),
        class_name="cell",
        custom_attrs={"data-status": status} if status else {},
    )


def _bar() -> rx.Component:
    """All beds, in proportion."""
    parts = [
        rx.el.span(custom_attrs={"data-status": name}, style={"flexGrow": _count(name)}, title=look.word)
        for name, look in STATUS.items()
    ]
    return rx.el.div(*parts, class_name="house-bar", aria_hidden="true")


def capacity_strip() -> rx.Component:
    """Staffed, occupied, ready, cleaning, blocked, coming, leaving; and what is decided."""
    cells = rx.el.dl(
        _cell(
            HOUSE["occupied"], "occupied", "occupied", rx.el.span(f"of {HOUSE['staffed']} staffed", class_name="quiet")
        ),
        _cell(_count("available"), "ready", "available"),
        _cell(_count("dirty"), "to clean", "dirty"),
        _cell(_count("cleaning"), "being cleaned", "cleaning"),
        _cell(_count("blocked"), "blocked", "blocked"),
        _cell(HOUSE["pending_in"], "coming"),
        _cell(HOUSE["pending_out"], "leaving", "pending_discharge"),
        _cell(
            HOUSE["decided"], "occupied, all decided", words=rx.el.span("coming and leaving done", class_name="quiet")
        ),
        _cell(HOUSE["tonight"], "likely tonight", words=rx.el.span("by the forecasts", class_name="quiet")),
        class_name="cells",
    )
    return rx.el.section(cells, _bar(), class_name="capacity", aria_label="Capacity of the house")
