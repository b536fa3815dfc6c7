"""The whole waiting list at once: rules kept, nobody worse off than by taking turns, the same answer each time."""

from __future__ import annotations

import itertools
import random

import pytest

from benchmarks.placement import house
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import NotAllowed
from hospital_ops.domain.placement import Isolation, Need, Offer
from hospital_ops.domain.tasks import Priority
from hospital_ops.domain.waiting_list import Plan, Waiting, take_turns, why_not, worth_of
from hospital_ops.infra.assignment import assign
from hospital_ops.services import placement, waiting_list
from tests.cast import Cast

READY = BedStatus.AVAILABLE


def bed(number: int, *, room: str = "", telemetry: bool = False, unit: str = "Cardiac") -> Offer:
    return Offer(number, f"B{number}", 1, unit, READY, telemetry=telemetry, room=room or f"r{number}")


def waits(
    number: int, sex: str = "female", *, telemetry: bool = False, priority: Priority = Priority.MEDIUM
) -> Waiting:
    return Waiting(number, Need("Cardiac", sex, Isolation.NONE, telemetry), priority, hours=float(10 - number))


def best_by_trying(waiting: list[Waiting], beds: list[Offer]) -> int:
    """The worth of the best plan, found by trying every one."""
    best = 0
    for chosen in itertools.product([None, *(b.bed_id for b in beds)], repeat=len(waiting)):
        taken = [bed_id for bed_id in chosen if bed_id is not None]
        if len(taken) == len(set(taken)):
            plan: Plan = {w.request_id: b for w, b in zip(waiting, chosen, strict=True) if b is not None}
            try:
                best = max(best, worth_of(plan, waiting, beds))
            except ValueError:
                continue
    return best


def test_who_needs_little_leaves_the_telemetry_bed_to_who_needs_it() -> None:
    # Taking turns, the first takes the only bed of the right unit, which is the only one with telemetry.
    people = [waits(1), waits(2, telemetry=True)]
    beds = [bed(1, telemetry=True), bed(2, unit="Medicine")]
    assert take_turns(people, beds) == {1: 1}
    assert assign(people, beds).plan == {1: 2, 2: 1}


def test_two_women_and_two_men_share_two_rooms() -> None:
    people = [waits(1, "female"), waits(2, "male"), waits(3, "female"), waits(4, "male")]
    beds = [bed(n, room="a" if n < 3 else "b") for n in range(1, 5)]
    plan = assign(people, beds).plan
    assert {frozenset(n for n in plan if plan[n] in room) for room in ({1, 2}, {3, 4})} == {
        frozenset({1, 3}),
        frozenset({2, 4}),
    }


def test_the_most_urgent_gets_the_only_bed() -> None:
    people = [waits(1), waits(2, priority=Priority.STAT), waits(3, priority=Priority.HIGH)]
    assert assign(people, [bed(1)]).plan == {2: 1}


@pytest.mark.parametrize("seed", range(12))
def test_nothing_better_is_found_by_trying_every_plan(seed: int) -> None:
    dice = random.Random(seed)
    people, beds = house(dice, waiting=4, beds=6, share=0.8)
    found = assign(people, beds)
    assert found.proven
    assert found.worth == best_by_trying(people, [b for b in beds if b.status is READY])


@pytest.mark.parametrize("seed", range(8))
def test_a_whole_house_keeps_every_rule_and_is_never_worse(seed: int) -> None:
    people, beds = house(random.Random(seed), waiting=40, beds=200, share=0.25)
    found = assign(people, beds)
    assert worth_of(found.plan, people, beds) == found.worth >= found.worth_of_turns
    shuffled = random.Random(seed + 1).sample(people, len(people)), random.Random(seed).sample(beds, len(beds))
    assert assign(*shuffled) == found


def test_without_time_to_think_it_is_as_good_as_taking_turns() -> None:
    people, beds = house(random.Random(3), waiting=30, beds=100, share=0.3)
    assert assign(people, beds, work_limit=0.0).worth >= worth_of(take_turns(people, beds), people, beds)


def test_a_plan_that_breaks_a_rule_is_worth_nothing() -> None:
    people = [waits(1, "female"), waits(2, "male")]
    beds = [bed(1, room="a"), bed(2, room="a")]
    with pytest.raises(ValueError, match="request 2 cannot lie in bed 2"):
        worth_of({1: 1, 2: 2}, people, beds)


def test_why_somebody_gets_none() -> None:
    taken = Offer(9, "B9", 1, "Cardiac", BedStatus.OCCUPIED)
    assert why_not(waits(1), [taken]) == "no bed is ready"
    assert why_not(waits(1), [bed(1)]) == "every bed that fits is needed by somebody else"
    assert why_not(waits(1, telemetry=True), [bed(1), bed(2), taken]) == (
        "no ready bed fits: for 2 of them, the bed has no telemetry"
    )


def test_the_house_is_proposed_for_and_nothing_moves(cast: Cast) -> None:
    plain, needs = cast.waiting(cast.patient("Ana", "Ruiz")), cast.waiting(cast.patient("Eva", "Roy"), telemetry=True)
    for label in ("E1", "E2", "E3"):
        cast.set_bed(label, "dirty")
    before = cast.announced()
    found = waiting_list.propose(cast.nurse)
    assert {one.request_id: one.label for one in found.beds} == {plain: "", needs: "E4"}
    assert (found.placed, found.placed_in_turn, found.proven) == (1, 1, True)
    assert found.beds[0].why == "every bed that fits is needed by somebody else"
    assert cast.announced() == before
    placement.place(cast.nurse, needs, found.beds[1].bed_id or 0)
    assert cast.bed("E4").status == "occupied"


def test_beds_are_those_of_ones_wards(cast: Cast) -> None:
    cast.waiting()
    assert [one.label[0] for one in waiting_list.propose(cast.nurse_west).beds] == ["W"]


def test_the_wrong_role_may_not(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        waiting_list.propose(cast.hanna)
