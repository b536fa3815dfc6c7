"""One's own account as people use it: a phone is set up, asked for, done without, and taken off; sessions are ended."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.cast import PASSWORD
from tests.web_process import Web

pytestmark = pytest.mark.browser


def sign_in(page: Page, web: Web, name: str, next_page: str = "/account") -> None:
    page.goto(f"{web.base}/login?next={next_page}")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")


def test_the_second_factor_from_setting_up_to_taking_off(windows: Windows, web: Web) -> None:
    page = windows.open("desk", "/account")
    card = page.locator("#second-factor")
    # By the keyboard alone: the button, then the field, which has the focus.
    card.get_by_role("button", name="Set it up").press("Enter")
    expect(page.locator("input[name=password]")).to_be_focused()
    page.keyboard.type("not my password")
    page.keyboard.press("Enter")
    expect(card.get_by_role("alert")).to_have_text("That is not your password. Please try again.")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(card.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    totp = pyotp.TOTP(card.locator(".secret").inner_text())
    page.fill("input[name=otp]", "000000")
    page.keyboard.press("Enter")
    expect(card.get_by_role("alert")).to_contain_text("not right")
    page.fill("input[name=otp]", totp.now())
    page.keyboard.press("Enter")
    expect(card.locator(".recovery-codes li")).to_have_count(10)
    spare = card.locator(".recovery-codes code").all_inner_texts()
    card.get_by_role("button", name="I have them").click()
    expect(card).to_contain_text("10 of ten recovery codes left")
    page.reload()
    expect(card).to_contain_text("On since")
    assert spare[0] not in page.content()
    assert windows.errors == []

    page.context.clear_cookies()
    sign_in(page, web, "desk")
    expect(page).to_have_url(re.compile("step=code"))
    expect(page.locator("input[name=otp]")).to_be_focused()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.locator(".login-problem")).to_contain_text("not right")
    page.fill("input[name=otp]", spare[0].upper())
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")
    expect(card).to_contain_text("9 of ten recovery codes left")

    card.get_by_role("button", name="Take it off").click()
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=otp]", spare[1])
    card.get_by_role("button", name="Take it off").click()
    expect(card.get_by_role("button", name="Set it up")).to_be_visible()


def test_signing_out_another_browser_from_here(windows: Windows, web: Web) -> None:
    here = windows.open("nurse_west", "/account")
    there = windows.open("nurse_west", "/board")
    rows = here.locator(".session")
    expect(rows).to_have_count(2)  # The second appeared by itself.
    expect(rows.filter(has_text="This browser")).to_have_count(1)
    rows.get_by_role("button", name=re.compile("Sign out")).click()
    expect(rows).to_have_count(1)
    expect(there).to_have_url(re.compile("/login"))
    expect(here).to_have_url(re.compile("/account"))


def test_the_account_is_reached_from_the_menu_and_fits_every_width(windows: Windows) -> None:
    for width in (390, 768, 1440):
        page = windows.open("doctor", "/board", width=width)
        page.locator(".person-button").press("Enter")
        page.get_by_role("link", name="My account").press("Enter")
        expect(page.get_by_role("heading", name="Who I am here")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        small = "[...document.querySelectorAll('.account .button')].filter(b => b.getBoundingClientRect().height < 44)"
        assert page.evaluate(f"{small}.length") == 0
