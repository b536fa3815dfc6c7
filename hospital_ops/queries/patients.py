"""One patient's page: who, where, what happened, when they are likely to leave, what is still to be done.

Reading it is audited: open it by `services.patient_view.open_patient`, which checks the wards and writes the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.identifiers import age, initials
from hospital_ops.domain.stays import EncounterStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, BedRequest, Encounter, Patient, Stay, StayForecast, Ward
from hospital_ops.queries.clock import hospital_date, read_clock
from hospital_ops.queries.foretold import foretold
from hospital_ops.queries.patient_story import documents_of, tasks_of_patient, timeline_of

_STATUS_WORDS: dict[EncounterStatus, str] = {
    EncounterStatus.WAITING: "Waiting for a bed",
    EncounterStatus.IN_HOUSE: "In the house",
    EncounterStatus.LEFT: "Has left",
    EncounterStatus.CANCELLED: "Did not come in",
}
NOT_THERE = "There is no such patient in your wards."


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Whose patient it is: the ward of the latest stay, else the ward asked for; None while nobody has decided."""

    ward_id: int | None
    placed: bool


def whereabouts(patient_id: int) -> Whereabouts | None:
    """None for a patient who does not exist."""
    with read_session() as session:
        if session.get(Patient, patient_id) is None:
            return None
        latest = select(col(Bed.ward_id)).join(Stay, col(Stay.bed_id) == Bed.id)
        latest = latest.where(col(Stay.patient_id) == patient_id).order_by(col(Stay.to_at).desc().nulls_first())
        ward_id = session.execute(latest.limit(1)).scalar_one_or_none()
        if ward_id is not None:
            return Whereabouts(ward_id, placed=True)
        asked = select(col(BedRequest.ward_id)).join(Encounter, col(Encounter.id) == BedRequest.encounter_id)
        asked = asked.where(col(Encounter.patient_id) == patient_id).order_by(col(BedRequest.id).desc())
        return Whereabouts(session.execute(asked.limit(1)).scalar_one_or_none(), placed=False)


def is_theirs(actor: Actor, place: Whereabouts | None) -> bool:
    """Whether this person may read a patient who is there. Before the first bed, that is the desk's patient too."""
    if place is None or not actor.may(Permission.PATIENT_READ):
        return False
    if actor.all_wards or (actor.role is Role.DESK and not place.placed):
        return True
    return place.ward_id is not None and place.ward_id in actor.ward_ids


def patient_page(patient_id: int) -> dict[str, Any]:
    """The topic `patient:<id>`. {} for a patient who does not exist."""
    with read_session() as session:
        patient = session.get(Patient, patient_id)
        if patient is None:
            return {}
        now = read_clock(session).now
        encounter = _latest_encounter(session, patient_id)
        bed = _bed(session, patient_id)
        tasks = tasks_of_patient(session, patient_id)
        return {
            "id": patient_id,
            "who": _who(patient, now),
            "encounter": _encounter(encounter),
            "bed": bed,
            "request": _request(session, encounter),
            "forecast": _forecast(session, encounter, now),
            "milestones": [task for task in tasks if task["milestone"]],
            "tasks": [task for task in tasks if not task["milestone"]],
            "timeline": timeline_of(session, patient_id),
            "documents": documents_of(session, patient_id),
            "at": now.isoformat(),
        }


def _who(patient: Patient, now: datetime) -> dict[str, Any]:
    born = patient.dob or ""
    policy = patient.insurance_policy_num or ""
    return {
        "name": " ".join(part for part in (patient.first_name, patient.last_name) if part) or "Name not known yet",
        "initials": initials(patient.first_name, patient.last_name),
        "dob": born,
        "age": age(datetime.fromisoformat(born).date(), hospital_date(now)) if born else None,
        "sex": "" if patient.sex == "unknown" else patient.sex,
        "language": patient.language,
        # Enough to compare with a card in the hand, no more.
        "policy_end": f"…{policy[-4:]}" if policy else "",
        "phone": patient.phone or "",
        "provisional": patient.provisional,
        "simulated": patient.simulated,
    }


def _latest_encounter(session: Session, patient_id: int) -> Encounter | None:
    found = select(Encounter).where(col(Encounter.patient_id) == patient_id).order_by(col(Encounter.id).desc())
    return session.execute(found.limit(1)).scalar_one_or_none()


def _encounter(encounter: Encounter | None) -> dict[str, Any]:
    if encounter is None:
        return {"status": "", "status_words": "Not admitted"}
    return {
        "id": encounter.id,
        "status": encounter.status,
        "status_words": _STATUS_WORDS[EncounterStatus(encounter.status)],
        "unit": encounter.unit,
        "admitted_at": _iso(encounter.admitted_at),
        "discharged_at": _iso(encounter.discharged_at),
        "ordered_at": _iso(encounter.discharge_ordered_at),
        "isolation": "" if encounter.isolation == "none" else encounter.isolation.replace("_", " "),
        "telemetry": encounter.telemetry,
        "diagnosis": encounter.diagnosis_code,
        "source": encounter.admission_source.replace("_", " "),
    }


def _bed(session: Session, patient_id: int) -> dict[str, Any] | None:
    found = (
        select(Bed, Ward, col(Stay.from_at))
        .join(Stay, col(Stay.bed_id) == Bed.id)
        .join(Ward, col(Ward.id) == Bed.ward_id)
        .where(col(Stay.patient_id) == patient_id, col(Stay.to_at).is_(None))
    )
    row = session.execute(found).first()
    if row is None:
        return None
    bed, ward, from_at = row
    return {
        "id": bed.id,
        "label": bed.label,
        "room": bed.room_number,
        "ward": ward.name,
        "ward_code": ward.code,
        "floor": ward.floor,
        "status": bed.status,
        "version": bed.version,
        "pending_source": bed.pending_source,
        "since": from_at.isoformat(),
    }


def _request(session: Session, encounter: Encounter | None) -> dict[str, Any] | None:
    if encounter is None:
        return None
    found = select(BedRequest).where(col(BedRequest.encounter_id) == encounter.id, col(BedRequest.closed_at).is_(None))
    request = session.execute(found).scalar_one_or_none()
    if request is None:
        return None
    return {
        "id": request.id,
        "unit": request.unit,
        "since": request.opened_at.isoformat(),
        "priority": request.priority,
    }


def _forecast(session: Session, encounter: Encounter | None, now: datetime) -> dict[str, Any] | None:
    if encounter is None or encounter.status != EncounterStatus.IN_HOUSE:
        return None
    forecast = session.get(StayForecast, encounter.id)
    if forecast is None:
        return None
    return foretold(forecast, now, masked=False)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
