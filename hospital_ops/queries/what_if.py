"""A recorded day as the what-if needs it: what was asked, who was there, and how long such things took. No patient, no name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, lateral, select, true
from sqlmodel import Session, col

from hospital_ops.domain import replay
from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.errands import Asked
from hospital_ops.domain.floor_plan import Place
from hospital_ops.domain.tasks import Priority, StaffStatus, TaskStatus
from hospital_ops.domain.what_if import KINDS, Person, Recorded, Window
from hospital_ops.infra.db import read_session
from hospital_ops.models import AuditEntry, Bed, Task, User, UserWard
from hospital_ops.queries.clock import hospital_date, hospital_zone, read_clock
from hospital_ops.queries.replay import first_at, refuse_unknown

# What had been asked so long before midnight and not begun waits there when the day begins.
BACKLOG = timedelta(hours=12)
MEASURED = timedelta(days=28)
MOST_MEASURED = 2000
_HERE = frozenset({StaffStatus.AVAILABLE, StaffStatus.ON_TASK})
_FACTS: Any = col(AuditEntry.facts)


def recorded_day(actor: Actor, role: Role, day: date) -> Recorded:
    """The day's errands of this role in the actor's wards. Refuses, in words, a day that nothing is known of."""
    with read_session() as session:
        now = read_clock(session).now
        refuse_unknown(day, hospital_date(first_at(session, now)), hospital_date(now))
        begins, ends = replay.day_of(day, hospital_zone())
        until = min(ends, now)
        kinds = [kind.value for kind in KINDS[role]]
        tasks = _tasks(session, actor, kinds, begins, until)
        people = _people(session, role, begins, until, tasks)
        measured = _measured(session, kinds, until)
    asked = [_asked(number, task, bed, begins) for number, (task, bed) in enumerate(tasks)]
    waits = [_minutes(task.created_at, task.started_at) for task, _ in tasks if task.started_at]
    turns = [_minutes(task.created_at, task.finished_at) for task, _ in tasks if task.status == TaskStatus.COMPLETE]
    minutes = (until - begins) / timedelta(minutes=1)
    return Recorded(role, tuple(asked), tuple(people), measured, minutes, tuple(waits), tuple(turns))


def _tasks(
    session: Session, actor: Actor, kinds: Sequence[str], begins: datetime, until: datetime
) -> list[tuple[Task, Bed]]:
    """Asked on the day, or waiting when it began; without what was cancelled before anybody came."""
    asked, begun = col(Task.created_at), col(Task.started_at)
    waiting = (asked >= begins - BACKLOG) & (begun.is_(None) | (begun >= begins))
    dropped = (col(Task.status) == TaskStatus.CANCELLED.value) & begun.is_(None)
    found = (
        select(Task, Bed)
        .join(Bed, col(Bed.id) == Task.bed_id)
        .where(col(Task.kind).in_(kinds), asked < until, (asked >= begins) | waiting, ~dropped)
        .order_by(asked, col(Task.id))
    )
    if not actor.all_wards:
        found = found.where(col(Bed.ward_id).in_(sorted(actor.ward_ids)))
    return [(task, bed) for task, bed in session.execute(found)]


def _asked(number: int, task: Task, bed: Bed, begins: datetime) -> Asked:
    place = Place(bed.floor, bed.x, bed.y)
    at = _minutes(begins, task.created_at)
    return Asked(number, task.kind, Priority(task.priority), at, str(bed.ward_id), place, place, 0.0)


def _measured(session: Session, kinds: Sequence[str], until: datetime) -> dict[str, tuple[tuple[float, float], ...]]:
    """(minutes from the offer to having begun, minutes of work) of the newest that were done, by kind."""
    offered = func.coalesce(col(Task.offered_at), col(Task.accepted_at))
    begun, ended = col(Task.started_at), col(Task.finished_at)
    pairs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for kind in kinds:
        found = (
            select(offered, begun, ended)
            .where(col(Task.kind) == kind, col(Task.status) == TaskStatus.COMPLETE.value)
            .where(ended < until, ended >= until - MEASURED, begun.is_not(None), offered <= begun)
            .order_by(ended.desc(), col(Task.id).desc())
            .limit(MOST_MEASURED)
        )
        pairs[kind] += [(_minutes(offer, start), _minutes(start, end)) for offer, start, end in session.execute(found)]
    return {kind: tuple(found) for kind, found in pairs.items()}


def _people(
    session: Session, role: Role, begins: datetime, until: datetime, tasks: Sequence[tuple[Task, Bed]]
) -> list[Person]:
    """Who of the role did something on the day, with the hours in which they were there and not on a break."""
    ids = sorted({task.user_id for task, _ in tasks if task.user_id is not None and task.started_at is not None})
    users = select(col(User.id), col(User.current_status)).where(col(User.id).in_(ids), col(User.role) == role.value)
    now = {user_id: StaffStatus(status) for user_id, status in session.execute(users)}
    lines = _lines(session, list(now), begins, until)
    later = _first_after(session, list(now), until)
    wards: dict[int, set[str]] = defaultdict(set)
    places = select(col(UserWard.user_id), col(UserWard.ward_id)).where(col(UserWard.user_id).in_(list(now)))
    for user_id, ward_id in session.execute(places):
        wards[user_id].add(str(ward_id))
    people = []
    for user_id, status in now.items():
        own = [(at, old, new) for who, at, old, new in lines if who == user_id]
        first = own[0][1] if own else later.get(user_id, status)
        people.append(Person(frozenset(wards[user_id]), _windows(first, own, begins)))
    return [one for one in people if one.on]


def _windows(
    status: StaffStatus, lines: Sequence[tuple[datetime, StaffStatus, StaffStatus]], begins: datetime
) -> tuple[Window, ...]:
    """From when until when somebody was there. Who is there at the end stays, to finish what is left."""
    found: list[Window] = []
    since = 0.0 if status in _HERE else None
    for at, _, new in lines:
        if new in _HERE and since is None:
            since = _minutes(begins, at)
        elif new not in _HERE and since is not None:
            found.append((since, _minutes(begins, at)))
            since = None
    return (*found, *([] if since is None else [(since, float("inf"))]))


def _status_lines(columns: Any) -> Any:
    """In the words of the index ix_audit_entry_status."""
    return select(*columns).where(col(AuditEntry.subject_type) == "user", _FACTS.has_key("new"))


_LINE = (
    col(AuditEntry.subject_id),
    col(AuditEntry.hospital_at),
    _FACTS["old"].as_string().label("old"),
    _FACTS["new"].as_string().label("new"),
)


def _lines(
    session: Session, users: list[int], begins: datetime, until: datetime
) -> list[tuple[int, datetime, StaffStatus, StaffStatus]]:
    at = col(AuditEntry.hospital_at)
    found = _status_lines(_LINE).where(col(AuditEntry.action) == "staff.set_status", at >= begins, at < until)
    found = found.where(col(AuditEntry.subject_id).in_(users)).order_by(at, col(AuditEntry.id))
    return [(who, when, StaffStatus(old), StaffStatus(new)) for who, when, old, new in session.execute(found)]


def _first_after(session: Session, users: list[int], until: datetime) -> dict[int, StaffStatus]:
    """How each was before their first change from `until` on; who has not changed since is not in it."""
    at = col(AuditEntry.hospital_at)
    line = (
        _status_lines(_LINE)
        .where(col(AuditEntry.action) == "staff.set_status", col(AuditEntry.subject_id) == User.id, at >= until)
        .order_by(at, col(AuditEntry.id))
        .limit(1)
        .correlate(User)
    )
    first = lateral(line)
    found = select(first.c.subject_id, first.c.old).select_from(User).join(first, true())
    return {who: StaffStatus(old) for who, old in session.execute(found.where(col(User.id).in_(users)))}


def _minutes(since: datetime, until: datetime | None) -> float:
    assert until is not None
    return (until - since) / timedelta(minutes=1)
