"""A proposal for a ward's week: who could fill its open places, why them, what stays open, and drafting it in one act.

It publishes nothing: what it drafts is the planner's draft, which the planner changes, publishes or throws away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import ChangedMeanwhile
from hospital_ops.domain.rostering import (
    Hand,
    Need,
    Plan,
    by_person,
    cost_of,
    plan_stamp,
    take_turns,
    why_open,
    why_them,
)
from hospital_ops.domain.staffing import WEEK
from hospital_ops.infra.db import read_session
from hospital_ops.infra.rostering import fill
from hospital_ops.queries.clock import read_clock
from hospital_ops.queries.day_wishes import wishes_between
from hospital_ops.queries.roster_needs import book_for_week, hands_of, needs_of
from hospital_ops.queries.roster_page import nurses_wanted
from hospital_ops.services.access import require
from hospital_ops.services.roster_door import Drafting
from hospital_ops.services.unit_of_work import unit_of_work

_PLAN = Permission.STAFFING_PLAN


@dataclass(frozen=True, slots=True)
class Proposed:
    """Somebody who would come to a shift, and why."""

    need: Need
    user_id: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Open:
    """A shift that stays short of so many, and why."""

    need: Need
    people: int
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """`wanted` places, of which `places` are filled and `in_turn` would be by taking turns. `proven`: nothing is better.

    `stamp` names it: another one is not drafted unseen.
    """

    places: list[Proposed]
    open: list[Open]
    wanted: int
    in_turn: int
    proven: bool
    stamp: str


def propose(actor: Actor, ward_id: int, day: date) -> Proposal:
    """Who could fill the open places of that ward's week, the whole week together. Some seconds of a processor at most."""
    require(actor, _PLAN, ward_id)
    with read_session() as session:
        needs, hands = _asked(session, ward_id, _monday(day))
    found = fill(needs, hands)
    return _told(found.plan, needs, hands, proven=found.proven)


def take(actor: Actor, ward_id: int, day: date, stamp: str) -> int:
    """Draft the proposal that was looked at, all of it or nothing. Returns how many places; drafted already is none.

    Raises ChangedMeanwhile when the roster, the patients or the people are others by now, so that it is another proposal.
    """
    require(actor, _PLAN, ward_id)
    proposal = propose(actor, ward_id, day)
    if not proposal.places:
        return 0
    if proposal.stamp != stamp:
        raise ChangedMeanwhile("The roster has changed, so this would be another proposal. Look at it again.")
    with unit_of_work(actor) as work:
        slots = [one.need.slot for one in proposal.places]
        people = sorted({one.user_id for one in proposal.places})
        first, last = min(one.starts_at for one in slots), max(one.ends_at for one in slots)
        drafting = Drafting(work, people, first, last)
        made = sum(drafting.put_on(one.need.slot, one.user_id) for one in proposal.places)
        work.record("shift.take_proposal", "ward", ward_id, ward_id=ward_id, changes=made, user_ids=people, stamp=stamp)
        drafting.announce(made)
    return made


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _asked(session: Session, ward_id: int, monday: date) -> tuple[list[Need], list[Hand]]:
    now, book = read_clock(session).now, book_for_week(session, monday)
    needs = needs_of(book, ward_id, monday, now, nurses_wanted(session, ward_id, now))
    return needs, sorted(
        hands_of(book, ward_id, monday, wishes_between(session, monday, monday + WEEK)), key=lambda hand: hand.user_id
    )


def _told(plan: Plan, needs: Sequence[Need], hands: Sequence[Hand], *, proven: bool) -> Proposal:
    given = {user_id: [needs[number] for number in numbers] for user_id, numbers in by_person(plan).items()}
    by_id = {hand.user_id: hand for hand in hands}
    places = [
        Proposed(
            needs[number], user_id, by_id[user_id].worker.name, _why(by_id[user_id], needs[number], given[user_id])
        )
        for number, user_id in sorted(plan)
    ]
    short = [(need, need.people - sum(number == place for number, _ in plan)) for place, need in enumerate(needs)]
    still = [Open(need, people, why_open(need, given, hands)) for need, people in short if people > 0]
    wanted = sum(need.people for need in needs)
    in_turn = wanted - cost_of(take_turns(needs, hands), needs, hands).open_places
    return Proposal(places, still, wanted, in_turn, proven, plan_stamp(plan, needs))


def _why(hand: Hand, need: Need, given: Sequence[Need]) -> str:
    return why_them(hand, need, [one for one in given if one is not need])
