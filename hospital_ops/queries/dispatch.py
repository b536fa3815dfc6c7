"""The supervisors' view of tasks: who has what, what is late, what waits and why, and who could do it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from hospital_ops.domain.access import HOUSE_WIDE, Actor, Permission, Role, require
from hospital_ops.domain.dispatch import urgency
from hospital_ops.domain.errors import NotFound
from hospital_ops.domain.escalation import level_words
from hospital_ops.domain.floor_plan import Place, walking_metres
from hospital_ops.domain.identifiers import initials
from hospital_ops.domain.tasks import IN_HAND, SKILL, WAITING, WORDS, Priority, StaffStatus, TaskKind, TaskStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, Patient, Task, User, UserWard, Ward
from hospital_ops.queries.clock import read_clock
from hospital_ops.queries.tasks import open_words, place_of, where_words, with_place

LONGEST_LIST = 200
# In the order in which a supervisor reads them.
GROUPS = ("late", "waiting", "offered", "under_way", "suspended")
_GROUP: dict[TaskStatus, str] = {
    TaskStatus.PENDING: "waiting",
    TaskStatus.ESCALATED: "waiting",
    TaskStatus.OFFERED: "offered",
    TaskStatus.ACCEPTED: "under_way",
    TaskStatus.IN_PROGRESS: "under_way",
    TaskStatus.SUSPENDED: "suspended",
}
_STATUS_WORDS: dict[StaffStatus, str] = {
    StaffStatus.AVAILABLE: "Free",
    StaffStatus.ON_TASK: "At work",
    StaffStatus.ON_BREAK: "On a break",
    StaffStatus.OFF_SHIFT: "Off shift",
}


def dispatch_list(*, masked: bool) -> dict[str, Any]:
    """The topic `dispatch`: open tasks, late ones first, and the people on shift with what they hold."""
    with read_session() as session:
        now = read_clock(session).now
        found = with_place().add_columns(col(User.display_name)).outerjoin(User, col(User.id) == col(Task.user_id))
        rows = session.execute(found.where(col(Task.status).in_(open_words()))).all()
        people = _people(session, [row[0] for row in rows])
    tasks = sorted((_row(*row, now=now, masked=masked) for row in rows), key=lambda t: t.pop("rank"))
    counts = Counter(task["group"] for task in tasks)
    return {
        "tasks": tasks[:LONGEST_LIST],
        "more": max(0, len(tasks) - LONGEST_LIST),
        "counts": {group: counts[group] for group in GROUPS},
        "people": people,
        "free": sum(person["status"] == StaffStatus.AVAILABLE for person in people),
        "at": now.isoformat(),
    }


def who_could(actor: Actor, task_id: int) -> list[dict[str, Any]]:
    """Everybody on shift with the skill for a task and its ward among theirs, the nearest free one first."""
    with read_session() as session:
        task = session.get(Task, task_id)
        if task is None:
            raise NotFound("There is no such task.")
        require(actor, Permission.TASK_SUPERVISE, task.ward_id)
        bed = session.get(Bed, task.bed_id) if task.bed_id else None
        place = Place(bed.floor, bed.x, bed.y) if bed else None
        people = [user for user in _on_shift(session) if Role(user.role) in SKILL[TaskKind(task.kind)]]
        wards, held = _wards(session), _held(session)
    near = [_could(u, held[u.id or 0], place, task) for u in people if _covers(u, wards[u.id or 0], task.ward_id)]
    return sorted(near, key=lambda person: person.pop("rank"))


def found_places(actor: Actor, kind: TaskKind, *, limit: int = 12) -> list[dict[str, Any]]:
    """Where somebody has just found a spill or a dirty bed: the nearest first. A dirty bed was ready until now."""
    require(actor, Permission.TASK_OWN)
    with read_session() as session:
        person = session.get(User, actor.user_id) if actor.user_id else None
        here = place_of(person) if person else None
        found = select(Bed, Ward).join(Ward, col(Ward.id) == Bed.ward_id)
        if not actor.all_wards:
            found = found.where(col(Bed.ward_id).in_(actor.ward_ids))
        if kind is TaskKind.CLEAN_BED:
            found = found.where(col(Bed.status) == "available")
        rows = session.execute(found.order_by(col(Ward.position), col(Bed.label))).all()
    near = sorted(
        ((bed, ward) for bed, ward in rows), key=lambda row: _metres(here, Place(row[0].floor, row[0].x, row[0].y))
    )
    if kind is not TaskKind.CLEAN_BED:  # A spill is in a room: its first bed stands for it.
        near = list({bed.room_number: (bed, ward) for bed, ward in reversed(near)}.values())[::-1]
    return [
        {"bed_id": bed.id, "label": bed.label, "room": bed.room_number, "ward": ward.name} for bed, ward in near[:limit]
    ]


def bed_called(actor: Actor, label: str) -> int:
    """The id of a bed as people name it ("412A"), in one's own wards."""
    with read_session() as session:
        found = select(col(Bed.id), col(Bed.ward_id)).where(func.lower(Bed.label) == label.strip().lower())
        row = session.execute(found).first()
    if row is None or not actor.may(Permission.BOARD_VIEW, row[1]):
        raise NotFound(f"There is no bed “{label.strip()}” in your wards.")
    return int(row[0])


def _row(
    task: Task,
    bed: Bed | None,
    ward: Ward | None,
    patient: Patient | None,
    who: str | None,
    *,
    now: datetime,
    masked: bool,
) -> dict[str, Any]:
    status = TaskStatus(task.status)
    begun = status in {TaskStatus.IN_PROGRESS, TaskStatus.SUSPENDED}
    late = not begun and task.due_at is not None and task.due_at < now
    group = "late" if late else _GROUP[status]
    waited = (now - task.created_at).total_seconds() / 60
    shown = None if masked else patient
    return {
        "id": task.id,
        "kind": task.kind,
        "description": task.description,
        "where": where_words(bed, ward),
        "ward": ward.code if ward else "",
        "priority": task.priority,
        "status": task.status,
        "status_words": WORDS[status],
        "group": group,
        "who": who or "",
        "user_id": task.user_id,
        "since": task.created_at.isoformat(),
        "due_at": task.due_at.isoformat() if task.due_at and not begun else None,
        "late": late,
        "why": task.why if status in WAITING | {TaskStatus.OFFERED} else task.reason,
        "unanswered": task.unanswered,
        "level": task.escalation_level,
        "level_words": level_words(task.escalation_level),
        "version": task.version,
        "patient": initials(shown.first_name, shown.last_name) if shown else "",
        "rank": (GROUPS.index(group), urgency(Priority(task.priority), waited), task.id),
    }


def _people(session: Session, tasks: list[Task]) -> list[dict[str, Any]]:
    holding: dict[int, list[Task]] = defaultdict(list)
    for task in tasks:
        if task.user_id is not None:
            holding[task.user_id].append(task)
    rows = [_person(user, holding[user.id or 0]) for user in _on_shift(session)]
    return sorted(rows, key=lambda row: (row["role"], row["status"] != StaffStatus.AVAILABLE, row["name"]))


def _person(user: User, held: list[Task]) -> dict[str, Any]:
    in_hand = [task for task in held if TaskStatus(task.status) in IN_HAND]
    return {
        "user_id": user.id,
        "name": user.display_name,
        "role": user.role.replace("_", " "),
        "status": user.current_status,
        "status_words": _STATUS_WORDS[StaffStatus(user.current_status)],
        "status_since": user.status_since.isoformat() if user.status_since else None,
        "holding": in_hand[0].description if in_hand else "",
        "open": len(held),
    }


def _on_shift(session: Session) -> list[User]:
    roles = [role.value for role in frozenset().union(*SKILL.values())]
    found = select(User).where(
        col(User.active), col(User.role).in_(roles), col(User.current_status) != StaffStatus.OFF_SHIFT.value
    )
    return list(session.execute(found.order_by(col(User.id))).scalars())


def _wards(session: Session) -> dict[int, set[int]]:
    wards: dict[int, set[int]] = defaultdict(set)
    for user_id, ward_id in session.execute(select(col(UserWard.user_id), col(UserWard.ward_id))):
        wards[user_id].add(ward_id)
    return wards


def _held(session: Session) -> dict[int, int]:
    found = select(col(Task.user_id)).where(col(Task.status).in_(open_words()), col(Task.user_id).is_not(None))
    return Counter(session.execute(found).scalars())


def _covers(user: User, wards: set[int], ward_id: int | None) -> bool:
    return ward_id is None or Role(user.role) in HOUSE_WIDE or ward_id in wards


def _metres(a: Place | None, b: Place | None) -> float:
    return walking_metres(a, b) if a and b else 0.0


def _could(user: User, held: int, place: Place | None, task: Task) -> dict[str, Any]:
    status, here = StaffStatus(user.current_status), place_of(user)
    metres = _metres(here, place)
    parts = [_STATUS_WORDS[status], f"{metres:.0f} m away" if here and place else "", f"{held} open" if held else ""]
    return {
        "user_id": user.id,
        "name": user.display_name,
        "role": user.role.replace("_", " "),
        "words": " · ".join(part for part in parts if part),
        "able": status in {StaffStatus.AVAILABLE, StaffStatus.ON_TASK},
        "has_it": user.id == task.user_id,
        "rank": (status is StaffStatus.ON_BREAK, status is not StaffStatus.AVAILABLE, metres, held, user.id),
    }
