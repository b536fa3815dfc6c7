"""A ward's own notice target: who sets it, that it counts at once, and how often the ward had it of late."""

from __future__ import annotations

from typing import Any

import pytest

from hospital_ops.domain.errors import Invalid, NotFound
from hospital_ops.domain.stays import LONGEST_NOTICE_MINUTES, SHORTEST_NOTICE_MINUTES
from hospital_ops.models import Ward
from hospital_ops.queries.board import bed_story
from hospital_ops.queries.wards import DAYS, wards_value
from hospital_ops.services import stays, wards
from tests.cast import Cast, fresh
from tests.services.six import Action, Given, SixQuestions


def target(cast: Cast) -> int:
    return fresh(Ward, cast.wards["east"]).notice_target_minutes


def east(cast: Cast) -> Given:
    return {"ward_id": cast.wards["east"], "minutes": 180, "seen": 120}


ACTIONS = [
    Action(
        wards.set_notice_target,
        east,
        who="manager",
        works=lambda cast, given: target(cast) == 180,
        audit=("ward.set_notice",),
        events=("ward.changed",),
        wrong_role="nurse",
        no_ward="only the whole house's roles set up wards",
        rival=lambda cast, given: wards.set_notice_target(cast.admin, given["ward_id"], 90),
    )
]


@pytest.mark.parametrize("action", ACTIONS, ids=str)
class TestSixQuestions(SixQuestions): ...


@pytest.mark.parametrize("minutes", [0, -5, SHORTEST_NOTICE_MINUTES - 1, LONGEST_NOTICE_MINUTES + 1])
def test_a_target_is_something_that_a_ward_can_keep(cast: Cast, minutes: int) -> None:
    with pytest.raises(Invalid):
        wards.set_notice_target(cast.admin, cast.wards["east"], minutes)
    assert target(cast) == 120


def test_there_is_no_such_ward(cast: Cast) -> None:
    with pytest.raises(NotFound):
        wards.set_notice_target(cast.admin, 999_999, 60)


def test_the_audit_has_both_and_the_boards_hear_it(cast: Cast) -> None:
    wards.set_notice_target(cast.admin, cast.wards["east"], 60)
    line = cast.audited("ward.set_notice")[-1]
    assert (line.ward_id, line.facts) == (cast.wards["east"], {"old": 120, "new": 60})
    beds = {f"bed:{cast.beds[label]}" for label in ("E1", "E2", "E3", "E4")}
    assert cast.topics("ward.changed") == {"wards", f"ward:{cast.wards['east']}", *beds}


def row(cast: Cast, code: str = "east") -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in wards_value()["wards"] if one["code"] == code)
    return found


def leaves(cast: Cast, label: str, notice: int) -> None:
    cast.occupy(label)
    stays.order_discharge(cast.manager, cast.beds[label])
    cast.later(notice)
    stays.leave(cast.manager, cast.beds[label])


def test_how_often_a_ward_had_its_notice_of_late(cast: Cast) -> None:
    assert (row(cast)["left"], row(cast)["middle"]) == (0, None)
    for label, notice in (("E1", 30), ("E2", 150), ("E4", 200)):
        leaves(cast, label, notice)
    assert (row(cast)["left"], row(cast)["met"], row(cast)["middle"], row(cast)["beds"]) == (3, 2, 150, 4)
    assert row(cast, "west")["left"] == 0
    wards.set_notice_target(cast.manager, cast.wards["east"], 180)
    assert row(cast)["met"] == 1, "by the target as it is now"
    assert bed_story(cast.beds["E4"], masked=True)["notice"]["target_minutes"] == 180
    cast.later((DAYS + 1) * 24 * 60)
    assert row(cast)["left"] == 0
