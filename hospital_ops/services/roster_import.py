"""A roster from a file into the draft: what would be made is shown first, bad lines are told, good ones kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import select

from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.errors import Invalid, Refused
from hospital_ops.domain.roster import Slot
from hospital_ops.domain.roster_csv import BadLine, RosterLine, read_roster
from hospital_ops.models import User, Ward
from hospital_ops.queries.clock import hospital_zone
from hospital_ops.services.access import require
from hospital_ops.services.roster_door import Drafting
from hospital_ops.services.unit_of_work import Work, unit_of_work

_PLAN = Permission.STAFFING_PLAN
HOUSE = ("", "house")


@dataclass
class Imported:
    """`made`: shifts that are drafted (or would be). `there`: lines that say what is so already.

    `warned`: lines that a rule is in the way of; they are taken when a reason is given. `bad`: lines that cannot be.
    """

    made: int = 0
    there: int = 0
    warned: list[BadLine] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    people: int = 0


def preview(actor: Actor, text: str, *, reason: str = "") -> Imported:
    """What `take` would do with the file. Changes nothing."""
    require(actor, _PLAN)
    with unit_of_work(actor) as work:
        told, _ = _read(work, text, reason)
        # The very act, and then not: nothing else could say so truly.
        work.session.rollback()
        return told


def take(actor: Actor, text: str, *, reason: str = "") -> Imported:
    """Draft every good line. The same file twice changes nothing more."""
    require(actor, _PLAN)
    with unit_of_work(actor) as work:
        told, drafting = _read(work, text, reason)
        if told.made and drafting is not None:
            facts: dict[str, Any] = {"made": told.made, "bad": len(told.bad), "people": told.people, "reason": reason}
            work.record("shift.import", "roster", None, **facts)
            drafting.announce(told.made)
        return told


def _read(work: Work, text: str, reason: str) -> tuple[Imported, Drafting | None]:
    lines, bad = read_roster(text, hospital_zone())
    told = Imported(bad=bad)
    if not lines:
        return told, None
    users = dict(work.session.exec(select(User.username, User.id)).all())
    wards: dict[str, int | None] = {**dict(work.session.exec(select(Ward.code, Ward.id)).all())}
    wards |= dict.fromkeys(HOUSE)
    known = {user_id for one in lines if (user_id := users.get(one.username)) is not None}
    first, last = min(one.starts_at for one in lines), max(one.ends_at for one in lines)
    drafting = Drafting(work, sorted(known), first, last)
    changed: set[int] = set()
    for one in lines:
        try:
            user_id, slot = _meant(work, one, users, wards)
            if drafting.put_on(slot, user_id, reason):
                told.made += 1
                changed.add(user_id)
            else:
                told.there += 1
        except Refused as refusal:
            listed = told.warned if refusal.code == "needs_reason" else told.bad
            listed.append(BadLine(one.line, refusal.sentence))
    told.people = len(changed)
    told.bad.sort(key=lambda one: one.line)
    return told, drafting


def _meant(work: Work, one: RosterLine, users: dict[str, int | None], wards: dict[str, int | None]) -> tuple[int, Slot]:
    """The person and the shift that a line means."""
    if one.ward_code not in wards:
        raise Invalid(f"There is no ward “{one.ward_code[:20]}”.")
    if one.role not in list(Role):
        raise Invalid(f"There is no role “{one.role[:20]}”.")
    user_id = users.get(one.username)
    if user_id is None:
        raise Invalid(f"Nobody signs in as “{one.username[:40]}”.")
    ward_id = wards[one.ward_code]
    require(work.actor, _PLAN, ward_id)
    return user_id, Slot(ward_id, one.role, one.starts_at, one.ends_at, one.day)
