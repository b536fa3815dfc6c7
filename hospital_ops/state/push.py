"""This process's hub, and the short words by which handlers use it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import reflex as rx

from hospital_ops.domain.errors import NotFound, NotSignedIn, Refused, Unavailable
from hospital_ops.infra.listener import Listener
from hospital_ops.queries.pulse import clock_words
from hospital_ops.services.access import audit_denial
from hospital_ops.services.accounts import peek_actor, why_over
from hospital_ops.services.looks import write_looks
from hospital_ops.state.feed import Feed, delta_of, problem_delta, signed_out_delta
from hospital_ops.state.gate import Viewer, current_viewer
from hospital_ops.state.live import Hub
from hospital_ops.state.thread import in_thread
from hospital_ops.state.topic_table import TOPICS
from hospital_ops.state.wire import SocketWire

_hub: Hub | None = None
_listener: Listener | None = None


def hub() -> Hub:
    """The hub of this process. Raises Unavailable before the web has started."""
    if _hub is None:
        raise Unavailable("The boards are starting. Try again in a moment.")
    return _hub


@asynccontextmanager
async def pushing(app: Any) -> AsyncIterator[None]:
    """Listen and push while the web process lives. For `app.register_lifespan_task`."""
    global _hub, _listener
    _hub = Hub(SocketWire(app), TOPICS, in_thread, peek_actor, clock_words, write_looks, why_over)
    _listener = Listener(in_thread, _hub.heard, _hub.beat, _hub.changed_everything)
    listening = asyncio.create_task(_listener.run(), name="listen to the database")
    try:
        yield
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
        await _hub.stop()
        _hub = _listener = None


def push_status() -> dict[str, Any]:
    """For /api/health, part "push": "ok" when the line to the database is proven, else "down". Call it on the loop."""
    if _hub is None or _listener is None:
        return {"status": "down"}
    return {
        "status": "ok" if _listener.healthy else "down",
        "reconnects": max(0, _listener.reconnects),
        **_hub.status(),
    }


def sid_of(state: rx.State) -> str:
    return state.router.session.session_id


async def watch(state: rx.State, topics: Iterable[str], slot: str) -> None:
    """Let this browser's `slot` watch exactly these topics. Refuses, in words and audited, what is not this person's."""
    viewer = current_viewer()
    refused = await hub().watch(sid_of(state), viewer, topics, slot)
    if refused:
        await in_thread(audit_denial, viewer.actor, "panel", panels=refused)
        raise NotFound("There is no such thing here, or it is not yours to see.")


async def say(state: rx.State, sentence: str, code: str = "") -> None:
    """Show one browser a sentence. Before the web has started nobody can be told, and nothing is raised."""
    if _hub is not None:
        await _hub.tell(sid_of(state), problem_delta(sentence, code))


async def show(state: rx.State, **values: dict[str, Any]) -> None:
    """Show one browser a value of its own, by the name of its var in Feed. The server keeps nothing of it."""
    await hub().tell(sid_of(state), delta_of(Feed, **values))


async def show_the_door(state: rx.State, code: str = "signed_out") -> None:
    """Send one browser to the login page; what it showed is gone from its screen and memory."""
    if _hub is not None:
        await _hub.tell(sid_of(state), signed_out_delta(code))


@asynccontextmanager
async def told(state: rx.State) -> AsyncIterator[Viewer]:
    """Inside a handler: a refusal becomes a sentence in the browser instead of an error.

    async with told(self) as viewer:
        await in_thread(beds.mark_clean, viewer.require(), bed_id)
    """
    try:
        yield current_viewer()
    except NotSignedIn:
        await show_the_door(state)
    except Refused as refusal:
        await say(state, refusal.sentence, refusal.code)
