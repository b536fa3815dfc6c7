"""A hospital of its own, to measure on or to play a whole journey in: servers, web processes and workers on free ports.

with House(folder, webs=2) as house:
    house.found(["python", "-m", "hospital_ops", "seed"])
    house.start()
    print(house.urls)
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from hospital_ops.config import ROOT
from hospital_ops.infra import launch, migrations
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.infra.processes import free_port
from hospital_ops.infra.reach import answers
from hospital_ops.infra.supervisor import Managed, Program

START_SECONDS = 60


class House:
    """Everything `up` starts, on free ports, in a folder that the caller throws away."""

    def __init__(
        self, folder: Path, *, webs: int = 1, parts: Sequence[str] = ("worker", "relay", "clock"), speed: float = 0
    ) -> None:
        self.folder, self.logs = folder, folder / "logs"
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.postgres = Postgres(folder, self.logs / "postgres.log", durable=True)
        self.valkey = Valkey(folder, self.logs / "valkey.log", durable=True)
        self.ports = [free_port() for _ in range(webs)]
        self.parts, self.speed = tuple(parts), speed
        self.programs: dict[str, Program] = {}
        self.environment: dict[str, str] = {}

    @property
    def urls(self) -> list[str]:
        """Where each web process answers."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def __enter__(self) -> House:
        try:
            self._begin_servers()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _begin_servers(self) -> None:
        self.postgres.begin()
        self.valkey.begin()
        self.postgres.wait()
        self.valkey.wait()
        origins = ",".join(self.urls)
        self.environment = launch.environment(
            {
                "ENV": "demo",
                "DATA_DIR": str(self.folder),
                "SPEED": f"{self.speed:g}",
                "HOST": "127.0.0.1",
                "PORT": str(self.ports[0]),
                "PUBLIC_URL": "",
                "ORIGINS": origins,
                "DATABASE_URL": self.postgres.url,
                "REDIS_URL": self.valkey.url,
                **launch.secrets_of(self.folder, demo=True),
                **launch.payer(demo="payer" in self.parts),
            }
        )
        migrations.upgrade(self.environment)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for program in reversed(self.programs.values()):
            program.stop()
        self.valkey.stop()
        self.postgres.stop()

    def found(self, command: Sequence[str]) -> None:
        """Run a command that fills the database. Raises CalledProcessError with what it said."""
        subprocess.run(list(command), cwd=ROOT, env=self.environment, check=True)

    def start(self) -> None:
        """Build the pages if they are stale, then start every process and wait until the web answers."""
        subprocess.run([sys.executable, "-m", "hospital_ops", "frontend"], cwd=ROOT, env=self.environment, check=True)
        for number, port in enumerate(self.ports, start=1):
            self._begin(
                "web" if number == 1 else f"web-{number}", launch.web(self.environment, self.logs, number, port)
            )
        for plan in launch.PROGRAMS:
            if plan.name in self.parts:
                self._begin(plan.name, launch.program(plan, self.environment, self.logs))
        for url in self.urls:
            self._wait_for(url + "/ping")

    def also(self, name: str, kind: str) -> None:
        """One more process of a kind that runs already: a second clock, a second relay."""
        plan = next(plan for plan in launch.PROGRAMS if plan.name == kind)
        program = launch.program(plan, self.environment, self.logs)
        program.log = self.logs / f"{name}.log"
        self._begin(name, program)

    def _begin(self, name: str, program: Program) -> None:
        self.programs[name] = program
        program.begin()

    def part(self, name: str) -> Managed:
        """One of our own processes, or "postgres" or "valkey"."""
        servers: dict[str, Managed] = {"postgres": self.postgres, "valkey": self.valkey}
        return servers.get(name) or self.programs[name]

    def runs(self, name: str) -> bool:
        process = self.part(name).process
        return process is not None and process.poll() is None

    def kill(self, name: str) -> None:
        """kill -9 of one process and its group, frozen or not."""
        part = self.part(name)
        assert part.process is not None
        part.process.kill()
        part.stop()

    def freeze(self, name: str) -> None:
        """Stop one process and its group where they stand (SIGSTOP); their connections stay open."""
        self._signal(name, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        self._signal(name, signal.SIGCONT)

    def _signal(self, name: str, number: signal.Signals) -> None:
        process = self.part(name).process
        assert process is not None
        os.killpg(process.pid, number)

    def begin_again(self, name: str) -> None:
        """Start what was killed. Returns when a server or a web process answers."""
        self.part(name).begin()
        if isinstance(server := self.part(name), (Postgres, Valkey)):
            server.wait()
        elif name.startswith("web"):
            self._wait_for(f"http://127.0.0.1:{self.programs[name].environment['HOSPITAL_PORT']}/ping")

    @staticmethod
    def _wait_for(url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(url):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{url} did not answer in {START_SECONDS} seconds")
            time.sleep(0.1)


def password_of(folder: Path) -> str:
    """The demo accounts' password of a house."""
    return (folder / "demo-password").read_text().strip()
