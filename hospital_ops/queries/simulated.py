"""What the simulated staff see to do next. Only simulated people and patients: a person's own are left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Role
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, BedRequest, Encounter, Stay, Task, User
from hospital_ops.queries.sessions import find_person

IN_HAND = ("offered", "accepted", "in_progress")


@dataclass(frozen=True, slots=True)
class TaskInHand:
    """A task that a simulated person holds, and since when in this status."""

    task_id: int
    user_id: int
    kind: str
    status: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Lying:
    """A simulated patient in a bed."""

    encounter_id: int
    bed_id: int
    ward_id: int
    admitted_at: datetime
    planned_leave_at: datetime | None


def tasks_in_hand() -> list[TaskInHand]:
    """Every task that a simulated person was offered, accepted or began."""
    with read_session() as session:
        rows = session.exec(
            select(Task)
            .join(User, col(User.id) == Task.user_id)
            .where(col(User.simulated), col(Task.status).in_(IN_HAND))
            .order_by(col(Task.id))
        )
        return [_in_hand(task) for task in rows]


def _in_hand(task: Task) -> TaskInHand:
    since = {"offered": task.offered_at, "accepted": task.accepted_at, "in_progress": task.started_at}[task.status]
    return TaskInHand(task.id or 0, task.user_id or 0, task.kind, task.status, since or task.created_at)


def lying() -> list[Lying]:
    """Simulated patients in their beds."""
    with read_session() as session:
        rows = session.exec(
            select(Encounter, Bed)
            .join(Stay, col(Stay.encounter_id) == Encounter.id)
            .join(Bed, col(Bed.id) == Stay.bed_id)
            .where(col(Stay.to_at).is_(None), col(Encounter.simulated))
        )
        return [
            Lying(one.id or 0, bed.id or 0, bed.ward_id, one.admitted_at, one.planned_leave_at)
            for one, bed in rows
            if one.admitted_at is not None
        ]


def waiting_requests(opened_before: datetime) -> list[int]:
    """Open bed requests of simulated patients, longest first."""
    with read_session() as session:
        found = (
            select(BedRequest.id)
            .join(Encounter, col(Encounter.id) == BedRequest.encounter_id)
            .where(col(BedRequest.closed_at).is_(None), col(Encounter.simulated), BedRequest.opened_at < opened_before)
            .order_by(col(BedRequest.opened_at))
        )
        return [request_id for request_id in session.exec(found) if request_id is not None]


def simulated_actor(role: Role, ward_id: int | None = None) -> Actor | None:
    """A simulated person with this role, who may act in this ward; the first by id."""
    with read_session() as session:
        found = select(User.id).where(User.role == role.value, col(User.simulated), col(User.active))
        for user_id in session.exec(found.order_by(col(User.id))):
            actor = find_person(session, user_id or 0)
            if actor is not None and (ward_id is None or actor.all_wards or ward_id in actor.ward_ids):
                return actor
    return None


def actor_of(user_id: int) -> Actor | None:
    """A simulated person as an actor; None for anybody else."""
    with read_session() as session:
        actor = find_person(session, user_id)
    return actor if actor is not None and actor.simulated else None


def count_of_patients() -> int:
    """How many encounters there have been; numbers the next simulated patient."""
    with read_session() as session:
        return int(session.exec(select(func.count(col(Encounter.id)))).one())
