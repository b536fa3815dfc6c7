"""The wards as a plan: the same beds, the same drawer, by the keyboard as by the pointer; and beds found by the address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.access import THEMES, dress, findings, scrolls_sideways
from tests.browser.conftest import Windows
from tests.browser.test_board import live

pytestmark = pytest.mark.browser


def test_the_plan_is_the_board_drawn_where_the_beds_stand(windows: Windows) -> None:
    manager = live(windows.open("manager"))
    manager.locator(".chip", has_text="Floor plan").click()
    expect(manager).to_have_url(re.compile(r"/board\?view=plan$"))
    beds = manager.locator("[data-plan-bed]")
    expect(beds).to_have_count(8)
    expect(manager.locator("[data-bed]")).to_have_count(0)  # One view at a time is drawn.
    # The highest floor first, as the building stands.
    assert beds.first.get_attribute("data-plan-bed") == "W1"
    # By the keyboard alone: Tab goes bed by bed, arrows as the eye does, Enter opens the story and Escape returns.
    beds.first.focus()
    manager.keyboard.press("Tab")
    expect(manager.locator('[data-plan-bed="W2"]')).to_be_focused()
    manager.keyboard.press("ArrowRight")
    expect(manager.locator('[data-plan-bed="W3"]')).to_be_focused()
    manager.keyboard.press("Enter")
    expect(manager.locator(".drawer-title")).to_have_text("W3")
    manager.locator(".drawer").get_by_role("button", name="Needs cleaning").click()
    bed = manager.locator('[data-plan-bed="W3"]')
    expect(bed).to_have_attribute("data-status", "dirty")
    expect(bed.locator(".plan-letter")).to_have_text("D")
    expect(bed).to_have_attribute("aria-label", re.compile("W3, Waiting for cleaning"))
    manager.keyboard.press("Escape")
    expect(bed).to_be_focused()
    for width in (1440, 390):
        manager.set_viewport_size({"width": width, "height": 900})
        assert not scrolls_sideways(manager), width
        for theme in THEMES:
            dress(manager, theme)
            assert findings(manager, contrast_alone=theme == "dark") == [], (width, theme)
    manager.reload()
    expect(live(manager).locator("[data-plan-bed]")).to_have_count(8)
    assert windows.errors == []


def test_beds_are_found_by_words_and_needs_that_stay_in_the_address(windows: Windows) -> None:
    manager = live(windows.open("manager"))
    manager.emulate_media(reduced_motion="reduce")
    manager.get_by_role("searchbox").fill("E4 cardiac")
    expect(manager.get_by_role("status").filter(has_text="1 bed")).to_be_visible()
    expect(manager).to_have_url(re.compile(r"q=E4\+cardiac"))
    others = ["E1", "E2", "E3", "W1", "W2", "W3", "W4"]
    expect(manager.locator('.tile[data-bed="E4"]')).to_have_css("opacity", "1")
    for label in others:
        expect(manager.locator(f'.tile[data-bed="{label}"]')).to_have_css("opacity", "0.18")
    manager.locator(".chip", has_text="Floor plan").click()
    expect(manager.locator('[data-plan-bed="E4"]')).to_have_css("opacity", "1")
    expect(manager.locator('[data-plan-bed="W1"]')).to_have_css("opacity", "0.18")
    manager.get_by_role("searchbox").fill("")
    expect(manager).not_to_have_url(re.compile("q="))
    manager.locator(".chip", has_text="Isolation").click()
    expect(manager).to_have_url(re.compile("need=isolation"))
    expect(manager.locator('[data-plan-bed="E3"]')).to_have_css("opacity", "1")
    expect(manager.locator('[data-plan-bed="E1"]')).to_have_css("opacity", "0.18")
