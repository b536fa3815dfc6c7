"""Encounters (a patient's time with us, HL7 PV1 / FHIR Encounter) and stays (a bed held during one)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, SQLModel

from hospital_ops.domain.stays import EncounterStatus
from hospital_ops.models.base import moment, one_of


class Encounter(SQLModel, table=True):
    """From being registered or admitted until leaving. What the discharge model may know at admission stands here."""

    __tablename__ = "encounter"
    __table_args__ = (
        one_of("status", EncounterStatus),
        Index(
            "one_open_encounter",
            "patient_id",
            unique=True,
            postgresql_where=text("status IN ('waiting', 'in_house')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    patient_id: int = Field(foreign_key="patient.id", index=True)
    status: str = Field(default=EncounterStatus.WAITING.value, index=True)
    unit: str
    admitted_at: datetime | None = moment(default=None, index=True)
    discharged_at: datetime | None = moment(default=None)
    discharge_ordered_at: datetime | None = moment(default=None)
    age: int | None = None
    sex: str = "unknown"
    diagnosis_code: str = ""
    admission_source: str = "walk_in"
    payer: str = ""
    race: str = ""
    ethnicity: str = ""
    language: str = ""
    isolation: str = "none"
    telemetry: bool = False
    planned_leave_at: datetime | None = moment(default=None)
    simulated: bool = False
    version: int = 1


_RANGE = text("tstzrange(from_at, to_at, '[)')")


class Stay(SQLModel, table=True):
    """A patient in a bed, from when to when. The database itself refuses a double bed and a double patient."""

    __tablename__ = "stay"
    __table_args__ = (
        CheckConstraint("to_at IS NULL OR to_at >= from_at", name="forward"),
        Index("one_patient_a_bed", "bed_id", unique=True, postgresql_where=text("to_at IS NULL")),
        Index("one_bed_a_patient", "patient_id", unique=True, postgresql_where=text("to_at IS NULL")),
        ExcludeConstraint(
            ("bed_id", "="),
            (_RANGE, "&&"),
            name="no_overlap_in_bed",
            using="gist",
            deferrable=True,
            initially="IMMEDIATE",
        ),
        ExcludeConstraint(
            ("patient_id", "="),
            (_RANGE, "&&"),
            name="no_overlap_of_patient",
            using="gist",
            deferrable=True,
            initially="IMMEDIATE",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    encounter_id: int = Field(foreign_key="encounter.id", index=True)
    patient_id: int = Field(foreign_key="patient.id", index=True)
    bed_id: int = Field(foreign_key="bed.id", index=True)
    from_at: datetime = moment()
    to_at: datetime | None = moment(default=None)
