"""Who sits at which socket of this process, what they watch, and how they lose it. The hub (state/live.py) does the sending."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from hospital_ops.domain.access import Actor
from hospital_ops.state.feed import Delta, Feed, Pulse, delta_of, signed_out_delta
from hospital_ops.state.gate import Viewer
from hospital_ops.state.rights import NOT_WRITTEN, Rights
from hospital_ops.state.topics import Channel

log = logging.getLogger(__name__)
EVERYONE = "live"


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
    """One socket: who sits there and what each slot of the page (the page itself, its drawer) watches.

    `closed` is the slot of which the page was told that it shows nothing, "" for none.
    """

    viewer: Viewer
    slots: dict[str, frozenset[Channel]] = field(default_factory=dict)
    closed: str = ""

    @property
    def channels(self) -> frozenset[Channel]:
        return frozenset().union(*self.slots.values())


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of a wish to watch: rooms newly entered, whose values are due, and topics that are not theirs."""

    channels: frozenset[Channel]
    refused: list[str]


class Seats:
    """`beat` gives the newest heartbeat, for whoever sits down; `var_of` the Feed var that a channel was sent to, or ""."""

    def __init__(
        self,
        wire: Wire,
        rights: Rights,
        in_thread: Callable[..., Awaitable[Any]],
        beat: Callable[[], dict[str, Any]],
        var_of: Callable[[Channel], str],
    ) -> None:
        self._wire, self._rights, self._in_thread = wire, rights, in_thread
        self._beat, self._var_of = beat, var_of
        self._seats: dict[str, Seat] = {}

    def __len__(self) -> int:
        return len(self._seats)

    @property
    def channels(self) -> set[Channel]:
        """Everything that somebody watches."""
        return {channel for seat in self._seats.values() for channel in seat.channels}

    def watches(self, sid: str, channel: Channel) -> bool:
        return sid in self._seats and channel in self._seats[sid].channels

    async def take(self, sid: str, viewer: Viewer, topics: Iterable[str], slot: str, *, masked: bool = False) -> Joined:
        """Let this socket's `slot` watch exactly `topics`: leave the rooms that it no longer needs, enter the new ones.

        What names patients is written into the audit first. Without that nothing new is joined, and the page is told.
        """
        actor = viewer.require()
        wanted = await self._in_thread(self._rights.channels, actor, list(topics), masked=masked)
        seat = await self._seat(sid, viewer)
        chosen = frozenset(channel for channel in wanted.values() if channel)
        written = await self._write_down(actor, chosen - seat.channels)
        before = seat.channels
        seat.slots[slot] = chosen if written else chosen & before
        await self._say_closed(sid, seat, slot, "" if written else NOT_WRITTEN)
        for channel in before - seat.channels:
            await self._wire.leave(sid, channel.room)
        joined = seat.channels - before
        for channel in joined:
            await self._wire.enter(sid, channel.room)
        return Joined(joined, [topic for topic, channel in wanted.items() if channel is None])

    async def _seat(self, sid: str, viewer: Viewer) -> Seat:
        """This socket's seat; a new one for somebody new."""
        seat = self._seats.get(sid)
        if seat is not None and seat.viewer == viewer:
            return seat
        await self.forget(sid)
        seat = self._seats[sid] = Seat(viewer)
        await self._wire.enter(sid, EVERYONE)
        # A page that reconnects may still show why the last socket's panel was closed.
        beat = self._beat()
        await self._wire.send(sid, delta_of(Pulse, closed="", **({"beat": beat} if beat else {})))
        return seat

    async def _write_down(self, actor: Actor, joining: frozenset[Channel]) -> bool:
        try:
            await self._in_thread(self._rights.write_down, actor, joining)
        except Exception as failure:  # Whatever it was: what is not written down is not shown.
            log.warning("could not write down who opens %d panels (%s)", len(joining), type(failure).__name__)
            return False
        return True

    async def _say_closed(self, sid: str, seat: Seat, slot: str, sentence: str) -> None:
        """Tell the page why a slot shows nothing, or take that back once it shows something."""
        if sentence or (seat.closed and slot in (seat.closed, "page")):
            seat.closed = slot if sentence else ""
            await self._wire.send(sid, delta_of(Pulse, closed=sentence))

    # --- leaving, and losing a right -------------------------------------------------------------------------------

    async def forget(self, sid: str) -> None:
        """Take a socket out of every room."""
        seat = self._seats.pop(sid, None)
        if seat is not None:
            for room in (EVERYONE, *(channel.room for channel in seat.channels)):
                await self._wire.leave(sid, room)

    def forget_the_gone(self) -> None:
        """Browsers that closed without a word."""
        for sid in [sid for sid in self._seats if not self._wire.connected(sid)]:
            del self._seats[sid]

    async def end(self, sid: str, code: str) -> None:
        """This person may not watch any longer: tell the page, take it out of the rooms, close its socket."""
        await self.forget(sid)
        await self._wire.send(sid, signed_out_delta(code))
        await self._wire.close(sid)

    async def recheck(self, peek_actor: Callable[[str], Actor | None], why_over: Callable[[str], str]) -> None:
        """Ask for every session again; whoever's is over, or is now allowed other things, is sent to the door.

        Then for what each of the others watches: a panel may have moved out of somebody's wards.
        """
        known: dict[str, Actor | None] = {}
        for sid, seat in list(self._seats.items()):
            token = seat.viewer.token
            if token not in known:
                known[token] = await self._in_thread(peek_actor, token)
            if known[token] is None:
                await self.end(sid, await self._in_thread(why_over, token))
            elif known[token] != seat.viewer.actor:
                await self.end(sid, "access_changed")
        await self.turn_out()

    async def turn_out(self, only: Channel | None = None) -> None:
        """Ask again for everybody's right to what they watch, or to one channel. What somebody has lost leaves their
        screen, and they are told why."""
        watching = [
            (sid, seat, channel)
            for sid, seat in self._seats.items()
            for channel in seat.channels
            if only is None or channel == only
        ]
        pairs = {(seat.viewer.require(), channel) for _, seat, channel in watching}
        lost = await self._in_thread(self._rights.lost, pairs)
        for sid, seat, channel in watching:
            still_there = self._seats.get(sid) is seat and channel in seat.channels
            if still_there and (seat.viewer.actor, channel) in lost:
                await self._empty(sid, seat, channel)

    async def _empty(self, sid: str, seat: Seat, channel: Channel) -> None:
        slots = [slot for slot, channels in seat.slots.items() if channel in channels]
        for slot in slots:
            seat.slots[slot] -= {channel}
        seat.closed = slots[0]
        await self._wire.leave(sid, channel.room)
        var = self._var_of(channel)
        emptied = delta_of(Feed, **{var: {}}) if var else {}
        await self._wire.send(sid, {**emptied, **delta_of(Pulse, closed=self._rights.why_lost(channel))})
