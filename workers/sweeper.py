"""Notices what does not move: photos, and questions to an insurance.

It watches with this process's own clock, so a paused hospital is no excuse.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hospital_ops.services.eligibility import give_up
from hospital_ops.services.leftovers import destroy_spent
from hospital_ops.services.sweeper import Unfinished, Where, ask_again, unfinished

# A queue may be long. A dead reader's photo is nobody's: two looks make sure. A living reader is left alone; Celery's
# time limit sees to it that none lives for ever.
PATIENCE_SECONDS = {Where.WAITING: 60.0, Where.ABANDONED: 4.0}
LONGEST_PATIENCE_SECONDS = 60.0


@dataclass
class Sweeper:
    """Call it now and then. Returns how many documents were asked for again.

    Each asking makes it twice as patient with that document: while no worker runs, the queue must not fill with it.
    """

    clock: Callable[[], float] = time.monotonic
    seen: dict[Unfinished, float] = field(default_factory=dict)
    asked: dict[int, int] = field(default_factory=dict)

    def __call__(self) -> int:
        destroy_spent()
        give_up()
        now = self.clock()
        self.seen = {one: self.seen.get(one, now) for one in unfinished()}
        self.asked = {one.document_id: self.asked.get(one.document_id, 0) for one in self.seen}
        stuck = [one for one, since in self.seen.items() if self._out_of_patience(one, now - since)]
        for one in stuck:
            self.asked[one.document_id] += 1
        return ask_again(stuck)

    def _out_of_patience(self, one: Unfinished, seconds: float) -> bool:
        first = PATIENCE_SECONDS.get(one.where)
        if first is None:
            return False
        doublings = min(self.asked[one.document_id], 10)
        return seconds >= min(first * 2.0**doublings, LONGEST_PATIENCE_SECONDS)
