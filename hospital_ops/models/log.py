"""The audit and the outbox: written in the transaction of the change they tell of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlmodel import Field, SQLModel

from hospital_ops.models.base import moment


class AuditEntry(SQLModel, table=True):
    """Who did what to what, when. Facts are ids and codes, never a patient's words. Rows are only ever added."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_type", "subject_id"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    at: datetime = moment(index=True)
    hospital_at: datetime = moment()
    role: str
    user_id: int | None = Field(default=None, index=True)
    registration_id: int | None = None
    action: str = Field(index=True)
    subject_type: str = ""
    subject_id: int | None = None
    ward_id: int | None = None
    allowed: bool = True
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


class OutboxEvent(SQLModel, table=True):
    """An event that has happened. The relay marks it sent once everybody who must act has been told."""

    __tablename__ = "outbox_event"
    __table_args__ = (Index("ix_outbox_unsent", "id", postgresql_where=text("sent_at IS NULL")),)

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
