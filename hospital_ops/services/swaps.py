"""Two patients change beds: one act, by the same rules as any placement, both ways. Swapping again takes it back."""

from __future__ import annotations

from dataclasses import dataclass

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict
from hospital_ops.domain.events import bed_event
from hospital_ops.domain.placement import judge
from hospital_ops.domain.stays import PendingSource
from hospital_ops.models import Bed, Encounter, Stay, Task
from hospital_ops.queries.placement import bed_offer, need_in, neighbours
from hospital_ops.services.bed_door import announce_bed, lock_two
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.following import bring_along, tasks_of_patient
from hospital_ops.services.placement import begin_stay, record_override
from hospital_ops.services.stays import end_stay, open_stay
from hospital_ops.services.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class Lying:
    """Who lies in a bed, and all that goes along with them."""

    stay: Stay
    encounter: Encounter
    leaving: PendingSource
    tasks: list[Task]


def swap(actor: Actor, bed_id: int, other_bed_id: int, *, override: str = "", version: int | None = None) -> None:
    """Exchange the patients of two beds. `version` is of the first bed, as the person saw it.

    Raises Conflict `does_not_fit` when a hard rule forbids either way and no reason is given.
    """
    if bed_id == other_bed_id:
        raise Conflict("A patient cannot change beds with themselves.", code="same_bed")
    with unit_of_work(actor) as work:
        beds = lock_two(work, bed_id, other_bed_id, Permission.STAY_PLACE)
        if version is not None and version != beds[0].version:
            raise ChangedMeanwhile
        one, other = (_lying(work, bed) for bed in beds)
        _check_both(work, beds, (other, one), override)
        for bed, lying in zip(beds, (one, other), strict=True):
            end_stay(work, bed, lying.stay)
        here = [one.encounter.id, other.encounter.id]
        work.record("bed.swap", "bed", bed_id, ward_id=beds[0].ward_id, with_bed_id=other_bed_id, encounter_ids=here)
        for bed, before, lying in zip(beds, (one, other), (other, one), strict=True):
            _lie_down(work, bed, lying, was=before.stay.bed_was)
        for bed, lying in zip(beds, (other, one), strict=True):
            bring_along(work, lying.tasks, bed)
            moved = {"from_bed_id": lying.stay.bed_id, "to_bed_id": bed.id, "patient_id": lying.stay.patient_id}
            work.announce(bed_event("stay.moved", bed.id or 0, bed.ward_id, **moved))
        dispatch(work)


def _lying(work: Work, bed: Bed) -> Lying:
    stay, encounter = open_stay(work, bed)
    return Lying(stay, encounter, PendingSource(bed.pending_source), tasks_of_patient(work, bed, stay.patient_id))


def _check_both(work: Work, beds: tuple[Bed, Bed], coming: tuple[Lying, Lying], override: str) -> None:
    """Each patient against the other's bed, among those who stay in its room."""
    these = frozenset(bed.id or 0 for bed in beds)
    found: list[tuple[Bed, tuple[str, ...]]] = []
    for bed, lying in zip(beds, coming, strict=True):
        beside = neighbours(work.session, bed, besides=these)
        against = judge(need_in(lying.encounter, bed), bed_offer(bed, beside, BedStatus.AVAILABLE)).against
        found += [(bed, against)] if against else []
    if found and not override.strip():
        words = "; ".join(f"bed {bed.label}: {', '.join(against)}" for bed, against in found)
        raise Conflict(f"They cannot change beds: {words}.", code="does_not_fit")
    for bed, against in found:
        record_override(work, bed, against, override)


def _lie_down(work: Work, bed: Bed, lying: Lying, *, was: str) -> None:
    begun = begin_stay(work, lying.encounter, bed, BedStatus(was))
    begun.away_since, begun.away_to = lying.stay.away_since, lying.stay.away_to
    leaves = lying.leaving is not PendingSource.NONE
    before, bed.status = bed.status, (BedStatus.PENDING_DISCHARGE if leaves else BedStatus.OCCUPIED).value
    bed.pending_source, bed.since = lying.leaving.value, work.now
    if bed.status != before:
        # The swap is one line of the audit, without statuses; a replay of the day needs this bed's own.
        work.record("bed.leaving_moved_along", "bed", bed.id, ward_id=bed.ward_id, old=before, new=bed.status)
    announce_bed(work, bed, "bed.status_changed", old=before, new=bed.status)
