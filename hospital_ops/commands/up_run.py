"""The steps of `up` after its refusals: servers, database, pages, processes, and then watching over them."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from hospital_ops.commands import welcome
from hospital_ops.commands.progress import Steps, flush
from hospital_ops.commands.up_options import Options
from hospital_ops.config import ROOT, Settings
from hospital_ops.exits import Exit, Refusal
from hospital_ops.infra import data_folder, frontend, launch, migrations, models_folder
from hospital_ops.infra.embedded import Postgres, ServerDidNotStart, Valkey
from hospital_ops.infra.processes import end, spawn
from hospital_ops.infra.reach import answers, own_address
from hospital_ops.infra.supervisor import Supervisor, last_line

WEB_SECONDS = 60
WEB_FAILURES = 3


class Up:
    """One run of `up` on one data folder."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.folder = options.folder
        self.logs = options.folder / "logs"
        self.steps = Steps()
        self.settings: dict[str, str] = {}
        self._resuming: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        lock = data_folder.claim(self.folder)
        with lock:
            data_folder.untell(self.folder)  # What a killed `up` left there must not be believed.
            try:
                with Supervisor(self.steps.warn) as supervisor:
                    self._start(supervisor)
                    self._watch(supervisor)
            except ServerDidNotStart as down:
                raise Refusal(Exit.SERVER_DID_NOT_START, str(down)) from down
            finally:
                data_folder.untell(self.folder)
        self.steps.say("Everything has stopped.")
        return Exit.OK

    def _start(self, supervisor: Supervisor) -> None:
        self.logs.mkdir(mode=0o700, exist_ok=True)
        self.settings = self._known_settings()
        building = self._begin_build()
        try:
            self._servers(supervisor)
            self._check_settings()
            environment = launch.environment(self.settings)
            self._database(environment)
            self._wait_for_build(building)
        finally:
            if building is not None:
                end(building)
        self._processes(supervisor, environment)

    def _watch(self, supervisor: Supervisor) -> None:
        try:
            while True:
                supervisor.watch_for(3600)
        except KeyboardInterrupt:
            self.steps.say("\nStopping …")

    def _known_settings(self) -> dict[str, str]:
        options = self.options
        public_url = os.environ.get("HOSPITAL_PUBLIC_URL", "")
        return {
            "ENV": "production" if options.production else "demo",
            "DATA_DIR": str(self.folder),
            "SPEED": f"{options.speed:g}",
            **launch.addresses(options.host, options.port, public_url),
            **launch.secrets_of(self.folder, demo=not options.production),
            **launch.payer(demo=options.demo),
        }

    def _begin_build(self) -> subprocess.Popen[bytes] | None:
        """The pages do not need the servers, so they are built beside them."""
        if not frontend.is_stale():
            return None
        (self.logs / "frontend.log").write_text("")
        environment = launch.environment({**self.settings, "DATABASE_URL": "", "REDIS_URL": ""})
        return frontend.begin(self.logs / "frontend.log", environment)

    def _wait_for_build(self, building: subprocess.Popen[bytes] | None) -> None:
        if building is None:
            return
        usual = frontend.USUAL_BUILD_SECONDS
        self.steps.wait("Building the pages", usual, lambda: building.poll() is not None, "The pages are built")
        if building.returncode:
            log = self.logs / "frontend.log"
            raise Refusal(Exit.FRONTEND_FAILED, f"The pages could not be built: {last_line(log)} ({log})")

    def _servers(self, supervisor: Supervisor) -> None:
        """Our own servers, unless the environment names others."""
        postgres = Postgres(self.folder, self.logs / "postgres.log")
        valkey = Valkey(self.folder, self.logs / "valkey.log")
        own_database = not os.environ.get("HOSPITAL_DATABASE_URL")
        own_redis = not os.environ.get("HOSPITAL_REDIS_URL")
        with self.steps.step("Starting PostgreSQL and Valkey", "PostgreSQL and Valkey answer"):
            if own_database:
                supervisor.start("postgres", postgres)
            if own_redis:
                supervisor.start("valkey", valkey)
            if own_database:
                postgres.wait()
            if own_redis:
                valkey.wait()
        self.settings["DATABASE_URL"] = postgres.url if own_database else os.environ["HOSPITAL_DATABASE_URL"]
        self.settings["REDIS_URL"] = valkey.url if own_redis else os.environ["HOSPITAL_REDIS_URL"]
        if not own_redis:
            _refuse_silent_redis(self.settings["REDIS_URL"])

    def _check_settings(self) -> None:
        from pydantic import ValidationError

        os.environ |= {f"HOSPITAL_{name}": value for name, value in self.settings.items()}
        try:
            Settings()
        except ValidationError as wrong:
            sentence = wrong.errors()[0]["msg"].removeprefix("Value error, ")
            raise Refusal(Exit.SETTINGS_REFUSED, sentence) from wrong

    def _database(self, environment: dict[str, str]) -> None:
        url = self.settings["DATABASE_URL"]
        if migrations.behind(url):
            with self.steps.step("Migrating the database", "The database is migrated"):
                migrations.upgrade(environment)
        seeding = ["seed"] if self.options.demo else ["seed", "--empty"]
        if migrations.is_founded(url):
            # Only the clock and a changed password are seen to; nobody needs to wait for that.
            self._resuming = self._in_background(environment, *seeding)
        elif not self.options.production:
            self._ours(environment, *seeding)
        if self.options.demo and (models_folder.missing(self.folder) or models_folder.idle(self.folder)):
            self._ours(environment, "train", "--missing")

    def _ours(self, environment: dict[str, str], *words: str) -> None:
        """Run one of our own commands in its own process, on this terminal: it shows its own progress."""
        flush()
        ran = subprocess.run(_command(*words), cwd=ROOT, env=environment, check=False)
        if ran.returncode:
            known = Exit(ran.returncode) if ran.returncode in set(Exit) else Exit.FAILED
            raise Refusal(known, f"hospital {' '.join(words)} did not succeed; the lines above say why.")

    def _in_background(self, environment: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
        return spawn(_command(*words), log=self.logs / f"{words[0]}.log", env=environment, cwd=ROOT)

    def _wait_for_resuming(self) -> None:
        if self._resuming is not None and self._resuming.wait():
            log = self.logs / "seed.log"
            raise Refusal(Exit.FAILED, f"The clock could not go on: {last_line(log)} ({log})")

    def _processes(self, supervisor: Supervisor, environment: dict[str, str]) -> None:
        plans = launch.planned(self.options.demo, own_payer=not os.environ.get("HOSPITAL_PAYER_URL"))
        names = ", ".join(["web", *(plan.name for plan in plans)])
        with self.steps.step(f"Starting {names}", f"{names} run"):
            # The web process has the machine to itself until it answers: that is what people wait for.
            supervisor.start("web", launch.web(environment, self.logs), stops_early=True)
            self._await_web(supervisor)
            self._wait_for_resuming()
            for plan in plans:
                supervisor.start(plan.name, launch.program(plan, environment, self.logs))
        settings = Settings()
        facts: dict[str, object] = {name.lower(): value for name, value in self.settings.items() if name in SHARED}
        reach = own_address(settings.host, settings.port, settings.https)
        facts |= {"url": settings.base_url, "reach": reach, "pid": os.getpid(), "pids": supervisor.pids()}
        data_folder.tell(self.folder, facts)
        welcome.show(self.steps, self.options, settings, self.folder)

    def _await_web(self, supervisor: Supervisor) -> None:
        url = own_address(self.options.host, self.options.port, Settings().https) + "/ping"
        deadline = time.monotonic() + WEB_SECONDS
        while not answers(url):
            supervisor.watch_for(0.1)
            if supervisor.failures("web") >= WEB_FAILURES or time.monotonic() > deadline:
                log = self.logs / "web.log"
                raise Refusal(Exit.SERVER_DID_NOT_START, f"The web process did not start: {last_line(log)} ({log})")


SHARED = frozenset({"DATABASE_URL", "REDIS_URL", "HOST", "PORT", "PUBLIC_URL", "ORIGINS", "SPEED", "PAYER_URL"})


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "hospital_ops", *words]


def _refuse_silent_redis(url: str) -> None:
    import redis

    try:
        redis.Redis.from_url(url, socket_connect_timeout=5).ping()
    except (redis.RedisError, ValueError) as away:
        raise Refusal(Exit.SERVER_AWAY, f"Redis at {migrations.without_password(url)} does not answer.") from away
