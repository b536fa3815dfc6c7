"""Encounters (a patient's time with us, HL7 PV1 / FHIR Encounter) and stays (a bed held during one)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, SQLModel

from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.stays import Away, Disposition, EncounterStatus, PendingSource
from hospital_ops.models.base import moment, one_of


class Encounter(SQLModel, table=True):
    """From being registered or admitted until leaving. What the discharge model may know at admission stands here."""

    __tablename__ = "encounter"
    __table_args__ = (
        one_of("status", EncounterStatus),
        one_of("disposition", Disposition, or_none=True),
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
    # Since when it has been said, by forecast or order, that they leave; kept when they move, and when they have left.
    marked_leaving_at: datetime | None = moment(default=None)
    disposition: str | None = None
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
    """A patient in a bed, from when to when. The database itself refuses a double bed and a double patient.

    `bed_was` and `pending_was` are what taking the stay's begin or end back needs: how the bed was before it began, and
    who said, at its end, that the patient leaves. `away_since` and `away_to`: the patient keeps the bed meanwhile.
    """

    __tablename__ = "stay"
    __table_args__ = (
        CheckConstraint("to_at IS NULL OR to_at >= from_at", name="forward"),
        CheckConstraint("(away_since IS NULL) = (away_to IS NULL)", name="away_both"),
        one_of("away_to", Away, or_none=True),
        one_of("bed_was", BedStatus),
        one_of("pending_was", PendingSource),
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
    away_since: datetime | None = moment(default=None)
    away_to: str | None = None
    bed_was: str = Field(default=BedStatus.AVAILABLE.value, sa_column_kwargs={"server_default": "available"})
    pending_was: str = Field(default=PendingSource.NONE.value, sa_column_kwargs={"server_default": ""})
