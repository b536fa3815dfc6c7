"""Patients. What identifies one is sealed; what finds one is a blind index."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from hospital_ops.models.base import box, moment, sealed


class Patient(SQLModel, table=True):
    """A person who is or was cared for. `current_bed_id` is not kept here: the one open stay says it."""

    __tablename__ = "patient"

    id: int | None = Field(default=None, primary_key=True)
    row_key: uuid.UUID = Field(default_factory=uuid.uuid4, unique=True)
    first_name_sealed: bytes | None = box()
    last_name_sealed: bytes | None = box()
    dob_sealed: bytes | None = box()
    insurance_policy_num_sealed: bytes | None = box()
    phone_sealed: bytes | None = box()
    address_sealed: bytes | None = box()
    dob_index: bytes | None = Field(default=None, sa_type=LargeBinary, index=True, nullable=True)
    policy_index: bytes | None = Field(default=None, sa_type=LargeBinary, index=True, nullable=True)
    surname_index: bytes | None = Field(default=None, sa_type=LargeBinary, index=True, nullable=True)
    sex: str = "unknown"
    provisional: bool = True
    simulated: bool = False
    language: str = "en"
    predicted_discharge_date: datetime | None = moment(default=None)
    # Found to be the same person as another row. Nothing is moved, so that it can be taken back (HL7 A40, A37).
    merged_into_id: int | None = Field(default=None, foreign_key="patient.id", index=True)
    created_at: datetime = moment()
    version: int = 1

    first_name = sealed("first_name")  # type: ignore[pydantic-field]
    last_name = sealed("last_name")  # type: ignore[pydantic-field]
    dob = sealed("dob")  # type: ignore[pydantic-field]
    insurance_policy_num = sealed("insurance_policy_num")  # type: ignore[pydantic-field]
    phone = sealed("phone")  # type: ignore[pydantic-field]
    address = sealed("address")  # type: ignore[pydantic-field]


class PatientMerge(SQLModel, table=True):
    """Two records were found to be one person: who said so, and what `unmerge` needs to give everything back.

    `before` is the surviving record's identity as it was, `given` what the desk confirmed: sealed JSON, both empty for a
    merge that wrote nothing.
    """

    __tablename__ = "patient_merge"

    id: int | None = Field(default=None, primary_key=True)
    row_key: uuid.UUID = Field(default_factory=uuid.uuid4, unique=True)
    patient_id: int = Field(foreign_key="patient.id", index=True)
    into_id: int = Field(foreign_key="patient.id", index=True)
    registration_id: int | None = Field(default=None, foreign_key="registration.id", index=True)
    merged_at: datetime = moment()
    merged_by: int | None = Field(default=None, foreign_key="user.id")
    undone_at: datetime | None = moment(default=None)
    undone_by: int | None = Field(default=None, foreign_key="user.id")
    before_sealed: bytes | None = box()
    given_sealed: bytes | None = box()

    before = sealed("before")  # type: ignore[pydantic-field]
    given = sealed("given")  # type: ignore[pydantic-field]


class Observation(SQLModel, table=True):
    """A measured value during an encounter (HL7 OBX, FHIR Observation)."""

    __tablename__ = "observation"
    __table_args__ = (Index("ix_observation_latest", "encounter_id", "code", "observed_at"),)

    id: int | None = Field(default=None, primary_key=True)
    encounter_id: int = Field(foreign_key="encounter.id")
    observed_at: datetime = moment()
    code: str
    value: float
    unit: str = ""
