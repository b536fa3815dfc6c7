"""A planner puts a nurse on a shift and publishes the week; the nurse's own page shows it, and not before."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests.browser.access import THEMES, dress, findings, scrolls_sideways
from tests.browser.conftest import Windows

pytestmark = pytest.mark.browser


def test_a_draft_is_published_and_seen_by_whom_it_concerns(windows: Windows) -> None:
    planner, nurse = windows.open("staffing", "/staffing/roster"), windows.open("nurse", "/me", width=390)
    expect(nurse.get_by_text("No shift of yours is published")).to_be_visible()
    planner.get_by_role("button", name="Week after").click()
    cell = planner.get_by_role("button", name="Nina Nurse, Wed 11 Mar")
    cell.focus()
    planner.keyboard.press("Enter")
    dialog = planner.get_by_role("dialog")
    dialog.get_by_role("radio", name="Day, 7–15 h", exact=True).check()
    dialog.get_by_role("button", name="Put on").click()
    expect(cell).to_contain_text("Day")
    expect(cell).to_contain_text("new")
    expect(nurse.get_by_text("No shift of yours is published")).to_be_visible()
    expect(dialog).to_have_count(0)
    for theme in THEMES:
        dress(planner, theme)
        assert findings(planner, contrast_alone=theme == "dark") == []
    planner.get_by_role("button", name="Publish 1 changes").click()
    expect(dialog).to_contain_text("Nina Nurse comes Wed 11 Mar day")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(nurse.locator("[data-shift]")).to_contain_text("Wed 11 Mar, 7–15 h")
    expect(cell.locator("[data-state=published]")).to_have_count(1)
    assert windows.errors == []


def test_a_file_is_previewed_on_a_phone(windows: Windows) -> None:
    planner = windows.open("staffing", "/staffing/roster", width=390)
    planner.get_by_role("button", name="Import…").click()
    dialog = planner.get_by_role("dialog")
    lines = "ward,role,date,start,end,username\nwest,nurse,2026-03-05,07:00,15:00,nurse_west\nnorth,nurse,x,7,8,y\n"
    dialog.locator("textarea").fill(lines)
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.get_by_role("status")).to_contain_text("1 shifts would be drafted for 1 people")
    expect(dialog.get_by_text("Line 3")).to_be_visible()
    dialog.get_by_role("button", name="Draft these").click()
    expect(dialog).to_have_count(0)
    planner.locator("select").select_option(label="Medicine west (west)")
    expect(planner.get_by_role("button", name="Noel Nurse, Thu 5 Mar")).to_contain_text("Day")
    assert findings(planner) == []
    assert not scrolls_sideways(planner)
    assert windows.errors == []


def test_a_proposal_is_looked_at_drafted_and_thrown_away(windows: Windows) -> None:
    planner = windows.open("staffing", "/staffing/roster")
    for _ in range(2):
        planner.get_by_role("button", name="Week after").click()
    expect(planner.get_by_text("16 March – 22 March 2026")).to_be_visible()
    planner.get_by_role("button", name="Propose…").press("Enter")
    dialog = planner.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_contain_text("of 21 open places")
    expect(dialog.get_by_role("list", name="Would come")).to_contain_text("Nina Nurse comes Mon 16 Mar")
    expect(dialog.get_by_role("list", name="Stays open")).to_contain_text("at their week's hours")
    for width in (390, 768, 1440):
        planner.set_viewport_size({"width": width, "height": 900})
        assert findings(planner) == []
        assert not scrolls_sideways(planner)
        if where := os.environ.get("PICTURES"):
            planner.screenshot(path=f"{where}/propose-{width}.png")
    dialog.get_by_role("button", name="Draft these").press("Enter")
    expect(dialog).to_have_count(0)
    drafted = planner.locator("[data-state=joins]")
    expect(drafted.first).to_be_visible()
    planner.get_by_role("button", name="Publish 6 changes").click()
    dialog.get_by_role("button", name="Throw the draft away").click()
    expect(drafted).to_have_count(0)
    assert windows.errors == []
