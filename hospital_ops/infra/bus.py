"""What is said between processes: NOTIFY in PostgreSQL for pushes, Redis for Celery and limits."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache

import psycopg2
import psycopg2.extensions
import redis

from hospital_ops.config import get_settings
from hospital_ops.infra.db import libpq_url

CHANNEL = "hospital_events"


@dataclass(frozen=True, slots=True)
class Notice:
    """One committed event as it is heard: outbox id, name, the topics to read again."""

    id: int
    name: str
    topics: tuple[str, ...]


def encode_notice(event_id: int, name: str, topics: tuple[str, ...]) -> str:
    """JSON for NOTIFY, under PostgreSQL's 8,000 bytes."""
    return json.dumps({"id": event_id, "name": name, "topics": topics}, separators=(",", ":"))


def decode_notice(payload: str) -> Notice:
    raw = json.loads(payload)
    return Notice(int(raw["id"]), str(raw["name"]), tuple(raw["topics"]))


def listening_connection() -> psycopg2.extensions.connection:
    """A psycopg2 connection of its own that LISTENs. The caller polls and closes it."""
    connection = psycopg2.connect(
        libpq_url(get_settings().database_url),
        connect_timeout=5,
        application_name="hospital-ops listen",
        keepalives=1,
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
    )
    connection.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    return connection


@lru_cache(maxsize=4)
def _redis(url: str, _pid: int) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)


def redis_client() -> redis.Redis:
    """This process's Redis client."""
    return _redis(get_settings().redis_url, os.getpid())
