"""Two web processes, one hospital: a session that ends in one closes its sockets in the other."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest

from tests.cast import PASSWORD
from tests.contract.browser import FEED, PULSE, STATE, Browser
from tests.own_hospital import run
from tests.web_process import Web, serving_too

ACCOUNT = f"{STATE}.hospital_ops___state___account____account"
END_ALL = """
import sys
from hospital_ops.services.accounts import actor_of_user, end_sessions_of
end_sessions_of(actor_of_user(int(sys.argv[1])), int(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def other(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving_too(web, tmp_path_factory.mktemp("other") / "web.log") as running:
        yield running


def at(web: Web, name: str, cookie: str = "", page: str = "/board") -> Browser:
    browser = Browser(web.base, page, cookie=cookie)
    if not cookie:
        assert browser.sign_in(name, PASSWORD).status_code == 303
    browser.open()
    browser.until(lambda: browser.deltas)
    return browser


def test_signing_out_at_one_closes_the_board_at_the_other(web: Web, other: Web) -> None:
    here = at(web, "doctor")
    there = at(other, "doctor", cookie=here.cookie)
    there.until(lambda: there.values(FEED, "ward_01"))
    here.sign_out()
    for browser in (here, there):
        browser.until(lambda browser=browser: browser.closed)
        assert browser.values(PULSE, "ended") == ["signed_out"]


def test_an_administrator_ends_every_session_of_somebody_at_both(web: Web, other: Web) -> None:
    tabs = [at(web, "nurse_west"), at(other, "nurse_west")]
    bystander = at(other, "manager")
    for tab in (*tabs, bystander):
        tab.until(lambda tab=tab: tab.values(FEED, "ward_02"))
    run(web.environment, END_ALL, str(web.people["admin"]), str(web.people["nurse_west"]))
    for tab in tabs:
        tab.until(lambda tab=tab: tab.closed)
    bystander.take(0.3)
    assert not bystander.closed
    bystander.close()


def test_ones_own_page_shows_and_ends_the_browser_at_the_other_process(web: Web, other: Web) -> None:
    here = at(web, "nurse", page="/account")
    here.until(lambda: here.values(FEED, "account"))
    [mine] = here.values(FEED, "account")[-1]["sessions"]
    here.until(lambda: here.values(ACCOUNT, "session_id")[-1:] == [mine["id"]])
    there = at(other, "nurse")
    here.until(lambda: len(here.values(FEED, "account")[-1]["sessions"]) == 2)  # It appeared by itself.
    here.call(f"{ACCOUNT}.end_others")
    there.until(lambda: there.closed)
    here.until(lambda: len(here.values(FEED, "account")[-1]["sessions"]) == 1)
    assert not here.closed
    here.close()


def test_a_secret_and_recovery_codes_go_to_the_tab_that_asked_and_into_no_state(web: Web, other: Web) -> None:
    here, same = at(web, "desk", page="/account"), None
    here.until(lambda: here.values(FEED, "account"))
    same = at(other, "desk", cookie=here.cookie, page="/account")
    here.call(f"{ACCOUNT}.begin", form={"password": PASSWORD})
    secret = here.until(lambda: here.values(FEED, "once"))[-1]["secret"]
    secret = "".join(secret)
    here.call(f"{ACCOUNT}.confirm", form={"otp": pyotp.TOTP(secret).now()})
    codes = here.until(lambda: "codes" in here.values(FEED, "once")[-1] and here.values(FEED, "once"))[-1]["codes"]
    same.until(lambda: same.values(FEED, "account") and same.values(FEED, "account")[-1]["second_factor"]["on"])
    assert same.values(FEED, "once") == []
    look = f"""
from hospital_ops.infra.bus import redis_client
client = redis_client()
kinds = {{b"string": client.get, b"hash": client.hgetall}}
kept = " ".join(str(kinds[client.type(key)](key)) for key in client.scan_iter() if client.type(key) in kinds)
assert "Dora Desk" in kept, "the tab's state should be found"
for word in {[secret, codes[0], PASSWORD]!r}:
    assert word not in kept
"""
    run(web.environment, look)
    for word in (secret, codes[0]):
        assert word not in web.log.read_text()
    here.call(f"{ACCOUNT}.ask", step="remove")
    here.call(f"{ACCOUNT}.remove", form={"password": PASSWORD, "otp": "000000"})
    here.until(lambda: "not right" in here.values(ACCOUNT, "problem")[-1])
    here.call(f"{ACCOUNT}.remove", form={"password": PASSWORD, "otp": codes[0]})
    for tab in (here, same):
        tab.until(lambda tab=tab: not tab.values(FEED, "account")[-1]["second_factor"]["on"])
    here.until(lambda: here.values(ACCOUNT, "step")[-1] == "")
    here.close()
    same.close()
