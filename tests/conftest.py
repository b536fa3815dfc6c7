"""The ground every test stands on: a real PostgreSQL and Valkey, migrated by Alembic, rolled back per test.

The settings are fixed at import, before any module reads them; the servers start when the first test asks for them, so
that tests of the domain alone need none. Nothing here touches a running `./hospital up`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from hospital_ops.infra import secret_files
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.infra.processes import free_port

# How fast a page follows is for the benchmarks; here it has to follow, on a machine that does other work too. (Half a
# minute, as Playwright itself waits for everything else.)
expect.set_options(timeout=30_000)
ROOT = Path(__file__).resolve().parent.parent
DATA = Path(tempfile.mkdtemp(prefix="hospital-test-"))
# pytest shuts its common folder to other accounts whenever a session starts, and the PostgreSQL of a test in another
# session, which under root runs as another account, would find its own files shut. So each session has a folder of its own.
FILES = Path(tempfile.mkdtemp(prefix="hospital-files-"))
os.environ["PYTEST_DEBUG_TEMPROOT"] = str(FILES)
DEMO_PASSWORD = "a quiet ward at noon"


def _settings(postgres: Postgres, valkey: Valkey) -> dict[str, str]:
    return {
        "HOSPITAL_ENV": "demo",
        "HOSPITAL_DATA_DIR": str(DATA),
        "HOSPITAL_DATABASE_URL": postgres.url,
        "HOSPITAL_REDIS_URL": valkey.url,
        "HOSPITAL_MASTER_KEY": secret_files.new_key(),
        "HOSPITAL_JWT_KEY": secret_files.new_key(),
        "HOSPITAL_DEMO_PASSWORD": DEMO_PASSWORD,
        "HOSPITAL_TIMEZONE": "America/New_York",
        "HOSPITAL_SPEED": "30",
    }


_postgres = Postgres(DATA, DATA / "logs" / "postgres.log", durable=False, port=free_port())
_valkey = Valkey(DATA, DATA / "logs" / "valkey.log", durable=False, port=free_port())
# The operator's own settings do not reach the tests.
for _name in [name for name in os.environ if name.startswith("HOSPITAL_")]:
    if _name not in {"HOSPITAL_CHROMIUM", "HOSPITAL_REQUIRE_BROWSER", "HOSPITAL_REQUIRE_EASYOCR"}:
        del os.environ[_name]
os.environ |= _settings(_postgres, _valkey)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In CI a browser's test has a second try: an hour's run over four thousand tests is not thrown away for one tap that a
    busy machine swallowed. The summary names each; one that is named again is a fault to be found."""
    if os.environ.get("CI"):
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_sessionfinish(exitstatus: int) -> None:
    """What a failed session wrote stays, to be looked at."""
    _valkey.stop()
    _postgres.stop()
    shutil.rmtree(DATA, ignore_errors=True)
    if exitstatus == pytest.ExitCode.OK:
        shutil.rmtree(FILES, ignore_errors=True)


@pytest.fixture(scope="session")
def servers() -> tuple[Postgres, Valkey]:
    """PostgreSQL and Valkey, running. They end with the session, not with the fixture: a test may restart them."""
    _postgres.begin()
    _valkey.begin()
    _postgres.wait()
    _valkey.wait()
    return _postgres, _valkey


@pytest.fixture(scope="session")
def database(servers: tuple[Postgres, Valkey]) -> Iterator[str]:
    """The URL of the hospital's database, migrated to the head. All tests share it, so none may commit into it."""
    from alembic.config import Config

    from alembic import command
    from hospital_ops.infra.db import read_session
    from hospital_ops.models import AuditEntry

    command.upgrade(Config(ROOT / "alembic.ini"), "head")
    yield servers[0].url
    with read_session() as session:
        left = sorted({row.action for row in session.exec(select(AuditEntry))})
    assert not left, f"a test has committed into the database that all share (see own_hospital.py): {left}"


@pytest.fixture
def db(database: str) -> Iterator[None]:
    """Everything that services and queries do inside the test happens in one transaction, rolled back at its end."""
    from hospital_ops.infra.db import bound_to, engine

    with engine().connect() as connection:
        transaction = connection.begin()
        try:
            with bound_to(connection):
                yield
        finally:
            transaction.rollback()


@pytest.fixture
def session(db: None) -> Iterator[object]:
    """A Session inside the test's transaction."""
    from hospital_ops.infra.db import new_session

    with new_session() as opened:
        yield opened


@pytest.fixture
def cast(db: None) -> Iterator[object]:
    """A `tests.cast.Cast`: two wards, eight beds, one person for each role, and limits that have counted nothing."""
    from hospital_ops.infra import limits
    from tests.cast import assemble

    limits.forget_all()
    yield assemble()
    limits.forget_all()
