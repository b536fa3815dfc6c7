"""The whole waiting list together: who could lie where, what a plan is worth, and the plan that takes turns.

A plan is {request id: bed id}. The solver of `infra.assignment` looks for a better one than `take_turns` finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hospital_ops.domain.placement import Judgement, Need, Offer, judge
from hospital_ops.domain.tasks import Priority

Plan = dict[int, int]

# What placing somebody is worth. One more patient placed outweighs every bed that fits a little worse:
# sixty patients, each in the worst bed that the rules allow, cost 60 × 190.
PLACED: dict[Priority, int] = {
    Priority.STAT: 160_000,
    Priority.HIGH: 80_000,
    Priority.MEDIUM: 40_000,
    Priority.LOW: 20_000,
}
AN_HOUR = 100
LONGEST_HOURS = 48  # Beyond, waiting longer makes nobody more urgent than the next priority.
COST_SCALE = 10  # Costs are counted in tenths, as whole numbers.


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits. `hours`: for how long."""

    request_id: int
    need: Need
    priority: Priority
    hours: float


def take_turns(waiting: Sequence[Waiting], beds: Sequence[Offer]) -> Plan:
    """The most urgent first, then who has waited longest: each takes the bed that fits best of those still free."""
    order = sorted(waiting, key=lambda w: (-PLACED[w.priority], -w.hours, w.request_id))
    free = {bed.bed_id: bed for bed in beds}
    plan: Plan = {}
    for one in order:
        fitting = [judged for bed in free.values() if (judged := judge(one.need, bed)).allowed]
        if fitting:
            best = min(fitting, key=lambda j: (j.cost, j.label))
            plan[one.request_id] = best.bed_id
            free = _after(free, best.bed_id, one.need.sex)
    return plan


def worth_of(plan: Mapping[int, int], waiting: Sequence[Waiting], beds: Sequence[Offer]) -> int:
    """What a plan is worth; more is better. Raises ValueError for one that breaks a rule."""
    by_id, free, total = {w.request_id: w for w in waiting}, {b.bed_id: b for b in beds}, 0
    for request_id, bed_id in sorted(plan.items()):
        one, bed = by_id[request_id], free.get(bed_id)
        judged = judge(one.need, bed) if bed is not None else None
        if judged is None or not judged.allowed:
            raise ValueError(f"request {request_id} cannot lie in bed {bed_id}")
        total += worth_in(one, judged)
        free = _after(free, bed_id, one.need.sex)
    return total


def why_not(one: Waiting, beds: Iterable[Offer]) -> str:
    """Why somebody gets no bed, in words: what the ready beds lack, or that others come first."""
    against: dict[str, int] = {}
    for bed in beds:
        reasons = judge(one.need, bed).against
        if not reasons:
            return "every bed that fits is needed by somebody else"
        if not reasons[0].startswith("not ready"):
            against[reasons[0]] = against.get(reasons[0], 0) + 1
    if not against:
        return "no bed is ready"
    reason, number = min(against.items(), key=lambda item: (-item[1], item[0]))
    return f"no ready bed fits: for {number} of them, {reason}"


def worth_in(one: Waiting, judged: Judgement) -> int:
    """What it is worth that somebody lies in this bed, in whole numbers."""
    hours = min(max(one.hours, 0.0), LONGEST_HOURS)
    return PLACED[one.priority] + round(AN_HOUR * hours) - round(COST_SCALE * judged.cost)


def _after(free: Mapping[int, Offer], taken: int, sex: str) -> dict[int, Offer]:
    """The beds that are left, now that somebody lies in this one's room."""
    room = free[taken].room
    return {
        bed_id: replace(bed, neighbours=(*bed.neighbours, sex)) if room and bed.room == room else bed
        for bed_id, bed in free.items()
        if bed_id != taken
    }
