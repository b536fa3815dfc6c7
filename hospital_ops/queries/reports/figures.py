"""A measure's figures for one question: of each part the whole, each ward, and each day or week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import NotFound
from hospital_ops.domain.reports import Figure, Question
from hospital_ops.models import Ward
from hospital_ops.queries.clock import hospital_zone, read_clock
from hospital_ops.queries.reports import boarding, leaving, length_of_stay, occupancy, task_response, turn_time

# Measure → what gives one row (ward_id, at, part, value, met) for each thing measured within [:first, :until).
SAMPLES: Mapping[str, str] = {
    "length-of-stay": length_of_stay.SAMPLE,
    "boarding": boarding.SAMPLE,
    "turn-time": turn_time.SAMPLE,
    "notice": leaving.NOTICE_SAMPLE,
    "before-noon": leaving.NOON_SAMPLE,
    "task-response": task_response.SAMPLE,
}
_GROUPED = """
WITH sample AS ({sample}), placed AS (
    SELECT part, ward_id, date_trunc(:step, at AT TIME ZONE :zone)::date AS began, value, met
    FROM sample WHERE ward_id = ANY(:wards) OR (:elsewhere AND ward_id IS NULL)
)
SELECT part, grouping(ward_id) = 0 AS is_ward, grouping(began) = 0 AS is_time, ward_id, began, count(value) AS n,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY value) AS p90,
       avg(met::int) FILTER (WHERE value IS NOT NULL) AS share
FROM placed GROUP BY GROUPING SETS ((part), (part, ward_id), (part, began))
"""
# Occupancy is a share of hours, so it groups by itself; it gives the same columns.
STATEMENTS: Mapping[str, str] = {
    **{name: _GROUPED.format(sample=sample) for name, sample in SAMPLES.items()},
    "occupancy": occupancy.STATEMENT,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A ward of the question. `ward_id` None: whatever belongs to no ward."""

    ward_id: int | None
    code: str
    name: str


@dataclass
class Figures:
    """Of one part: the whole, by ward id, and by the day on which a day or week began."""

    whole: Figure = field(default_factory=lambda: Figure(0))
    wards: dict[int | None, Figure] = field(default_factory=dict)
    times: dict[date, Figure] = field(default_factory=dict)


NO_WARD = Place(None, "", "No ward")


def wards_of(session: Session, actor: Actor) -> list[Place]:
    """The wards whose reports somebody may see, in the board's order."""
    found = session.exec(select(Ward).order_by(col(Ward.position)))
    return [Place(ward.id, ward.code, ward.name) for ward in found if actor.may(Permission.REPORT_VIEW, ward.id or 0)]


def chosen_wards(session: Session, actor: Actor, question: Question) -> list[Place]:
    """Those of the question, which must be theirs; all of theirs when it names none."""
    theirs = wards_of(session, actor)
    by_code = {place.code.casefold(): place for place in theirs}
    if any(code.casefold() not in by_code for code in question.wards):
        raise NotFound("There is no such ward, or it is not one of yours.")
    wanted = {code.casefold() for code in question.wards}
    return [place for place in theirs if not wanted or place.code.casefold() in wanted]


def figures(session: Session, actor: Actor, question: Question) -> dict[str, Figures]:
    """Part → its figures, as counted: whoever shows them asks `Figure.told`."""
    places = chosen_wards(session, actor, question)
    given = {
        **span_of(question),
        "first_day": question.first,
        "last_day": question.last,
        "now": read_clock(session).now,
        "zone": hospital_zone().key,
        "step": question.step,
        "wards": [place.ward_id for place in places],
        "elsewhere": actor.all_wards and not question.wards,
    }
    statement = text(STATEMENTS[question.measure.name])
    found: dict[str, Figures] = defaultdict(Figures)
    for row in session.execute(statement, given):
        _keep(found[row.part], row)
    return dict(found)


def _keep(figures: Figures, row: Any) -> None:
    share = None if row.share is None else float(row.share)
    figure = Figure(row.n, row.median, row.p90, share)
    if row.is_ward:
        figures.wards[row.ward_id] = figure
    elif row.is_time:
        figures.times[row.began] = figure
    else:
        figures.whole = figure


def span_of(question: Question) -> dict[str, datetime]:
    """From the first midnight up to and without the one after the last day, of the hospital's clock on the wall."""
    zone = hospital_zone()
    first = datetime.combine(question.first, time(), zone).astimezone(UTC)
    until = datetime.combine(question.last + timedelta(days=1), time(), zone).astimezone(UTC)
    return {"first": first, "until": until}
