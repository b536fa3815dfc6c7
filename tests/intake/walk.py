"""A patient's way through the pages, step by step, in either language: for every test that needs one to be walked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from hospital_ops.domain.intake_words import say
from tests.cast import PASSWORD
from tests.intake.conftest import ANSWERS

CARD = Path(__file__).resolve().parent.parent / "data" / "cards" / "front_maria.jpg"
# The number that stands on the card.
NUMBER = "XQH 884 217 190"


class Walk:
    """`walk.all(look)` registers somebody and calls `look(step)` on each filled step."""

    def __init__(self, page: Page, base: str, language: str = "en", last_name: str = "Sandoval") -> None:
        self.page, self.base, self.language, self.last_name = page, base, language, last_name

    def press(self, key: str) -> None:
        self.page.get_by_role("button", name=say(key, self.language), exact=True).click()

    def heading(self, key: str) -> None:
        self.page.get_by_role("heading", name=say(key, self.language), exact=True).wait_for()

    def start(self) -> None:
        self.page.goto(f"{self.base}/intake")
        self.press("welcome.start")
        self.heading("name")

    def name(self) -> None:
        self.page.fill("[name=first_name]", "Maria")
        self.page.fill("[name=last_name]", self.last_name)

    def birth(self) -> None:
        self.page.fill("[name=dob]", ANSWERS["dob"])
        self.page.check("[name=sex][value=female]", force=True)

    def contact(self) -> None:
        self.page.fill("[name=phone]", "2125550143")
        self.page.fill("[name=address]", ANSWERS["address"])

    def why(self) -> None:
        self.page.check("[name=visit][value=urgent]", force=True)
        self.page.fill("[name=reason]", ANSWERS["reason"])

    def insurance(self) -> None:
        self.page.check("[name=has_insurance][value=yes]", force=True)
        self.page.fill("[name=insurance_policy_num]", NUMBER)
        self.page.fill("[name=insurance_payer]", "Evergreen Health Plan")

    def photos(self) -> None:
        self.page.set_input_files("[name=insurance_front]", CARD)
        self.page.wait_for_selector("[data-field=member_id][data-agreement=agrees]", timeout=60_000)

    def consent(self) -> None:
        self.page.check("[name=consent]", force=True)
        self.page.fill("[name=signature]", "Maria Sandoval")

    def review(self) -> None:
        self.page.wait_for_selector(".review-group")

    def all(self, look: Callable[[str], None] = lambda step: None, *, photo: bool = True) -> None:
        """From the welcome to the page that follows the registration."""
        self.page.goto(f"{self.base}/intake")
        self.page.wait_for_selector("form.welcome")
        look("welcome")
        self.start()
        for step in ("name", "birth", "contact", "why", "insurance", "photos", "consent"):
            self.heading(step)
            if step != "photos" or photo:
                getattr(self, step)()
            expect(self.page.locator(".answer[data-pending]")).to_have_count(0)
            look(step)
            self.press("next")
        self.review()
        look("review")
        self.press("submit")
        self.page.wait_for_selector("[data-status=submitted] .news-line")
        look("done")


def at_the_desk(page: Page, base: str) -> Page:
    """Signs in as the desk and waits for the queue."""
    page.goto(f"{base}/login?next=/desk")
    page.fill("[name=username]", "desk")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("[data-live=live]")
    return page


def open_folder(page: Page, name: str) -> Page:
    page.locator(".arrival", has_text=name).click()
    page.wait_for_selector("#v-first_name")
    return page
