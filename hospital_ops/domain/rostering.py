"""Who could fill a roster's open places: what a plan must keep, what it costs, and the plan that takes turns.

A plan is a set of (need, person). It keeps every rule of `domain.roster`, the soft ones too, since nobody is there to give a
reason, and two more: no more than `MOST_NIGHTS` nights one after the other, and nobody on a day that they have off.
`infra.rostering` looks for a cheaper plan than `take_turns` finds. Costs are whole numbers; less is better.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hospital_ops.domain.roster import DAY, Broken, Slot, Worker, days_in_a_row, judge
from hospital_ops.domain.staffing import REST

MOST_NIGHTS = 4
# A shift is a night's when it holds this hour of the hospital's day; the day it is counted on is the one it begins on.
NIGHT_BEGINS = 20
SATURDAY = 5
# Less rest than this is allowed and tires: an evening, then the next morning but one hour.
SHORT_REST = timedelta(hours=16)

# What a plan costs. One place more filled outweighs all else that one person's shift could change.
OPEN_PLACE = 100_000
A_WISH = 2_000
# Each of these is paid for the square of a person's number, so that the tenth night costs more than the first.
A_NIGHT, A_WEEKEND, A_SHIFT = 20, 20, 4
A_SHORT_REST = 60
# Points of strain a person brings from the weeks before (0 to 100), paid for each shift that they are given.
MOST_STRAIN = 100

# How many days to come somebody may ask for at a time, and how far ahead.
MOST_WISHES = 6
FARTHEST_WISH = timedelta(weeks=26)

Pick = tuple[int, int]
Plan = frozenset[Pick]


@dataclass(frozen=True, slots=True)
class Need:
    """So many more people are wanted on this shift. `night`, `weekend`: what kind of shift it is to whoever works it."""

    slot: Slot
    people: int
    night: bool = False

    @property
    def weekend(self) -> bool:
        return self.slot.day.weekday() >= SATURDAY


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who could come. `works`: their shifts round the plan, published and drafted, that stay as they are.

    `nights`, `weekends`, `shifts`: how many they have had in the four weeks before and have already; `strain`: 0 to 100, from the
    roster alone (domain.rostering.strain_of), never from anybody's index. `night_days`: days of `works` on which a night begins.
    """

    worker: Worker
    works: tuple[Slot, ...] = ()
    night_days: frozenset[date] = frozenset()
    nights: int = 0
    weekends: int = 0
    shifts: int = 0
    strain: int = 0
    off: frozenset[date] = frozenset()
    wishes: frozenset[date] = frozenset()

    @property
    def user_id(self) -> int:
        return self.worker.user_id


@dataclass(frozen=True, slots=True)
class Cost:
    """What a plan costs, part by part."""

    open_places: int
    wishes: int
    fairness: int
    strain: int

    @property
    def total(self) -> int:
        return OPEN_PLACE * self.open_places + A_WISH * self.wishes + self.fairness + self.strain


def with_given(hand: Hand, given: Sequence[Need]) -> Hand:
    """The same person once they work these too."""
    return replace(
        hand,
        works=(*hand.works, *(one.slot for one in given)),
        night_days=hand.night_days | {one.slot.day for one in given if one.night},
        nights=hand.nights + sum(one.night for one in given),
        weekends=hand.weekends + sum(one.weekend for one in given),
        shifts=hand.shifts + len(given),
    )


def strain_of(slots: Iterable[Slot], nights: int) -> int:
    """Points from what the roster itself shows of four weeks: nights, short rests, hours beyond forty a week."""
    ordered = sorted(slots, key=lambda one: one.starts_at)
    hours = sum(one.hours for one in ordered)
    short = sum(is_short(one, other) for one, other in itertools.pairwise(ordered))
    return min(MOST_STRAIN, 3 * nights + 8 * short + round(max(0.0, hours - 160)))


def is_short(one: Slot, other: Slot) -> bool:
    """Whether the rest between two shifts is allowed and yet short."""
    gap = max(one.starts_at, other.starts_at) - min(one.ends_at, other.ends_at)
    return REST <= gap < SHORT_REST


def nights_in_a_row(day: date, nights: Iterable[date]) -> int:
    """How many nights one after the other, this one among them."""
    days = {*nights, day}
    first = last = day
    while first - DAY in days:
        first -= DAY
    while last + DAY in days:
        last += DAY
    return (last - first).days + 1


def in_the_way(hand: Hand, need: Need, given: Sequence[Need]) -> list[Broken]:
    """Every rule against this person on this shift, beside what they work and what the plan gives them otherwise."""
    broken = judge(hand.worker, need.slot, [*hand.works, *(one.slot for one in given)])
    name, day = hand.worker.name, need.slot.day
    if day in hand.off:
        broken.append(Broken("off", f"{name} has that day off.", hard=True))
    elif any(one.day == day for one in hand.works) or any(one.slot.day == day for one in given):
        broken.append(Broken("twice", f"{name} works that day already.", hard=True))
    nights = {*hand.night_days, *(one.slot.day for one in given if one.night)}
    if need.night and nights_in_a_row(day, nights) > MOST_NIGHTS:
        broken.append(Broken("nights", f"{name} would work over {MOST_NIGHTS} nights in a row.", hard=True))
    return broken


def breaks(plan: Plan, needs: Sequence[Need], hands: Sequence[Hand]) -> list[str]:
    """What a plan breaks, in sentences; [] for one that may be drafted."""
    by_id = {hand.user_id: hand for hand in hands}
    found = [
        f"{needs[number].slot.day}: more people than wanted"
        for number, count in Counter(number for number, _ in plan).items()
        if count > needs[number].people
    ]
    for user_id, mine in by_person(plan).items():
        for number in mine:
            given = [needs[other] for other in mine if other != number]
            found += [one.sentence for one in in_the_way(by_id[user_id], needs[number], given)]
    return found


def by_person(plan: Iterable[Pick]) -> dict[int, list[int]]:
    """Person → the needs that they are given, in order."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, user_id in sorted(plan):
        found[user_id].append(number)
    return dict(found)


def cost_of(plan: Plan, needs: Sequence[Need], hands: Sequence[Hand]) -> Cost:
    """What a plan costs. It does not ask whether the plan is allowed."""
    mine = by_person(plan)
    wishes = fairness = strain = 0
    for hand in hands:
        given = [needs[number] for number in mine.get(hand.user_id, [])]
        wishes += sum(one.slot.day in hand.wishes for one in given)
        fairness += A_NIGHT * (hand.nights + sum(one.night for one in given)) ** 2
        fairness += A_WEEKEND * (hand.weekends + sum(one.weekend for one in given)) ** 2
        fairness += A_SHIFT * (hand.shifts + len(given)) ** 2
        strain += hand.strain * len(given) + A_SHORT_REST * _short_rests(hand, given)
    return Cost(sum(need.people for need in needs) - len(plan), wishes, fairness, strain)


def _short_rests(hand: Hand, given: Sequence[Need]) -> int:
    """Short rests that the given shifts make, with each other and with what is worked anyway."""
    new = [one.slot for one in given]
    pairs = [(one, other) for place, one in enumerate(new) for other in (*new[place + 1 :], *hand.works)]
    return sum(is_short(one, other) for one, other in pairs)


def take_turns(needs: Sequence[Need], hands: Sequence[Hand]) -> Plan:
    """Shift after shift, each place to whoever costs least just then: what a planner with a pencil does."""
    given: dict[int, list[int]] = defaultdict(list)
    order = sorted(range(len(needs)), key=lambda number: (needs[number].slot.starts_at, number))
    for number in order:
        for _ in range(needs[number].people):
            able = [
                (_more(hand, [needs[one] for one in given[hand.user_id]], needs[number]), hand.user_id)
                for hand in hands
                if number not in given[hand.user_id]
                and not in_the_way(hand, needs[number], [needs[one] for one in given[hand.user_id]])
            ]
            if not able:
                break
            given[min(able)[1]].append(number)
    return frozenset((number, user_id) for user_id, numbers in given.items() for number in numbers)


def _more(hand: Hand, given: Sequence[Need], need: Need) -> int:
    """What it costs that this person works this too."""
    before, after = (
        cost_of(frozenset((place, hand.user_id) for place in range(len(those))), those, [hand])
        for those in ([*given], [*given, need])
    )
    return after.total - before.total


def why_open(need: Need, given: Mapping[int, Sequence[Need]], hands: Sequence[Hand]) -> str:
    """Why a place stays open, in words: what is in the way of how many."""
    counted: Counter[str] = Counter()
    for hand in hands:
        broken = in_the_way(hand, need, given.get(hand.user_id, ()))
        if broken:
            counted[WHY_OPEN[broken[0].code]] += 1
    if not counted:
        return "Nobody of this role belongs to the ward."
    return "; ".join(f"{number} {words}" for words, number in counted.most_common()) + "."


# code of a rule → what it says of several people at once.
WHY_OPEN: dict[str, str] = {
    "closed": "with a closed account",
    "role": "of another role",
    "overlap": "on another shift at that time",
    "ward": "of another ward",
    "rest": "without their rest",
    "week": "at their week's hours",
    "row": "at six days in a row",
    "off": "off that day",
    "twice": "on another shift that day",
    "nights": f"at {MOST_NIGHTS} nights in a row",
}


def why_them(hand: Hand, need: Need, given: Sequence[Need]) -> str:
    """What this shift would be to this person, in facts that the planner can check: four weeks, and the planned one."""
    others = [*hand.works, *(one.slot for one in given)]
    facts = [f"shift {hand.shifts + len(given) + 1} in five weeks"]
    if need.night:
        facts.append(f"night {hand.nights + sum(one.night for one in given) + 1}")
    if need.weekend:
        facts.append(f"weekend shift {hand.weekends + sum(one.weekend for one in given) + 1}")
    if need.slot.day in hand.wishes:
        facts.append("against their wish to be off")
    facts.append(f"day {days_in_a_row(need.slot.day, others)} in a row")
    return ", ".join(facts)


def plan_stamp(plan: Plan, needs: Sequence[Need]) -> str:
    """Tells one proposal from another: who is to work what."""
    lines = sorted(f"{needs[number].slot.starts_at.isoformat()} {user_id}" for number, user_id in plan)
    return hashlib.blake2b(";".join(lines).encode(), digest_size=8).hexdigest()


def holds_night(first_hour: int) -> bool:
    """Whether a shift that begins at this hour of the hospital's day is a night's."""
    return first_hour >= NIGHT_BEGINS or first_hour < 4
