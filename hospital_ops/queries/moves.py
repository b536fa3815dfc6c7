"""Where somebody who lies in a bed could lie instead: every bed of one's wards, judged; free ones and taken ones."""

from __future__ import annotations

from collections import defaultdict

from sqlmodel import Session, col, select

from hospital_ops.domain.access import Actor, Permission, require
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import ChangedMeanwhile, NotFound
from hospital_ops.domain.placement import Isolation, Judgement, Need, judge, ranked
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, Encounter, Stay
from hospital_ops.queries.placement import bed_offer, need_in, offer_rows

Lying = tuple[Bed, Encounter]
Rooms = dict[tuple[int, str], dict[int, str]]
OTHER_WARD = 5.0


def move_offers(actor: Actor, bed_id: int) -> list[Judgement]:
    """Best first, with the reasons for and against. The bed itself is left out."""
    with read_session() as session:
        encounter = _who_lies(session, actor, bed_id)[1]
        need = Need(encounter.unit, encounter.sex, Isolation(encounter.isolation), encounter.telemetry)
        rows = offer_rows(session, None if actor.all_wards else actor.ward_ids)
    return ranked(need, (offer for offer in rows if offer.bed_id != bed_id))


def swap_offers(actor: Actor, bed_id: int) -> list[Judgement]:
    """Taken beds with whose patients this one could change, judged both ways; the same ward's first."""
    with read_session() as session:
        mine = _who_lies(session, actor, bed_id)
        lying = _lying(session, None if actor.all_wards else actor.ward_ids)
    rooms: Rooms = defaultdict(dict)
    for bed, encounter in lying:
        rooms[bed.ward_id, bed.room_number][bed.id or 0] = encounter.sex
    judged = [_swap(mine, other, rooms) for other in lying if other[0].id != bed_id]
    return sorted(judged, key=lambda one: (not one.allowed, one.cost, one.label))


def _swap(mine: Lying, other: Lying, rooms: Rooms) -> Judgement:
    these = {mine[0].id, other[0].id}
    against: list[str] = []
    for bed, encounter in ((other[0], mine[1]), (mine[0], other[1])):
        room = rooms[bed.ward_id, bed.room_number]
        beside = tuple(sex for number, sex in room.items() if number not in these)
        words = judge(need_in(encounter, bed), bed_offer(bed, beside, BedStatus.AVAILABLE)).against
        against += [f"bed {bed.label}: {rule}" for rule in words]
    cost = 0.0 if mine[0].ward_id == other[0].ward_id else OTHER_WARD
    return Judgement(other[0].id or 0, other[0].label, ("fits both ways",), tuple(against), cost)


def _who_lies(session: Session, actor: Actor, bed_id: int) -> Lying:
    bed = session.get(Bed, bed_id)
    if bed is None:
        raise NotFound("There is no such bed.")
    require(actor, Permission.STAY_PLACE, bed.ward_id)
    lying = select(Encounter).join(Stay, col(Stay.encounter_id) == Encounter.id)
    encounter = session.exec(lying.where(Stay.bed_id == bed_id, col(Stay.to_at).is_(None))).first()
    if encounter is None:
        raise ChangedMeanwhile(f"Nobody lies in bed {bed.label} any longer. Look again.")
    return bed, encounter


def _lying(session: Session, ward_ids: frozenset[int] | None) -> list[Lying]:
    found = select(Bed, Encounter).join(Stay, col(Stay.bed_id) == Bed.id)
    found = found.join(Encounter, col(Encounter.id) == Stay.encounter_id).where(col(Stay.to_at).is_(None))
    if ward_ids is not None:
        found = found.where(col(Bed.ward_id).in_(ward_ids))
    return list(session.exec(found))
