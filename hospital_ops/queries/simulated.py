"""What the simulated staff see to do next. Only simulated people and patients: a person's own are left alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, select
from sqlmodel import col

from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.placement import Isolation, Need, ranked
from hospital_ops.domain.roster import SwapState
from hospital_ops.domain.staffing import Answer
from hospital_ops.domain.stays import PendingSource
from hospital_ops.domain.tasks import StaffStatus, TaskKind, TaskStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import (
    Bed,
    BedRequest,
    Encounter,
    Observation,
    Shift,
    ShiftAsk,
    ShiftAssignment,
    ShiftSwap,
    Stay,
    Task,
    TaskDelay,
    User,
    UserWard,
    Ward,
)
from hospital_ops.queries.placement import offer_rows
from hospital_ops.queries.sessions import find_person

IN_HAND = ("offered", "accepted", "in_progress")
# Who came before this version has no planned leaving; nobody stays for ever.
USUAL_STAY = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class TaskInHand:
    """A task that a simulated person holds, and since when in this status."""

    task_id: int
    user_id: int
    kind: str
    status: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A milestone of a simulated patient that is still to be done, and in which ward."""

    task_id: int
    ward_id: int


@dataclass(frozen=True, slots=True)
class Trip:
    """A simulated patient whom a porter takes somewhere, or has brought back; `description` is the task's."""

    bed_id: int
    ward_id: int
    description: str


@dataclass(frozen=True, slots=True)
class Lying:
    """A simulated patient in a bed; `unit` is the patient's own, `bed_unit` the bed's."""

    encounter_id: int
    patient_id: int
    bed_id: int
    label: str
    ward_id: int
    unit: str
    bed_unit: str
    admitted_at: datetime
    leaves_at: datetime
    sex: str
    isolation: str
    telemetry: bool

    def need(self, unit: str) -> Need:
        """What a bed of this unit must be for them."""
        return Need(unit, self.sex, Isolation(self.isolation), self.telemetry)


@dataclass(frozen=True, slots=True)
class Ready:
    """A bed that is ready for somebody."""

    bed_id: int
    label: str
    ward_id: int
    unit: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A simulated patient's open request for a bed."""

    request_id: int
    unit: str
    since: datetime


@dataclass(frozen=True, slots=True)
class OnRoster:
    """A simulated person: as they are, and the shift that the roster gives them about now."""

    user_id: int
    status: str
    since: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class AskedToSwap:
    """A simulated person whom a colleague asks for a shift."""

    swap_id: int
    user_id: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A simulated person who was asked to fill a gap. `pool`: they are on duty then, for the whole house."""

    shift_id: int
    user_id: int
    asked_at: datetime
    pool: bool


def tasks_in_hand() -> list[TaskInHand]:
    """Every task that a simulated person was offered, accepted or began, oldest first."""
    since = func.coalesce(
        func.greatest(col(Task.offered_at), col(Task.accepted_at), col(Task.started_at)), col(Task.created_at)
    )
    found = (
        select(col(Task.id), col(Task.user_id), col(Task.kind), col(Task.status), since)
        .join(User, col(User.id) == Task.user_id)
        .where(col(User.simulated), col(Task.status).in_(IN_HAND))
        .order_by(col(Task.id))
    )
    return [TaskInHand(*row) for row in _rows(found)]


def unfinished_milestones(before: datetime) -> list[Unfinished]:
    """Milestones opened by then that nobody has begun and of which nobody says what they wait for, oldest first."""
    held_up = exists().where(col(TaskDelay.task_id) == Task.id)
    found = (
        select(col(Task.id), col(Task.ward_id))
        .where(col(Task.simulated), col(Task.milestone) != "", col(Task.status).in_(("pending", "offered", "accepted")))
        .where(col(Task.created_at) <= before, ~held_up)
        .order_by(col(Task.id))
    )
    return [Unfinished(*row) for row in _rows(found)]


_leaves: Any = func.coalesce(col(Encounter.planned_leave_at), col(Encounter.admitted_at) + USUAL_STAY)


def _lying() -> Select[Any]:
    return (
        select(
            col(Encounter.id), col(Encounter.patient_id), col(Bed.id), col(Bed.label), col(Bed.ward_id),
            col(Encounter.unit), col(Bed.unit), col(Encounter.admitted_at), _leaves,
            col(Encounter.sex), col(Encounter.isolation), col(Encounter.telemetry),
        )
        .join(Stay, col(Stay.encounter_id) == Encounter.id)
        .join(Bed, col(Bed.id) == Stay.bed_id)
        .where(col(Stay.to_at).is_(None), col(Stay.away_since).is_(None))
        .where(col(Encounter.simulated), col(Encounter.admitted_at).is_not(None))
    )  # fmt: skip


_fetched = and_(
    col(Task.bed_id) == Stay.bed_id,
    col(Task.patient_id) == Stay.patient_id,
    col(Task.kind) == TaskKind.TRANSPORT.value,
    col(Task.status) == TaskStatus.IN_PROGRESS.value,
)


def on_a_trip() -> list[Trip]:
    """Who has been fetched and is still said to be in bed."""
    found = (
        select(col(Bed.id), col(Bed.ward_id), col(Task.description))
        .join(Stay, (col(Stay.bed_id) == Bed.id) & col(Stay.to_at).is_(None) & col(Stay.away_since).is_(None))
        .join(Encounter, (col(Encounter.id) == Stay.encounter_id) & col(Encounter.simulated))
        .join(Task, _fetched)
    )
    return [Trip(*row) for row in _rows(found)]


def back() -> list[Trip]:
    """Who is said to be away though nobody has them on a trip any more."""
    found = (
        select(col(Bed.id), col(Bed.ward_id), literal(""))
        .join(Stay, (col(Stay.bed_id) == Bed.id) & col(Stay.to_at).is_(None) & col(Stay.away_since).is_not(None))
        .join(Encounter, (col(Encounter.id) == Stay.encounter_id) & col(Encounter.simulated))
        .where(~exists().where(_fetched))
    )
    return [Trip(*row) for row in _rows(found)]


def _as_lying(found: Select[Any]) -> list[Lying]:
    return [Lying(*row) for row in _rows(found)]


def ready_to_leave(now: datetime, most: int) -> list[Lying]:
    """Whose time has come, longest overdue first."""
    return _as_lying(_lying().where(_leaves <= now).order_by(_leaves).limit(most))


def ready_for_order(by: datetime, most: int) -> list[Lying]:
    """Who leaves before `by` and whom nobody has discharged yet, whatever a forecast says of them."""
    unsaid = col(Bed.pending_source) != PendingSource.ORDER.value
    return _as_lying(_lying().where(_leaves <= by, unsaid).order_by(_leaves).limit(most))


def lying_in(ward_id: int) -> list[Lying]:
    """Simulated patients of one ward."""
    return _as_lying(_lying().where(col(Bed.ward_id) == ward_id).order_by(col(Encounter.id)))


def lying_anywhere() -> list[Lying]:
    """All simulated patients in beds."""
    return _as_lying(_lying().order_by(col(Encounter.id)))


def unobserved(came_before: datetime, most: int) -> list[Lying]:
    """Who has lain here for a while and was never looked at."""
    seen = exists().where(col(Observation.encounter_id) == Encounter.id)
    found = _lying().where(col(Encounter.admitted_at) <= came_before, ~seen)
    return _as_lying(found.order_by(col(Encounter.id)).limit(most))


def last_seen(encounter_ids: Sequence[int]) -> dict[int, dict[str, tuple[datetime, float]]]:
    """Encounter → code → (when, value) of the newest observation."""
    found = (
        select(
            col(Observation.encounter_id), col(Observation.code), col(Observation.observed_at), col(Observation.value)
        )
        .where(col(Observation.encounter_id).in_(encounter_ids))
        .order_by(col(Observation.observed_at))
    )
    newest: dict[int, dict[str, tuple[datetime, float]]] = {encounter_id: {} for encounter_id in encounter_ids}
    for encounter_id, code, at, value in _rows(found):
        newest[encounter_id][code] = (at, value)
    return newest


def waiting_requests(opened_before: datetime) -> list[Waiting]:
    """Open bed requests of simulated patients, most urgent first, then longest."""
    urgent = col(BedRequest.priority).in_(["stat", "high"])
    found = (
        select(col(BedRequest.id), col(BedRequest.unit), col(BedRequest.opened_at))
        .join(Encounter, col(Encounter.id) == BedRequest.encounter_id)
        .where(col(BedRequest.closed_at).is_(None), col(Encounter.simulated))
        .where(col(BedRequest.opened_at) < opened_before)
        .order_by(urgent.desc(), col(BedRequest.opened_at))
    )
    return [Waiting(*row) for row in _rows(found)]


def beds_to_come() -> dict[str, int]:
    """Unit → beds that are or will soon be free, less those who wait for one."""
    soon = [BedStatus.AVAILABLE, BedStatus.RESERVED, BedStatus.DIRTY, BedStatus.CLEANING]
    free = func.count().filter(col(Bed.status).in_([status.value for status in soon]))
    beds = dict(_rows(select(col(Bed.unit), free).group_by(col(Bed.unit))))
    waiting = select(col(BedRequest.unit), func.count()).where(col(BedRequest.closed_at).is_(None))
    wanted = dict(_rows(waiting.group_by(col(BedRequest.unit))))
    return {unit: count - wanted.get(unit, 0) for unit, count in beds.items()}


def bed_for_move(one: Lying, unit: str) -> int | None:
    """The best bed of a unit that a patient who lies elsewhere may move to."""
    with read_session() as session:
        offers = [offer for offer in offer_rows(session, None) if offer.unit == unit]
    best = next((judged for judged in ranked(one.need(unit), offers) if judged.allowed), None)
    return None if best is None else best.bed_id


def ready_beds() -> list[Ready]:
    """Every bed that is ready, in order of label."""
    found = select(col(Bed.id), col(Bed.label), col(Bed.ward_id), col(Bed.unit))
    rows = _rows(found.where(col(Bed.status) == BedStatus.AVAILABLE.value).order_by(col(Bed.label)))
    return [Ready(*row) for row in rows]


def ward_ids() -> list[int]:
    """Wards in the order of the board."""
    return [ward_id for (ward_id,) in _rows(select(col(Ward.id)).order_by(col(Ward.position)))]


def on_roster(now: datetime, early: timedelta, late: timedelta) -> list[OnRoster]:
    """Every simulated person with the shift of now, one that begins within `early` or has ended within `late`."""
    about_now = and_(
        col(Shift.id) == ShiftAssignment.shift_id, col(Shift.starts_at) <= now + early, col(Shift.ends_at) > now - late
    )
    shifts = (
        select(
            col(ShiftAssignment.user_id).label("user_id"),
            func.min(col(Shift.starts_at)).label("starts_at"),
            func.max(col(Shift.ends_at)).label("ends_at"),
        )
        .join(Shift, about_now)
        .group_by(col(ShiftAssignment.user_id))
        .subquery()
    )
    found = (
        select(col(User.id), col(User.current_status), col(User.status_since), shifts.c.starts_at, shifts.c.ends_at)
        .outerjoin(shifts, shifts.c.user_id == User.id)
        .where(col(User.simulated), col(User.active))
        .order_by(col(User.id))
    )
    return [OnRoster(*row) for row in _rows(found)]


def usernames() -> frozenset[str]:
    """Who of the simulated staff is in this house."""
    return frozenset(name for (name,) in _rows(select(col(User.username)).where(col(User.simulated))))


def planned_until() -> datetime | None:
    """When the last shift begins that every ward has people on: a planner may have gone further with one of them."""
    staffed = (
        select(func.max(col(Shift.starts_at)).label("last"))
        .join(ShiftAssignment, col(ShiftAssignment.shift_id) == Shift.id)
        .where(col(Shift.ward_id).is_not(None))
        .group_by(col(Shift.ward_id))
        .subquery()
    )
    return next((at for (at,) in _rows(select(func.min(staffed.c.last)))), None)


def asked() -> list[Asked]:
    """Simulated people who have been asked to work a shift and have not answered."""
    pool = _on_pool_shift()
    found = (
        select(col(ShiftAsk.shift_id), col(ShiftAsk.user_id), col(ShiftAsk.asked_at), pool)
        .join(User, col(User.id) == ShiftAsk.user_id)
        .join(Shift, col(Shift.id) == ShiftAsk.shift_id)
        .where(col(User.simulated), col(ShiftAsk.answer) == Answer.WAITING.value)
        .order_by(col(ShiftAsk.asked_at), col(ShiftAsk.user_id))
    )
    return [Asked(*row) for row in _rows(found)]


def asked_to_swap() -> list[AskedToSwap]:
    """Simulated people whom a colleague asks to swap, and who have not answered."""
    found = (
        select(col(ShiftSwap.id), col(ShiftSwap.with_user_id), col(ShiftSwap.asked_at))
        .join(User, col(User.id) == ShiftSwap.with_user_id)
        .where(col(User.simulated), col(ShiftSwap.state) == SwapState.ASKED.value)
        .order_by(col(ShiftSwap.asked_at), col(ShiftSwap.id))
    )
    return [AskedToSwap(*row) for row in _rows(found)]


def _on_pool_shift() -> Any:
    """Whether the person asked is on the house's own shift at that time."""
    lent, mine = Shift.__table__.alias(), ShiftAssignment.__table__.alias()  # type: ignore[attr-defined]
    return (
        exists()
        .where(lent.c.id == mine.c.shift_id, lent.c.ward_id.is_(None), lent.c.starts_at == col(Shift.starts_at))
        .where(col(ShiftAsk.user_id) == mine.c.user_id)
    )


def on_duty(roles: Iterable[Role]) -> dict[Role, list[Actor]]:
    """The simulated people with these roles who are here and not on a break, as actors, in order of id."""
    wanted = list(roles)
    wards = select(func.array_agg(col(UserWard.ward_id))).where(col(UserWard.user_id) == User.id).correlate(User)
    away = [StaffStatus.OFF_SHIFT.value, StaffStatus.ON_BREAK.value]
    found = (
        select(col(User.id), col(User.display_name), col(User.role), wards.scalar_subquery())
        .where(col(User.simulated), col(User.active), col(User.role).in_([role.value for role in wanted]))
        .where(col(User.current_status).not_in(away))
        .order_by(col(User.id))
    )
    here: dict[Role, list[Actor]] = {role: [] for role in wanted}
    for user_id, name, role, ward_list in _rows(found):
        here[Role(role)].append(Actor(Role(role), name, user_id, frozenset(ward_list or ()), simulated=True))
    return here


def actor_of(user_id: int) -> Actor | None:
    """A simulated person as an actor; None for anybody else."""
    with read_session() as session:
        actor = find_person(session, user_id)
    return actor if actor is not None and actor.simulated else None


def highest_encounter() -> int:
    """The newest encounter's id; numbers the next simulated patient."""
    return int(next(iter(_rows(select(func.coalesce(func.max(col(Encounter.id)), 0)))))[0])


def _rows(found: Any) -> list[Any]:
    with read_session() as session:
        return list(session.execute(found).all())
