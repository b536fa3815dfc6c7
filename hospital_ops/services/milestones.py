"""What must be done before a patient can leave: opened when a bed turns pending, closed when it turns back."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from hospital_ops.domain.stays import MILESTONES
from hospital_ops.domain.tasks import OPEN, Priority, TaskKind, TaskStatus
from hospital_ops.models import Bed, Task
from hospital_ops.services.task_door import add_task, open_tasks_of_bed
from hospital_ops.services.tasks import drop
from hospital_ops.services.unit_of_work import Work

WORDS = dict(MILESTONES)


def open_milestones(work: Work, bed: Bed, patient_id: int) -> None:
    """The discharge's milestones as tasks, once each."""
    words = [status.value for status in OPEN]
    found = select(Task.milestone).where(
        Task.patient_id == patient_id, Task.bed_id == bed.id, col(Task.status).in_(words), Task.milestone != ""
    )
    there = set(work.session.exec(found))
    for name in WORDS:
        if name not in there:
            _open(work, bed, patient_id, name)


def close_milestones(work: Work, bed: Bed, reason: str) -> None:
    """Nobody leaves now: what was still to be done for it is cancelled."""
    assert bed.id is not None
    for task in open_tasks_of_bed(work, bed.id, TaskKind.DISCHARGE_MILESTONE):
        drop(work, task, reason)


def reopen_milestones(work: Work, bed: Bed, patient_id: int, closed_at: datetime) -> None:
    """Those that were closed at that moment are to be done again; what was done before stays done."""
    found = select(Task.milestone).where(
        Task.patient_id == patient_id,
        Task.bed_id == bed.id,
        Task.milestone != "",
        Task.status == TaskStatus.CANCELLED.value,
        Task.finished_at == closed_at,
    )
    for name in dict.fromkeys(work.session.exec(found.order_by(col(Task.id)))):
        _open(work, bed, patient_id, name)


def milestone_words(name: str, label: str) -> str:
    """What a milestone's task is called at this bed."""
    return WORDS[name].format(label=label)


def _open(work: Work, bed: Bed, patient_id: int, name: str) -> None:
    add_task(
        work,
        TaskKind.DISCHARGE_MILESTONE,
        milestone_words(name, bed.label),
        priority=Priority.LOW,
        bed=bed,
        patient_id=patient_id,
        milestone=name,
    )
