"""For everybody: no finding of axe on any step, targets as large as a thumb, twice the size of print, and no pointer at all."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.access import findings, scrolls_sideways, small_targets
from tests.cast import PASSWORD
from tests.intake.conftest import ANSWERS
from tests.intake.phone import House
from tests.intake.walk import CARD, Walk, at_the_desk, open_folder
from tests.own_hospital import run

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _window(browser: Any, width: int, height: int = 844) -> Page:
    page: Page = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=width < 1000,
        reduced_motion="reduce",
    ).new_page()
    return page


def _sound(page: Page, where: str, widths: tuple[int, ...] = ()) -> None:
    """On this page, at each width, in the light and in the dark."""
    for width in widths or (int((page.viewport_size or {})["width"]),):
        page.set_viewport_size({"width": width, "height": 844})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            expect(page.locator(f"html.{theme}")).to_have_count(1)
            found = findings(page, contrast_alone=theme == "dark")
            assert not found, "\n".join([f"{where}, {width} px, {theme}", *found])
        assert small_targets(page) == [], f"{where}, {width} px"
        assert not scrolls_sideways(page), f"{where}, {width} px"


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_step_is_open_to_everybody(house: House, browser: Any, language: str) -> None:
    page = _window(browser, 390)
    Walk(page, house.base, language).all(lambda step: _sound(page, step, (768, 390)))
    page.context.close()


def test_a_step_that_cannot_be_left_says_so_to_everybody(house: House, browser: Any) -> None:
    page = _window(browser, 390)
    walk = Walk(page, house.base)
    walk.start()
    walk.press("next")
    page.locator(".problem[role=alert]").first.wait_for()
    _sound(page, "name, with problems")
    walk.name()
    walk.press("next")
    walk.heading("birth")
    walk.birth()
    walk.press("next")
    walk.heading("contact")
    walk.press("next")
    walk.heading("why")
    walk.press("next")
    page.locator("fieldset .problem[role=alert]").wait_for()
    _sound(page, "why, with problems")
    page.context.close()


@pytest.mark.parametrize("language", ["en", "es"])
def test_twice_the_size_of_print_loses_nothing(house: House, browser: Any, language: str) -> None:
    """200 % zoom on a phone of 390 px leaves 195; larger type in the phone's own settings doubles the root's size."""
    zoomed, large = _window(browser, 195), _window(browser, 390)

    def narrow(step: str) -> None:
        assert not scrolls_sideways(zoomed), step

    def doubled(step: str) -> None:
        large.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not scrolls_sideways(large), step
        large.evaluate("document.documentElement.style.fontSize = ''")

    Walk(zoomed, house.base, language).all(narrow, photo=False)
    Walk(large, house.base, language).all(doubled, photo=False)
    zoomed.context.close()
    large.context.close()


def test_the_desk_is_open_to_everybody(house: House, browser: Any) -> None:
    phones = [_window(browser, 390) for _ in range(2)]
    for phone, name in zip(phones, ("Earlier", "Desk"), strict=True):  # The second resembles the first.
        Walk(phone, house.base, last_name=name).all(photo=name == "Desk")
    desk = at_the_desk(_window(browser, 390), house.base)
    desk.locator(".arrival", has_text="Maria Desk").wait_for()
    _sound(desk, "queue", (390, 768, 1440))
    open_folder(desk, "Maria Desk")
    expect(desk.locator("[data-coverage=verified].insurance")).to_be_visible()
    desk.focus("#v-insurance_policy_num")
    _sound(desk, "folder", (390, 768, 1440))
    for window in (*phones, desk):
        window.context.close()


# page → who looks at it
PAGES = {
    "/": "",
    "/login": "",
    "/board": "manager",
    "/tasks": "hanna",
    "/staffing": "staffing",
    "/patients/lying": "doctor",
}


LIE_DOWN = """
import sys
from tests.cast import Cast
cast = Cast(people={"desk": int(sys.argv[1]), "manager": int(sys.argv[2])}, beds={"E2": int(sys.argv[3])})
patient = cast.patient()
cast.occupy("E2", patient)
print(patient)
"""


@pytest.fixture(scope="module")
def lying(house: House) -> str:
    """The id of a patient who lies in a bed of the doctor's ward."""
    return run(
        house.environment,
        LIE_DOWN,
        *(str(n) for n in (house.people["desk"], house.people["manager"], house.beds["E2"])),
    ).strip()


@pytest.mark.parametrize("path", PAGES)
def test_every_other_page_is_open_to_everybody(house: House, browser: Any, lying: str, path: str) -> None:
    page, who = _window(browser, 1440), PAGES[path]
    path = path.replace("lying", lying)
    if who:
        page.goto(f"{house.base}/login?next={path}")
        page.fill("[name=username]", who)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"**{path}")
    else:
        page.goto(f"{house.base}{path}")
    page.locator("main").wait_for()
    expect(page.locator(".skeleton")).to_have_count(0)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        expect(page.locator(f"html.{theme}")).to_have_count(1)
        found = findings(page, contrast_alone=theme == "dark")
        assert not found, "\n".join([theme, *found])
    assert not scrolls_sideways(page)
    page.context.close()


# --- by the keyboard alone -------------------------------------------------------------------------------------------


class Keys:
    """Somebody without a pointer. `to` walks by Tab as a person does, and fails where Tab does not lead."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str) -> None:
        for _ in range(60):
            if self.page.evaluate("selector => document.activeElement?.matches(selector)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never came to {selector}")

    def type(self, selector: str, words: str) -> None:
        self.to(selector)
        self.page.keyboard.type(words)

    def press(self, selector: str, key: str = "Enter") -> None:
        self.to(selector)
        assert (
            self.page.evaluate(
                "getComputedStyle(document.activeElement.closest('label') ?? document.activeElement).outlineStyle"
            )
            != "none"
        )
        self.page.keyboard.press(key)

    def next(self, heading: str) -> None:
        self.press(".button-main")
        expect(self.page.locator("h1:focus")).to_contain_text(heading)  # What a screen reader says first.


def test_a_whole_registration_by_the_keyboard_alone(house: House, browser: Any) -> None:
    page = _window(browser, 390)
    keys = Keys(page)
    # From the beginning: a chooser that opens in the moment of asking for it would be missed.
    page.on("filechooser", lambda chooser: chooser.set_files(CARD))
    page.goto(f"{house.base}/intake")
    page.wait_for_selector("form.welcome")
    keys.press("form.welcome[lang=en] button")
    page.wait_for_selector("[name=first_name]")
    keys.type("[name=first_name]", "Maria")
    keys.type("[name=last_name]", "Keys")
    keys.next("When were you born")
    keys.type("[name=dob]", "07231984")
    keys.press("[name=sex]", "Space")
    keys.next("How can we reach you")
    keys.next("Why do you come")
    keys.press("[name=visit]", "Space")
    keys.type("[name=reason]", ANSWERS["reason"])
    keys.next("health insurance")
    keys.press("[name=has_insurance]", "ArrowDown")
    keys.next("Photograph")
    keys.to("[name=insurance_front]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-side=insurance_front] img[src^='/api/']", timeout=40_000)
    keys.next("Your consent")
    keys.press("[name=consent]", "Space")
    keys.type("[name=signature]", "Maria Keys")
    keys.next("Is everything right")
    keys.press(".button-main")
    page.wait_for_selector("[data-status=submitted] .news-line")
    page.context.close()


def test_the_desk_verifies_and_admits_by_the_keyboard_alone(house: House, browser: Any) -> None:
    phone = _window(browser, 390)
    Walk(phone, house.base, last_name="Handsfree").all()
    page = at_the_desk(_window(browser, 1440, height=900), house.base)
    keys = Keys(page)
    row = page.locator(".arrival", has_text="Handsfree")
    row.wait_for()
    number = row.get_attribute("data-registration")
    keys.press(f"[data-registration='{number}']")
    expect(page.locator(".folder h2:focus")).to_be_visible()
    keys.to("#v-insurance_policy_num")
    box = page.locator("[data-box=member_id]")
    expect(box).to_have_attribute("data-lit", "true")
    page.keyboard.press("Control+a")
    page.keyboard.type("WRONG1")
    page.keyboard.press("Control+Enter")  # Takes what the card says, and goes on.
    assert page.input_value("#v-insurance_policy_num") == "XQH884217190"
    expect(page.locator("#v-phone:focus")).to_be_visible()
    expect(box).not_to_have_attribute("data-lit", "true")
    keys.to("#unit")
    page.keyboard.type("Card")
    keys.press("[name=isolation]", "Space")
    keys.press(".verify-form .button-main")
    page.wait_for_selector(".offer .button-main")
    keys.press(".offer .button-main")
    page.get_by_text("Lies in bed").wait_for()
    phone.context.close()
    page.context.close()
