"""How many events one socket may send: a bucket of tokens each, so that a loop in one browser stalls nobody else."""

from __future__ import annotations

import time
from collections.abc import Callable

BURST = 80
PER_SECOND = 20.0
REMEMBERED = 10_000


class Pace:
    """Token buckets by socket id. A full bucket holds `burst` events and refills at `per_second`."""

    def __init__(
        self,
        burst: int = BURST,
        per_second: float = PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def allows(self, sid: str) -> bool:
        """Take one token; False when the bucket is empty."""
        now = self._clock()
        tokens, since = self._buckets.pop(sid, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - since) * self._per_second)
        allowed = tokens >= 1
        # Popped and set again, so that the dict stays ordered by last use and the oldest can be forgotten.
        self._buckets[sid] = (tokens - 1 if allowed else tokens, now)
        while len(self._buckets) > REMEMBERED:
            del self._buckets[next(iter(self._buckets))]
        return allowed
