"""A shared phone in a corridor: put on the home screen, felt and heard as wished, signed out by itself, nothing kept stale."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import requests
from PIL import Image
from playwright.sync_api import expect

from tests.browser.access import findings, small_targets
from tests.browser.conftest import Windows
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser
A_DIRTY_BED = """
import sys
from hospital_ops.services import beds
from tests.cast import recall
cast = recall()
beds.mark_dirty(cast.nurse, cast.beds[sys.argv[1]])
"""
LISTEN = """
window.shaken = []; window.played = 0;
navigator.vibrate = pattern => window.shaken.push(pattern);
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.played += 1; return start.apply(this, when); };
"""


def test_it_can_be_put_on_the_home_screen(windows: Windows, web: Web) -> None:
    page = windows.open("hanna", "/tasks", width=390)
    told = requests.get(f"{web.base}/manifest.json", timeout=10).json()
    assert (told["start_url"], told["display"], told["scope"]) == ("/tasks", "standalone", "/")
    for icon in told["icons"]:
        picture = Image.open(BytesIO(requests.get(web.base + icon["src"], timeout=10).content), formats=["PNG"])
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert page.locator("link[rel=manifest]").get_attribute("href") == "/manifest.json"
    bars = page.locator("meta[name=theme-color]")
    assert [bar.get_attribute("media") for bar in bars.all()] == [
        "(prefers-color-scheme: light)",
        "(prefers-color-scheme: dark)",
    ]
    problems = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    # Each of these windows is a private one, which installs nothing; there is no other reason.
    assert [one["errorId"] for one in problems["installabilityErrors"]] == ["in-incognito"]
    # What a service worker keeps is shown when the hospital has moved on: there is none.
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    assert page.evaluate("caches.keys().then(all => all.length)") == 0


def test_a_task_is_felt_unless_switched_off_and_heard_if_switched_on(windows: Windows, web: Web) -> None:
    page = windows.bare(390)
    page.add_init_script(LISTEN)
    page.goto(f"{web.base}/login?next=/tasks")
    page.fill("input[name=username]", "hanna")
    page.fill("input[name=password]", "four plain ward words")
    page.click("button[type=submit]")
    page.wait_for_url("**/tasks")
    sound, vibration = (page.get_by_role("switch", name=re.compile(name)) for name in ("Sound", "Vibration"))
    expect(sound).to_have_attribute("aria-checked", "false")
    expect(vibration).to_have_attribute("aria-checked", "true")
    assert findings(page) == []
    assert small_targets(page) == []

    run(web.environment, A_DIRTY_BED, "E2")
    expect(page.get_by_role("article", name=re.compile("E2"))).to_be_visible()
    assert page.evaluate("[window.shaken.length, window.played]") == [1, 0]

    vibration.press("Enter")
    sound.press("Enter")
    assert page.evaluate("window.played") == 2, "it is played once, so that it is known"
    page.reload()
    expect(sound).to_have_attribute("aria-checked", "true")
    expect(vibration).to_have_attribute("aria-checked", "false")
    assert page.evaluate("window.shaken.length") == 0, "what lay there already has not just come"


def test_nobody_touches_it_and_it_signs_out(windows: Windows, web: Web) -> None:
    page = windows.bare(390)
    page.clock.install()
    page.goto(f"{web.base}/login?next=/tasks")
    page.fill("input[name=username]", "hugo")
    page.fill("input[name=password]", "four plain ward words")
    page.click("button[type=submit]")
    page.wait_for_url("**/tasks")
    expect(page.get_by_role("switch", name=re.compile("Sound"))).to_be_visible()
    page.clock.fast_forward("14:20")
    warning = page.get_by_role("alertdialog", name="Signing out")
    expect(warning).to_contain_text("Signing out in")
    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_have_count(0)
    page.clock.fast_forward("15:10")
    expect(page).to_have_url(re.compile("/login"))


def test_a_phone_that_slept_is_not_woken_into_somebodys_tasks(windows: Windows, web: Web) -> None:
    """The first touch after the time is over signs out; it does not count as somebody being there."""
    page = windows.open("porter", "/tasks", width=390)
    expect(page.get_by_role("switch", name=re.compile("Sound"))).to_be_visible()
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 16 * 60000; }")
    page.evaluate("window.dispatchEvent(new PointerEvent('pointerdown'))")
    expect(page).to_have_url(re.compile("/login"))
