"""Reports as people read them: a link shows what its sender saw, by keyboard, at every width, with the file beside it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.access import dress, findings, scrolls_sideways, small_targets
from tests.browser.conftest import Windows
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser
# Two weeks of turns in one ward, and three in the other: too few.
TURNS = """
from tests.cast import recall
from tests.queries.report_rows import cleaned, left
cast = recall()
for day in range(14, 29):
    for hour in range(8, 14):
        cleaned(cast, "E1", f"2026-02-{day} {hour:02d}:00", took=30 + 2 * day + hour)
        left(cast, "E2", f"2026-02-{day} {hour:02d}:00", days=1 + day / 10)
for hour in range(3):
    cleaned(cast, "W1", f"2026-02-20 {hour + 8:02d}:00", took=44)
"""


def test_a_report_is_found_linked_read_and_saved(windows: Windows, web: Web) -> None:
    run(web.environment, TURNS)
    page = windows.open("manager", "/reports")
    expect(page.get_by_role("heading", name="Length of stay")).to_be_visible()
    page.get_by_role("link", name="Turn time").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Turn time")).to_be_visible()
    east, west = page.locator('[data-row="east"]'), page.locator('[data-row="west"]')
    expect(east).to_contain_text("Cardiac east")
    expect(west).to_contain_text("under 5")
    expect(west).to_contain_text("too few")
    expect(page.locator(".recharts-line").first).to_be_attached()

    page.get_by_role("link", name="7 days").click()
    page.wait_for_url("**/reports?measure=turn-time&days=7")
    expect(page.locator('[data-row="2026-02-28"]')).to_contain_text("6")
    page.get_by_role("link", name="Started to clean").click()
    page.wait_for_url("**part=cleaning**")
    expect(page.locator("[data-whole='Started to clean']")).to_be_visible()

    page.get_by_text("Wards: every ward").press("Enter")
    page.get_by_label("Cardiac east").check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**wards=east**")
    expect(west).to_have_count(0)
    page.get_by_label("From").fill("2026-02-27")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**from=2026-02-27&to=2026-03-02**")
    expect(page.locator('[data-row="2026-02-26"]')).to_have_count(0)
    sent = windows.open("nurse", "/reports")
    sent.goto(page.url)
    expect(sent.locator('[data-row="2026-02-27"]')).to_be_visible()
    assert sent.get_by_role("heading", name="Turn time").is_visible()
    for width in (390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert findings(page) == []
        assert small_targets(page) == []
        assert not scrolls_sideways(page)
        # On a phone the last column was cut in the middle of its figures.
        edge = page.locator(".report-scroll").last.bounding_box() or {}
        for row in page.locator("[data-row=all]").all():
            cell = row.locator(":scope > *").last.bounding_box() or {}
            assert cell["x"] + cell["width"] <= edge["x"] + edge["width"] + 1, width
    dress(page, "dark")
    assert findings(page, contrast_alone=True) == []
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save as CSV").click()
    assert saving.value.suggested_filename == "turn-time-2026-02-27-2026-03-02.csv"

    assert windows.errors == []


def test_an_address_that_cannot_be_meant_or_is_not_theirs_says_so(windows: Windows, web: Web) -> None:
    page = windows.open("nurse", "/reports")
    for address, words in (("days=8", "Choose 7, 28 or 90 days"), ("wards=west", "not one of yours")):
        page.goto(f"{web.base}/reports?{address}")
        expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    page.get_by_role("link", name="Show the usual report").click()
    expect(page.get_by_role("heading", name="Length of stay")).to_be_visible()
    assert findings(page) == []
    porter = windows.open("hanna", "/reports")
    expect(porter.get_by_role("heading", name="This page is not open to you")).to_be_visible()
