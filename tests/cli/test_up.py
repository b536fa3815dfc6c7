"""`up` as a person runs it: the page is there, a second start is quick, and nothing is ever left over."""

from __future__ import annotations

import base64
import os
import signal
import ssl
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPException, HTTPSConnection
from pathlib import Path

import psutil
import pytest

from hospital_ops.exits import Exit
from hospital_ops.infra import certificate, data_folder
from hospital_ops.infra.processes import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_START_SECONDS = 300  # It may have to build the pages.
pytestmark = pytest.mark.slow


class Running:
    """One `up --empty` of the test's own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.port = folder, free_port()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HOSPITAL_")}
        self.command = [sys.executable, "-m", "hospital_ops", "up", "--empty", "--data", str(folder), *words]
        began = time.monotonic()
        with open(folder.parent / "up.txt", "ab") as out:
            self.process = subprocess.Popen(
                [*self.command, "--port", str(self.port)], cwd=ROOT, env=clean, stdout=out, stderr=subprocess.STDOUT
            )
        while not data_folder.running(folder):
            assert self.process.poll() is None, (folder.parent / "up.txt").read_text()
            assert time.monotonic() - began < FIRST_START_SECONDS
            time.sleep(0.05)
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def end(self, with_signal: signal.Signals) -> float:
        """Seconds until it and all its children were gone."""
        began = time.monotonic()
        self.process.send_signal(with_signal)
        self.process.wait(60)
        _, alive = psutil.wait_procs(self.family, timeout=20)
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
    said = (up.folder.parent / "up.txt").read_text()
    again = Running(up.folder)
    again.end(signal.SIGTERM)
    # How many seconds it takes is a figure for a quiet machine; that it does nothing twice is a rule.
    repeated = (up.folder.parent / "up.txt").read_text().removeprefix(said)
    assert "PostgreSQL and Valkey answer" in repeated
    assert [slow for slow in ("Migrating", "Building", "Seeding", "Training") if slow in repeated] == []


def test_kill_9_of_the_supervisor_leaves_no_process(up: Running) -> None:
    up.end(signal.SIGKILL)
    assert up.process.returncode == -signal.SIGKILL


def test_another_host_is_served_over_https_with_a_socket_for_its_own_pages_only(tmp_path: Path) -> None:
    up = Running(tmp_path / "data", "--host", "0.0.0.0")
    try:
        address = next(name for name in certificate.names_of_this_host("0.0.0.0") if ":" not in name)
        trust = ssl.create_default_context(cafile=str(up.folder / "tls" / "certificate.pem"))
        with urllib.request.urlopen(f"https://{address}:{up.port}/intake", timeout=5, context=trust) as page:
            assert b"<html" in page.read()
            assert page.headers["Strict-Transport-Security"]
        with pytest.raises((OSError, HTTPException)):  # Not a word of HTTP.
            urllib.request.urlopen(f"http://{address}:{up.port}/intake", timeout=5)
        ours = f"https://{address}:{up.port}"
        answers = [
            _asked_for_a_socket(address, up.port, origin, trust) for origin in (ours, "https://elsewhere.example")
        ]
        assert answers == [HTTPStatus.SWITCHING_PROTOCOLS, HTTPStatus.FORBIDDEN]
    finally:
        up.end(signal.SIGINT)


def _asked_for_a_socket(address: str, port: int, origin: str, trust: ssl.SSLContext) -> int:
    """The status of the answer to a page of `origin` that asks for a socket."""
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(), "Origin": origin}
    connection = HTTPSConnection(address, port, timeout=5, context=trust)
    try:
        connection.request("GET", "/_event/?EIO=4&transport=websocket&token=t", headers=upgrade | key)
        return connection.getresponse().status
    finally:
        connection.close()
