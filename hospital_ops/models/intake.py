"""A registration: what a patient fills in on a phone, until the desk confirms it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from hospital_ops.domain.intake import RegistrationStatus
from hospital_ops.models.base import box, moment, one_of, sealed


class Registration(SQLModel, table=True):
    """One patient's own registration. `answers` is sealed JSON, saved with each field; `link_hash` opens this one only."""

    __tablename__ = "registration"
    __table_args__ = (one_of("status", RegistrationStatus),)

    id: int | None = Field(default=None, primary_key=True)
    row_key: uuid.UUID = Field(default_factory=uuid.uuid4, unique=True)
    patient_id: int | None = Field(default=None, foreign_key="patient.id", index=True)
    encounter_id: int | None = Field(default=None, foreign_key="encounter.id")
    status: str = Field(default=RegistrationStatus.STARTED.value, index=True)
    step: str = "name"
    language: str = "en"
    answers_sealed: bytes | None = box()
    link_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    link_expires_at: datetime = moment()
    created_at: datetime = moment()
    submitted_at: datetime | None = moment(default=None)
    confirmed_at: datetime | None = moment(default=None)
    confirmed_by: int | None = Field(default=None, foreign_key="user.id")
    simulated: bool = False
    # The key and the content of the request that made it, as 16 bytes that tell neither.
    request_key: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    version: int = 1

    answers = sealed("answers")  # type: ignore[pydantic-field]
