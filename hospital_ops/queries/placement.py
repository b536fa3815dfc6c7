"""Beds as candidates for a placement."""

from __future__ import annotations

from collections import defaultdict

from sqlmodel import Session, col, select

from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.placement import Isolation, Need, Offer
from hospital_ops.models import Bed, Encounter, Stay


def offer_rows(session: Session, ward_ids: frozenset[int] | None) -> list[Offer]:
    """Every bed of the wards (None: of the house) with the sexes of those in its room. Two queries."""
    beds = select(Bed) if ward_ids is None else select(Bed).where(col(Bed.ward_id).in_(ward_ids))
    rows = session.exec(beds.order_by(Bed.label)).all()
    sexes: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    lying = (
        select(Bed.ward_id, Bed.room_number, Bed.id, Encounter.sex)
        .join(Stay, col(Stay.bed_id) == Bed.id)
        .join(Encounter, col(Encounter.id) == Stay.encounter_id)
        .where(col(Stay.to_at).is_(None))
    )
    for ward_id, room, bed_id, sex in session.exec(lying):
        sexes[ward_id, room][bed_id or 0] = sex
    return [_offer(bed, sexes[bed.ward_id, bed.room_number]) for bed in rows]


def need_in(encounter: Encounter, bed: Bed) -> Need:
    """What somebody who is here already needs of this bed; its unit and ward are the person's choice."""
    return Need(bed.unit, encounter.sex, Isolation(encounter.isolation), encounter.telemetry, bed.ward_id)


def bed_offer(bed: Bed, beside: tuple[str, ...], status: BedStatus) -> Offer:
    """A bed as a candidate, taken to be in this status."""
    rules = bed.sex_of_room, bed.isolation_room, bed.telemetry
    return Offer(
        bed.id or 0, bed.label, bed.ward_id, bed.unit, status, *rules, beside, f"{bed.ward_id}/{bed.room_number}"
    )


def neighbours(session: Session, bed: Bed, *, besides: frozenset[int] = frozenset()) -> tuple[str, ...]:
    """The sexes of those who lie in the same room, in other beds; `besides`: beds that are left out."""
    found = (
        select(Encounter.sex)
        .join(Stay, col(Stay.encounter_id) == Encounter.id)
        .join(Bed, col(Bed.id) == Stay.bed_id)
        .where(
            Bed.ward_id == bed.ward_id,
            Bed.room_number == bed.room_number,
            col(Bed.id).not_in(besides | {bed.id}),
            col(Stay.to_at).is_(None),
        )
    )
    return tuple(session.exec(found))


def _offer(bed: Bed, room: dict[int, str]) -> Offer:
    beside = tuple(sex for bed_id, sex in room.items() if bed_id != bed.id)
    return bed_offer(bed, beside, BedStatus(bed.status))
