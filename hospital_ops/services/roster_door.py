"""The one write door of the roster's draft: who is to come to a shift or leave it, judged by the rules, told to the pages.

The published roster changes here alone too: by publishing a draft, by a swap, by a yes to a gap (services/roster.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from hospital_ops.domain import events
from hospital_ops.domain.errors import Conflict, NotFound
from hospital_ops.domain.roster import LOOK, Broken, Slot, judge, refuse
from hospital_ops.domain.staffing import WEEK
from hospital_ops.models import RosterChange, Shift, ShiftAssignment, User
from hospital_ops.queries.roster_book import FEW_WARDS, RosterBook, roster_book, slot_of
from hospital_ops.services.unit_of_work import Work


class Drafting:
    """The roster round some time, for some people whose rows are locked: nobody else decides over them meanwhile.

    `topics` gathers the pages that must be read again.
    """

    def __init__(self, work: Work, user_ids: Collection[int], first: datetime, last: datetime) -> None:
        self.work, self.topics = work, set[str]()
        locked = select(User.id).where(col(User.id).in_(user_ids)).order_by(col(User.id))
        work.session.exec(locked.with_for_update(key_share=True)).all()
        self.book: RosterBook = roster_book(work.session, first - LOOK, last + LOOK, user_ids)
        self._rows: dict[tuple[int | None, str, datetime], Shift] = {}

    def shift(self, slot: Slot) -> Shift:
        """The row of that shift; made when there is none. Refuses other hours than the ward's own."""
        key = slot.ward_id, slot.role, slot.starts_at
        row = self._rows.get(key) or self._find(slot)
        if row.ends_at != slot.ends_at:
            raise Conflict("That ward has a shift with another end at this time.", code="other_hours")
        self._rows[key] = row
        self.book.slots[row.id or 0] = slot_of(row)
        return row

    def _find(self, slot: Slot) -> Shift:
        found = select(Shift).where(Shift.role == slot.role, Shift.starts_at == slot.starts_at)
        ward = col(Shift.ward_id).is_(None) if slot.ward_id is None else col(Shift.ward_id) == slot.ward_id
        row = self.work.session.exec(found.where(ward)).first()
        if row is None:
            row = Shift(ward_id=slot.ward_id, role=slot.role, starts_at=slot.starts_at, ends_at=slot.ends_at)
            self.work.session.add(row)
            self.work.session.flush()
            # A shift that nobody works yet is a row of the staffing page. Who is drafted for it is not told.
            self.topics.add(events.STAFFING)
        return row

    def put_on(self, slot: Slot, user_id: int, reason: str = "", without: Iterable[int] = ()) -> bool:
        """This person is to work this shift. False when they do already. Refuses by the rules (`domain.roster.refuse`)."""
        self._still(slot)
        if user_id not in self.book.workers:
            raise NotFound("There is no such colleague.")
        shift_id = self.shift(slot).id or 0
        if shift_id in self.book.decided(user_id):
            return False
        broken = self.book.judge(user_id, slot, without)
        refuse(broken, reason)
        for lent in self.book.lent_from(user_id, slot):
            self._change(lent, user_id, joins=False)
        self._change(shift_id, user_id, joins=True, broken=broken, reason=reason if broken else "")
        return True

    def take_off(self, shift_id: int, user_id: int) -> bool:
        """This person is no longer to work this shift. False when they do not anyway."""
        if shift_id not in self.book.decided(user_id):
            return False
        self._still(self.book.slots[shift_id])
        self._change(shift_id, user_id, joins=False)
        return True

    def drop(self, shift_id: int, user_id: int) -> None:
        """Forget what is drafted of this person and shift: it stays as it is published."""
        if (shift_id, user_id) in self.book.changes:
            self._change(shift_id, user_id, joins=shift_id in self.book.published[user_id])

    def _still(self, slot: Slot) -> None:
        if slot.starts_at <= self.work.now:
            raise Conflict("This shift has begun; its roster is history.", code="shift_begun")

    def _change(
        self, shift_id: int, user_id: int, *, joins: bool, broken: Collection[Broken] = (), reason: str = ""
    ) -> None:
        """Draft it. What is published already needs no draft: taking back a draft deletes it."""
        work, key = self.work, (shift_id, user_id)
        self.topics |= pages(self.book, user_id, self.book.slots[shift_id])
        if (before := self.book.changes.pop(key, None)) is not None:
            work.session.delete(before)
            work.session.flush()
        if (shift_id in self.book.published[user_id]) == joins:
            return
        row = RosterChange(
            shift_id=shift_id,
            user_id=user_id,
            joins=joins,
            rules=",".join(one.code for one in broken),
            reason=reason,
            made_by=work.actor.user_id,
            made_at=work.now,
        )
        work.session.add(row)
        work.session.flush()
        self.book.changes[key] = row

    def announce(self, count: int) -> None:
        """The draft is another one: planners' pages are read again, nobody else's."""
        topics = tuple(sorted(self.topics))
        self.work.announce(events.Event("shift.drafted", {"changes": count}, topics))


def publish(work: Work, book: RosterBook, change: RosterChange) -> set[str]:
    """A drafted change becomes the roster. Refuses what would put somebody in two places. Returns the pages touched."""
    slot = book.slots[change.shift_id]
    if change.joins:
        others = book.decided(change.user_id, {change.shift_id})
        refuse([one for one in judge(book.workers[change.user_id], slot, list(others.values())) if one.hard])
    set_place(work, book, change.shift_id, change.user_id, here=change.joins)
    change.published_at = work.now
    work.session.add(change)
    return {*pages(book, change.user_id, slot), events.me(change.user_id)}


def set_place(work: Work, book: RosterBook, shift_id: int, user_id: int, *, here: bool) -> None:
    """Published at once; the same again changes nothing."""
    if (shift_id in book.published[user_id]) == here:
        return
    if here:
        work.session.add(ShiftAssignment(shift_id=shift_id, user_id=user_id))
        book.published[user_id].add(shift_id)
    else:
        gone = delete(ShiftAssignment).where(
            col(ShiftAssignment.shift_id) == shift_id, col(ShiftAssignment.user_id) == user_id
        )
        work.session.connection().execute(gone)
        book.published[user_id].discard(shift_id)


def pages(book: RosterBook, user_id: int, slot: Slot) -> set[str]:
    """Every ward's week on which a change of this person's shift is seen: hours and rest look a week round."""
    worker = book.workers[user_id]
    wards: set[int | None] = {slot.ward_id, None}
    wards |= {one.ward_id for one in book.decided(user_id).values()}
    wards |= {book.slots[shift_id].ward_id for shift_id in book.published[user_id]}
    if len(worker.ward_ids) <= FEW_WARDS:
        wards |= worker.ward_ids
    return {events.roster(ward_id, slot.day + n * WEEK) for ward_id in wards for n in (-1, 0, 1)}
