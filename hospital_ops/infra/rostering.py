"""The cheapest plan for a roster's open places, by OR-Tools' CP-SAT.

One worker, a fixed seed and a limit in deterministic time, as in `infra.assignment`: the same input gives the same answer on any
machine. The plan that takes turns is the hint, and the answer when nothing better was found. What is allowed is said twice, as
constraints here and by `domain.rostering.breaks`, which has the last word.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hospital_ops.domain.roster import DAY, MOST_IN_A_ROW, Slot
from hospital_ops.domain.rostering import (
    A_NIGHT,
    A_SHIFT,
    A_SHORT_REST,
    A_WEEKEND,
    A_WISH,
    MOST_NIGHTS,
    OPEN_PLACE,
    Hand,
    Need,
    Pick,
    Plan,
    breaks,
    by_person,
    cost_of,
    in_the_way,
    is_short,
    take_turns,
    with_given,
)
from hospital_ops.domain.staffing import MOST_WEEKLY_HOURS, REST, WEEK

# In CP-SAT's units of work; benchmarks/roster.py says what they take.
WORK_LIMIT = 2.0
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Filled:
    """A plan, what it and the one that takes turns cost, and whether nothing cheaper exists."""

    plan: Plan
    cost: int
    cost_of_turns: int
    proven: bool


def fill(needs: Sequence[Need], hands: Sequence[Hand], work_limit: float = WORK_LIMIT) -> Filled:
    """The cheapest plan found within the limit. `needs` keep their places; people are taken in order of id."""
    people = sorted(hands, key=lambda hand: hand.user_id)
    turns = take_turns(needs, people)
    cost_of_turns = cost_of(turns, needs, people).total
    weekly = _week_by_week(needs, people, work_limit)
    hint = weekly if _costs(weekly, needs, people) < cost_of_turns else turns
    plan, proven = _Search(needs, people).solve(hint, work_limit)
    cost, hinted = _costs(plan, needs, people), _costs(hint, needs, people)
    if cost > hinted:
        return Filled(hint, round(hinted), cost_of_turns, proven=False)
    return Filled(plan, round(cost), cost_of_turns, proven)


def _costs(plan: Plan, needs: Sequence[Need], people: Sequence[Hand]) -> float:
    """What a plan costs; without end for one that may not be drafted."""
    return math.inf if breaks(plan, needs, people) else cost_of(plan, needs, people).total


def _week_by_week(needs: Sequence[Need], people: Sequence[Hand], work_limit: float) -> Plan:
    """Each week the best there is, after those before it. For one week there is nothing to say before the search itself."""
    weeks: dict[date, list[int]] = defaultdict(list)
    for number, need in enumerate(needs):
        weeks[need.slot.day - need.slot.day.weekday() * DAY].append(number)
    plan: Plan = Plan()
    for _, numbers in sorted(weeks.items()) if len(weeks) > 1 else ():
        given = by_person(plan)
        so_far = [with_given(hand, [needs[n] for n in given.get(hand.user_id, ())]) for hand in people]
        some = [needs[number] for number in numbers]
        found, _ = _Search(some, so_far).solve(take_turns(some, so_far), work_limit)
        plan |= {(numbers[place], user_id) for place, user_id in found}
    return plan


class _Search:
    """One model: a yes or no for each need and person whom no rule keeps from it."""

    def __init__(self, needs: Sequence[Need], people: Sequence[Hand]) -> None:
        from ortools.sat.python import cp_model

        self._solver_of, self._model = cp_model, cp_model.CpModel()
        self._needs, self._cost = needs, list[Any]()
        self._comes: dict[Pick, Any] = {
            (number, hand.user_id): self._model.new_bool_var("")
            for hand in people
            for number, need in enumerate(needs)
            if need.people > 0 and not in_the_way(hand, need, ())
        }
        self._fill_places()
        for hand in people:
            mine = {number: var for (number, user_id), var in self._comes.items() if user_id == hand.user_id}
            if mine:
                self._keep_rules(hand, mine)
                self._pay(hand, mine)
        self._model.minimize(sum(self._cost))

    def _fill_places(self) -> None:
        here: dict[int, list[Any]] = defaultdict(list)
        for (number, _), var in self._comes.items():
            here[number].append(var)
        for number, group in here.items():
            self._model.add(sum(group) <= self._needs[number].people)
            self._cost.append(-OPEN_PLACE * sum(group))

    # --- what is allowed ---------------------------------------------------------------------------------------------

    def _keep_rules(self, hand: Hand, mine: dict[int, Any]) -> None:
        slots = {number: self._needs[number].slot for number in mine}
        days: dict[date, list[Any]] = defaultdict(list)
        for number, var in mine.items():
            days[slots[number].day].append(var)
        for group in days.values():
            self._model.add_at_most_one(group)
        for one, other in _pairs(sorted(mine)):
            if _too_near(slots[one], slots[other]):
                self._model.add_bool_or(mine[one].negated(), mine[other].negated())
        self._at_most(MOST_IN_A_ROW, {slot.day for slot in hand.works}, days)
        nights: dict[date, list[Any]] = defaultdict(list)
        for number, var in mine.items():
            if self._needs[number].night:
                nights[slots[number].day].append(var)
        self._at_most(MOST_NIGHTS, hand.night_days, nights)
        self._keep_week(hand, mine)

    def _at_most(self, most: int, fixed: Iterable[date], days: dict[date, list[Any]]) -> None:
        """Of any `most` + 1 days one after the other at most `most`; what is worked anyway cannot be made less."""
        worked = set(fixed)
        firsts = {day - n * DAY for day in days for n in range(most + 1)}
        for first in sorted(firsts):
            span = [first + n * DAY for n in range(most + 1)]
            group = [var for day in span for var in days.get(day, ())]
            already = sum(day in worked and day not in days for day in span)
            self._model.add(sum(group) <= max(0, most - already))

    def _keep_week(self, hand: Hand, mine: dict[int, Any]) -> None:
        """Every seven days that end with a shift: no other seven have more hours (domain.roster.most_hours)."""
        slots = {number: self._needs[number].slot for number in mine}
        most = round(MOST_WEEKLY_HOURS * 60)
        for ends in sorted({slot.ends_at for slot in (*slots.values(), *hand.works)}):
            fixed = sum(_minutes(slot, ends) for slot in hand.works)
            hours = [(_minutes(slot, ends), mine[number]) for number, slot in slots.items() if _minutes(slot, ends)]
            if hours and fixed + sum(minutes for minutes, _ in hours) > most:
                self._model.add(sum(minutes * var for minutes, var in hours) <= max(0, most - fixed))

    # --- what it costs -----------------------------------------------------------------------------------------------

    def _pay(self, hand: Hand, mine: dict[int, Any]) -> None:
        needs = {number: self._needs[number] for number in mine}
        for number, var in mine.items():
            near = sum(is_short(needs[number].slot, slot) for slot in hand.works)
            wish = A_WISH * (needs[number].slot.day in hand.wishes)
            self._cost.append((hand.strain + A_SHORT_REST * near + wish) * var)
        for one, other in _pairs(sorted(mine)):
            if is_short(needs[one].slot, needs[other].slot):
                both = self._model.new_bool_var("")
                self._model.add_bool_or(mine[one].negated(), mine[other].negated(), both)
                self._cost.append(A_SHORT_REST * both)
        self._pay_square(A_NIGHT, hand.nights, [mine[n] for n, need in needs.items() if need.night])
        self._pay_square(A_WEEKEND, hand.weekends, [mine[n] for n, need in needs.items() if need.weekend])
        self._pay_square(A_SHIFT, hand.shifts, list(mine.values()))

    def _pay_square(self, each: int, already: int, group: Sequence[Any]) -> None:
        """(already + how many of the group)² less already²: each one more costs two more than the one before."""
        steps = [self._model.new_bool_var("") for _ in group]
        if steps:
            self._model.add(sum(steps) == sum(group))
            for one, other in itertools.pairwise(steps):
                self._model.add_implication(other, one)
            self._cost += [each * (2 * (already + n) + 1) * step for n, step in enumerate(steps)]

    def solve(self, hint: Plan, work_limit: float) -> tuple[Plan, bool]:
        """(plan, whether it is proven cheapest). The hint itself when nothing was found within the limit."""
        for pick, var in self._comes.items():
            self._model.add_hint(var, pick in hint)
        solver = self._solver_of.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = work_limit
        status = solver.solve(self._model)
        if status not in (self._solver_of.OPTIMAL, self._solver_of.FEASIBLE):
            return hint, False
        plan = frozenset(pick for pick, var in self._comes.items() if solver.boolean_value(var))
        return plan, status == self._solver_of.OPTIMAL


def _pairs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    return [(one, other) for place, one in enumerate(numbers) for other in numbers[place + 1 :]]


def _too_near(one: Slot, other: Slot) -> bool:
    return one.starts_at < other.ends_at + REST and other.starts_at < one.ends_at + REST


def _minutes(slot: Slot, ends_at: datetime) -> int:
    """Minutes of a shift within the seven days that end then."""
    span = min(slot.ends_at, ends_at) - max(slot.starts_at, ends_at - WEEK)
    return max(0, int(span / MINUTE))
