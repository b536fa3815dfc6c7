"""Boards without a browser: socket clients that sign in, open /board and note when each bed's change arrives.

They speak the wire that Reflex's own page speaks; tests/contract pins it.
"""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field

from simple_websocket import AioClient, ConnectionClosed

NAMESPACE = "/_event"
HYDRATE = "reflex___state____state.hydrate_and_load"
FEED = "reflex___state____state.hospital_ops___state___feed____feed"


def sign_in(url: str, username: str, password: str) -> str:
    """The session's cookie, as a header. Raises HTTPError when refused."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    form = urllib.parse.urlencode({"username": username, "password": password}).encode()
    request = urllib.request.Request(url + "/api/session", form, {"Origin": url})  # noqa: S310 - our own URL
    try:
        answer = urllib.request.build_opener(Stay).open(request)
    except urllib.error.HTTPError as redirect:
        answer = redirect
    cookie = answer.headers.get("Set-Cookie", "")
    if not cookie:
        raise RuntimeError(f"signing in as {username} gave no cookie (status {answer.status})")
    return cookie.split(";")[0]


@dataclass
class Board:
    """One open board. `seen[(bed id, version)]` is when that change arrived, in time.monotonic() seconds."""

    url: str
    cookie: str
    seen: dict[tuple[int, int], float] = field(default_factory=dict)
    wards: int = 0
    bytes_received: int = 0
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, wards: int) -> None:
        """Connect, arrive at /board, and read until cancelled. `ready` is set once all wards' values are here."""
        token = uuid.uuid4().hex
        address = f"{self.url.replace('http', 'ws', 1)}{NAMESPACE}/?EIO=4&transport=websocket&token={token}"
        socket = await AioClient.connect(address, headers={"Cookie": self.cookie, "Origin": self.url})
        try:
            while True:
                await self._take(socket, str(await socket.receive()), wards)
        except ConnectionClosed:
            return
        finally:
            await _close(socket)

    async def _take(self, socket: AioClient, frame: str, wards: int) -> None:
        at = time.monotonic()
        self.bytes_received += len(frame)
        if frame.startswith("0"):
            # The CONNECT packet carries the first event, which loads the page and joins its rooms.
            await socket.send(f"40{NAMESPACE}," + json.dumps({"event": _hydrate()}))
        elif frame == "2":
            await socket.send("3")
        elif frame.startswith("42"):
            self._note(json.loads(frame[frame.index("[") :])[1], at)
            if self.wards >= wards:
                self.ready.set()

    def _note(self, update: dict[str, object] | str, at: float) -> None:
        raw = json.loads(update) if isinstance(update, str) else update
        for name, value in (raw.get("delta") or {}).get(FEED, {}).items():
            if name.startswith("ward_"):
                self.wards += 1
                for bed in value["beds"]:
                    self.seen.setdefault((bed["id"], bed["version"]), at)


def _hydrate() -> dict[str, object]:
    router = {"pathname": "/board", "asPath": "/board", "query": {}}
    return {"name": HYDRATE, "payload": {}, "router_data": router}


async def _close(socket: AioClient) -> None:
    try:
        await socket.close()
    except ConnectionClosed:
        return
