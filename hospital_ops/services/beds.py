"""What a ward does with beds: clean, block, close, open."""

from __future__ import annotations

from datetime import datetime

from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.tasks import SKILL, Priority, StaffStatus, TaskKind, TaskStatus
from hospital_ops.models import Bed, Task, User
from hospital_ops.services.bed_door import lock_bed, move_bed
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.staff_door import set_status
from hospital_ops.services.task_door import add_task, move_task, open_tasks_of_bed
from hospital_ops.services.tasks import drop, free
from hospital_ops.services.unit_of_work import Work, unit_of_work

# From where each act may move a bed: the table of moves alone would let a cleaner release a reservation.
_TO_CLEAN = frozenset({BedStatus.DIRTY, BedStatus.CLEANING})
_READY = frozenset({BedStatus.AVAILABLE, BedStatus.CLEANING})
_BLOCKED = frozenset({BedStatus.BLOCKED})
_CLOSED = frozenset({BedStatus.CLOSED})
# A dirty or blocked bed is not closed: opened again it would be ready without anybody having cleaned it.
_OPEN = frozenset({BedStatus.AVAILABLE})


def start_cleaning(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Somebody has begun to clean, seen from the board."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_CLEAN, version=version)
        if bed.status == BedStatus.CLEANING:
            return
        move_bed(work, bed, BedStatus.CLEANING, "bed.start_cleaning", only=_TO_CLEAN)
        for task in open_tasks_of_bed(work, bed_id, TaskKind.CLEAN_BED):
            if TaskStatus(task.status) is not TaskStatus.IN_PROGRESS:
                _begin_for_cleaner(work, task)
        dispatch(work)


def mark_clean(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """The bed is ready; its cleaning task is done with it, and whoever held that task is free."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_CLEAN, version=version)
        if bed.status == BedStatus.AVAILABLE:
            return
        move_bed(work, bed, BedStatus.AVAILABLE, "bed.mark_clean", only=_TO_CLEAN)
        for task in open_tasks_of_bed(work, bed_id, TaskKind.CLEAN_BED):
            _finish_for_holder(work, task)
        dispatch(work)


def mark_dirty(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Found dirty though nobody had asked: it waits for cleaning now."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_CLEAN, version=version)
        if bed.status == BedStatus.DIRTY:
            return
        move_bed(work, bed, BedStatus.DIRTY, "bed.found_dirty", only=_READY)
        ask_for_cleaning(work, bed)
        dispatch(work)


def block(
    actor: Actor, bed_id: int, reason: str, *, expires_at: datetime | None = None, version: int | None = None
) -> None:
    """Take a bed out of use, with a reason and, better, until when."""
    if not reason.strip():
        raise Invalid("Please say why the bed is blocked.", code="reason_needed")
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_BLOCK, version=version)
        if bed.status == BedStatus.BLOCKED:
            return
        if expires_at is not None and expires_at <= work.now:
            raise Invalid("A block ends later than now. Please give a time to come.", code="bad_expiry")
        move_bed(work, bed, BedStatus.BLOCKED, "bed.block", reason=reason.strip()[:200], expires_at=expires_at)
        for task in open_tasks_of_bed(work, bed_id, TaskKind.CLEAN_BED):
            drop(work, task, "bed blocked")
        dispatch(work)


def unblock(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Back into use, by way of cleaning: nobody knows what happened to it meanwhile."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_BLOCK, version=version)
        move_bed(work, bed, BedStatus.DIRTY, "bed.unblock", only=_BLOCKED)
        ask_for_cleaning(work, bed)
        dispatch(work)


def close(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Unstaffed from now on; it leaves the staffed count."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_STAFF, version=version)
        if bed.status != BedStatus.CLOSED:
            move_bed(work, bed, BedStatus.CLOSED, "bed.close", only=_OPEN)


def open_bed(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Staffed again."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_STAFF, version=version)
        if bed.status == BedStatus.AVAILABLE:
            return
        move_bed(work, bed, BedStatus.AVAILABLE, "bed.open", only=_CLOSED)


def ask_for_cleaning(work: Work, bed: Bed, *, priority: Priority = Priority.MEDIUM) -> None:
    """One cleaning task for a dirty bed, unless there is one already."""
    assert bed.id is not None
    if not open_tasks_of_bed(work, bed.id, TaskKind.CLEAN_BED):
        words = f"Clean room {bed.room_number}, bed {bed.label}"
        add_task(work, TaskKind.CLEAN_BED, words, priority=priority, bed=bed)


def _begin_for_cleaner(work: Work, task: Task) -> None:
    """Whoever cleans has the task, also when it was offered to a colleague: nobody else is to walk there."""
    me = work.session.get(User, work.actor.user_id) if work.actor.user_id else None
    before = work.session.get(User, task.user_id) if task.user_id else None
    if me is not None and Role(me.role) in SKILL[TaskKind.CLEAN_BED]:
        task.user_id = me.id
    move_task(work, task, TaskStatus.IN_PROGRESS, "task.start", users=(before.id if before else None,))
    cleaner = work.session.get(User, task.user_id) if task.user_id else None
    if before is not None and before is not cleaner:
        free(work, task, before)
    if cleaner is not None:
        set_status(work, cleaner, StaffStatus.ON_TASK)


def _finish_for_holder(work: Work, task: Task) -> None:
    move_task(work, task, TaskStatus.COMPLETE, "task.complete")
    holder = work.session.get(User, task.user_id) if task.user_id else None
    if holder is not None:
        free(work, task, holder)
