"""Strain: each person's own index (sealed), what was shown of groups, and who says that theirs is wrong."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ARRAY, Index, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hospital_ops.domain.strain import ContestStatus
from hospital_ops.models.base import box, moment, one_of, sealed


class StrainIndex(SQLModel, table=True):
    """The newest index of one person and its causes, as sealed JSON: in the database nobody reads it either."""

    __tablename__ = "strain_index"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    row_key: uuid.UUID = Field(default_factory=uuid.uuid4, unique=True)
    scored_at: datetime = moment()
    told_sealed: bytes | None = box()

    told = sealed("told")  # type: ignore[pydantic-field]


class StrainFigure(SQLModel, table=True):
    """What was shown of a group of five or more. `user_ids` are kept to know what may be shown next, and never shown.

    Of each ward and role at most one row is `current`; the others are remembered for as long as they can be subtracted.
    """

    __tablename__ = "strain_figure"
    __table_args__ = (
        Index(
            "one_current_figure",
            "ward_id",
            "role",
            unique=True,
            postgresql_where=text("current"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    ward_id: int | None = Field(default=None, foreign_key="ward.id")
    role: str
    shown_at: datetime = moment(index=True)
    current: bool = True
    about: int
    people: str
    causes: list[list[str]] = Field(default_factory=list, sa_type=JSONB)
    remedies: list[str] = Field(default_factory=list, sa_type=JSONB)
    user_ids: list[int] = Field(default_factory=list, sa_type=ARRAY(Integer))
    model: str


class StrainContest(SQLModel, table=True):
    """Somebody says that their index is wrong, and why; later what was answered. Both are sealed."""

    __tablename__ = "strain_contest"
    __table_args__ = (
        one_of("status", ContestStatus),
        Index("one_open_contest", "user_id", unique=True, postgresql_where=text("status = 'open'")),
    )

    id: int | None = Field(default=None, primary_key=True)
    row_key: uuid.UUID = Field(default_factory=uuid.uuid4, unique=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    contested_at: datetime = moment()
    words_sealed: bytes | None = box()
    status: str = ContestStatus.OPEN.value
    answered_at: datetime | None = moment(default=None)
    answered_by: int | None = Field(default=None, foreign_key="user.id")
    answer_sealed: bytes | None = box()

    words = sealed("words")  # type: ignore[pydantic-field]
    answer = sealed("answer")  # type: ignore[pydantic-field]
