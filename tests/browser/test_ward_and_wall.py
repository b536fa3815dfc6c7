"""One ward by its address, and the screen on the wall: live, theirs alone, and open to everybody."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.access import THEMES, dress, findings, scrolls_sideways, small_targets
from tests.browser.conftest import Windows
from tests.browser.test_board import live
from tests.contract.test_rights import OCCUPY
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser
MARK_DIRTY = """
import sys
from tests.cast import recall
from hospital_ops.services import beds
cast = recall()
beds.mark_dirty(cast.manager, cast.beds[sys.argv[1]])
cast.later(float(sys.argv[2]))
"""


def sound(page: Page, *widths: int, targets: bool = True) -> None:
    """Nothing for axe to say at each width, in the light and in the dark; nothing to press is smaller than a thumb."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 1024})
        for theme in THEMES:
            dress(page, theme)
            found = findings(page, contrast_alone=theme == "dark")
            assert not found, "\n".join([f"{width} px, {theme}", *found])
        assert not scrolls_sideways(page), width
        if targets:
            assert [one for one in small_targets(page) if "nav-link" not in one] == [], width


def test_a_ward_has_an_address_and_shows_itself_alone(windows: Windows, web: Web) -> None:
    run(web.environment, OCCUPY, str(web.beds["E3"]))
    nurse = live(windows.open("nurse", "/board/EAST", width=768))
    expect(nurse.get_by_role("heading", name="Cardiac east")).to_be_visible()
    expect(nurse.locator("[data-bed]")).to_have_count(4)
    card = nurse.locator('[data-bed="E3"]')
    expect(card).to_contain_text("ZQ")
    expect(card).to_contain_text("Occupied")
    sound(nurse, 390, 768)
    # The same bed on the board of the whole house: an act there is seen here, and the drawer opens here too.
    manager = live(windows.open("manager"))
    manager.get_by_role("link", name="east").click()
    manager.wait_for_url("**/board/east")
    expect(manager.locator("[data-bed]")).to_have_count(4)
    manager.locator('[data-bed="E1"]').press("Enter")
    manager.locator(".drawer").get_by_role("button", name="Needs cleaning").click()
    expect(nurse.locator('[data-bed="E1"]')).to_have_attribute("data-status", "dirty")
    nurse.locator(".chip", has_text="To clean").click()
    expect(nurse).to_have_url(re.compile(r"/board/EAST\?show=cleaning$"))
    assert windows.errors == []


def test_another_ward_and_none_at_all_are_a_sentence_and_a_way_back(windows: Windows, web: Web) -> None:
    nurse = live(windows.open("nurse", "/board/west"))
    expect(nurse.get_by_role("heading", name="That ward is not one of yours.")).to_be_visible()
    expect(nurse.locator("[data-bed]")).to_have_count(0)
    nurse.goto(f"{web.base}/board/9Z")
    expect(live(nurse).get_by_role("heading", name="There is no ward of that name")).to_be_visible()
    sound(nurse, 390)
    nurse.get_by_role("link", name="All my wards").click()
    expect(nurse.locator("[data-bed]")).to_have_count(4)


def test_the_wall_says_what_is_late_and_nobodys_name(windows: Windows, web: Web) -> None:
    patient = json.loads(run(web.environment, OCCUPY, str(web.beds["W1"])))
    assert patient
    wall = live(windows.open("manager", "/wall", width=1920))
    expect(wall.locator("[data-wall-bed]")).to_have_count(8)
    run(web.environment, MARK_DIRTY, "W4", "45")
    act = wall.locator(".wall-act li", has_text="W4")
    expect(act).to_contain_text("waiting for cleaning")
    expect(act).to_contain_text("45 min")
    assert "ZQ" not in wall.content()
    assert wall.locator("button, a, input, select, [role=button]").count() == 0
    sound(wall, 390, 768, 1440, 1920)
    wall.set_viewport_size({"width": 1920, "height": 1080})
    assert wall.evaluate("document.documentElement.scrollHeight <= window.innerHeight")

    wall.goto(f"{web.base}/wall?ward=west")
    expect(live(wall).locator("[data-wall-bed]:visible")).to_have_count(4)
    expect(wall.locator('[data-wall-bed="W4"]')).to_contain_text("Waiting for cleaning")
    run(web.environment, MARK_DIRTY, "E2", "45")
    expect(wall.locator('[data-wall-bed="E2"]')).to_have_attribute("data-status", "dirty")
    expect(wall.locator(".wall-act li")).to_have_count(1)  # What is late in the east is for the east's wall.
    sound(wall, 1920)
    assert windows.errors == []
