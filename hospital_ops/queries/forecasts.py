"""Who is in the house, as the discharge model reads them: a constant number of queries, however many lie here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from hospital_ops.domain.history import OBSERVED, Inpatient, Observation, PastStay
from hospital_ops.domain.stays import EncounterStatus
from hospital_ops.models import Bed, Encounter, Stay, Ward
from hospital_ops.models import Observation as ObservationRow

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class InBed:
    """One patient in a bed, with what a model may know of them."""

    encounter_id: int
    patient_id: int
    bed_id: int
    ward_id: int
    inpatient: Inpatient


def in_beds(session: Session, now: datetime, among: Sequence[int] | None = None) -> list[InBed]:
    """Everybody in a bed now (or who of these encounters is), in order of encounter. Three queries."""
    found = (
        select(Encounter, Stay.bed_id, Bed.ward_id, Ward.code)
        .join(Stay, col(Stay.encounter_id) == col(Encounter.id))
        .join(Bed, col(Bed.id) == col(Stay.bed_id))
        .join(Ward, col(Ward.id) == col(Bed.ward_id))
        .where(Encounter.status == EncounterStatus.IN_HOUSE.value, col(Stay.to_at).is_(None))
    )
    if among is not None:
        found = found.where(col(Encounter.id).in_(among))
    rows = session.exec(found.order_by(col(Encounter.id))).all()
    seen = _observations(session, [encounter.id or 0 for encounter, *_ in rows], now)
    earlier = _earlier(session, [encounter.patient_id for encounter, *_ in rows])
    return [
        InBed(
            encounter.id or 0,
            encounter.patient_id,
            bed_id,
            ward_id,
            _inpatient(encounter, code, seen.get(encounter.id or 0, ()), earlier.get(encounter.patient_id)),
        )
        for encounter, bed_id, ward_id, code in rows
    ]


def _inpatient(
    encounter: Encounter, ward_code: str, seen: Sequence[Observation], earlier: tuple[int, float] | None
) -> Inpatient:
    assert encounter.admitted_at is not None
    stay = PastStay(
        stay_id=encounter.id or 0,
        patient_id=encounter.patient_id,
        admitted_at=encounter.admitted_at,
        discharged_at=None,
        age=None if encounter.age is None else float(encounter.age),
        sex=encounter.sex,
        unit=encounter.unit,
        diagnosis_code=encounter.diagnosis_code,
        admission_source=encounter.admission_source,
        race=encounter.race,
        ethnicity=encounter.ethnicity,
        language=encounter.language,
        payer=encounter.payer,
        ward_code=ward_code,
    )
    count, mean = earlier or (0, None)
    return Inpatient(stay, tuple(seen), count, mean)


def _observations(session: Session, encounter_ids: list[int], now: datetime) -> dict[int, list[Observation]]:
    """What was observed of each by now, oldest first. Plain columns: rows by the thousand need no objects."""
    found = (
        select(ObservationRow.encounter_id, ObservationRow.observed_at, ObservationRow.code, ObservationRow.value)
        .where(
            col(ObservationRow.encounter_id).in_(encounter_ids),
            col(ObservationRow.observed_at) <= now,
            col(ObservationRow.code).in_(OBSERVED),
        )
        .order_by(col(ObservationRow.encounter_id), col(ObservationRow.observed_at))
    )
    seen: dict[int, list[Observation]] = defaultdict(list)
    for encounter_id, observed_at, code, value in session.exec(found):
        seen[encounter_id].append(Observation(observed_at, code, value))
    return seen


def _earlier(session: Session, patient_ids: list[int]) -> dict[int, tuple[int, float]]:
    """Patient → (how often they were here before, mean days)."""
    seconds = func.extract("epoch", col(Encounter.discharged_at) - col(Encounter.admitted_at))
    found = (
        select(Encounter.patient_id, func.count(), func.avg(seconds))
        .where(
            col(Encounter.patient_id).in_(patient_ids),
            Encounter.status == EncounterStatus.LEFT.value,
            col(Encounter.admitted_at).is_not(None),
        )
        .group_by(col(Encounter.patient_id))
    )
    return {patient_id: (count, float(mean) / DAY_SECONDS) for patient_id, count, mean in session.exec(found)}
