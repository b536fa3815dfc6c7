"""The acts of the bed drawer as people do them: by the keyboard alone, with questions, reasons and the way back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.access import THEMES, dress, findings, scrolls_sideways
from tests.browser.conftest import Windows
from tests.own_hospital import run
from tests.web_process import Web

pytestmark = pytest.mark.browser
SCENE = """
from tests.cast import recall
cast = recall()
for label, sex in (("E1", "female"), ("W1", "female"), ("W3", "male")):
    cast.occupy(label, sex=sex, unit=cast.bed(label).unit)
"""
FORETOLD = """
from datetime import timedelta
from sqlmodel import col, select
from hospital_ops.infra.db import new_session
from hospital_ops.models import Stay, StayForecast
from tests.cast import recall
cast = recall()
days = {name: cast.now + timedelta(days=number) for number, name in enumerate(("low_at", "median_at", "high_at"), start=1)}
with new_session() as session:
    stay = session.exec(select(Stay).where(Stay.bed_id == cast.beds["E1"], col(Stay.to_at).is_(None))).one()
    session.add(StayForecast(encounter_id=stay.encounter_id, made_at=cast.now, p24=0.12, p48=0.5, p72=0.88, mean_days=2.0,
        model="Baseline: Kaplan–Meier by unit. No release was ever trained.", reasons=["Usual stay in Cardiac, 0 days in"],
        likely_from=days["median_at"], likely_to=days["median_at"], **days))
    session.commit()
"""
CLEAN_UP = """
from hospital_ops.services import beds, stays
from tests.cast import recall
cast = recall()
for label, bed_id in cast.beds.items():
    if cast.bed(label).status in {"occupied", "pending_discharge"}:
        stays.leave(cast.manager, bed_id)
    if cast.bed(label).status in {"dirty", "cleaning"}:
        beds.mark_clean(cast.manager, bed_id)
"""


@pytest.fixture
def board(windows: Windows, web: Web) -> Iterator[Page]:
    """The manager's board; two women in E1 and W1, a man in W3."""
    run(web.environment, SCENE)
    page = windows.open("manager")
    expect(page.locator("[data-live]").first).to_have_attribute("data-live", "live")
    expect(bed(page, "W3")).to_have_attribute("data-status", "occupied")
    yield page
    run(web.environment, CLEAN_UP)
    assert windows.errors == []


def bed(page: Page, label: str) -> Locator:
    return page.locator(f'[data-bed="{label}"]')


def status(page: Page, label: str, expected: str) -> None:
    expect(bed(page, label)).to_have_attribute("data-status", expected)


def press(page: Page, name: str) -> None:
    """A button of the drawer or of the dialog above it, by the keyboard."""
    within = page.locator(".drawer, [role=dialog], [role=alertdialog]")
    button = within.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")


def opened(page: Page, label: str) -> None:
    bed(page, label).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".drawer-title")).to_have_text(label)
    expect(page.locator(".drawer-title")).to_be_focused()


def test_the_whole_forecast_stands_in_the_drawer(board: Page, web: Web) -> None:
    run(web.environment, FORETOLD)
    board.reload()
    expect(board.locator(".capacity .stands-in")).to_have_text(
        "Who leaves when is foretold by a baseline: Kaplan–Meier by unit. No release was ever trained."
    )
    opened(board, "E1")
    told = board.locator(".drawer-leaving")
    expect(told).to_contain_text("Eight of ten such patients leave between tomorrow")
    expect(told.get_by_role("listitem").filter(has_text="within 48 hours")).to_contain_text("50 %")
    expect(told).to_contain_text("Usual stay in Cardiac, 0 days in")
    expect(told).to_contain_text("by Baseline: Kaplan–Meier by unit. No release was ever trained.")
    for theme in THEMES:
        dress(board, theme)
        for width in (390, 1440):
            board.set_viewport_size({"width": width, "height": 900})
            # Beside a wide drawer tiles lie half under it; what they are like without one is looked at elsewhere.
            assert findings(board, contrast_alone=width > 390) == []
            assert not scrolls_sideways(board)
    board.keyboard.press("Escape")
    expect(told).to_have_count(0)


def test_a_patient_leaves_unordered_by_the_keyboard_alone(board: Page) -> None:
    opened(board, "E1")
    press(board, "Has left…")
    dialog = board.get_by_role("dialog")
    expect(dialog).to_contain_text("How did the patient leave?")
    expect(dialog.locator("input:checked")).to_have_value("home")
    dialog.locator("input:checked").focus()
    for _ in range(4):
        board.keyboard.press("ArrowDown")
    expect(dialog.locator("input:checked")).to_have_value("expired")
    press(board, "Patient has left")
    status(board, "E1", "dirty")
    expect(dialog).to_have_count(0)
    # The button that asked is gone with the patient: the focus is at the top of the drawer, not lost.
    expect(board.locator(".drawer-title")).to_be_focused()
    expect(board.locator(".drawer")).to_contain_text("Nearest free with the skill")
    board.keyboard.press("Escape")
    expect(board.locator(".drawer")).to_have_count(0)
    expect(bed(board, "E1")).to_be_focused()


def test_a_wrong_entry_is_taken_back_after_a_question(board: Page) -> None:
    opened(board, "E1")
    press(board, "Leaves today")
    status(board, "E1", "pending_discharge")
    press(board, "Patient has left")
    status(board, "E1", "dirty")
    board.locator("summary", has_text="A wrong entry?").press("Enter")
    press(board, "Patient has not left…")
    press(board, "Still here")
    status(board, "E1", "pending_discharge")
    expect(board.locator(".drawer")).to_contain_text("Taken back: the patient is still here")


def test_escape_closes_the_dialog_and_then_the_drawer(board: Page) -> None:
    opened(board, "E1")
    press(board, "Move to…")
    dialog = board.get_by_role("dialog")
    expect(dialog).to_be_visible()
    board.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(board.locator(".drawer")).to_be_visible()
    expect(board.get_by_role("button", name="Move to…")).to_be_focused()
    board.keyboard.press("Escape")
    expect(board.locator(".drawer")).to_have_count(0)


def test_a_move_says_why_and_a_reason_opens_what_a_rule_excludes(board: Page) -> None:
    opened(board, "E1")
    press(board, "Move to…")
    dialog = board.get_by_role("dialog")
    expect(dialog.locator(".offer").first).to_contain_text("sex of the room fits")
    dialog.locator("summary", has_text="Ready, but why not").press("Enter")
    misfit = dialog.locator(".offer", has_text="Bed W4")
    expect(misfit).to_contain_text("a male patient lies in the room")
    misfit.locator("input[name=reason]").fill("the only one with a window")
    board.keyboard.press("Enter")
    status(board, "W4", "occupied")
    status(board, "E1", "dirty")
    bed(board, "W4").click()
    expect(board.locator(".drawer")).to_contain_text("Placed against a rule, with a reason")


def test_two_patients_change_beds_in_one_act(board: Page) -> None:
    opened(board, "E1")
    press(board, "Move to…")
    dialog = board.get_by_role("dialog")
    dialog.locator("summary", has_text="Change beds").press("Enter")
    board.get_by_role("button", name="Swap: bed W1").press("Enter")
    expect(dialog).to_have_count(0)
    for label in ("E1", "W1"):
        bed(board, label).click()
        expect(board.locator(".drawer")).to_contain_text("Two patients changed beds")


def test_away_keeps_the_bed_and_every_tile_says_so(board: Page, windows: Windows) -> None:
    nurse = windows.open("nurse")
    opened(board, "E1")
    press(board, "Away for a while…")
    press(board, "Away")
    for page in (board, nurse):
        expect(bed(page, "E1")).to_have_attribute("aria-label", "E1, Occupied, patient in theatre")
        status(page, "E1", "occupied")
    press(board, "Patient is back")
    expect(bed(nurse, "E1")).to_have_attribute("aria-label", "E1, Occupied")


def test_a_refusal_is_told_and_the_question_stays(board: Page, web: Web) -> None:
    opened(board, "E1")
    press(board, "Has left…")
    run(
        web.environment,
        "from hospital_ops.services import stays\nfrom tests.cast import recall\n"
        "cast = recall()\nstays.order_discharge(cast.manager, cast.beds['E1'])",
    )
    status(board, "E1", "pending_discharge")
    run(
        web.environment,
        "from hospital_ops.services import stays\nfrom tests.cast import recall\n"
        "cast = recall()\nstays.leave(cast.manager, cast.beds['E1'])",
    )
    status(board, "E1", "dirty")
    press(board, "Patient has left")
    expect(board.locator("[role=alert]", has_text="Nobody lies in bed E1")).to_be_visible()
