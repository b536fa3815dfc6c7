"""Whether a model's ranges held over the last weeks, and whether today's patients are like those it learned from."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.plot import STILL, for_the_eye, plot
from hospital_ops.components.range_plot import share_plot, share_table
from hospital_ops.components.stacked import stacked_row, stacked_table

Row = rx.Var[dict[str, Any]]
VERDICTS: dict[str, str] = {
    "few": "Fewer held than were promised: what it learned may not hold any more. Train again, or go back.",
    "many": "More held than were promised: its ranges are wider than they need be.",
    "fine": "Neither surely fewer nor surely more than was promised.",
}
LEVEL = {"came": "Came", "expected": "Expected", "ratio": "Ratio (95 %)", "word": "Level"}
ICONS: dict[str, str] = {"few": "triangle-alert", "many": "move-horizontal", "fine": "circle-check"}


def _icon(verdict: rx.Var[str]) -> rx.Component:
    shown = [(name, rx.icon(icon, size=16, aria_hidden="true")) for name, icon in ICONS.items()]
    return rx.match(verdict, *shown, rx.fragment())


def _held(kind: Row) -> rx.Component:
    held = kind["held"].to(dict[str, Any])
    rows, span, verdict = held["rows"].to(list[dict[str, Any]]), held["range"].to(list[float]), held["verdict"].to(str)
    words = rx.el.p(
        _icon(verdict),
        rx.el.span(
            f"Of {held['n']} ranges that ended in 28 days, {held['share']} % held ({span[0]} to {span[1]} %). ",
            rx.match(verdict, *VERDICTS.items(), ""),
        ),
        class_name="model-gate",
        custom_attrs={"data-held": verdict},
    )
    shown = rx.fragment(
        words, share_plot(rows), share_table(rows, "80 % ranges that held, by the day they ended", "Ended")
    )
    none = rx.el.p("None has ended yet. The first scoring of each day keeps its ranges.", class_name="quiet small")
    return rx.fragment(
        rx.el.h3("Did its 80 % ranges hold?", class_name="model-head"),
        rx.cond(rows.length() > 0, shown, none),
        rx.el.p(held["open"].to(str), " have not ended.", class_name="quiet small"),
    )


def _line(row: Row, head: str, *names: str) -> rx.Component:
    cells = [rx.el.td(row[name].to(str)) for name in names]
    return rx.el.tr(rx.el.th(row[head].to(str), scope="row"), *cells, key=row[head].to(str))


def _input(row: Row) -> rx.Component:
    return _line(row, "name", "psi", "usual", "word")


def _level(row: Row) -> rx.Component:
    return stacked_row(row["unit"].to(str), row, LEVEL, row["unit"].to(str))


def _levels(rows: rx.Var[list[dict[str, Any]]]) -> rx.Component:
    """How many came to each unit, beside what the training's calendar expects of the same days."""
    words = "Expected is what the training's calendar says of these four weeks, weekday, season and holidays included."
    table = stacked_table(
        "Arrivals of four weeks by unit, against the training's calendar", "Unit", LEVEL, rows, _level
    )
    shown = rx.fragment(table, rx.el.p(words, class_name="quiet small"))
    return rx.cond(rows.length() > 0, shown, rx.fragment())


def _over(rows: rx.Var[list[dict[str, Any]]]) -> rx.Component:
    """The farthest input of each day; its numbers are the table's first line, day by day."""
    charts = rx.recharts
    return for_the_eye(
        plot(
            charts.line(
                data_key="psi",
                name="PSI of the farthest input",
                stroke="var(--accent-11)",
                stroke_width=2.5,
                dot={"r": 3},
                **STILL,
            ),
            charts.reference_line(y="0.25", stroke="var(--gray-11)", stroke_dasharray="4 4"),
            rows=rows,
            x={"data_key": "x", "interval": "preserveStartEnd"},
            y={"width": 40},
            height=220,
        ),
        "chart chart-low",
    )


def _day(row: Row) -> rx.Component:
    return rx.el.tr(rx.el.th(row["x"].to(str), scope="row"), rx.el.td(row["psi"].to(str)), key=row["x"].to(str))


def _table(caption: str, heads: tuple[str, ...], rows: rx.Var[list[dict[str, Any]]], line: Any) -> rx.Component:
    return rx.el.table(
        rx.el.caption(caption, class_name="sr-only"),
        rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
        rx.el.tbody(rx.foreach(rows, line)),
        class_name="numbers",
    )


def _inputs(kind: Row) -> rx.Component:
    inputs = kind["inputs"].to(dict[str, Any])
    rows, over = inputs["rows"].to(list[dict[str, Any]]), inputs["over"].to(list[dict[str, Any]])
    farthest = _table("The inputs that are farthest", ("Input", "PSI", "By chance", "Apart"), rows, _input)
    shown = rx.fragment(
        rx.el.p(inputs["words"].to(str), class_name="small"),
        farthest,
        _levels(inputs["levels"].to(list[dict[str, Any]])),
        _over(over),
        rx.el.details(
            rx.el.summary("The same as a table"),
            _table("The farthest input by day", ("Day", "PSI of the farthest"), over, _day),
            class_name="misfits",
        ),
    )
    return rx.fragment(
        rx.el.h3("Are its inputs what they were?", class_name="model-head"),
        rx.cond(inputs.contains("rows"), shown, rx.el.p(kind["no_inputs"].to(str), class_name="quiet small")),
    )


def watched(kind: Row) -> rx.Component:
    """Ranges first, inputs below."""
    body = rx.el.div(_held(kind), _inputs(kind), class_name="model-card")
    held = kind["held"].to(dict[str, Any])
    told = rx.cond(
        held["verdict"] != "none",
        f"Of {held['n']} ranges of 80 % that ended in 28 days {held['share']} % held.",
        "Nothing has ended that could be judged.",
    )
    return rx.el.details(
        rx.el.summary("Does it still fit? ", told), body, class_name="misfits model-more model-watched"
    )
