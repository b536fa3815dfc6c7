"""The audit and the outbox: written in the transaction of the change they tell of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlmodel import Field, SQLModel

from hospital_ops.models.base import moment


class AuditEntry(SQLModel, table=True):
    """Who did what to what, when. Facts are ids and codes, never a patient's words. Rows are only ever added."""

    __tablename__ = "audit_entry"
    # Each way of asking "the newest fifty that…" has its own index in the order of the answer; docs/decisions says why.
    __table_args__ = (
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_user", "user_id", "at", "id"),
        Index("ix_audit_entry_action", "action", "at", "id"),
        Index("ix_audit_entry_kind", "subject_type", "at", "id"),
        Index("ix_audit_entry_subject", "subject_type", "subject_id"),
        Index("ix_audit_entry_ward", "ward_id", "at", "id", postgresql_where=text("ward_id IS NOT NULL")),
        # A day is read bed by bed and person by person (queries/replay.py).
        Index(
            "ix_audit_entry_status",
            "subject_type",
            "subject_id",
            "hospital_at",
            postgresql_where=text("subject_type IN ('bed', 'user') AND facts ? 'new'"),
        ),
        Index("ix_audit_entry_denied", "at", "id", postgresql_where=text("NOT allowed")),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    at: datetime = moment()
    hospital_at: datetime = moment()
    role: str
    user_id: int | None = None
    registration_id: int | None = None
    action: str
    subject_type: str = ""
    subject_id: int | None = None
    ward_id: int | None = None
    allowed: bool = True
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


class AuditLink(SQLModel, table=True):
    """A link of the audit's chain (domain/audit_chain.py). Rows are only ever added, by the sealing alone.

    No foreign key: that a line is gone must be said by the chain, not prevented by what an intruder can drop.
    """

    __tablename__ = "audit_link"

    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    audit_id: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    made_at: datetime = moment()
    mac: bytes = Field(sa_type=LargeBinary)


class OutboxEvent(SQLModel, table=True):
    """An event that has happened. The relay marks it sent once everybody who must act has been told."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        Index("ix_outbox_unsent", "id", postgresql_where=text("sent_at IS NULL")),
        Index("ix_outbox_sent", "sent_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    at: datetime = moment(index=True)
    name: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    topics: list[str] = Field(default_factory=list, sa_type=ARRAY(TEXT))
    sent_at: datetime | None = moment(default=None)
    attempts: int = 0


class Handled(SQLModel, table=True):
    """A consumer has taken an event in: written with the effect, so that a repeat changes nothing."""

    __tablename__ = "handled"

    consumer: str = Field(primary_key=True)
    event_id: int = Field(sa_column=Column(BigInteger, primary_key=True))
    at: datetime = moment()
