"""A proposal for a ward's week: what it fills and why, what stays open, and drafting it in one act that is all or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hospital_ops.domain.errors import ChangedMeanwhile, NotAllowed
from hospital_ops.domain.roster import Slot, most_hours, shortest_rest
from hospital_ops.infra.db import read_session
from hospital_ops.queries.roster_needs import book_for_week, needs_of
from hospital_ops.services import roster_draft, roster_proposal
from tests.cast import Cast
from tests.services.six import Action, Given, SixQuestions, Written, nothing_written
from tests.services.test_roster_draft import HOUSE_WIDE, drafts, everywhere, second_nurse, stamp, wish, works

# The week after the scene's, so that no shift of it has begun.
WEEK = date(2026, 3, 9)
PLACES = 21  # An empty ward wants one nurse on each of its three shifts a day.


def proposed(cast: Cast) -> Given:
    second_nurse(cast)
    found = roster_proposal.propose(cast.staffing, cast.wards["east"], WEEK)
    return {"ward_id": cast.wards["east"], "day": WEEK, "stamp": found.stamp}


def another_draft(cast: Cast, given: Given) -> None:
    roster_draft.put_on(cast.staffing, wish(cast, 9), cast.people["nurse"])


ACTIONS = [
    Action(
        roster_proposal.take,
        proposed,
        who="staffing",
        works=lambda cast, given: bool(drafts()),
        audit=("shift.take_proposal",),
        events=("shift.drafted",),
        wrong_role="nurse",
        no_ward=HOUSE_WIDE,
        rival=another_draft,
    ),
]


@pytest.mark.parametrize("action", ACTIONS, ids=str)
class TestSixQuestions(SixQuestions):
    """Asked of drafting a proposal."""


def test_it_fills_what_the_rules_allow_and_says_why_the_rest_stays_open(cast: Cast) -> None:
    second_nurse(cast)
    before = Written.now()
    found = roster_proposal.propose(cast.staffing, cast.wards["east"], WEEK)
    assert nothing_written(before)
    assert found.wanted == PLACES == len(found.places) + sum(one.people for one in found.open)
    assert len(found.places) == 12, "two people, at most six shifts of eight hours each in seven days"
    assert found.in_turn <= len(found.places)
    assert {one.name for one in found.places} == {"Nina Nurse", "Noel Nurse"}
    assert all("in five weeks" in one.why for one in found.places)
    assert all("week's hours" in one.why or "that day" in one.why or "rest" in one.why for one in found.open)


def test_what_is_drafted_keeps_every_rule_and_is_thrown_away_whole(cast: Cast) -> None:
    given = proposed(cast)
    works(cast, "nurse", 6, 22, ward="west")  # Sunday's evening, until Monday at two.
    given = proposed_again(cast)
    made = roster_proposal.take(cast.staffing, **given)
    assert made == len(drafts())
    assert len(everywhere(cast)) == 1, "a draft is nobody's shift"
    with read_session() as session:
        book = book_for_week(session, WEEK)
    for user_id in (cast.people["nurse"], cast.people["nurse_west"]):
        slots = list(book.decided(user_id).values())
        rests = [shortest_rest(one, [other for other in slots if other != one]) for one in slots]
        assert all(rest is None or rest >= timedelta(hours=11) for rest in rests)
        assert most_hours(slots) <= 48
    assert roster_draft.discard_week(cast.staffing, given["ward_id"], WEEK, stamp()) == made
    assert drafts() == []


def proposed_again(cast: Cast) -> Given:
    found = roster_proposal.propose(cast.staffing, cast.wards["east"], WEEK)
    return {"ward_id": cast.wards["east"], "day": WEEK, "stamp": found.stamp}


def test_the_same_roster_gives_the_same_proposal(cast: Cast) -> None:
    second_nurse(cast)
    once, again = (roster_proposal.propose(cast.staffing, cast.wards["east"], WEEK) for _ in range(2))
    assert once == again


def test_another_proposal_than_was_looked_at_is_not_drafted(cast: Cast) -> None:
    given = proposed(cast)
    with pytest.raises(ChangedMeanwhile):
        roster_proposal.take(cast.staffing, **(given | {"stamp": "another"}))
    assert drafts() == []


def test_a_shift_with_hours_of_its_own_keeps_them(cast: Cast) -> None:
    """The ward's Tuesday begins at seven and is long: who comes to it comes for twelve hours."""
    one = wish(cast, 8, 11)
    long_day = replace(one, ends_at=one.starts_at + timedelta(hours=12))
    roster_draft.put_on(cast.staffing, long_day, cast.people["nurse"])
    roster_draft.publish_week(cast.staffing, cast.wards["east"], WEEK, stamp())
    for shift in needs_on(cast, 1):
        assert shift.hours == (12 if shift.starts_at == one.starts_at else 8)


def needs_on(cast: Cast, day: int) -> list[Slot]:
    """The slots of that day of the week for which somebody is wanted."""
    with read_session() as session:
        found = needs_of(book_for_week(session, WEEK), cast.wards["east"], WEEK, cast.now, {"day": 2, "night": 2})
    slots = [need.slot for need in found if need.slot.day == WEEK + timedelta(days=day)]
    assert len(slots) == 2
    return slots


def test_only_planners_ask(cast: Cast) -> None:
    for name in ("nurse", "manager", "doctor", "admin"):
        with pytest.raises(NotAllowed):
            roster_proposal.propose(cast.as_actor(name), cast.wards["east"], WEEK)


def test_what_is_drafted_already_is_not_wanted_again_and_the_past_is_left(cast: Cast) -> None:
    roster_draft.put_on(cast.staffing, wish(cast, 8), cast.people["nurse"])
    assert roster_proposal.propose(cast.staffing, cast.wards["east"], WEEK).wanted == PLACES - 1
    now = roster_proposal.propose(cast.staffing, cast.wards["east"], date(2026, 3, 2))
    assert now.wanted == PLACES - 1, "Monday's day has begun"
    assert all(one.need.slot.starts_at > cast.now for one in (*now.places, *now.open))
