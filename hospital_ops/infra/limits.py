"""How often something may be tried. Counted in Redis for all processes together; in this process while Redis is away.

Away is never open: the local count takes over, so that cutting Redis buys nobody more guesses than one process allows.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter

from hospital_ops.config import get_settings
from hospital_ops.infra.crypto import blind_index

T = TypeVar("T")
log = logging.getLogger(__name__)
# After a failure Redis is left alone for so long: each login must not wait for its timeout again.
_PAUSE_SECONDS = 5.0
_away_until = float("-inf")


@lru_cache(maxsize=2)
def _in_redis(url: str, _pid: int) -> RedisStorage:
    return RedisStorage(
        url, wrap_exceptions=True, socket_connect_timeout=0.5, socket_timeout=0.5, key_prefix="hospital:limit"
    )


@lru_cache(maxsize=2)
def _here(_pid: int) -> MemoryStorage:
    return MemoryStorage()


def hit(limit: RateLimitItem, *who: str) -> bool:
    """Count one attempt. False when it is one too many."""
    return _ask(lambda storage: MovingWindowRateLimiter(storage).hit(limit, *_keys(who)))


def is_open(limit: RateLimitItem, *who: str) -> bool:
    """Whether another attempt would be allowed, without counting it."""
    return _ask(lambda storage: MovingWindowRateLimiter(storage).test(limit, *_keys(who)))


def clear(limit: RateLimitItem, *who: str) -> None:
    """Forget the attempts: it was the right person after all."""
    _ask(lambda storage: MovingWindowRateLimiter(storage).clear(limit, *_keys(who)))


def seconds_to_wait(limit: RateLimitItem, *who: str) -> int:
    """Seconds until another attempt is allowed, at least 1."""
    reset_at = _ask(lambda storage: MovingWindowRateLimiter(storage).get_window_stats(limit, *_keys(who)).reset_time)
    return max(1, round(reset_at - time.time()))


def forget_all() -> None:
    """Start counting afresh (tests)."""
    global _away_until
    _ask(lambda storage: storage.reset())
    _here(os.getpid()).reset()
    _away_until = float("-inf")


def _ask(question: Callable[[Storage], T]) -> T:
    global _away_until
    if time.monotonic() >= _away_until:
        try:
            return question(_in_redis(get_settings().redis_url, os.getpid()))
        except StorageError as away:
            _away_until = time.monotonic() + _PAUSE_SECONDS
            log.warning("limits are counted in this process: Redis is away (%s)", type(away).__name__)
    return question(_here(os.getpid()))


def _keys(who: tuple[str, ...]) -> tuple[str, ...]:
    # Redis keeps no names: somebody may type a password into the wrong field.
    return tuple((blind_index("limit", part) or b"-").hex() for part in who)
