"""A patient registers on a phone, in both languages, while the desk looks on: nobody reloads anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from hospital_ops.domain.intake_words import say
from tests.cast import PASSWORD
from tests.intake.conftest import ANSWERS, LINE
from tests.intake.phone import House, Line

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CARD = Path(__file__).resolve().parent.parent / "data" / "cards" / "front_maria.jpg"
UNNAMED = """() => [...document.querySelectorAll('main input, main textarea, main select')]
  .filter(e => e.type !== 'hidden' && !e.labels?.length && !e.ariaLabel).map(e => e.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [390, 768])
def test_a_patient_registers_and_hears_of_the_bed(house: House, browser: Any, language: str, width: int) -> None:
    errors: list[str] = []
    phone = browser.new_context(viewport={"width": width, "height": 844}).new_page()
    phone.on("pageerror", lambda error: errors.append(str(error)))

    def press(key: str) -> None:
        phone.get_by_role("button", name=say(key, language), exact=True).click()

    def looked_at() -> None:
        assert phone.evaluate("document.documentElement.lang") == language
        assert phone.evaluate(UNNAMED) == []
        assert phone.evaluate("document.documentElement.scrollWidth") <= width

    phone.goto(f"{house.base}/intake")
    press("welcome.start")
    phone.wait_for_selector("[name=first_name]")
    press("next")
    phone.get_by_text(say("problem.missing", language)).first.wait_for()
    assert phone.evaluate("document.activeElement.name") == "first_name"
    looked_at()
    last_name = f"Sandoval {language}{width}"
    phone.fill("[name=first_name]", "Maria")
    phone.fill("[name=last_name]", last_name)
    press("next")
    phone.fill("[name=dob]", ANSWERS["dob"])
    looked_at()
    press("next")
    phone.fill("[name=phone]", "2125550143")
    looked_at()
    press("next")
    phone.check("[name=visit][value=urgent]", force=True)
    phone.fill("[name=reason]", ANSWERS["reason"])
    phone.locator("[name=reason]").blur()
    phone.wait_for_timeout(400)
    phone.reload()  # Nothing is lost.
    phone.wait_for_selector("[name=reason]")
    assert phone.input_value("[name=reason]") == ANSWERS["reason"]
    press("next")
    phone.check("[name=has_insurance][value=yes]", force=True)
    phone.fill("[name=insurance_policy_num]", "XQH 884 217 190")
    looked_at()
    press("next")
    phone.set_input_files("[name=insurance_front]", CARD)
    phone.wait_for_selector("[data-field=member_id][data-agreement=agrees]", timeout=40_000)
    looked_at()
    press("next")
    phone.check("[name=consent]", force=True)
    phone.fill("[name=signature]", "Maria Sandoval")
    looked_at()
    press("next")
    phone.wait_for_selector(".review-group")
    other = "es" if language == "en" else "en"
    for code in (other, language):  # The switch loses nothing.
        phone.locator(f".language[lang={code}]").click()
        phone.get_by_role("heading", name=say("review", code)).wait_for()
        assert last_name in phone.inner_text("main")
    looked_at()
    press("submit")
    phone.wait_for_selector("[data-status=submitted] .news-line")
    _admit(house, browser, last_name)
    phone.wait_for_selector("[data-status=admitted] .news-line")
    bed = phone.inner_text(".news-line").split(".")[0].split()[-1]
    assert bed in house.beds
    assert errors == []
    phone.context.close()


def _admit(house: House, browser: Any, last_name: str) -> None:
    """The desk's part, in a window of its own."""
    desk = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    desk.goto(f"{house.base}/login")
    desk.fill("[name=username]", "desk")
    desk.fill("[name=password]", PASSWORD)
    desk.click("button[type=submit]")
    desk.locator(".arrival", has_text=last_name).click()
    desk.wait_for_selector("#v-first_name")
    assert desk.input_value("#v-insurance_policy_num") == "XQH 884 217 190"
    desk.select_option("#unit", "Cardiac")
    desk.check("[name=isolation][value=none]", force=True)
    desk.check("[name=sex][value=female]", force=True)
    desk.get_by_role("button", name="Confirm and admit").click()
    desk.get_by_role("button", name="Place here").first.click()
    desk.get_by_text("Lies in bed").wait_for()
    desk.context.close()


# step → what is typed there while the line is cut.
TYPED = {
    "name": {"first_name": "Maria", "last_name": "Sandoval"},
    "birth": {"dob": "1984-07-23"},
    "contact": {"phone": "2125550143", "address": "12 Elm Street"},
    "why": {"reason": "It hurts."},
    "insurance": {"insurance_policy_num": "XQH884217190"},
    "consent": {"signature": "Maria Sandoval"},
}


def test_a_line_cut_at_each_step_loses_nothing(house: House, browser: Any) -> None:
    line = Line(LINE)
    line.to = int(house.base.rsplit(":", 1)[1])
    phone = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    phone.goto(f"http://127.0.0.1:{LINE}/intake")
    phone.get_by_role("button", name="Start in English").click()
    for step, answers in TYPED.items():
        phone.wait_for_selector(f"[name={next(iter(answers)) if step != 'insurance' else 'has_insurance'}]")
        if step == "insurance":
            phone.check("[name=has_insurance][value=yes]", force=True)
            phone.wait_for_selector("[name=insurance_policy_num]")
        line.cut()
        for name, value in answers.items():
            phone.fill(f"[name={name}]", value)
        if step == "why":
            phone.check("[name=visit][value=urgent]", force=True)
        if step == "consent":
            phone.check("[name=consent]", force=True)
        phone.wait_for_timeout(700)
        line.mend()
        phone.wait_for_selector(".answer[data-pending]", state="detached")
        phone.get_by_role("button", name="Next", exact=True).click()
        if step == "insurance":
            phone.wait_for_selector("[name=insurance_front]", state="attached")
            line.cut()
            phone.set_input_files("[name=insurance_front]", CARD)
            phone.get_by_text(say("photo.waiting", "en")).wait_for()
            line.mend()
            phone.wait_for_selector("[data-side=insurance_front] img[src^='/api/']", timeout=40_000)
            phone.get_by_role("button", name="Next", exact=True).click()
    phone.wait_for_selector(".review-group")
    shown = phone.inner_text("main")
    assert all(value in shown for answers in TYPED.values() for value in answers.values())
    phone.context.close()
    line.close()


def test_a_second_tab_with_another_registration_mixes_nothing(house: House, browser: Any) -> None:
    """A mother registers herself and her child on one phone: what was typed for the one is never saved for the other."""
    line = Line(LINE)
    line.to = int(house.base.rsplit(":", 1)[1])
    context = browser.new_context(viewport={"width": 390, "height": 844})
    first = context.new_page()
    first.goto(f"http://127.0.0.1:{LINE}/intake")
    first.get_by_role("button", name="Start in English").click()
    first.fill("[name=first_name]", "Maria")
    first.wait_for_selector(".answer[data-pending]", state="detached")
    line.cut()
    first.fill("[name=last_name]", "Sandoval")
    started = context.request.post(
        f"{house.base}/api/intake/start", form={"language": "es"}, headers={"Origin": house.base}, max_redirects=0
    )
    assert started.status == 303
    line.mend()
    first.locator("html[lang=es]").wait_for()
    first.get_by_text(say("refused.other_registration", "es")).wait_for()
    expect(first.locator("[name=first_name]")).to_have_value("")
    second = context.new_page()
    second.goto(f"{house.base}/intake")
    for page in (first, second):
        expect(page.locator("[name=last_name]")).to_have_value("")
    context.close()
    line.close()
