"""A file of a feed, read from end to end: what each message says, which were refused and why, and who lies where after it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hospital_ops.domain import movements
from hospital_ops.domain.movements import Movement, Picture
from hospital_ops.interop.hl7 import adt, frames, message
from hospital_ops.interop.hl7.message import DUPLICATE_KEY, Unreadable
from hospital_ops.interop.hl7.profile import SiteProfile


class Refused(NamedTuple):
    """One message that would not be accepted. `number` counts from one within the file."""

    file: str
    number: int
    code: int
    sentence: str


@dataclass
class Feed:
    """What was read so far; files may be read in any order."""

    profile: SiteProfile = field(default_factory=SiteProfile)
    kinds: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    refused: list[Refused] = field(default_factory=list)
    moved: list[Movement] = field(default_factory=list)
    _seen: dict[str, bytes] = field(default_factory=dict)

    def read(self, name: str, data: bytes) -> None:
        """Add one file's messages."""
        for number, one in enumerate(frames.messages(data), 1):
            try:
                self._message(one)
            except Unreadable as refused:
                self.refused.append(Refused(name, number, refused.code, refused.sentence))

    def _message(self, data: bytes) -> None:
        read = message.read(data, ZoneInfo(self.profile.zone))
        if before := self._seen.get(read.key):
            if before != data:
                raise Unreadable(DUPLICATE_KEY, "Another message of the same sender has had this control id.")
            self.twice += 1
            return
        self.moved += adt.movements(read, self.profile)
        self._seen[read.key] = data
        self.kinds[read.kind] += 1

    @property
    def picture(self) -> Picture:
        return movements.picture(self.moved)
