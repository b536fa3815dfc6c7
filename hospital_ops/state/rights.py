"""Who may watch what, asked again as long as they watch; and the line in the audit before the first value.

All of it may query: the hub calls it in a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hospital_ops.domain.access import Actor
from hospital_ops.state.topics import FULL, MASKED, Channel, Topic, channel_for, split

NOT_WRITTEN = (
    "This was not opened: it names patients, and the look could not be written down. Reload the page in a moment."
)
Watching = tuple[Actor, Channel]


class Rights:
    """The table of topics, asked. `write_looks(actor, panels)` writes into the audit or raises."""

    def __init__(self, topics: dict[str, Topic], write_looks: Callable[[Actor, list[tuple[str, int]]], None]) -> None:
        self._topics, self._write_looks = topics, write_looks

    def channels(self, actor: Actor, topics: Iterable[str], *, masked: bool = False) -> dict[str, Channel | None]:
        """Each topic's room for this person, the masked one where that is asked for; None where there is none."""
        theirs = {topic: channel_for(self._topics, actor, topic) for topic in topics}
        if not masked:
            return theirs
        return {topic: channel and Channel(topic, MASKED) for topic, channel in theirs.items()}

    def write_down(self, actor: Actor, channels: Iterable[Channel]) -> None:
        """Before anything of these is sent. Raises when it cannot be written."""
        named = (channel for channel in channels if channel.variant == FULL)
        panels = [split(channel.topic) for channel in named]
        self._write_looks(actor, [(kind, number) for kind, number in panels if self._topics[kind].is_look])

    def lost(self, watching: Iterable[Watching]) -> set[Watching]:
        """Those who may not watch any longer what they watch, though they are who they were."""
        return {(actor, channel) for actor, channel in watching if not self._may(actor, channel)}

    def why_lost(self, channel: Channel) -> str:
        """What somebody reads who may no longer watch this."""
        return self._topics[split(channel.topic)[0]].lost

    def _may(self, actor: Actor, channel: Channel) -> bool:
        now = channel_for(self._topics, actor, channel.topic)
        # Who may know who lies there may also look at a board that does not say it.
        return now == channel or (now is not None and channel.variant == MASKED)
