"""The worker with the real reader and real processes: a card read whole, and a worker killed in the middle of one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from hospital_ops.config import ROOT
from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.documents import Side, comparable
from hospital_ops.infra.db import read_session
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.models import AuditEntry, Document, DocumentField
from hospital_ops.services import documents, intake
from tests.cast import fresh
from tests.intake.conftest import Patient
from tests.intake.photos import photo
from tests.own_hospital import inside, own_hospital
from workers import documents as worker

CARDS = Path(__file__).resolve().parent.parent / "data" / "cards"


def _read_fields(number: int) -> dict[str, str]:
    with read_session() as session:
        found = session.exec(select(DocumentField).where(DocumentField.document_id == number))
        return {row.name: row.value or "" for row in found}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["front_maria.jpg", "front_james_upside_down.jpg", "id_maria.jpg", "not_a_card.jpg"])
def test_a_card_is_read_by_the_real_reader(arrive: object, name: str) -> None:
    truth = json.loads((CARDS / "truth.json").read_text()).get(name, {})
    side = Side(truth.get("side", "insurance_front"))
    patient: Patient = arrive()  # type: ignore[operator]
    number = documents.receive(patient.actor, patient.id, side, (CARDS / name).read_bytes())
    worker.read_document(1, {"document_id": number})
    row = fresh(Document, number)
    if name == "not_a_card.jpg":
        assert row.status in {"not_a_card", "unreadable"}
        return
    assert row.status in {"read", "unsure"}
    assert row.raw_file is None
    key = "id_number" if side is Side.ID_PHOTO else "member_id"
    assert comparable(key, _read_fields(number)[key]) == comparable(key, truth["fields"][key])


@pytest.fixture
def real(servers: tuple[Postgres, Valkey]) -> Iterator[tuple[Actor, int]]:
    """A registration that other processes see too: committed, in a database of its own."""
    with own_hospital(servers[0]) as (environment, _), inside(environment):
        started = intake.start()
        yield Actor(Role.PATIENT, "patient", registration_id=started.registration_id), started.registration_id


# A worker that has begun, stored the clean picture, and then reads for a long time.
SLOW = """
import sys, time
from workers import documents
documents._read_card = lambda picture, side: (print("reading", flush=True), time.sleep(60))
documents.read_document(1, {"document_id": int(sys.argv[1])})
"""


def test_kill_9_in_the_middle_leaves_one_reading(real: tuple[Actor, int], monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.intake.test_readings import READ

    patient, registration_id = real
    number = documents.receive(patient, registration_id, Side.INSURANCE_FRONT, photo())
    child = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(number)], cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child, child.stdout:
        assert child.stdout.readline() == "reading\n"
        given: list[bytes] = []
        monkeypatch.setattr(worker, "_read_card", lambda picture, side: given.append(picture) or READ)
        worker.read_document(1, {"document_id": number})
        assert given == []  # Somebody living reads it.
        child.send_signal(signal.SIGKILL)
        child.wait()
    until = time.monotonic() + 5
    while not given and time.monotonic() < until:  # The server notices the dead connection in a moment.
        worker.read_document(1, {"document_id": number})
        time.sleep(0.05)
    worker.read_document(1, {"document_id": number})
    assert len(given) == 1
    assert fresh(Document, number).status == "read"
    assert fresh(Document, number).raw_file is None
    with read_session() as session:
        read = session.exec(select(AuditEntry).where(AuditEntry.action == "document.finish_reading"))
        assert [entry.subject_id for entry in read].count(number) == 1
