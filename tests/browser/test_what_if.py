"""One more housekeeper on a recorded morning: asked by a form, answered in figures with their interval, and in words."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.access import THEMES, dress, findings, scrolls_sideways, small_targets
from tests.browser.conftest import Windows
from tests.browser.test_board import live
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser
# Twenty cleanings one by one, then four at once: enough to have been measured, and something for a second person to do.
MORNING = """
from tests.cast import recall
from hospital_ops.services import beds
cast = recall()
for _ in range(20):
    beds.mark_dirty(cast.manager, cast.beds["E1"])
    cast.later(3)
    beds.start_cleaning(cast.hanna, cast.beds["E1"])
    cast.later(20)
    beds.mark_clean(cast.hanna, cast.beds["E1"])
for label in ("E1", "E2", "E3", "E4"):
    beds.mark_dirty(cast.manager, cast.beds[label])
cast.later(120)
"""


def test_one_more_housekeeper(windows: Windows, web: Web) -> None:
    run(web.environment, MORNING)
    manager = live(windows.open("manager", "/replay/what-if?day=2026-03-02"))
    form = manager.get_by_role("form", name="What if")
    expect(form.get_by_label("Day")).to_have_value("2026-03-02")
    form.get_by_label("From").select_option("10")
    form.get_by_label("Until").select_option("24")
    form.get_by_role("button", name="Compare").click()
    answer = manager.locator(".what-if-answer")
    expect(answer.locator(".what-if-said")).to_contain_text(
        "1 housekeeper more, 10:00–24:00: the mean wait would have been"
    )
    expect(answer.locator("[data-row=wait_mean] b")).to_contain_text("−")
    expect(answer).to_contain_text("40 replications")
    answer.get_by_text("The same by the hour, as a table").click()
    for width in (1440, 768, 390):
        manager.set_viewport_size({"width": width, "height": 900})
        assert not scrolls_sideways(manager), width
        for theme in THEMES:
            dress(manager, theme)
            assert findings(manager, contrast_alone=theme == "dark") == [], (width, theme)
    assert [one for one in small_targets(manager) if "nav-link" not in one] == []
    # What cannot be reckoned is a sentence.
    form.get_by_label("Who").select_option("transporter")
    form.get_by_role("button", name="Compare").click()
    expect(manager.get_by_role("alert").filter(has_text="Nothing was asked of them on that day.")).to_be_visible()
    expect(answer).to_have_count(0)
    assert windows.errors == []
