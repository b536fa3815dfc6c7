"""The supervisor: restarts with back-off, stops in order, leaves nothing over, keeps logs small."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from hospital_ops.infra.supervisor import KEPT_LOGS, Program, Supervisor, last_line, rotate

SLEEP = "import time; time.sleep(60)"
SAYS_WHEN_IT_STOPS = """
import signal, sys, time
def stop(*_):
    open({order!r}, "a").write({name!r} + " ")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
print("up", flush=True)
time.sleep(60)
"""
WRITES_MUCH = """
import time
for line in range(400):
    print("x" * 100, flush=True)
    time.sleep(0.005)
time.sleep(60)
"""


@pytest.fixture
def said() -> list[str]:
    return []


def program(folder: Path, name: str, code: str, **options: object) -> Program:
    return Program([sys.executable, "-c", code], dict(os.environ), folder / f"{name}.log", folder, **options)  # type: ignore[arg-type]


def eventually(holds: Callable[[], bool], supervisor: Supervisor | None = None, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        if supervisor:
            supervisor.look()
        time.sleep(0.02)


def test_a_killed_program_starts_again(tmp_path: Path, said: list[str]) -> None:
    with Supervisor(said.append, first_delay_seconds=0.05) as supervisor:
        supervisor.start("relay", program(tmp_path, "relay", SLEEP))
        first = supervisor.pids()["relay"]
        os.kill(first, signal.SIGKILL)
        eventually(lambda: supervisor.pids().get("relay", first) != first, supervisor)
    assert "relay ended (killed by SIGKILL)" in said[0]
    assert said[1] == "relay was started again."


def test_it_waits_longer_each_time(tmp_path: Path, said: list[str]) -> None:
    with Supervisor(said.append, first_delay_seconds=0.02) as supervisor:
        supervisor.start("clock", program(tmp_path, "clock", "raise SystemExit(3)"))
        eventually(lambda: supervisor.failures("clock") >= 4, supervisor)
    delays = [line.split(" again in ")[1].split(" ")[0] for line in said if "again in" in line]
    assert delays[:4] == ["0.0", "0.0", "0.1", "0.2"]
    assert "exit code 3" in said[0]


def test_what_a_killed_program_left_is_swept(tmp_path: Path, said: list[str]) -> None:
    code = (
        f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', '{SLEEP}']).pid, flush=True); {SLEEP}"
    )
    worker = program(tmp_path, "worker", code)
    with Supervisor(said.append, first_delay_seconds=30) as supervisor:
        supervisor.start("worker", worker)
        eventually(lambda: worker.log.read_text().strip().isdigit())
        left = int(worker.log.read_text())
        os.kill(supervisor.pids()["worker"], signal.SIGKILL)
        eventually(lambda: not psutil.pid_exists(left) or psutil.Process(left).status() == "zombie", supervisor)


def test_it_stops_in_order_web_first_servers_last(tmp_path: Path, said: list[str]) -> None:
    order = tmp_path / "order"
    names = ("pg", "web", "worker")
    programs = {name: program(tmp_path, name, SAYS_WHEN_IT_STOPS.format(order=str(order), name=name)) for name in names}
    supervisor = Supervisor(said.append)
    for name, one in programs.items():
        supervisor.start(name, one, stops_early=name == "web")
    for one in programs.values():
        eventually(lambda one=one: "up" in one.log.read_text())  # type: ignore[misc]
    supervisor.stop_all()
    assert order.read_text().split() == ["web", "worker", "pg"]
    assert said == [], "stopping is not crashing"


def test_one_that_will_not_stop_is_killed_in_seconds(tmp_path: Path, said: list[str]) -> None:
    code = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); {SLEEP}"
    stubborn = program(tmp_path, "stubborn", code, patience_seconds=0.3)
    with Supervisor(said.append) as supervisor:
        supervisor.start("stubborn", stubborn)
        eventually(lambda: "up" in stubborn.log.read_text())
        pid, began = supervisor.pids()["stubborn"], time.monotonic()
    assert time.monotonic() - began < 3
    assert not psutil.pid_exists(pid)


def test_ctrl_c_reaches_the_supervisor_alone(tmp_path: Path, said: list[str]) -> None:
    with Supervisor(said.append) as supervisor:
        supervisor.start("web", program(tmp_path, "web", SLEEP))
        pid = supervisor.pids()["web"]
        assert os.getpgid(pid) == pid != os.getpgrp()


def test_a_grown_log_is_moved_aside_and_the_writer_goes_on(tmp_path: Path, said: list[str]) -> None:
    writer = program(tmp_path, "web", WRITES_MUCH)
    with Supervisor(said.append) as supervisor:
        supervisor.start("web", writer)
        eventually(lambda: writer.log.stat().st_size > 2000)
        rotate(writer.log, largest_bytes=1000)
        assert writer.log.with_name("web.log.1").stat().st_size > 1000
        eventually(lambda: 0 < writer.log.stat().st_size < 30_000)
        assert b"\0" not in writer.log.read_bytes(), "appending goes on at the new end, not at the old one"


def test_old_logs_are_dropped(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    for turn in range(KEPT_LOGS + 3):
        log.write_text(str(turn) * 100)
        rotate(log, largest_bytes=10)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "web.log",
        *(f"web.log.{n + 1}" for n in range(KEPT_LOGS)),
    ]
    assert log.with_name("web.log.1").read_text()[0] == str(KEPT_LOGS + 2)


def test_the_last_line_is_the_one_that_says_something(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    assert last_line(log) == "it wrote no log"
    log.write_text("Traceback\nValueError: no such ward\n\nhospital: see above.\n")
    assert last_line(log) == "ValueError: no such ward"
