"""Notices documents that do not move. It watches with this process's own clock, so a paused hospital is no excuse."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hospital_ops.domain.intake import DocumentStatus
from hospital_ops.services.leftovers import tidy
from hospital_ops.services.sweeper import Unfinished, ask_again, unfinished

# A queue may be long, and a reading takes seconds; asking for one that lives changes nothing.
PATIENCE_SECONDS = {DocumentStatus.RECEIVED.value: 60.0, DocumentStatus.READING.value: 25.0}


@dataclass
class Sweeper:
    """Call it now and then. Returns how many documents were asked for again."""

    clock: Callable[[], float] = time.monotonic
    seen: dict[Unfinished, float] = field(default_factory=dict)

    def __call__(self) -> int:
        tidy()
        now = self.clock()
        self.seen = {one: self.seen.get(one, now) for one in unfinished()}
        stuck = [one for one, since in self.seen.items() if now - since >= PATIENCE_SECONDS[one.status]]
        return ask_again(stuck)
