"""What happened to a patient, what is being done for them, and which papers are there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from hospital_ops.domain.milestones import DELAYS
from hospital_ops.domain.tasks import WORDS, TaskKind, TaskStatus
from hospital_ops.models import Bed, BedRequest, Document, Encounter, Registration, Stay, Task, TaskDelay, User, Ward

LONGEST_STORY = 60
LONGEST_LIST = 40
_SIDES = {"insurance_front": "Insurance card, front", "insurance_back": "Insurance card, back", "id_photo": "Photo ID"}
_PAPERS = {
    "received": "received",
    "reading": "being read",
    "read": "read",
    "unsure": "read, partly unsure",
    "not_a_card": "not a card",
    "unreadable": "could not be read",
    "failed": "reading failed",
    "replaced": "replaced by a newer photo",
}
# Whoever did it; while it is open, whose it is.
_DOER = func.coalesce(Task.finished_by, Task.user_id)
Line = tuple[datetime, str, str, str]


def timeline_of(session: Session, patient_id: int) -> list[dict[str, Any]]:
    """Newest first: {"at", "what", "where", "kind"}, kind for its sign: door, bed, order, task, paper."""
    lines = [
        *_registered(session, patient_id),
        *_encounters(session, patient_id),
        *_requests(session, patient_id),
        *_stays(session, patient_id),
        *_finished(session, patient_id),
    ]
    lines.sort(key=lambda line: line[0], reverse=True)
    return [
        {"at": at.isoformat(), "what": what, "where": where, "kind": kind}
        for at, what, where, kind in lines[:LONGEST_STORY]
    ]


def tasks_of_patient(session: Session, patient_id: int) -> list[dict[str, Any]]:
    """What is and was done for this patient: open first, then the latest. Cancelled ones are left out."""
    found = (
        select(Task, col(User.display_name), TaskDelay)
        .outerjoin(User, col(User.id) == _DOER)
        .outerjoin(TaskDelay, (col(TaskDelay.task_id) == Task.id) & col(TaskDelay.ended_at).is_(None))
        .where(col(Task.patient_id) == patient_id, col(Task.status) != TaskStatus.CANCELLED.value)
        .order_by((col(Task.status) == TaskStatus.COMPLETE.value), col(Task.id).desc())
        .limit(LONGEST_LIST)
    )
    return [_task(task, who, delay) for task, who, delay in session.execute(found)]


def documents_of(session: Session, patient_id: int) -> list[dict[str, Any]]:
    """Photos of cards, by side and state; what stands on them is the desk's."""
    found = (
        select(Document)
        .join(Registration, col(Registration.id) == Document.registration_id)
        .where(col(Registration.patient_id) == patient_id, col(Document.status) != "replaced")
        .order_by(col(Document.id))
    )
    return [
        {
            "id": paper.id,
            "side": _SIDES[paper.side],
            "status": _PAPERS[paper.status],
            "received_at": paper.received_at.isoformat(),
        }
        for paper in session.execute(found).scalars()
    ]


def _task(task: Task, who: str | None, delay: TaskDelay | None) -> dict[str, Any]:
    return {
        "id": task.id,
        "kind": task.kind,
        "milestone": task.milestone,
        "description": task.description,
        "status": task.status,
        "status_words": WORDS[TaskStatus(task.status)],
        "done": task.status == TaskStatus.COMPLETE,
        "who": who or "",
        "since": task.created_at.isoformat(),
        "finished_at": task.finished_at.isoformat() if task.finished_at else None,
        "reason": _waits_for(task, delay),
    }


def _waits_for(task: Task, delay: TaskDelay | None) -> str:
    """What holds a milestone up, with the words that say it closer; else why somebody laid the task aside."""
    if delay is None:
        return task.reason if task.status == TaskStatus.SUSPENDED else ""
    return ": ".join(words for words in (DELAYS.get(delay.reason, ""), delay.words) if words)


def _registered(session: Session, patient_id: int) -> list[Line]:
    found = select(Registration).where(col(Registration.patient_id) == patient_id)
    rows = session.execute(found).scalars().all()
    lines: list[Line] = [(r.submitted_at, "Registered on a phone", "", "paper") for r in rows if r.submitted_at]
    return lines + [(r.confirmed_at, "Confirmed by the desk", "", "paper") for r in rows if r.confirmed_at]


def _encounters(session: Session, patient_id: int) -> list[Line]:
    rows = session.execute(select(Encounter).where(col(Encounter.patient_id) == patient_id)).scalars().all()
    lines: list[Line] = [
        (e.discharge_ordered_at, "Ordered to leave", "", "order") for e in rows if e.discharge_ordered_at
    ]
    return lines + [(e.discharged_at, "Left the hospital", "", "door") for e in rows if e.discharged_at]


def _requests(session: Session, patient_id: int) -> list[Line]:
    found = select(BedRequest).join(Encounter, col(Encounter.id) == BedRequest.encounter_id)
    rows = session.execute(found.where(col(Encounter.patient_id) == patient_id)).scalars()
    return [(r.opened_at, f"A bed was asked for: {r.unit}", "", "door") for r in rows]


def _stays(session: Session, patient_id: int) -> list[Line]:
    found = (
        select(Stay, col(Bed.label), col(Ward.name))
        .join(Bed, col(Bed.id) == Stay.bed_id)
        .join(Ward, col(Ward.id) == Bed.ward_id)
        .where(col(Stay.patient_id) == patient_id)
        .order_by(col(Stay.from_at))
    )
    lines: list[Line] = []
    before = 0
    for stay, label, ward in session.execute(found):
        what = f"Moved to bed {label}" if stay.encounter_id == before else f"Placed in bed {label}"
        lines.append((stay.from_at, what, ward, "bed"))
        before = stay.encounter_id
    return lines


def _finished(session: Session, patient_id: int) -> list[Line]:
    found = select(Task, col(User.display_name)).outerjoin(User, col(User.id) == _DOER)
    done = found.where(col(Task.patient_id) == patient_id, col(Task.status) == TaskStatus.COMPLETE.value)
    words = {TaskKind.TRANSPORT.value: "Brought"}
    return [
        (task.finished_at, f"{words.get(task.kind, 'Done')}: {task.description}", who or "", "task")
        for task, who in session.execute(done)
        if task.finished_at
    ]
