"""What payers were asked, and what they said."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from hospital_ops.domain.eligibility import Coverage
from hospital_ops.models.base import box, moment, one_of, sealed


class EligibilityCheck(SQLModel, table=True):
    """One question about one registration. `inquiry` and `reply` are sealed JSON; the answer's kind is not secret.

    `asked_by` is None when the house asked by itself, at sending. `asking_since` is real time: it finds what was lost.
    """

    __tablename__ = "eligibility_check"
    __table_args__ = (
        one_of("status", Coverage),
        # One question at a time: the loser of a race waits for the same answer.
        Index("one_open_inquiry", "registration_id", unique=True, postgresql_where=text("status = 'asking'")),
    )

    id: int | None = Field(default=None, primary_key=True)
    row_key: uuid.UUID = Field(default_factory=uuid.uuid4, unique=True)
    registration_id: int = Field(foreign_key="registration.id", index=True)
    status: str = Coverage.ASKING.value
    channel: str = ""
    inquiry_sealed: bytes | None = box()
    reply_sealed: bytes | None = box()
    asked_at: datetime = moment()
    asking_since: datetime = moment()
    asked_by: int | None = Field(default=None, foreign_key="user.id")
    answered_at: datetime | None = moment(default=None)
    version: int = 1

    inquiry = sealed("inquiry")  # type: ignore[pydantic-field]
    reply = sealed("reply")  # type: ignore[pydantic-field]
