"""What a ward's week still wants, and who could come: the input of a proposal for its roster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session

from hospital_ops.domain.forecasts import SHIFTS
from hospital_ops.domain.roster import LOOK, Slot, Worker
from hospital_ops.domain.rostering import SATURDAY, Hand, Need, holds_night, strain_of
from hospital_ops.domain.staffing import WEEK
from hospital_ops.queries.clock import hospital_zone
from hospital_ops.queries.roster import NURSE
from hospital_ops.queries.roster_book import FEW_WARDS, RosterBook, roster_book
from hospital_ops.queries.staffing import kind_of

# How far back somebody's nights, weekends and hours are looked at.
LATELY = 4 * WEEK
DAY = timedelta(days=1)


def needs_of(book: RosterBook, ward_id: int, monday: date, now: datetime, wanted: Mapping[str, int]) -> list[Need]:
    """The nurses' shifts of the week that have not begun, each with how many more it wants than the draft has."""
    planned = Counter(
        (one.day, kind_of(one.starts_at))
        for user_id in book.workers
        for one in book.decided(user_id).values()
        if one.ward_id == ward_id and one.role == NURSE
    )
    # A ward's own hours where it has others from that hour on, such as a long day.
    hours = {one.starts_at: one for one in book.slots.values() if one.ward_id == ward_id and one.role == NURSE}
    found = []
    for day in (monday + n * DAY for n in range(7)):
        for name, first, last in SHIFTS:
            usual = _slot(ward_id, day, first, last)
            slot = hours.get(usual.starts_at, usual)
            people = wanted.get(name, 0) - planned[day, name]
            if slot.starts_at > now and people > 0:
                found.append(Need(slot, people, is_night(slot)))
    return found


def hands_of(book: RosterBook, ward_id: int, monday: date, wishes: Mapping[int, frozenset[date]]) -> list[Hand]:
    """The ward's own nurses. Whoever belongs to the whole house is lent by hand, not planned."""
    return [
        _hand(one, list(book.decided(one.user_id).values()), monday, wishes.get(one.user_id, frozenset()))
        for one in book.workers.values()
        if one.active and one.role == NURSE and ward_id in one.ward_ids and len(one.ward_ids) <= FEW_WARDS
    ]


def book_for_week(session: Session, monday: date) -> RosterBook:
    """Everybody's shifts from four weeks before the week to a week after it."""
    begins = datetime.combine(monday, time(0), hospital_zone())
    return roster_book(session, begins - LATELY, begins + WEEK + LOOK)


def is_night(slot: Slot) -> bool:
    """By the hospital's clock."""
    return holds_night(slot.starts_at.astimezone(hospital_zone()).hour)


def _hand(worker: Worker, slots: Sequence[Slot], monday: date, wishes: frozenset[date]) -> Hand:
    lately = [one for one in slots if monday - LATELY <= one.day < monday + WEEK]
    before = [one for one in lately if one.day < monday]
    near = tuple(sorted((one for one in slots if one.day >= monday - LOOK - DAY), key=lambda one: one.starts_at))
    return Hand(
        worker,
        near,
        night_days=frozenset(one.day for one in near if is_night(one)),
        nights=sum(is_night(one) for one in lately),
        weekends=sum(one.day.weekday() >= SATURDAY for one in lately),
        shifts=len(lately),
        strain=strain_of(before, sum(is_night(one) for one in before)),
        wishes=wishes,
    )


def _slot(ward_id: int, day: date, first: int, last: int) -> Slot:
    ends = day if last > first else day + DAY
    begins_at, ends_at = (
        datetime.combine(on, time(hour), hospital_zone()).astimezone(UTC) for on, hour in ((day, first), (ends, last))
    )
    return Slot(ward_id, NURSE, begins_at, ends_at, day)
