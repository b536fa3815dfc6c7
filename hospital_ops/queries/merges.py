"""Which records were found to be one person, for the desk to see and to take back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from hospital_ops.models import Patient, PatientMerge, User

# A mistake is noticed within a shift or two; older joins stand on the patient's own page.
SHOWN = timedelta(days=3)
MOST = 20


def joined_lately(session: Session, now: datetime) -> list[dict[str, Any]]:
    """Joins that still stand, newest first."""
    found = select(PatientMerge).where(col(PatientMerge.undone_at).is_(None), PatientMerge.merged_at > now - SHOWN)
    return _shown(session, list(session.exec(found.order_by(col(PatientMerge.id).desc()).limit(MOST))))


def joins_of(session: Session, patient_id: int | None, registration_id: int | None) -> list[dict[str, Any]]:
    """Joins that still stand and in which this patient, or this registration, has a part."""
    mine = or_(
        PatientMerge.registration_id == registration_id,
        PatientMerge.patient_id == patient_id,
        PatientMerge.into_id == patient_id,
    )
    found = select(PatientMerge).where(col(PatientMerge.undone_at).is_(None), mine)
    return _shown(session, list(session.exec(found.order_by(col(PatientMerge.id).desc()).limit(MOST))))


def _shown(session: Session, notes: list[PatientMerge]) -> list[dict[str, Any]]:
    people = {note.patient_id for note in notes} | {note.into_id for note in notes}
    patients = {p.id: p for p in session.exec(select(Patient).where(col(Patient.id).in_(people)))}
    users = {
        u.id: u.display_name for u in session.exec(select(User).where(col(User.id).in_([n.merged_by for n in notes])))
    }
    return [
        {
            "patient_id": note.patient_id,
            "into_id": note.into_id,
            "who": _who(patients[note.patient_id]),
            "into": _who(patients[note.into_id]),
            "at": note.merged_at.isoformat(),
            "by": users.get(note.merged_by, ""),
        }
        for note in notes
    ]


def _who(patient: Patient) -> str:
    name = " ".join(part for part in (patient.first_name, patient.last_name) if part) or "No name yet"
    return f"{name}, born {patient.dob}" if patient.dob else name
