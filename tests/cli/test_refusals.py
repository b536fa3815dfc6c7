"""What `up` refuses, each with its own exit code and one sentence, before it writes anything."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital_ops.exits import Exit, Refusal
from hospital_ops.infra import data_folder, migrations
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.infra.processes import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


def up(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HOSPITAL_")}
    return subprocess.run(
        [sys.executable, "-m", "hospital_ops", "up", "--data", str(folder), "--port", str(free_port()), *words],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refused(ran: subprocess.CompletedProcess[str], code: Exit, *words: str) -> None:
    assert ran.returncode == code, ran.stdout + ran.stderr
    last = ran.stderr.strip().splitlines()[-1]
    assert last.startswith("hospital: ")
    assert last.endswith(".")
    assert "Traceback" not in ran.stderr
    assert [word for word in words if word not in last] == []


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port(tmp_path: Path, taken_port: int) -> None:
    folder = tmp_path / "data"
    refused(up(folder, "--port", str(taken_port)), Exit.PORT_TAKEN, str(taken_port), "--port")
    assert not folder.exists(), "a refusal must write nothing"


def test_a_foreign_data_folder(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("chapter one")
    refused(up(tmp_path), Exit.FOREIGN_FOLDER, str(tmp_path), "--data")
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.odt"]


def test_a_data_folder_of_a_newer_version(tmp_path: Path) -> None:
    (tmp_path / data_folder.MARKER).write_text(json.dumps({"layout": data_folder.LAYOUT + 1}))
    refused(up(tmp_path), Exit.FOREIGN_FOLDER, "newer version")


def test_a_marker_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / data_folder.MARKER).write_text("hello")
    refused(up(tmp_path), Exit.FOREIGN_FOLDER, "not one of ours")


def test_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as told:
        data_folder.refuse_full_disk(tmp_path / "not" / "made", needed_bytes=shutil.disk_usage(tmp_path).total * 2)
    assert told.value.code == Exit.DISK_FULL
    assert "MB left" in told.value.sentence


def test_enough_room_is_enough(tmp_path: Path) -> None:
    data_folder.refuse_full_disk(tmp_path, needed_bytes=1)


def test_a_second_up(tmp_path: Path) -> None:
    with data_folder.claim(tmp_path):
        data_folder.tell(tmp_path, {"url": "http://127.0.0.1:3000", "pid": 4711})
        refused(up(tmp_path), Exit.ALREADY_RUNNING, "http://127.0.0.1:3000", "process 4711")


def test_the_lock_goes_with_its_holder(tmp_path: Path) -> None:
    data_folder.claim(tmp_path).close()
    data_folder.refuse_second(tmp_path)
    data_folder.claim(tmp_path).close()


def test_an_unreachable_database(tmp_path: Path, servers: tuple[Postgres, Valkey]) -> None:
    url = f"postgresql://someone:sesame@127.0.0.1:{free_port()}/hospital"
    ran = up(tmp_path / "data", HOSPITAL_DATABASE_URL=url, HOSPITAL_REDIS_URL=servers[1].url)
    refused(ran, Exit.SERVER_AWAY, "127.0.0.1", "does not answer")
    assert "sesame" not in ran.stdout + ran.stderr


def test_an_unreachable_redis(tmp_path: Path, database: str) -> None:
    url = f"redis://:sesame@127.0.0.1:{free_port()}/0"
    ran = up(tmp_path / "data", HOSPITAL_DATABASE_URL=database, HOSPITAL_REDIS_URL=url)
    refused(ran, Exit.SERVER_AWAY, "Redis", "does not answer")
    assert "sesame" not in ran.stdout + ran.stderr


def test_a_database_newer_than_the_code(tmp_path: Path, servers: tuple[Postgres, Valkey]) -> None:
    import psycopg2

    postgres, valkey = servers
    admin = psycopg2.connect(postgres.url_of("postgres", "postgres"))
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute("CREATE DATABASE from_the_future OWNER hospital")
    admin.close()
    url = postgres.url_of("hospital", "from_the_future")
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE alembic_version AS SELECT 'f00dfacecafe' AS version_num")
    connection.close()
    ran = up(tmp_path / "data", HOSPITAL_DATABASE_URL=url, HOSPITAL_REDIS_URL=valkey.url)
    refused(ran, Exit.NEWER_DATABASE, "f00dfacecafe", "newer")


def test_a_number_that_is_none(tmp_path: Path) -> None:
    refused(up(tmp_path, HOSPITAL_SPEED="fast"), Exit.SETTINGS_REFUSED, "HOSPITAL_SPEED", "fast")
    refused(up(tmp_path, "--speed", "-1"), Exit.SETTINGS_REFUSED, "HOSPITAL_SPEED")


def test_production_without_its_own_keys(tmp_path: Path, database: str, servers: tuple[Postgres, Valkey]) -> None:
    named = {"HOSPITAL_DATABASE_URL": database, "HOSPITAL_REDIS_URL": servers[1].url}
    refused(up(tmp_path / "data", HOSPITAL_ENV="production", **named), Exit.SETTINGS_REFUSED, "HOSPITAL_MASTER_KEY")


def test_the_revisions_are_read_from_the_files(database: str) -> None:
    known, heads = migrations.known_revisions()
    assert len(heads) == 1
    assert heads <= known
    assert migrations.current_revisions(database) == heads
    assert not migrations.behind(database)
