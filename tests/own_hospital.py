"""The small hospital of tests/cast.py in a database of its own, for tests that run processes: gone afterwards."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

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
    name = f"own_{secrets.token_hex(4)}"
    admin = psycopg2.connect(postgres.url_of("postgres", "postgres"))
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} OWNER hospital")
    own = {"HOSPITAL_DATABASE_URL": postgres.url_of("hospital", name), "PYTHONPATH": str(ROOT)}
    environment = os.environ | own | more
    try:
        yield environment, json.loads(run(environment, PREPARE).splitlines()[-1])
    finally:
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        admin.close()


def run(environment: dict[str, str], script: str, *arguments: str) -> str:
    """What a script printed, run in a process of its own. Fails with its last words."""
    command = [sys.executable, "-c", script, *arguments]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout
