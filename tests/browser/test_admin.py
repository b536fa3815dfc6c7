"""Administration in two windows: an account is made, its person chooses a password, is closed out, and the audit tells it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.access import findings, small_targets
from tests.browser.conftest import Windows
from tests.web_process import Web

pytestmark = pytest.mark.browser
MINE = "seven otters under the bridge"


def listed(page: Page, username: str) -> Locator:
    return page.locator(f'[data-person="{username}"]')


def at_accounts(windows: Windows, **more: int) -> Page:
    admin = windows.open("admin", "/admin", **more)
    expect(listed(admin, "nurse")).to_be_visible()
    return admin


def make(admin: Page, username: str, name: str, ward: str) -> str:
    """A new nurse. Returns the first password as the dialog shows it."""
    admin.get_by_role("button", name="New account").click()
    admin.fill("input[name=display_name]", name)
    admin.fill("input[name=username]", username)
    admin.locator(".pick-ward", has_text=ward).click()
    admin.get_by_role("button", name="Make the account").click()
    password = admin.locator("#handover").inner_text()
    admin.get_by_role("button", name="I have handed it over").click()
    expect(admin.locator("#handover")).to_have_count(0)
    return password


def type_in(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f"input[name={name}]", value)
    page.click("button[type=submit]")


def test_from_a_first_password_to_a_closed_account(windows: Windows, web: Web) -> None:
    admin = at_accounts(windows)
    first = make(admin, "nora.new", "Nora Newman", "east")
    expect(listed(admin, "nora.new")).to_contain_text("First password not yet changed")

    nora = windows.bare()
    nora.goto(f"{web.base}/login?next=/board")
    type_in(nora, username="nora.new", password=first)
    nora.wait_for_url("**/password")
    nora.goto(f"{web.base}/board")  # Wherever they go, they choose a password first.
    nora.wait_for_url("**/password")
    type_in(nora, current=first, new="nora's hospital", again="nora's hospital")
    expect(nora.locator(".login-problem")).to_contain_text("leave your own name")
    type_in(nora, current=first, new=MINE, again=MINE)
    nora.wait_for_url("**/board")
    expect(nora.locator("[data-bed]")).to_have_count(4)

    row = listed(admin, "nora.new")
    expect(row).to_contain_text("Open")
    expect(row).to_contain_text("signed in")
    row.get_by_role("button", name="Nora Newman").click()
    drawer = admin.locator(".drawer")
    expect(drawer).to_contain_text("Chose a password")
    drawer.get_by_role("button", name="Close the account").click()
    admin.get_by_role("dialog").get_by_role("button", name="Close the account").click()

    # Without a reload, at once.
    expect(nora).to_have_url(re.compile("/login"))
    expect(nora.locator(".login-problem")).to_contain_text("account has been closed")
    expect(row).to_contain_text("Closed")
    type_in(nora, username="nora.new", password=MINE)
    expect(nora.locator(".login-problem")).to_contain_text("do not fit together")

    drawer.get_by_role("link", name="All they did").click()
    expect(admin.locator('[data-action="account.choose_password"]')).to_contain_text("Nora Newman")
    expect(admin.locator('[data-action="account.deactivate"]')).to_have_count(
        0
    )  # What was done to her stands elsewhere.
    admin.locator('[data-action="account.choose_password"]').get_by_role("link", name=re.compile(r"^user \d+$")).click()
    expect(admin.locator('[data-action="account.deactivate"]')).to_contain_text("Ada Admin")
    with admin.expect_download() as download:
        admin.get_by_role("button", name="Save as CSV").click()
    assert "account.deactivate" in download.value.path().read_text()
    assert MINE not in admin.content()
    assert windows.errors == []


def test_two_administrators_see_each_others_changes(windows: Windows) -> None:
    one, two = at_accounts(windows), at_accounts(windows)
    listed(one, "porter").get_by_role("button", name="Pia Porter").click()
    one.get_by_role("button", name="Role and wards").click()
    one.locator("select[name=role]").select_option("bed_manager")
    expect(one.locator(".only-in-wards")).to_be_hidden()
    one.locator("select[name=role]").select_option("housekeeper")
    one.get_by_role("button", name="Save").click()
    for page in (one, two):
        expect(listed(page, "porter")).to_contain_text("housekeeper")


def test_filters_stand_in_the_address_and_going_back_goes_back(windows: Windows) -> None:
    admin = windows.open("admin", "/admin/audit")
    expect(admin.locator(".audit tbody tr").first).to_be_visible()
    admin.locator("select[name=action]").select_option("session.begin")
    admin.get_by_role("button", name="Show").click()
    expect(admin).to_have_url(re.compile(r"/admin/audit\?action=session\.begin$"))
    expect(admin.locator(".audit tbody tr:not([data-action='session.begin'])")).to_have_count(0)
    admin.reload()
    expect(admin.locator("select[name=action]")).to_have_value("session.begin")
    admin.go_back()
    expect(admin.locator("select[name=action]")).to_have_value("")
    assert windows.errors == []


def test_the_house_tells_its_parts_and_no_secret(windows: Windows, web: Web) -> None:
    admin = windows.open("admin", "/admin/house")
    expect(admin.locator('[data-part="database"]')).to_have_attribute("data-state", "ok")
    expect(admin.locator('[data-part="worker"]')).to_contain_text("does not answer")
    shown = admin.content()
    assert web.environment["HOSPITAL_MASTER_KEY"] not in shown
    assert web.environment["HOSPITAL_JWT_KEY"] not in shown


def test_a_wards_notice_is_set_and_the_other_window_follows(windows: Windows) -> None:
    one, two = windows.open("admin", "/admin/wards"), windows.open("manager", "/admin/wards")
    for page in (one, two):
        expect(page.locator('[data-ward-row="east"] input[name=minutes]')).to_have_value("120")
    # The bed manager's administration is this page alone.
    expect(two.locator(".tab")).to_have_text(["Wards"])
    one.get_by_label("Minutes before leaving, ward east").fill("90")
    one.keyboard.press("Enter")
    expect(two.locator('[data-ward-row="east"] input[name=minutes]')).to_have_value("90")
    expect(two.locator('[data-ward-row="west"] input[name=minutes]')).to_have_value("120")
    two.get_by_label("Minutes before leaving, ward east").fill("120")
    two.get_by_role("button", name="Save ward east").click()
    expect(one.locator('[data-ward-row="east"] input[name=minutes]')).to_have_value("120")
    assert findings(one) == []
    assert [found for found in small_targets(one) if "notice" in found or "minutes" in found] == []
    assert windows.errors == []


def test_nobody_else_finds_it(windows: Windows) -> None:
    for path in ("/admin", "/admin/audit", "/admin/wards", "/admin/house"):
        nurse = windows.open("nurse", path)
        expect(nurse.get_by_text("This page is not open to you")).to_be_visible()
        expect(nurse.locator("[data-person]")).to_have_count(0)


def test_with_the_keyboard_alone(windows: Windows) -> None:
    admin = at_accounts(windows)
    admin.get_by_label("Find by name, role or ward").focus()
    admin.keyboard.type("daria")
    expect(admin.locator("[data-person]")).to_have_count(1)
    while "roll-name" not in str(admin.evaluate("document.activeElement.className")):
        admin.keyboard.press("Tab")
    admin.keyboard.press("Enter")
    expect(admin.locator(".drawer")).to_be_focused()
    while admin.evaluate("document.activeElement.textContent") != "Sign out everywhere…":
        admin.keyboard.press("Tab")
    admin.keyboard.press("Enter")
    dialog = admin.get_by_role("dialog")
    expect(dialog).to_contain_text("Every open page of theirs closes")
    admin.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(admin.locator(".drawer")).to_be_visible()
    admin.keyboard.press("Escape")
    expect(admin.locator(".drawer")).to_have_count(0)
    expect(admin.locator(".roll-name")).to_be_focused()


def test_three_widths_never_scroll_sideways(windows: Windows) -> None:
    for path in ("/admin", "/admin/audit", "/admin/wards", "/admin/house"):
        admin = windows.open("admin", path)
        expect(admin.locator(".tab[aria-current=page]")).to_be_visible()
        for width in (390, 768, 1440):
            admin.set_viewport_size({"width": width, "height": 900})
            assert admin.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, width)
