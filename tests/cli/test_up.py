"""`up` as a person runs it: the page is there, a second start is quick, and nothing is ever left over."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hospital_ops.exits import Exit
from hospital_ops.infra import data_folder
from hospital_ops.infra.processes import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_START_SECONDS = 300  # It may have to build the pages.
pytestmark = pytest.mark.slow


class Running:
    """One `up --empty` of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HOSPITAL_")}
        self.command = [sys.executable, "-m", "hospital_ops", "up", "--empty", "--data", str(folder)]
        began = time.monotonic()
        self.out = open(folder.parent / "up.txt", "ab")  # noqa: SIM115 - closed with it
        self.process = subprocess.Popen(
            [*self.command, "--port", str(self.port)], cwd=ROOT, env=clean, stdout=self.out, stderr=subprocess.STDOUT
        )
        while not data_folder.running(folder):
            assert self.process.poll() is None, (folder.parent / "up.txt").read_text()
            assert time.monotonic() - began < FIRST_START_SECONDS
            time.sleep(0.05)
        self.seconds = time.monotonic() - began
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def end(self, with_signal: signal.Signals) -> float:
        """Seconds until it and all its children were gone."""
        began = time.monotonic()
        self.process.send_signal(with_signal)
        self.process.wait(60)
        _, alive = psutil.wait_procs(self.family, timeout=20)
        self.out.close()
        assert [one.cmdline() for one in alive] == []
        return time.monotonic() - began


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "data")
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGINT)


def test_it_serves_says_so_keeps_secrets_and_starts_again_quickly(up: Running) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{up.port}/", timeout=5) as page:
        assert b"<html" in page.read()
    second = subprocess.run([*up.command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == Exit.ALREADY_RUNNING
    assert f"127.0.0.1:{up.port}" in second.stderr
    for name in ("run.json", "demo-password", "keys/master-key", "keys/jwt-key"):
        assert stat.S_IMODE((up.folder / name).stat().st_mode) == 0o600
    assert up.end(signal.SIGINT) < 20
    assert up.process.returncode == Exit.OK
    assert not data_folder.running(up.folder)
    again = Running(up.folder)
    try:
        assert again.seconds < 10
    finally:
        again.end(signal.SIGTERM)


def test_kill_9_of_the_supervisor_leaves_no_process(up: Running) -> None:
    up.end(signal.SIGKILL)
    assert up.process.returncode == -signal.SIGKILL
