"""The stays of this house's own past, as the models read them: who left, and who is still here. Two queries."""

from __future__ import annotations

import hashlib
import math
from array import array
from datetime import UTC, datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from hospital_ops.domain.history import History, Observations, Origin, PastStay
from hospital_ops.domain.stays import EncounterStatus
from hospital_ops.models import Encounter, Observation, Patient

DATABASE = "database"
_STAYED = (EncounterStatus.LEFT.value, EncounterStatus.IN_HOUSE.value)


def own_past(session: Session, now: datetime) -> History:
    """Real patients' stays in order of admission, with everything observed of them up to `now`."""
    stays = _stays(session)
    return History(stays, _observations(session, stays, now), now, origin=_origin(stays, now))


def stays_since(session: Session, since: datetime, now: datetime) -> tuple[list[str], list[float], list[float]]:
    """Who was in the house at any time from `since` to `now`: unit, began and ended (seconds since 1970, NaN while here)."""
    found = session.exec(
        select(Encounter.unit, Encounter.admitted_at, Encounter.discharged_at)
        .where(col(Encounter.status).in_(_STAYED), col(Encounter.admitted_at) <= now)
        .where(or_(col(Encounter.discharged_at).is_(None), col(Encounter.discharged_at) >= since))
    ).all()
    began = [began.timestamp() if began else math.nan for _, began, _ in found]
    ended = [ended.timestamp() if ended else math.nan for _, _, ended in found]
    return [unit for unit, _, _ in found], began, ended


def _stays(session: Session) -> tuple[PastStay, ...]:
    # Two records that were found to be one person are one person's stays.
    person = func.coalesce(col(Patient.merged_into_id), col(Patient.id))
    found = (
        select(Encounter, person)
        .join(Patient, col(Patient.id) == Encounter.patient_id)
        .where(col(Encounter.simulated).is_(False), col(Encounter.status).in_(_STAYED))
        .where(col(Encounter.admitted_at).is_not(None))
        .order_by(col(Encounter.admitted_at), col(Encounter.id))
    )
    return tuple(_stay(encounter, patient_id) for encounter, patient_id in session.exec(found))


def _stay(encounter: Encounter, patient_id: int) -> PastStay:
    assert encounter.admitted_at is not None
    return PastStay(
        stay_id=encounter.id or 0,
        patient_id=patient_id,
        admitted_at=encounter.admitted_at,
        discharged_at=encounter.discharged_at,
        age=None if encounter.age is None else float(encounter.age),
        sex=encounter.sex,
        unit=encounter.unit,
        diagnosis_code=encounter.diagnosis_code,
        admission_source=encounter.admission_source,
        race=encounter.race,
        ethnicity=encounter.ethnicity,
        language=encounter.language,
        payer=encounter.payer,
    )


def _observations(session: Session, stays: tuple[PastStay, ...], now: datetime) -> Observations:
    """By stay, then time. Plain columns: rows by the million need no objects."""
    place = {stay.stay_id: row for row, stay in enumerate(stays)}
    found = (
        select(Observation.encounter_id, Observation.observed_at, Observation.code, Observation.value)
        .join(Encounter, col(Encounter.id) == col(Observation.encounter_id))
        .where(col(Encounter.simulated).is_(False), col(Encounter.status).in_(_STAYED))
        .where(col(Encounter.admitted_at).is_not(None), col(Observation.observed_at) <= now)
        .order_by(col(Encounter.admitted_at), col(Encounter.id), col(Observation.observed_at))
    )
    codes: dict[str, int] = {}
    rows, at, code, value = array("q"), array("d"), array("q"), array("d")
    for encounter_id, observed_at, name, number in session.exec(found):
        if encounter_id in place:
            rows.append(place[encounter_id])
            at.append(observed_at.timestamp())
            code.append(codes.setdefault(name, len(codes)))
            value.append(number)
    return Observations(rows, at, code, value, tuple(codes))


def _origin(stays: tuple[PastStay, ...], now: datetime) -> Origin:
    """The digest is of who came and left when: two trainings on the same stays can be told to be that."""
    told = ((stay.stay_id, stay.admitted_at, stay.discharged_at) for stay in stays)
    digest = hashlib.sha256()
    for stay_id, admitted_at, discharged_at in told:
        digest.update(f"{stay_id},{admitted_at},{discharged_at}\n".encode())
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    return Origin(DATABASE, digest.hexdigest(), at, read=len(stays), kept=len(stays))
