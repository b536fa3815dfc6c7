"""Putting a patient into a bed: offers with reasons, placing, moving. One wins; the other reads why."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict
from hospital_ops.domain.events import HOSPITAL, Event, bed_event
from hospital_ops.domain.placement import Isolation, Judgement, Need, Offer, judge, ranked
from hospital_ops.domain.stays import EncounterStatus, PendingSource
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, BedRequest, Encounter, Stay
from hospital_ops.queries.intake import topics_of_encounter
from hospital_ops.queries.placement import neighbours, offer_rows
from hospital_ops.services.access import require
from hospital_ops.services.bed_door import lock_bed, move_bed
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.milestones import close_milestones
from hospital_ops.services.stays import lock_request, mark_pending, open_stay, vacate
from hospital_ops.services.unit_of_work import Work, unit_of_work


def offers(actor: Actor, request_id: int) -> list[Judgement]:
    """Every bed in the actor's wards, judged: why, or why not. Best first."""
    require(actor, Permission.STAY_PLACE)
    with read_session() as session:
        request = session.get(BedRequest, request_id)
        if request is None or request.closed_at is not None:
            raise ChangedMeanwhile("This patient has been placed or cancelled meanwhile. Look again.")
        need = _need(request, session.get_one(Encounter, request.encounter_id))
        wards = None if actor.all_wards else actor.ward_ids
        return ranked(need, offer_rows(session, wards))


def place(actor: Actor, request_id: int, bed_id: int, *, override: str = "", version: int | None = None) -> None:
    """Put the waiting patient into the bed. A hard rule that fails is refused unless overridden with a reason.

    Raises ChangedMeanwhile when somebody else took the bed, or placed the patient, first.
    """
    with unit_of_work(actor) as work:
        request = lock_request(work, request_id)
        bed = lock_bed(work, bed_id, Permission.STAY_PLACE, version=version)
        encounter = work.session.get_one(Encounter, request.encounter_id)
        _refuse_taken(bed)
        _check_rules(work, _need(request, encounter), bed, override)
        stay = _occupy(work, encounter, bed, "bed.place", override=bool(override.strip()))
        request.closed_at, request.bed_id, request.version = work.now, bed_id, request.version + 1
        encounter.status = EncounterStatus.IN_HOUSE.value
        encounter.admitted_at = encounter.admitted_at or work.now
        work.session.add_all([request, encounter])
        topics = (HOSPITAL, *topics_of_encounter(work.session, request.encounter_id))
        work.announce(Event("bed_request.closed", {"request_id": request_id, "bed_id": bed_id}, topics))
        work.announce(bed_event("stay.started", bed_id, bed.ward_id, stay_id=stay.id, encounter_id=encounter.id))


def transfer(actor: Actor, from_bed_id: int, to_bed_id: int, *, override: str = "", version: int | None = None) -> None:
    """Move a patient to another bed: one atomic act. The bed left is dirty."""
    if from_bed_id == to_bed_id:
        raise Conflict("That is the bed the patient lies in.", code="same_bed")
    with unit_of_work(actor) as work:
        first, second = sorted((from_bed_id, to_bed_id))  # Always in the same order: two moves cannot deadlock.
        locked = {bed_id: lock_bed(work, bed_id, Permission.STAY_PLACE) for bed_id in (first, second)}
        old, new = locked[from_bed_id], locked[to_bed_id]
        if version is not None and version != old.version:
            raise ChangedMeanwhile
        stay, encounter = open_stay(work, old)
        leaving = PendingSource(old.pending_source)
        _refuse_taken(new)
        need = Need(new.unit, encounter.sex, Isolation(encounter.isolation), encounter.telemetry, new.ward_id)
        _check_rules(work, need, new, override)
        stay.to_at = work.now
        work.session.add(stay)
        work.session.flush()
        close_milestones(work, old, "the patient has moved")
        vacate(work, old)
        stay = _occupy(work, encounter, new, "bed.transfer", from_bed_id=from_bed_id)
        if leaving is not PendingSource.NONE:
            mark_pending(work, new, stay, leaving)  # Who leaves today still does, from another bed.
        for bed in (old, new):
            facts = {"from_bed_id": from_bed_id, "to_bed_id": to_bed_id}
            work.announce(bed_event("stay.moved", bed.id or 0, bed.ward_id, **facts))
        dispatch(work)


def reserve(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Keep a ready bed for somebody who is on the way."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.STAY_PLACE, version=version)
        if bed.status != BedStatus.RESERVED:
            move_bed(work, bed, BedStatus.RESERVED, "bed.reserve")


def release(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """Nobody comes: the reserved bed is ready for others."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.STAY_PLACE, version=version)
        if bed.status == BedStatus.RESERVED:
            move_bed(work, bed, BedStatus.AVAILABLE, "bed.release")


def _refuse_taken(bed: Bed) -> None:
    if BedStatus(bed.status) in {BedStatus.OCCUPIED, BedStatus.PENDING_DISCHARGE}:
        raise ChangedMeanwhile(f"Someone else has just taken bed {bed.label}. Look again.")


def _check_rules(work: Work, need: Need, bed: Bed, override: str) -> None:
    assert bed.id is not None
    status = BedStatus.AVAILABLE if bed.status == BedStatus.RESERVED else BedStatus(bed.status)
    offer = Offer(
        bed.id,
        bed.label,
        bed.ward_id,
        bed.unit,
        status,
        bed.sex_of_room,
        bed.isolation_room,
        bed.telemetry,
        neighbours(work.session, bed),
    )
    against = judge(need, offer).against
    # A reason may set aside who lies beside whom; it cannot make a dirty bed clean.
    if against and (status is not BedStatus.AVAILABLE or not override.strip()):
        raise Conflict(f"Bed {bed.label} does not fit: {'; '.join(against)}.", code="does_not_fit")
    if against:
        work.record("placement.override", "bed", bed.id, ward_id=bed.ward_id, rules=list(against))


def _occupy(work: Work, encounter: Encounter, bed: Bed, action: str, **facts: Any) -> Stay:
    assert encounter.id is not None
    assert bed.id is not None
    stay = Stay(encounter_id=encounter.id, patient_id=encounter.patient_id, bed_id=bed.id, from_at=work.now)
    work.session.add(stay)
    work.session.flush()  # The constraints speak now, before anything is announced.
    move_bed(work, bed, BedStatus.OCCUPIED, action, encounter_id=encounter.id, **facts)
    return stay


def _need(request: BedRequest, encounter: Encounter) -> Need:
    return Need(request.unit, encounter.sex, Isolation(request.isolation), request.telemetry, request.ward_id)


def open_requests(actor: Actor) -> list[int]:
    """Ids of who waits for a bed, longest first."""
    require(actor, Permission.STAY_PLACE)
    with read_session() as session:
        found = select(BedRequest.id).where(col(BedRequest.closed_at).is_(None)).order_by(col(BedRequest.opened_at))
        return [request_id for request_id in session.exec(found) if request_id is not None]
