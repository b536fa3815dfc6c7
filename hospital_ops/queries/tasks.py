"""One person's tasks: the cards on a phone, and the same list for the API."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import TARGET_MINUTES, BedStatus
from hospital_ops.domain.dispatch import urgency
from hospital_ops.domain.errors import NotFound
from hospital_ops.domain.floor_plan import Place, way
from hospital_ops.domain.identifiers import initials
from hospital_ops.domain.reasons import REASONS
from hospital_ops.domain.tasks import OPEN, RESPONSE_MINUTES, Priority, TaskKind, TaskStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, Patient, Task, User, UserWard, Ward
from hospital_ops.queries.clock import hospital_date, hospital_zone, read_clock
from hospital_ops.queries.roster import questions_to

Card = dict[str, Any]
LONGEST_LIST = 200
SHOWN_DONE = 20

T = TaskStatus
# What comes first on a phone: what is under way, then what was promised, then what is asked. Suspended waits below.
_STAGE: dict[TaskStatus, int] = {
    T.IN_PROGRESS: 1,
    T.ACCEPTED: 2,
    T.OFFERED: 3,
    T.ESCALATED: 4,
    T.PENDING: 4,
    T.SUSPENDED: 5,
}
# The next step of each status and its word on the big button, and the way out.
_NEXT: dict[TaskStatus, tuple[str, str, str]] = {
    T.OFFERED: ("accept", "Accept", "decline"),
    T.ACCEPTED: ("start", "Start", "decline"),
    T.IN_PROGRESS: ("complete", "Done", "suspend"),
    T.SUSPENDED: ("start", "Go on", ""),
}


def my_tasks(user_id: int, *, masked: bool) -> dict[str, Any]:
    """The topic `user:<id>`: status, cards most urgent first, what was finished today. {} for nobody."""
    with read_session() as session:
        person = session.get(User, user_id)
        if person is None:
            return {}
        now = read_clock(session).now
        here = place_of(person)
        rows = session.execute(_mine(user_id)).all()
        ranked = sorted(rows, key=lambda row: _rank(row[0], now))
        cards = [_card(*row, here=here, masked=masked) for row in ranked]
        done, done_count = _done_today(session, user_id, now)
        asked = questions_to(session, user_id, now)
    return {
        "user_id": user_id,
        "name": person.display_name,
        "status": person.current_status,
        "status_since": _iso(person.status_since),
        "cards": cards,
        "asked": asked,
        "done_today": done,
        "done_count": done_count,
        "at": now.isoformat(),
    }


def tasks_of(actor: Actor, user_id: int) -> list[dict[str, Any]]:
    """Everything that is or was one person's, open first and most urgent first, for themselves or a supervisor."""
    with read_session() as session:
        if not _is_theirs(session, actor, user_id):
            raise NotFound("There is no such person, or their tasks are not yours to see.")
        now = read_clock(session).now
        found = select(Task).where(col(Task.user_id) == user_id).order_by(col(Task.id).desc()).limit(LONGEST_LIST)
        tasks = list(session.execute(found).scalars())
    named = actor.may(Permission.PATIENT_READ)
    still_open = sorted((t for t in tasks if TaskStatus(t.status) in OPEN), key=lambda t: _rank(t, now))
    ended = [t for t in tasks if TaskStatus(t.status) not in OPEN]
    return [_plain(task, named=named) for task in [*still_open, *ended]]


def with_assignee(actor: Actor, task_id: int) -> dict[str, Any]:
    """A task that the actor has just made or finished, with the name of whose it is."""
    with read_session() as session:
        task = session.get_one(Task, task_id)
        person = session.get(User, task.user_id) if task.user_id else None
    assignee = None if person is None else {"id": person.id, "name": person.display_name}
    return {**_plain(task, named=actor.may(Permission.PATIENT_READ)), "assignee": assignee}


def _is_theirs(session: Session, actor: Actor, user_id: int) -> bool:
    """One's own tasks, or those of somebody whom one supervises: in a shared ward, or anywhere for the whole house."""
    if user_id == actor.user_id:
        return True
    if not actor.may(Permission.TASK_SUPERVISE) or session.get(User, user_id) is None:
        return False
    wards = select(col(UserWard.ward_id)).where(col(UserWard.user_id) == user_id)
    return actor.all_wards or bool(actor.ward_ids & set(session.execute(wards).scalars()))


def own_way_out(actor: Actor, task_id: int) -> tuple[TaskKind, str]:
    """The kind of one's own task, and what "I can't" means for it now: decline or suspend."""
    with read_session() as session:
        task = session.get(Task, task_id)
    if task is None or task.user_id is None or task.user_id != actor.user_id:
        raise NotFound("This task is not yours, or it has gone to somebody else meanwhile.")
    return TaskKind(task.kind), _NEXT.get(TaskStatus(task.status), ("", "", "decline"))[2]


def place_of(person: User) -> Place | None:
    """Where a person was last known to be."""
    if person.floor is None or person.x is None or person.y is None:
        return None
    return Place(person.floor, person.x, person.y)


def where_words(bed: Bed | None, ward: Ward | None) -> str:
    """ "Bed 412A · Medicine 4A"; the ward alone, or nothing, where no bed is meant."""
    parts = (f"Bed {bed.label}" if bed else "", ward.name if ward else "")
    return " · ".join(part for part in parts if part)


def with_place() -> Select[Task, Bed, Ward, Patient]:
    """Tasks with their bed, ward and patient: one statement."""
    return (
        select(Task, Bed, Ward, Patient)
        .outerjoin(Bed, col(Bed.id) == col(Task.bed_id))
        .outerjoin(Ward, col(Ward.id) == col(Task.ward_id))
        .outerjoin(Patient, col(Patient.id) == col(Task.patient_id))
    )


def open_words() -> list[str]:
    return [status.value for status in OPEN]


def _mine(user_id: int) -> Select[Task, Bed, Ward, Patient]:
    return with_place().where(col(Task.user_id) == user_id, col(Task.status).in_(open_words()))


def _rank(task: Task, now: datetime) -> tuple[int, float, int]:
    status, priority = TaskStatus(task.status), Priority(task.priority)
    # A stat call is seen at once, even over what is under way.
    stage = 0 if status is T.OFFERED and priority is Priority.STAT else _STAGE.get(status, 4)
    return stage, urgency(priority, (now - task.created_at).total_seconds() / 60), task.id or 0


def _card(
    task: Task, bed: Bed | None, ward: Ward | None, patient: Patient | None, *, here: Place | None, masked: bool
) -> Card:
    status, kind = TaskStatus(task.status), TaskKind(task.kind)
    step, label, way_out = _NEXT.get(status, ("", "", ""))
    since, target = _clock(task)
    shown = None if masked else patient
    return {
        "id": task.id,
        "kind": task.kind,
        "description": task.description,
        "where": where_words(bed, ward),
        "bed": bed.label if bed else "",
        "way": way(here, Place(bed.floor, bed.x, bed.y)) if bed else "",
        "priority": task.priority,
        "status": task.status,
        "since": since.isoformat(),
        "target_minutes": target,
        "due_at": _iso(task.due_at),
        "version": task.version,
        "patient": initials(shown.first_name, shown.last_name) if shown else "",
        "patient_id": shown.id if shown else None,
        "why": task.why,
        "reason": task.reason if status is T.SUSPENDED else "",
        "next": step,
        "next_label": label,
        "way_out": way_out,
        "reasons": [{"code": code, "words": words} for code, words in REASONS[kind].items()],
    }


def _clock(task: Task) -> tuple[datetime, int | None]:
    """Since when the card's clock runs, and its target in minutes: until begun by priority, then until clean."""
    if task.status == T.IN_PROGRESS and task.started_at:
        return task.started_at, TARGET_MINUTES[BedStatus.CLEANING] if task.kind == TaskKind.CLEAN_BED else None
    target = None if task.status == T.SUSPENDED else RESPONSE_MINUTES[Priority(task.priority)]
    return task.created_at, target


def _done_today(session: Session, user_id: int, now: datetime) -> tuple[list[dict[str, Any]], int]:
    midnight = datetime.combine(hospital_date(now), time(), hospital_zone()).astimezone(UTC)
    mine = (
        col(Task.user_id) == user_id,
        col(Task.status) == T.COMPLETE.value,
        col(Task.finished_at) >= midnight,
    )
    rows = session.execute(with_place().where(*mine).order_by(col(Task.finished_at).desc()).limit(SHOWN_DONE)).all()
    count = session.execute(select(func.count()).select_from(Task).where(*mine)).scalar_one()
    return [_done(*row) for row in rows], count


def _done(task: Task, bed: Bed | None, ward: Ward | None, _: Patient | None) -> dict[str, Any]:
    begun = task.started_at or task.accepted_at or task.created_at
    minutes = round(((task.finished_at or begun) - begun).total_seconds() / 60)
    return {
        "id": task.id,
        "kind": task.kind,
        "description": task.description,
        "where": where_words(bed, ward),
        "finished_at": _iso(task.finished_at),
        "minutes": minutes,
    }


def _plain(task: Task, *, named: bool) -> dict[str, Any]:
    return {
        "id": task.id,
        "description": task.description,
        "kind": task.kind,
        "status": task.status,
        "priority": task.priority,
        "user_id": task.user_id,
        "bed_id": task.bed_id,
        "patient_id": task.patient_id if named else None,
        "ward_id": task.ward_id,
        "created_at": task.created_at.isoformat(),
        "due_at": _iso(task.due_at),
        "started_at": _iso(task.started_at),
        "finished_at": _iso(task.finished_at),
        "why": task.why,
        "version": task.version,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
