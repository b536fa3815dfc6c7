"""The roster: publish shifts, ask people to fill a gap, and take their answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert
from sqlmodel import col, select

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, Invalid, NotAllowed, NotFound
from hospital_ops.domain.roster import LOOK
from hospital_ops.domain.staffing import Answer
from hospital_ops.models import RosterChange, Shift, ShiftAsk, ShiftAssignment, ShiftForecast, User, Ward
from hospital_ops.queries.roster_book import RosterBook, roster_book, slot_of
from hospital_ops.services.access import require
from hospital_ops.services.roster_door import pages
from hospital_ops.services.unit_of_work import Work, unit_of_work

MOST_ASKED = 12


@dataclass(frozen=True, slots=True)
class NewShift:
    """A ward's shift of one role and who works it; `ward_code` "" is the house's."""

    ward_code: str
    role: str
    starts_at: datetime
    ends_at: datetime
    usernames: tuple[str, ...]


def publish(actor: Actor, shifts: Sequence[NewShift]) -> int:
    """Shifts that are not planned yet become the roster. Returns how many were added; twice is once."""
    require(actor, Permission.STAFFING_PLAN)
    with unit_of_work(actor) as work:
        added = plan(work, shifts)
        if added:
            work.record("shift.publish", "shift", shifts=added)
            work.announce(events.Event("shift.changed", {"shifts": added}, tuple(sorted(_seen_on(work, shifts)))))
        return added


def _seen_on(work: Work, shifts: Sequence[NewShift]) -> set[str]:
    """The staffing page, and every week and person's page on which these shifts are."""
    names = {name for one in shifts for name in one.usernames}
    users = dict(work.session.exec(select(User.username, User.id).where(col(User.username).in_(names))).all())
    begins, ends = min(one.starts_at for one in shifts), max(one.ends_at for one in shifts)
    book = roster_book(work.session, begins - LOOK, ends + LOOK, [user_id for user_id in users.values() if user_id])
    topics = {events.STAFFING, *(events.me(user_id) for user_id in book.workers)}
    for user_id in book.workers:
        for shift_id in book.published[user_id]:
            slot = book.slots[shift_id]
            topics |= pages(book, user_id, slot) if begins <= slot.starts_at < ends else set()
    return topics


def plan(work: Work, shifts: Sequence[NewShift]) -> int:
    """Write the shifts that nobody has planned yet, with their people. Returns how many.

    A row that only a draft has made is not planned: a draft thrown away must not leave a ward without its people.
    """
    wards: dict[str, int | None] = {"": None, **dict(work.session.exec(select(Ward.code, Ward.id)).all())}
    users = dict(work.session.exec(select(User.username, User.id)).all())
    starts = {shift.starts_at for shift in shifts}
    there = {(one.ward_id, one.role, one.starts_at): one for one in _rows(work, starts)}
    drafted = {one.id for one in _rows(work, starts, only_drafted=True)}
    new: list[tuple[NewShift, Shift]] = []
    for one in shifts:
        row = there.get((wards[one.ward_code], one.role, one.starts_at))
        if row is None:
            row = Shift(ward_id=wards[one.ward_code], role=one.role, starts_at=one.starts_at, ends_at=one.ends_at)
            new.append((one, row))
        elif row.id in drafted and one.usernames and row.ends_at == one.ends_at:
            new.append((one, row))
    work.session.add_all(row for _, row in new)
    work.session.flush()
    works = [{"shift_id": row.id, "user_id": users[name]} for shift, row in new for name in shift.usernames]
    if works:
        work.session.connection().execute(insert(ShiftAssignment), works)
    return len(new)


def _rows(work: Work, starts: Collection[datetime], *, only_drafted: bool = False) -> Sequence[Shift]:
    """The shifts that begin then; of these only those that nobody was ever published on."""
    found = select(Shift).where(col(Shift.starts_at).in_(starts))
    if only_drafted:
        works = select(ShiftAssignment.user_id).where(ShiftAssignment.shift_id == Shift.id)
        worked = select(RosterChange.id).where(
            RosterChange.shift_id == Shift.id, col(RosterChange.published_at).is_not(None)
        )
        found = found.where(~works.exists(), ~worked.exists())
    return work.session.exec(found).all()


def ask(actor: Actor, shift_id: int, user_ids: Iterable[int]) -> int:
    """Ask these people to work this shift. Returns how many had not been asked before."""
    require(actor, Permission.STAFFING_PLAN)
    people = sorted(set(user_ids))
    if not 0 < len(people) <= MOST_ASKED:
        raise Invalid(f"Ask at least one person and at most {MOST_ASKED} at once.", code="ask_somebody")
    with unit_of_work(actor) as work:
        shift = _lock(work, shift_id)
        asked = {ask.user_id for ask in work.session.exec(select(ShiftAsk).where(ShiftAsk.shift_id == shift_id))}
        new = [user_id for user_id in people if user_id not in asked]
        for user_id in new:
            _refuse_unfit(work, shift, work.session.get(User, user_id))
            work.session.add(ShiftAsk(shift_id=shift_id, user_id=user_id, asked_by=actor.user_id, asked_at=work.now))
        if new:
            work.record("shift.ask", "shift", shift_id, ward_id=shift.ward_id, user_ids=new)
            topics = (events.STAFFING, *(events.user(user_id) for user_id in new))
            work.announce(events.Event("shift.asked", {"shift_id": shift_id, "user_ids": new}, topics))
        return len(new)


def answer(actor: Actor, shift_id: int, *, yes: bool) -> None:
    """Say yes or no to having been asked. Whoever says yes to a gap that is filled by now is told so."""
    require(actor, Permission.TASK_OWN)
    with unit_of_work(actor) as work:
        shift = _lock(work, shift_id)
        asked = work.session.get(ShiftAsk, (shift_id, actor.user_id)) if actor.user_id is not None else None
        if asked is None:
            raise NotFound("Nobody has asked you to work this shift.")
        if asked.answer != Answer.WAITING:
            return
        touched: set[str] = set()
        if yes:
            # Their row is locked too: nobody can say yes to two shifts at once.
            person = work.session.get(User, actor.user_id, with_for_update={"key_share": True})
            touched = pages(_refuse_unfit(work, shift, person), asked.user_id, slot_of(shift))
        filled = yes and _is_filled(work, shift)
        asked.answer = (Answer.FILLED if filled else Answer.YES if yes else Answer.NO).value
        asked.answered_at = work.now
        work.session.add(asked)
        if yes and not filled:
            _join(work, shift, asked.user_id)
        work.record("shift.answer", "shift", shift_id, ward_id=shift.ward_id, answer=asked.answer)
        name = "shift.changed" if asked.answer == Answer.YES else "shift.asked"
        topics = (events.STAFFING, events.user(asked.user_id), events.me(asked.user_id), *sorted(touched))
        work.announce(events.Event(name, {"shift_id": shift_id, "user_id": asked.user_id}, topics))
    if filled:
        raise ChangedMeanwhile("Thank you. Somebody else has taken this shift meanwhile.")


def _lock(work: Work, shift_id: int) -> Shift:
    """The shift, locked: two people who say yes at once are counted one after the other."""
    shift = work.session.exec(select(Shift).where(Shift.id == shift_id).with_for_update()).first()
    if shift is None or shift.ward_id is None:
        raise NotFound("There is no such shift on a ward.")
    if shift.ends_at <= work.now:
        raise Conflict("This shift is over.", code="shift_over")
    return shift


def _refuse_unfit(work: Work, shift: Shift, person: User | None) -> RosterBook:
    """Asking takes no reason: whoever would break a rule is not asked. Returns the book of their shifts."""
    if person is None or not person.active or person.role != shift.role:
        raise NotFound("There is no such colleague for this shift.")
    user_id = person.id or 0
    book = roster_book(work.session, shift.starts_at - LOOK, shift.ends_at + LOOK, [user_id])
    # What is only drafted is nobody's shift yet.
    book.changes.clear()
    broken = book.judge(user_id, slot_of(shift), [shift.id or 0])
    if any(one.code == "ward" for one in broken):
        raise NotAllowed(f"{person.display_name} does not work on that ward.", code="not_their_ward")
    if broken:
        raise Conflict(broken[0].sentence, code=f"roster_{broken[0].code}")
    return book


def _is_filled(work: Work, shift: Shift) -> bool:
    """Whether the newest forecast's need is met. Without a forecast nobody is turned away."""
    told = work.session.get(ShiftForecast, (shift.ward_id, shift.role, shift.starts_at))
    here = select(func.count()).where(ShiftAssignment.shift_id == shift.id)
    return told is not None and work.session.exec(here).one() >= told.needed


def _join(work: Work, shift: Shift, user_id: int) -> None:
    pool = select(Shift.id).where(
        col(Shift.ward_id).is_(None), Shift.role == shift.role, Shift.starts_at == shift.starts_at
    )
    lent = delete(ShiftAssignment).where(
        col(ShiftAssignment.user_id) == user_id, col(ShiftAssignment.shift_id).in_(pool)
    )
    work.session.connection().execute(lent)
    work.session.add(ShiftAssignment(shift_id=shift.id or 0, user_id=user_id))
