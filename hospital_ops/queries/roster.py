"""Who works when: the next shifts of the wards, and who could fill a gap in one, with their hours and rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from hospital_ops.domain.access import Role
from hospital_ops.domain.staffing import MOST_WEEKLY_HOURS, REST, WEEK, Answer
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.models import Shift, ShiftAsk, ShiftAssignment, User, UserWard, Ward
from hospital_ops.queries.clock import hospital_zone

COMING_SHIFTS = 3
SHOWN_WHO = 6
NURSE = Role.NURSE.value
Slot = tuple[datetime, datetime]
Span = tuple[datetime, datetime, int | None]  # from, to, ward; None is the house's float pool


@dataclass(slots=True)
class Planned:
    """One ward's shift as it is planned. `here` counts those of its people who have come."""

    shift_id: int
    names: list[str] = field(default_factory=list)
    here: int = 0


@dataclass(frozen=True, slots=True)
class Colleague:
    """A nurse who may be asked; `spans` are the shifts planned round now, in order of time."""

    user_id: int
    name: str
    ward_ids: frozenset[int]
    spans: tuple[Span, ...]

    def is_in_pool(self, slot: Slot) -> bool:
        """On duty then, and lent to no ward."""
        return any(starts == slot[0] and ward_id is None for starts, _, ward_id in self.spans)

    def is_rested(self, slot: Slot) -> bool:
        """Whether they have slept before, will sleep after, and stay within a week's hours."""
        if any(ends > slot[0] - REST and starts < slot[1] + REST for starts, ends, _ in self.spans):
            return False
        return self.hours(slot) + (slot[1] - slot[0]) / timedelta(hours=1) <= MOST_WEEKLY_HOURS

    def hours(self, slot: Slot) -> float:
        """Hours of work in the week that ends with the slot."""
        since = slot[1] - WEEK
        worked = (min(ends, slot[1]) - max(starts, since) for starts, ends, _ in self.spans)
        return sum(max(span / timedelta(hours=1), 0.0) for span in worked)

    def rest(self, slot: Slot) -> float | None:
        """Hours off before the slot; None when they have not worked for a week."""
        before = [ends for _, ends, _ in self.spans if ends <= slot[0]]
        return (slot[0] - max(before)) / timedelta(hours=1) if before else None


def next_slots(session: Session, now: datetime) -> list[Slot]:
    """The wards' shift under way, when there is one, and the next three."""
    found = (
        select(col(Shift.starts_at), col(Shift.ends_at))
        .where(col(Shift.role) == NURSE, col(Shift.ward_id).is_not(None), col(Shift.ends_at) > now)
        .distinct()
        .order_by(col(Shift.starts_at))
        .limit(COMING_SHIFTS + 1)
    )
    slots: list[Slot] = [(starts, ends) for starts, ends in session.execute(found)]
    under_way = sum(starts <= now for starts, _ in slots)
    return slots[: under_way + COMING_SHIFTS]


def planned(session: Session, slots: Sequence[Slot]) -> dict[tuple[int, datetime], Planned]:
    """(ward, start) → who is on that shift, by name."""
    found = (
        select(
            col(Shift.id), col(Shift.ward_id), col(Shift.starts_at), col(User.display_name), col(User.current_status)
        )
        .outerjoin(ShiftAssignment, col(ShiftAssignment.shift_id) == Shift.id)
        .outerjoin(User, col(User.id) == ShiftAssignment.user_id)
        .where(col(Shift.role) == NURSE, col(Shift.ward_id).is_not(None))
        .where(col(Shift.starts_at).in_([starts for starts, _ in slots]))
        .order_by(col(User.display_name))
    )
    shifts: dict[tuple[int, datetime], Planned] = {}
    for shift_id, ward_id, starts_at, name, status in session.execute(found):
        one = shifts.setdefault((ward_id, starts_at), Planned(shift_id))
        if name is not None:
            one.names.append(name)
            one.here += status != StaffStatus.OFF_SHIFT.value
    return shifts


def colleagues(session: Session, slots: Sequence[Slot]) -> list[Colleague]:
    """Every nurse with an open account, and their shifts from a week before the slots to a night after them."""
    if not slots:
        return []
    belongs = select(func.array_agg(col(UserWard.ward_id))).where(col(UserWard.user_id) == User.id)
    found = (
        select(col(User.id), col(User.display_name), belongs.correlate(User).scalar_subquery())
        .where(col(User.active), col(User.role) == NURSE)
        .order_by(col(User.display_name))
    )
    spans = _spans(session, slots[0][0] - WEEK, slots[-1][1] + REST)
    return [
        Colleague(user_id, name, frozenset(wards or ()), tuple(spans.get(user_id, ())))
        for user_id, name, wards in session.execute(found)
    ]


def _spans(session: Session, first: datetime, last: datetime) -> dict[int, list[Span]]:
    found = (
        select(col(ShiftAssignment.user_id), col(Shift.starts_at), col(Shift.ends_at), col(Shift.ward_id))
        .join(Shift, col(Shift.id) == ShiftAssignment.shift_id)
        .where(col(Shift.role) == NURSE, col(Shift.ends_at) > first, col(Shift.starts_at) < last)
        .order_by(col(Shift.starts_at))
    )
    spans: dict[int, list[Span]] = defaultdict(list)
    for user_id, starts, ends, ward_id in session.execute(found):
        spans[user_id].append((starts, ends, ward_id))
    return spans


def asked(session: Session, shift_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """(shift, person) → what they have answered."""
    found = select(col(ShiftAsk.shift_id), col(ShiftAsk.user_id), col(ShiftAsk.answer))
    rows = session.execute(found.where(col(ShiftAsk.shift_id).in_(shift_ids)))
    return {(shift_id, user_id): answer for shift_id, user_id, answer in rows}


def questions_to(session: Session, user_id: int, now: datetime) -> list[dict[str, Any]]:
    """What somebody has been asked and has not answered: shifts of wards that are not over."""
    found = (
        select(Shift, col(Ward.name))
        .join(ShiftAsk, col(ShiftAsk.shift_id) == Shift.id)
        .join(Ward, col(Ward.id) == Shift.ward_id)
        .where(col(ShiftAsk.user_id) == user_id, col(ShiftAsk.answer) == Answer.WAITING.value)
        .where(col(Shift.ends_at) > now)
        .order_by(col(Shift.starts_at))
    )
    return [
        {"shift_id": shift.id, "ward": ward, "when": when_words((shift.starts_at, shift.ends_at))}
        for shift, ward in session.execute(found)
    ]


def when_words(slot: Slot) -> str:
    """`Tue 15–23 h`."""
    first, last = (moment.astimezone(hospital_zone()) for moment in slot)
    return f"{first:%a} {first.hour}–{last.hour} h"


def who_could(
    people: Sequence[Colleague], ward_id: int, shift_id: int, slot: Slot, answers: dict[tuple[int, int], str]
) -> list[dict[str, Any]]:
    """Who may be asked to fill a gap: the float pool on that shift first, then the rested with the fewest hours."""
    able = [
        one
        for one in people
        if ward_id in one.ward_ids
        and (one.is_in_pool(slot) or one.is_rested(slot))
        and answers.get((shift_id, one.user_id)) != Answer.YES
    ]
    able.sort(key=lambda one: (not one.is_in_pool(slot), one.hours(slot), one.name))
    return [_told(one, slot, answers.get((shift_id, one.user_id), "")) for one in able[:SHOWN_WHO]]


def _told(one: Colleague, slot: Slot, answer: str) -> dict[str, Any]:
    pool, rest, hours = one.is_in_pool(slot), one.rest(slot), round(one.hours(slot))
    words = "Float pool, on this shift" if pool else "Off for a week" if rest is None else f"Rested {rest:.0f} h"
    return {
        "user_id": one.user_id,
        "name": one.name,
        "pool": pool,
        "words": words,
        "hours": hours,
        "hours_words": f"{hours} h this week",
        "answer": answer,
    }
