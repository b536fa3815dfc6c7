"""Found work: a spill, or a dirty bed that nobody had reported. Two taps, by whoever walks past."""

from __future__ import annotations

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import Conflict, Invalid
from hospital_ops.domain.tasks import IN_HAND, SKILL, Priority, StaffStatus, TaskKind, TaskStatus
from hospital_ops.models import Bed, Task, User
from hospital_ops.services.bed_door import lock_bed, move_bed
from hospital_ops.services.beds import ask_for_cleaning
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.staff_door import set_status
from hospital_ops.services.task_door import add_task, move_task, open_tasks_of_bed
from hospital_ops.services.unit_of_work import Work, unit_of_work

FOUND: frozenset[TaskKind] = frozenset({TaskKind.SPILL, TaskKind.CLEAN_BED})


def report(actor: Actor, kind: TaskKind, bed_id: int) -> int:
    """Make a task of what was found at a bed of the finder's wards. Reported twice it is one task. Returns its id.

    A finder who is free and has the skill has it at once; else it goes to the nearest free person, as any task does.
    """
    if kind not in FOUND:
        raise Invalid("Only a spill or a dirty bed can be reported like this.", code="not_found_work")
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.TASK_OWN)
        there = open_tasks_of_bed(work, bed_id, kind)
        if there:
            return there[0].id or 0
        task = _dirty(work, bed) if kind is TaskKind.CLEAN_BED else _spill(work, bed)
        if not _taken_by_finder(work, task, kind):
            dispatch(work)
        return task.id or 0


def _dirty(work: Work, bed: Bed) -> Task:
    if BedStatus(bed.status) not in {BedStatus.AVAILABLE, BedStatus.DIRTY}:
        raise Conflict(f"Bed {bed.label} is not a ready bed; its ward decides about it.", code="bed_in_use")
    if bed.status == BedStatus.AVAILABLE:
        move_bed(work, bed, BedStatus.DIRTY, "bed.found_dirty")
    ask_for_cleaning(work, bed)
    return open_tasks_of_bed(work, bed.id or 0, TaskKind.CLEAN_BED)[0]


def _spill(work: Work, bed: Bed) -> Task:
    # Somebody may slip on it: before the beds.
    return add_task(work, TaskKind.SPILL, f"Spill in room {bed.room_number}", priority=Priority.HIGH, bed=bed)


def _taken_by_finder(work: Work, task: Task, kind: TaskKind) -> bool:
    finder = work.session.get(User, work.actor.user_id) if work.actor.user_id else None
    if finder is None or Role(finder.role) not in SKILL[kind] or finder.current_status != StaffStatus.AVAILABLE:
        return False
    words = [status.value for status in IN_HAND]
    held = select(Task.id).where(Task.user_id == finder.id, col(Task.status).in_(words))
    if work.session.exec(held).first() is not None:
        return False
    task.user_id, task.why = finder.id, "You found it"
    move_task(work, task, TaskStatus.ACCEPTED, "task.accept", found=True)
    set_status(work, finder, StaffStatus.ON_TASK)
    return True
