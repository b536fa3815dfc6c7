"""The reports' page and its file: one measure in words and figures, for whoever may see those wards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from hospital_ops.domain.access import Actor
from hospital_ops.domain.reports import (
    LEAST,
    MEASURES,
    SPANS,
    TOO_FEW,
    Figure,
    Part,
    Question,
    value_words,
)
from hospital_ops.infra.db import read_session
from hospital_ops.queries.clock import hospital_date, hospital_now
from hospital_ops.queries.reports.figures import NO_WARD, Figures, Place, chosen_wards, figures, wards_of

Row = dict[str, Any]
FILE = "/api/reports/file"
COLUMNS = (
    "measure", "part", "by", "group", "n", "median", "p90", "unit", "share_percent", "share_of", "first_day", "last_day",
)  # fmt: skip


def today() -> date:
    """The hospital's day of now, up to which a span reaches."""
    return hospital_date(hospital_now())


def report_page(actor: Actor, question: Question) -> dict[str, Any]:
    """Everything that /reports shows. Raises NotFound for a ward that is not there or not theirs."""
    measure, part = question.measure, question.measure.part(question.part)
    with read_session() as session:
        places, theirs = chosen_wards(session, actor, question), wards_of(session, actor)
        found = figures(session, actor, question)
    mine = found.get(part.name, Figures())
    rows = [
        _row(place.name, place.code, mine.wards.get(place.ward_id), question, part) for place in _shown(places, mine)
    ]
    times = [_time(at, mine.times.get(at), question, part) for at in question.times()]
    return {
        "measure": measure.name,
        "title": measure.title,
        "definition": measure.definition,
        "counted": measure.counted,
        "unit": measure.unit.value,
        "draws_share": measure.draws_share,
        "part": part.title,
        "share": part.share,
        "target": part.target,
        "step": question.step,
        "span": _span_words(question),
        "whole": _row("All of these", "", mine.whole, question, part),
        "is_empty": mine.whole.n == 0,
        "is_drawn": any(time["median"] is not None for time in times),
        "wards": rows,
        "times": times,
        "parts": _parts(found, question),
        "measures": [
            {"title": each.title, "at": question.of(each).address(), "is_here": each is measure} for each in MEASURES
        ],
        "spans": [_span(days, question) for days in SPANS],
        "asked": {
            "first": question.first.isoformat(),
            "last": question.last.isoformat(),
            "measure": measure.name,
            "part": question.part,
            "days": str(question.days or ""),
        },
        "choices": [
            {"code": place.code, "name": place.name, "is_chosen": bool(question.wards) and place in places}
            for place in theirs
        ],
        "chosen": _chosen_words(places, theirs),
        "file": question.address(FILE),
        "least": LEAST,
    }


def report_rows(actor: Actor, question: Question) -> Iterator[tuple[Any, ...]]:
    """The file: every part of the measure, whole, by ward and by time; a row of COLUMNS each."""
    measure = question.measure
    with read_session() as session:
        places, found = chosen_wards(session, actor, question), figures(session, actor, question)
    for part in (part for part in measure.parts if part is measure.parts[0] or part.name in found):
        mine = found.get(part.name, Figures())
        groups: list[tuple[str, str, Figure | None]] = [("all", "", mine.whole)]
        groups += [("ward", place.code or place.name, mine.wards.get(place.ward_id)) for place in _shown(places, mine)]
        groups += [(question.step, at.isoformat(), mine.times.get(at)) for at in question.times()]
        for by, group, figure in groups:
            yield (measure.name, part.name, by, group, *_saved(figure or Figure(0), question, part))


def _saved(counted: Figure, question: Question, part: Part) -> tuple[Any, ...]:
    figure = counted.told
    share = None if figure.share is None else round(100 * figure.share, 1)
    values = (figure.count, _round(figure.median), _round(figure.p90), question.measure.unit.value, share, part.share)
    return (*values, question.first.isoformat(), question.last.isoformat())


def _shown(places: list[Place], mine: Figures) -> list[Place]:
    return [*places, NO_WARD] if None in mine.wards else places


def _row(name: str, code: str, counted: Figure | None, question: Question, part: Part) -> Row:
    """A line of a table, in words and, for the plot, in numbers; where there are too few, in neither."""
    figure = (counted or Figure(0)).told
    few = 0 < figure.n < LEAST
    unit = question.measure.unit
    return {
        "name": name,
        "code": code,
        "n": figure.count,
        "few": TOO_FEW if few else "",
        "median": _round(figure.median),
        "p90": _round(figure.p90),
        "share": None if figure.share is None else round(100 * figure.share, 1),
        "median_words": value_words(unit, figure.median),
        "p90_words": value_words(unit, figure.p90),
        "share_words": _share_words(figure, part),
    }


def _share_words(figure: Figure, part: Part) -> str:
    return "–" if figure.share is None or not part.share else f"{100 * figure.share:.0f} %"


def _time(at: date, figure: Figure | None, question: Question, part: Part) -> Row:
    word = f"{at:%a %-d %b}" if question.step == "day" else f"Week of {at:%-d %b}"
    return _row(word, at.isoformat(), figure, question, part) | {"short": f"{at:%-d %b}"}


def _parts(found: dict[str, Figures], question: Question) -> list[Row]:
    """A measure's parts of which there is anything, and the one that is looked at; [] for a measure of one part."""
    measure = question.measure
    here = measure.part(question.part)
    there = [part for part in measure.parts if part in (measure.parts[0], here) or part.name in found]
    return [_part(part, found, question) for part in there] if len(measure.parts) > 1 else []


def _part(part: Part, found: dict[str, Figures], question: Question) -> Row:
    there = replace(question, part="" if part is question.measure.parts[0] else part.name)
    row = _row(part.title, part.name, found.get(part.name, Figures()).whole, question, part)
    return row | {"at": there.address(), "is_here": part is question.measure.part(question.part), "of": part.share}


def _span(days: int, question: Question) -> Row:
    at = question.over(days, today()).address()
    return {"word": f"{days} days", "at": at, "is_here": question.days == days}


def _span_words(question: Question) -> str:
    year = "" if question.first.year == question.last.year else " %Y"
    return f"{question.first:%-d %B{year}} to {question.last:%-d %B %Y}"


def _chosen_words(places: list[Place], theirs: list[Place]) -> str:
    if len(places) == len(theirs):
        return "every ward" if len(theirs) != 1 else theirs[0].name
    return ", ".join(place.name for place in places)


def _round(value: float | None) -> float | None:
    return None if value is None else round(float(value), 2)
