"""A browser as the wire sees it: cookies over HTTP, Socket.IO frames by hand, so that the test pins the format."""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from simple_websocket import Client, ConnectionClosed

NAMESPACE = "/_event"
STATE = "reflex___state____state"
PERSON = f"{STATE}.hospital_ops___state___person____person"
BOARD = f"{STATE}.hospital_ops___state___board____board"
FEED = f"{STATE}.hospital_ops___state___feed____feed"
PULSE = f"{STATE}.hospital_ops___state___feed____pulse"
Frame = dict[str, Any]


class Browser:
    """One tab at one page. Every delta that arrives is kept, in order."""

    def __init__(self, base: str, page: str = "/board", origin: str = "", cookie: str = "") -> None:
        self.base, self.page, self.origin = base, page, origin or base
        self.cookie = cookie
        self.deltas: list[Frame] = []
        self.closed = False
        self.socket: Client | None = None

    def sign_in(self, username: str, password: str, origin: str = "") -> requests.Response:
        """Send the login page's form, as a browser would, and keep the cookie."""
        answer = requests.post(
            f"{self.base}/api/session",
            data={"username": username, "password": password},
            headers={"Origin": origin or self.base},
            allow_redirects=False,
            timeout=10,
        )
        self.cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        return answer

    def sign_out(self) -> requests.Response:
        headers = {"Origin": self.base, "Cookie": self.cookie}
        return requests.post(f"{self.base}/api/session/end", headers=headers, allow_redirects=False, timeout=10)

    def open(self) -> Browser:
        """Open the page's socket and hydrate: the CONNECT packet carries the first event."""
        address = (
            f"ws://{urlsplit(self.base).netloc}{NAMESPACE}/?token={secrets.token_hex(8)}&EIO=4&transport=websocket"
        )
        self.socket = Client(address, headers={"Origin": self.origin, "Cookie": self.cookie}, max_message_size=2**22)
        boot = {"event": self._event(f"{STATE}.hydrate_and_load", {})}
        self.socket.send(f"40{NAMESPACE},{json.dumps(boot)}")
        return self

    def call(self, name: str, **payload: Any) -> None:
        """Call a handler by its name, as anyone with a socket can."""
        assert self.socket is not None
        self.socket.send(f"42{NAMESPACE},{json.dumps(['event', self._event(name, payload)])}")

    def _event(self, name: str, payload: Frame) -> Frame:
        route = {"pathname": self.page, "asPath": self.page, "query": {}}
        return {"name": name, "payload": payload, "router_data": route}

    def until(self, holds: Callable[[], Any], seconds: float = 30.0) -> Any:
        """Take frames until something holds; gives it. Fails when it does not in time."""
        end = time.monotonic() + seconds
        while not (found := holds()):
            assert time.monotonic() < end, f"not in time; last: {json.dumps(self.deltas[-2:])[:600]}"
            self.take(0.1)
        return found

    def take(self, seconds: float) -> None:
        """Take what arrives within so many seconds."""
        assert self.socket is not None
        try:
            frame = self.socket.receive(timeout=seconds)
        except ConnectionClosed:
            self.closed = True
            time.sleep(0.02)
            return
        if frame == "2":
            self.socket.send("3")
        elif frame and frame.startswith("41"):
            self.closed = True
        elif frame and frame.startswith(f"42{NAMESPACE},"):
            name, update = json.loads(frame.removeprefix(f"42{NAMESPACE},"))
            assert name == "event"
            self.deltas.append(update.get("delta") or {})

    def values(self, state: str, var: str) -> list[Any]:
        """Every value that one var was sent, oldest first."""
        return [d[state][f"{var}_rx_state_"] for d in self.deltas if f"{var}_rx_state_" in d.get(state, {})]

    def tile(self, label: str, var: str = "ward_01") -> Frame:
        """One bed as this tab shows it now; {} before the ward has come."""
        wards = self.values(FEED, var)
        return next((tile for tile in wards[-1]["beds"] if tile["label"] == label), {}) if wards else {}

    def close(self) -> None:
        if self.socket is not None:
            with contextlib.suppress(ConnectionClosed):
                self.socket.close()
