"""The board as people see it: live in every window, honest when the line is lost, and by the keyboard too."""

from __future__ import annotations

import json
import os
import re
import signal
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.contract.test_rights import MOVE, OCCUPY
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser


def live(page: Page) -> Page:
    expect(page.locator("[data-live]").first).to_have_attribute("data-live", "live")
    return page


def test_a_change_is_seen_in_the_other_window_without_a_reload(windows: Windows, web: Web) -> None:
    manager, nurse = live(windows.open("manager")), live(windows.open("nurse"))
    expect(manager.locator("[data-bed]")).to_have_count(8)
    expect(nurse.locator("[data-bed]")).to_have_count(4)
    manager.locator('[data-bed="E1"]').click()
    manager.get_by_role("button", name="Needs cleaning").click()
    for page in (manager, nurse):
        expect(page.locator('[data-bed="E1"]')).to_have_attribute("data-status", "dirty")
    expect(manager.locator(".drawer")).to_contain_text("Found dirty")
    manager.keyboard.press("Escape")
    expect(manager.locator(".drawer")).to_have_count(0)
    assert windows.errors == []  # The content security policy blocks nothing of ours.


def test_an_act_that_wants_a_reason_asks_for_it(windows: Windows) -> None:
    manager = live(windows.open("manager"))
    manager.locator('[data-bed="W4"]').click()
    manager.locator(".drawer").get_by_role("button", name="Block", exact=True).click()
    manager.locator("textarea[name=reason]").fill("Broken rail")
    manager.get_by_role("button", name="Save").click()
    expect(manager.locator('[data-bed="W4"]')).to_have_attribute("data-status", "blocked")
    expect(manager.locator(".drawer")).to_contain_text("Broken rail")


def test_filters_are_kept_in_the_address(windows: Windows) -> None:
    manager = live(windows.open("manager"))
    manager.locator(".chip", has_text="west").click()
    manager.locator(".filters .chip", has_text="Ready").click()
    expect(manager).to_have_url(re.compile(r"/board\?(ward=west&show=ready|show=ready&ward=west)$"))
    expect(manager.locator("[data-bed]:visible")).to_have_count(4)
    manager.reload()
    expect(live(manager).locator("[data-bed]:visible")).to_have_count(4)


def test_the_lost_line_is_said_greyed_and_caught_up_without_blanking(windows: Windows, web: Web) -> None:
    manager = live(windows.open("manager"))
    children = f"/proc/{web.process.pid}/task/{web.process.pid}/children"
    with open(children) as listed:
        workers = [int(pid) for pid in listed.read().split()]
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        expect(manager.locator("[data-live]").first).to_have_attribute("data-live", "stale")
        expect(manager.locator("[role=alert]", has_text="line to the hospital is lost")).to_be_visible()
        expect(manager.locator("[data-bed]")).to_have_count(8)
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
    expect(live(manager).locator("[data-bed]")).to_have_count(8)
    expect(manager.locator("[role=alert]", has_text="lost")).to_have_count(0)


def test_a_page_of_another_role_is_refused_in_words_and_not_in_the_navigation(windows: Windows) -> None:
    porter = windows.open("porter", "/desk")
    expect(porter.get_by_text("This page is not open to you")).to_be_visible()
    expect(porter.locator(".nav a", has_text="Arrivals")).to_have_count(0)


@pytest.mark.parametrize(("who", "ways"), [("manager", "/admin/wards"), ("admin", "/admin"), ("porter", None)])
def test_the_navigation_leads_to_what_is_theirs_and_all_of_it_is_in_sight_on_a_phone(
    windows: Windows, who: str, ways: str | None
) -> None:
    """A bed manager sets wards but keeps no accounts; a porter has nothing to administer."""
    page = live(windows.open(who, width=390))
    links = page.locator(".nav a")
    expect(links.first).to_be_visible()
    for link in links.all():
        expect(link).to_be_in_viewport(ratio=1)
    admin = links.filter(has_text="Admin")
    expect(admin).to_have_count(0 if ways is None else 1)
    if ways is not None:
        admin.click()
        expect(page).to_have_url(re.compile(f"{ways}$"))
        expect(admin).to_have_attribute("aria-current", "page")
        expect(page.locator("h1")).to_be_visible()


def test_a_patient_moved_to_another_ward_leaves_the_nurses_page_and_it_says_why(windows: Windows, web: Web) -> None:
    patient = json.loads(run(web.environment, OCCUPY, str(web.beds["E3"])))
    nurse = live(windows.open("nurse", f"/patients/{patient}"))
    expect(nurse.get_by_role("heading", name="Zelda Quimby")).to_be_visible()
    run(web.environment, MOVE, str(web.beds["E3"]), str(web.beds["W3"]))
    expect(nurse.get_by_role("alert").filter(has_text="no longer in your wards")).to_be_visible()
    expect(nurse.get_by_text("Quimby")).to_have_count(0)
    expect(nurse.locator(".skeleton:visible")).to_have_count(0)  # Nothing pretends to be on its way.
    nurse.get_by_role("link", name="Beds").click()
    expect(nurse.locator("[data-bed]")).to_have_count(4)
    expect(nurse.get_by_role("alert").filter(has_text="no longer in your wards")).to_have_count(0)
    assert windows.errors == []


def test_signing_out_in_one_window_ends_the_other(windows: Windows) -> None:
    doctor = live(windows.open("doctor"))
    other = doctor.context.new_page()
    other.goto(doctor.url)
    live(other)
    doctor.locator(".person-button").click()
    doctor.get_by_role("button", name="Sign out").click()
    expect(doctor).to_have_url(re.compile("/login"))
    expect(other).to_have_url(re.compile("/login"))
    assert "E1" not in other.content()


def test_the_wrong_password_is_told_in_words(windows: Windows, web: Web) -> None:
    page = windows.open("desk", "/board")
    page.context.clear_cookies()
    page.goto(f"{web.base}/login")
    page.fill("input[name=username]", "desk")
    page.fill("input[name=password]", "not it")
    page.click("button[type=submit]")
    expect(page.locator("[role=alert]", has_text="do not fit together")).to_be_visible()


def test_three_widths_never_scroll_sideways(windows: Windows) -> None:
    for width in (390, 768, 1440):
        page = live(windows.open("manager", width=width))
        time.sleep(0.2)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width


def test_each_ward_is_a_region_and_a_bed_below_the_fold_has_its_height_and_is_printed(windows: Windows) -> None:
    manager = live(windows.open("manager", width=390))
    manager.set_viewport_size({"width": 390, "height": 300})
    expect(manager.locator("[data-bed]")).to_have_count(8)
    names = manager.locator(".ward-title").all_text_contents()
    assert len(names) == 2
    for name in names:
        expect(manager.get_by_role("region", name=name, exact=True)).to_have_count(1)
    heights = (
        "() => [...new Set([...document.querySelectorAll('.tile')].map(one => one.getBoundingClientRect().height))]"
    )
    last = manager.locator(".tile .tile-label").last
    drawn = "label => label.checkVisibility({contentVisibilityAuto: true})"
    assert not last.evaluate(drawn)
    before = manager.evaluate(heights)
    manager.emulate_media(media="print")
    assert last.evaluate(drawn)
    manager.emulate_media(media="screen")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    assert len(before) == 1
    assert manager.evaluate(heights) == before
