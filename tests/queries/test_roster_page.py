"""A ward's week on the screen: the draft for planners alone, gaps by ratio, what is against a rule, whose page it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hospital_ops.domain import events
from hospital_ops.queries.roster_page import roster_page, wards_of_roster
from hospital_ops.services import roster_draft
from hospital_ops.state.topic_table import TOPICS
from hospital_ops.state.topics import channel_for
from tests.cast import Cast
from tests.services.test_roster_draft import wish, works

MONDAY = date(2026, 3, 2)


def page(cast: Cast, *, drafts: bool, ward: str = "east", weeks: int = 0) -> dict[str, Any]:
    topic = events.roster(cast.wards.get(ward), MONDAY + timedelta(weeks=weeks))
    return roster_page(int(topic.partition(":")[2]), drafts=drafts)


def cell(told: dict[str, Any], name: str, day: int) -> list[dict[str, Any]]:
    row = next(row for row in told["rows"] if row["name"] == name)
    shifts: list[dict[str, Any]] = row["cells"][day]["shifts"]
    return shifts


def test_the_draft_is_the_planners_alone(cast: Cast) -> None:
    roster_draft.put_on(cast.staffing, wish(cast), cast.people["nurse"])
    full, published = page(cast, drafts=True), page(cast, drafts=False)
    assert [(one["word"], one["state"]) for one in cell(full, "Nina Nurse", 1)] == [("Day", "joins")]
    assert cell(published, "Nina Nurse", 1) == []
    assert (len(full["changes"]), published["changes"], published["stamp"]) == (1, [], "")
    assert roster_draft.publish_week(cast.staffing, cast.wards["east"], MONDAY, full["stamp"]) == 1
    assert [one["state"] for one in cell(page(cast, drafts=False), "Nina Nurse", 1)] == ["published"]


@pytest.mark.parametrize(
    ("who", "east", "west"),
    [("staffing", "full", "full"), ("manager", "masked", "masked"), ("nurse", "masked", None), ("hanna", None, None)],
)
def test_each_sees_their_wards_rosters(cast: Cast, who: str, east: str | None, west: str | None) -> None:
    actor = cast.as_actor(who)
    rooms = [channel_for(TOPICS, actor, events.roster(cast.wards[ward], MONDAY)) for ward in ("east", "west")]
    assert [room.variant if room else None for room in rooms] == [east, west]


def test_the_houses_roster_is_for_the_whole_houses_people(cast: Cast) -> None:
    assert channel_for(TOPICS, cast.nurse, events.roster(None, MONDAY)) is None
    assert channel_for(TOPICS, cast.staffing, events.roster(None, MONDAY)) is not None
    assert [ward["name"] for ward in wards_of_roster(cast.nurse)] == ["Cardiac east (east)"]
    assert len(wards_of_roster(cast.staffing)) == 3


def test_a_shift_short_of_nurses_is_a_gap(cast: Cast) -> None:
    assert {"Tue 3 day", "Sun 8 night"} <= {one["words"] for one in page(cast, drafts=True)["gaps"]}
    roster_draft.put_on(cast.staffing, wish(cast), cast.people["nurse"])
    assert "Tue 3 day" not in {one["words"] for one in page(cast, drafts=True)["gaps"]}
    assert "Tue 3 day" in {one["words"] for one in page(cast, drafts=False)["gaps"]}


def test_what_is_against_a_rule_says_why_and_a_shift_elsewhere_says_where(cast: Cast) -> None:
    works(cast, "nurse", 1, 2, ward="west")
    works(cast, "nurse", 1, 18)
    early, late = _tuesday(cast)
    assert early["place"] == "west"
    assert late["place"] == ""
    assert "8 h of rest" in late["why"]


def _tuesday(cast: Cast) -> tuple[dict[str, Any], dict[str, Any]]:
    told = page(cast, drafts=False)
    shown = [one for day in range(7) for one in cell(told, "Nina Nurse", day)]
    assert len(shown) == 2
    return shown[0], shown[1]


def test_every_page_on_which_a_change_is_seen_is_named(cast: Cast) -> None:
    """Hours look a week round, and a shift elsewhere is shown on one's own ward."""
    numbers = [(ward, weeks) for ward in ("east", "west", "") for weeks in (-1, 0, 1, 2)]
    works(cast, "nurse", 2)
    before = {key: page(cast, drafts=True, ward=key[0], weeks=key[1]) for key in numbers}
    roster_draft.put_on(cast.staffing, wish(cast, 5, ward="west"), cast.people["nurse"], reason="lent")
    changed = {key for key in numbers if page(cast, drafts=True, ward=key[0], weeks=key[1]) != before[key]}
    named = cast.topics("shift.drafted")
    assert {("east", 0), ("west", 0)} <= changed
    for ward, weeks in changed:
        assert events.roster(cast.wards.get(ward), MONDAY + timedelta(weeks=weeks)) in named
