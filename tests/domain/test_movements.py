"""Who lies where, by messages in any order: each trap of real feeds as a short story, then all of them shuffled."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from hospital_ops.domain.movements import CANCELS, Kind, Movement, Picture, Place, picture

EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)
A1, A2, B1 = Place("A", "1", "1"), Place("A", "1", "2"), Place("B", "1", "1")
ADMIT, MOVE, LEAVE = Kind.ADMIT, Kind.TRANSFER, Kind.DISCHARGE

# One movement: kind, minutes after eight, patient, visit, and what else it says.
Told = tuple[Kind, int, str, str | None, dict[str, object]]


def movements(*story: Told) -> list[Movement]:
    numbers = count(1)
    return [
        Movement(kind, f"feed|{next(numbers)}", EIGHT + timedelta(minutes=at), patient, visit, **more)  # type: ignore[arg-type]
        for kind, at, patient, visit, more in story
    ]


def lying(found: Picture) -> dict[Place, str]:
    return {place: visit.patient for place, visit in found.beds.items()}


def codes(found: Picture) -> list[str]:
    return [one.code for one in found.findings]


STORIES: dict[str, tuple[list[Movement], dict[Place, str], list[str]]] = {
    "admitted, moved, left": (
        movements(
            (ADMIT, 0, "ann", "1", {"place": A1}),
            (MOVE, 5, "ann", "1", {"place": B1, "left": A1}),
            (ADMIT, 6, "bob", "2", {"place": A1}),
            (LEAVE, 9, "ann", "1", {"place": B1}),
        ),
        {A1: "bob"},
        [],
    ),
    "a move is taken back by a message that names no bed": (
        movements(
            (ADMIT, 0, "ann", "1", {"place": A1}),
            (MOVE, 5, "ann", "1", {"place": B1}),
            (Kind.CANCEL_TRANSFER, 7, "ann", "1", {"left": B1}),
        ),
        {A1: "ann"},
        [],
    ),
    "of two moves the one whose time is named is taken back": (
        movements(
            (ADMIT, 0, "ann", "1", {"place": A1}),
            (MOVE, 5, "ann", "1", {"place": A2}),
            (MOVE, 6, "ann", "1", {"place": B1}),
            (Kind.CANCEL_TRANSFER, 7, "ann", "1", {"undoes_at": EIGHT + timedelta(minutes=5)}),
        ),
        {B1: "ann"},
        [],
    ),
    "whoever was never admitted was never moved": (
        movements(
            (ADMIT, 0, "ann", "1", {"place": A1}),
            (MOVE, 5, "ann", "1", {"place": B1}),
            (Kind.CANCEL_ADMIT, 7, "ann", "1", {}),
        ),
        {},
        [],
    ),
    "an admission is taken back, the place in the emergency room is not": (
        movements(
            (Kind.REGISTER, 0, "ann", "1", {"place": A1}),
            (ADMIT, 5, "ann", "1", {"place": B1}),
            (Kind.CANCEL_ADMIT, 7, "ann", "1", {}),
        ),
        {A1: "ann"},
        [],
    ),
    "a discharge without a visit's number ends the open one, and is taken back": (
        movements(
            (Kind.REGISTER, 0, "ann", "0", {}),
            (ADMIT, 1, "ann", "1", {"place": A1}),
            (LEAVE, 5, "ann", None, {}),
            (Kind.CANCEL_DISCHARGE, 7, "ann", None, {}),
        ),
        {A1: "ann"},
        [],
    ),
    "a discharge is taken back when somebody else lies there": (
        movements(
            (ADMIT, 0, "ann", "1", {"place": A1}),
            (LEAVE, 5, "ann", "1", {}),
            (ADMIT, 6, "bob", "2", {"place": A1}),
            (Kind.CANCEL_DISCHARGE, 7, "ann", "1", {}),
        ),
        {A1: "bob"},
        ["two_in_a_bed"],
    ),
    "the bed is theirs again when who lay there has left": (
        movements(
            (ADMIT, 0, "ann", "1", {"place": A1}),
            (LEAVE, 5, "ann", "1", {}),
            (ADMIT, 6, "bob", "2", {"place": A1}),
            (Kind.CANCEL_DISCHARGE, 7, "ann", "1", {}),
            (LEAVE, 8, "bob", "2", {}),
        ),
        {A1: "ann"},
        [],
    ),
    "what takes back a discharge or a move may name another bed": (
        movements(
            (ADMIT, 0, "ann", "1", {"place": A1}),
            (LEAVE, 5, "ann", "1", {}),
            (Kind.CANCEL_DISCHARGE, 7, "ann", "1", {"place": A2}),
            (ADMIT, 0, "bob", "2", {"place": A1}),
            (MOVE, 8, "bob", "2", {"place": B1}),
            (Kind.CANCEL_TRANSFER, 9, "bob", "2", {"place": A1, "left": B1}),
        ),
        {A2: "ann", A1: "bob"},
        [],
    ),
    "two change places": (
        movements(
            (ADMIT, 0, "ann", "1", {"place": A1}),
            (ADMIT, 0, "bob", "2", {"place": B1}),
            (MOVE, 5, "ann", "1", {"place": B1}),
            (MOVE, 5, "bob", "2", {"place": A1}),
        ),
        {A1: "bob", B1: "ann"},
        [],
    ),
    "a merged record's stay is the survivor's, who leaves": (
        movements(
            (ADMIT, 0, "child", "1", {"place": A1}),
            (Kind.MERGE, 5, "parent", None, {"other": "child"}),
            (LEAVE, 6, "parent", None, {}),
        ),
        {},
        [],
    ),
    "one merged into another that is merged in turn": (
        movements(
            (ADMIT, 0, "a", "1", {"place": A1}),
            (Kind.MERGE, 5, "b", None, {"other": "a"}),
            (Kind.MERGE, 6, "c", None, {"other": "b"}),
        ),
        {A1: "c"},
        [],
    ),
    "two merged into each other": (
        movements(
            (ADMIT, 0, "a", "1", {"place": A1}),
            (Kind.MERGE, 5, "b", None, {"other": "a"}),
            (Kind.MERGE, 6, "a", None, {"other": "b"}),
        ),
        {A1: "b"},
        [],
    ),
    "a visit was somebody else's": (
        movements(
            (ADMIT, 0, "ann", "1", {"place": A1}),
            (Kind.MOVE_VISIT, 5, "bob", "1", {"other": "ann"}),
        ),
        {A1: "bob"},
        [],
    ),
    "away, and the bed is kept": (
        movements((ADMIT, 0, "ann", "1", {"place": A1}), (Kind.GO_AWAY, 5, "ann", "1", {"left": A1})),
        {A1: "ann"},
        [],
    ),
    "moved before anybody said admitted": (
        movements((MOVE, 5, "ann", "1", {"place": B1, "left": A1})),
        {B1: "ann"},
        [],
    ),
    "two moves in one second go on where the patient lies": (
        movements(
            (ADMIT, 0, "ann", "1", {"place": A1}),
            (MOVE, 5, "ann", "1", {"place": B1, "left": A2}),
            (MOVE, 5, "ann", "1", {"place": A2, "left": A1}),
        ),
        {B1: "ann"},
        [],
    ),
    "a stay that nothing ends": (
        movements((ADMIT, 0, "ann", "1", {"place": A1}), (ADMIT, 90, "ann", "2", {"place": B1})),
        {B1: "ann"},
        ["never_ended"],
    ),
    "an update names another bed": (
        movements((ADMIT, 0, "ann", "1", {"place": A1}), (Kind.UPDATE, 5, "ann", "1", {"place": B1})),
        {A1: "ann"},
        ["other_place_in_update"],
    ),
    "an update is the first that names a bed": (
        movements((ADMIT, 0, "ann", "1", {}), (Kind.UPDATE, 5, "ann", "1", {"place": B1})),
        {B1: "ann"},
        [],
    ),
    "moved after leaving": (
        movements(
            (ADMIT, 0, "ann", "1", {"place": A1}),
            (LEAVE, 5, "ann", "1", {}),
            (MOVE, 6, "ann", "1", {"place": B1}),
        ),
        {},
        ["moved_after_leaving"],
    ),
    "what is taken back never came": (
        movements((ADMIT, 0, "ann", "1", {"place": A1}), (Kind.CANCEL_DISCHARGE, 5, "ann", "1", {})),
        {A1: "ann"},
        ["nothing_to_cancel"],
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_the_beds_are_as_the_story_says_in_any_order_and_twice(name: str) -> None:
    told, beds, found = STORIES[name]
    dice = random.Random(name)
    for order in range(30):
        again = told + dice.sample(told, dice.randrange(len(told) + 1))
        dice.shuffle(again)
        seen = picture(again if order else told)
        assert lying(seen) == beds
        assert codes(seen) == found


def test_a_story_cut_short_is_the_story_so_far_and_goes_on_as_if_it_had_not_been() -> None:
    told, beds, _ = STORIES["a discharge is taken back when somebody else lies there"]
    assert lying(picture(told[:2])) == {}
    assert lying(picture(told[:3])) == {A1: "bob"}
    assert lying(picture(told)) == beds


def test_nobody_has_two_beds_and_no_bed_two_whatever_is_told() -> None:
    dice = random.Random(7)
    places = [Place("A", "1", str(bed)) for bed in range(4)]
    for _ in range(300):
        told = movements(
            *(
                (
                    dice.choice(list(Kind)),
                    dice.randrange(12),
                    dice.choice("abc"),
                    dice.choice(["1", "2", "3", None]),
                    {"place": dice.choice([*places, None]), "other": dice.choice(["a", "b", "c", None])},
                )
                for _ in range(dice.randrange(1, 16))
            )
        )
        seen = picture(told)
        mixed = told + told[: dice.randrange(len(told))]
        dice.shuffle(mixed)
        assert picture(mixed) == seen
        assert len({visit.patient for visit in seen.beds.values()}) == len(seen.beds)
        assert sorted(visit.place for visit in seen.visits if visit.place) == sorted(seen.beds)


def test_every_cancel_takes_back_something_that_there_is() -> None:
    assert {kind for kind in Kind if kind.value.startswith("cancel_")} == set(CANCELS)
