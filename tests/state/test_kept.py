"""The keeper of tabs' states, over a Valkey that goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State

from hospital_ops.infra.embedded import Valkey
from hospital_ops.infra.processes import free_port
from hospital_ops.state.kept import KeptStates


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path, tmp_path / "valkey.log", durable=False, port=free_port())
    server.begin()
    server.wait()
    yield server
    server.stop()


def test_a_click_that_waits_for_another_does_not_wait_out_the_lock_when_redis_goes_away(valkey: Valkey) -> None:
    async def story() -> list[str]:
        states = KeptStates(redis=Redis.from_url(valkey.url), lock_expiration=600_000, oplock_hold_time_ms=1)
        tab, done = BaseStateToken(ident="a-tab", cls=State), []

        async def click(name: str) -> None:
            async with states.modify_state(tab):
                done.append(name)
                if name == "first":
                    begun.set()
                    await away.wait()

        begun, away = asyncio.Event(), asyncio.Event()
        first = asyncio.create_task(click("first"))
        await begun.wait()
        second = asyncio.create_task(click("second"))
        while not states._lock_waiters:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(valkey.stop)
        away.set()
        async with asyncio.timeout(60):  # The lock's own time is ten minutes.
            await asyncio.gather(first, second)
        await states.close()  # type: ignore[no-untyped-call]
        return done

    assert asyncio.run(story()) == ["first", "second"]
