"""One LISTEN connection of a process, on its event loop: what the hospital says, and a heartbeat through the database.

The heartbeat is a NOTIFY that this process sends to itself over another connection. Hearing it proves the whole line,
database included; an open socket alone proves nothing (a stopped server keeps its sockets open).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection
from sqlalchemy import text

from hospital_ops.infra.bus import CHANNEL, Notice, decode_notice, listening_connection
from hospital_ops.infra.db import engine

log = logging.getLogger(__name__)
BEAT_CHANNEL = "hospital_beat"
BEAT_SECONDS = 3.0
# Three beats missed: the connection is taken for dead and made again.
SILENCE_SECONDS = 9.5
BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0)


def send_beat(origin: str) -> None:
    """NOTIFY with this process's own mark. Raises while the database is away."""
    with engine().begin() as connection:
        connection.execute(text("SELECT set_config('statement_timeout', '2500', true)"))
        connection.execute(text("SELECT pg_notify(:channel, :origin)"), {"channel": BEAT_CHANNEL, "origin": origin})


@dataclass
class Listener:
    """Calls `on_notice` for each committed event, `on_beat` for each own heartbeat heard, and `on_return` whenever
    the line is (re-)established, when anything may have been missed.

    `in_thread` runs a blocking call off the loop. All callbacks run on the loop and must not block.
    """

    in_thread: Callable[..., Awaitable[Any]]
    on_notice: Callable[[Notice], None]
    on_beat: Callable[[], None]
    on_return: Callable[[], None]
    connect: Callable[[], Connection] = listening_connection
    beat: Callable[[str], None] = send_beat
    beat_seconds: float = BEAT_SECONDS
    origin: str = field(default_factory=lambda: secrets.token_hex(6))
    heard_at: float = field(default=float("-inf"), init=False)
    reconnects: int = field(default=-1, init=False)

    @property
    def healthy(self) -> bool:
        """Whether an own heartbeat came back lately."""
        return asyncio.get_running_loop().time() - self.heard_at < SILENCE_SECONDS

    async def run(self) -> None:
        """Listen until cancelled, reconnecting with back-off."""
        failures = 0
        while True:
            try:
                connection = await self.in_thread(self._open)
            except (psycopg2.Error, OSError) as away:
                log.warning("cannot listen to the database (%s); trying again", type(away).__name__)
                await asyncio.sleep(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
                failures += 1
                continue
            failures = 0
            try:
                await self._stay(connection)
            finally:
                with contextlib.suppress(psycopg2.Error):
                    connection.close()

    def _open(self) -> Connection:
        connection = self.connect()
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {BEAT_CHANNEL}")
        return connection

    async def _stay(self, connection: Connection) -> None:
        """Hear until the connection breaks or falls silent."""
        loop = asyncio.get_running_loop()
        broken = asyncio.Event()
        descriptor = connection.fileno()
        loop.add_reader(descriptor, self._hear, connection, broken)
        self.reconnects += 1
        self.on_return()
        silent_since = loop.time()
        try:
            while not broken.is_set():
                # `wait_for` in Python 3.11 loses a cancellation that comes as the call ends; `timeout` does not.
                with contextlib.suppress(TimeoutError):
                    # Bounded: a stopped server would hold the call, and with it the watch over silence.
                    async with asyncio.timeout(2.8):
                        await self._beat_once()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self.beat_seconds):
                        await broken.wait()
                if loop.time() - max(self.heard_at, silent_since) > SILENCE_SECONDS:
                    log.warning("the line to the database has fallen silent; opening another")
                    return
        finally:
            loop.remove_reader(descriptor)

    async def _beat_once(self) -> None:
        try:
            await self.in_thread(self.beat, self.origin)
        except Exception as away:  # Any failure of the probe means the same: no beat, and the boards say so.
            log.warning("no heartbeat through the database (%s)", type(away).__name__)

    def _hear(self, connection: Connection, broken: asyncio.Event) -> None:
        """The descriptor is readable: take what came."""
        try:
            connection.poll()
        except psycopg2.Error:
            broken.set()
            return
        while connection.notifies:
            self._take(connection.notifies.pop(0))

    def _take(self, notify: Any) -> None:
        if notify.channel == BEAT_CHANNEL:
            if notify.payload == self.origin:
                self.heard_at = asyncio.get_running_loop().time()
                self.on_beat()
        elif notify.channel == CHANNEL:
            try:
                self.on_notice(decode_notice(notify.payload))
            except (ValueError, KeyError, TypeError, json.JSONDecodeError):
                log.warning("a notice on %s could not be read", CHANNEL)
