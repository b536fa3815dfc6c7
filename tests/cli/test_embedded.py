"""The embedded servers: what is committed survives a kill, secrets are private, nothing listens but loopback."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from hospital_ops.infra.embedded import Postgres, ServerDidNotStart, Valkey, both


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def _run(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_what_is_committed_is_there_at_the_next_start(folder: Path) -> None:
    with both(folder) as (postgres, valkey):
        _run(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        redis.Redis.from_url(valkey.url).set("kept", "42")
    with both(folder) as (postgres, valkey):
        assert _run(postgres.url, "SELECT answer FROM kept") == [(42,)]
        assert redis.Redis.from_url(valkey.url).get("kept") == b"42"


def test_fsync_is_on_and_the_owner_is_no_superuser(folder: Path) -> None:
    with both(folder) as (postgres, _):
        assert _run(postgres.url, "SHOW fsync") == [("on",)]
        assert _run(postgres.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]
        _run(postgres.url, "CREATE EXTENSION btree_gist")


def test_a_wrong_password_is_refused(folder: Path) -> None:
    with both(folder) as (postgres, valkey):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(postgres.url.replace(postgres._password("hospital"), "guess"))
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(valkey.url.replace(valkey.password, "guess")).ping()


def test_secrets_are_their_owners_alone(folder: Path) -> None:
    with both(folder):
        secret = [*(folder / "keys").iterdir(), folder / "valkey" / "valkey.conf"]
        assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in secret if file.stat().st_size} == {0}
        assert stat.S_IMODE((folder / "postgres").stat().st_mode) == 0o700


def test_they_listen_on_loopback_alone(folder: Path) -> None:
    with both(folder) as (postgres, valkey):
        for server in (postgres, valkey):
            assert server.process is not None
            listening = psutil.Process(server.process.pid).net_connections("inet")
            assert {c.laddr.ip for c in listening if c.status == psutil.CONN_LISTEN} == {"127.0.0.1"}


def test_a_port_that_is_taken_is_said_in_a_sentence(folder: Path) -> None:
    folder.mkdir()
    first = Valkey(folder, folder / "first.log")
    first.begin()
    first.wait()
    second = Valkey(folder, folder / "second.log", port=first.port)
    try:
        second.begin()
        with pytest.raises(ServerDidNotStart, match="Valkey stopped at once"):
            second.wait()
    finally:
        second.stop()
        first.stop()


def test_kill_9_of_the_starter_leaves_no_server_and_no_damage(folder: Path, tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from hospital_ops.infra.embedded import both\n"
        "with both(Path(sys.argv[1])) as (pg, vk):\n"
        "    print(pg.process.pid, vk.process.pid, pg.url, flush=True); time.sleep(60)\n"
    )
    starter = subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    postgres_pid, valkey_pid, url = starter.stdout.readline().split()
    _run(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    deadline = time.monotonic() + 10
    while any(psutil.pid_exists(int(pid)) for pid in (postgres_pid, valkey_pid)):
        assert time.monotonic() < deadline, "a server outlived its supervisor"
        time.sleep(0.05)
    with both(folder) as (postgres, _):
        assert _run(postgres.url, "SELECT answer FROM kept") == [(42,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
def test_it_runs_as_an_ordinary_user_too(tmp_path: Path) -> None:
    from hospital_ops.infra.account import for_servers, open_the_way

    account = for_servers()
    folder = Path(tmp_path) / "theirs"
    folder.mkdir()
    open_the_way(folder, Path(sys.executable), Path(__file__))
    import pwd

    entry = pwd.getpwnam(str(account))
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    program = (
        "import sys; from pathlib import Path; from hospital_ops.infra.embedded import both\n"
        "with both(Path(sys.argv[1])) as (pg, vk): print('ran')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        user=account,
        group=entry.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.stdout, ran.returncode) == ("ran\n", 0), ran.stderr


def test_postgres_alone_reports_what_its_log_says(folder: Path) -> None:
    folder.mkdir()
    postgres = Postgres(folder, folder / "postgres.log", port=1)
    postgres.begin()
    with pytest.raises(ServerDidNotStart, match="PostgreSQL stopped at once"):
        postgres.wait()
