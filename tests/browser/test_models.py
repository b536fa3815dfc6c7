"""The models' page as an administrator meets it: who speaks, the gate's refusal as a sentence, and the way back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.infra.frontend import SERVE_BUILT
from tests.browser.access import findings, scrolls_sideways, small_targets
from tests.browser.conftest import Windows
from tests.browser.conftest import web as built
from tests.browser.test_strain import is_for_everybody
from tests.own_hospital import run
from tests.web_process import Web, serving

__all__ = ["built"]
pytestmark = pytest.mark.browser
KIND = "length_of_stay"
# Three releases of one kind in the house's own folder: one that serves, a later one, and one that its gate refuses.
THREE = """
from datetime import timedelta
from pathlib import Path
from hospital_ops.config import get_settings
from hospital_ops.infra.models_folder import models_folder
from hospital_ops.ml import registry
from tests.services.test_releases import GOOD, KIND, MADE
from sklearn.linear_model import LinearRegression
folder = models_folder(get_settings().data_dir)
strata = [{"days_in": day, "n": 900 - 60 * day, "covered": 0.84 - 0.01 * day, "width": 4.0} for day in range(11)]
more = {"strata": strata, "n": 11_994, "mean_width_days": 4.5, "concordance": 0.65, "intervals": {"mae_days": [1.27, 1.33]}}
group = {"by": "sex", "group": "women", "n": 5200, "signed_error": -0.02, "low": -0.07, "high": 0.03}
rung = {"served": True, "outside": 3, "judged": 12, "bias": 0.12, "crps_days": 1.334, "mae_days": 1.9}
rungs = [{**rung, "name": "none", "words": "as it was learned, levelled for all alike"},
         {**rung, "name": "payer", "words": "moved by age band, sex, unit and admission source, and by payer", "outside": 0, "bias": 0.04},
         {**rung, "name": "race", "words": "the same, and by race, ethnicity and language", "served": False}]
tried = {"chosen": "payer", "words": "moved by payer", "rungs": rungs}
rests = {"mitigation": tried, "method": "a gradient-boosted hazard", "features": ["age", "days_in", "weekday"], "simulated": True,
         "split": "chronological", "groups": [group]}
for day, coverage in enumerate((0.81, 0.80, 0.60)):
    facts = {**GOOD, **rests, "metrics": {**GOOD["metrics"], **more, "coverage": coverage}}
    estimator = LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0 + day])
    print(registry.save(folder, KIND, estimator, facts, MADE + timedelta(days=day)))
"""
# Four weeks of ranges of which eight in ten held, and one comparison of inputs.
WATCHED = """
from datetime import timedelta
from hospital_ops.infra.db import new_session
from hospital_ops.models import ForecastCheck, InputCheck
from hospital_ops.queries.clock import hospital_date
from tests.cast import recall
now = recall().now
with new_session() as session:
    for number in range(560):
        due = now - timedelta(days=number % 28, hours=1)
        session.add(ForecastCheck(kind="length_of_stay", day=hospital_date(due), unit="Cardiac", subject=number, made_at=due,
            from_at=due, due_at=due, low=0.0, high=4.0, came=2.0, held=number % 5 > 0, model="m"))
    for day in range(6):
        at = now - timedelta(days=day)
        session.add(InputCheck(kind="length_of_stay", day=hospital_date(at), made_at=at, n=300, model="m",
            figures={"age": 0.31 - 0.04 * day, "days_in": 0.12, "unit": 0.02}))
        session.add(InputCheck(kind="arrivals", day=hospital_date(at), made_at=at, n=1515, model="m",
            figures={"Cardiac: hour of day": 0.07 + 0.05 * day, "Cardiac: weekday": 0.02, "All units: weekday": 0.006},
            beside={"usual": {"Cardiac: hour of day": 0.09, "Cardiac: weekday": 0.09, "All units: weekday": 0.005},
                    "levels": {"Cardiac": [146, 137.3], "Rehabilitation": [32, 60.8], "All units": [1515, 1496.2]}}))
    session.commit()
"""


@pytest.fixture(scope="module")
def web(built: Web, servers: tuple[Postgres, Valkey], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A house with a folder of its own, so that no other test meets these releases. `built`: the pages are there."""
    own = str(tmp_path_factory.mktemp("house"))
    log = tmp_path_factory.mktemp("web") / "web.log"
    with serving(servers[0], log, **SERVE_BUILT, HOSPITAL_DATA_DIR=own) as running:
        yield running


def panel(page: Page) -> Locator:
    return page.locator(f'[data-model="{KIND}"]')


def ask(page: Page, version: str) -> Locator:
    panel(page).locator(f'[data-release="{version}"]').get_by_role("button", name="Serve this one").click()
    return page.get_by_role("dialog")


def test_from_the_baseline_to_a_release_and_back(windows: Windows, web: Web) -> None:
    admin = windows.open("admin", "/admin/models")
    expect(panel(admin).locator('[data-serves="baseline"]')).to_contain_text(
        "No release was ever trained.", timeout=30_000
    )
    expect(admin.locator("[data-model]")).to_have_count(4)
    # Whoever arrives on a phone sees where they are in the administration.
    admin.set_viewport_size({"width": 390, "height": 844})
    for tab in admin.get_by_role("navigation", name="Administration").get_by_role("link").all():
        expect(tab).to_be_in_viewport(ratio=1)
    is_for_everybody(admin)

    old, new, bad = run(web.environment, THREE).split()
    run(web.environment, WATCHED)
    admin.set_viewport_size({"width": 1440, "height": 900})
    admin.get_by_role("button", name="Look again").click()
    ask(admin, old).get_by_role("button", name="Let it serve").click()
    expect(panel(admin).locator('[data-serves="release"]')).to_contain_text("by Ada Admin")
    other = windows.open("admin", "/admin/models")
    ask(admin, new).get_by_role("button", name="Let it serve").click()
    # The second window follows by itself.
    for page in (admin, other):
        expect(panel(page).locator('[data-serves="release"]')).to_contain_text(new)
    expect(panel(admin).locator(".model-measures")).to_contain_text("1.27 d to 1.33 d")
    expect(panel(admin).locator(".model-words")).to_contain_text("The day it gives is 1.3 days off on average")

    panel(admin).locator(".model-more:not(.model-watched) > summary").press("Enter")
    expect(panel(admin).locator(".model-more:not(.model-watched) .model-card")).to_contain_text(
        "never a reason to discharge"
    )
    expect(panel(admin).get_by_role("row", name="by payer – this one 0 of 12")).to_be_visible()
    expect(panel(admin).get_by_role("row", name="language (never served) 3 of 12")).to_be_visible()
    expect(panel(admin).locator(".recharts-line").first).to_be_attached()
    # On a phone every figure of the ladder says its own head, and a row is a row to whoever listens.
    admin.set_viewport_size({"width": 390, "height": 844})
    rung = panel(admin).get_by_role("row").filter(has_text="by payer – this one")
    expect(rung.get_by_role("cell")).to_have_count(4)
    expect(rung.get_by_role("cell").first).to_have_attribute("data-head", "Groups outside the limit")
    shown = "cell => getComputedStyle(cell, '::before').content"
    assert rung.get_by_role("cell").first.evaluate(shown) != "none"
    expect(panel(admin).locator(".forest-dot")).to_have_count(1)
    admin.set_viewport_size({"width": 1440, "height": 900})
    assert rung.get_by_role("cell").first.evaluate(shown) == "none"
    panel(admin).locator(".model-watched > summary").press("Enter")
    expect(panel(admin).locator('[data-held="fine"]')).to_contain_text("Of 560 ranges that ended in 28 days, 80 % held")
    expect(panel(admin).get_by_role("row", name="Age 0.31 0.03 much")).to_be_visible()
    flow = admin.locator('[data-model="arrivals"]')
    flow.locator(".model-watched > summary").press("Enter")
    expect(flow.get_by_role("row", name="Cardiac: hour of day 0.07 0.09 as usual")).to_be_visible()
    expect(flow.get_by_role("row", name="Rehabilitation 32 61 0.53 (0.36 to 0.74) much fewer")).to_be_visible()
    is_for_everybody(admin)
    if folder := os.environ.get("SHOTS"):
        for width in (390, 1440):
            admin.set_viewport_size({"width": width, "height": 900})
            admin.screenshot(path=f"{folder}/models-{width}.png", full_page=True)
    admin.set_viewport_size({"width": 1440, "height": 900})

    dialog = ask(admin, bad)
    dialog.get_by_role("button", name="Let it serve").click()
    expect(dialog.get_by_role("alert")).to_contain_text("held 60% of the time")
    assert findings(admin) == []
    if folder := os.environ.get("SHOTS"):
        admin.screenshot(path=f"{folder}/models-refused.png")
    dialog.get_by_label("Reason to let it serve").fill("short")
    admin.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("10 to 200 letters")
    dialog.get_by_label("Reason to let it serve").fill("The new wards are in this one alone.")
    admin.keyboard.press("Enter")
    expect(panel(admin).locator('[data-serves="release"]')).to_contain_text(bad)
    expect(panel(admin).locator(".model-gate").first).to_contain_text("Failed a check")

    back = panel(admin).get_by_role("button", name="Go back to the one before")
    back.press("Enter")
    admin.get_by_role("dialog").get_by_role("button", name="Go back").press("Enter")
    expect(panel(admin).locator('[data-serves="release"]')).to_contain_text(new)
    expect(back).to_be_focused()

    house = web.environment["HOSPITAL_DATA_DIR"]
    (Path(house) / "models" / KIND / new / "model.skops").write_bytes(b"harm")
    admin.get_by_role("button", name="Look again").click()
    expect(panel(admin).locator('[data-serves="baseline"]')).to_contain_text("is not the one that was saved")
    assert windows.errors == []

    line = windows.open("admin", "/admin/audit?action=model.activate")
    expect(line.locator('[data-action="model.activate"]')).to_have_count(4)


def test_nobody_else_finds_it(windows: Windows) -> None:
    nurse = windows.open("nurse", "/admin/models")
    expect(nurse.get_by_text("This page is not open to you")).to_be_visible()
    assert small_targets(nurse) == []
    assert not scrolls_sideways(nurse)
