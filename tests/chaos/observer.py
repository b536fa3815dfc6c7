"""An open page as a person has it: it reconnects by itself and shows, per panel, the newest value that it was sent.

It keeps what must never happen as `faults`: a bed that went back to an older version, or a panel that went blank.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from typing import Any

from simple_websocket.errors import SimpleWebsocketError

from hospital_ops.infra.reach import answers
from hospital_ops.state.topic_table import TOPICS
from hospital_ops.state.topics import split
from tests.chaos.waiting import until
from tests.contract.browser import FEED, PULSE, Browser

RECONNECT_SECONDS = 0.5
# The hospital's time goes on by itself; nothing has to be told for it.
TIMES = frozenset({"at", "now"})


class Observer:
    """One tab at `page`, watching `topics` (full rooms). Runs in a thread until closed."""

    def __init__(self, base: str, cookie: str, page: str, topics: list[str]) -> None:
        self.base, self.cookie, self.page, self.topics = base, cookie, page, topics
        self.shown: dict[str, Any] = {}
        self.faults: list[str] = []
        self.problems: list[str] = []
        self.beaten_at: list[float] = []
        self.connections = 0
        self._versions: dict[int, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.is_set():
            # Asked first: a socket that meets nobody is left open by the client's library.
            if not answers(f"{self.base}/ping"):
                self._over.wait(RECONNECT_SECONDS)
                continue
            browser = Browser(self.base, self.page, cookie=self.cookie)
            try:
                browser.open()
                self.connections += 1
                while not browser.closed and not self._over.is_set():
                    browser.take(0.1)
                    self._fold(browser)
            except (OSError, SimpleWebsocketError):
                pass  # The web process is away; as the page does, try again.
            except Exception as failure:
                self.faults.append(repr(failure))
            finally:
                with contextlib.suppress(OSError):
                    browser.close()
            self._over.wait(RECONNECT_SECONDS)

    def _fold(self, browser: Browser) -> None:
        for delta in browser.deltas:
            for name, value in delta.get(FEED, {}).items():
                self._show(name.removesuffix("_rx_state_"), value)
            pulse = delta.get(PULSE, {})
            if "beat_rx_state_" in pulse:
                self.beaten_at.append(time.monotonic())
            if told := pulse.get("problem_rx_state_"):
                self.problems.append(told["sentence"])
        browser.deltas.clear()

    def _show(self, var: str, value: Any) -> None:
        if not value:
            self.faults.append(f"{var} went blank")
            return
        for tile in value["beds"] if var.startswith("ward_") else ():
            if tile["version"] < self._versions.get(tile["id"], 0):
                self.faults.append(f"bed {tile['label']} went back to version {tile['version']}")
            self._versions[tile["id"]] = tile["version"]
        self.shown[var] = value

    # --- compared with the truth -----------------------------------------------------------------------------------

    def differences(self) -> dict[str, Any]:
        """Panels that do not show what the database says now: var → {part: (shown, true)}. Empty when all do."""
        found = {}
        for topic in self.topics:
            kind, number = split(topic)
            true = TOPICS[kind].read(number, False)
            assert true, f"there is no {topic}"
            var = TOPICS[kind].var(true)
            shown, true = _timeless(self.shown.get(var) or {}), _timeless(true)
            if shown != true:
                found[var] = {name: (shown.get(name), true[name]) for name in true if shown.get(name) != true[name]}
        return found

    def settles(self, seconds: float = 30.0) -> None:
        """Wait until every panel equals the database. Fails when one does not in time, or when something was wrong."""
        until(lambda: not self.differences(), seconds, lambda: f"{self.page}: {self.differences()} {self.faults}")
        assert self.faults == []

    def beats_again(self, seconds: float = 30.0) -> None:
        """Wait for a heartbeat from now on: the panel is live."""
        now = time.monotonic()
        until(lambda: self.beaten_at and self.beaten_at[-1] > now, seconds, lambda: f"no heartbeat at {self.page}")

    def close(self) -> None:
        self._over.set()
        self._thread.join(5)


def _timeless(value: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in json.loads(json.dumps(value)).items() if name not in TIMES}
