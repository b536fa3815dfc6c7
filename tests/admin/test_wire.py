"""Administration over real sockets and two web processes: who is closed out is out everywhere, a password is told once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest

from hospital_ops.infra.bus import redis_client
from hospital_ops.infra.embedded import Postgres, Valkey
from tests.cast import PASSWORD
from tests.contract.browser import FEED, PERSON, PULSE, STATE, Browser
from tests.web_process import Web, beside, serving

ACCOUNTS = f"{STATE}.hospital_ops___state___admin____accounts"
AUDIT = f"{STATE}.hospital_ops___state___audit____audit"
Tabs = Callable[..., Browser]


@pytest.fixture(scope="module")
def webs(servers: tuple[Postgres, Valkey], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Web]]:
    logs = tmp_path_factory.mktemp("webs")
    with serving(servers[0], logs / "one.log") as one, beside(one, logs / "two.log") as two:
        yield one, two


@pytest.fixture
def tab() -> Iterator[Tabs]:
    opened: list[Browser] = []

    def open_tab(web: Web, username: str, page: str = "/board", password: str = PASSWORD) -> Browser:
        browser = Browser(web.base, page)
        answer = browser.sign_in(username, password)
        assert answer.status_code == 303
        assert "/login" not in answer.headers["location"]
        opened.append(browser.open())
        browser.until(lambda: browser.values(PERSON, "arrived"))
        return browser

    yield open_tab
    for browser in opened:
        browser.close()


def made(admin: Browser, username: str, role: str = "nurse") -> str:
    """A new account by the page's own handler. Returns the first password as the browser is shown it."""
    before = len(admin.values(FEED, "handover"))
    admin.call(f"{ACCOUNTS}.create", form={"username": username, "display_name": "Nora New", "role": role})
    shown = admin.until(lambda: admin.values(FEED, "handover")[before:])
    return str(shown[0]["password"])


def test_a_closed_account_is_out_on_every_process_at_once(webs: tuple[Web, Web], tab: Tabs) -> None:
    one, two = webs
    admin, here, there = tab(one, "admin", "/admin"), tab(one, "nurse"), tab(two, "nurse")
    for nurse in (here, there):
        nurse.until(lambda nurse=nurse: nurse.values(FEED, "ward_01"))
    admin.call(f"{ACCOUNTS}.open", user_id=one.people["nurse"])
    admin.call(f"{ACCOUNTS}.ask", what="deactivate")
    admin.call(f"{ACCOUNTS}.act")
    for nurse in (here, there):
        nurse.until(lambda nurse=nurse: nurse.values(PULSE, "ended") == ["closed"])
        nurse.until(lambda nurse=nurse: nurse.closed)
    shown = admin.until(lambda: [v for v in admin.values(FEED, "managed") if v["state"] == "closed"])
    assert shown[-1]["changes"][0]["what"] == "Account closed"
    assert Browser(two.base).sign_in("nurse", PASSWORD).headers["location"].startswith("/login?problem=wrong")


def test_two_administrators_on_two_processes_see_the_same(webs: tuple[Web, Web], tab: Tabs) -> None:
    one, two = tab(webs[0], "admin", "/admin"), tab(webs[1], "admin", "/admin")
    for admin in (one, two):
        admin.until(lambda admin=admin: admin.values(FEED, "accounts"))
    made(one, "nora.seen")
    for admin in (one, two):
        admin.until(lambda admin=admin: "nora.seen" in json.dumps(admin.values(FEED, "accounts")[-1]))


def test_a_first_password_is_shown_to_who_asked_and_kept_nowhere(webs: tuple[Web, Web], tab: Tabs) -> None:
    one, two = tab(webs[0], "admin", "/admin"), tab(webs[0], "admin", "/admin")
    password = made(one, "nora.told")
    two.until(lambda: "nora.told" in json.dumps(two.values(FEED, "accounts")))
    assert re.fullmatch(r"([bdfgklmnprstvz][aeiou]){3}(-([bdfgklmnprstvz][aeiou]){3}){3}", password)
    assert password not in json.dumps(two.deltas)
    assert sum(password in json.dumps(delta) for delta in one.deltas) == 1
    client = redis_client()
    kept = [client.dump(key) or b"" for key in client.keys("*")]
    assert kept
    assert not any(password.encode() in value for value in kept)
    assert password not in webs[0].log.read_text()
    one.call(f"{ACCOUNTS}.put_away")
    one.until(lambda: one.values(FEED, "handover")[-1] == {})


def test_a_first_password_opens_no_panel_and_runs_no_handler(webs: tuple[Web, Web], tab: Tabs) -> None:
    admin = tab(webs[0], "admin", "/admin")
    nora = tab(webs[0], "nora.first", "/board", made(admin, "nora.first", "bed_manager"))
    board = f"{STATE}.hospital_ops___state___board____board"
    nora.call(f"{board}.open_bed", bed_id=webs[0].beds["E1"])
    told = nora.until(lambda: [p for p in nora.values(PULSE, "problem") if "password of your own" in p["sentence"]])
    assert told
    nora.until(lambda: nora.values(PERSON, "home")[-1] == "/password")
    assert nora.values(PERSON, "permissions")[-1] == []
    assert not any(nora.values(FEED, var) for var in ("hospital", "ward_01", "bed"))


def test_whoever_may_not_is_shown_nothing(webs: tuple[Web, Web], tab: Tabs) -> None:
    doctor = tab(webs[0], "doctor", "/admin")
    for name in ("open", "ask", "act", "create"):
        doctor.call(f"{ACCOUNTS}.{name}", user_id=webs[0].people["desk"], what="deactivate", form={})
    doctor.call(f"{AUDIT}.search", form={})
    doctor.call(f"{AUDIT}.arrive")
    doctor.until(lambda: len(doctor.values(PULSE, "problem")) >= 5)
    assert not any(doctor.values(FEED, var) for var in ("accounts", "managed", "audit", "handover"))


def test_the_audit_is_shown_to_who_reads_it(webs: tuple[Web, Web], tab: Tabs) -> None:
    admin = tab(webs[0], "admin", "/admin/audit")
    page = admin.until(lambda: admin.values(FEED, "audit"))[-1]
    assert page["rows"][0]["action"] == "audit.read"
    assert page["rows"][0]["who"] == "Ada Admin"
