"""A registration by program, from the form to the desk: real web process, relay, worker and card reader."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from hospital_ops.domain.documents import comparable
from hospital_ops.infra import launch
from hospital_ops.infra.embedded import Postgres, Valkey
from tests.own_hospital import run
from tests.web_process import Web, serving

pytestmark = pytest.mark.slow
CARDS = Path(__file__).resolve().parent.parent / "data" / "cards"
TRUTH = json.loads((CARDS / "truth.json").read_text())
PHOTOS = {"insurance_front": "front_maria.jpg", "insurance_back": "back_maria.jpg", "id_photo": "id_maria.jpg"}
FORM = {
    "first_name": "Quillonia",
    "last_name": "Vexmoor",
    "dob": "1957-03-14",
    "insurance_policy_num": "XQH884217190",
}
# What the desk sees, once nothing is being read any more; and what the patient sees behind the link.
WATCH = """
import json, sys, time
from sqlmodel import select
from hospital_ops.infra.db import read_session
from hospital_ops.models import Document, Patient, Registration
from hospital_ops.queries.desk import desk_value
from hospital_ops.queries.intake import registration_value
patient_id, until = int(sys.argv[1]), time.monotonic() + 150
while True:
    [row] = desk_value()["queue"]
    if row["state"] == "ready" or time.monotonic() > until:
        break
    time.sleep(0.2)
with read_session() as session:
    registration = session.exec(select(Registration).where(Registration.patient_id == patient_id)).one()
    patient = session.get_one(Patient, patient_id)
    raw = [document.raw_file for document in session.exec(select(Document))]
print(json.dumps({
    "row": row,
    "shown": registration_value(registration.id),
    "policy": patient.insurance_policy_num,
    "provisional": patient.provisional,
    "raw": raw,
}))
"""


@pytest.fixture(scope="module")
def house(servers: tuple[Postgres, Valkey], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A web process, and beside it the worker and the relay that `up` starts."""
    logs = tmp_path_factory.mktemp("house")
    # Another queue than that of a worker which other tests may have left messages for.
    redis = servers[1].url.rsplit("/", 1)[0] + "/5"
    with serving(servers[0], logs / "web.log", HOSPITAL_REDIS_URL=redis) as web:
        plans = [plan for plan in launch.PROGRAMS if plan.name in {"worker", "relay"}]
        programs = [launch.program(plan, web.environment, logs) for plan in plans]
        for program in programs:
            program.begin()
        try:
            yield web
        finally:
            for program in reversed(programs):
                program.stop()


@pytest.fixture(scope="module")
def registered(house: Web) -> dict[str, Any]:
    """What the call answered, within a second or two: nobody waits for the reading of a card."""
    files = {side: (name, (CARDS / name).read_bytes(), "image/jpeg") for side, name in PHOTOS.items()}
    answer = requests.post(f"{house.base}/api/patient/register", data=FORM, files=files, timeout=20)
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = answer.json()
    assert told["status"] == "submitted"
    return told


@pytest.fixture(scope="module")
def seen(house: Web, registered: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(house.environment, WATCH, str(registered["patient_id"])).splitlines()[-1])
    return told


def test_the_link_opens_the_registration_on_a_phone(house: Web, registered: dict[str, Any]) -> None:
    with requests.Session() as phone:
        opened = phone.get(registered["link"], allow_redirects=False, timeout=20)
        assert (opened.status_code, opened.headers["location"]) == (303, "/intake")
        assert "HttpOnly" in opened.headers["set-cookie"]
        own = phone.get(f"{house.base}/api/intake/link", timeout=20)
    assert own.json() == {"link": registered["link"]}


def test_the_desk_sees_the_arrival_with_its_cards_read(seen: dict[str, Any]) -> None:
    row = seen["row"]
    assert (row["who"], row["status"], row["state"]) == ("Quillonia Vexmoor", "submitted", "ready")
    assert {document["side"] for document in row["documents"]} == set(PHOTOS)
    assert {document["status"] for document in row["documents"]} <= {"read", "unsure"}


@pytest.mark.parametrize(
    ("side", "field"),
    [
        ("insurance_front", "member_id"),
        ("insurance_front", "group_number"),
        ("id_photo", "id_number"),
        ("id_photo", "dob"),
    ],
)
def test_what_stands_on_the_cards_was_read(seen: dict[str, Any], side: str, field: str) -> None:
    [card] = [document for document in seen["shown"]["documents"] if document["side"] == side]
    read = {told["name"]: told["value"] for told in card["fields"]}
    assert comparable(field, read[field]) == comparable(field, TRUTH[PHOTOS[side]]["fields"][field])


def test_nothing_that_was_read_is_a_fact_yet_and_the_photos_as_they_came_are_gone(seen: dict[str, Any]) -> None:
    assert seen["policy"] == FORM["insurance_policy_num"]
    assert seen["provisional"]
    assert seen["raw"] == [None, None, None]


def test_no_log_holds_the_patients_words_or_the_link(
    house: Web, registered: dict[str, Any], seen: dict[str, Any]
) -> None:
    words = [*FORM.values(), "SANDOVAL", "TK482915", registered["link"].rsplit("/", 1)[1]]
    logs = [path for path in house.log.parent.iterdir() if path.suffix == ".log"]
    assert len(logs) == 3
    for log in logs:
        assert os.path.getsize(log) > 0, log
        kept = log.read_text(errors="replace").upper()
        assert [word for word in words if word.upper() in kept] == [], log
