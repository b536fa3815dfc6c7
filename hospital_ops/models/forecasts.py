"""What the models said, and when the clock fired."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import DateTime, Index, UniqueConstraint
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
    made_at: datetime = moment(index=True)
    hour_at: datetime = moment()
    unit: str
    expected: float
    low: float
    high: float
    model: str


class ArrivalDayForecast(SQLModel, table=True):
    """Expected arrivals of one coming day of the hospital's calendar, by unit, with an 80 % range: the newest of each."""

    __tablename__ = "arrival_day_forecast"

    day: date = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    made_at: datetime = moment()
    expected: float
    low: float
    high: float
    model: str


class ShiftForecast(SQLModel, table=True):
    """What one coming shift of a ward needs: the newest forecast of each. Ranges hold 80 %."""

    __tablename__ = "shift_forecast"

    ward_id: int = Field(foreign_key="ward.id", primary_key=True)
    role: str = Field(primary_key=True)
    starts_at: datetime = Field(sa_type=DateTime(timezone=True), primary_key=True)
    ends_at: datetime = moment()
    shift: str
    made_at: datetime = moment()
    arrivals: float
    arrivals_low: float
    arrivals_high: float
    departures: float
    census: float
    census_low: float
    census_high: float
    needed: int
    needed_low: int
    needed_high: int
    p_over: float
    p_over_model: str = ""
    model: str
    acuity: float = 1.0


class JobFiring(SQLModel, table=True):
    """One firing of a clock's job: the unique pair keeps it to one, however many clocks run."""

    __tablename__ = "job_firing"
    __table_args__ = (UniqueConstraint("job", "scheduled_for"),)

    id: int | None = Field(default=None, primary_key=True)
    job: str
    scheduled_for: datetime = moment()
    fired_at: datetime = moment()
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
