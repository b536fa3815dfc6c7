"""A report's pieces: the question, the measure in words, the plot with its table beside it, the wards."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.plot import STILL, for_the_eye, plot
from hospital_ops.components.states import empty
from hospital_ops.state.feed import Feed
from hospital_ops.state.reports import Reports

VALUE: rx.Var[dict[str, Any]] = Feed.report
ASKED = VALUE["asked"].to(dict[str, str])
Row = rx.Var[dict[str, Any]]
Rows = list[dict[str, Any]]


def _way(word: rx.Var[Any], row: Row, class_name: str) -> rx.Component:
    """A link that is marked when it leads to what is shown."""
    here = rx.cond(row["is_here"].to(bool), "page", None)
    return rx.link(
        word, href=row["at"].to(str), class_name=class_name, underline="none", custom_attrs={"aria-current": here}
    )


def measures() -> rx.Component:
    """Which measure."""
    links = rx.foreach(VALUE["measures"].to(Rows), lambda row: _way(row["title"].to(str), row, "tab"))
    return rx.el.nav(links, class_name="tabs", aria_label="Measures")


def _spans() -> rx.Component:
    links = rx.foreach(VALUE["spans"].to(Rows), lambda row: _way(row["word"].to(str), row, "chip"))
    return rx.el.nav(links, class_name="chips", aria_label="The last days")


def _day(name: str, word: str, value: rx.Var[str]) -> rx.Component:
    field = rx.el.input(name=name, type="date", default_value=value, required=True, class_name="field")
    return rx.el.label(rx.el.span(word, class_name="field-label"), field)


def _ward(ward: Row) -> rx.Component:
    box = rx.el.input(
        type="checkbox",
        name=rx.Var.create("ward_") + ward["code"].to(str),  # type: ignore[operator]
        value="1",
        default_checked=ward["is_chosen"].to(bool),
    )
    return rx.el.label(box, rx.el.span(ward["name"].to(str)), class_name="pick", key=ward["code"].to(str))


def _hidden(name: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)


def question() -> rx.Component:
    """The span and the wards, as they stand in the address."""
    choices = VALUE["choices"].to(Rows)
    boxes = rx.el.fieldset(
        rx.el.legend("Wards", class_name="sr-only"), rx.foreach(choices, _ward), class_name="report-boxes"
    )
    wards = rx.el.details(
        rx.el.summary("Wards: ", VALUE["chosen"].to(str), class_name="button"),
        boxes,
        rx.el.p("With none ticked, every ward.", class_name="quiet small"),
        class_name="report-wards",
    )
    form = rx.el.form(
        _day("from", "From", ASKED["first"]),
        _day("to", "To", ASKED["last"]),
        rx.cond(choices.length() > 1, wards, rx.fragment()),
        *(_hidden(name, ASKED[name]) for name in ("first", "last", "measure", "part", "days")),
        rx.el.button("Show", type="submit", class_name="button button-main"),
        on_submit=Reports.search,
        class_name="report-form",
        aria_label="Days and wards",
        # The fields show what was asked: drawn anew when the address asks something else.
        key=VALUE["file"].to(str),
    )
    return rx.el.div(_spans(), form, problem(), class_name="report-question")


def problem() -> rx.Component:
    """Why a question cannot be answered."""
    return rx.cond(
        Reports.problem != "", rx.el.p(Reports.problem, class_name="audit-problem", role="alert"), rx.fragment()
    )


def _cells(row: Row) -> rx.Component:
    """n, median, p90 and the share of a line; one sentence in their place where there are too few."""
    few = rx.el.td(row["few"].to(str), col_span=rx.cond(VALUE["share"] != "", 3, 2), class_name="quiet")
    share = rx.cond(VALUE["share"] != "", rx.el.td(row["share_words"].to(str)), rx.fragment())
    told = rx.fragment(rx.el.td(row["median_words"].to(str)), rx.el.td(row["p90_words"].to(str)), share)
    return rx.fragment(rx.el.td(row["n"].to(str)), rx.cond(row["few"] != "", few, told))


def _line(row: Row) -> rx.Component:
    head = rx.el.th(row["name"].to(str), scope="row")
    return rx.el.tr(head, _cells(row), custom_attrs={"data-row": row["code"].to(str)}, key=row["code"].to(str))


def _heads(first: rx.Var[str] | str) -> rx.Component:
    share = rx.cond(
        VALUE["share"] != "", rx.el.th(VALUE["share"].to(str), scope="col", class_name="share"), rx.fragment()
    )
    named = (rx.el.th(head, scope="col") for head in (first, "n", "Median", "90 % within"))
    return rx.el.thead(rx.el.tr(*named, share))


def _table(
    caption: rx.Var[str] | str, first: rx.Var[str] | str, rows: rx.Var[Rows], *more: rx.Component
) -> rx.Component:
    table = rx.el.table(
        rx.el.caption(caption, class_name="sr-only"),
        _heads(first),
        rx.el.tbody(rx.foreach(rows, _line), *more),
        class_name="numbers report-numbers",
    )
    # Wider than a phone: the table scrolls, not the page; so it can be reached by keyboard.
    return rx.el.div(
        table, class_name="report-scroll", role="region", tab_index=0, custom_attrs={"aria-label": caption}
    )


def whole() -> rx.Component:
    """The one line that most people came for."""
    row = VALUE["whole"].to(dict[str, Any])
    cell = lambda word, value: rx.el.div(rx.el.dt(word), rx.el.dd(value, class_name="figure"), class_name="cell")  # noqa: E731
    few = rx.el.p(
        f"Too few to say anything of: {row['n']} {VALUE['counted']}. From {VALUE['least']} on there are figures.",
        class_name="lead",
    )
    share = rx.cond(VALUE["share"] != "", cell(VALUE["share"].to(str), row["share_words"].to(str)), rx.fragment())
    told = rx.el.dl(
        cell(VALUE["counted"].to(str), row["n"].to(str)),
        cell("Median", row["median_words"].to(str)),
        cell("90 % within", row["p90_words"].to(str)),
        share,
        class_name="cells report-whole",
        custom_attrs={"data-whole": VALUE["part"].to(str)},
    )
    return rx.cond(row["few"] != "", few, told)


def _part_line(row: Row) -> rx.Component:
    share = rx.el.td(rx.cond(row["of"] != "", rx.fragment(row["share_words"].to(str), " ", row["of"].to(str)), "–"))
    few = rx.el.td(row["few"].to(str), col_span=3, class_name="quiet")
    told = rx.fragment(rx.el.td(row["median_words"].to(str)), rx.el.td(row["p90_words"].to(str)), share)
    return rx.el.tr(
        rx.el.th(_way(row["name"].to(str), row, "report-part"), scope="row"),
        rx.el.td(row["n"].to(str)),
        rx.cond(row["few"] != "", few, told),
        custom_attrs={"data-row": row["code"].to(str)},
        key=row["code"].to(str),
    )


def parts() -> rx.Component:
    """A measure of several parts: each with its figures, and which of them is drawn below."""
    rows = VALUE["parts"].to(Rows)
    heads = (rx.el.th(head, scope="col") for head in ("Which", "n", "Median", "90 % within", "In time"))
    table = rx.el.table(
        rx.el.caption("Each part", class_name="sr-only"),
        rx.el.thead(rx.el.tr(*heads)),
        rx.el.tbody(rx.foreach(rows, _part_line)),
        class_name="numbers report-numbers",
    )
    panel = rx.el.section(
        rx.el.h2("Each part", class_name="panel-title"),
        rx.el.div(table, class_name="report-scroll", role="region", tab_index=0, aria_label="Each part"),
        class_name="panel",
    )
    return rx.cond(rows.length() > 0, panel, rx.fragment())


_X = {"data_key": "short", "interval": "preserveStartEnd", "min_tick_gap": 16}


def _lines() -> rx.Component:
    """Median and 90th percentile; where there were too few the line has a gap."""
    charts = rx.recharts
    return plot(
        charts.line(
            data_key="p90", name="90 % within", stroke="var(--gray-10)", stroke_width=1.5, stroke_dasharray="5 4",
            dot={"r": 2, "fill": "var(--gray-10)"}, connect_nulls=False, **STILL,
        ),
        charts.line(
            data_key="median", name="median", stroke="var(--accent-11)", stroke_width=2.5,
            dot={"r": 3, "fill": "var(--accent-11)"}, connect_nulls=False, **STILL,
        ),
        rows=VALUE["times"].to(Rows),
        x=_X,
        y={"width": 52, "unit": ""},
    )  # fmt: skip


def _bars() -> rx.Component:
    """The share of each day or week."""
    charts = rx.recharts
    return plot(
        charts.bar(data_key="share", name=VALUE["share"].to(str), fill="var(--accent-9)", max_bar_size=40, **STILL),
        rows=VALUE["times"].to(Rows),
        x=_X,
        y={"width": 52, "unit": " %"},
    )


def over_time() -> rx.Component:
    """The plot, and the same as a table."""
    first = rx.cond(VALUE["step"] == "day", "Day", "Week")
    words = rx.cond(VALUE["draws_share"].to(bool), VALUE["share"].to(str), VALUE["unit"].to(str))
    chart = for_the_eye(rx.cond(VALUE["draws_share"].to(bool), _bars(), _lines()))
    few = rx.el.p("Too few in every one of them to draw a line. A longer span has more.", class_name="quiet")
    return rx.el.section(
        rx.el.h2("Over time", class_name="panel-title"),
        rx.el.p(VALUE["part"].to(str), ", ", words, ", by ", VALUE["step"].to(str), class_name="quiet unit-words"),
        rx.el.div(
            rx.cond(VALUE["is_drawn"].to(bool), chart, few),
            _table("The same over time as a table", first, VALUE["times"].to(Rows)),
            class_name="report-beside",
        ),
        class_name="panel",
    )


def by_ward() -> rx.Component:
    """Each ward, and all of them together."""
    row = VALUE["whole"].to(dict[str, Any])
    last = rx.el.tr(
        rx.el.th("All of these", scope="row"), _cells(row), class_name="report-all", custom_attrs={"data-row": "all"}
    )
    return rx.el.section(
        rx.el.h2("By ward", class_name="panel-title"),
        _table("By ward", "Ward", VALUE["wards"].to(Rows), last),
        class_name="panel",
    )


def head() -> rx.Component:
    """The measure in one sentence, of which days and wards, and the file."""
    save = rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        "Save as CSV",
        href=VALUE["file"].to(str),
        download=True,
        class_name="button button-small",
        # Reflex makes every link a step of its router, which knows no files: the browser itself is to ask.
        custom_attrs={"reloadDocument": True},
    )
    words = rx.el.div(
        rx.el.h2(VALUE["title"].to(str), class_name="title report-title"),
        rx.el.p(VALUE["span"].to(str), " · ", VALUE["chosen"].to(str), class_name="lead"),
    )
    return rx.fragment(
        rx.el.header(words, save, class_name="page-head"),
        rx.el.p(VALUE["definition"].to(str), class_name="report-definition"),
    )


def nothing() -> rx.Component:
    return empty("Nothing to count in these days", "Choose a longer span, or other wards.", icon="chart-column")
