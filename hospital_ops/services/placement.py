"""Putting a patient into a bed: offers with reasons, placing, moving. One wins; the other reads why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, NotFound
from hospital_ops.domain.events import HOSPITAL, Event, bed_event
from hospital_ops.domain.placement import Isolation, Judgement, Need, judge, ranked
from hospital_ops.domain.stays import EncounterStatus, PendingSource
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, BedRequest, Encounter, Stay
from hospital_ops.queries.intake import topics_of_encounter
from hospital_ops.queries.placement import bed_offer, need_in, neighbours, offer_rows
from hospital_ops.services.access import require
from hospital_ops.services.bed_door import lock_bed, lock_two, move_bed
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.following import bring_along, tasks_of_patient
from hospital_ops.services.stays import end_stay, lock_request, open_stay, turn_pending, vacate
from hospital_ops.services.unit_of_work import Work, unit_of_work

LONGEST_REASON = 200


def offers(actor: Actor, request_id: int) -> list[Judgement]:
    """Every bed in the actor's wards, judged: why, or why not. Best first."""
    require(actor, Permission.STAY_PLACE)
    with read_session() as session:
        request = session.get(BedRequest, request_id)
        if request is None:
            raise NotFound("There is no such request for a bed.")
        if request.closed_at is not None:
            raise ChangedMeanwhile("This patient has been placed or cancelled meanwhile. Look again.")
        need = need_of(request, session.get_one(Encounter, request.encounter_id))
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
        refuse_taken(bed)
        check_rules(work, need_of(request, encounter), bed, override)
        stay = occupy(work, encounter, bed, "bed.place", override=bool(override.strip()))
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
        old, new = lock_two(work, from_bed_id, to_bed_id, Permission.STAY_PLACE)
        if version is not None and version != old.version:
            raise ChangedMeanwhile
        stay, encounter = open_stay(work, old)
        leaving = PendingSource(old.pending_source)
        refuse_taken(new)
        check_rules(work, need_in(encounter, new), new, override)
        about_them = tasks_of_patient(work, old, stay.patient_id)
        end_stay(work, old, stay)
        vacate(work, old)
        begun = occupy(work, encounter, new, "bed.transfer", from_bed_id=from_bed_id)
        begun.away_since, begun.away_to = stay.away_since, stay.away_to
        bring_along(work, about_them, new)
        if leaving is not PendingSource.NONE:
            turn_pending(work, new, leaving)  # Who leaves today still does, from another bed.
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


def refuse_taken(bed: Bed) -> None:
    if BedStatus(bed.status) in {BedStatus.OCCUPIED, BedStatus.PENDING_DISCHARGE}:
        raise ChangedMeanwhile(f"Someone else has just taken bed {bed.label}. Look again.")


def check_rules(work: Work, need: Need, bed: Bed, override: str) -> None:
    """Refuse a bed that a hard rule forbids, unless a reason sets the rule aside. The override is in the audit."""
    status = BedStatus.AVAILABLE if bed.status == BedStatus.RESERVED else BedStatus(bed.status)
    offer = bed_offer(bed, neighbours(work.session, bed), status)
    against = judge(need, offer).against
    # A reason may set aside who lies beside whom; it cannot make a dirty bed clean.
    if against and (status is not BedStatus.AVAILABLE or not override.strip()):
        raise Conflict(f"Bed {bed.label} does not fit: {'; '.join(against)}.", code="does_not_fit")
    if against:
        record_override(work, bed, against, override)


def record_override(work: Work, bed: Bed, against: Iterable[str], reason: str) -> None:
    """Which rules were set aside, and why. The reason is the person's own words about the bed, not about the patient."""
    words = reason.strip()[:LONGEST_REASON]
    work.record("placement.override", "bed", bed.id, ward_id=bed.ward_id, rules=list(against), reason=words)


def occupy(work: Work, encounter: Encounter, bed: Bed, action: str, **facts: Any) -> Stay:
    """A stay begins now; how the bed was before is kept, so that it can be taken back."""
    stay = begin_stay(work, encounter, bed, BedStatus(bed.status))
    move_bed(work, bed, BedStatus.OCCUPIED, action, encounter_id=encounter.id, **facts)
    return stay


def begin_stay(work: Work, encounter: Encounter, bed: Bed, was: BedStatus) -> Stay:
    """The row alone; the constraints speak now, before anything is announced."""
    assert encounter.id is not None
    assert bed.id is not None
    stay = Stay(encounter_id=encounter.id, patient_id=encounter.patient_id, bed_id=bed.id, from_at=work.now)
    stay.bed_was = was.value
    work.session.add(stay)
    work.session.flush()
    return stay


def need_of(request: BedRequest, encounter: Encounter) -> Need:
    """What somebody who waits needs of a bed."""
    return Need(request.unit, encounter.sex, Isolation(request.isolation), request.telemetry, request.ward_id)


def open_requests(actor: Actor) -> list[int]:
    """Ids of who waits for a bed, longest first."""
    require(actor, Permission.STAY_PLACE)
    with read_session() as session:
        found = select(BedRequest.id).where(col(BedRequest.closed_at).is_(None)).order_by(col(BedRequest.opened_at))
        return [request_id for request_id in session.exec(found) if request_id is not None]
