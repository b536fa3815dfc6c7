"""The drawer's table of verbs: each does what it says through the services, asks what it must, and refuses other answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.stays import Away, Disposition
from hospital_ops.queries.moves import move_offers, swap_offers
from hospital_ops.queries.undo import DISCHARGE, PLACEMENT, TRANSFER
from hospital_ops.services import placement, stays
from hospital_ops.state.board import PUT, shown
from hospital_ops.state.verbs import BLOCK_HOURS, VERBS, Answer, When
from tests.cast import Cast


def do(cast: Cast, verb: str, label: str, answer: Answer | None = None) -> None:
    VERBS[verb].call(cast.manager, cast.beds[label], cast.bed(label).version, answer or Answer())


def test_a_patient_leaves_an_occupied_bed_by_saying_how(cast: Cast) -> None:
    cast.occupy("E1")
    do(cast, "leave_unordered", "E1", Answer("expired"))
    assert cast.bed("E1").status == "dirty"
    assert cast.audited("stay.end")[-1].facts == {"disposition": "expired"}


@pytest.mark.parametrize("verb", ["leave_unordered", "depart", "block"])
def test_an_answer_that_was_not_among_the_choices_is_refused(cast: Cast, verb: str) -> None:
    cast.occupy("E1")
    for choice in ("", "home; drop table", "HOME"):
        with pytest.raises(Invalid):
            do(cast, verb, "E1", Answer(choice, "broken rail"))


def test_a_block_ends_when_it_was_said_to(cast: Cast) -> None:
    do(cast, "block", "E2", Answer("4", "broken rail"))
    do(cast, "block", "E4", Answer("open", "broken rail"))
    ends = cast.bed("E2").expires_at
    assert ends is not None
    assert abs(ends - cast.now - timedelta(hours=4)) < timedelta(seconds=5)
    assert cast.bed("E4").expires_at is None


def test_questions_offer_all_that_the_rules_know() -> None:
    def values(verb: str) -> list[str]:
        question = VERBS[verb].asks
        assert question is not None
        return [value for value, words in question.choices if words]

    assert values("leave_unordered") == values("leave_otherwise") == [how.value for how in Disposition]
    assert values("depart") == [where.value for where in Away]
    assert values("block") == list(BLOCK_HOURS)


def test_what_takes_something_back_asks_first() -> None:
    takes_back = {name: verb for name, verb in VERBS.items() if verb.undoes}
    assert {verb.undoes for verb in takes_back.values()} == {TRANSFER, PLACEMENT, DISCHARGE}
    assert all(verb.asks and not verb.main for verb in takes_back.values())


def test_away_and_back_are_never_both_offered() -> None:
    assert (VERBS["depart"].when, VERBS["come_back"].when) == (When.HERE, When.AWAY)
    assert VERBS["depart"].statuses == VERBS["come_back"].statuses == {BedStatus.OCCUPIED, BedStatus.PENDING_DISCHARGE}


def test_three_ways_into_a_bed_share_one_shape(cast: Cast) -> None:
    request = cast.waiting()
    PUT["place"](cast.manager, request, cast.beds["E1"], override="")
    PUT["move"](cast.manager, cast.beds["E1"], cast.beds["E2"], override="")
    cast.occupy("W1", unit="Medicine")
    PUT["swap"](cast.manager, cast.beds["E2"], cast.beds["W1"], override="")
    assert [cast.bed(label).status for label in ("E1", "E2", "W1")] == ["dirty", "occupied", "occupied"]


def test_the_dialog_lists_why_and_why_not(cast: Cast) -> None:
    cast.occupy("E1", sex="female")
    cast.occupy("E2", sex="female")
    cast.occupy("W1", sex="male", unit="Medicine")
    cast.occupy("E4", sex="female", telemetry=True)
    cast.set_bed("W4", "dirty")
    fits, misfits = shown(move_offers(cast.manager, cast.beds["E1"]))
    assert fits[0]["label"] == "E3", "one's own unit first"
    assert "telemetry fits" in fits[0]["passed"]
    assert [(one["label"], one["against"]) for one in misfits] == [("W2", ("a male patient lies in the room",))]
    fits, misfits = shown(swap_offers(cast.manager, cast.beds["E1"]))
    assert [one["label"] for one in fits] == ["E2"]
    against = {one["label"]: one["against"] for one in misfits}
    assert against == {
        "E4": ("bed E1: the bed has no telemetry",),
        "W1": ("bed E1: a female patient lies in the room",),
    }


def test_the_dialog_is_of_ones_own_wards(cast: Cast) -> None:
    cast.occupy("E1")
    cast.occupy("W1", unit="Medicine")
    assert swap_offers(cast.nurse, cast.beds["E1"]) == []
    assert {one.label for one in move_offers(cast.nurse, cast.beds["E1"])} == {"E2", "E3", "E4"}


def test_what_the_dialog_offers_is_then_not_refused(cast: Cast) -> None:
    for label, sex in (("E1", "female"), ("E3", "male"), ("W1", "male"), ("W3", "female")):
        cast.occupy(label, sex=sex, unit=cast.bed(label).unit)
    stays.order_discharge(cast.manager, cast.beds["W3"])
    for one in swap_offers(cast.manager, cast.beds["E1"]):
        if one.allowed:
            PUT["swap"](cast.manager, cast.beds["E1"], one.bed_id, override="")
            PUT["swap"](cast.manager, cast.beds["E1"], one.bed_id, override="")
    for one in move_offers(cast.manager, cast.beds["E1"]):
        if one.allowed:
            placement.transfer(cast.manager, cast.beds["E1"], one.bed_id)
            break
    assert cast.bed("E1").status == "dirty"
