"""Days off that people ask for: the six questions, how many there are, who sees them, and what a proposal makes of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from hospital_ops.domain import events
from hospital_ops.domain.errors import Conflict, Invalid
from hospital_ops.domain.rostering import MOST_WISHES
from hospital_ops.infra.db import read_session
from hospital_ops.models import DayWish
from hospital_ops.queries.own_shifts import own_shifts
from hospital_ops.queries.roster_page import roster_page
from hospital_ops.services import day_wishes, roster_proposal
from tests.cast import Cast
from tests.services.six import Action, Given, SixQuestions
from tests.services.test_roster_draft import second_nurse

WEEK = date(2026, 3, 9)
DAY = timedelta(days=1)


def wished(cast: Cast) -> list[tuple[int, date]]:
    with read_session() as session:
        return [(one.user_id, one.day) for one in session.exec(select(DayWish))]


def a_day(cast: Cast) -> Given:
    return {"day": WEEK}


def a_day_asked_for(cast: Cast) -> Given:
    day_wishes.wish_off(cast.nurse, WEEK)
    return {"day": WEEK}


ONES_OWN = "a day off is one's own, whatever the ward"
ACTIONS = [
    Action(
        day_wishes.wish_off,
        a_day,
        who="nurse",
        works=lambda cast, given: wished(cast) == [(cast.people["nurse"], WEEK)],
        audit=("shift.wish_off",),
        events=("shift.wished",),
        wrong_role="feed",
        no_ward=ONES_OWN,
        rival=lambda cast, given: day_wishes.wish_off(cast.nurse, WEEK),
        told="",
    ),
    Action(
        day_wishes.take_wish_back,
        a_day_asked_for,
        who="nurse",
        works=lambda cast, given: wished(cast) == [],
        audit=("shift.take_wish_back",),
        events=("shift.wished",),
        wrong_role="feed",
        no_ward=ONES_OWN,
        rival=lambda cast, given: day_wishes.take_wish_back(cast.nurse, WEEK),
        told="",
    ),
]


@pytest.mark.parametrize("action", ACTIONS, ids=str)
class TestSixQuestions(SixQuestions):
    """Asked of both."""


def test_so_many_days_at_a_time_and_none_of_the_past(cast: Cast) -> None:
    for day in (date(2026, 3, 2), date(2026, 3, 1), date(2027, 3, 2)):
        with pytest.raises(Invalid):
            day_wishes.wish_off(cast.nurse, day)
    for number in range(MOST_WISHES):
        day_wishes.wish_off(cast.nurse, WEEK + number * DAY)
    with pytest.raises(Conflict, match="Take one back first"):
        day_wishes.wish_off(cast.nurse, WEEK + 20 * DAY)
    day_wishes.take_wish_back(cast.nurse, WEEK)
    assert day_wishes.wish_off(cast.nurse, WEEK + 20 * DAY)
    assert next(one["word"] for one in own_shifts(cast.people["nurse"])["wishes"]) == "Tue 10 Mar"


def cells(cast: Cast, *, drafts: bool) -> list[dict[str, Any]]:
    topic = events.roster(cast.wards["east"], WEEK)
    told = roster_page(int(topic.partition(":")[2]), drafts=drafts)
    row: list[dict[str, Any]] = next(row for row in told["rows"] if row["name"] == "Nina Nurse")["cells"]
    return row


def test_planners_see_it_on_the_roster_and_nobody_else(cast: Cast) -> None:
    day_wishes.wish_off(cast.nurse, WEEK + 2 * DAY)
    assert [cell["wish"] for cell in cells(cast, drafts=True)] == [False, False, True, False, False, False, False]
    assert not any(cell["wish"] for cell in cells(cast, drafts=False))
    assert own_shifts(cast.people["nurse_west"])["wishes"] == []


def test_a_proposal_keeps_it_where_that_leaves_no_place_open(cast: Cast) -> None:
    second_nurse(cast)
    for number in range(3):
        day_wishes.wish_off(cast.nurse, WEEK + number * DAY)
    found = roster_proposal.propose(cast.staffing, cast.wards["east"], WEEK)
    assert len(found.places) == 12, "the wishes cost no place"
    against = [one for one in found.places if "against their wish" in one.why]
    days = {one.need.slot.day for one in found.places if one.name == "Nina Nurse"}
    assert {one.need.slot.day for one in against} == days & {WEEK + number * DAY for number in range(3)}
    assert len(against) == 2, "six shifts on four free days: two wishes cannot be kept"
