"""The one write door of a task: lock it, check the step, change it, record, announce."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from hospital_ops.domain.errors import NotFound
from hospital_ops.domain.events import task_event
from hospital_ops.domain.tasks import OPEN, RESPONSE_MINUTES, Priority, TaskKind, TaskStatus, check_move
from hospital_ops.models import Bed, Task
from hospital_ops.services.delays import ENDS, end_delay
from hospital_ops.services.unit_of_work import Work

# Which clock a status starts, and what the event is called.
_STAMP = {
    TaskStatus.OFFERED: "offered_at",
    TaskStatus.ACCEPTED: "accepted_at",
    TaskStatus.IN_PROGRESS: "started_at",
    TaskStatus.COMPLETE: "finished_at",
    TaskStatus.CANCELLED: "finished_at",
}
_EVENT = {
    TaskStatus.PENDING: "task.declined",
    TaskStatus.OFFERED: "task.offered",
    TaskStatus.ACCEPTED: "task.accepted",
    TaskStatus.IN_PROGRESS: "task.started",
    TaskStatus.SUSPENDED: "task.suspended",
    TaskStatus.COMPLETE: "task.completed",
    TaskStatus.CANCELLED: "task.cancelled",
    TaskStatus.ESCALATED: "task.escalated",
}


def add_task(
    work: Work,
    kind: TaskKind,
    description: str,
    *,
    priority: Priority = Priority.MEDIUM,
    bed: Bed | None = None,
    ward_id: int | None = None,
    patient_id: int | None = None,
    milestone: str = "",
    due_at: datetime | None = None,
) -> Task:
    """A new task, waiting for somebody. Dispatch it with `services.dispatch.dispatch`."""
    task = Task(
        kind=kind.value,
        description=description,
        priority=priority.value,
        bed_id=bed.id if bed else None,
        ward_id=bed.ward_id if bed else ward_id,
        patient_id=patient_id,
        created_by=work.actor.user_id,
        created_at=work.now,
        due_at=due_at or work.now + timedelta(minutes=RESPONSE_MINUTES[priority]),
        milestone=milestone,
        simulated=work.actor.simulated,
    )
    work.session.add(task)
    work.session.flush()
    tell(work, task, "task.created", "task.create", kind=kind.value, priority=priority.value)
    return task


def lock_task(work: Work, task_id: int) -> Task:
    """The task, locked until commit; its bed first, as all do, so that two acts on one bed cannot wait for each other."""
    lock_beds(work, [task_id])
    task = work.session.exec(select(Task).where(Task.id == task_id).with_for_update()).first()
    if task is None:
        raise NotFound("There is no such task.")
    return task


def lock_beds(work: Work, task_ids: Iterable[int]) -> None:
    """Lock the beds that these tasks are about, in the order of their ids."""
    about = select(Task.bed_id).where(col(Task.id).in_(list(task_ids)), col(Task.bed_id).is_not(None))
    work.session.exec(select(Bed).where(col(Bed.id).in_(about)).order_by(col(Bed.id)).with_for_update()).all()


def move_task(
    work: Work, task: Task, status: TaskStatus, action: str, *, users: Iterable[int | None] = (), **facts: Any
) -> None:
    """Take a task one step by the table of moves. `users` are people besides its own whose lists change."""
    check_move(task.description, TaskStatus(task.status), status)
    before, task.status = task.status, status.value
    if stamp := _STAMP.get(status):
        setattr(task, stamp, work.now)
    if status is TaskStatus.COMPLETE:
        task.finished_by = work.actor.user_id
    if status in ENDS:
        end_delay(work, task)
    tell(work, task, _EVENT[status], action, users=users, old=before, new=status.value, **facts)


def tell(work: Work, task: Task, event: str, action: str, *, users: Iterable[int | None] = (), **facts: Any) -> None:
    """Raise the version, record and announce a change that is made already."""
    task.version += 1
    work.session.add(task)
    assert task.id is not None
    work.record(action, "task", task.id, ward_id=task.ward_id, **facts)
    where = {"ward_id": task.ward_id, "bed_id": task.bed_id, "patient_id": task.patient_id}
    work.announce(task_event(event, task.id, users=(task.user_id, *users), **where))


def open_tasks_of_bed(work: Work, bed_id: int, kind: TaskKind) -> list[Task]:
    """What is still to be done about a bed, locked."""
    words = [status.value for status in OPEN]
    found = select(Task).where(Task.bed_id == bed_id, Task.kind == kind.value, col(Task.status).in_(words))
    return list(work.session.exec(found.order_by(col(Task.id)).with_for_update()))
