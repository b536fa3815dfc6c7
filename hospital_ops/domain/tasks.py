"""Tasks: kinds, statuses, priorities, the moves between statuses, and the clocks that watch them."""

from __future__ import annotations

from enum import StrEnum

from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import Conflict


class TaskKind(StrEnum):
    CLEAN_BED = "clean_bed"
    TRANSPORT = "transport"
    DISCHARGE_MILESTONE = "discharge_milestone"
    NURSING = "nursing"
    SPILL = "spill"
    OTHER = "other"


class TaskStatus(StrEnum):
    PENDING = "pending"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    COMPLETE = "complete"
    CANCELLED = "cancelled"
    ESCALATED = "escalated"


class Priority(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    STAT = "stat"


class StaffStatus(StrEnum):
    AVAILABLE = "available"
    ON_TASK = "on_task"
    ON_BREAK = "on_break"
    OFF_SHIFT = "off_shift"


T = TaskStatus

MOVES: dict[TaskStatus, frozenset[TaskStatus]] = {
    T.PENDING: frozenset({T.OFFERED, T.ACCEPTED, T.IN_PROGRESS, T.COMPLETE, T.CANCELLED, T.ESCALATED}),
    T.OFFERED: frozenset({T.ACCEPTED, T.IN_PROGRESS, T.PENDING, T.COMPLETE, T.CANCELLED, T.ESCALATED}),
    T.ACCEPTED: frozenset({T.IN_PROGRESS, T.PENDING, T.SUSPENDED, T.COMPLETE, T.CANCELLED}),
    T.IN_PROGRESS: frozenset({T.COMPLETE, T.SUSPENDED, T.PENDING, T.CANCELLED}),
    T.SUSPENDED: frozenset({T.IN_PROGRESS, T.PENDING, T.COMPLETE, T.CANCELLED}),
    T.ESCALATED: frozenset({T.OFFERED, T.ACCEPTED, T.IN_PROGRESS, T.PENDING, T.COMPLETE, T.CANCELLED}),
    T.COMPLETE: frozenset(),
    T.CANCELLED: frozenset(),
}

OPEN: frozenset[TaskStatus] = frozenset(T) - {T.COMPLETE, T.CANCELLED}
# What a person has in hand: nobody is offered a second thing while answering or doing one.
IN_HAND: frozenset[TaskStatus] = frozenset({T.OFFERED, T.ACCEPTED, T.IN_PROGRESS})
# What waits for somebody to be found.
WAITING: frozenset[TaskStatus] = frozenset({T.PENDING, T.ESCALATED})

# Who can do which kind: the skill is the role.
SKILL: dict[TaskKind, frozenset[Role]] = {
    TaskKind.CLEAN_BED: frozenset({Role.HOUSEKEEPER}),
    TaskKind.SPILL: frozenset({Role.HOUSEKEEPER}),
    TaskKind.TRANSPORT: frozenset({Role.TRANSPORTER}),
    TaskKind.DISCHARGE_MILESTONE: frozenset({Role.NURSE, Role.DOCTOR}),
    TaskKind.NURSING: frozenset({Role.NURSE}),
    TaskKind.OTHER: frozenset({Role.TRANSPORTER, Role.HOUSEKEEPER}),
}

WORDS: dict[TaskStatus, str] = {
    T.PENDING: "waiting for somebody",
    T.OFFERED: "offered",
    T.ACCEPTED: "accepted",
    T.IN_PROGRESS: "under way",
    T.SUSPENDED: "suspended",
    T.COMPLETE: "done",
    T.CANCELLED: "cancelled",
    T.ESCALATED: "escalated",
}

# Minutes from asking to starting, by priority.
RESPONSE_MINUTES: dict[Priority, int] = {
    Priority.STAT: 5,
    Priority.HIGH: 15,
    Priority.MEDIUM: 30,
    Priority.LOW: 60,
}

# An offer nobody answers goes to the next person after this many minutes.
ANSWER_MINUTES: dict[Priority, int] = {
    Priority.STAT: 2,
    Priority.HIGH: 4,
    Priority.MEDIUM: 6,
    Priority.LOW: 10,
}

PRIORITY_ORDER: dict[Priority, int] = {
    Priority.STAT: 0,
    Priority.HIGH: 1,
    Priority.MEDIUM: 2,
    Priority.LOW: 3,
}


def check_move(description: str, old: TaskStatus, new: TaskStatus) -> None:
    """Refuse a step that a task cannot take, in words."""
    if new not in MOVES[old]:
        raise Conflict(f"“{description}” is {WORDS[old]}; it cannot become {WORDS[new]}.", code="task_cannot_move")
