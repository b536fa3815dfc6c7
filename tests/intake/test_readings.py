"""Reading a card, once: whatever dies on the way, one reading, no raw upload, and a sentence for the patient."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import select

from hospital_ops.domain.access import WORKER
from hospital_ops.domain.documents import ExtractedField, Reading, Side, Verdict
from hospital_ops.domain.errors import NotAllowed
from hospital_ops.infra import files
from hospital_ops.infra.db import read_session
from hospital_ops.models import Document, DocumentField
from hospital_ops.queries.intake import registration_value
from hospital_ops.services import documents, intake, readings
from hospital_ops.services.leftovers import tidy
from tests.cast import Cast, fresh
from tests.intake.conftest import Patient
from tests.intake.photos import photo
from workers import documents as worker

Arrive = Callable[..., Patient]
FRONT = Side.INSURANCE_FRONT


def _found(value: str, *, unsure: bool = False) -> ExtractedField:
    return ExtractedField(value, 0.62 if unsure else 0.99, unsure, "rapidocr", (1, 2, 3, 4))


READ = Reading(Verdict.READ, fields={"member_id": _found("XYZ1234567"), "payer": _found("Blue Harbor Health")})


@pytest.fixture
def card(arrive: Arrive) -> tuple[Patient, int]:
    patient = arrive()
    return patient, documents.receive(patient.actor, patient.id, FRONT, photo())


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """A reader that reads READ, and what it was given."""
    given: list[bytes] = []

    def read(picture: bytes, side: str) -> Reading:
        given.append(picture)
        return READ

    monkeypatch.setattr(worker, "_read_card", read)
    return given


def _fields(document_id: int) -> dict[str, str | None]:
    with read_session() as session:
        found = session.exec(select(DocumentField).where(DocumentField.document_id == document_id))
        return {row.name: row.value for row in found}


def _card(patient: Patient) -> dict[str, object]:
    value = registration_value(patient.id)
    assert value is not None
    found: dict[str, object] = value["documents"][0]
    return found


def test_a_card_is_cleaned_read_and_its_upload_destroyed(
    cast: Cast, card: tuple[Patient, int], reads: list[bytes], stored: Callable[[], set[str]]
) -> None:
    patient, number = card
    raw = fresh(Document, number).raw_file
    worker.read_document(7, {"document_id": number})
    row = fresh(Document, number)
    assert (row.status, row.raw_file) == ("read", None)
    assert raw not in stored()
    assert row.clean_file in stored()
    assert _fields(number) == {"member_id": "XYZ1234567", "payer": "Blue Harbor Health"}
    assert documents.picture(patient.actor, number)[:3] == b"\xff\xd8\xff"
    assert cast.audited("document.view")[-1].subject_id == number


def test_the_same_event_twice_reads_once(cast: Cast, card: tuple[Patient, int], reads: list[bytes]) -> None:
    for _ in range(2):
        worker.read_document(7, {"document_id": card[1]})
    assert len(reads) == 1
    assert cast.announced().count("document.read") == 1


def test_a_worker_killed_before_reading_leaves_nothing_twice(card: tuple[Patient, int], reads: list[bytes]) -> None:
    job = readings.begin_reading(card[1])  # Killed here: the lock is gone with its connection.
    assert job is not None
    worker.read_document(8, {"document_id": card[1]})
    assert fresh(Document, card[1]).status == "read"
    assert not readings.finish_reading(job, READ)  # The dead one's late word changes nothing.


def test_a_worker_killed_after_cleaning_does_not_clean_again(
    card: tuple[Patient, int], reads: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = readings.begin_reading(card[1])
    assert job is not None
    readings.keep_clean(job, photo(), 640, 400)
    monkeypatch.setattr(worker, "clean_picture", lambda raw: pytest.fail("cleaned twice"))
    worker.read_document(8, {"document_id": card[1]})
    assert fresh(Document, card[1]).status == "read"


def test_one_living_worker_at_a_time(database: str, db: None, card: tuple[Patient, int]) -> None:
    with readings.claim(card[1]) as first, readings.claim(card[1]) as second:
        assert first is not None
        assert second is None


def test_a_photo_replaced_meanwhile_is_not_written_down(card: tuple[Patient, int]) -> None:
    patient, number = card
    job = readings.begin_reading(number)
    assert job is not None
    documents.receive(patient.actor, patient.id, FRONT, photo(words="newer"))
    assert not readings.keep_clean(job, photo(), 640, 400)
    assert not readings.finish_reading(job, READ)
    assert _fields(number) == {}


def test_a_reader_that_breaks_is_tried_again_and_then_said(
    cast: Cast, card: tuple[Patient, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    patient, number = card

    def broken(picture: bytes, side: str) -> Reading:
        raise RuntimeError("the reader broke")

    monkeypatch.setattr(worker, "_read_card", broken)
    for event_id in range(readings.MOST_ATTEMPTS):
        worker.read_document(event_id, {"document_id": number})
    assert fresh(Document, number).status == "failed"
    assert str(_card(patient)["sentence"]).startswith("Something went wrong with reading")
    documents.retry_reading(patient.actor, number)
    assert fresh(Document, number).status == "received"


def test_bytes_that_are_no_picture_end_in_a_sentence(arrive: Arrive, stored: Callable[[], set[str]]) -> None:
    patient = arrive("es")
    number = documents.receive(patient.actor, patient.id, FRONT, photo()[:-900] + b"\0" * 100)
    worker.read_document(1, {"document_id": number})
    row = fresh(Document, number)
    assert (row.status, row.raw_file) == ("unreadable", None)
    assert _card(patient)["sentence"] == "La foto llegó dañada. Por favor envíela de nuevo."


def test_a_lost_file_ends_in_a_sentence(card: tuple[Patient, int]) -> None:
    files.destroy(fresh(Document, card[1]).raw_file or "")
    worker.read_document(1, {"document_id": card[1]})
    assert _card(card[0])["sentence"] == "The photo arrived damaged. Please send it again."


def test_leftovers_are_tidied(card: tuple[Patient, int], stored: Callable[[], set[str]]) -> None:
    patient, number = card
    documents.receive(patient.actor, patient.id, FRONT, photo(words="newer"))
    old = fresh(Document, number).raw_file
    assert tidy(WORKER)["raw"] == 1
    assert old not in stored()


def test_only_the_worker_reads(cast: Cast, card: tuple[Patient, int]) -> None:
    for actor in (card[0].actor, cast.desk, cast.admin):
        with pytest.raises(NotAllowed):
            readings.begin_reading(card[1], actor=actor)


# --- what was read beside what was typed -----------------------------------------------------------------------------


def _read(patient: Patient, number: int, **fields: ExtractedField) -> None:
    job = readings.begin_reading(number)
    assert job is not None
    readings.finish_reading(job, Reading(Verdict.UNSURE, fields=fields))


@pytest.mark.parametrize(
    ("typed", "read", "unsure", "agreement"),
    [
        ("XYZ-12 34 567", "XYZ1234567", True, "agrees"),
        ("XYZ1234567", "XYZ1234568", False, "ask"),
        ("", "XYZ1234567", False, "offer"),
        ("", "XYZ1234567", True, "ask"),
    ],
)
def test_agreement_confirms_and_disagreement_asks(
    card: tuple[Patient, int], typed: str, read: str, unsure: bool, agreement: str
) -> None:
    patient, number = card
    patient.fill(has_insurance="yes", insurance_policy_num=typed)
    _read(patient, number, member_id=_found(read, unsure=unsure))
    field = _card(patient)["fields"][0]  # type: ignore[index]
    assert field["agreement"] == agreement


def test_nothing_read_becomes_an_answer_by_itself(card: tuple[Patient, int]) -> None:
    patient, number = card
    _read(patient, number, member_id=_found("XYZ1234567"))
    assert registration_value(patient.id)["answers"]["insurance_policy_num"] == ""  # type: ignore[index]
    intake.settle(patient.actor, patient.id, number, "member_id", use_card=True)
    assert registration_value(patient.id)["answers"]["insurance_policy_num"] == "XYZ1234567"  # type: ignore[index]


def test_keeping_ones_own_answer_ends_the_question(card: tuple[Patient, int]) -> None:
    patient, number = card
    patient.fill(insurance_policy_num="ABC999")
    _read(patient, number, member_id=_found("ABC998"))
    intake.settle(patient.actor, patient.id, number, "member_id", use_card=False)
    field = _card(patient)["fields"][0]  # type: ignore[index]
    assert (field["agreement"], field["asks"]) == ("kept", False)
