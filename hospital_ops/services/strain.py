"""Scoring strain, once a day: everybody's own index, and the figures of groups that may be shown.

The one place where more than one index is in hand. What leaves it is sealed for the person, or rounded for the group.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, select

from hospital_ops.domain import events, strain
from hospital_ops.domain.access import PERMISSIONS, Actor, Permission, Role
from hospital_ops.domain.strain_groups import (
    REMEMBERED,
    Counted,
    Key,
    Shown,
    figure_of,
    groups_of,
    is_due,
    may_be_shown,
)
from hospital_ops.infra.db import read_session
from hospital_ops.ml.strain import StrainModel
from hospital_ops.models import StrainFigure, StrainIndex, User
from hospital_ops.queries.clock import hospital_zone, read_clock
from hospital_ops.queries.strain import GROUP_CAUSES, left_out, tasks_done, worked
from hospital_ops.services.access import require
from hospital_ops.services.inbox import first_time
from hospital_ops.services.serving import strain_model
from hospital_ops.services.unit_of_work import Work, unit_of_work

AHEAD = timedelta(days=7)
PANELS_AT_ONCE = 200
_ROLES = frozenset(role for role, allowed in PERMISSIONS.items() if Permission.ACCOUNT_OWN in allowed)


@dataclass(frozen=True, slots=True)
class Person:
    """One person's four weeks, and the coming one."""

    user_id: int
    role: str
    ward_id: int | None
    spans: tuple[strain.Span, ...]
    work: strain.Workload


@dataclass(frozen=True, slots=True)
class Scored:
    """What one scoring did: how many people have an index, how many groups are shown."""

    people: int = 0
    groups: int = 0
    model: str = ""


def score(actor: Actor, *, event_id: int | None = None) -> Scored:
    """Everybody's index anew. Who worked fewer than four shifts in four weeks has none."""
    require(actor, Permission.FORECAST_SCORE)
    model = strain_model()
    with read_session() as session:
        people = people_at(session, read_clock(session).now)
    with unit_of_work(actor) as work:
        if not first_time(work, "score_strain", event_id):
            return Scored()
        told = {one.user_id: _told(model, one) for one in people}
        gone = _keep(work, told)
        shown = _show(work, model, people, {user_id: int(one["index"]) for user_id, one in told.items()})
        work.record("strain.score", people=len(told), groups=shown, fitted=model.fitted)
        _announce(work, sorted({*told, *gone}))
        return Scored(len(told), shown, model.name)


def people_at(session: Session, until: datetime) -> list[Person]:
    """Everybody with enough shifts in the four weeks before, in order of id."""
    zone, tasks = hospital_zone(), tasks_done(session, until)
    roles = {user_id: role for user_id, role in session.exec(select(User.id, User.role)) if user_id is not None}
    found = []
    for user_id, rows in sorted(worked(session, until, AHEAD).items()):
        spans = tuple(span for span, _ in rows)
        work = strain.workload(spans, tasks.get(user_id, 0), until, zone)
        if work.enough and Role(roles[user_id]) in _ROLES:
            past = [ward_id for span, ward_id in rows if span[1] <= until]
            found.append(Person(user_id, roles[user_id], _home(past), spans, work))
    return found


def _home(wards: Sequence[int | None]) -> int | None:
    """The ward where most of the shifts were; None for the house's."""
    counts = Counter(wards)
    return min(counts, key=lambda ward_id: (-counts[ward_id], ward_id or 0))


def _told(model: StrainModel, one: Person) -> dict[str, Any]:
    causes = [
        {"name": cause.name, "words": cause.words, "weighs": cause.weighs, "times": round(cause.times, 3)}
        for cause in model.causes(one.work)
    ]
    odds = f"{max(model.odds(one.work), 1.0):.1f}"
    return {"index": model.index(one.work), "odds": odds, "causes": causes, "model": model.name}


def _keep(work: Work, told: dict[int, dict[str, Any]]) -> list[int]:
    """Write each index. Whoever has no shifts any more has no index any more; their ids are returned."""
    rows = {row.user_id: row for row in work.session.exec(select(StrainIndex).with_for_update())}
    gone = sorted(set(rows) - set(told))
    work.session.execute(delete(StrainIndex).where(col(StrainIndex.user_id).in_(gone)))
    for user_id, one in told.items():
        row = rows.get(user_id) or StrainIndex(user_id=user_id, scored_at=work.now)
        row.scored_at, row.told = work.now, json.dumps(one)
        work.session.add(row)
    return gone


def _show(work: Work, model: StrainModel, people: Sequence[Person], indexes: dict[int, int]) -> int:
    """Renew the figures that are due and may be shown; take away those that may not stand any longer."""
    out = left_out(work.session, work.now)
    counted = [
        Counted(one.user_id, one.ward_id, one.role, indexes[one.user_id], _group_causes(one))
        for one in people
        if one.user_id not in out
    ]
    groups = groups_of(counted)
    rows = _remembered(work)
    current = {_key(row): row for row in rows if row.current}
    shown = [_shown(row) for row in rows]
    spans = {one.user_id: one.spans for one in people}
    for key, row in current.items():
        if key not in groups or frozenset(row.user_ids) != {one.user_id for one in groups[key]}:
            row.current = False
            work.session.add(row)
    # The old row of a group goes before the new one comes: at most one of them is current.
    work.session.flush()
    standing = {key: _shown(row) for key, row in current.items() if row.current}
    for key, members in groups.items():
        ids = [one.user_id for one in members]
        advice = strain.remedies([spans[user_id] for user_id in ids], work.now, hospital_zone())
        if not is_due(key, ids, standing, work.now):
            current[key].remedies = advice
        elif may_be_shown(ids, shown, work.now):
            _replace(work, current.get(key), key, members, advice, model.name)
            shown.append(Shown(key, frozenset(ids), work.now))
            standing[key] = shown[-1]
    return len(standing)


def _group_causes(one: Person) -> frozenset[str]:
    return frozenset(strain.words_of(one.work)) & GROUP_CAUSES


def _remembered(work: Work) -> list[StrainFigure]:
    recent = col(StrainFigure.shown_at) > work.now - REMEMBERED
    found = select(StrainFigure).where(recent | col(StrainFigure.current)).order_by(col(StrainFigure.id))
    return list(work.session.exec(found.with_for_update()))


def _key(row: StrainFigure) -> Key:
    return row.ward_id, row.role


def _shown(row: StrainFigure) -> Shown:
    return Shown(_key(row), frozenset(row.user_ids), row.shown_at)


def _replace(
    work: Work, old: StrainFigure | None, key: Key, members: Sequence[Counted], advice: list[str], model: str
) -> None:
    if old is not None and old.current:
        old.current = False
        work.session.add(old)
        work.session.flush()
    figure = figure_of(members)
    work.session.add(
        StrainFigure(
            ward_id=key[0],
            role=key[1],
            shown_at=work.now,
            about=figure.about,
            people=figure.people,
            causes=[list(pair) for pair in figure.causes],
            remedies=advice,
            user_ids=sorted(one.user_id for one in members),
            model=model,
        )
    )


def _announce(work: Work, user_ids: Sequence[int]) -> None:
    """The groups' panel, then each person's own, in portions that a NOTIFY can carry."""
    work.announce(events.Event("strain.scored", {"people": len(user_ids)}, (events.STRAIN,)))
    for start in range(0, len(user_ids), PANELS_AT_ONCE):
        portion = user_ids[start : start + PANELS_AT_ONCE]
        topics = tuple(events.own_strain(user_id) for user_id in portion)
        work.announce(events.Event("strain.scored", {"people": len(portion)}, topics))
