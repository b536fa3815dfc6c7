"""The only push into browsers. A committed event names topics; each topic that somebody in this process watches is read
once and sent to its room.

    NOTIFY ─ Listener ─ Hub.changed(topics) ─ one query a topic, in a thread ─ one update a room ─ Feed var in the page

Per channel (a topic, full or masked) reads and sends happen under one lock, so an older value never overtakes a newer
one, neither in the room nor in a joiner's first values, which come in one update. Changes within 50 ms are one read.
Nobody watching means no query.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from hospital_ops.domain.access import Actor
from hospital_ops.infra.bus import Notice
from hospital_ops.state.feed import Delta, Feed, Pulse, delta_of
from hospital_ops.state.gate import Viewer
from hospital_ops.state.rights import Rights
from hospital_ops.state.seats import EVERYONE, Seats, Wire
from hospital_ops.state.topics import MASKED, Channel, Topic, Value, split

log = logging.getLogger(__name__)
COALESCE_SECONDS = 0.05
RETRIES = (0.5, 1.0, 2.0, 5.0)
RECHECK_SECONDS = 15.0
# Longer than any event takes from the gate, where its session was looked up, to a seat.
GATE_SECONDS = 30.0
# After these somebody's session or wards may be different: everyone here is asked for again.
ACCESS_EVENTS = frozenset({"session.ended", "account.changed"})


@dataclass
class Line:
    """One channel's work: the lock that orders its sends, the refresh under way, whether another is due.

    `var` is the Feed var that its values go to, "" before the first.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None
    again: bool = False
    sent_at: float = float("-inf")
    var: str = ""


class Hub:
    """Who watches what in this process, and the sending of it."""

    def __init__(
        self,
        wire: Wire,
        topics: dict[str, Topic],
        in_thread: Callable[..., Awaitable[Any]],
        peek_actor: Callable[[str], Actor | None],
        clock_words: Callable[[], Value],
        write_looks: Callable[[Actor, list[tuple[str, int]]], None],
        why_over: Callable[[str], str] = lambda token: "signed_out",
    ) -> None:
        self._wire, self._topics, self._in_thread = wire, topics, in_thread
        self._seats = Seats(wire, Rights(topics, write_looks), in_thread, lambda: self._beat, self._var_of)
        self._peek_actor, self._clock_words, self._why_over = peek_actor, clock_words, why_over
        self._lines: dict[Channel, Line] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._beat: Value = {}
        self._checked_at = self._access_changed_at = float("-inf")
        self.counts = {"reads": 0, "sends": 0, "failures": 0, "beats": 0}

    # --- joining and leaving ---------------------------------------------------------------------------------------

    async def watch(
        self, sid: str, viewer: Viewer, topics: Iterable[str], slot: str = "page", *, masked: bool = False
    ) -> list[str]:
        """Let this socket's `slot` watch exactly `topics`, and send it each new one's value.

        `masked`: without who lies there, though this person may know it. Gives the topics that are not this person's;
        they are not joined. Repeating it sends nothing twice.
        """
        # The rooms first, the values second: what changes in between is sent to the room, not lost.
        joined = await self._seats.take(sid, viewer, topics, slot, masked=masked)
        if asyncio.get_running_loop().time() - self._access_changed_at < GATE_SECONDS:
            await self.recheck()  # What ended between the gate and this seat found nobody sitting here.
        for channel in await self._send(sid, joined.channels):
            self._refresh_soon(channel)  # The room's refresh brings it as soon as it can be read.
        return joined.refused

    async def forget(self, sid: str) -> None:
        """Take a socket out of every room."""
        await self._seats.forget(sid)

    async def end(self, sid: str, code: str) -> None:
        """This person may not watch any longer."""
        await self._seats.end(sid, code)

    async def tell(self, sid: str, delta: Delta) -> None:
        """Send one browser something that is no topic's: a sentence, or the way to the door."""
        await self._wire.send(sid, delta)

    # --- changes ---------------------------------------------------------------------------------------------------

    def heard(self, notice: Notice) -> None:
        """A committed event."""
        if notice.name in ACCESS_EVENTS:
            self._access_changed_at = asyncio.get_running_loop().time()
            self._spawn(self.recheck())
        self.changed(notice.topics)

    def changed(self, topics: Iterable[str]) -> None:
        """Read these topics again and send them, where somebody watches."""
        named = set(topics)
        for channel in {channel for channel in self._seats.channels if channel.topic in named}:
            self._refresh_soon(channel)

    def changed_everything(self) -> None:
        """The line was away: whatever is watched may have changed meanwhile."""
        self.changed({channel.topic for channel in self._seats.channels})

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
                if await self._send(channel.room, [channel]):
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

    async def _send(self, to: str, channels: Iterable[Channel]) -> list[Channel]:
        """Read these and send them in one update: a page draws once for each. Gives those that could not be read."""
        # Always in the same order, so that two who join the same rooms never wait for each other.
        lines = {
            channel: self._lines.setdefault(channel, Line()) for channel in sorted(channels, key=lambda one: one.room)
        }
        async with AsyncExitStack() as held:
            for line in lines.values():
                await held.enter_async_context(line.lock)
            values, failed = await self._read(list(lines))
            heard = {channel: value for channel, value in values.items() if value and self._may_hear(to, channel)}
            try:
                await self._show(to, lines, heard)
            except Exception as failure:  # Whatever it was: a refresh tries again.
                self._failed(list(heard), failure)
                failed += heard
        return failed

    async def _show(self, to: str, lines: dict[Channel, Line], values: dict[Channel, Value]) -> None:
        """One update with all of these; nothing for none."""
        for channel, value in values.items():
            lines[channel].var = self._topic(channel).var(value)
        if values:
            await self._wire.send(to, delta_of(Feed, **{lines[one].var: value for one, value in values.items()}))
            self.counts["sends"] += 1
        for channel in values:
            if channel.room == to:
                lines[channel].sent_at = asyncio.get_running_loop().time()

    async def _read(self, channels: list[Channel]) -> tuple[dict[Channel, Value | None], list[Channel]]:
        """(each one's value, those that could not be read). Whatever fails stays here: a refresh outlives a database
        that is away."""
        groups: dict[tuple[str, str], list[Channel]] = {}
        for channel in channels:
            kind = split(channel.topic)[0] if self._topic(channel).read_many else channel.topic
            groups.setdefault((kind, channel.variant), []).append(channel)
        outcomes = await asyncio.gather(*(self._read_group(group) for group in groups.values()), return_exceptions=True)
        values: dict[Channel, Value | None] = {}
        failed: list[Channel] = []
        for group, outcome in zip(groups.values(), outcomes, strict=True):
            if isinstance(outcome, BaseException):
                self._failed(group, outcome)
                failed += group
            else:
                values |= outcome
        return values, failed

    async def _read_group(self, group: list[Channel]) -> dict[Channel, Value | None]:
        """Channels of one topic and variant, in one reading."""
        topic, masked = self._topic(group[0]), group[0].variant == MASKED
        numbers = {channel: split(channel.topic)[1] for channel in group}
        values: dict[Channel, Value | None]
        if len(group) > 1 and topic.read_many:
            found = await self._in_thread(topic.read_many, list(numbers.values()), masked)
            values = {channel: found.get(number) for channel, number in numbers.items()}
        else:
            values = {group[0]: await self._in_thread(topic.read, numbers[group[0]], masked)}
        self.counts["reads"] += 1
        # Asked after the reading: whoever has just lost the right gets no value from after that.
        if topic.wanders:
            for channel in group:
                await self._seats.turn_out(channel)
        return values

    def _topic(self, channel: Channel) -> Topic:
        return self._topics[split(channel.topic)[0]]

    def _may_hear(self, to: str, channel: Channel) -> bool:
        """A room with somebody in it: whoever may not is out of it. One socket, as long as it watches."""
        return self._wire.watched(to) if to == channel.room else self._seats.watches(to, channel)

    def _forget_lines(self) -> None:
        """Of what nobody watches any longer: else each patient ever opened would leave one."""
        watched = self._seats.channels
        idle = [one for one, line in self._lines.items() if line.task is None and not line.lock.locked()]
        for channel in idle:
            if channel not in watched:
                del self._lines[channel]

    def _var_of(self, channel: Channel) -> str:
        line = self._lines.get(channel)
        return "" if line is None else line.var

    def _failed(self, group: list[Channel], failure: BaseException) -> None:
        self.counts["failures"] += 1
        log.warning("could not read %s (%s)", ", ".join(channel.topic for channel in group), type(failure).__name__)

    # --- the heartbeat, and who may still watch ----------------------------------------------------------------------

    def beat(self) -> None:
        """The line to the database is open: say so to every page, with the hospital's time."""
        self._spawn(self._send_beat())

    async def _send_beat(self) -> None:
        self.counts["beats"] += 1
        words = await self._in_thread(self._clock_words)
        self._beat = {**words, "seq": self.counts["beats"]}
        self._seats.forget_the_gone()
        self._forget_lines()
        await self._wire.send(EVERYONE, delta_of(Pulse, beat=self._beat))
        if asyncio.get_running_loop().time() - self._checked_at > RECHECK_SECONDS:
            await self.recheck()

    async def recheck(self) -> None:
        """Ask again for every session here, and for the right to everything that is watched."""
        self._checked_at = asyncio.get_running_loop().time()
        await self._seats.recheck(self._peek_actor, self._why_over)

    # --- the rest ----------------------------------------------------------------------------------------------------

    def status(self) -> Value:
        """For /api/health: sockets and channels here, and what was done."""
        counts = {"sockets": len(self._seats), "channels": len(self._seats.channels), "lines": len(self._lines)}
        return {**counts, **self.counts}

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
