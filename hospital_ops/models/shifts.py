"""Shifts, who works them, what is drafted, who was asked to, and who swaps with whom."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from hospital_ops.domain.roster import SwapState
from hospital_ops.domain.staffing import Answer
from hospital_ops.models.base import moment, one_of


class Shift(SQLModel, table=True):
    """A ward's shift for one role. Without a ward it is the house's: the float pool, the porters, the desk."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="forward"),
        UniqueConstraint("ward_id", "role", "starts_at", postgresql_nulls_not_distinct=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    ward_id: int | None = Field(default=None, foreign_key="ward.id", index=True)
    role: str
    starts_at: datetime = moment(index=True)
    ends_at: datetime = moment()


class ShiftAssignment(SQLModel, table=True):
    """A person on a shift, as it is published: what is drafted stands in `RosterChange`."""

    __tablename__ = "shift_assignment"

    shift_id: int = Field(foreign_key="shift.id", primary_key=True)
    user_id: int = Field(foreign_key="user.id", primary_key=True, index=True)


class ShiftAsk(SQLModel, table=True):
    """Somebody was asked to fill a gap in a shift, and what they said."""

    __tablename__ = "shift_ask"
    __table_args__ = (one_of("answer", Answer),)

    shift_id: int = Field(foreign_key="shift.id", primary_key=True)
    user_id: int = Field(foreign_key="user.id", primary_key=True, index=True)
    asked_by: int | None = Field(default=None, foreign_key="user.id")
    asked_at: datetime = moment()
    answer: str = Answer.WAITING.value
    answered_at: datetime | None = moment(default=None)


class RosterChange(SQLModel, table=True):
    """Somebody is to come to a shift (`joins`) or to leave it. Nobody but planners sees it before `published_at`.

    `rules` are the codes of the rules that `reason` set aside, by commas.
    """

    __tablename__ = "roster_change"
    __table_args__ = (
        Index("one_draft_a_place", "shift_id", "user_id", unique=True, postgresql_where=text("published_at IS NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    shift_id: int = Field(foreign_key="shift.id")
    user_id: int = Field(foreign_key="user.id", index=True)
    joins: bool
    rules: str = ""
    reason: str = ""
    made_by: int | None = Field(default=None, foreign_key="user.id")
    made_at: datetime = moment()
    published_at: datetime | None = moment(default=None, index=True)


class DayWish(SQLModel, table=True):
    """A day that somebody would rather be off. It binds nobody; a proposal keeps it where it can."""

    __tablename__ = "day_wish"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    day: date = Field(primary_key=True, index=True)
    made_at: datetime = moment()


class ShiftSwap(SQLModel, table=True):
    """Two colleagues change shifts: `user_id` asks, `with_user_id` answers, a planner decides where a rule is in the way."""

    __tablename__ = "shift_swap"
    __table_args__ = (
        one_of("state", SwapState),
        Index(
            "one_open_swap",
            "user_id",
            "shift_id",
            unique=True,
            postgresql_where=text("state IN ('asked', 'to_approve')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    shift_id: int = Field(foreign_key="shift.id")
    with_user_id: int = Field(foreign_key="user.id", index=True)
    with_shift_id: int = Field(foreign_key="shift.id")
    state: str = SwapState.ASKED.value
    rules: str = ""
    reason: str = ""
    asked_at: datetime = moment()
    decided_by: int | None = Field(default=None, foreign_key="user.id")
    decided_at: datetime | None = moment(default=None)
