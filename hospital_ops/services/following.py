"""What is to be done for a patient goes along when the patient moves to another bed."""

from __future__ import annotations

from sqlmodel import col, select

from hospital_ops.domain.milestones import words_for
from hospital_ops.domain.tasks import OPEN, WAITING, TaskKind, TaskStatus
from hospital_ops.models import Bed, Task, User
from hospital_ops.services.dispatch import put_back
from hospital_ops.services.task_door import tell
from hospital_ops.services.tasks import free, works_in
from hospital_ops.services.unit_of_work import Work

# What is about the patient, wherever they lie. A transport is about the way between two places and stays.
FOLLOWING: frozenset[TaskKind] = frozenset({TaskKind.DISCHARGE_MILESTONE, TaskKind.NURSING})


def tasks_of_patient(work: Work, bed: Bed, patient_id: int) -> list[Task]:
    """Open tasks about this patient at this bed, locked."""
    words, kinds = [status.value for status in OPEN], [kind.value for kind in FOLLOWING]
    found = select(Task).where(
        Task.bed_id == bed.id, Task.patient_id == patient_id, col(Task.status).in_(words), col(Task.kind).in_(kinds)
    )
    return list(work.session.exec(found.order_by(col(Task.id)).with_for_update()))


def bring_along(work: Work, tasks: list[Task], bed: Bed) -> None:
    """The tasks are about the other bed now. Who does not work in its ward hands theirs on."""
    for task in tasks:
        before = task.ward_id
        task.bed_id, task.ward_id = bed.id, bed.ward_id
        if task.milestone:
            task.description = words_for(task.milestone, bed.label)
        _hand_on(work, task, before)
        tell(work, task, "task.moved", "task.move", from_ward_id=before)


def _hand_on(work: Work, task: Task, ward_before: int | None) -> None:
    if task.user_id is None or ward_before == task.ward_id or TaskStatus(task.status) in WAITING:
        return
    person = work.session.get_one(User, task.user_id)
    if works_in(work, person, task.ward_id or 0):
        return
    put_back(work, task, "task.return")
    free(work, task, person, walked=False)
