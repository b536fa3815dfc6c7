"""What was promised of a forecast, kept until it came: ranges and their outcome, and how today's inputs differ from training's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hospital_ops.models.base import moment


class ForecastCheck(SQLModel, table=True):
    """One 80 % range as it was given at the first scoring of a day, and what came. Numbers alone; no words.

    `low`, `high`, `came`: days from `from_at` for a stay (`subject` is the encounter), people who come between `from_at` and
    `due_at` for arrivals, patients in the middle of a shift (`subject` is the ward). `held` is known from `due_at` on.
    """

    __tablename__ = "forecast_check"
    __table_args__ = (
        UniqueConstraint("kind", "day", "unit", "subject"),
        Index("ix_forecast_check_open", "kind", "due_at", postgresql_where=text("held IS NULL")),
        Index("ix_forecast_check_due", "due_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    kind: str
    day: date
    unit: str
    subject: int = 0
    made_at: datetime = moment()
    from_at: datetime = moment()
    due_at: datetime = moment()
    low: float
    high: float
    came: float | None = None
    held: bool | None = None
    model: str


class InputCheck(SQLModel, table=True):
    """Once a day: how far each input of a model lies from what it learned from (PSI), over `n` patients, arrivals or shifts.

    `beside`: {"usual": input → the PSI that the training's own weeks gave, "levels": unit → [came, expected]}.
    """

    __tablename__ = "input_check"

    kind: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    made_at: datetime = moment()
    n: int
    model: str
    figures: dict[str, float] = Field(default_factory=dict, sa_type=JSONB)
    beside: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
