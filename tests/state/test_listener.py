"""One LISTEN connection on the loop, against a real PostgreSQL: heard at once, mended when cut, honest when silent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import psycopg2
import pytest
from sqlalchemy import text

from hospital_ops.infra import listener as module
from hospital_ops.infra.bus import CHANNEL, Notice, encode_notice
from hospital_ops.infra.db import engine
from hospital_ops.infra.listener import Listener
from hospital_ops.state.thread import in_thread


def notify(channel: str, payload: str) -> None:
    with engine().begin() as connection:
        connection.execute(text("SELECT pg_notify(:c, :p)"), {"c": channel, "p": payload})


def cut() -> int:
    """End every listening connection, as a restart of the server would. Gives how many there were."""
    with engine().begin() as connection:
        found = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hospital-ops listen'"
        return len(connection.execute(text(found)).all())


class Ear:
    """A listener that is running, and what it called."""

    def __init__(self, **changes: object) -> None:
        self.notices: list[Notice] = []
        self.beats = 0
        self.returns = 0
        self.listener = Listener(in_thread, self.notices.append, self._beat, self._return, **changes)  # type: ignore[arg-type]

    def _beat(self) -> None:
        self.beats += 1

    def _return(self) -> None:
        self.returns += 1

    async def until(self, holds: Callable[[], bool], seconds: float = 30.0) -> None:
        for _ in range(int(seconds / 0.02)):
            if holds():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("it did not happen in time")


def listening(scene: Callable[[Ear], Awaitable[None]], **changes: object) -> None:
    async def run() -> None:
        ear = Ear(**changes)
        task = asyncio.create_task(ear.listener.run())
        try:
            await ear.until(lambda: ear.returns == 1)
            await scene(ear)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


def test_a_committed_event_is_heard_with_its_topics(database: str) -> None:
    async def scene(ear: Ear) -> None:
        await in_thread(notify, CHANNEL, encode_notice(7, "bed.status_changed", ("ward:3", "hospital")))
        await ear.until(lambda: bool(ear.notices))
        assert ear.notices == [Notice(7, "bed.status_changed", ("ward:3", "hospital"))]

    listening(scene)


def test_nonsense_on_the_channel_does_not_stop_the_hearing(database: str) -> None:
    async def scene(ear: Ear) -> None:
        for payload in ("", "{}", "[1]", '{"id": "x"}'):
            await in_thread(notify, CHANNEL, payload)
        await in_thread(notify, CHANNEL, encode_notice(8, "bed.updated", ()))
        await ear.until(lambda: bool(ear.notices))
        assert [notice.id for notice in ear.notices] == [8]

    listening(scene)


def test_the_heartbeat_comes_through_the_database_and_only_ones_own_counts(database: str) -> None:
    async def scene(ear: Ear) -> None:
        await ear.until(lambda: ear.beats > 0)
        assert ear.listener.healthy
        before = ear.beats
        await in_thread(notify, module.BEAT_CHANNEL, "somebody else")
        await asyncio.sleep(0.1)
        assert ear.beats == before

    listening(scene, beat_seconds=30.0)


def test_a_cut_connection_is_made_again_and_says_that_something_may_be_missed(database: str) -> None:
    async def scene(ear: Ear) -> None:
        assert await in_thread(cut) == 1
        await ear.until(lambda: ear.returns == 2)
        assert ear.listener.reconnects == 1
        await in_thread(notify, CHANNEL, encode_notice(9, "bed.updated", ()))
        await ear.until(lambda: bool(ear.notices))

    listening(scene)


def test_it_waits_for_a_database_that_is_away(database: str) -> None:
    refusals = [psycopg2.OperationalError("away")] * 2

    def connect() -> object:
        if refusals:
            raise refusals.pop()
        return module.listening_connection()

    async def scene(ear: Ear) -> None:
        assert refusals == []

    listening(scene, connect=connect)


def test_a_line_that_is_open_but_dumb_is_not_healthy_and_is_replaced(database: str, monkeypatch: object) -> None:
    """A stopped server keeps its sockets open; only the heartbeat that does not come back tells."""
    dumb = [True]

    def beat(origin: str) -> None:
        if not dumb[0]:
            module.send_beat(origin)

    async def scene(ear: Ear) -> None:
        assert not ear.listener.healthy
        await ear.until(lambda: ear.returns == 2)
        dumb[0] = False
        await ear.until(lambda: ear.listener.healthy)

    before = module.SILENCE_SECONDS
    module.SILENCE_SECONDS = 0.5
    try:
        listening(scene, beat=beat, beat_seconds=0.2)
    finally:
        module.SILENCE_SECONDS = before


@pytest.mark.parametrize("turns", range(5))
def test_it_can_be_ended_at_the_very_moment_a_heartbeat_has_gone_out(database: str, turns: int) -> None:
    """`turns` of the loop lie between the heartbeat's end and the cancelling."""

    async def run() -> None:
        opened, beaten = asyncio.Event(), asyncio.get_running_loop().create_future()

        async def thread(call: Callable[..., object], *args: object) -> object:
            return await beaten if call is module.send_beat else call(*args)

        listener = Listener(thread, lambda notice: None, lambda: None, opened.set)
        task = asyncio.create_task(listener.run())
        await opened.wait()
        await asyncio.sleep(0.01)
        beaten.set_result(None)
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        ended, _ = await asyncio.wait({task}, timeout=2)
        task.cancel()
        assert ended, "the listener outlived its end"

    asyncio.run(run())
