"""Before somebody leaves, as a nurse does it: tick off, say what it waits for, give it to the doctor, add, cross off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.access import THEMES, dress, findings, scrolls_sideways, small_targets
from tests.browser.conftest import Windows
from tests.browser.test_bed_acts import CLEAN_UP, bed, opened, press
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser
SCENE = """
from hospital_ops.services import stays
from tests.cast import recall
cast = recall()
for label in ("E1", "W1"):
    cast.occupy(label, sex="female", unit=cast.bed(label).unit)
    stays.order_discharge(cast.manager, cast.beds[label])
"""


@pytest.fixture
def ward(windows: Windows, web: Web) -> Iterator[Page]:
    """East's own page, as its nurse has it: the patient in E1 leaves today."""
    run(web.environment, SCENE)
    page = windows.open("nurse", "/board/east")
    expect(page.locator("[data-live]").first).to_have_attribute("data-live", "live")
    expect(bed(page, "E1")).to_have_attribute("data-status", "pending_discharge")
    yield page
    run(web.environment, CLEAN_UP)
    assert windows.errors == []


def item(page: Page, name: str) -> Locator:
    return page.locator(f'.drawer [data-milestone="{name}"]')


def pick(page: Page, words: str) -> None:
    page.get_by_role("dialog").get_by_role("radio", name=words, exact=True).check(force=True)


def test_the_ward_sees_what_delays_leaving_and_every_window_follows(ward: Page, windows: Windows) -> None:
    manager = windows.open("manager", "/board/east")
    row = ward.locator('[data-leaving-bed="E1"]')
    expect(row).to_contain_text("0 of 3")
    expect(ward.locator('[data-leaving-bed="W1"]')).to_have_count(0)
    row.focus()
    ward.keyboard.press("Enter")
    expect(ward.locator(".drawer-title")).to_be_focused()
    expect(item(ward, "letter")).to_contain_text("Daria Doctor · offered")
    press(ward, "Done: Discharge letter")
    for page in (ward, manager):
        expect(page.locator('[data-leaving-bed="E1"]')).to_contain_text("1 of 3")
    whole = windows.open("manager", "/board")
    expect(bed(whole, "E1").locator(".tile-done")).to_have_text("1/3")
    expect(bed(whole, "E1")).to_have_attribute("aria-label", re.compile("1 of 3 done before leaving"))
    expect(item(ward, "letter")).to_have_attribute("data-done", "true")
    expect(item(ward, "letter")).to_contain_text("Nina Nurse · done")

    press(ward, "More about: Transport home arranged")
    pick(ward, "Waits for the family")
    ward.get_by_role("dialog").get_by_label("In a few words").fill("the daughter comes at four")
    press(ward, "Save the reason")
    expect(ward.get_by_role("dialog")).to_have_count(0)
    expect(item(ward, "transport")).to_contain_text("Waits for the family: the daughter comes at four")
    for page in (ward, manager):
        expect(page.locator('[data-leaving-bed="E1"]')).to_contain_text("Waits for the family")
        expect(page.locator('[data-leaving-bed="E1"]')).not_to_contain_text("daughter")
        expect(page.get_by_role("list", name="What holds it up")).to_contain_text("Waits for the family · 1")


def test_one_is_given_added_and_crossed_off(ward: Page, web: Web) -> None:
    opened(ward, "E1")
    press(ward, "More about: Discharge medication")
    dialog = ward.get_by_role("dialog")
    expect(dialog).to_contain_text("Daria Doctor")
    press(ward, "Give to Daria Doctor")
    expect(dialog).to_have_count(0)
    expect(item(ward, "medication")).to_contain_text("Daria Doctor · offered")
    ward.locator(".drawer").get_by_label("What else this patient needs").select_option(label="Equipment for home")
    press(ward, "Add")
    expect(item(ward, "equipment")).to_be_visible()
    expect(ward.locator(".before-leaving")).to_contain_text("0 of 4 done")
    press(ward, "More about: Equipment for home")
    press(ward, "Not needed")
    expect(item(ward, "equipment")).to_have_count(0)
    expect(ward.locator(".before-leaving")).to_contain_text("0 of 3 done")
    press(ward, "More about: Discharge letter")
    expect(dialog).to_be_visible()
    ward.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(ward.locator(".drawer")).to_be_visible()
    press(ward, "More about: Discharge letter")
    expect(dialog).to_be_visible()
    run(
        web.environment,
        "from hospital_ops.services import stays\nfrom tests.cast import recall\n"
        "cast = recall()\nstays.withdraw_order(cast.manager, cast.beds['E1'])",
    )
    expect(dialog).to_have_count(0)


def test_a_housekeeper_reads_the_list_and_has_no_button(ward: Page, windows: Windows) -> None:
    page = windows.open("hanna", "/board/east")
    opened(page, "E1")
    expect(item(page, "letter")).to_be_visible()
    expect(page.locator(".before-leaving").get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_the_list_and_its_dialog_are_open_to_everybody(ward: Page, width: int) -> None:
    ward.set_viewport_size({"width": width, "height": 900})
    opened(ward, "E1")
    for theme in THEMES:
        dress(ward, theme)
        assert findings(ward, contrast_alone=theme == "dark") == [], theme
    press(ward, "More about: Discharge letter")
    expect(ward.get_by_role("dialog")).to_be_visible()
    assert findings(ward) == []
    assert not scrolls_sideways(ward)
    assert [one for one in small_targets(ward) if "before" in one or "pick" in one] == []
