"""Is the database at this code's version? Answered in milliseconds, without importing Alembic or a table."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hospital_ops.config import ROOT
from hospital_ops.exits import Exit, Refusal

_REVISION = re.compile(r"^(revision|down_revision)\s*(?::[^=]+)?=\s*(.+)$", re.MULTILINE)
_NAME = re.compile(r"[\"']([^\"']+)[\"']")


def known_revisions(versions: Path = ROOT / "alembic" / "versions") -> tuple[set[str], set[str]]:
    """(every revision this code knows, its heads)."""
    known: set[str] = set()
    parents: set[str] = set()
    for file in versions.glob("*.py"):
        for field, value in _REVISION.findall(file.read_text()):
            (known if field == "revision" else parents).update(_NAME.findall(value))
    return known, known - parents


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg2://", "postgresql://", 1)


def current_revisions(url: str) -> set[str]:
    """The revisions that the database says it has. Raises Refusal when it does not answer."""
    with _cursor(url) as cursor:
        cursor.execute("SELECT to_regclass('alembic_version') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return set()
        cursor.execute("SELECT version_num FROM alembic_version")
        return {str(row[0]) for row in cursor.fetchall()}


def is_founded(url: str) -> bool:
    """Whether a hospital is in the (migrated) database."""
    with _cursor(url) as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM ward)")
        return bool(cursor.fetchone() == (True,))


@contextmanager
def _cursor(url: str) -> Iterator[Any]:
    import psycopg2

    try:
        connection = psycopg2.connect(_libpq(url), connect_timeout=5)
    except psycopg2.OperationalError as away:
        raise Refusal(Exit.SERVER_AWAY, f"The database at {without_password(url)} does not answer.") from away
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def without_password(url: str) -> str:
    """An address that can be shown."""
    return re.sub(r"://([^:@/]*):[^@]*@", r"://\1@", _libpq(url))


def behind(url: str) -> bool:
    """Whether migrations are due. Raises Refusal for a database that a newer code migrated."""
    known, heads = known_revisions()
    current = current_revisions(url)
    unknown = current - known
    if unknown:
        raise Refusal(
            Exit.NEWER_DATABASE,
            f"The database is at migration {', '.join(sorted(unknown))}, which this code does not know: it is newer. "
            "Run the newer code, or another data folder.",
        )
    return current != heads


def upgrade(environment: Mapping[str, str]) -> None:
    """`alembic upgrade head`, in a process of its own. Raises Refusal with its last words."""
    command = [sys.executable, "-m", "alembic", "-c", str(ROOT / "alembic.ini"), "upgrade", "head"]
    ran = subprocess.run(command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False)
    if ran.returncode:
        lines = (ran.stderr or ran.stdout).strip().splitlines() or ["it said nothing"]
        raise Refusal(Exit.FAILED, f"The database could not be migrated: {lines[-1]}")
