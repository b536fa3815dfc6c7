"""Which parts of the house answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hospital_ops.infra.alive import alive
from hospital_ops.infra.bus import redis_client
from hospital_ops.infra.db import engine

State = Literal["ok", "down"]
BEATING = ("worker", "relay", "clock")


def database_answers() -> bool:
    """False while it is away."""
    try:
        with engine().connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar_one())
    except SQLAlchemyError:
        return False


def parts() -> dict[str, State]:
    """Every part but the push, which each web process knows of itself: {"database", "redis", "worker", "relay", "clock"}."""
    found: dict[str, State] = {
        "database": _asked(database_answers),
        "redis": _asked(lambda: bool(redis_client().ping())),
    }
    for name in BEATING:
        # Their signs of life are in Redis: while it is away nobody can tell, and "ok" would be a guess.
        found[name] = _asked(lambda name=name: alive(name)) if found["redis"] == "ok" else "down"  # type: ignore[misc]
    return found


def _asked(question: Callable[[], bool]) -> State:
    try:
        return "ok" if question() else "down"
    except redis.RedisError:
        return "down"
