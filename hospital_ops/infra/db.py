"""The one engine and the one Session style. Nothing connects at import: workers fork after importing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from hospital_ops.config import get_settings
from hospital_ops.domain.errors import Unavailable

AWAY = "The hospital's database cannot be reached. Nothing was changed; please try again."
_bound: Connection | None = None


def libpq_url(url: str) -> str:
    """The same address for psycopg2 itself."""
    return url.replace("postgresql+psycopg2://", "postgresql://", 1)


@lru_cache(maxsize=4)
def _engine(url: str, _pid: int) -> Engine:
    # hide_parameters: a failing statement must not print a patient's words into a log.
    return create_engine(
        url,
        pool_size=10,
        max_overflow=20,
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "application_name": "hospital-ops"},
    )


def engine() -> Engine:
    """This process's engine; a forked child gets its own."""
    return _engine(get_settings().database_url, os.getpid())


@contextmanager
def bound_to(connection: Connection) -> Iterator[None]:
    """For tests: every Session opened inside joins this connection's transaction, which the test rolls back."""
    global _bound
    before, _bound = _bound, connection
    try:
        yield
    finally:
        _bound = before


def new_session() -> Session:
    """A Session as services use it. Values stay readable after commit."""
    if _bound is not None:
        return Session(_bound, expire_on_commit=False, join_transaction_mode="create_savepoint")
    return Session(engine(), expire_on_commit=False)


@contextmanager
def read_session() -> Iterator[Session]:
    """A Session for reading. Nothing is committed; what was read stays readable.

    Raises Unavailable while the database is away, which every edge knows how to say.
    """
    session = new_session()
    try:
        yield session
    except OperationalError as away:
        raise Unavailable(AWAY) from away
    finally:
        # close() ends the transaction too; rollback() would expire the rows in the reader's hands.
        session.close()
