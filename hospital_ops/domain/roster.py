"""Who may work a shift: the rules of the roster as one table, each with its reason in words.

A rule is hard (nobody is in two places) or soft: a planner who gives a reason sets it aside, and the audit keeps both.
A person's skill for a ward is that they belong to it; their role is their skill for the work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from hospital_ops.domain.errors import Conflict, Invalid
from hospital_ops.domain.staffing import MOST_WEEKLY_HOURS, REST, WEEK

MOST_IN_A_ROW = 6
LONGEST_REASON = 200
SHORTEST, LONGEST = timedelta(hours=2), timedelta(hours=16)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# A rule needs to know what somebody works this long before and after the shift it judges.
LOOK = WEEK + DAY


class SwapState(StrEnum):
    """Where a swap of two shifts stands."""

    ASKED = "asked"
    TO_APPROVE = "to_approve"  # both want it and a rule is in the way: the planner decides
    DONE = "done"
    DECLINED = "declined"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN_SWAPS = frozenset({SwapState.ASKED, SwapState.TO_APPROVE})


@dataclass(frozen=True, slots=True)
class Slot:
    """A shift as the rules see it; `ward_id` None is the house's. `day`: the hospital's day on which it begins."""

    ward_id: int | None
    role: str
    starts_at: datetime
    ends_at: datetime
    day: date

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at) / HOUR


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who could work it."""

    user_id: int
    name: str
    role: str
    ward_ids: frozenset[int]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that is in the way: its code, the reason in words, and whether a planner's reason sets it aside."""

    code: str
    sentence: str
    hard: bool


Judge = Callable[[Worker, Slot, Sequence[Slot]], str]


def most_hours(slots: Iterable[Slot]) -> float:
    """The most hours within any seven days, among windows that end with one of these shifts."""
    ordered = sorted(slots, key=lambda one: one.ends_at)
    most = 0.0
    for last in ordered:
        since = last.ends_at - WEEK
        here = (min(one.ends_at, last.ends_at) - max(one.starts_at, since) for one in ordered)
        most = max(most, sum(max(span / HOUR, 0.0) for span in here))
    return most


def days_in_a_row(day: date, others: Iterable[Slot]) -> int:
    """How many days one after the other are worked, this one among them."""
    days = {one.day for one in others} | {day}
    first = last = day
    while first - DAY in days:
        first -= DAY
    while last + DAY in days:
        last += DAY
    return (last - first).days + 1


def shortest_rest(slot: Slot, others: Iterable[Slot]) -> timedelta | None:
    """Time off between this shift and the nearest one; None without any."""
    gaps = [
        slot.starts_at - one.ends_at if one.ends_at <= slot.starts_at else one.starts_at - slot.ends_at
        for one in others
        if one.ends_at <= slot.starts_at or one.starts_at >= slot.ends_at
    ]
    return min(gaps, default=None)


def _closed(worker: Worker, slot: Slot, others: Sequence[Slot]) -> str:
    return "" if worker.active else f"The account of {worker.name} is closed."


def _role(worker: Worker, slot: Slot, others: Sequence[Slot]) -> str:
    words = worker.role.replace("_", " "), slot.role.replace("_", " ")
    return "" if worker.role == slot.role else f"{worker.name} works as {words[0]}; this shift needs a {words[1]}."


def _overlap(worker: Worker, slot: Slot, others: Sequence[Slot]) -> str:
    met = any(one.starts_at < slot.ends_at and slot.starts_at < one.ends_at for one in others)
    return f"{worker.name} works another shift at that time." if met else ""


def _ward(worker: Worker, slot: Slot, others: Sequence[Slot]) -> str:
    theirs = slot.ward_id is None or slot.ward_id in worker.ward_ids
    return "" if theirs else f"{worker.name} does not belong to that ward."


def _rest(worker: Worker, slot: Slot, others: Sequence[Slot]) -> str:
    rest = shortest_rest(slot, others)
    if rest is None or rest >= REST:
        return ""
    return f"{worker.name} would have {rest / HOUR:g} h of rest; {REST / HOUR:g} are needed."


def _week(worker: Worker, slot: Slot, others: Sequence[Slot]) -> str:
    before, hours = most_hours(others), most_hours([*others, slot])
    if hours <= MOST_WEEKLY_HOURS or hours <= before:
        return ""
    return f"{worker.name} would work {hours:g} h in seven days; at most {MOST_WEEKLY_HOURS:g} are allowed."


def _row(worker: Worker, slot: Slot, others: Sequence[Slot]) -> str:
    days = days_in_a_row(slot.day, others)
    return f"{worker.name} would work {days} days in a row; at most {MOST_IN_A_ROW}." if days > MOST_IN_A_ROW else ""


# code: (hard, what is asked). docs/rules.md has the same lines; a test compares them.
RULES: dict[str, tuple[bool, Judge]] = {
    "closed": (True, _closed),
    "role": (True, _role),
    "overlap": (True, _overlap),
    "ward": (False, _ward),
    "rest": (False, _rest),
    "week": (False, _week),
    "row": (False, _row),
}


# What a soft rule is in the way of, in a few words: whoever reads them knows whose shifts they are about.
IN_WORDS: dict[str, str] = {
    "ward": "a ward that is not theirs",
    "rest": f"under {REST / HOUR:g} h of rest",
    "week": f"over {MOST_WEEKLY_HOURS:g} h in seven days",
    "row": f"more than {MOST_IN_A_ROW} days in a row",
}


def rule_words(codes: str) -> str:
    """`rest,row` → `under 11 h of rest and more than 6 days in a row`; "" for none."""
    return " and ".join(IN_WORDS.get(code, code) for code in codes.split(",") if code)


def judge(worker: Worker, slot: Slot, others: Sequence[Slot]) -> list[Broken]:
    """Every rule in the way of this person working this shift beside the others; [] is what we want."""
    asked = ((code, hard, rule(worker, slot, others)) for code, (hard, rule) in RULES.items())
    return [Broken(code, sentence, hard) for code, hard, sentence in asked if sentence]


def refuse(broken: Sequence[Broken], reason: str = "") -> None:
    """Refuse what is hard whatever the reason, and what is soft without one."""
    if hard := [one for one in broken if one.hard]:
        raise Conflict(" ".join(one.sentence for one in hard), code=f"roster_{hard[0].code}")
    if broken and not reason:
        words = " ".join(one.sentence for one in broken)
        raise Conflict(f"{words} Give a reason to do it all the same.", code="needs_reason")


def check_hours(starts_at: datetime, ends_at: datetime) -> None:
    """Refuse a shift that is none."""
    if not SHORTEST <= ends_at - starts_at <= LONGEST:
        raise Invalid(f"A shift is {SHORTEST / HOUR:g} to {LONGEST / HOUR:g} hours long.", code="shift_hours")


def stamp_of(changes: Iterable[tuple[int, int, bool]]) -> str:
    """Tells one draft from another: (shift, person, joins) of all its changes."""
    text = ";".join(f"{shift} {user} {joins:d}" for shift, user, joins in sorted(changes))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest() if text else ""
