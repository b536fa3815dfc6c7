"""What the models said, and when the clock fired."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hospital_ops.models.base import moment


class StayForecast(SQLModel, table=True):
    """The latest forecast for an encounter: probabilities of having left, the median and an 80 % set."""

    __tablename__ = "stay_forecast"

    encounter_id: int = Field(foreign_key="encounter.id", primary_key=True)
    made_at: datetime = moment()
    model: str
    p24: float
    p48: float
    p72: float
    median_at: datetime = moment()
    low_at: datetime = moment()
    high_at: datetime = moment()
    p_today: float = 0.0
    likely_from: datetime = moment()
    likely_to: datetime = moment()
    mean_days: float = 0.0
    reasons: list[str] = Field(default_factory=list, sa_type=JSONB)


class ArrivalForecast(SQLModel, table=True):
    """Expected arrivals of one hour, by unit, with an 80 % range."""

    __tablename__ = "arrival_forecast"
    __table_args__ = (Index("ix_arrival_forecast_hour", "hour_at", "made_at"),)

    id: int | None = Field(default=None, primary_key=True)
    made_at: datetime = moment()
    hour_at: datetime = moment()
    unit: str
    expected: float
    low: float
    high: float
    model: str


class JobFiring(SQLModel, table=True):
    """One firing of a clock's job: the unique pair keeps it to one, however many clocks run."""

    __tablename__ = "job_firing"
    __table_args__ = (UniqueConstraint("job", "scheduled_for"),)

    id: int | None = Field(default=None, primary_key=True)
    job: str
    scheduled_for: datetime = moment()
    fired_at: datetime = moment()
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
