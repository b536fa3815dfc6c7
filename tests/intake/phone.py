"""A phone in front of a running house: web, relay's work done by a small reader, and Chromium at 390 px."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests

from hospital_ops.config import ROOT
from hospital_ops.infra.embedded import Postgres
from hospital_ops.infra.processes import end, free_port, spawn
from hospital_ops.sim.payer import SimulatedPayer
from tests.own_hospital import own_hospital

# Does what relay and worker do together: what waits is read by the real reader, and asked of the simulated payer.
READER = """
import time
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select
from hospital_ops.domain.errors import Unavailable
from hospital_ops.infra.db import read_session
from hospital_ops.models import Document, EligibilityCheck
from workers.documents import read_document
from workers.eligibility import check_eligibility

def work():
    with read_session() as session:
        waiting = list(session.exec(select(Document.id).where(Document.status == "received")))
        asking = list(session.exec(select(EligibilityCheck.id).where(EligibilityCheck.status == "asking")))
    for number in asking:
        check_eligibility(None, {"check_id": number})
    for number in waiting:
        read_document(None, {"document_id": number})

while True:
    try:
        work()
    except (Unavailable, SQLAlchemyError):
        pass  # A test has stopped the database; the queue would give the work again.
    time.sleep(0.1)
"""


@dataclass(frozen=True)
class House:
    """A running house: its address, the ids of its beds and people, and the environment of its processes."""

    base: str
    beds: dict[str, int]
    people: dict[str, int]
    environment: dict[str, str]


@contextmanager
def running(postgres: Postgres, folder: os.PathLike[str], origins: str = "", **more: str) -> Iterator[House]:
    """A house on a database of its own; all of it gone afterwards.

    `origins`: other addresses that lead here; `more` goes into its environment.
    """
    port, payer = free_port(), SimulatedPayer()
    threading.Thread(target=payer.serve_forever, daemon=True).start()
    own = {"HOSPITAL_PORT": str(port), "HOSPITAL_HOST": "127.0.0.1", "HOSPITAL_ORIGINS": origins}
    own["HOSPITAL_PAYER_URL"] = payer.url
    with own_hospital(postgres, **(own | more)) as (environment, ids):
        log = os.open(os.path.join(folder, "house.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        children = [
            spawn([sys.executable, "-m", "hospital_ops", "web"], log=log, env=environment, cwd=ROOT),
            spawn([sys.executable, "-c", READER], log=log, env=environment, cwd=ROOT),
        ]
        base = f"http://127.0.0.1:{port}"
        try:
            _wait(base)
            yield House(base, ids["beds"], ids["people"], environment)
        finally:
            for child in children:
                end(child)
            os.close(log)
            payer.close()


def _wait(base: str) -> None:
    until = time.monotonic() + 40
    while time.monotonic() < until:
        try:
            if requests.get(f"{base}/intake", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError("the web process did not come up")


class Line:
    """A TCP proxy: the line between phone and house, which can be cut. `set_offline` would not cut an open socket."""

    def __init__(self, port: int) -> None:
        self.port, self.to, self.whole = port, 0, True
        self.pairs: list[tuple[socket.socket, socket.socket]] = []
        self.door = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Nothing passes, and what was open is closed."""
        self.whole = False
        for pair in self.pairs:
            _close(*pair)
        self.pairs.clear()

    def mend(self) -> None:
        self.whole = True

    def close(self) -> None:
        self.cut()
        with contextlib.suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts, or the address stays taken
        self.door.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.door.accept()
                if not self.whole:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.to))
                self.pairs.append((near, far))
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _close(*ends: socket.socket) -> None:
    for end_of_line in ends:
        with contextlib.suppress(OSError):
            end_of_line.shutdown(socket.SHUT_RDWR)
        end_of_line.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    _close(source, sink)
