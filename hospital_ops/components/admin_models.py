"""The models: what serves and since when, how it did beside its baseline, what its gate said, and what could serve instead."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.admin_models_watched import watched
from hospital_ops.components.admin_parts import tabs
from hospital_ops.components.live import at
from hospital_ops.components.range_plot import share_plot, share_table
from hospital_ops.components.stacked import stacked_row, stacked_table
from hospital_ops.components.states import empty
from hospital_ops.state.feed import Feed
from hospital_ops.state.models import Models

Row = rx.Var[dict[str, Any]]
VALUE: rx.Var[dict[str, Any]] = Feed.models
KINDS = VALUE["kinds"].to(list[dict[str, Any]])
RUNG = {"outside": "Groups outside the limit", "bias": "Their error", "crps": "CRPS", "mae": "MAE"}


def _rows(row: Row, name: str) -> rx.Var[list[dict[str, Any]]]:
    return row[name].to(list[dict[str, Any]])


def _words(row: Row, name: str) -> rx.Var[list[str]]:
    return row[name].to(list[str])


def _state(kind: Row) -> rx.Component:
    """Who speaks: a release by its name and since when, or the baseline and why."""
    since = kind["since"].to(dict[str, str])
    serves = rx.el.div(
        rx.icon("circle-check", size=18, aria_hidden="true"),
        rx.el.p(rx.el.b(kind["speaks"].to(str)), " serves, release ", rx.el.code(kind["of"].to(str)), "."),
        rx.el.p("Since ", at(at=since["at"], form="full"), ", by ", since["by"], ".", class_name="quiet small"),
        class_name="model-state",
        custom_attrs={"data-serves": "release"},
    )
    stands_in = rx.el.div(
        rx.icon("triangle-alert", size=18, aria_hidden="true"),
        rx.el.p("The baseline speaks: ", rx.el.b(kind["speaks"].to(str)), "."),
        rx.el.p(kind["problem"].to(str), class_name="small"),
        class_name="model-state model-state-baseline",
        custom_attrs={"data-serves": "baseline"},
    )
    return rx.cond(kind["serves"].to(bool), serves, stands_in)


def _beneath(interval: rx.Var[str]) -> rx.Component:
    """An interval under its figure, so that a phone has room for both."""
    return rx.cond(interval != "", rx.el.span(interval, class_name="interval"), rx.fragment())


def _measure(row: Row) -> rx.Component:
    return rx.el.tr(
        rx.el.th(row["words"].to(str), scope="row"),
        rx.el.td(row["ours"].to(str), _beneath(row["interval"].to(str))),
        rx.el.td(rx.cond(row["baseline"] != "", row["baseline"].to(str), "–")),
        key=row["words"].to(str),
    )


def _measures(kind: Row) -> rx.Component:
    heads = ("Measure", "Release (95 %)", "Baseline")
    table = rx.el.table(
        rx.el.caption("Measures beside the baseline's", class_name="sr-only"),
        rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
        rx.el.tbody(rx.foreach(_rows(kind, "measures"), _measure)),
        class_name="numbers model-measures",
    )
    words = rx.el.p(
        "On ",
        rx.cond(kind["measured_on"] != "", kind["measured_on"].to(str) + " of ", ""),
        "what it had not learned from. Under a figure stands its 95 % interval, where the release kept one. Baseline: ",
        kind["baseline"].to(str),
        "; a dash where it has no such figure.",
        class_name="quiet small",
    )
    told = rx.cond(kind["in_words"] != "", rx.el.p(kind["in_words"].to(str), class_name="model-words"), rx.fragment())
    return rx.cond(_rows(kind, "measures").length() > 0, rx.fragment(told, table, words), rx.fragment())


def _gate(kind: Row) -> rx.Component:
    why = rx.el.ul(
        rx.foreach(_words(kind, "why_not"), lambda words: rx.el.li(words, key=words)), class_name="model-why"
    )
    line = rx.el.p(
        rx.cond(
            kind["passed"].to(bool),
            rx.icon("shield-check", size=16, aria_hidden="true"),
            rx.icon("shield-alert", size=16, aria_hidden="true"),
        ),
        rx.el.span("Gate: ", kind["verdict"].to(str)),
        class_name="model-gate",
        custom_attrs={"data-passed": kind["passed"].to(str)},
    )
    return rx.cond(kind["of"] != "", rx.fragment(line, why), rx.fragment())


def _fact(row: Row) -> rx.Component:
    return rx.el.div(
        rx.el.dt(row["name"].to(str)),
        rx.el.dd(row["value"].to(str)),
        key=row["name"].to(str),
    )


def _group(row: Row) -> rx.Component:
    small = rx.cond(row["too_small"].to(bool), " (too small to be judged)", "")
    outside = rx.cond(row["outside"].to(bool), rx.el.strong(" – outside the limit"), "")
    interval = {"left": row["from"].to(str), "right": row["to"].to(str)}
    mark = rx.el.div(
        rx.el.span(class_name="forest-line", style=interval),
        rx.el.span(class_name="forest-dot", style={"left": row["at"].to(str)}),
        class_name="forest",
        aria_hidden="true",
    )
    return rx.el.tr(
        rx.el.th(row["group"].to(str), small, outside, mark, scope="row"),
        rx.el.td(row["n"].to(str)),
        rx.el.td(row["error"].to(str), _beneath(row["interval"].to(str))),
        key=row["group"].to(str),
        custom_attrs={"data-outside": row["outside"].to(str)},
    )


def _groups(kind: Row) -> rx.Component:
    heads = ("Group", "Stays", "Foretold less came (95 %)")
    table = rx.el.table(
        rx.el.caption("Signed error by group", class_name="sr-only"),
        rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
        rx.el.tbody(rx.foreach(_rows(kind, "groups"), _group)),
        class_name="numbers model-groups",
    )
    words = rx.el.p(
        "Below zero people stay longer than foretold, above it they leave earlier. Of groups of 1,000 stays and more the whole "
        "interval has to lie within a quarter of a day of zero: the band in each bar, which is a day wide.",
        class_name="small",
    )
    none = rx.el.p("It was not audited by group: nobody knows yet whom it serves worse.", class_name="small")
    return rx.cond(_rows(kind, "groups").length() > 0, rx.fragment(words, table), none)


def _rung(row: Row) -> rx.Component:
    serves = rx.cond(row["chosen"].to(bool), rx.el.strong(" – this one"), "")
    return stacked_row(rx.fragment(row["words"].to(str), serves), row, RUNG, row["words"].to(str))


def _mitigation(kind: Row) -> rx.Component:
    rows = _rows(kind, "mitigation")
    shown = rx.fragment(
        rx.el.h3("What was tried against it"),
        rx.el.p(
            "Moves of the chance of leaving, the gentlest first, measured on stays that are not those above. The first that leaves "
            "nobody far off serves. CRPS and MAE are errors in days.",
            class_name="small",
        ),
        stacked_table("Ways tried against bias by group", "Chance of leaving", RUNG, rows, _rung),
    )
    return rx.cond(rows.length() > 0, shown, rx.fragment())


def _strata(kind: Row) -> rx.Component:
    rows = _rows(kind, "strata")
    shown = rx.fragment(
        rx.el.h3("80 % ranges that held, by whole days in"),
        share_plot(rows, low=40),
        share_table(rows, "80 % ranges that held, by whole days in", "Days in"),
    )
    return rx.cond(rows.length() > 0, shown, rx.fragment())


def _card(kind: Row) -> rx.Component:
    body = rx.el.div(
        rx.el.h3("What it is for"),
        rx.el.p(kind["what"].to(str)),
        rx.el.h3("What it rests on"),
        rx.el.dl(rx.foreach(_rows(kind, "rests_on"), _fact), class_name="model-facts"),
        _strata(kind),
        rx.el.h3("For whom it is worse"),
        _groups(kind),
        _mitigation(kind),
        rx.el.h3("Limits"),
        rx.el.ul(rx.foreach(_words(kind, "limits"), lambda words: rx.el.li(words, key=words)), class_name="model-why"),
        class_name="model-card",
    )
    trained = rx.fragment("Model card of release ", kind["of"].to(str), ", trained ")
    head = rx.el.summary(trained, at(at=kind["trained_at"].to(str), form="day"))
    return rx.cond(kind["of"] != "", rx.el.details(head, body, class_name="misfits model-more"), rx.fragment())


def _release(kind: Row, row: Row) -> rx.Component:
    serve = rx.el.button(
        "Serve this one",
        rx.el.span(", release ", row["version"].to(str), class_name="sr-only"),
        type="button",
        class_name="button button-small",
        on_click=Models.ask_serve(kind["kind"].to(str), row["version"].to(str)),
    )
    word = rx.cond(row["active"].to(bool), "serves", rx.cond(row["before"].to(bool), "served before", ""))
    tag = rx.cond(word != "", rx.el.span(word, class_name="tag tag-quiet"), rx.fragment())
    made = rx.fragment("Trained ", at(at=row["trained_at"].to(str), form="full"), " · ", row["verdict"].to(str))
    told = rx.el.div(
        rx.el.p(rx.el.code(row["version"].to(str)), " ", tag),
        rx.cond(
            row["unreadable"] != "",
            rx.el.p(row["unreadable"].to(str), class_name="small"),
            rx.fragment(
                rx.el.p(made, class_name="quiet small"), rx.el.p(row["headline"].to(str), class_name="quiet small")
            ),
        ),
    )
    may = rx.cond(row["active"].to(bool) | (row["unreadable"] != ""), rx.fragment(), serve)
    return rx.el.li(
        told, may, class_name="model-release", custom_attrs={"data-release": row["version"].to(str)},
        key=row["version"].to(str),
    )  # fmt: skip


def _releases(kind: Row) -> rx.Component:
    back = rx.el.button(
        rx.icon("undo-2", size=16, aria_hidden="true"),
        "Go back to the one before",
        rx.el.span(", ", kind["name"].to(str), class_name="sr-only"),
        type="button",
        class_name="button button-small",
        on_click=Models.ask_back(kind["kind"].to(str), kind["back"].to(str)),
    )
    rows = _rows(kind, "releases")
    more = rx.cond(
        kind["more"].to(int) > 0,
        rx.el.p(kind["more"].to(str), " older ones: ", rx.el.code("./hospital models"), class_name="quiet small"),
        rx.fragment(),
    )
    shown = rx.fragment(
        rx.el.header(
            rx.el.h3("Releases", class_name="model-head"),
            rx.cond(kind["back"] != "", back, rx.fragment()),
            class_name="page-head",
        ),
        rx.el.ul(rx.foreach(rows, lambda row: _release(kind, row)), class_name="model-releases"),
        more,
    )
    none = rx.el.p(rx.el.code("./hospital train"), " makes one, from this hospital's history.", class_name="quiet")
    survey = rx.el.p(
        rx.el.code("./hospital survey"), " makes one, from this hospital's own survey.", class_name="quiet"
    )
    return rx.cond(rows.length() > 0, shown, rx.cond(kind["kind"] == "strain", survey, none))


def _kind(kind: Row) -> rx.Component:
    return rx.el.section(
        rx.el.h2(kind["name"].to(str), class_name="panel-title"),
        _state(kind),
        _gate(kind),
        _measures(kind),
        rx.cond(kind["kind"] != "strain", watched(kind), rx.fragment()),
        _card(kind),
        _releases(kind),
        class_name="panel model",
        custom_attrs={"data-model": kind["kind"].to(str)},
        key=kind["kind"].to(str),
    )


def models_list() -> rx.Component:
    """A panel for each kind of model."""
    again = rx.el.button(
        rx.icon("refresh-cw", size=16, aria_hidden="true"),
        "Look again",
        type="button",
        class_name="button button-small",
        on_click=Models.look_again,
    )
    words = "What each model says of itself, measured on what it had not learned from. People decide; no model does."
    return rx.el.section(
        tabs("/admin/models"),
        rx.el.header(
            rx.el.div(
                rx.el.h1("Models", class_name="title"),
                rx.el.p("As it was ", at(at=VALUE["at"].to(str), form="seconds"), class_name="quiet", role="status"),
            ),
            again,
            class_name="page-head",
        ),
        rx.el.p(words, class_name="quiet"),
        rx.cond(KINDS.length() > 0, rx.el.div(rx.foreach(KINDS, _kind), class_name="models"), empty("No model")),
    )
