"""A person's own page: the hours of this week, the published shifts of this week and the next four, and swaps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from hospital_ops.domain.staffing import MOST_WEEKLY_HOURS, WEEK
from hospital_ops.infra.db import read_session
from hospital_ops.models import Shift, ShiftAssignment, User, Ward
from hospital_ops.queries.clock import hospital_date, hospital_zone, read_clock
from hospital_ops.queries.day_wishes import own_wishes
from hospital_ops.queries.shift_swaps import own_swaps

COMING_WEEKS = 4
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A published shift of one person; `ward` "" is the house's own."""

    shift_id: int
    ward: str
    role: str
    starts_at: datetime
    ends_at: datetime

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at) / HOUR

    def worked(self, now: datetime) -> float:
        """Hours of it that lie behind."""
        return max(0.0, (min(self.ends_at, now) - self.starts_at) / HOUR)


def monday_of(day: date) -> date:
    """The Monday on which the day's week begins."""
    return day - timedelta(days=day.weekday())


def begin_of(day: date) -> datetime:
    """Midnight in the hospital."""
    return datetime.combine(day, time(0), hospital_zone())


def own_shifts(user_id: int) -> dict[str, Any]:
    """The topic `me:<id>`. {} for nobody."""
    with read_session() as session:
        now = read_clock(session).now
        user = session.get(User, user_id)
        if user is None:
            return {}
        monday = monday_of(hospital_date(now))
        mine = _between(session, user_id, begin_of(monday), begin_of(monday + (COMING_WEEKS + 1) * WEEK))
        swaps = own_swaps(session, user_id, now)
        wishes = own_wishes(session, user_id, hospital_date(now))
    weeks = [_week(monday + n * WEEK, n, mine, now, swaps["busy"]) for n in range(COMING_WEEKS + 1)]
    return {
        "name": user.display_name,
        "role": user.role.replace("_", " "),
        "hours": weeks[0]["hours"],
        "worked": round(sum(one.worked(now) for one in mine if one.starts_at < begin_of(monday + WEEK)), 1),
        "most": MOST_WEEKLY_HOURS,
        "weeks": weeks,
        "wishes": wishes,
        "earliest_wish": (hospital_date(now) + timedelta(days=1)).isoformat(),
        "asked_of_me": swaps["asked_of_me"],
        "asked_by_me": swaps["asked_by_me"],
        "coming": sum(one.ends_at > now for one in mine),
        "now": now.isoformat(),
    }


def _between(session: Session, user_id: int, first: datetime, last: datetime) -> list[OwnShift]:
    found = (
        select(col(Shift.id), col(Ward.name), col(Shift.role), col(Shift.starts_at), col(Shift.ends_at))
        .join(ShiftAssignment, col(ShiftAssignment.shift_id) == Shift.id)
        .outerjoin(Ward, col(Ward.id) == Shift.ward_id)
        .where(col(ShiftAssignment.user_id) == user_id, col(Shift.starts_at) >= first, col(Shift.starts_at) < last)
        .order_by(col(Shift.starts_at))
    )
    return [OwnShift(id_, ward or "", role, starts, ends) for id_, ward, role, starts, ends in session.execute(found)]


def _week(monday: date, number: int, mine: Sequence[OwnShift], now: datetime, busy: Collection[int]) -> dict[str, Any]:
    first, last = begin_of(monday), begin_of(monday + WEEK)
    here = [one for one in mine if first <= one.starts_at < last]
    word = ("This week", "Next week")[number] if number < 2 else f"Week of {monday:%-d %B}"
    return {
        "monday": monday.isoformat(),
        "word": word,
        "hours": round(sum(one.hours for one in here), 1),
        "shifts": [_told(one, now, busy) for one in here],
    }


def _told(one: OwnShift, now: datetime, busy: Collection[int]) -> dict[str, Any]:
    first, last = (moment.astimezone(hospital_zone()) for moment in (one.starts_at, one.ends_at))
    when = "now" if one.starts_at <= now < one.ends_at else "over" if one.ends_at <= now else "coming"
    return {
        "shift_id": one.shift_id,
        "day": f"{first:%a %-d %b}",
        "hours": f"{first.hour}–{last.hour} h",
        "ward": one.ward or "The whole house",
        "when": when,
        # A question about it is open already, or it has begun: nothing to ask.
        "may_swap": when == "coming" and one.shift_id not in busy,
    }
