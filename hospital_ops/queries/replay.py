"""One day of the board as the audit tells it: how the beds stood at its beginning, and each change since. Nobody's name.

The audit is never shortened, so any day since the house was founded can be read. Times are whole seconds since midnight of
the hospital's day, statuses and acts are places in lists, so that a day of 300 beds is some forty kilobytes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, lateral, select, true
from sqlmodel import Session, col

from hospital_ops.domain import replay
from hospital_ops.domain.access import Actor
from hospital_ops.domain.beds import TARGET_MINUTES, BedStatus
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.replay import Board, Change, Hole
from hospital_ops.domain.tasks import TaskKind
from hospital_ops.infra.db import read_session
from hospital_ops.models import AuditEntry, Bed, BedRequest, Task, Ward
from hospital_ops.queries.clock import hospital_date, hospital_zone, read_clock
from hospital_ops.queries.story import act_words

STATUSES = tuple(BedStatus)
# How far before the day a bed's last change is looked for: one that stands longer than that is late whatever its clock says.
LOOK_BACK = timedelta(days=1)
MOST_HOLES = 50


@dataclass(frozen=True)
class Day:
    """A day as it was read. `opening` is the board at `begins`; `changes` are the day's own, `before` those of the day before."""

    begins: datetime
    ends: datetime
    beds: list[tuple[Bed, Ward]]
    opening: Board
    before: list[Change]
    changes: list[Change]
    holes: list[Hole]


def replay_day(actor: Actor, asked: date | None) -> dict[str, Any]:
    """The day for the page; without `asked` the hospital's today. Refuses, in words, a day that nothing is known of."""
    with read_session() as session:
        now = read_clock(session).now
        founded_at = first_at(session, now)
        day = asked or hospital_date(now)
        refuse_unknown(day, hospital_date(founded_at), hospital_date(now))
        read = read_day(session, actor, day, now)
        if read.holes:
            read = _surely(read, read_day(session, actor, day, read_clock(session).now))
        requests, trips = _waiting(session, read), _trips(session, read, actor)
    return {
        "day": day.isoformat(),
        "first_day": hospital_date(founded_at).isoformat(),
        "last_day": hospital_date(now).isoformat(),
        "begins": read.begins.isoformat(),
        "zone": hospital_zone().key,
        "from": max(0, _second(founded_at, read)),
        "until": _second(min(now, read.ends), read),
        "over": now >= read.ends,
        "statuses": [status.value for status in STATUSES],
        "targets": {status.value: minutes for status, minutes in TARGET_MINUTES.items()},
        **_beds(read),
        **_steps(read),
        "waiting": requests,
        "trips": trips,
        "holes": _hole_rows(read),
    }


def read_day(session: Session, actor: Actor, day: date, now: datetime) -> Day:
    """The day's log, whole, for the wards that are this person's."""
    begins, ends = replay.day_of(day, hospital_zone())
    mine = _mine(actor)
    beds = [(bed, ward) for bed, ward in session.execute(_places().where(mine))]
    told = [_change(row) for row in session.execute(_changes(mine, begins - LOOK_BACK, ends))]
    today = {bed.id or 0: BedStatus(bed.status) for bed, _ in beds}
    next_ones = [_change(row) for row in session.execute(_first_after(mine, ends))]
    changes = [change for change in told if change.at >= begins]
    opening = replay.opening(today, [*changes, *next_ones])
    at_end = replay.opening(today, next_ones)
    found = replay.holes(opening, changes, ends=min(now, ends), finally_=at_end)
    return Day(begins, ends, beds, opening, [change for change in told if change.at < begins], changes, found)


def _surely(first: Day, again: Day) -> Day:
    """Beds and log are read one after the other; what changed between looks like a hole once, and not twice."""
    return replace(again, holes=[hole for hole in again.holes if _key(hole) in {_key(one) for one in first.holes}])


def _key(hole: Hole) -> tuple[int, BedStatus, BedStatus]:
    return hole.bed_id, hole.expected, hole.found


def first_at(session: Session, now: datetime) -> datetime:
    """When the house was founded: hospital time only goes forward, so the first line is the oldest."""
    first = session.execute(select(col(AuditEntry.hospital_at)).order_by(col(AuditEntry.id)).limit(1))
    return first.scalar_one_or_none() or now


def refuse_unknown(day: date, first: date, last: date) -> None:
    if day > last:
        raise Invalid(f"That day is yet to come. The newest is {last:%-d %B %Y}.", code="day_to_come")
    if day < first:
        raise Invalid(f"The house's own log begins on {first:%-d %B %Y}. Choose a later day.", code="day_unknown")


def _mine(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.all_wards else col(Bed.ward_id).in_(sorted(actor.ward_ids))


def _places() -> Select[Bed, Ward]:
    found = select(Bed, Ward).join(Ward, col(Ward.id) == Bed.ward_id)
    return found.order_by(col(Ward.position), col(Bed.label))


_FACTS: Any = col(AuditEntry.facts)
_LINE = (
    col(AuditEntry.subject_id),
    col(AuditEntry.hospital_at),
    _FACTS["old"].as_string().label("old"),
    _FACTS["new"].as_string().label("new"),
    col(AuditEntry.action),
    col(AuditEntry.role),
    col(AuditEntry.id),
)


def _of_bed() -> ColumnElement[bool]:
    """In the words of the index ix_audit_entry_status."""
    is_change: ColumnElement[bool] = (col(AuditEntry.subject_type) == "bed") & _FACTS.has_key("new")
    return is_change & (col(AuditEntry.subject_id) == Bed.id)


def _changes(mine: ColumnElement[bool], begins: datetime, ends: datetime) -> Any:
    at = col(AuditEntry.hospital_at)
    found = select(*_LINE).join(Bed, _of_bed()).where(mine, at >= begins, at < ends)
    return found.order_by(at, col(AuditEntry.id))


def _first_after(mine: ColumnElement[bool], ends: datetime) -> Any:
    """Each bed's first change from `ends` on: one step in the index a bed, however long ago the day was."""
    at = col(AuditEntry.hospital_at)
    line = select(*_LINE).where(_of_bed(), at >= ends).order_by(at, col(AuditEntry.id)).limit(1).correlate(Bed)
    first = lateral(line)
    return select(*first.c).select_from(Bed).join(first, true()).where(mine)


def _change(row: Any) -> Change:
    bed_id, moment, old, new, act, role, _ = row
    return Change(bed_id, moment, BedStatus(old), BedStatus(new), act, role)


def _second(moment: datetime, read: Day) -> int:
    return int((moment - read.begins).total_seconds())


def _beds(read: Day) -> dict[str, Any]:
    """Wards with their beds, and each bed's status and second at midnight; None for one that stood so the day before."""
    since: dict[int, int] = {change.bed_id: _second(change.at, read) for change in read.before}
    wards: dict[int, dict[str, Any]] = {}
    for bed, ward in read.beds:
        one = wards.setdefault(
            ward.id or 0, {"id": ward.id, "code": ward.code, "name": ward.name, "floor": ward.floor, "beds": []}
        )
        place = {"id": bed.id, "label": bed.label, "room_number": bed.room_number, "x": bed.x, "y": bed.y}
        status = STATUSES.index(read.opening[bed.id or 0])
        one["beds"].append(place | {"opening": status, "since": since.get(bed.id or 0)})
    return {"wards": list(wards.values())}


def _steps(read: Day) -> dict[str, Any]:
    """[second, bed, status, act, role] a change, in order; the last two are places in the lists beside it."""
    acts: dict[str, int] = {}
    roles: dict[str, int] = {}
    steps = [
        [
            _second(change.at, read),
            change.bed_id,
            STATUSES.index(change.new),
            acts.setdefault(change.act, len(acts)),
            roles.setdefault(change.role, len(roles)),
        ]
        for change in read.changes
    ]
    return {
        "steps": steps,
        "acts": [act_words(act) for act in acts],
        "roles": [role.replace("_", " ") for role in roles],
    }


def _waiting(session: Session, read: Day) -> list[list[int | None]]:
    """[from, until] of everybody who waited for a bed in the day, in seconds; the whole house's. None: still waits."""
    opened, closed = col(BedRequest.opened_at), col(BedRequest.closed_at)
    found = select(opened, closed).where(opened < read.ends, closed.is_(None) | (closed >= read.begins))
    return [[_second(since, read), _maybe(until, read)] for since, until in session.execute(found.order_by(opened))]


def _trips(session: Session, read: Day, actor: Actor) -> list[list[int | None]]:
    """[asked, begun, ended] of every transport of the day, in seconds; None for what had not come by now."""
    asked, ended = col(Task.created_at), col(Task.finished_at)
    found = (
        select(asked, col(Task.started_at), ended)
        .where(col(Task.kind) == TaskKind.TRANSPORT.value, asked < read.ends, ended.is_(None) | (ended >= read.begins))
        .order_by(asked)
    )
    if not actor.all_wards:
        found = found.where(col(Task.ward_id).in_(sorted(actor.ward_ids)))
    return [[_second(first, read), *(_maybe(at, read) for at in more)] for first, *more in session.execute(found)]


def _maybe(moment: datetime | None, read: Day) -> int | None:
    return None if moment is None else _second(moment, read)


def _hole_rows(read: Day) -> list[dict[str, Any]]:
    rows = []
    for hole in read.holes[:MOST_HOLES]:
        told = asdict(hole) | {"at": _second(hole.at, read)}
        rows.append(told | {"expected": hole.expected.value, "found": hole.found.value})
    return rows
