"""A proposal for everybody who waits for a bed. It places nobody: a person does, patient by patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.placement import Offer, judge, ranked
from hospital_ops.domain.tasks import Priority
from hospital_ops.domain.waiting_list import Plan, Waiting, take_turns, why_not
from hospital_ops.infra.assignment import assign
from hospital_ops.infra.db import read_session
from hospital_ops.models import BedRequest, Encounter
from hospital_ops.queries.clock import read_clock
from hospital_ops.queries.placement import offer_rows
from hospital_ops.services.access import require
from hospital_ops.services.placement import need_of

# Longer lists are answered from the front: whoever has waited longest.
LONGEST_LIST = 60


@dataclass(frozen=True, slots=True)
class Proposed:
    """One who waits. `best_alone`: this is the bed that they would be given if nobody else waited."""

    request_id: int
    bed_id: int | None
    label: str
    why: str
    best_alone: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """`placed_in_turn`: how many would find a bed if the most urgent chose first. `proven`: no plan is better."""

    beds: list[Proposed]
    placed: int
    placed_in_turn: int
    proven: bool


def propose(actor: Actor) -> Proposal:
    """Who should lie where, the whole list together; beds of the actor's wards. Up to two seconds of a processor."""
    require(actor, Permission.STAY_PLACE)
    with read_session() as session:
        waiting = _who_waits(session, read_clock(session).now)
        beds = offer_rows(session, None if actor.all_wards else actor.ward_ids)
    found = assign(waiting, beds)
    rows = [_proposed(one, found.plan, beds) for one in waiting]
    return Proposal(rows, len(found.plan), len(take_turns(waiting, beds)), found.proven)


def _who_waits(session: Session, now: datetime) -> list[Waiting]:
    rows = session.exec(
        select(BedRequest, Encounter)
        .join(Encounter, col(Encounter.id) == BedRequest.encounter_id)
        .where(col(BedRequest.closed_at).is_(None))
        .order_by(col(BedRequest.opened_at), col(BedRequest.id))
        .limit(LONGEST_LIST)
    )
    return [
        Waiting(
            request.id or 0,
            need_of(request, encounter),
            Priority(request.priority),
            (now - request.opened_at).total_seconds() / 3600,
        )
        for request, encounter in rows
    ]


def _proposed(one: Waiting, plan: Plan, beds: list[Offer]) -> Proposed:
    bed_id = plan.get(one.request_id)
    if bed_id is None:
        return Proposed(one.request_id, None, "", why_not(one, beds), best_alone=False)
    bed = next(bed for bed in beds if bed.bed_id == bed_id)
    judged = judge(one.need, bed)
    best = ranked(one.need, beds)[0]
    return Proposed(one.request_id, bed_id, bed.label, " · ".join(judged.passed), judged.cost == best.cost)
