"""What happened to one bed, in words, from the audit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlmodel import Session, col

from hospital_ops.domain.stays import AWAY_WORDS, Away
from hospital_ops.domain.tasks import WORDS, TaskStatus
from hospital_ops.models import AuditEntry, Task, User

# The audit's imperative, as a person would tell it.
_TOLD = {
    "bed.place": "A patient was placed here",
    "bed.transfer": "A patient was moved here",
    "bed.vacate": "The patient left; the bed waits for cleaning",
    "bed.start_cleaning": "Cleaning began",
    "bed.mark_clean": "Clean and ready",
    "bed.found_dirty": "Found dirty",
    "bed.cleaning_suspended": "Cleaning was interrupted",
    "bed.mark_pending": "Expected to leave today",
    "bed.unmark_pending": "Stays after all",
    "bed.block": "Blocked",
    "bed.unblock": "Back into use",
    "bed.close": "Closed",
    "bed.open": "Opened",
    "bed.reserve": "Reserved",
    "bed.release": "No longer reserved",
    "placement.override": "Placed against a rule, with a reason",
    "bed.swap": "Two patients changed beds",
    "bed.block_expired": "The block is over; the bed waits for cleaning",
    "bed.undo_place": "Taken back: nobody was placed here",
    "bed.undo_transfer": "Taken back: nobody was moved here",
    "bed.undo_leave": "Taken back: the patient is still here",
    "bed.resume": "The patient lies here as before",
    "stay.depart": "The patient went away for a while",
    "stay.come_back": "The patient is back",
}


def happenings(session: Session, bed_id: int, limit: int = 12) -> list[dict[str, Any]]:
    """The bed's last changes, newest first: {"at", "what", "who"}."""
    rows = session.execute(
        select(AuditEntry, col(User.display_name))
        .outerjoin(User, col(User.id) == AuditEntry.user_id)
        .where(
            col(AuditEntry.subject_type) == "bed",
            (col(AuditEntry.subject_id) == bed_id) | _as_the_other(bed_id),
            col(AuditEntry.action).in_(_TOLD),
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(limit)
    )
    return [
        {"at": entry.hospital_at.isoformat(), "what": _told(entry), "who": name or entry.role.capitalize()}
        for entry, name in rows
    ]


def _as_the_other(bed_id: int) -> ColumnElement[bool]:
    """An act on two beds is one line; it is told at both."""
    other = col(AuditEntry.facts)["with_bed_id"].as_integer()
    return and_(col(AuditEntry.action) == "bed.swap", other == bed_id)


def act_words(action: str) -> str:
    """What an act on a bed is called; the audit's own words for one that has no others."""
    return _TOLD.get(action) or action.partition(".")[2].replace("_", " ").capitalize()


def tasks_of(session: Session, bed_id: int, limit: int = 6) -> list[dict[str, Any]]:
    """The bed's tasks, newest first, but for milestones, which have a list of their own: {"id", "description", "status", "who", "since", "why", "waits_for"}."""
    rows = session.execute(
        select(Task, col(User.display_name))
        .outerjoin(User, col(User.id) == Task.user_id)
        .where(col(Task.bed_id) == bed_id, col(Task.milestone) == "")
        .order_by(col(Task.id).desc())
        .limit(limit)
    )
    return [
        {
            "id": task.id,
            "description": task.description,
            "status": WORDS[TaskStatus(task.status)],
            "who": name or "",
            "since": task.created_at.isoformat(),
            # Why this person, until they have said yes. Why nobody changes with everybody's status: that is the list's.
            "why": task.why if task.status == TaskStatus.OFFERED else "",
            # In the words of whoever laid it aside.
            "waits_for": task.reason if task.status == TaskStatus.SUSPENDED else "",
        }
        for task, name in rows
    ]


def _told(entry: AuditEntry) -> str:
    if entry.action == "bed.mark_pending" and entry.facts.get("source") == "order":
        return "Ordered to leave today"
    if entry.action == "stay.depart":
        return f"The patient is {AWAY_WORDS[Away(entry.facts['to'])]}; the bed is kept"
    return _TOLD[entry.action]
