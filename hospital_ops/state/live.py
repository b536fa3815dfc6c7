"""The only push into browsers. A committed event names topics; each topic that somebody in this process watches is read
once and sent to its room.

    NOTIFY ─ Listener ─ Hub.changed(topics) ─ one query a topic, in a thread ─ one update a room ─ Feed var in the page

Per channel (a topic, full or masked) reads and sends happen under one lock, so an older value never overtakes a newer
one, neither in the room nor in a joiner's snapshot. Changes within 50 ms are one read. Nobody watching means no query.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from hospital_ops.domain.access import Actor
from hospital_ops.infra.bus import Notice
from hospital_ops.state.feed import Delta, Feed, Pulse, delta_of, signed_out_delta
from hospital_ops.state.gate import Viewer
from hospital_ops.state.topics import MASKED, Channel, Topic, Value, channel_for, split

log = logging.getLogger(__name__)
COALESCE_SECONDS = 0.05
RETRIES = (0.5, 1.0, 2.0, 5.0)
EVERYONE = "live"
RECHECK_SECONDS = 15.0
# After these somebody's session or wards may be different: everyone here is asked for again.
ACCESS_EVENTS = frozenset({"session.ended", "account.changed"})


class Wire(Protocol):
    """The socket server as the hub needs it. Rooms are the server's own, dropped by it on disconnect."""

    async def send(self, to: str, delta: Delta) -> None: ...
    async def enter(self, sid: str, room: str) -> None: ...
    async def leave(self, sid: str, room: str) -> None: ...
    async def close(self, sid: str) -> None: ...
    def connected(self, sid: str) -> bool: ...
    def watched(self, room: str) -> bool: ...


@dataclass
class Seat:
    """One socket: who sits there and what each slot of the page (the page itself, its drawer) watches."""

    viewer: Viewer
    slots: dict[str, frozenset[Channel]] = field(default_factory=dict)

    @property
    def channels(self) -> frozenset[Channel]:
        return frozenset().union(*self.slots.values())


@dataclass
class Line:
    """One channel's work: the lock that orders its sends, the refresh under way, whether another is due."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None
    again: bool = False
    sent_at: float = float("-inf")


class Hub:
    """Who watches what in this process, and the sending of it."""

    def __init__(
        self,
        wire: Wire,
        topics: dict[str, Topic],
        in_thread: Callable[..., Awaitable[Any]],
        peek_actor: Callable[[str], Actor | None],
        clock_words: Callable[[], Value],
    ) -> None:
        self._wire, self._topics, self._in_thread = wire, topics, in_thread
        self._peek_actor, self._clock_words = peek_actor, clock_words
        self._seats: dict[str, Seat] = {}
        self._lines: dict[Channel, Line] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._beat: Value = {}
        self._checked_at = float("-inf")
        self.counts = {"reads": 0, "sends": 0, "failures": 0, "beats": 0}

    # --- joining and leaving ---------------------------------------------------------------------------------------

    async def watch(self, sid: str, viewer: Viewer, topics: Iterable[str], slot: str = "page") -> list[str]:
        """Let this socket's `slot` watch exactly `topics`, and send it each new one's value.

        Gives the topics that are not this person's; they are not joined. Repeating it sends nothing twice.
        """
        actor = viewer.require()
        wanted = await self._in_thread(self._channels_for, actor, list(topics))
        seat = self._seats.get(sid)
        if seat is None or seat.viewer != viewer:
            await self.forget(sid)
            seat = self._seats[sid] = Seat(viewer)
            await self._wire.enter(sid, EVERYONE)
            if self._beat:
                await self._wire.send(sid, delta_of(Pulse, beat=self._beat))
        before = seat.channels
        seat.slots[slot] = frozenset(channel for channel in wanted.values() if channel)
        for channel in before - seat.channels:
            await self._wire.leave(sid, channel.room)
        joined = seat.channels - before
        for channel in joined:
            # The room first, the value second: what changes in between is sent to the room, not lost.
            await self._wire.enter(sid, channel.room)
        await asyncio.gather(*(self._snapshot(sid, channel) for channel in joined))
        return [topic for topic, channel in wanted.items() if channel is None]

    def _channels_for(self, actor: Actor, topics: list[str]) -> dict[str, Channel | None]:
        return {topic: channel_for(self._topics, actor, topic) for topic in topics}

    async def forget(self, sid: str) -> None:
        """Take a socket out of every room."""
        seat = self._seats.pop(sid, None)
        if seat is not None:
            for room in (EVERYONE, *(channel.room for channel in seat.channels)):
                await self._wire.leave(sid, room)

    async def end(self, sid: str, code: str) -> None:
        """This person may not watch any longer: tell the page, take it out of the rooms, close its socket."""
        await self.forget(sid)
        await self._wire.send(sid, signed_out_delta(code))
        await self._wire.close(sid)

    async def tell(self, sid: str, delta: Delta) -> None:
        """Send one browser something that is no topic's: a sentence, or the way to the door."""
        await self._wire.send(sid, delta)

    # --- changes ---------------------------------------------------------------------------------------------------

    def heard(self, notice: Notice) -> None:
        """A committed event."""
        if notice.name in ACCESS_EVENTS:
            self._spawn(self.recheck())
        self.changed(notice.topics)

    def changed(self, topics: Iterable[str]) -> None:
        """Read these topics again and send them, where somebody watches."""
        named = set(topics)
        for channel in {c for seat in self._seats.values() for c in seat.channels if c.topic in named}:
            self._refresh_soon(channel)

    def changed_everything(self) -> None:
        """The line was away: whatever is watched may have changed meanwhile."""
        self.changed({channel.topic for seat in self._seats.values() for channel in seat.channels})

    def _refresh_soon(self, channel: Channel) -> None:
        line = self._lines.setdefault(channel, Line())
        if line.task is None:
            line.task = self._spawn(self._refresh(channel, line))
        else:
            line.again = True

    async def _refresh(self, channel: Channel, line: Line) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        try:
            while self._wire.watched(channel.room):
                # At once after a quiet time, then at most every 50 ms.
                await asyncio.sleep(max(0.0, line.sent_at + COALESCE_SECONDS - loop.time()))
                line.again = False
                try:
                    await self._send(channel.room, channel, line)
                except Exception as failure:  # The edge of this task: it must outlive a database that is away.
                    self._failed(channel, failure)
                    await asyncio.sleep(RETRIES[min(failures, len(RETRIES) - 1)])
                    failures += 1
                    continue
                failures = 0
                if not line.again:
                    return
        finally:
            line.task = None
            if not self._wire.watched(channel.room) and not line.lock.locked():
                self._lines.pop(channel, None)

    async def _snapshot(self, sid: str, channel: Channel) -> None:
        line = self._lines.setdefault(channel, Line())
        try:
            await self._send(sid, channel, line, mark=False)
        except Exception as failure:  # The room's refresh brings it as soon as it can be read.
            self._failed(channel, failure)
            self._refresh_soon(channel)

    async def _send(self, to: str, channel: Channel, line: Line, mark: bool = True) -> None:
        kind, number = split(channel.topic)
        topic = self._topics[kind]
        async with line.lock:
            value = await self._in_thread(topic.read, number, channel.variant == MASKED)
            self.counts["reads"] += 1
            if not value:
                return
            await self._wire.send(to, delta_of(Feed, **{topic.var(value): value}))
            self.counts["sends"] += 1
            if mark:
                line.sent_at = asyncio.get_running_loop().time()

    def _failed(self, channel: Channel, failure: Exception) -> None:
        self.counts["failures"] += 1
        log.warning("could not read %s (%s)", channel.topic, type(failure).__name__)

    # --- the heartbeat, and who may still watch ----------------------------------------------------------------------

    def beat(self) -> None:
        """The line to the database is open: say so to every page, with the hospital's time."""
        self._spawn(self._send_beat())

    async def _send_beat(self) -> None:
        self.counts["beats"] += 1
        words = await self._in_thread(self._clock_words)
        self._beat = {**words, "seq": self.counts["beats"]}
        for sid in [sid for sid in self._seats if not self._wire.connected(sid)]:
            self._seats.pop(sid, None)
        await self._wire.send(EVERYONE, delta_of(Pulse, beat=self._beat))
        if asyncio.get_running_loop().time() - self._checked_at > RECHECK_SECONDS:
            await self.recheck()

    async def recheck(self) -> None:
        """Ask for every session again; whoever's is over, or is now allowed other things, is sent to the door."""
        self._checked_at = asyncio.get_running_loop().time()
        known: dict[str, Actor | None] = {}
        for sid, seat in list(self._seats.items()):
            token = seat.viewer.token
            if token not in known:
                known[token] = await self._in_thread(self._peek_actor, token)
            if known[token] is None:
                await self.end(sid, "signed_out")
            elif known[token] != seat.viewer.actor:
                await self.end(sid, "access_changed")

    # --- the rest ----------------------------------------------------------------------------------------------------

    def status(self) -> Value:
        """For /api/health: sockets and channels here, and what was done."""
        channels = {channel for seat in self._seats.values() for channel in seat.channels}
        return {"sockets": len(self._seats), "channels": len(channels), **self.counts}

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            log.error("a push failed (%s)", type(failure).__name__)

    async def stop(self) -> None:
        """Cancel what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
