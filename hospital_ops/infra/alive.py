"""Signs of life of processes, in Redis: written every few seconds, gone by themselves when a process is."""

from __future__ import annotations

import logging

import redis

from hospital_ops.infra.bus import redis_client

log = logging.getLogger(__name__)
BEAT_SECONDS = 5.0
# Two beats may be missed on a busy machine.
TTL_SECONDS = 15
PARTS: tuple[str, ...] = ("worker", "relay", "clock", "sim")


def key_of(part: str) -> str:
    return f"hospital:alive:{part}"


def beat(part: str) -> bool:
    """Say that a part lives. False while Redis is away, which stops nobody from working."""
    try:
        redis_client().set(key_of(part), "1", ex=TTL_SECONDS)
    except redis.RedisError as away:
        log.debug("no sign of life could be left (%s)", type(away).__name__)
        return False
    return True


def alive(part: str) -> bool:
    """Whether a part has said so lately. Raises redis.RedisError while Redis is away."""
    return bool(redis_client().exists(key_of(part)))
