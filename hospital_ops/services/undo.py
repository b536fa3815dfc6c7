"""Taking a wrong entry back: a move (HL7 A12), a placement or an admission (A11), a discharge (A13). Each is one act.

What comes after the entry is gone with it: a stay that never was is no stay. The audit keeps both, the entry and its
being taken back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict
from hospital_ops.domain.events import HOSPITAL, Event, bed_event
from hospital_ops.domain.events import patient as patient_topic
from hospital_ops.domain.stays import UNDO_HOURS, EncounterStatus, PendingSource, after_undo, may_undo
from hospital_ops.domain.tasks import TaskKind
from hospital_ops.models import Bed, BedRequest, Encounter, Patient, Stay, StayForecast
from hospital_ops.queries.intake import topics_of_encounter
from hospital_ops.queries.undo import bed_before, last_stay, stay_before
from hospital_ops.services.access import require
from hospital_ops.services.bed_door import lock_bed, lock_two, move_bed
from hospital_ops.services.beds import ask_for_cleaning
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.following import bring_along, tasks_of_patient
from hospital_ops.services.milestones import close_milestones, reopen_milestones
from hospital_ops.services.stays import close_request, open_stay
from hospital_ops.services.task_door import open_tasks_of_bed
from hospital_ops.services.tasks import drop
from hospital_ops.services.unit_of_work import Work, unit_of_work


def cancel_transfer(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """The move into this bed never was: the patient lies where they lay before, and this bed is as it was.

    Refused when the other bed is no longer free. A swap is taken back by swapping again.
    """
    with unit_of_work(actor) as work:
        bed, old = _both_beds(work, bed_id)
        if version is not None and version != bed.version:
            raise ChangedMeanwhile
        stay, encounter = open_stay(work, bed)
        before = stay_before(work.session, stay)
        if before is None or before.bed_id != old.id:
            raise ChangedMeanwhile
        _refuse_old(stay.from_at, work)
        about_them, leaving = tasks_of_patient(work, bed, stay.patient_id), PendingSource(bed.pending_source)
        _never_here(work, bed, stay, "bed.undo_transfer", encounter_id=encounter.id)
        _back_in(work, old, before, leaving, "bed.resume")
        before.away_since, before.away_to = stay.away_since, stay.away_to
        bring_along(work, about_them, old)
        for each in (bed, old):
            facts = {"from_bed_id": bed_id, "to_bed_id": old.id, "patient_id": stay.patient_id}
            work.announce(bed_event("stay.cancelled", each.id or 0, each.ward_id, **facts))
        dispatch(work)


def cancel_placement(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """The patient was never put into this bed: they wait again, as long as they have waited."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.STAY_PLACE, version=version)
        _take_out(work, bed)
        dispatch(work)


def cancel_admission(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """The patient in this bed was never admitted: out of the bed and off the waiting list in one act."""
    with unit_of_work(actor) as work:
        require(actor, Permission.STAY_ADMIT)
        bed = lock_bed(work, bed_id, Permission.STAY_PLACE, version=version)
        close_request(work, _take_out(work, bed))
        dispatch(work)


def cancel_discharge(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Whoever was said to have left this bed is still in it. Refused once somebody else, or the patient, is elsewhere."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.STAY_DISCHARGE, version=version)
        stay = last_stay(work.session, bed_id)
        encounter = work.session.get_one(Encounter, stay.encounter_id, with_for_update=True) if stay else None
        if stay is None or encounter is None or stay.to_at is None or encounter.discharged_at != stay.to_at:
            raise Conflict(f"Nobody has left bed {bed.label} of late.", code="nothing_to_undo")
        _refuse_old(stay.to_at, work)
        _refuse_elsewhere(work, encounter)
        left_at, leaving = stay.to_at, PendingSource(stay.pending_was)
        _back_in(work, bed, stay, leaving, "bed.undo_leave")
        encounter.status, encounter.discharged_at, encounter.disposition = EncounterStatus.IN_HOUSE.value, None, None
        patient = work.session.get_one(Patient, stay.patient_id)
        forecast = work.session.get(StayForecast, stay.encounter_id)
        patient.predicted_discharge_date = max(forecast.median_at, work.now) if forecast else None
        work.session.add_all([encounter, patient])
        if leaving is not PendingSource.NONE:
            reopen_milestones(work, bed, encounter, left_at)
        facts = {"stay_id": stay.id, "encounter_id": encounter.id, "patient_id": stay.patient_id}
        work.announce(bed_event("stay.resumed", bed_id, bed.ward_id, **facts))
        dispatch(work)


def _both_beds(work: Work, bed_id: int) -> tuple[Bed, Bed]:
    """The bed, and the one its patient was moved out of, locked."""
    old_id = bed_before(work.session, bed_id)
    if old_id is None:
        bed = lock_bed(work, bed_id, Permission.STAY_PLACE)
        raise Conflict(f"Nobody has been moved to bed {bed.label}.", code="nothing_to_undo")
    return lock_two(work, bed_id, old_id, Permission.STAY_PLACE)


def _take_out(work: Work, bed: Bed) -> BedRequest:
    """Out of the bed they were first put into, back to the waiting list."""
    stay, encounter = open_stay(work, bed)
    if stay_before(work.session, stay) is not None:
        raise Conflict("This patient has been moved here from another bed; take the move back first.", code="was_moved")
    _refuse_old(stay.from_at, work)
    found = select(BedRequest).where(BedRequest.encounter_id == encounter.id, BedRequest.bed_id == bed.id)
    request = work.session.exec(found.order_by(col(BedRequest.id).desc()).with_for_update()).first()
    if request is None:
        raise Conflict(f"The patient in bed {bed.label} came without a request; move them instead.", code="no_request")
    close_milestones(work, bed, "the patient was never here")
    _never_here(work, bed, stay, "bed.undo_place", encounter_id=encounter.id)
    request.closed_at, request.bed_id, request.version = None, None, request.version + 1
    encounter.status, encounter.admitted_at, encounter.discharge_ordered_at = EncounterStatus.WAITING.value, None, None
    encounter.marked_leaving_at = None
    patient = work.session.get_one(Patient, stay.patient_id)
    patient.predicted_discharge_date = None
    work.session.add_all([request, encounter, patient])
    topics = (HOSPITAL, patient_topic(stay.patient_id), *topics_of_encounter(work.session, stay.encounter_id))
    work.announce(Event("bed_request.opened", {"request_id": request.id}, topics))
    facts = {"encounter_id": encounter.id, "patient_id": stay.patient_id}
    work.announce(bed_event("stay.cancelled", bed.id or 0, bed.ward_id, **facts))
    return request


def _never_here(work: Work, bed: Bed, stay: Stay, action: str, **facts: Any) -> None:
    status = after_undo(BedStatus(stay.bed_was), stay.from_at, work.now)
    work.session.delete(stay)
    work.session.flush()
    move_bed(work, bed, status, action, undoing=True, stay_id=stay.id, **facts)
    if status is BedStatus.DIRTY:
        ask_for_cleaning(work, bed)


def _back_in(work: Work, bed: Bed, stay: Stay, leaving: PendingSource, action: str) -> None:
    """The ended stay goes on; whoever was on the way to clean the bed need not come."""
    newest = last_stay(work.session, bed.id or 0)
    if newest is None or newest.id != stay.id:
        raise Conflict(f"Somebody else has lain in bed {bed.label} since.", code="bed_taken_since")
    status = BedStatus.OCCUPIED if leaving is PendingSource.NONE else BedStatus.PENDING_DISCHARGE
    move_bed(work, bed, status, action, undoing=True, pending_source=leaving, stay_id=stay.id)
    stay.to_at, stay.pending_was = None, PendingSource.NONE.value
    work.session.add(stay)
    work.session.flush()
    for task in open_tasks_of_bed(work, bed.id or 0, TaskKind.CLEAN_BED):
        drop(work, task, "the patient is still there")


def _refuse_old(done_at: datetime, work: Work) -> None:
    if not may_undo(done_at, work.now):
        raise Conflict(
            f"That is more than {UNDO_HOURS} hours ago and can no longer be taken back.", code="too_long_ago"
        )


def _refuse_elsewhere(work: Work, encounter: Encounter) -> None:
    here = [EncounterStatus.WAITING.value, EncounterStatus.IN_HOUSE.value]
    found = select(Encounter.id).where(
        Encounter.patient_id == encounter.patient_id, col(Encounter.status).in_(here), Encounter.id != encounter.id
    )
    if work.session.exec(found).first() is not None:
        raise Conflict("This patient has been admitted again meanwhile.", code="already_here")
