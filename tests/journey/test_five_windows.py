"""One patient's whole journey, in five windows on two web processes: nobody reloads anything.

A phone, the desk and the first manager are on one web process; the second manager and the housekeeper on the other.
Afterwards nothing the patient wrote can be read in anything the house or the browsers keep.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from benchmarks.house import House
from hospital_ops.commands import test as command
from hospital_ops.domain.intake_words import say
from tests.browser.conftest import QUIET
from tests.journey.traces import files_under, found
from tests.journey.windows import SMALL_HOSPITAL, Window, dump, memory, open_window, signed_in, temporary

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CARDS = Path(__file__).resolve().parent.parent / "data" / "cards"
BED = "E2"
# What the patient writes, and what the card says: words that stand nowhere else.
CANARY = {
    "first name": "Quillonia",
    "last name": "Vexmoor-Ñandú",
    "birth": "1984-07-23",
    "phone": "2125550143",
    "address": "77 Thistledown Mews",
    "reason": "Wobbly clavicle since Sunday",
    "policy": "XQH884217190",
}
ON_THE_CARD = {"the card's name": "Sandoval"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("journey"), webs=2) as house:
        temporary(house)
        house.found(SMALL_HOSPITAL)
        house.start()
        yield house


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command.browser(), args=[*QUIET])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def windows(house: House, chromium: Browser) -> dict[str, Window]:
    first, second = house.urls
    return {
        "patient": open_window(chromium, "patient", 390),
        "desk": signed_in(chromium, first, "desk", "/desk"),
        "manager": signed_in(chromium, first, "manager", "/board"),
        "second manager": signed_in(chromium, second, "manager", "/board"),
        "housekeeper": signed_in(chromium, second, "hanna", "/tasks", 390),
    }


def test_the_whole_journey(house: House, windows: dict[str, Window]) -> None:
    _register(windows["patient"], windows["desk"], house.urls[0])
    _admit(windows["desk"])
    _place(windows)
    _leave(windows)
    _clean(windows)
    for name, window in windows.items():
        assert window.loaded_once(), f"the window of the {name} was loaded again"
        assert window.errors == [], name


def _register(patient: Window, desk: Window, url: str) -> None:
    """The phone page, question by question. The desk sees the arrival and what is still missing."""
    phone = patient.page

    def press(key: str) -> None:
        phone.get_by_role("button", name=say(key, "en"), exact=True).click()

    phone.goto(f"{url}/intake")
    press("welcome.start")
    phone.wait_for_selector("[name=first_name]")
    patient.mark()
    phone.fill("[name=first_name]", CANARY["first name"])
    phone.fill("[name=last_name]", CANARY["last name"])
    press("next")
    phone.fill("[name=dob]", CANARY["birth"])
    press("next")
    arrival = desk.page.locator(".arrival", has_text=CANARY["last name"])
    expect(arrival).to_contain_text("Missing")
    phone.fill("[name=phone]", CANARY["phone"])
    phone.fill("[name=address]", CANARY["address"])
    press("next")
    phone.check("[name=visit][value=urgent]", force=True)
    phone.fill("[name=reason]", CANARY["reason"])
    press("next")
    phone.check("[name=has_insurance][value=yes]", force=True)
    phone.fill("[name=insurance_policy_num]", CANARY["policy"])
    press("next")
    phone.set_input_files("[name=insurance_front]", CARDS / "front_maria.jpg")
    phone.wait_for_selector("[data-field=member_id][data-agreement=agrees]", timeout=60_000)
    press("next")
    phone.check("[name=consent]", force=True)
    phone.fill("[name=signature]", f"{CANARY['first name']} {CANARY['last name']}")
    press("next")
    press("submit")
    phone.wait_for_selector("[data-status=submitted] .news-line")
    expect(arrival.locator("xpath=.")).to_have_attribute("data-state", "ready")


def _admit(desk: Window) -> None:
    """The desk looks at card and words, and admits."""
    page = desk.page
    page.locator(".arrival", has_text=CANARY["last name"]).click()
    page.wait_for_selector("#v-first_name")
    assert page.input_value("#v-insurance_policy_num") == CANARY["policy"]
    expect(page.locator(".folder img").first).to_be_visible()
    page.select_option("#unit", "Cardiac")
    page.check("[name=isolation][value=none]", force=True)
    page.check("[name=sex][value=female]", force=True)
    page.get_by_role("button", name="Confirm and admit").click()


def _place(windows: dict[str, Window]) -> None:
    """Both managers see who waits; the second one, on the other process, places. The patient reads the bed's name."""
    managers = windows["manager"], windows["second manager"]
    for manager in managers:
        expect(manager.page.locator("[data-request]")).to_have_count(1)
        manager.bed(BED, "available")
    page = windows["second manager"].page
    page.get_by_role("button", name="Find a bed").click()
    offer = page.locator(".offer", has_text=BED)
    offer.get_by_role("button", name="Place here").click()
    for manager in managers:
        manager.bed(BED, "occupied")
        expect(manager.page.locator("[data-request]")).to_have_count(0)
    windows["desk"].page.get_by_text(f"Lies in bed {BED}").wait_for()
    expect(windows["patient"].page.locator("[data-status=admitted] .news-line")).to_contain_text(BED)


def _leave(windows: dict[str, Window]) -> None:
    """The first manager orders the discharge and, later, sees the patient off."""
    first, second = windows["manager"], windows["second manager"]
    first.page.locator(f'[data-bed="{BED}"]').click()
    for verb, status in (("Leaves today", "pending_discharge"), ("Patient has left", "dirty")):
        first.page.locator(".drawer").get_by_role("button", name=verb, exact=True).click()
        for manager in (first, second):
            manager.bed(BED, status)


def _clean(windows: dict[str, Window]) -> None:
    """The housekeeper's phone shows the task; three taps, and every board follows each."""
    phone = windows["housekeeper"].page
    card = phone.locator("article[data-task]")
    expect(card).to_contain_text(BED)
    managers = windows["manager"], windows["second manager"]
    for status, step in (("dirty", "accepted"), ("cleaning", "in_progress"), ("available", "")):
        card.locator(".task-next").click()
        if step:
            expect(card).to_have_attribute("data-step", step)
        for manager in managers:
            manager.bed(BED, status)
    expect(card).to_have_count(0)
    expect(phone.get_by_text("Done today")).to_be_visible()


def test_nothing_the_patient_wrote_is_left_readable(house: House, windows: dict[str, Window]) -> None:
    """Safety's canary: data folder, write-ahead log, dump, Valkey, logs, temporary files, browsers, addresses."""
    browsers = [(f"the browser of the {name}", window.kept().encode()) for name, window in windows.items()]
    addresses = [(f"the addresses of the {name}", "\n".join(window.urls).encode()) for name, window in windows.items()]
    words = CANARY | ON_THE_CARD
    places = [("a dump of the database", dump(house)), ("Valkey", memory(house)), *browsers, *addresses]
    assert found(places, words) == []
    house.valkey.stop()  # Both write what they hold to disk.
    house.postgres.stop()
    assert found(files_under(house.folder), words) == []
    # The search does see what is there: staff are no secret.
    seen = " ".join(found([*places, *files_under(house.folder)], {"staff": "Mona Manager", "state": "hospital_ops"}))
    assert all(place in seen for place in ("staff in a dump", "state in Valkey", "staff in postgres", "pg_wal"))
