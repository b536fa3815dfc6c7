"""A part of the house is away while somebody registers: a sentence in their language, and nothing of theirs is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hospital_ops.domain.intake_words import say
from hospital_ops.infra import frontend
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.infra.processes import free_port
from tests.intake.phone import House, running
from tests.intake.walk import CARD, Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass
class Parts:
    """A house whose servers are its own, so that a test may stop them."""

    house: House
    postgres: Postgres
    valkey: Valkey


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    frontend.build()
    folder = tmp_path_factory.mktemp("outage")
    postgres = Postgres(folder, folder / "postgres.log", durable=False, port=free_port())
    valkey = Valkey(folder, folder / "valkey.log", durable=False, port=free_port())
    postgres.begin()
    valkey.begin()
    try:
        postgres.wait()
        valkey.wait()
        with running(postgres, folder, HOSPITAL_REDIS_URL=valkey.url) as house:
            yield Parts(house, postgres, valkey)
    finally:
        valkey.stop()
        postgres.stop()


@pytest.fixture
def page(parts: Parts, browser: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def _saved(page: Page) -> None:
    expect(page.locator(".answer[data-pending]")).to_have_count(0, timeout=40_000)


def test_the_database_is_away_while_somebody_writes(parts: Parts, page: Page) -> None:
    walk = Walk(page, parts.house.base, "es")
    walk.start()
    page.fill("[name=first_name]", "María")
    _saved(page)
    parts.postgres.stop()
    try:
        page.click("[name=last_name]")
        page.keyboard.type("Sandoval")
        expect(page.locator(".notice", has_text=say("away.saved", "es"))).to_be_visible()
        expect(page.locator(".unsaved", has_text=say("not_saved", "es"))).to_be_visible()
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))  # type: ignore[func-returns-value]
        page.close(run_before_unload=True)
        page.wait_for_timeout(500)
        assert asked == ["beforeunload"]  # What is not saved lives in this page alone.
        assert page.input_value("[name=last_name]") == "Sandoval"
    finally:
        parts.postgres.begin()
        parts.postgres.wait()
    _saved(page)
    walk.press("next")
    walk.heading("birth")
    page.reload()
    walk.heading("birth")


def test_the_database_is_away_while_a_photo_is_sent(parts: Parts, page: Page) -> None:
    walk = Walk(page, parts.house.base)
    walk.start()
    for step in ("name", "birth", "contact", "why", "insurance"):
        walk.heading(step)
        getattr(walk, step)()
        _saved(page)
        walk.press("next")
    walk.heading("photos")
    parts.postgres.stop()
    try:
        page.set_input_files("[name=insurance_front]", CARD)
        expect(page.get_by_text(say("photo.waiting", "en")).first).to_be_visible()
    finally:
        parts.postgres.begin()
        parts.postgres.wait()
    page.wait_for_selector("[data-side=insurance_front] img[src^='/api/']", timeout=60_000)


def test_redis_is_away_and_nobody_notices(parts: Parts, page: Page) -> None:
    """A tab's state goes on in the process, what is written goes to the database, and no field is drawn anew: the one
    that somebody types into would be taken from under their finger."""
    walk = Walk(page, parts.house.base)
    walk.start()
    page.evaluate("document.querySelector('[name=last_name]').mine = true")
    parts.valkey.stop()
    try:
        walk.name()
        _saved(page)
        assert page.evaluate("document.querySelector('[name=last_name]').mine")
        walk.press("next")
        walk.heading("birth")
    finally:
        parts.valkey.begin()
        parts.valkey.wait()
    walk.birth()
    _saved(page)
    walk.press("next")
    walk.heading("contact")


def test_nobody_can_begin_while_the_database_is_away_and_is_told_so(parts: Parts, page: Page) -> None:
    page.goto(f"{parts.house.base}/intake")
    page.wait_for_selector("form.welcome")
    parts.postgres.stop()
    try:
        page.get_by_role("button", name=say("welcome.start", "es")).click()
        expect(page.get_by_role("alert").filter(has_text=say("away", "es"))).to_be_visible()
    finally:
        parts.postgres.begin()
        parts.postgres.wait()
