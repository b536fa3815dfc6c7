"""The small hospital of tests/cast.py in a database of its own, for tests that run processes: gone afterwards."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from hospital_ops.config import get_settings
from hospital_ops.infra import keyring
from hospital_ops.infra.db import engine
from hospital_ops.infra.embedded import Postgres

ROOT = Path(__file__).resolve().parents[1]
PREPARE = """
import json
from alembic import command
from alembic.config import Config
command.upgrade(Config("alembic.ini"), "head")
from tests.cast import assemble
cast = assemble()
print(json.dumps({"wards": cast.wards, "beds": cast.beds, "people": cast.people}))
"""


@contextmanager
def own_hospital(postgres: Postgres, **more: str) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """(a process's environment that reaches it, with `more`; the ids of its wards, beds and people by name)."""
    with own_database(postgres, **more) as environment:
        yield environment, json.loads(run(environment, PREPARE).splitlines()[-1])


@contextmanager
def own_database(postgres: Postgres, **more: str) -> Iterator[dict[str, str]]:
    """An empty database of its own: a process's environment that reaches it, with `more`."""
    name = f"own_{secrets.token_hex(4)}"
    _as_admin(postgres, f"CREATE DATABASE {name} OWNER hospital")
    own = {"HOSPITAL_DATABASE_URL": postgres.url_of("hospital", name), "PYTHONPATH": str(ROOT)}
    environment = os.environ | own | more
    try:
        yield environment
    finally:
        _as_admin(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def inside(environment: Mapping[str, str]) -> Iterator[None]:
    """Services and queries of this process act in that database, with its keys, for as long as this lasts."""
    before = dict(os.environ)
    os.environ |= {name: value for name, value in environment.items() if name.startswith("HOSPITAL_")}
    _forget_settings()
    try:
        yield
    finally:
        engine().dispose()
        os.environ.clear()
        os.environ |= before
        _forget_settings()


def _forget_settings() -> None:
    get_settings.cache_clear()
    keyring.forget()


def _as_admin(postgres: Postgres, statement: str) -> None:
    """By a connection of its own: the test in between may have stopped the server."""
    admin = psycopg2.connect(postgres.url_of("postgres", "postgres"))
    admin.autocommit = True
    try:
        with admin.cursor() as cursor:
            cursor.execute(statement)
    finally:
        admin.close()


def run(environment: dict[str, str], script: str, *arguments: str) -> str:
    """What a script printed, run in a process of its own. Fails with its last words."""
    command = [sys.executable, "-c", script, *arguments]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout
