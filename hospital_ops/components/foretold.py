"""When somebody leaves: the range, the chances of the next three days, what moves it and who says so."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import at

Row = rx.Var[dict[str, Any]]


def _chance(chance: Row) -> rx.Component:
    return rx.el.li(
        rx.el.span(chance["words"].to(str), class_name="quiet"),
        rx.el.span(rx.el.span(style={"width": f"{chance['percent']}%"}), class_name="chance-bar", aria_hidden="true"),
        rx.el.b(f"{chance['percent']} %"),
    )


def foretold(forecast: Row) -> rx.Component:
    """`forecast` as `queries.foretold` gives it."""
    reasons = forecast["reasons"].to(list[str])
    listed = rx.el.ul(rx.foreach(reasons, lambda words: rx.el.li(words, key=words)), class_name="reasons")
    none = rx.el.p(forecast["no_reasons"].to(str), class_name="quiet small")
    return rx.fragment(
        rx.el.p("Eight of ten such patients leave ", forecast["range"].to(str), "."),
        rx.el.ul(rx.foreach(forecast["chances"].to(list[dict[str, Any]]), _chance), class_name="chances"),
        rx.el.h3("What moves it", class_name="drawer-heading"),
        rx.cond(reasons.length() > 0, listed, none),
        rx.el.p(
            "Forecast made at ",
            at(at=forecast["made_at"].to(str)),
            " by ",
            forecast["model"].to(str),
            class_name="quiet small",
        ),
    )
