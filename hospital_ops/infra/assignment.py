"""The best plan for a whole waiting list, by OR-Tools' CP-SAT.

One worker, a fixed seed and a limit in deterministic time (work done, not seconds passed): the same input gives the same
answer on any machine. The plan that takes turns is the hint, so the answer is never worse than it.

Rooms that are alike are one kind of room. For a kind with `m` rooms the solver decides how many of them are women's, `w`:
of each sort of bed, `n` in every such room, women take at most `n·w` and men at most `n·(m-w)`. Any such numbers can be
dealt out to the single rooms, so nothing is lost, and the solver need not tell a hundred equal beds apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.placement import Offer, judge
from hospital_ops.domain.waiting_list import Plan, Waiting, take_turns, worth_in, worth_of

# In CP-SAT's units of work. benchmarks/placement.py has never needed more than a tenth of it.
WORK_LIMIT = 2.0
WOMEN, MEN = "female", "male"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A plan, what it and the one that takes turns are worth, and whether nothing better exists."""

    plan: Plan
    worth: int
    worth_of_turns: int
    proven: bool


@dataclass
class Kind:
    """Rooms that are alike: each is a list of its free beds by sort."""

    rooms: list[dict[tuple[object, ...], list[Offer]]] = field(default_factory=list)

    def sorts(self) -> dict[tuple[object, ...], Offer]:
        """Each sort of bed in such a room, with one bed to judge by."""
        return {sort: beds[0] for sort, beds in self.rooms[0].items()}


def assign(waiting: Sequence[Waiting], beds: Sequence[Offer], work_limit: float = WORK_LIMIT) -> Assignment:
    """The best plan found within the limit; the plan that takes turns when nothing better was."""
    people = sorted(waiting, key=lambda one: one.request_id)
    ready = sorted((bed for bed in beds if bed.status is BedStatus.AVAILABLE), key=lambda bed: bed.bed_id)
    turns = take_turns(people, ready)
    worth_of_turns = worth_of(turns, people, ready)
    plan, proven = _Search(people, kinds_of(ready)).solve(turns, work_limit)
    worth = worth_of(plan, people, ready)
    if worth < worth_of_turns:
        return Assignment(turns, worth_of_turns, worth_of_turns, proven=False)
    return Assignment(plan, worth, worth_of_turns, proven)


def kinds_of(ready: Sequence[Offer]) -> list[Kind]:
    """The free beds, room by room, alike rooms together. A bed without a room is a room of its own."""
    rooms: dict[str, dict[tuple[object, ...], list[Offer]]] = defaultdict(lambda: defaultdict(list))
    for bed in ready:
        sort = (
            bed.ward_id,
            bed.unit,
            bed.sex_of_room,
            bed.isolation_room,
            bed.telemetry,
            tuple(sorted(bed.neighbours)),
        )
        rooms[bed.room or f"bed {bed.bed_id}"][sort].append(bed)
    kinds: dict[object, Kind] = defaultdict(Kind)
    for room in rooms.values():
        kinds[frozenset((sort, len(beds)) for sort, beds in room.items())].rooms.append(room)
    return list(kinds.values())


class _Search:
    """One model: a yes or no for each person and sort of bed that the rules allow, and a number of women's rooms a kind."""

    def __init__(self, people: Sequence[Waiting], kinds: Sequence[Kind]) -> None:
        from ortools.sat.python import cp_model

        self._solver_of, self._model = cp_model, cp_model.CpModel()
        self._people, self._kinds = people, kinds
        self._lies: dict[tuple[int, int, tuple[object, ...]], Any] = {}
        self._womens = [self._model.new_int_var(0, len(kind.rooms), "") for kind in kinds]
        self._worth: list[Any] = []
        for number, kind in enumerate(kinds):
            for sort, bed in kind.sorts().items():
                self._offer(number, sort, bed)
        self._one_bed_each()
        self._model.maximize(sum(self._worth))

    def _offer(self, number: int, sort: tuple[object, ...], bed: Offer) -> None:
        """Who may lie in this sort of bed, and how many of them together."""
        by_sex: dict[str, list[Any]] = defaultdict(list)
        for one in self._people:
            judged = judge(one.need, bed)
            if judged.allowed:
                lies = self._lies[one.request_id, number, sort] = self._model.new_bool_var("")
                self._worth.append(worth_in(one, judged) * lies)
                by_sex[one.need.sex].append(lies)
        rooms, womens = self._kinds[number].rooms, self._womens[number]
        each = len(rooms[0][sort])
        self._model.add(sum(by_sex[WOMEN]) <= each * womens)
        self._model.add(sum(by_sex[MEN]) <= each * (len(rooms) - womens))
        self._model.add(sum(lies for group in by_sex.values() for lies in group) <= each * len(rooms))

    def _one_bed_each(self) -> None:
        beds_of: dict[int, list[Any]] = defaultdict(list)
        for (request_id, _, _), lies in self._lies.items():
            beds_of[request_id].append(lies)
        for group in beds_of.values():
            self._model.add_at_most_one(group)

    def solve(self, hint: Plan, work_limit: float) -> tuple[Plan, bool]:
        """(plan, whether it is proven best). The hint itself when the limit is reached before anything was found."""
        places = {
            bed.bed_id: (number, sort)
            for number, kind in enumerate(self._kinds)
            for room in kind.rooms
            for sort, beds in room.items()
            for bed in beds
        }
        for (request_id, number, sort), lies in self._lies.items():
            self._model.add_hint(lies, places.get(hint.get(request_id, 0)) == (number, sort))
        solver = self._solver_of.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = work_limit
        status = solver.solve(self._model)
        if status not in (self._solver_of.OPTIMAL, self._solver_of.FEASIBLE):
            return hint, False
        chosen = [key for key, lies in self._lies.items() if solver.boolean_value(lies)]
        womens = [solver.value(number) for number in self._womens]
        return self._dealt_out(chosen, womens), status == self._solver_of.OPTIMAL

    def _dealt_out(self, chosen: list[tuple[int, int, tuple[object, ...]]], womens: list[int]) -> Plan:
        """From kinds and sorts to single beds: the first rooms of a kind are the women's."""
        sex_of = {one.request_id: one.need.sex for one in self._people}
        plan: Plan = {}
        # Whoever's sex leaves the choice open comes last and takes what is left.
        for request_id, number, sort in sorted(chosen, key=lambda key: (sex_of[key[0]] not in (WOMEN, MEN), key[0])):
            rooms, split = self._kinds[number].rooms, womens[number]
            open_to = {WOMEN: rooms[:split], MEN: rooms[split:]}.get(sex_of[request_id], rooms)
            taken = set(plan.values())
            plan[request_id] = next(bed.bed_id for room in open_to for bed in room[sort] if bed.bed_id not in taken)
        return plan
