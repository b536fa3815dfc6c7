"""Beds, and who waits for one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.placement import Isolation
from hospital_ops.models.base import moment, one_of


class Bed(SQLModel, table=True):
    """A physical bed. `version` rises with each change; `pending_source` is who says that it empties today."""

    __tablename__ = "bed"
    __table_args__ = (one_of("status", BedStatus),)

    id: int | None = Field(default=None, primary_key=True)
    ward_id: int = Field(foreign_key="ward.id", index=True)
    label: str = Field(unique=True)
    room_number: str = Field(index=True)
    unit: str
    status: str = BedStatus.AVAILABLE.value
    since: datetime = moment()
    version: int = 1
    pending_source: str = ""
    reason: str = ""
    expires_at: datetime | None = moment(default=None)
    sex_of_room: str = "any"
    isolation_room: bool = False
    telemetry: bool = False
    floor: int = 1
    x: float = 0.0
    y: float = 0.0


class BedRequest(SQLModel, table=True):
    """An encounter that waits for a bed. Closed by placing it or by cancelling."""

    __tablename__ = "bed_request"
    __table_args__ = (
        one_of("isolation", Isolation),
        Index("one_open_request", "encounter_id", unique=True, postgresql_where=text("closed_at IS NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    encounter_id: int = Field(foreign_key="encounter.id", index=True)
    unit: str
    ward_id: int | None = Field(default=None, foreign_key="ward.id")
    priority: str = "medium"
    isolation: str = Isolation.NONE.value
    telemetry: bool = False
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(default=None)
    bed_id: int | None = Field(default=None, foreign_key="bed.id")
    version: int = 1
