"""What must be done before a patient can leave: opened when a bed turns pending, closed when it turns back."""

from __future__ import annotations

from sqlmodel import col, select

from hospital_ops.domain.stays import MILESTONES
from hospital_ops.domain.tasks import OPEN, Priority, TaskKind
from hospital_ops.models import Bed, Task
from hospital_ops.services.task_door import add_task, open_tasks_of_bed
from hospital_ops.services.tasks import drop
from hospital_ops.services.unit_of_work import Work


def open_milestones(work: Work, bed: Bed, patient_id: int) -> None:
    """The discharge's milestones as tasks, once each."""
    words = [status.value for status in OPEN]
    found = select(Task.milestone).where(
        Task.patient_id == patient_id, Task.bed_id == bed.id, col(Task.status).in_(words), Task.milestone != ""
    )
    there = set(work.session.exec(found))
    for name, description in MILESTONES:
        if name not in there:
            add_task(
                work,
                TaskKind.DISCHARGE_MILESTONE,
                description.format(label=bed.label),
                priority=Priority.LOW,
                bed=bed,
                patient_id=patient_id,
                milestone=name,
            )


def close_milestones(work: Work, bed: Bed, reason: str) -> None:
    """Nobody leaves now: what was still to be done for it is cancelled."""
    assert bed.id is not None
    for task in open_tasks_of_bed(work, bed.id, TaskKind.DISCHARGE_MILESTONE):
        drop(work, task, reason)
