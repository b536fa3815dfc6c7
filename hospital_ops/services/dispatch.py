"""Tasks find their people: the nearest free one with the skill, priority before nearness."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text
from sqlmodel import col, select

from hospital_ops.domain.access import HOUSE_WIDE, Role
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.dispatch import Candidate, choose, in_order
from hospital_ops.domain.floor_plan import Place
from hospital_ops.domain.milestones import offered_to
from hospital_ops.domain.tasks import IN_HAND, OPEN, SKILL, WAITING, Priority, StaffStatus, TaskKind, TaskStatus
from hospital_ops.infra.locks import Lock
from hospital_ops.models import Bed, Task, TaskDecline, User, UserWard
from hospital_ops.services.bed_door import move_bed
from hospital_ops.services.task_door import move_task, tell
from hospital_ops.services.unit_of_work import Work

DECLINE_MINUTES = 15
NOBODY = "Nobody is free now. It goes to the first who is."


def dispatch(work: Work) -> list[int]:
    """Offer waiting tasks to whoever is free, most urgent first. Returns the ids that were offered.

    One dispatch at a time in the whole house, so that two tasks never choose the same person at once.
    """
    work.session.flush()
    work.session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": Lock.DISPATCH.value})
    _take_back(work)
    waiting = _waiting_tasks(work)
    if not waiting:
        return []  # As usual: most steps of a day leave nothing that waits, and the house is large to look through.
    people = _candidates(work)
    if not any(c.status is StaffStatus.AVAILABLE and not c.busy for c, _, _ in people.values()):
        for task in waiting.values():
            _nobody(work, task, task.why or NOBODY)
        return []
    order = in_order(((t.id or 0, Priority(t.priority), t.created_at) for t in waiting.values()), work.now)
    return [task_id for task_id in order if _offer(work, waiting[task_id], people)]


def _take_back(work: Work) -> None:
    """Offers whose person has gone on a break or home in the same moment: nobody is there to answer them."""
    gone = [StaffStatus.ON_BREAK.value, StaffStatus.OFF_SHIFT.value]
    away = select(User.id).where(col(User.current_status).in_(gone))
    found = select(Task).where(Task.status == TaskStatus.OFFERED.value, col(Task.user_id).in_(away))
    for task in work.session.exec(found.order_by(col(Task.id)).with_for_update(skip_locked=True)):
        put_back(work, task, "task.return")


People = dict[int, tuple[Candidate, User, frozenset[int]]]


def _offer(work: Work, task: Task, people: People) -> bool:
    skilled = offered_to(TaskKind(task.kind), task.milestone)
    able = [c for c, u, wards in people.values() if Role(u.role) in skilled and _covers(u, wards, task.ward_id)]
    if not any(c.status is StaffStatus.AVAILABLE and not c.busy for c in able):
        return _nobody(work, task, choose(None, able).why)
    choice = choose(_place_of_task(work, task), able, _declined(work, task))
    if choice.user_id is None:
        return _nobody(work, task, choice.why)
    offer_to(work, task, choice.user_id, choice.why)
    candidate, person, wards = people[choice.user_id]
    people[choice.user_id] = (replace(candidate, open_tasks=candidate.open_tasks + 1, busy=True), person, wards)
    return True


def _nobody(work: Work, task: Task, why: str) -> bool:
    if task.why != why:
        task.why = why
        work.session.add(task)
    return False


def offer_to(work: Work, task: Task, user_id: int, why: str) -> None:
    """Offer a task to one person, by choice or by a supervisor's hand."""
    task.user_id, task.why = user_id, why
    move_task(work, task, TaskStatus.OFFERED, "task.offer", user_id=user_id)


def put_back(work: Work, task: Task, action: str, *, reason: str = "") -> None:
    """Take a task from its person; it waits for the next one. A bed half cleaned is dirty again."""
    before, task.user_id = task.user_id, None
    if task.status == TaskStatus.IN_PROGRESS and task.kind == TaskKind.CLEAN_BED and task.bed_id is not None:
        bed = work.session.exec(select(Bed).where(Bed.id == task.bed_id).with_for_update()).one()
        if bed.status == BedStatus.CLEANING:
            move_bed(work, bed, BedStatus.DIRTY, "bed.cleaning_suspended", task_id=task.id)
    if TaskStatus(task.status) in WAITING:
        tell(work, task, "task.declined", action, users=(before,), reason_given=bool(reason))
    else:
        move_task(work, task, TaskStatus.PENDING, action, users=(before,), reason_given=bool(reason))


def place_of_bed(bed: Bed) -> Place:
    """Where a bed stands."""
    return Place(bed.floor, bed.x, bed.y)


def _covers(user: User, wards: frozenset[int], ward_id: int | None) -> bool:
    return ward_id is None or Role(user.role) in HOUSE_WIDE or ward_id in wards


def _waiting_tasks(work: Work) -> dict[int, Task]:
    words = [status.value for status in WAITING]
    rows = work.session.exec(select(Task).where(col(Task.status).in_(words)).with_for_update(skip_locked=True))
    return {task.id or 0: task for task in rows}


def _candidates(work: Work) -> People:
    """Everybody on shift who can be given something, with what they hold."""
    roles = [role.value for role in frozenset().union(*SKILL.values())]
    users = work.session.exec(
        select(User).where(User.active, col(User.role).in_(roles), User.current_status != StaffStatus.OFF_SHIFT.value)
    ).all()
    ids = [u.id for u in users]
    wards: dict[int, set[int]] = {}
    for user_id, ward_id in work.session.exec(
        select(UserWard.user_id, UserWard.ward_id).where(col(UserWard.user_id).in_(ids))
    ):
        wards.setdefault(user_id, set()).add(ward_id)
    open_words = [s.value for s in OPEN]
    held = work.session.exec(
        select(Task.user_id, Task.status).where(col(Task.user_id).in_(ids), col(Task.status).in_(open_words))
    ).all()
    load = Counter(user_id for user_id, _ in held)
    busy = {user_id for user_id, status in held if TaskStatus(status) in IN_HAND}
    return {u.id or 0: (_candidate(u, load[u.id], u.id in busy), u, frozenset(wards.get(u.id or 0, ()))) for u in users}


def _candidate(user: User, load: int, busy: bool) -> Candidate:
    known = user.floor is not None and user.x is not None and user.y is not None
    place = Place(user.floor or 0, user.x or 0.0, user.y or 0.0) if known else None
    status, real = StaffStatus(user.current_status), not user.simulated
    return Candidate(user.id or 0, user.display_name, status, place, load, busy=busy, signed_in=real)


def _declined(work: Work, task: Task) -> frozenset[int]:
    # A "no" counts for a while, not for ever: else a task that all have declined once would never be done.
    since = work.now - timedelta(minutes=DECLINE_MINUTES)
    found = select(TaskDecline.user_id).where(TaskDecline.task_id == task.id, TaskDecline.at > since)
    return frozenset(work.session.exec(found))


def _place_of_task(work: Work, task: Task) -> Place | None:
    bed = work.session.get(Bed, task.bed_id) if task.bed_id else None
    return place_of_bed(bed) if bed else None
