"""The roster as its rules need it: who could work, and what each works as published and as drafted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from hospital_ops.domain.roster import Broken, Slot, Worker, judge
from hospital_ops.models import RosterChange, Shift, ShiftAssignment, User, UserWard
from hospital_ops.queries.clock import hospital_date

# Somebody of more wards than these works for the whole house, and stands on the house's roster.
FEW_WARDS = 3


def slot_of(shift: Shift) -> Slot:
    """A shift's row as the rules see it."""
    return Slot(shift.ward_id, shift.role, shift.starts_at, shift.ends_at, hospital_date(shift.starts_at))


@dataclass
class RosterBook:
    """`published`: person → shift → slot. `changes`: (shift, person) → the open draft."""

    workers: dict[int, Worker] = field(default_factory=dict)
    slots: dict[int, Slot] = field(default_factory=dict)
    published: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    changes: dict[tuple[int, int], RosterChange] = field(default_factory=dict)

    def decided(self, user_id: int, without: Collection[int] = ()) -> dict[int, Slot]:
        """What somebody works once the draft is published: shift → slot."""
        mine = set(self.published[user_id])
        for (shift_id, one), change in self.changes.items():
            if one == user_id:
                (mine.add if change.joins else mine.discard)(shift_id)
        return {shift_id: self.slots[shift_id] for shift_id in mine if shift_id not in without}

    def lent_from(self, user_id: int, slot: Slot) -> list[int]:
        """Their hours in the float pool are the very hours that a ward asks for."""
        mine = self.decided(user_id)
        return [
            shift_id
            for shift_id, one in mine.items()
            if slot.ward_id is not None and one.ward_id is None and one.starts_at == slot.starts_at
        ]

    def judge(self, user_id: int, slot: Slot, without: Iterable[int] = ()) -> list[Broken]:
        """The rules in the way of this person working this shift, once those in `without` are no longer theirs."""
        left_out = {*without, *self.lent_from(user_id, slot)}
        others = self.decided(user_id, left_out)
        return judge(self.workers[user_id], slot, list(others.values()))


def roster_book(
    session: Session, first: datetime, last: datetime, user_ids: Collection[int] | None = None
) -> RosterBook:
    """The book of all shifts that touch this time; of these people alone when they are named."""
    book = RosterBook()
    wards = select(func.array_agg(col(UserWard.ward_id))).where(col(UserWard.user_id) == User.id)
    people = select(
        col(User.id), col(User.display_name), col(User.role), col(User.active), wards.correlate(User).scalar_subquery()
    ).order_by(col(User.display_name))
    here = col(Shift.ends_at) > first, col(Shift.starts_at) < last
    works = select(col(ShiftAssignment.user_id), Shift).join(Shift, col(Shift.id) == ShiftAssignment.shift_id)
    drafts = select(RosterChange, Shift).join(Shift, col(Shift.id) == RosterChange.shift_id)
    drafts = drafts.where(col(RosterChange.published_at).is_(None))
    if user_ids is not None:
        people = people.where(col(User.id).in_(user_ids))
        works = works.where(col(ShiftAssignment.user_id).in_(user_ids))
        drafts = drafts.where(col(RosterChange.user_id).in_(user_ids))
    for user_id, name, role, active, ward_ids in session.execute(people):
        book.workers[user_id] = Worker(user_id, name, role, frozenset(ward_ids or ()), active)
    for user_id, shift in session.execute(works.where(*here)):
        book.slots.setdefault(shift.id, slot_of(shift))
        book.published[user_id].add(shift.id)
    for change, shift in session.execute(drafts.where(*here)):
        book.slots.setdefault(shift.id, slot_of(shift))
        book.changes[shift.id, change.user_id] = change
    return book
