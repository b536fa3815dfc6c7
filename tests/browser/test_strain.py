"""Strain as people meet it: one's own index and a contest by keyboard, the group's row, the answer, and who sees what."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.access import dress, findings, scrolls_sideways, small_targets
from tests.browser.conftest import Windows
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser
# A month of long shifts for six nurses of one ward, and a coming week in which two of them come back too soon.
MONTH = """
from datetime import timedelta
from hospital_ops.domain.access import CLOCK
from hospital_ops.infra.db import new_session
from hospital_ops.models import Shift, ShiftAssignment
from hospital_ops.services import strain
from tests.cast import recall
from tests.services.strain_scenes import hired, month
cast = recall()
people = [cast.people["nurse"], *hired(cast, 5)]
month(cast, people)
with new_session() as session:
    for hours in (24, 41):
        starts = cast.now + timedelta(hours=hours)
        shift = Shift(ward_id=cast.wards["east"], role="nurse", starts_at=starts, ends_at=starts + timedelta(hours=8))
        session.add(shift)
        session.flush()
        session.add_all(ShiftAssignment(shift_id=shift.id, user_id=user_id) for user_id in people[:2])
    session.commit()
strain.score(CLOCK)
"""
LOOKS = """
import json
from sqlmodel import select
from hospital_ops.infra.db import read_session
from hospital_ops.models import AuditEntry
with read_session() as session:
    rows = session.exec(select(AuditEntry.role, AuditEntry.subject_type).where(AuditEntry.action == "panel.open"))
    print(json.dumps(sorted({f"{role} {kind}" for role, kind in rows})))
"""
WORDS = "I was on leave in the second week."


def is_for_everybody(page: Page) -> None:
    """No finding at any width, in either light; no target under a thumb; nothing that scrolls the page sideways."""
    for width in (390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert findings(page) == []
        assert small_targets(page) == []
        assert not scrolls_sideways(page)
    dress(page, "dark")
    assert findings(page, contrast_alone=True) == []
    dress(page, "light")


def test_ones_own_the_groups_and_the_answer(windows: Windows, web: Web) -> None:
    run(web.environment, MONTH)
    mine = windows.open("nurse", "/me")
    card = mine.locator(".account-card").filter(has=mine.get_by_role("heading", name="My strain"))
    expect(card).to_contain_text("of 100: high")
    expect(card).to_contain_text("odds × 2.70")
    expect(card).to_contain_text("no survey of this hospital has been read")
    expect(card).to_contain_text("never used for discipline")

    card.locator("summary").press("Enter")
    is_for_everybody(mine)
    card.locator("summary").focus()
    mine.keyboard.press("Tab")
    expect(card.locator("textarea")).to_be_focused()
    mine.keyboard.type(WORDS)
    mine.keyboard.press("Tab")
    mine.keyboard.press("Enter")
    expect(card.get_by_role("status")).to_contain_text(WORDS)
    expect(card.get_by_role("button", name="Take it back")).to_be_visible()

    planner = windows.open("staffing", "/staffing")
    row = planner.locator('[data-strain="Cardiac east"]')
    expect(row).to_contain_text("5 to 9 people")
    expect(row).to_contain_text("Two people have under 11 h between two shifts next week")
    assert WORDS not in planner.content()
    is_for_everybody(planner)

    nurse = windows.open("nurse", "/staffing")
    expect(nurse.get_by_role("heading", name="Every ward")).to_be_visible()
    expect(nurse.get_by_role("heading", name=re.compile("^Strain"))).to_have_count(0)

    admin = windows.open("admin", "/admin/strain")
    contest = admin.locator("[data-contest]")
    expect(contest).to_contain_text(WORDS)
    is_for_everybody(admin)
    contest.get_by_label("It is wrong").check()
    contest.get_by_label("Your answer").fill("Your leave was missing; it is in the roster now.")
    contest.get_by_role("button", name="Answer").press("Enter")
    expect(contest).to_have_count(0)
    expect(card).to_contain_text("You were right.")
    expect(card).to_contain_text("Your leave was missing")
    assert windows.errors == []

    looked = json.loads(run(web.environment, LOOKS))
    assert {"nurse own_strain", "staffing_manager strain", "admin contests"} <= set(looked)
    assert not [line for line in looked if line.endswith("own_strain") and not line.startswith("nurse")]
