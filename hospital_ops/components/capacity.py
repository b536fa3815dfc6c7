"""The capacity strip: the whole house in one line, now, after what is decided already, and tonight."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import changed
from hospital_ops.components.status import shape
from hospital_ops.state.feed import Feed
from hospital_ops.theme import STATUS

HOUSE: rx.Var[dict[str, Any]] = Feed.hospital
# Beds that hold somebody first, then those that could, then those that cannot.
BAR_ORDER = (
    "occupied",
    "pending_discharge",
    "reserved",
    "available",
    "dirty",
    "cleaning",
    "blocked",
    "closed",
)


def _count(status: str) -> rx.Var[int]:
    return HOUSE["counts"].to(dict[str, int])[status]


def _cell(number: rx.Var[Any], word: str, status: str = "", *more: rx.Var[str] | str) -> rx.Component:
    """A figure with its shape and word beneath."""
    return rx.el.div(
        rx.el.dt(shape(status) if status else rx.fragment(), word),
        rx.el.dd(
            changed(number, stamp=number, element="span", class_name="figure"), rx.el.span(*more, class_name="quiet")
        ),
        class_name="cell",
        custom_attrs={"data-status": status} if status else {},
    )


def _group(caption: str, *cells: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.h2(caption, class_name="caption"), rx.el.dl(*cells, class_name="cells"), class_name="cell-group"
    )


def _bar() -> rx.Component:
    """All beds, in proportion."""
    parts = [
        rx.el.span(custom_attrs={"data-status": name}, style={"flexGrow": _count(name)}, title=STATUS[name].word)
        for name in BAR_ORDER
    ]
    return rx.el.div(*parts, class_name="house-bar", aria_hidden="true")


def capacity_strip() -> rx.Component:
    """Now: occupied, ready, cleaning, blocked. Decided: coming, leaving, and what that makes. Tonight: the forecast."""
    now = _group(
        "Now",
        _cell(HOUSE["occupied"], "Occupied", "occupied", f" of {HOUSE['staffed']}"),
        _cell(_count("available"), "Ready", "available"),
        _cell(_count("reserved"), "Reserved", "reserved"),
        _cell(_count("dirty"), "To clean", "dirty"),
        _cell(_count("cleaning"), "Cleaning", "cleaning"),
        _cell(_count("blocked"), "Blocked", "blocked"),
    )
    decided = _group(
        "Decided",
        _cell(HOUSE["pending_in"], "Coming"),
        _cell(HOUSE["pending_out"], "Leaving", "pending_discharge"),
        _cell(HOUSE["decided"], "Then occupied"),
    )
    tonight = _group("Tonight", _cell(HOUSE["tonight"], "Likely occupied"))
    strip = rx.el.div(now, decided, tonight, class_name="cell-groups")
    return rx.el.section(strip, _bar(), class_name="capacity", aria_label="Capacity of the house")
