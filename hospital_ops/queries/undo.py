"""What could be taken back at a bed as a wrong entry, and what it would go back to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from hospital_ops.domain.beds import HELD, UNDO_MOVES, BedStatus
from hospital_ops.domain.stays import EncounterStatus, may_undo
from hospital_ops.models import Bed, Encounter, Stay

TRANSFER, PLACEMENT, DISCHARGE = "cancel_transfer", "cancel_placement", "cancel_discharge"


def undoable(session: Session, bed: Bed, now: datetime) -> list[str]:
    """Names of the acts of `services.undo` that this bed's last entry allows; [] when it is too long ago."""
    stay = last_stay(session, bed.id or 0)
    if stay is None:
        return []
    if BedStatus(bed.status) in HELD and stay.to_at is None:
        if not may_undo(stay.from_at, now):
            return []
        before = stay_before(session, stay)
        return [PLACEMENT] if before is None else [TRANSFER] if _still_free(session, before) else []
    if stay.to_at is None or BedStatus.OCCUPIED not in UNDO_MOVES.get(BedStatus(bed.status), ()):
        return []
    encounter = session.get_one(Encounter, stay.encounter_id)
    left = encounter.status == EncounterStatus.LEFT and encounter.discharged_at == stay.to_at
    return [DISCHARGE] if left and may_undo(stay.to_at, now) else []


def last_stay(session: Session, bed_id: int) -> Stay | None:
    """The newest stay of a bed, open or ended."""
    return session.exec(select(Stay).where(Stay.bed_id == bed_id).order_by(col(Stay.id).desc()).limit(1)).first()


def stay_before(session: Session, stay: Stay) -> Stay | None:
    """The stay out of which somebody was moved into this one. None: they came from the waiting list."""
    found = select(Stay).where(
        Stay.encounter_id == stay.encounter_id, Stay.to_at == stay.from_at, col(Stay.id) < (stay.id or 0)
    )
    return session.exec(found.order_by(col(Stay.id).desc()).limit(1)).first()


def bed_before(session: Session, bed_id: int) -> int | None:
    """The bed where whoever lies in this one lay before. Ids alone: the rows are to be locked before they are read."""
    now, before = aliased(Stay), aliased(Stay)
    came = (col(before.encounter_id) == now.encounter_id) & (col(before.to_at) == now.from_at)
    found = select(before.bed_id).join(now, came).where(now.bed_id == bed_id, col(now.to_at).is_(None))
    return session.exec(found.where(col(before.id) < now.id).order_by(col(before.id).desc()).limit(1)).first()


def _still_free(session: Session, before: Stay) -> bool:
    newest, old = last_stay(session, before.bed_id), session.get_one(Bed, before.bed_id)
    free = BedStatus.OCCUPIED in UNDO_MOVES.get(BedStatus(old.status), ())
    return free and newest is not None and newest.id == before.id
