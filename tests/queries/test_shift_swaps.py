"""Swaps as each side reads them: what could be asked for, where a question stands, and what waits for the planner."""

from __future__ import annotations

import pytest

from hospital_ops.domain.errors import NotFound
from hospital_ops.domain.roster import IN_WORDS, RULES, SwapState, rule_words
from hospital_ops.queries.own_shifts import own_shifts
from hospital_ops.queries.shift_swaps import ANSWERERS, ASKERS, swap_choices, swaps_value
from hospital_ops.services import roster_draft, shift_swaps
from hospital_ops.state.topic_table import TOPICS
from hospital_ops.state.topics import channel_for
from tests.cast import Cast
from tests.services.test_roster_draft import against_a_rule, asked, second_nurse, to_approve, two_shifts, wish, works


def offered(cast: Cast, shift_id: int) -> list[tuple[str, str, str]]:
    return [(one["who"], one["takes"], one["why"]) for one in swap_choices(cast.nurse, shift_id)]


def test_a_colleagues_shift_on_my_ward_can_be_asked_for(cast: Cast) -> None:
    given = two_shifts(cast)
    assert offered(cast, given["shift_id"]) == [("Noel Nurse", "Thu 5 Mar, 7–15 h, Cardiac east", "")]
    (choice,) = swap_choices(cast.nurse, given["shift_id"])
    assert choice["value"] == f"{given['with_user_id']}-{given['with_shift_id']}"
    assert shift_swaps.ask_swap(cast.nurse, **given)


def test_what_a_rule_is_in_the_way_of_comes_last_and_says_why(cast: Cast) -> None:
    second_nurse(cast)
    mine = works(cast, "nurse", 1)
    works(cast, "nurse_west", 4, 4)  # Thursday's night, until seven.
    works(cast, "nurse", 4)  # Friday from seven: she would come from that night.
    works(cast, "nurse_west", 6)
    assert [why for _, _, why in offered(cast, mine)] == ["", "under 11 h of rest"]


def test_nothing_of_other_wards_other_work_drafts_or_the_past_is_offered(cast: Cast) -> None:
    mine = works(cast, "nurse", 1)
    works(cast, "nurse_west", 3, ward="west")
    works(cast, "doctor", 3, role="doctor")
    second_nurse(cast)
    works(cast, "nurse_west", -1)
    roster_draft.put_on(cast.staffing, wish(cast, 4), cast.people["nurse_west"])
    assert offered(cast, mine) == []


def test_it_is_asked_of_ones_own_shift_alone(cast: Cast) -> None:
    given = two_shifts(cast)
    for shift_id in (given["with_shift_id"], works(cast, "nurse", -1), 10**6):
        with pytest.raises(NotFound):
            swap_choices(cast.nurse, shift_id)


def test_both_read_it_from_where_they_stand(cast: Cast) -> None:
    asked(cast)
    (mine,), (theirs,) = (
        own_shifts(cast.people["nurse"])["asked_by_me"],
        own_shifts(cast.people["nurse_west"])["asked_of_me"],
    )
    assert (mine["gives"], mine["gets"]) == (theirs["gets"], theirs["gives"])
    assert (mine["words"], theirs["words"]) == ("Noel Nurse has not answered yet.", "Nina Nurse asks you.")
    week = own_shifts(cast.people["nurse"])["weeks"][0]["shifts"]
    assert [one["may_swap"] for one in week] == [False]
    assert own_shifts(cast.people["doctor"])["asked_of_me"] == []


def test_the_planner_reads_what_waits_and_both_read_the_word(cast: Cast) -> None:
    assert against_a_rule(cast)
    assert swaps_value() == {"swaps": []}
    shift_swaps.answer_swap(cast.nurse_west, own_shifts(cast.people["nurse_west"])["asked_of_me"][0]["id"], yes=True)
    (waiting,) = swaps_value()["swaps"]
    assert (waiting["who"], waiting["with"], waiting["why"]) == ("Nina Nurse", "Noel Nurse", "under 11 h of rest")
    assert "because of under 11 h of rest" in own_shifts(cast.people["nurse"])["asked_by_me"][0]["words"]
    shift_swaps.decide_swap(cast.staffing, waiting["id"], yes=False, reason="too short")
    assert swaps_value() == {"swaps": []}
    assert own_shifts(cast.people["nurse"])["asked_by_me"][0]["words"] == "The planner said no: too short"
    assert "too short" in own_shifts(cast.people["nurse_west"])["asked_of_me"][0]["words"]


def test_an_answer_is_to_be_read_for_three_days(cast: Cast) -> None:
    given = to_approve(cast)
    shift_swaps.decide_swap(cast.staffing, **given)
    assert own_shifts(cast.people["nurse"])["asked_by_me"][0]["words"] == "Swapped with Noel Nurse."
    cast.later(3 * 24 * 60 + 1)
    assert own_shifts(cast.people["nurse"])["asked_by_me"] == []


def test_what_waits_is_the_planners_alone(cast: Cast) -> None:
    seen = {name for name in cast.people if channel_for(TOPICS, cast.as_actor(name), "swaps") is not None}
    assert seen == {"staffing"}


def test_every_state_and_every_soft_rule_has_its_words() -> None:
    assert set(ASKERS) == set(SwapState) - {SwapState.WITHDRAWN}
    assert set(ANSWERERS) == set(ASKERS) - {SwapState.DECLINED}
    assert set(IN_WORDS) == {code for code, (hard, _) in RULES.items() if not hard}
    assert rule_words("rest,row") == "under 11 h of rest and more than 6 days in a row"
