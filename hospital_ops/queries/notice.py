"""How long before leaving a bed was marked as leaving, against its ward's target: one bed's, for its story."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from hospital_ops.domain.beds import HELD, BedStatus
from hospital_ops.domain.stays import EncounterStatus, notice_minutes
from hospital_ops.models import Bed, Encounter, Ward
from hospital_ops.queries.undo import last_stay


def notice_of(session: Session, bed: Bed) -> dict[str, Any]:
    """Of whoever is marked as leaving: since when. Of whoever left last: how long before. {} where there is nothing to say.

    {"since", "minutes", "target_minutes", "met"}; `minutes` and `met` are None while the patient is here.
    """
    stay = last_stay(session, bed.id or 0)
    if stay is None:
        return {}
    encounter = session.get_one(Encounter, stay.encounter_id)
    marked, left = encounter.marked_leaving_at, encounter.discharged_at
    target = session.get_one(Ward, bed.ward_id).notice_target_minutes
    told = {"since": marked.isoformat() if marked else None, "target_minutes": target}
    if BedStatus(bed.status) in HELD:
        return {**told, "minutes": None, "met": None} if marked else {}
    # Moved away, or so long ago that the bed has had its next story since.
    if left is None or encounter.status != EncounterStatus.LEFT or left != stay.to_at or bed.status not in _STILL_TOLD:
        return {}
    minutes = notice_minutes(marked, left)
    return {**told, "minutes": minutes, "met": minutes >= target}


_STILL_TOLD = frozenset({BedStatus.DIRTY.value, BedStatus.CLEANING.value})
