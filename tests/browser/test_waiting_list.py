"""One button proposes a bed for everybody who waits; a person places each of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser
# Two who wait for the Cardiac ward, where a bed with and one without telemetry are ready.
TWO_WAIT = """
from tests.cast import add_patient, recall
cast = recall()
for label in ("E1", "E3"):
    cast.set_bed(label, "dirty")
cast.waiting(add_patient("Ana", "Ruiz"))
cast.waiting(add_patient("Eva", "Roy"), telemetry=True)
"""


def test_a_bed_for_each_who_waits(windows: Windows, web: Web) -> None:
    manager = windows.open("manager")
    expect(manager.locator("[data-request]")).to_have_count(0)
    run(web.environment, TWO_WAIT)
    rows = manager.locator("[data-request]")
    expect(rows).to_have_count(2)
    manager.get_by_role("button", name="Propose beds for all").click()
    expect(manager.get_by_role("status").filter(has_text="A bed for 2 of 2.")).to_be_visible()
    expect(manager.locator('[data-request="2"]')).to_contain_text("Place in E4")
    manager.locator('[data-request="1"]').get_by_role("button", name="Place in E2").click()
    expect(rows).to_have_count(1)
    expect(manager.locator('[data-bed="E2"]')).to_have_attribute("data-status", "occupied")
    expect(manager.locator('[data-bed="E4"]')).to_have_attribute("data-status", "available")
    assert windows.errors == []
