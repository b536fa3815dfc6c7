"""A day is played in the browser: the minute that it shows is the board that the audit tells, by keyboard as by pointer."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.access import THEMES, dress, findings, scrolls_sideways, small_targets
from tests.browser.conftest import Windows
from tests.browser.test_board import live
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser
# Half an hour of a morning; printed is the board that the domain folds for each minute, by label.
MORNING = """
import json
from datetime import date, timedelta
from tests.cast import NOW, recall
from hospital_ops.domain import replay
from hospital_ops.infra.db import read_session
from hospital_ops.queries.clock import hospital_now
from hospital_ops.queries.replay import read_day
from hospital_ops.services import beds, stays
cast = recall()
cast.later(2)
cast.occupy("E3")
cast.later(3.4)
beds.mark_dirty(cast.manager, cast.beds["W1"])
beds.block(cast.manager, cast.beds["E4"], "Broken rail")
cast.later(9)
beds.start_cleaning(cast.hugo, cast.beds["W1"])
cast.later(6)
beds.mark_clean(cast.hugo, cast.beds["W1"])
stays.leave(cast.nurse, cast.beds["E3"])
cast.later(40)
labels = {number: label for label, number in cast.beds.items()}
with read_session() as session:
    day = read_day(session, cast.manager, date(2026, 3, 2), hospital_now())
first = int((NOW - day.begins).total_seconds() // 60)
boards = {}
for minute in range(first, first + 62):
    board = replay.at(day.opening, day.changes, day.begins + timedelta(minutes=minute))
    boards[minute] = {labels[bed]: status.value for bed, status in board.items()}
print(json.dumps(boards))
"""


def shown(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('[data-plan-bed]')].map(e => "
        "[e.dataset.planBed, e.dataset.status]))"
    )
    return found


@pytest.fixture(scope="module")
def boards(web: Web) -> dict[int, dict[str, str]]:
    told = json.loads(run(web.environment, MORNING))
    return {int(minute): board for minute, board in told.items()}


def test_each_minute_is_the_board_that_the_audit_tells(windows: Windows, boards: dict[int, dict[str, str]]) -> None:
    manager = live(windows.open("manager", "/replay"))
    slider = manager.get_by_role("slider", name="Time of the day")
    player = manager.locator(".replay-player")
    expect(manager.locator("[data-plan-bed]")).to_have_count(8)
    slider.focus()
    manager.keyboard.press("End")
    last = max(boards)
    seen = {}
    for _ in range(last - min(boards) + 1):
        manager.keyboard.press("ArrowLeft")
        now = int(player.get_attribute("data-minute") or 0)
        seen[now] = shown(manager)
    compared = [minute for minute in boards if minute in seen]
    assert len(compared) > 55
    assert {minute: seen[minute] for minute in compared} == {minute: boards[minute] for minute in compared}
    assert len({json.dumps(board, sort_keys=True) for board in seen.values()}) == 4
    # The end of the log is the board that the house has.
    manager.keyboard.press("End")
    expect(manager.locator('[data-plan-bed="E3"]')).to_have_attribute("data-status", "dirty")
    expect(manager.locator('[data-plan-bed="E3"]')).to_have_attribute("data-overdue", "true")
    assert windows.errors == []


def test_it_is_told_in_words_and_played_by_the_keyboard(windows: Windows, boards: dict[int, dict[str, str]]) -> None:
    manager = live(windows.open("staffing", "/replay?ward=west"))
    expect(manager.locator("[data-plan-bed]")).to_have_count(4)
    manager.get_by_role("button", name="Next change").click()
    (row,) = manager.locator(".replay-now [data-step]").all()
    expect(row).to_contain_text("W1")
    expect(row).to_contain_text("Found dirty")
    expect(row).to_contain_text("bed manager")
    expect(manager.get_by_role("slider")).to_have_attribute("aria-valuetext", "10:06")
    expect(manager.locator('[data-figure="To clean"] .figure')).to_have_text("1")
    # The story of one bed.
    row.get_by_role("button", name="W1").press("Enter")
    expect(manager.locator(".replay-one tbody tr")).to_have_count(3)
    manager.get_by_role("button", name="Put away").click()
    # Played, and paused by the space bar.
    slider = manager.get_by_role("slider")
    slider.focus()
    manager.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "10:02")
    manager.get_by_label("Speed").select_option("1")
    slider.focus()
    manager.keyboard.press("Space")
    expect(manager.get_by_role("button", name="Pause")).to_be_visible()
    expect(slider).not_to_have_attribute("aria-valuetext", "10:02")
    manager.keyboard.press("Space")
    expect(manager.get_by_role("button", name="Play")).to_be_visible()
    manager.get_by_text("The day by the hour, as a table").click()
    # West's three changes lie between the founding, two minutes past ten, and eleven.
    expect(manager.get_by_role("row", name=re.compile("^10:02.* 3$"))).to_be_visible()
    manager.keyboard.press("End")
    for width in (1440, 768, 390):
        manager.set_viewport_size({"width": width, "height": 900})
        assert not scrolls_sideways(manager), width
        for theme in THEMES:
            dress(manager, theme)
            assert findings(manager, contrast_alone=theme == "dark") == [], (width, theme)
    assert [one for one in small_targets(manager) if ".replay" in one or "replay" in one] == []
    assert windows.errors == []


def test_another_day_stands_in_the_address_and_an_unknown_one_is_a_sentence(windows: Windows, web: Web) -> None:
    manager = live(windows.open("manager", "/replay"))
    expect(manager.locator(".replay-player")).to_have_attribute("data-day", "2026-03-02")
    expect(manager.get_by_role("button", name="Day before")).to_be_disabled()
    for day, words in (("2026-03-03", "yet to come"), ("2020-01-01", "begins on 2 March 2026"), ("x", "not a day")):
        manager.goto(f"{web.base}/replay?day={day}")
        expect(manager.locator(".state-title")).to_contain_text(words)
    manager.get_by_role("button", name="Today").click()
    expect(manager).to_have_url(re.compile(r"/replay$"))
    expect(manager.locator(".replay-player")).to_have_attribute("data-day", "2026-03-02")
    nurse = windows.open("nurse", "/replay")
    expect(nurse.get_by_role("heading", name="This page is not open to you")).to_be_visible()
    expect(nurse.locator("[data-plan-bed]")).to_have_count(0)
