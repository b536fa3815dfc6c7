"""What a ward does with beds: clean, block, close, open."""

from __future__ import annotations

from datetime import datetime

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.tasks import IN_HAND, Priority, StaffStatus, TaskKind, TaskStatus
from hospital_ops.models import Bed, Task, User
from hospital_ops.services.bed_door import lock_bed, move_bed
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.staff_door import set_status
from hospital_ops.services.task_door import add_task, move_task, open_tasks_of_bed
from hospital_ops.services.tasks import drop
from hospital_ops.services.unit_of_work import Work, unit_of_work


def start_cleaning(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Somebody has begun to clean, seen from the board."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_CLEAN, version=version)
        if bed.status == BedStatus.CLEANING:
            return
        move_bed(work, bed, BedStatus.CLEANING, "bed.start_cleaning")
        for task in open_tasks_of_bed(work, bed_id, TaskKind.CLEAN_BED):
            if TaskStatus(task.status) is not TaskStatus.IN_PROGRESS and task.user_id is not None:
                move_task(work, task, TaskStatus.IN_PROGRESS, "task.start")


def mark_clean(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """The bed is ready; its cleaning task is done with it, and whoever held that task is free."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_CLEAN, version=version)
        if bed.status == BedStatus.AVAILABLE:
            return
        move_bed(work, bed, BedStatus.AVAILABLE, "bed.mark_clean")
        for task in open_tasks_of_bed(work, bed_id, TaskKind.CLEAN_BED):
            _finish_for_holder(work, task)
        dispatch(work)


def mark_dirty(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Found dirty though nobody had asked: it waits for cleaning now."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_CLEAN, version=version)
        if bed.status == BedStatus.DIRTY:
            return
        move_bed(work, bed, BedStatus.DIRTY, "bed.found_dirty")
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
        move_bed(work, bed, BedStatus.BLOCKED, "bed.block", reason=reason.strip()[:200], expires_at=expires_at)
        for task in open_tasks_of_bed(work, bed_id, TaskKind.CLEAN_BED):
            drop(work, task, "bed blocked")
        dispatch(work)


def unblock(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Back into use, by way of cleaning: nobody knows what happened to it meanwhile."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_BLOCK, version=version)
        move_bed(work, bed, BedStatus.DIRTY, "bed.unblock")
        ask_for_cleaning(work, bed)
        dispatch(work)


def close(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Unstaffed from now on; it leaves the staffed count."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_STAFF, version=version)
        move_bed(work, bed, BedStatus.CLOSED, "bed.close")


def open_bed(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Staffed again."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.BED_STAFF, version=version)
        move_bed(work, bed, BedStatus.AVAILABLE, "bed.open")


def ask_for_cleaning(work: Work, bed: Bed, *, priority: Priority = Priority.MEDIUM) -> None:
    """One cleaning task for a dirty bed, unless there is one already."""
    assert bed.id is not None
    if not open_tasks_of_bed(work, bed.id, TaskKind.CLEAN_BED):
        words = f"Clean room {bed.room_number}, bed {bed.label}"
        add_task(work, TaskKind.CLEAN_BED, words, priority=priority, bed=bed)


def _finish_for_holder(work: Work, task: Task) -> None:
    in_hand = TaskStatus(task.status) in IN_HAND
    move_task(work, task, TaskStatus.COMPLETE, "task.complete")
    holder = work.session.get(User, task.user_id) if task.user_id else None
    if holder is not None and in_hand and holder.current_status == StaffStatus.ON_TASK:
        set_status(work, holder, StaffStatus.AVAILABLE)
