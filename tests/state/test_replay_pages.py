"""What a browser may give the replay's two pages: a day, a role, a few people, some hours, and nothing else."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest

from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.errors import Invalid, Refused
from hospital_ops.domain.what_if import REPLICATIONS, Change
from hospital_ops.services import beds
from hospital_ops.state import what_if as page
from hospital_ops.state.gate import Viewer
from hospital_ops.state.replay import day_given
from hospital_ops.state.routes import BY_PATH, topics_of
from hospital_ops.state.what_if import WhatIf, asked_of
from tests.cast import Cast

FORM = {"day": "2026-03-02", "role": "housekeeper", "people": "1", "from": "14", "until": "18"}


def test_a_form_as_it_is_sent() -> None:
    assert asked_of(FORM) == (Role.HOUSEKEEPER, date(2026, 3, 2), Change(1, 14, 18))
    assert asked_of(FORM | {"people": "-2", "role": "transporter"})[2] == Change(-2, 14, 18)


@pytest.mark.parametrize(
    "given",
    [None, {}, [], "x", FORM | {"role": "admin"}, FORM | {"day": ""}, FORM | {"day": "2026-13-01"}, FORM | {"people": "0"},
     FORM | {"people": "1.5"}, FORM | {"people": 3}, FORM | {"until": "14"}, FORM | {"from": "x" * 99}],
)  # fmt: skip
def test_anything_else_is_refused_in_words(given: Any) -> None:
    with pytest.raises(Refused):
        asked_of(given)


def test_a_day_is_one_or_none() -> None:
    assert day_given("") is None
    assert day_given(" 2026-03-02 ") == date(2026, 3, 2)
    for wrong in ("yesterday", "2026-3-2", None, 7, "2026-02-30", "x" * 500):
        with pytest.raises(Invalid):
            day_given(wrong)


@pytest.mark.parametrize("path", ["/replay", "/replay/what-if"])
def test_the_pages_are_the_managers_and_watch_nothing(path: str) -> None:
    assert BY_PATH[path].permission is Permission.REPLAY_VIEW
    allowed = {role for role in Role if Actor(role, "x").may(Permission.REPLAY_VIEW)}
    assert allowed == {Role.BED_MANAGER, Role.STAFFING_MANAGER, Role.ADMIN}
    assert topics_of(path, Actor(Role.BED_MANAGER, "x"), {}) == []


@pytest.fixture
def shown(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a manager's browser is told by the what-if, in order."""
    told: list[dict[str, Any]] = []

    async def show(_: object, what_if: dict[str, Any]) -> None:
        told.append(what_if)

    async def here(call: Any, *given: Any) -> Any:
        return call(*given)

    monkeypatch.setattr(page, "show", show)
    monkeypatch.setattr(page, "in_thread", here)
    monkeypatch.setattr(page, "current_viewer", lambda: Viewer(cast.manager, "a session"))
    return told


def reckon(form: dict[str, str]) -> None:
    asyncio.run(WhatIf.reckon.fn(None, form))  # type: ignore[attr-defined]


def test_the_browser_hears_how_far_it_is_and_then_the_answer(cast: Cast, shown: list[dict[str, Any]]) -> None:
    for _ in range(20):
        beds.mark_dirty(cast.manager, cast.beds["E1"])
        cast.later(3)
        beds.start_cleaning(cast.hanna, cast.beds["E1"])
        cast.later(12)
        beds.mark_clean(cast.hanna, cast.beds["E1"])
    for label in ("E1", "E2", "E3", "E4"):
        beds.mark_dirty(cast.manager, cast.beds[label])
    cast.later(60)
    reckon(FORM | {"from": "10", "until": "24"})
    *progress, answer = shown
    assert [one["done"] for one in progress] == list(range(0, REPLICATIONS, page.AT_ONCE))
    assert (answer["replications"], answer["asked"], answer["staff"]) == (REPLICATIONS, 24, 1)
    wait = next(row for row in answer["rows"] if row["name"] == "wait_mean")
    assert wait["sure"]
    assert wait["after"] < wait["before"]
    again = list(shown)
    reckon(FORM | {"from": "10", "until": "24"})
    assert shown[len(again) :] == again  # The same question, the same answer.


def test_what_cannot_be_reckoned_is_a_sentence(shown: list[dict[str, Any]]) -> None:
    reckon(FORM)
    reckon(FORM | {"until": "13"})
    assert [one["problem"][:24] for one in shown] == ["Nothing was asked of the", "The hours begin at 0, en"]


def test_one_at_a_time(shown: list[dict[str, Any]]) -> None:
    async def two() -> None:
        async with page._busy:
            await WhatIf.reckon.fn(None, FORM)  # type: ignore[attr-defined]

    asyncio.run(two())
    assert "Try again in a few seconds" in shown[0]["problem"]
