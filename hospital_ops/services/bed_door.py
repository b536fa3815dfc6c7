"""The one write door of a bed: lock it, check the move, change it, record, announce."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from hospital_ops.domain.access import Permission
from hospital_ops.domain.beds import HELD, MOVES, UNDO_MOVES, BedStatus, check_move
from hospital_ops.domain.errors import ChangedMeanwhile, NotFound
from hospital_ops.domain.events import bed_event
from hospital_ops.domain.stays import PendingSource
from hospital_ops.models import Bed, Stay
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import Work


def lock_bed(work: Work, bed_id: int, permission: Permission, *, version: int | None = None) -> Bed:
    """The bed, locked until commit, for somebody who may do this in its ward.

    With `version`, a bed that has changed since the person looked is refused.
    """
    bed = work.session.exec(select(Bed).where(Bed.id == bed_id).with_for_update()).first()
    if bed is None:
        raise NotFound("There is no such bed.")
    require(work.actor, permission, bed.ward_id)
    if version is not None and version != bed.version:
        raise ChangedMeanwhile
    return bed


def lock_two(work: Work, one_id: int, other_id: int, permission: Permission) -> tuple[Bed, Bed]:
    """Both beds, always locked in the same order: two acts on the same two beds cannot wait for each other."""
    first, second = sorted((one_id, other_id))
    locked = {bed_id: lock_bed(work, bed_id, permission) for bed_id in (first, second)}
    return locked[one_id], locked[other_id]


def move_bed(
    work: Work,
    bed: Bed,
    status: BedStatus,
    action: str,
    *,
    only: frozenset[BedStatus] | None = None,
    reason: str = "",
    expires_at: datetime | None = None,
    pending_source: PendingSource = PendingSource.NONE,
    undoing: bool = False,
    **facts: Any,
) -> None:
    """Take a bed to another status by the table of moves. `only` are the statuses from which this act may do so.

    `undoing`: by the table of what only taking an act back may do.
    """
    moves = UNDO_MOVES if undoing else MOVES
    check_move(bed.label, BedStatus(bed.status), status, only, moves=moves)
    before, bed.status, bed.since = bed.status, status.value, work.now
    bed.reason, bed.expires_at, bed.pending_source = reason, expires_at, pending_source.value
    touch_bed(work, bed, "bed.status_changed", action, old=before, new=status.value, **facts)


def touch_bed(work: Work, bed: Bed, event: str, action: str, **facts: Any) -> None:
    """Raise the version, record and announce a change that is made already."""
    work.record(action, "bed", bed.id, ward_id=bed.ward_id, **facts)
    announce_bed(work, bed, event, **facts)


def announce_bed(work: Work, bed: Bed, event: str, **facts: Any) -> None:
    """Raise the version and announce; for an act on two beds, which is one line in the audit."""
    bed.version += 1
    work.session.add(bed)
    assert bed.id is not None
    facts = {**_who_lies_there(work, bed), **facts, "version": bed.version}
    work.announce(bed_event(event, bed.id, bed.ward_id, **facts))


def _who_lies_there(work: Work, bed: Bed) -> dict[str, int]:
    """The patient whose page shows this bed."""
    if BedStatus(bed.status) not in HELD:
        return {}
    lying = select(Stay.patient_id).where(Stay.bed_id == bed.id, col(Stay.to_at).is_(None))
    patient_id = work.session.exec(lying).first()
    return {} if patient_id is None else {"patient_id": patient_id}
