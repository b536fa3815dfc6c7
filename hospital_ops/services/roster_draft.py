"""The roster's draft: put somebody on a shift, take them off, move them, publish a ward's week.

Nobody but planners sees a draft. Publishing tells those whose shifts have changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlmodel import col, select

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import ChangedMeanwhile, Invalid, NotFound
from hospital_ops.domain.roster import LONGEST_REASON, Slot, check_hours, stamp_of
from hospital_ops.domain.staffing import WEEK
from hospital_ops.models import RosterChange, Shift, Ward
from hospital_ops.queries.clock import hospital_date, hospital_zone
from hospital_ops.services.access import require
from hospital_ops.services.roster_door import Drafting, publish
from hospital_ops.services.unit_of_work import Work, unit_of_work

_PLAN = Permission.STAFFING_PLAN


@dataclass(frozen=True, slots=True)
class Wish:
    """A ward's shift by its hours, as somebody names it; `ward_id` None is the house's. There need be no row yet."""

    ward_id: int | None
    role: str
    starts_at: datetime
    ends_at: datetime

    @property
    def slot(self) -> Slot:
        check_hours(self.starts_at, self.ends_at)
        return Slot(self.ward_id, self.role, self.starts_at, self.ends_at, hospital_date(self.starts_at))


def put_on(actor: Actor, wish: Wish, user_id: int, *, reason: str = "") -> bool:
    """Draft that somebody works a shift. A rule in the way needs a reason; a hard one stands. Twice is once."""
    require(actor, _PLAN, wish.ward_id)
    slot, reason = wish.slot, _words(reason)
    with unit_of_work(actor) as work:
        _refuse_no_ward(work, slot)
        drafting = Drafting(work, [user_id], slot.starts_at, slot.ends_at)
        changed = drafting.put_on(slot, user_id, reason)
        if changed:
            shift_id = drafting.shift(slot).id or 0
            _record(work, "shift.put_on", drafting, shift_id, user_id)
            drafting.announce(1)
        return changed


def take_off(actor: Actor, shift_id: int, user_id: int) -> bool:
    """Draft that somebody does not work a shift. Twice is once."""
    require(actor, _PLAN)
    with unit_of_work(actor) as work:
        shift = _shift(work, actor, shift_id)
        drafting = Drafting(work, [user_id], shift.starts_at, shift.ends_at)
        changed = drafting.take_off(shift_id, user_id)
        if changed:
            work.record("shift.take_off", "shift", shift_id, ward_id=shift.ward_id, user_id=user_id)
            drafting.announce(1)
        return changed


def move(actor: Actor, shift_id: int, user_id: int, wish: Wish, *, reason: str = "") -> bool:
    """Draft that somebody works another shift instead of this one: one act. Twice is once."""
    require(actor, _PLAN, wish.ward_id)
    slot, reason = wish.slot, _words(reason)
    with unit_of_work(actor) as work:
        shift = _shift(work, actor, shift_id)
        first, last = min(shift.starts_at, slot.starts_at), max(shift.ends_at, slot.ends_at)
        drafting = Drafting(work, [user_id], first, last)
        other = drafting.shift(slot).id or 0
        works = drafting.book.decided(user_id)
        if other in works and (other == shift_id or shift_id not in works):
            return False
        if shift_id not in works:
            raise ChangedMeanwhile
        drafting.take_off(shift_id, user_id)
        drafting.put_on(slot, user_id, reason)
        _record(work, "shift.move", drafting, other, user_id, from_shift_id=shift_id)
        drafting.announce(2)
        return True


def publish_week(actor: Actor, ward_id: int | None, day: date, stamp: str) -> int:
    """The draft of a ward's week becomes the roster; everybody whose shifts changed is told. Returns how many changes.

    `stamp` names the draft that was looked at: another one is not published unseen. Nothing drafted is nothing done.
    """
    require(actor, _PLAN, ward_id)
    with unit_of_work(actor) as work:
        changes = _drafted(work, ward_id, day)
        if not changes:
            return 0
        _refuse_other(changes, stamp)
        people = sorted({change.user_id for change in changes})
        begins, ends = _week(day)
        drafting = Drafting(work, people, begins, ends)
        topics = {events.STAFFING}
        # Whoever leaves a shift makes room for the one they come to.
        for change in sorted(changes, key=lambda one: (one.joins, one.id or 0)):
            topics |= publish(work, drafting.book, change)
        facts: dict[str, Any] = {"week": begins.date().isoformat(), "changes": len(changes), "user_ids": people}
        work.record("shift.publish_week", "ward", ward_id, ward_id=ward_id, **facts)
        event = events.Event("shift.published", {"ward_id": ward_id, "changes": len(changes)}, tuple(sorted(topics)))
        work.announce(event)
        return len(changes)


def discard_week(actor: Actor, ward_id: int | None, day: date, stamp: str) -> int:
    """Throw a ward's draft of a week away: the roster stays as it is published. Returns how many changes were dropped."""
    require(actor, _PLAN, ward_id)
    with unit_of_work(actor) as work:
        changes = _drafted(work, ward_id, day)
        if not changes:
            return 0
        _refuse_other(changes, stamp)
        begins, ends = _week(day)
        drafting = Drafting(work, sorted({one.user_id for one in changes}), begins, ends)
        for change in changes:
            drafting.drop(change.shift_id, change.user_id)
        work.record("shift.discard_week", "ward", ward_id, ward_id=ward_id, changes=len(changes))
        drafting.announce(len(changes))
        return len(changes)


def _words(reason: str) -> str:
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"Please write at most {LONGEST_REASON} characters.")
    return reason.strip()


def _refuse_no_ward(work: Work, slot: Slot) -> None:
    if slot.ward_id is not None and work.session.get(Ward, slot.ward_id) is None:
        raise NotFound("There is no such ward.")


def _shift(work: Work, actor: Actor, shift_id: int) -> Shift:
    shift = work.session.get(Shift, shift_id)
    if shift is None:
        raise NotFound("There is no such shift.")
    require(actor, _PLAN, shift.ward_id)
    return shift


def _record(work: Work, action: str, drafting: Drafting, shift_id: int, user_id: int, **facts: Any) -> None:
    change = drafting.book.changes.get((shift_id, user_id))
    told: dict[str, Any] = (
        {} if change is None or not change.rules else {"rules": change.rules, "reason": change.reason}
    )
    ward_id = drafting.book.slots[shift_id].ward_id
    work.record(action, "shift", shift_id, ward_id=ward_id, user_id=user_id, **facts, **told)


def _week(day: date) -> tuple[datetime, datetime]:
    """From Monday's midnight to the next, in the hospital."""
    monday = date.fromordinal(day.toordinal() - day.weekday())
    begins = datetime.combine(monday, time(0), hospital_zone())
    return begins, datetime.combine(monday + WEEK, time(0), hospital_zone())


def _drafted(work: Work, ward_id: int | None, day: date) -> Sequence[RosterChange]:
    begins, ends = _week(day)
    ward = col(Shift.ward_id).is_(None) if ward_id is None else col(Shift.ward_id) == ward_id
    found = (
        select(RosterChange)
        .join(Shift, col(Shift.id) == RosterChange.shift_id)
        .where(col(RosterChange.published_at).is_(None), ward)
        .where(col(Shift.starts_at) >= begins, col(Shift.starts_at) < ends)
        .order_by(col(RosterChange.id))
        .with_for_update(of=RosterChange)
    )
    return work.session.exec(found).all()


def _refuse_other(changes: Sequence[RosterChange], stamp: str) -> None:
    if stamp != stamp_of((one.shift_id, one.user_id, one.joins) for one in changes):
        raise ChangedMeanwhile("Somebody else has changed this draft. Look at it again.")
