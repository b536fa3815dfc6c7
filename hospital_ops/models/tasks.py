"""Tasks, who said no to one, and what holds a milestone up."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from hospital_ops.domain.tasks import Priority, TaskKind, TaskStatus
from hospital_ops.models.base import box, moment, one_of, sealed


class Task(SQLModel, table=True):
    """Something to be done by one person. `user_id` is whose it is now (offered, accepted, under way)."""

    __tablename__ = "task"
    __table_args__ = (
        one_of("kind", TaskKind),
        one_of("status", TaskStatus),
        one_of("priority", Priority),
        # A bed is cleaned once, however often it is reported.
        Index(
            "one_open_cleaning",
            "bed_id",
            unique=True,
            postgresql_where=text("kind = 'clean_bed' AND status NOT IN ('complete', 'cancelled')"),
        ),
        Index("ix_task_open", "status", postgresql_where=text("status NOT IN ('complete', 'cancelled')")),
        Index("ix_task_person", "user_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    description: str
    status: str = TaskStatus.PENDING.value
    priority: str = Priority.MEDIUM.value
    user_id: int | None = Field(default=None, foreign_key="user.id")
    patient_id: int | None = Field(default=None, foreign_key="patient.id", index=True)
    bed_id: int | None = Field(default=None, foreign_key="bed.id", index=True)
    ward_id: int | None = Field(default=None, foreign_key="ward.id", index=True)
    created_by: int | None = Field(default=None, foreign_key="user.id")
    created_at: datetime = moment()
    offered_at: datetime | None = moment(default=None)
    accepted_at: datetime | None = moment(default=None)
    started_at: datetime | None = moment(default=None)
    finished_at: datetime | None = moment(default=None)
    due_at: datetime | None = moment(default=None)
    why: str = ""
    reason: str = ""
    unanswered: int = 0
    escalation_level: int = 0
    milestone: str = ""
    # Who said that it is done, when it was not its holder: a colleague may tick off what somebody forgot to.
    finished_by: int | None = Field(default=None, foreign_key="user.id")
    simulated: bool = False
    # Whose request made it, and under which key: so that the same request sent again is the same task.
    request_key: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    version: int = 1


class TaskDecline(SQLModel, table=True):
    """Somebody said no, or did not answer."""

    __tablename__ = "task_decline"

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    user_id: int = Field(foreign_key="user.id")
    at: datetime = moment()
    reason: str = ""


class TaskDelay(SQLModel, table=True):
    """What a milestone waits for, from when to when; `words` say it closer and may name the patient's affairs: sealed."""

    __tablename__ = "task_delay"
    __table_args__ = (Index("one_delay_at_a_time", "task_id", unique=True, postgresql_where=text("ended_at IS NULL")),)

    id: int | None = Field(default=None, primary_key=True)
    row_key: uuid.UUID = Field(default_factory=uuid.uuid4, unique=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    reason: str
    words_sealed: bytes | None = box()
    user_id: int | None = Field(default=None, foreign_key="user.id")
    at: datetime = moment()
    ended_at: datetime | None = moment(default=None)

    words = sealed("words")  # type: ignore[pydantic-field]
