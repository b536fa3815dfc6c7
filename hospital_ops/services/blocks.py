"""Blocked beds whose time is over come back, by way of cleaning."""

from __future__ import annotations

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import BedStatus
from hospital_ops.models import Bed
from hospital_ops.services.access import require
from hospital_ops.services.bed_door import move_bed
from hospital_ops.services.beds import ask_for_cleaning
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.inbox import first_time
from hospital_ops.services.unit_of_work import unit_of_work

_CONSUMER = "expire_blocks"


def expire_blocks(actor: Actor, *, event_id: int | None = None) -> int:
    """Unblock what was blocked until now, in the actor's wards. Returns how many beds."""
    require(actor, Permission.BED_BLOCK)
    with unit_of_work(actor) as work:
        if not first_time(work, _CONSUMER, event_id):
            return 0
        found = select(Bed).where(Bed.status == BedStatus.BLOCKED.value, col(Bed.expires_at) <= work.now)
        if not actor.all_wards:
            found = found.where(col(Bed.ward_id).in_(actor.ward_ids))
        due = work.session.exec(found.order_by(col(Bed.id)).with_for_update(skip_locked=True)).all()
        for bed in due:
            move_bed(work, bed, BedStatus.DIRTY, "bed.block_expired")
            ask_for_cleaning(work, bed)
        if due:
            dispatch(work)
        return len(due)
