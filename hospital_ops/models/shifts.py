"""Shifts and who works them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from hospital_ops.models.base import moment


class Shift(SQLModel, table=True):
    """A ward's shift for one role."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="forward"),
        UniqueConstraint("ward_id", "role", "starts_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    ward_id: int = Field(foreign_key="ward.id", index=True)
    role: str
    starts_at: datetime = moment(index=True)
    ends_at: datetime = moment()


class ShiftAssignment(SQLModel, table=True):
    """A person on a shift."""

    __tablename__ = "shift_assignment"

    shift_id: int = Field(foreign_key="shift.id", primary_key=True)
    user_id: int = Field(foreign_key="user.id", primary_key=True, index=True)
