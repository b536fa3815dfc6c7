"""A patient is away for a while, at theatre or X-ray, and keeps the bed (HL7 A09 departing, A10 arriving)."""

from __future__ import annotations

from typing import Any

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.events import bed_event
from hospital_ops.domain.stays import Away
from hospital_ops.models import Bed, Stay
from hospital_ops.services.bed_door import lock_bed, touch_bed
from hospital_ops.services.stays import open_stay
from hospital_ops.services.unit_of_work import Work, unit_of_work


def depart(actor: Actor, bed_id: int, to: Away, *, version: int | None = None) -> None:
    """Off to somewhere, back later. Off to somewhere else from there is one more departure, since when is kept."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.STAY_PLACE, version=version)
        stay, _ = open_stay(work, bed)
        if stay.away_to == to.value:
            return
        stay.away_since, stay.away_to = stay.away_since or work.now, to.value
        _tell(work, bed, stay, "stay.away", "stay.depart", to=to.value)


def come_back(actor: Actor, bed_id: int, *, version: int | None = None) -> None:
    """In the bed again."""
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.STAY_PLACE, version=version)
        stay, _ = open_stay(work, bed)
        if stay.away_since is None:
            return
        minutes = round((work.now - stay.away_since).total_seconds() / 60)
        stay.away_since = stay.away_to = None
        _tell(work, bed, stay, "stay.back", "stay.come_back", minutes=minutes)


def _tell(work: Work, bed: Bed, stay: Stay, event: str, action: str, **facts: Any) -> None:
    work.session.add(stay)
    touch_bed(work, bed, "bed.updated", action, stay_id=stay.id, **facts)
    who = {"stay_id": stay.id, "patient_id": stay.patient_id}
    work.announce(bed_event(event, bed.id or 0, bed.ward_id, **who))
