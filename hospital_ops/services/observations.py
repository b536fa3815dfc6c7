"""What was measured of patients: a ward's round is one act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert
from sqlmodel import col, select

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import Invalid, NotFound
from hospital_ops.domain.history import OBSERVED
from hospital_ops.models import Bed, Encounter, Observation, Stay
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import Work, unit_of_work

# A NOTIFY carries the topics of so many patients' pages.
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one patient; `code` is one of domain.history.OBSERVED."""

    encounter_id: int
    code: str
    value: float


def record(actor: Actor, ward_id: int, readings: Sequence[Reading]) -> int:
    """Keep what was measured of patients who lie in this ward now. Returns how many values were kept."""
    require(actor, Permission.OBSERVATION_RECORD, ward_id)
    if unknown := {one.code for one in readings} - set(OBSERVED):
        raise Invalid(f"There is no observation called {min(unknown)}.", code="unknown_observation")
    encounters = sorted({one.encounter_id for one in readings})
    if len(encounters) > MOST_AT_ONCE:
        raise Invalid(f"Record at most {MOST_AT_ONCE} patients at once.", code="too_many")
    if not encounters:
        return 0
    with unit_of_work(actor) as work:
        patients = _lying_there(work, ward_id, encounters)
        rows = [
            {
                "encounter_id": one.encounter_id,
                "observed_at": work.now,
                "code": one.code,
                "value": one.value,
                "unit": OBSERVED[one.code][1],
            }
            for one in readings
        ]
        work.session.connection().execute(insert(Observation), rows)
        work.record("observation.record", "ward", ward_id, ward_id=ward_id, encounter_ids=encounters, values=len(rows))
        topics = tuple(events.patient(patient_id) for patient_id in patients)
        facts = {"ward_id": ward_id, "values": len(rows), "encounter_ids": encounters}
        work.announce(events.Event("observation.recorded", facts, topics))
        return len(rows)


def _lying_there(work: Work, ward_id: int, encounters: Sequence[int]) -> list[int]:
    """Their patients' ids. Whoever lies elsewhere by now is not this ward's to measure."""
    found = (
        select(Encounter.patient_id)
        .join(Stay, col(Stay.encounter_id) == Encounter.id)
        .join(Bed, col(Bed.id) == Stay.bed_id)
        .where(col(Encounter.id).in_(encounters), col(Stay.to_at).is_(None), Bed.ward_id == ward_id)
    )
    patients = list(work.session.exec(found))
    if len(patients) != len(encounters):
        raise NotFound("One of these patients does not lie in this ward any more. Look again.")
    return patients
