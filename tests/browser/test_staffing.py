"""A planner asks somebody to fill a gap with one press; the asked person's page shows it, and their yes is on the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.access import findings, scrolls_sideways, small_targets
from tests.browser.conftest import Windows
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser
# One patient in east and, in seven hours, a nurses' shift on which nobody is.
SCENE = """
from datetime import timedelta
from hospital_ops.infra.db import new_session
from hospital_ops.models import Shift
from tests.cast import recall
cast = recall()
cast.occupy("E1")
starts = cast.now + timedelta(hours=7)
with new_session() as session:
    session.add(Shift(ward_id=cast.wards["east"], role="nurse", starts_at=starts, ends_at=starts + timedelta(hours=8)))
    session.commit()
"""


def test_somebody_is_asked_and_says_yes(windows: Windows, web: Web) -> None:
    run(web.environment, SCENE)
    nurse = windows.open("nurse", "/tasks", width=390)
    other = windows.open("nurse_west", "/tasks", width=390)
    planner = windows.open("staffing", "/staffing")
    gap = planner.locator(".gap-card", has_text="Cardiac east")
    expect(gap).to_contain_text("Nina Nurse")
    expect(nurse.locator("[data-asked]")).to_have_count(0)
    ask = gap.get_by_role("button", name="Ask them")
    ask.focus()
    planner.keyboard.press("Enter")
    # It says so on the planner's page, offers no second asking, and stands on the one asked person's page at once.
    expect(gap.locator("[data-answer=waiting]")).to_be_visible()
    expect(gap.get_by_role("button", name="Ask")).to_have_count(0)
    asked = nurse.locator("[data-asked]")
    expect(asked).to_contain_text("Can you work? Cardiac east")
    expect(other.locator("[data-asked]")).to_have_count(0)
    for page in (planner, nurse):
        assert findings(page) == []
        assert not scrolls_sideways(page)
    assert [one for one in small_targets(nurse) if "Yes" in one or "No" in one] == []
    asked.get_by_role("button", name="Yes").click()
    expect(asked).to_have_count(0)
    expect(gap).to_have_count(0)
    expect(nurse.locator("[role=alert]", has_text="went wrong")).to_have_count(0)
    nurse.goto(f"{web.base}/me")
    expect(nurse.locator("[data-shift]")).to_contain_text("Cardiac east")
    assert windows.errors == []
