"""A nurse asks a colleague to swap, by keyboard; he says yes on a phone; the planner decides; a day off is asked for: all live."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.access import dress, findings, scrolls_sideways, small_targets
from tests.browser.conftest import Windows
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser
# Noel belongs to both wards. He works until eleven on Tuesday, so Nina's Tuesday afternoon needs the planner's word.
SCENE = """
from hospital_ops.infra.db import new_session
from hospital_ops.models import UserWard
from tests.cast import recall
from tests.services.test_roster_draft import second_nurse, works
cast = recall()
second_nurse(cast)
works(cast, "nurse", 1)
works(cast, "nurse", 2)
works(cast, "nurse_west", 1, 3, ward="west")
works(cast, "nurse_west", 4)
works(cast, "nurse_west", 5)
"""


def looked_at(page: Page, name: str) -> None:
    """No finding at any width, in either light; a picture of each where PICTURES names a directory."""
    for width in (390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("scrollTo(0, 0)")  # What lies half under the header is no small target.
        assert findings(page) == []
        assert small_targets(page) == []
        assert not scrolls_sideways(page)
        keep(page, f"{name}-{width}")
    dress(page, "dark")
    assert findings(page, contrast_alone=True) == []
    keep(page, f"{name}-dark")
    dress(page, "light")


def keep(page: Page, name: str) -> None:
    if where := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(where) / f"{name}.png"), full_page=True)


def test_two_swap_and_a_planner_decides(windows: Windows, web: Web) -> None:
    run(web.environment, SCENE)
    nina = windows.open("nurse", "/me")
    noel = windows.open("nurse_west", "/me", width=390)
    planner = windows.open("staffing", "/staffing/roster")
    expect(nina.locator("[data-swap]")).to_have_count(0)

    # Wednesday for Friday: nothing is in the way, so a yes is enough.
    nina.get_by_role("button", name="Swap Wed 4 Mar, 7–15 h").press("Enter")
    dialog = nina.get_by_role("dialog")
    friday = dialog.get_by_role("radio", name="Noel Nurse Fri 6 Mar")
    expect(friday).to_have_count(1)
    looked_at(nina, "ask")
    dialog.get_by_role("button", name="Ask").press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Choose a colleague")
    friday.check()
    dialog.get_by_role("button", name="Ask").press("Enter")
    expect(dialog).to_have_count(0)
    expect(nina.locator("[data-swap]")).to_contain_text("Noel Nurse has not answered yet.")
    expect(noel.locator("[data-swap]")).to_contain_text("Nina Nurse asks you.")
    looked_at(noel, "asked")
    noel.get_by_role("button", name="Yes").click()
    expect(nina.locator("[data-swap]")).to_contain_text("Swapped with Noel Nurse.")
    expect(nina.get_by_role("button", name="Swap Fri 6 Mar, 7–15 h")).to_be_visible()

    # A question taken back is gone from the other's page.
    nina.get_by_role("button", name="Swap Tue 3 Mar, 7–15 h").click()
    dialog.get_by_role("radio", name="Noel Nurse Sat 7 Mar").check()
    dialog.get_by_role("button", name="Ask").click()
    expect(noel.get_by_role("button", name="Yes")).to_be_visible()
    nina.get_by_role("button", name="Take it back").click()
    expect(noel.get_by_role("button", name="Yes")).to_have_count(0)

    # Tuesday for Saturday: Noel would have no rest.
    nina.get_by_role("button", name="Swap Tue 3 Mar, 7–15 h").click()
    expect(dialog.get_by_text("The planner decides, because of under 11 h of rest").first).to_be_visible()
    dialog.get_by_role("radio", name="Noel Nurse Sat 7 Mar").check()
    dialog.get_by_role("button", name="Ask").click()
    expect(planner.locator("[data-swap]")).to_have_count(0)
    noel.get_by_role("button", name="Yes").click()
    waiting = planner.locator("[data-swap]")
    expect(waiting).to_contain_text("under 11 h of rest")
    looked_at(planner, "decide")
    waiting.get_by_label("They may", exact=True).check()
    waiting.get_by_label("Your reason").fill("Both want it.")
    waiting.get_by_role("button", name="Decide").press("Enter")
    expect(waiting).to_have_count(0)
    expect(noel.locator("[data-state=done]")).to_have_count(2)
    expect(nina.get_by_role("button", name="Swap Sat 7 Mar, 7–15 h")).to_be_visible()
    looked_at(nina, "done")
    assert windows.errors == []


def test_a_day_off_is_asked_for_and_the_planner_sees_it(windows: Windows) -> None:
    nina, planner = windows.open("nurse", "/me"), windows.open("staffing", "/staffing/roster")
    for _ in range(2):
        planner.get_by_role("button", name="Week after").click()
    cell = planner.get_by_role("button", name="Nina Nurse, Wed 18 Mar")
    expect(cell).to_be_visible()
    nina.get_by_label("A day I would like off").fill("2026-03-18")
    nina.get_by_role("button", name="Ask for it").press("Enter")
    expect(nina.locator("[data-wish]")).to_contain_text("Wed 18 Mar")
    expect(cell).to_contain_text("asks off")
    looked_at(nina, "wish")
    looked_at(planner, "asks-off")
    nina.get_by_role("button", name="Take back Wed 18 Mar").press("Enter")
    expect(nina.locator("[data-wish]")).to_have_count(0)
    expect(cell).not_to_contain_text("asks off")
    assert windows.errors == []
