"""Swaps of shifts as people see them: one's own, what one could ask for, and what waits for the planner's word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from hospital_ops.domain.access import Actor
from hospital_ops.domain.errors import NotFound
from hospital_ops.domain.roster import LOOK, OPEN_SWAPS, Slot, SwapState, rule_words
from hospital_ops.domain.staffing import WEEK
from hospital_ops.infra.db import read_session
from hospital_ops.models import Shift, ShiftSwap, User, Ward
from hospital_ops.queries.clock import hospital_zone, read_clock
from hospital_ops.queries.roster_book import RosterBook, roster_book, slot_of

# How an answer stays to be read after it came.
TOLD_FOR = timedelta(days=3)
COMING = 5 * WEEK
MOST_CHOICES = 30
THE_HOUSE = "the whole house"

# Where a swap stands, as whoever asked reads it, and as whoever was asked does. {who} is the other, {why} the rules.
ASKERS: dict[SwapState, str] = {
    SwapState.ASKED: "{who} has not answered yet.",
    SwapState.TO_APPROVE: "{who} says yes. The planner decides, because of {why}.",
    SwapState.DONE: "Swapped with {who}.",
    SwapState.DECLINED: "{who} cannot.",
    SwapState.REFUSED: "The planner said no: {reason}",
}
ANSWERERS: dict[SwapState, str] = {
    SwapState.ASKED: "{who} asks you.",
    SwapState.TO_APPROVE: "You said yes to {who}. The planner decides, because of {why}.",
    SwapState.DONE: "Swapped with {who}.",
    SwapState.REFUSED: "You said yes to {who}; the planner said no: {reason}",
}


def shift_words(slot: Slot, wards: Mapping[int | None, str]) -> str:
    """`Wed 11 Mar, 7–15 h, Cardiac east`."""
    first, last = (moment.astimezone(hospital_zone()) for moment in (slot.starts_at, slot.ends_at))
    return f"{first:%a %-d %b}, {first.hour}–{last.hour} h, {wards.get(slot.ward_id, THE_HOUSE)}"


def own_swaps(session: Session, user_id: int, now: datetime) -> dict[str, Any]:
    """Part of the topic `me:<id>`: `asked_of_me` and `asked_by_me`, open ones first. `busy`: shifts asked about already."""
    mine = or_(col(ShiftSwap.user_id) == user_id, col(ShiftSwap.with_user_id) == user_id)
    shown = [one for one in _swaps(session, mine, now) if one["user_id"] == user_id or one["state"] in ANSWERERS]
    told = [_as_read(one, user_id) for one in shown]
    return {
        "asked_of_me": [one for one in told if not one["by_me"]],
        "asked_by_me": [one for one in told if one["by_me"]],
        "busy": [one["shift_id"] for one in shown if one["user_id"] == user_id and one["state"] in OPEN_SWAPS],
    }


def swaps_value() -> dict[str, Any]:
    """The topic `swaps`: what both people want and a rule is in the way of, the soonest shift first. Planners' alone."""
    with read_session() as session:
        found = _swaps(session, col(ShiftSwap.state) == SwapState.TO_APPROVE.value, read_clock(session).now)
    return {
        "swaps": [
            {"id": one["swap_id"], "who": one["who"], "with": one["with"], "gives": one["gives"]}
            | {"takes": one["takes"], "why": rule_words(one["rules"])}
            for one in found
        ]
    }


def swap_choices(actor: Actor, shift_id: int) -> list[dict[str, Any]]:
    """Which colleagues' shifts somebody could ask for theirs: on their own wards, hard rules kept, the nearest in time.

    Those with no rule in the way first: a colleague's yes is enough for them.
    """
    with read_session() as session:
        shift, now = session.get(Shift, shift_id), read_clock(session).now
        if shift is None or shift.starts_at <= now:
            raise NotFound("This shift has begun, or there is none. Look again.")
        people = select(col(User.id)).where(col(User.active), col(User.role) == shift.role)
        book = roster_book(session, now - LOOK, now + COMING + LOOK, session.execute(people).scalars().all())
        wards = _wards(session)
    # A swap is of the roster that people see.
    book.changes.clear()
    me = actor.user_id or 0
    if me not in book.workers or shift_id not in book.published[me]:
        raise NotFound("You do not work that shift. Look again.")
    found = [
        {"value": f"{user_id}-{theirs}", "who": book.workers[user_id].name, "rules": rules, "why": rule_words(rules)}
        | {"takes": shift_words(book.slots[theirs], wards), "at": book.slots[theirs].starts_at}
        for user_id, theirs, rules in _possible(book, me, shift_id, now)
    ]
    found.sort(key=lambda one: (bool(one["rules"]), one["at"], one["value"]))
    return [{name: one[name] for name in ("value", "who", "takes", "why")} for one in found]


def _possible(book: RosterBook, me: int, shift_id: int, now: datetime) -> Iterator[tuple[int, int, str]]:
    """(colleague, their shift, soft rules in the way) of the nearest that no hard rule forbids."""
    mine, my_wards = book.slots[shift_id], book.workers[me].ward_ids
    others = [
        (abs(book.slots[theirs].starts_at - mine.starts_at), user_id, theirs)
        for user_id in book.workers
        if user_id != me and shift_id not in book.published[user_id]
        for theirs in book.published[user_id] - book.published[me]
        if _could(book.slots[theirs], mine, now, my_wards)
    ]
    found = 0
    for _, user_id, theirs in sorted(others):
        broken = [
            *book.judge(me, book.slots[theirs], [shift_id]),
            *book.judge(user_id, mine, [theirs]),
        ]
        if not any(one.hard for one in broken):
            found += 1
            yield user_id, theirs, ",".join(sorted({one.code for one in broken}))
        if found == MOST_CHOICES:
            return


def _could(theirs: Slot, mine: Slot, now: datetime, my_wards: frozenset[int]) -> bool:
    """Whether a colleague's shift is one to ask for: to come, the same work, on a ward whose roster I see."""
    return (
        theirs.starts_at > now and theirs.role == mine.role and (theirs.ward_id is None or theirs.ward_id in my_wards)
    )


def _swaps(session: Session, which: Any, now: datetime) -> list[dict[str, Any]]:
    """Open ones of shifts to come, and what was answered lately; open ones first, then by when they were asked."""
    one, other = Shift.__table__.alias(), Shift.__table__.alias()  # type: ignore[attr-defined]
    is_open = col(ShiftSwap.state).in_([state.value for state in OPEN_SWAPS])
    found = (
        select(ShiftSwap)
        .join(one, one.c.id == ShiftSwap.shift_id)
        .join(other, other.c.id == ShiftSwap.with_shift_id)
        .where(which, col(ShiftSwap.state) != SwapState.WITHDRAWN.value)
        .where(
            or_(
                and_(is_open, one.c.starts_at > now, other.c.starts_at > now),
                col(ShiftSwap.decided_at) > now - TOLD_FOR,
            )
        )
        .order_by(is_open.desc(), col(ShiftSwap.asked_at), col(ShiftSwap.id))
    )
    rows, wards = session.execute(found).scalars().all(), _wards(session)
    names: dict[int, str] = dict(
        session.execute(
            select(col(User.id), col(User.display_name)).where(
                col(User.id).in_({user_id for row in rows for user_id in (row.user_id, row.with_user_id)})
            )
        ).all()
    )
    return [_row(row, names, lambda id_: shift_words(slot_of(session.get_one(Shift, id_)), wards)) for row in rows]


def _row(row: ShiftSwap, names: Mapping[int, str], words: Callable[[int], str]) -> dict[str, Any]:
    return {
        "swap_id": row.id,
        "user_id": row.user_id,
        "shift_id": row.shift_id,
        "who": names[row.user_id],
        "with": names[row.with_user_id],
        "gives": words(row.shift_id),
        "takes": words(row.with_shift_id),
        "state": SwapState(row.state),
        "rules": row.rules,
        "reason": row.reason,
    }


def _as_read(one: Mapping[str, Any], user_id: int) -> dict[str, Any]:
    """From where this person stands: what they would give and get, and how it stands."""
    by_me = one["user_id"] == user_id
    state, other = one["state"], one["with" if by_me else "who"]
    gives, gets = (one["gives"], one["takes"]) if by_me else (one["takes"], one["gives"])
    words = (ASKERS if by_me else ANSWERERS)[state]
    reason = one["reason"] or "no reason was given."
    return {
        "id": one["swap_id"],
        "by_me": by_me,
        "state": state.value,
        "gives": gives,
        "gets": gets,
        "words": words.format(who=other, why=rule_words(one["rules"]), reason=reason),
        "is_open": state in OPEN_SWAPS,
    }


def _wards(session: Session) -> dict[int | None, str]:
    return dict(session.execute(select(col(Ward.id), col(Ward.name))).all())
