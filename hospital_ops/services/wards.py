"""What a ward wants: how long before a patient leaves the bed should have been marked as leaving."""

from __future__ import annotations

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import ChangedMeanwhile, Invalid, NotFound
from hospital_ops.domain.events import WARDS, Event
from hospital_ops.domain.events import bed as bed_topic
from hospital_ops.domain.events import ward as ward_topic
from hospital_ops.domain.stays import LONGEST_NOTICE_MINUTES, SHORTEST_NOTICE_MINUTES
from hospital_ops.models import Bed, Ward
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import unit_of_work


def set_notice_target(actor: Actor, ward_id: int, minutes: int, *, seen: int | None = None) -> None:
    """Another target from now on. `seen` is what the person saw before; the same target again is no change.

    Who has left already is measured against the target as it is when somebody looks.
    """
    require(actor, Permission.WARD_SET)
    if not SHORTEST_NOTICE_MINUTES <= minutes <= LONGEST_NOTICE_MINUTES:
        raise Invalid(
            f"A ward's notice is {SHORTEST_NOTICE_MINUTES} to {LONGEST_NOTICE_MINUTES} minutes.", code="bad_notice"
        )
    with unit_of_work(actor) as work:
        require(actor, Permission.WARD_SET, ward_id)
        ward = work.session.exec(select(Ward).where(Ward.id == ward_id).with_for_update()).first()
        if ward is None:
            raise NotFound("There is no such ward in this hospital.")
        before = ward.notice_target_minutes
        if before == minutes:
            return
        if seen is not None and seen != before:
            raise ChangedMeanwhile(f"Somebody has set it to {before} minutes meanwhile. Look again.")
        ward.notice_target_minutes = minutes
        work.session.add(ward)
        work.record("ward.set_notice", "ward", ward_id, ward_id=ward_id, old=before, new=minutes)
        # A bed's story tells the target too.
        beds = work.session.exec(select(Bed.id).where(Bed.ward_id == ward_id).order_by(col(Bed.id)))
        topics = (ward_topic(ward_id), WARDS, *(bed_topic(bed_id) for bed_id in beds if bed_id is not None))
        work.announce(Event("ward.changed", {"ward_id": ward_id}, topics))
