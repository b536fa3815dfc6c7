"""Redis away, and people at their pages: what was open goes on, what is clicked is done, a new page opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital_ops.infra.embedded import Postgres, Valkey
from tests.cast import PASSWORD
from tests.contract.browser import BOARD, FEED, PULSE, Browser
from tests.web_process import Web, serving


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey of its own, to be killed."""
    server = Valkey(tmp_path, tmp_path / "valkey.log")
    server.begin()
    server.wait()
    yield server
    server.stop()


@pytest.fixture
def alone(servers: tuple[Postgres, Valkey], valkey: Valkey, tmp_path: Path) -> Iterator[Web]:
    with serving(servers[0], tmp_path / "web.log", HOSPITAL_REDIS_URL=valkey.url) as running:
        yield running


def _kill(valkey: Valkey) -> None:
    assert valkey.process is not None
    valkey.process.kill()
    valkey.stop()


def _board(web: Web, cookie: str = "") -> Browser:
    browser = Browser(web.base, cookie=cookie)
    if not cookie:
        browser.sign_in("manager", PASSWORD)
    browser.open()
    browser.until(lambda: browser.values(FEED, "ward_01"))
    return browser


def _mark_dirty(browser: Browser, bed_id: int, label: str) -> None:
    """Open a bed's drawer and do its verb, as two clicks do."""
    browser.call(f"{BOARD}.open_bed", bed_id=bed_id)
    browser.until(lambda: any(value["bed"]["label"] == label for value in browser.values(FEED, "bed")))
    browser.call(f"{BOARD}.act", verb="mark_dirty", version=browser.tile(label)["version"])
    browser.until(lambda: browser.tile(label)["status"] == "dirty")


def test_pages_work_while_redis_is_away_and_after_it_is_back(alone: Web, valkey: Valkey) -> None:
    before = _board(alone)
    _mark_dirty(before, alone.beds["E1"], "E1")
    _kill(valkey)
    _mark_dirty(before, alone.beds["E2"], "E2")
    during = _board(alone)
    _mark_dirty(during, alone.beds["E3"], "E3")
    before.until(lambda: before.tile("E3")["status"] == "dirty")
    valkey.begin()
    valkey.wait()
    for browser, label in ((before, "E4"), (during, "W1")):
        var = "ward_01" if label == "E4" else "ward_02"
        browser.call(f"{BOARD}.act", verb="mark_dirty", version=browser.tile(label, var)["version"])
        browser.until(lambda browser=browser: browser.values(PULSE, "problem"))  # Still the drawer it last opened.
        browser.call(f"{BOARD}.open_bed", bed_id=alone.beds[label])
        browser.until(lambda browser=browser, label=label: browser.values(FEED, "bed")[-1]["bed"]["label"] == label)
        browser.call(f"{BOARD}.act", verb="mark_dirty", version=browser.tile(label, var)["version"])
        browser.until(lambda browser=browser, label=label, var=var: browser.tile(label, var)["status"] == "dirty")
    after = _board(alone)
    assert after.tile("E4")["status"] == "dirty"
    for browser in (before, during, after):
        browser.close()
