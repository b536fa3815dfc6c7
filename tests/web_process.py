"""A web process of its own, on a database of its own in the test's server: for the contract and the browser tests."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import requests

from hospital_ops.infra.embedded import Postgres
from hospital_ops.infra.processes import free_port, spawn
from tests.own_hospital import ROOT as ROOT
from tests.own_hospital import own_hospital

SERVE = """
import os
from granian.server import Server
Server(target="hospital_ops.hospital_ops:app", factory=True, address="127.0.0.1",
       port=int(os.environ["HOSPITAL_PORT"]), interface="asgi", workers=1, workers_kill_timeout=3).serve()
"""


@dataclass(frozen=True)
class Web:
    """A running web process: its address, the ids of the small hospital behind it, and its log."""

    base: str
    beds: dict[str, int]
    wards: dict[str, int]
    people: dict[str, int]
    log: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]


@contextmanager
def serving(postgres: Postgres, log: Path, **more: str) -> Iterator[Web]:
    """The small hospital of tests/cast.py behind a web process; `more` goes into its environment."""
    own = {
        "HOSPITAL_HOST": "127.0.0.1",
        "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }
    with own_hospital(postgres, **(own | more)) as (environment, ids), _process(environment, ids, log) as web:
        yield web


@contextmanager
def serving_too(web: Web, log: Path) -> Iterator[Web]:
    """A second web process for the same hospital."""
    ids = {"beds": web.beds, "wards": web.wards, "people": web.people}
    with _process(web.environment, ids, log) as second:
        yield second


@contextmanager
def _process(environment: dict[str, str], ids: dict[str, dict[str, int]], log: Path) -> Iterator[Web]:
    port = free_port()
    environment = environment | {"HOSPITAL_PORT": str(port)}
    process = spawn([sys.executable, "-c", SERVE], log=log, env=environment, cwd=ROOT)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base, process, log)
        yield Web(base, ids["beds"], ids["wards"], ids["people"], log, environment, process)
    finally:
        process.terminate()
        process.wait(15)


@contextmanager
def beside(web: Web, log: Path) -> Iterator[Web]:
    """A second web process of the same hospital."""
    port = free_port()
    environment = web.environment | {"HOSPITAL_PORT": str(port)}
    process = spawn([sys.executable, "-c", SERVE], log=log, env=environment, cwd=ROOT)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base, process, log)
        yield replace(web, base=base, log=log, environment=environment, process=process)
    finally:
        process.terminate()
        process.wait(15)


def _wait(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        try:
            requests.get(f"{base}/ping", timeout=1)
            return
        except requests.ConnectionError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
    raise AssertionError(log.read_text())
