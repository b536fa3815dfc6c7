"""A patient's way through the house: registered, placed, moved, ordered out, gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import HELD, BedStatus
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, NotFound
from hospital_ops.domain.events import HOSPITAL, Event, bed_event
from hospital_ops.domain.events import patient as patient_topic
from hospital_ops.domain.placement import Isolation
from hospital_ops.domain.stays import Disposition, EncounterStatus, PendingSource
from hospital_ops.domain.tasks import Priority
from hospital_ops.models import Bed, BedRequest, Encounter, Patient, Stay
from hospital_ops.queries.intake import topics_of_encounter
from hospital_ops.services.access import require
from hospital_ops.services.bed_door import lock_bed, move_bed, touch_bed
from hospital_ops.services.beds import ask_for_cleaning
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.milestones import close_milestones, open_milestones
from hospital_ops.services.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class Admission:
    """What the desk asks for: a bed of this kind for this patient."""

    patient_id: int
    unit: str
    isolation: Isolation = Isolation.NONE
    telemetry: bool = False
    ward_id: int | None = None
    priority: Priority = Priority.MEDIUM
    diagnosis_code: str = ""
    admission_source: str = "walk_in"
    age: int | None = None
    sex: str = "unknown"
    payer: str = ""
    race: str = ""
    ethnicity: str = ""
    language: str = ""
    planned_leave_at: datetime | None = None


def admit(actor: Actor, admission: Admission) -> int:
    """Register an encounter that waits for a bed. Returns the bed request's id."""
    with unit_of_work(actor) as work:
        return open_encounter(work, admission)[1]


def open_encounter(work: Work, admission: Admission) -> tuple[int, int]:
    """(encounter id, bed request id). A patient who is here or waiting already is refused."""
    require(work.actor, Permission.STAY_ADMIT)
    if work.session.get(Patient, admission.patient_id) is None:
        raise NotFound("There is no such patient.")
    _refuse_twice(work, admission.patient_id)
    encounter = Encounter(
        patient_id=admission.patient_id,
        unit=admission.unit,
        age=admission.age,
        sex=admission.sex,
        diagnosis_code=admission.diagnosis_code,
        admission_source=admission.admission_source,
        payer=admission.payer,
        race=admission.race,
        ethnicity=admission.ethnicity,
        language=admission.language,
        isolation=admission.isolation.value,
        telemetry=admission.telemetry,
        planned_leave_at=admission.planned_leave_at,
        simulated=work.actor.simulated,
    )
    work.session.add(encounter)
    work.session.flush()
    assert encounter.id is not None
    request = _open_request(work, encounter, admission)
    work.record("encounter.register", "encounter", encounter.id, ward_id=admission.ward_id)
    topics = (HOSPITAL, patient_topic(admission.patient_id))
    work.announce(Event("encounter.registered", {"encounter_id": encounter.id}, topics))
    work.announce(Event("bed_request.opened", {"request_id": request.id}, (HOSPITAL,)))
    assert request.id is not None
    return encounter.id, request.id


def cancel_admission(actor: Actor, request_id: int) -> None:
    """The patient does not come in after all."""
    with unit_of_work(actor) as work:
        require(actor, Permission.STAY_ADMIT)
        close_request(work, lock_request(work, request_id))


def close_request(work: Work, request: BedRequest) -> None:
    """Nobody comes for this request, which is locked and open; its encounter is cancelled with it."""
    request.closed_at, request.version = work.now, request.version + 1
    encounter = work.session.get_one(Encounter, request.encounter_id)
    encounter.status = EncounterStatus.CANCELLED.value
    work.session.add_all([request, encounter])
    work.record("encounter.cancel", "encounter", encounter.id)
    topics = (HOSPITAL, *topics_of_encounter(work.session, request.encounter_id))
    work.announce(Event("bed_request.closed", {"request_id": request.id}, topics))
    topics = (HOSPITAL, patient_topic(encounter.patient_id))
    work.announce(Event("encounter.cancelled", {"encounter_id": encounter.id}, topics))


def order_discharge(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """A person says that this patient leaves today. No forecast takes that back."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.STAY_DISCHARGE, version=version)
        stay, encounter = open_stay(work, bed)
        if bed.pending_source == PendingSource.ORDER:
            return
        encounter.discharge_ordered_at = work.now
        work.session.add(encounter)
        mark_pending(work, bed, stay, PendingSource.ORDER)
        work.announce(bed_event("discharge.ordered", bed_id, bed.ward_id, encounter_id=encounter.id))
        dispatch(work)


def withdraw_order(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """The patient stays after all."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.STAY_DISCHARGE, version=version)
        _, encounter = open_stay(work, bed)
        if bed.status != BedStatus.PENDING_DISCHARGE:
            return
        encounter.discharge_ordered_at = None
        work.session.add(encounter)
        unmark_pending(work, bed, "the patient stays")
        work.announce(bed_event("discharge.order_withdrawn", bed_id, bed.ward_id, encounter_id=encounter.id))
        dispatch(work)


def leave(
    actor: Actor, bed_id: int, *, disposition: Disposition = Disposition.HOME, version: int | None = None
) -> None:
    """The patient has physically left, ordered to or not. The bed is dirty, never ready; somebody is sent to clean it."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.STAY_DISCHARGE, version=version)
        stay, encounter = open_stay(work, bed)
        end_stay(work, bed, stay)
        encounter.status, encounter.discharged_at = EncounterStatus.LEFT.value, work.now
        encounter.disposition = disposition.value
        patient = work.session.get_one(Patient, stay.patient_id)
        patient.predicted_discharge_date = None
        work.session.add_all([encounter, patient])
        close_milestones(work, bed, "the patient has left")
        vacate(work, bed)
        facts = {"stay_id": stay.id, "encounter_id": encounter.id, "patient_id": stay.patient_id}
        work.record("stay.end", "stay", stay.id, ward_id=bed.ward_id, disposition=disposition.value)
        work.announce(bed_event("stay.ended", bed_id, bed.ward_id, **facts))
        dispatch(work)


def end_stay(work: Work, bed: Bed, stay: Stay) -> None:
    """The patient lies here no longer; who said that they leave is kept, so that it can be taken back."""
    stay.to_at, stay.pending_was = work.now, bed.pending_source
    work.session.add(stay)
    work.session.flush()  # Before another stay begins: one open stay a bed and a patient, at every moment.


def vacate(work: Work, bed: Bed) -> None:
    """A bed that somebody has lain in and now does not: dirty, with a cleaning task."""
    move_bed(work, bed, BedStatus.DIRTY, "bed.vacate")
    wanted = select(BedRequest.id).where(col(BedRequest.closed_at).is_(None), BedRequest.unit == bed.unit)
    waited_for = work.session.exec(wanted.limit(1)).first() is not None
    ask_for_cleaning(work, bed, priority=Priority.HIGH if waited_for else Priority.MEDIUM)


def mark_pending(work: Work, bed: Bed, stay: Stay, source: PendingSource) -> None:
    """Leaves today, by prediction or order; the milestones open."""
    turn_pending(work, bed, source)
    encounter = work.session.get_one(Encounter, stay.encounter_id)
    # The first word counts: an order that confirms a forecast does not begin the clock again.
    encounter.marked_leaving_at = encounter.marked_leaving_at or work.now
    work.session.add(encounter)
    open_milestones(work, bed, encounter)


def turn_pending(work: Work, bed: Bed, source: PendingSource) -> None:
    """The bed alone: whoever leaves today and comes from another bed brings their milestones along."""
    if bed.status == BedStatus.OCCUPIED:
        move_bed(work, bed, BedStatus.PENDING_DISCHARGE, "bed.mark_pending", pending_source=source, source=source.value)
    else:
        # Pending by forecast already: now a person says so too, and the forecast can no longer take it back.
        bed.pending_source = source.value
        touch_bed(work, bed, "bed.updated", "bed.mark_pending", source=source.value)


def unmark_pending(work: Work, bed: Bed, reason: str) -> None:
    """Stays longer after all; the milestones close."""
    _, encounter = open_stay(work, bed)
    encounter.marked_leaving_at = None
    work.session.add(encounter)
    move_bed(work, bed, BedStatus.OCCUPIED, "bed.unmark_pending")
    close_milestones(work, bed, reason)


def open_stay(work: Work, bed: Bed) -> tuple[Stay, Encounter]:
    """Who lies in the bed now, locked with the bed."""
    if BedStatus(bed.status) not in HELD:
        raise Conflict(f"Nobody lies in bed {bed.label}.", code="bed_empty")
    found = select(Stay).where(Stay.bed_id == bed.id, col(Stay.to_at).is_(None)).with_for_update()
    stay = work.session.exec(found).one()
    return stay, work.session.get_one(Encounter, stay.encounter_id)


def lock_request(work: Work, request_id: int) -> BedRequest:
    """An open bed request, locked. A closed one means that somebody was faster."""
    request = work.session.exec(select(BedRequest).where(BedRequest.id == request_id).with_for_update()).first()
    if request is None:
        raise NotFound("There is no such request for a bed.")
    if request.closed_at is not None:
        raise ChangedMeanwhile("This patient has been placed or cancelled meanwhile. Look again.")
    return request


def _refuse_twice(work: Work, patient_id: int) -> None:
    words = [EncounterStatus.WAITING.value, EncounterStatus.IN_HOUSE.value]
    found = select(Encounter.id).where(Encounter.patient_id == patient_id, col(Encounter.status).in_(words))
    if work.session.exec(found).first() is not None:
        raise Conflict("This patient is already here or waiting for a bed.", code="already_here")


def _open_request(work: Work, encounter: Encounter, admission: Admission) -> BedRequest:
    assert encounter.id is not None
    request = BedRequest(
        encounter_id=encounter.id,
        unit=admission.unit,
        ward_id=admission.ward_id,
        priority=admission.priority.value,
        isolation=admission.isolation.value,
        telemetry=admission.telemetry,
        opened_at=work.now,
    )
    work.session.add(request)
    work.session.flush()
    return request
