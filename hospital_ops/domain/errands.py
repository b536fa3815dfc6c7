"""Who is sent where, and how long each thing waits: people and their errands, event by event, in minutes.

The engine of the dispatch benchmark and of the what-if. It decides nothing itself: a rule gives the next errand to somebody,
and the product's own rule is `ours`. The same errands, people and rule give the same answer.
"""

from __future__ import annotations

import heapq
import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hospital_ops.domain.dispatch import Candidate, choose, in_order
from hospital_ops.domain.floor_plan import Place, walking_metres
from hospital_ops.domain.tasks import Priority, StaffStatus

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
METRES_A_MINUTE = 70.0
ALWAYS = ((-math.inf, math.inf),)
# Student's t at 95 %, by degrees of freedom; between two of them the smaller one's, which is the wider.
_T95 = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 7: 2.36, 8: 2.31, 9: 2.26, 11: 2.20, 15: 2.13, 19: 2.09,
        29: 2.05, 39: 2.02, 59: 2.00, 119: 1.98}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One errand. `at` and `work` are minutes; `ends` is where its person stands afterwards.

    `lead`: minutes from being sent to standing there, where they were measured; None: the walk by the floor plan.
    """

    number: int
    kind: str
    priority: Priority
    at: float
    ward: str
    place: Place
    ends: Place
    work: float
    lead: float | None = None

    @property
    def since(self) -> datetime:
        return MIDNIGHT + timedelta(minutes=self.at)


@dataclass(slots=True)
class Worker:
    """Somebody at work; `candidate.user_id` is their place in the list of everybody, `on` from when until when they are here.

    Who is called away by the end of `on` ends first what they have begun.
    """

    candidate: Candidate
    kind: str
    wards: frozenset[str]
    on: tuple[tuple[float, float], ...] = ALWAYS

    def can(self, task: Asked) -> bool:
        return self.kind == task.kind and task.ward in self.wards

    def is_on(self, minute: float) -> bool:
        return any(begins <= minute < ends for begins, ends in self.on)


@dataclass(frozen=True, slots=True)
class Done:
    """When somebody stood there, and when it was done, in minutes."""

    began: float
    ended: float


Pair = tuple[Asked, Worker]
# What waits (by number), everybody, minutes since midnight → the next errand to give and to whom; None for nobody.
Rule = Callable[[dict[int, Asked], list[Worker], float], Pair | None]


def ours(waiting: dict[int, Asked], people: list[Worker], now: float) -> Pair | None:
    """The product's: most urgent first with ageing, each to the nearest free person."""
    order = in_order(((t.number, t.priority, t.since) for t in waiting.values()), MIDNIGHT + timedelta(minutes=now))
    return first_that_goes(order, waiting, people)


def first_that_goes(order: Iterable[int], waiting: dict[int, Asked], people: list[Worker]) -> Pair | None:
    """The first errand in this order for which somebody is free, and the nearest who is."""
    for number in order:
        task = waiting[number]
        choice = choose(task.place, [one.candidate for one in people if one.can(task)])
        if choice.user_id is not None:
            return task, people[choice.user_id]
    return None


def simulate(
    tasks: Sequence[Asked], staff: list[Worker], rule: Rule = ours, *, begins: float = -math.inf
) -> dict[int, Done]:
    """Each errand that somebody came to, by number. What was asked before `begins` waits there already.

    `tasks` are numbered by their order; `staff` is used up: hand in new ones.
    """
    waiting: dict[int, Asked] = {}
    found: dict[int, Done] = {}
    # (minute, order of entry, the errand asked, who is free again and where, or who comes or goes)
    events: list[tuple[float, int, Asked | tuple[int, Place] | int]] = [
        (max(task.at, begins), task.number, task) for task in tasks
    ]
    entered = len(tasks)
    for person, moment in _comings_and_goings(staff, begins):
        entered += 1
        events.append((moment, entered, person))
    heapq.heapify(events)
    while events:
        now, _, what = heapq.heappop(events)
        if isinstance(what, Asked):
            waiting[what.number] = what
        elif isinstance(what, int):
            _turn(staff[what], now)
        else:
            one = staff[what[0]]
            one.candidate = replace(one.candidate, busy=False, open_tasks=0, place=what[1])
        while waiting and (pair := rule(waiting, staff, now)) is not None:
            task, one = pair
            del waiting[task.number]
            began = now + (_walk(one, task.place) if task.lead is None else task.lead)
            one.candidate = replace(one.candidate, busy=True, open_tasks=1)
            found[task.number] = Done(began, began + task.work)
            entered += 1
            heapq.heappush(events, (began + task.work, entered, (one.candidate.user_id, task.ends)))
    return found


def _comings_and_goings(staff: list[Worker], begins: float) -> Iterable[tuple[int, float]]:
    """Who changes their status when; and everybody's status as it is at the beginning."""
    for number, one in enumerate(staff):
        _turn(one, begins)
        yield from ((number, moment) for window in one.on for moment in window if begins < moment < math.inf)


def _turn(one: Worker, minute: float) -> None:
    here = one.on == ALWAYS or one.is_on(minute)
    one.candidate = replace(one.candidate, status=StaffStatus.AVAILABLE if here else StaffStatus.OFF_SHIFT)


def _walk(one: Worker, place: Place) -> float:
    return metres(one, place) / METRES_A_MINUTE


def metres(one: Worker, place: Place) -> float:
    """From where somebody stands to a place; 0 when nobody knows where they stand."""
    return 0.0 if one.candidate.place is None else walking_metres(one.candidate.place, place)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest of the `ordered` that at least this share does not exceed."""
    return ordered[max(0, min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1))]


def with_interval(values: Sequence[float]) -> tuple[float | None, float | None]:
    """(mean, half of its 95 % interval); one value has no interval, none has no mean."""
    if len(values) < 2:
        return (round(values[0], 1) if values else None), None
    freedom = max(known for known in _T95 if known <= len(values) - 1)
    half = _T95[freedom] * statistics.stdev(values) / math.sqrt(len(values))
    return round(statistics.fmean(values), 1), round(half, 1)
