"""Who among our patients could be the one at the desk: found by blind indexes, those few opened and compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, or_, select

from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.identifiers import policy_key, read_date, sound_key
from hospital_ops.domain.likeness import Likeness, swapped, why_alike
from hospital_ops.infra.crypto import blind_index
from hospital_ops.models import Encounter, Patient

MOST = 50


def look_alikes(session: Session, values: Mapping[str, str], *, except_id: int | None) -> list[dict[str, Any]]:
    """{"patient_id", "who", "dob", "why", "here", "provisional"} of each, strongest first. Whoever calls audits it."""
    new = Likeness(
        values.get("first_name", ""),
        values.get("last_name", ""),
        _iso(values.get("dob", "")),
        values.get("insurance_policy_num", ""),
    )
    judged = [(why_alike(new, _likeness(patient)), patient) for patient in _candidates(session, new, except_id)]
    found = sorted(((why, p) for why, p in judged if why), key=lambda pair: (-len(pair[0]), pair[1].id or 0))
    here = _here(session, [patient.id for _, patient in found])
    return [
        {
            "patient_id": patient.id,
            "who": f"{patient.first_name} {patient.last_name}",
            "dob": patient.dob or "",
            "why": why,
            "here": patient.id in here,
            "provisional": patient.provisional,
        }
        for why, patient in found
    ]


def _candidates(session: Session, new: Likeness, except_id: int | None) -> list[Patient]:
    """By date of birth, by policy number, or by the sound of the surname with day and month of birth exchanged."""
    born, policy = blind_index("patient.dob", new.dob), blind_index("patient.policy", policy_key(new.policy))
    surname = blind_index("patient.surname", sound_key(new.last_name))
    other_days = [blind_index("patient.dob", day) for day in swapped(new.dob)]
    conditions: list[Any] = []
    if born:
        conditions.append(col(Patient.dob_index) == born)
    if policy:
        conditions.append(col(Patient.policy_index) == policy)
    if surname and other_days:
        conditions.append((col(Patient.surname_index) == surname) & col(Patient.dob_index).in_(other_days))
    if not conditions:
        return []
    found = select(Patient).where(or_(*conditions), col(Patient.merged_into_id).is_(None))
    if except_id is not None:
        found = found.where(Patient.id != except_id)
    return list(session.exec(found.order_by(col(Patient.id).desc()).limit(MOST)))


def _likeness(patient: Patient) -> Likeness:
    return Likeness(
        patient.first_name or "", patient.last_name or "", patient.dob or "", patient.insurance_policy_num or ""
    )


def _here(session: Session, patient_ids: list[int | None]) -> set[int]:
    words = ["waiting", "in_house"]
    found = select(Encounter.patient_id).where(
        col(Encounter.patient_id).in_(patient_ids), col(Encounter.status).in_(words)
    )
    return set(session.exec(found))


def _iso(dob: str) -> str:
    try:
        return read_date(dob).isoformat()
    except Invalid:
        return ""
