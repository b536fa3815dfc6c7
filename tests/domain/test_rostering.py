"""A roster's open places: what a plan may never break, that the search is no worse than taking turns, and sameness."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations

import pytest

from hospital_ops.domain.roster import RULES, Slot, Worker
from hospital_ops.domain.rostering import (
    MOST_NIGHTS,
    WHY_OPEN,
    Hand,
    Need,
    Plan,
    breaks,
    cost_of,
    in_the_way,
    plan_stamp,
    strain_of,
    take_turns,
    why_open,
)
from hospital_ops.infra.rostering import fill

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
KINDS = {"day": 7, "evening": 15, "night": 23}


def slot(day: int, kind: str = "day", hours: int = 8, ward: int = 1) -> Slot:
    starts = MONDAY + timedelta(days=day, hours=KINDS[kind])
    return Slot(ward, "nurse", starts, starts + timedelta(hours=hours), starts.date())


def need(day: int, kind: str = "day", people: int = 1) -> Need:
    return Need(slot(day, kind), people, night=kind == "night")


def hand(user_id: int, *works: Slot, **more: object) -> Hand:
    nights = frozenset(one.day for one in works if one.starts_at.hour == 23)
    return Hand(Worker(user_id, f"Nurse {user_id}", "nurse", frozenset({1})), works, nights, **more)  # type: ignore[arg-type]


def ward(seed: int, people: int = 6, days: int = 10) -> tuple[list[Need], list[Hand]]:
    """A made-up ward: shifts that want people, and people of whom some work already, are off, or come tired."""
    dice = random.Random(seed)
    needs = [need(day, kind, dice.randint(0, 2)) for day in range(days) for kind in KINDS]
    hands = []
    for user_id in range(1, people + 1):
        works, first = [], dice.randint(-3, 4)
        for day in range(first, first + dice.randint(0, 3)):
            works.append(slot(day, dice.choice(("day", "evening")) if day == first else "evening"))
        some = [slot(dice.randrange(days)).day for _ in range(4)]
        hands.append(
            hand(
                user_id, *works, nights=dice.randint(0, 4), weekends=dice.randint(0, 3), shifts=dice.randint(0, 16),
                strain=dice.randint(0, 60), off=frozenset(some[:1]), wishes=frozenset(some[1:]),
            )
        )  # fmt: skip
    return needs, hands


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_breaks_a_rule_and_none_is_worse_than_taking_turns(seed: int) -> None:
    needs, hands = ward(seed)
    turns, found = take_turns(needs, hands), fill(needs, hands, work_limit=0.3)
    assert breaks(turns, needs, hands) == []
    assert breaks(found.plan, needs, hands) == []
    assert found.cost == cost_of(found.plan, needs, hands).total <= found.cost_of_turns
    assert found.cost_of_turns == cost_of(turns, needs, hands).total


def test_the_search_is_better_than_turns_where_foresight_helps() -> None:
    found = [fill(*ward(seed), work_limit=0.3) for seed in range(12)]
    assert sum(one.cost < one.cost_of_turns for one in found) >= 6


@pytest.mark.parametrize("seed", range(4))
def test_the_same_input_in_another_order_gives_the_same_answer(seed: int) -> None:
    needs, hands = ward(seed)
    once, again = fill(needs, hands, 0.2), fill(needs, list(reversed(hands)), 0.2)
    assert plan_stamp(once.plan, needs) == plan_stamp(again.plan, needs)
    assert once == again


@pytest.mark.parametrize("seed", range(8))
def test_of_all_plans_of_a_small_ward_none_is_cheaper(seed: int) -> None:
    """Every plan there is, tried: the search's costs and rules are the domain's."""
    needs, hands = ward(seed, people=3, days=2)
    needs = [one for one in needs if one.people][:3]
    picks = [(number, one.user_id) for number in range(len(needs)) for one in hands]
    every = chain.from_iterable(combinations(picks, size) for size in range(len(picks) + 1))
    allowed = [plan for plan in map(frozenset, every) if not breaks(plan, needs, hands)]
    found = fill(needs, hands)
    assert found.proven
    assert found.cost == min(cost_of(plan, needs, hands).total for plan in allowed)


def test_without_work_to_do_turns_are_the_answer() -> None:
    needs, hands = ward(1)
    found = fill(needs, hands, work_limit=0.0)
    assert (found.cost <= found.cost_of_turns, breaks(found.plan, needs, hands)) == (True, [])


@pytest.mark.parametrize(
    ("one", "wanted", "code"),
    [
        (hand(1, slot(0, "night")), need(1, "day"), "rest"),
        (hand(1, slot(0)), need(0), "overlap"),
        (hand(1, *(slot(day) for day in range(6))), need(6), "row"),
        (hand(1, *(slot(day, hours=12) for day in (0, 1, 2, 3))), need(5), "week"),
        (hand(1, off=frozenset({slot(2).day})), need(2), "off"),
        (hand(1, *(slot(day, "night") for day in range(MOST_NIGHTS))), need(MOST_NIGHTS, "night"), "nights"),
        (hand(1, slot(0, hours=4)), need(0, "night"), "twice"),
        (replace(hand(1), worker=Worker(1, "N", "nurse", frozenset({2}))), need(0), "ward"),
        (replace(hand(1), worker=Worker(1, "N", "doctor", frozenset({1}))), need(0), "role"),
    ],
)
def test_each_rule_keeps_somebody_from_a_shift_and_says_so(one: Hand, wanted: Need, code: str) -> None:
    assert code in {broken.code for broken in in_the_way(one, wanted, ())}
    assert fill([wanted], [one]).plan == take_turns([wanted], [one]) == Plan()
    assert why_open(wanted, {}, [one]) == f"1 {WHY_OPEN[in_the_way(one, wanted, ())[0].code]}."


def test_nights_weekends_wishes_and_strain_go_to_whoever_has_had_fewest() -> None:
    for field, wanted in (
        ("nights", need(0, "night")),
        ("weekends", need(5)),
        ("shifts", need(0)),
        ("strain", need(0)),
    ):
        tired, fresh = hand(1, **{field: 9}), hand(2)
        assert fill([wanted], [tired, fresh]).plan == {(0, 2)}
    wish = hand(1, wishes=frozenset({slot(0).day}))
    assert fill([need(0)], [wish, hand(2)]).plan == {(0, 2)}
    assert fill([need(0)], [wish]).plan == {(0, 1)}, "a wish leaves no place open"


def test_strain_is_of_the_roster_alone() -> None:
    calm = [slot(day) for day in range(5)]
    hard = [slot(0, "evening"), slot(1), slot(2, "evening"), slot(3)]
    assert strain_of(calm, 0) == 0
    assert strain_of([*calm, *(slot(day, "night") for day in (7, 8))], 2) == 6
    assert strain_of(hard, 0) == 0, "eight hours of rest are against a rule, not short"
    assert strain_of([slot(0, "evening", 5), slot(1)], 0) == 8
    assert strain_of([slot(day, hours=16) for day in range(0, 56, 2)], 28) == 100


def test_every_rule_of_the_roster_has_words_for_several() -> None:
    assert set(RULES) | {"off", "twice", "nights"} == set(WHY_OPEN)
    assert why_open(need(0), {}, []) == "Nobody of this role belongs to the ward."
