"""The wire, as it is: a browser signs in, opens its socket, joins, and sees what others do. A newer Reflex that changes
any of it fails here first."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests

from tests.cast import PASSWORD
from tests.contract.browser import BOARD, FEED, PERSON, PULSE, STATE, Browser
from tests.web_process import ROOT, Web

Tabs = Callable[[str], Browser]


def _handshake(web: Web, origin: str, cookie: str) -> int:
    """The status of a websocket's opening request."""
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    headers = {**upgrade, "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Origin": origin, "Cookie": cookie}
    with contextlib.closing(HTTPConnection(urlsplit(web.base).netloc, timeout=5)) as connection:
        connection.request("GET", "/_event/?token=t&EIO=4&transport=websocket", headers=headers)
        with connection.getresponse() as answer:
            return answer.status


@pytest.fixture
def tab(web: Web) -> Iterator[Tabs]:
    """A signed-in tab at the board, of the person named."""
    opened: list[Browser] = []

    def open_tab(username: str) -> Browser:
        browser = Browser(web.base)
        answer = browser.sign_in(username, PASSWORD)
        assert answer.status_code == 303, answer.headers
        opened.append(browser.open())
        return browser

    yield open_tab
    for browser in opened:
        browser.close()


def test_signing_in_gives_an_http_only_cookie_and_the_roles_first_page(web: Web) -> None:
    browser = Browser(web.base)
    answer = browser.sign_in("manager", PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/board")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("hospital_session=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize(
    ("password", "origin", "problem"),
    [("wrong", "", "wrong"), (PASSWORD, "https://evil.example", "origin"), ("", "", "wrong")],
)
def test_signing_in_is_refused_with_a_code_and_without_a_cookie(
    web: Web, password: str, origin: str, problem: str
) -> None:
    answer = Browser(web.base).sign_in("doctor", password, origin)
    assert answer.headers["location"].startswith(f"/login?problem={problem}")
    assert "set-cookie" not in answer.headers


def test_the_page_hydrates_joins_and_gets_its_panels(web: Web, tab: Tabs) -> None:
    manager = tab("manager")
    manager.until(lambda: manager.values(FEED, "ward_02") and manager.values(FEED, "hospital"))
    manager.until(lambda: manager.values(PERSON, "name")[-1:] == ["Mona Manager"])
    ward = manager.values(FEED, "ward_01")[-1]
    assert [tile["label"] for tile in ward["beds"]] == ["E1", "E2", "E3", "E4"]
    manager.until(lambda: manager.values(PULSE, "beat"))
    assert set(manager.values(PULSE, "beat")[-1]) >= {"now", "speed", "simulated", "seq"}


def test_an_act_in_one_browser_is_seen_in_the_others(web: Web, tab: Tabs) -> None:
    manager, second, west = tab("manager"), tab("nurse"), tab("nurse_west")
    for browser, var in ((manager, "ward_01"), (second, "ward_01"), (west, "ward_02")):
        browser.until(lambda browser=browser, var=var: browser.values(FEED, var))
    manager.call(f"{BOARD}.open_bed", bed_id=web.beds["E1"])
    manager.until(lambda: manager.values(FEED, "bed"))
    version = manager.tile("E1")["version"]
    started = time.monotonic()
    manager.call(f"{BOARD}.act", verb="mark_dirty", version=version)
    second.until(lambda: second.tile("E1").get("status") == "dirty")
    assert time.monotonic() - started < 1.0
    manager.until(lambda: manager.tile("E1")["status"] == "dirty")
    manager.until(lambda: manager.values(FEED, "bed")[-1]["bed"]["status"] == "dirty")
    west.take(0.3)
    assert west.values(FEED, "ward_01") == []  # Not their ward: not joined, never sent.


def test_the_loser_of_a_race_reads_why(web: Web, tab: Tabs) -> None:
    manager = tab("manager")
    manager.until(lambda: manager.values(FEED, "ward_01"))
    manager.call(f"{BOARD}.open_bed", bed_id=web.beds["E2"])
    manager.call(f"{BOARD}.act", verb="mark_dirty", version=999)
    told = manager.until(lambda: manager.values(PULSE, "problem"))[-1]
    assert told["sentence"] == "Someone else changed this first. Look again."
    assert manager.tile("E2")["status"] == "available"


def test_a_stranger_with_a_socket_gets_nothing(web: Web) -> None:
    stranger = Browser(web.base).open()
    stranger.until(lambda: "signed_out" in stranger.values(PULSE, "ended"))
    for name in ("open_bed", "find_bed", "act", "place"):
        stranger.call(f"{BOARD}.{name}", bed_id=1, request_id=1, verb="leave", version=1)
    stranger.call(f"{STATE}.hydrate")
    stranger.call(f"{BOARD}.setvar", var_name="bed_id", value=1)
    stranger.take(0.5)
    stranger.take(0.5)
    assert not any(var for delta in stranger.deltas for var in delta.get(FEED, {}))
    assert not any(stranger.values(PERSON, "name"))
    stranger.close()


def test_another_sites_page_cannot_open_a_socket(web: Web) -> None:
    browser = Browser(web.base)
    browser.sign_in("manager", PASSWORD)
    answers = [_handshake(web, origin, browser.cookie) for origin in (web.base, "https://evil.example")]
    assert answers[0] == 101
    assert answers[1] in (400, 403)


def test_one_cannot_open_another_wards_bed(web: Web, tab: Tabs) -> None:
    nurse = tab("nurse")
    nurse.until(lambda: nurse.values(FEED, "ward_01"))
    nurse.call(f"{BOARD}.open_bed", bed_id=web.beds["W1"])
    told = nurse.until(lambda: nurse.values(PULSE, "problem"))[-1]
    assert "not yours" in told["sentence"]
    assert nurse.values(FEED, "bed") == []


def test_what_a_browser_gives_is_checked(web: Web, tab: Tabs) -> None:
    manager = tab("manager")
    manager.until(lambda: manager.values(FEED, "ward_01"))
    for junk in ("x", None, {"a": 1}, [1], -5):
        before = len(manager.values(PULSE, "problem"))
        manager.call(f"{BOARD}.open_bed", bed_id=junk)
        manager.until(lambda before=before: len(manager.values(PULSE, "problem")) > before)


def test_signing_out_closes_the_persons_sockets(web: Web, tab: Tabs) -> None:
    doctor = tab("doctor")
    doctor.until(lambda: doctor.values(FEED, "ward_01"))
    assert doctor.sign_out().headers["location"] == "/login?problem=left"
    doctor.until(lambda: doctor.closed)
    assert doctor.values(PULSE, "ended") == ["signed_out"]


def test_a_reconnect_joins_again_and_never_blanks(web: Web, tab: Tabs) -> None:
    manager = tab("manager")
    manager.until(lambda: manager.values(FEED, "ward_01"))
    manager.close()
    again = Browser(web.base, cookie=manager.cookie).open()
    again.until(lambda: again.values(FEED, "ward_01"))
    assert all(value for delta in again.deltas for value in delta.get(FEED, {}).values())
    again.close()


def test_unknown_addresses_of_the_api_are_json(web: Web) -> None:
    answer = requests.get(f"{web.base}/api/nothing/here", timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["cache-control"] == "no-store"
    assert "content-security-policy" in answer.headers


def test_nobody_can_upload_or_read_uploads(web: Web) -> None:
    for method in ("get", "post"):
        assert requests.request(method, f"{web.base}/_upload", timeout=5).status_code in (404, 405)


def test_after_all_this_the_log_holds_no_cookie_and_no_payload(web: Web) -> None:
    browser = Browser(web.base)
    browser.sign_in("manager", PASSWORD)
    browser.open()
    browser.call("no_such_handler", first_name="Mariposa")
    browser.call(f"{BOARD}.answer", form="Mariposa")
    browser.take(0.5)
    browser.close()
    log = web.log.read_text()
    assert "Mariposa" not in log
    assert browser.cookie.split("=", 1)[1] not in log
    assert PASSWORD not in log


def test_no_cookie_and_no_patient_is_in_redis(web: Web, tab: Tabs) -> None:
    manager = tab("manager")
    manager.until(lambda: manager.values(FEED, "ward_01"))
    secret = manager.cookie.split("=", 1)[1]
    look = f"""
from hospital_ops.infra.bus import redis_client
client = redis_client()
kinds = {{b"string": client.get, b"hash": client.hgetall}}
values = [kinds[client.type(key)](key) for key in client.scan_iter() if client.type(key) in kinds]
assert any(b"Mona Manager" in bytes(str(v), "utf8") for v in values), "the tab's state should be found"
assert not any({secret!r}.encode() in bytes(str(v), "utf8") for v in values)
"""
    time.sleep(0.5)
    subprocess.run([sys.executable, "-c", look], cwd=ROOT, env=web.environment, check=True)
