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


def figure(number: rx.Var[Any], word: str, status: str = "", *more: rx.Var[str] | str) -> rx.Component:
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


def _tonight_bar(bar: rx.Var[dict[str, Any]]) -> rx.Component:
    height = {"height": rx.Var.create("") + bar["height"].to(str) + "%"}  # type: ignore[operator]
    likely = rx.cond(bar["likely"].to(bool), "true", None)
    title = f"{bar['beds']} beds: {bar['percent']} %"
    return rx.el.span(style=height, title=title, custom_attrs={"data-likely": likely})


def _tonight_table(bars: rx.Var[list[dict[str, Any]]]) -> rx.Component:
    """The plot for those who do not see it."""
    row = lambda bar: rx.el.tr(rx.el.th(bar["beds"], scope="row"), rx.el.td(bar["percent"], " %"))  # noqa: E731
    table = rx.el.table(
        rx.el.caption("Beds needed at midnight, and how likely each is"),
        rx.el.thead(rx.el.tr(rx.el.th("Beds", scope="col"), rx.el.th("Chance", scope="col"))),
        rx.el.tbody(rx.foreach(bars, row)),
    )
    # A table is as wide as its words whatever it is told; what hides it must be a box around it.
    return rx.el.div(table, class_name="sr-only")


def _tonight() -> rx.Component:
    """Beds needed at midnight, in a bed or waiting for one: the middle, the 80 % range, and the whole of it drawn."""
    night = HOUSE["tonight"].to(dict[str, Any])
    bars = night["bars"].to(list[dict[str, Any]])
    plot = rx.el.div(rx.foreach(bars, _tonight_bar), class_name="tonight-plot", aria_hidden="true")
    short = rx.el.p(f"{night['short_percent']} % for more than {HOUSE['staffed']}", class_name="tonight-short")
    unknown = rx.el.p("no forecast of arrivals yet", class_name="quiet tonight-short")
    words = rx.cond(
        night["expected_arrivals"] == None,  # noqa: E711 - a Var, compared in the browser
        unknown,
        rx.cond(night["short_percent"].to(int) > 0, short, rx.fragment()),
    )
    return rx.el.div(
        rx.el.h2("Tonight", class_name="caption"),
        rx.el.div(
            rx.el.dl(
                figure(night["likely"], "Needed at midnight", "", f" {night['low']}–{night['high']} likely"),
                class_name="cells",
            ),
            rx.el.div(plot, words),
            class_name="tonight",
        ),
        _tonight_table(bars),
        class_name="cell-group",
    )


def stands_in() -> rx.Component:
    """Where no trained model speaks, which baseline does and why."""
    said = rx.el.p(
        rx.icon("triangle-alert", size=16, aria_hidden="true"),
        rx.el.span(HOUSE["stands_in"].to(str)),
        class_name="stands-in quiet small",
    )
    return rx.cond(HOUSE["stands_in"].to(bool), said, rx.fragment())


def capacity_strip() -> rx.Component:
    """Now: occupied, ready, cleaning, blocked. Decided: coming, leaving, and what that makes. Tonight: the forecast."""
    now = _group(
        "Now",
        figure(HOUSE["occupied"], "Occupied", "occupied", f" of {HOUSE['staffed']}"),
        figure(_count("available"), "Ready", "available"),
        figure(_count("reserved"), "Reserved", "reserved"),
        figure(_count("dirty"), "To clean", "dirty"),
        figure(_count("cleaning"), "Cleaning", "cleaning"),
        figure(_count("blocked"), "Blocked", "blocked"),
    )
    decided = _group(
        "Decided",
        figure(HOUSE["pending_in"], "Coming"),
        figure(HOUSE["pending_out"], "Leaving", "pending_discharge"),
        figure(HOUSE["decided"], "Then occupied"),
    )
    strip = rx.el.div(now, decided, _tonight(), class_name="cell-groups")
    return rx.el.section(strip, _bar(), stands_in(), class_name="capacity", aria_label="Capacity of the house")
