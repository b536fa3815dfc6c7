"""Photos: accepted by their header, kept encrypted, replaced, counted once; every bad one ends in a sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import ImageFile
from sqlmodel import select

from hospital_ops.domain.documents import DocumentStatus, Side
from hospital_ops.domain.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from hospital_ops.infra import files
from hospital_ops.infra.db import read_session
from hospital_ops.models import Document
from hospital_ops.queries.intake import registration_value
from hospital_ops.services import arrivals, documents, intake
from tests.cast import Cast, fresh
from tests.intake.conftest import ANSWERS, Patient
from tests.intake.photos import photo

Arrive = Callable[..., Patient]
FRONT = Side.INSURANCE_FRONT


def _all(registration_id: int) -> list[Document]:
    with read_session() as session:
        found = select(Document).where(Document.registration_id == registration_id)
        return sorted(session.exec(found), key=lambda row: row.id or 0)


def test_a_photo_is_received_announced_and_encrypted(cast: Cast, arrive: Arrive) -> None:
    patient, content = arrive(), photo(words="SANDOVAL")
    number = documents.receive(patient.actor, patient.id, FRONT, content)
    row = fresh(Document, number)
    assert row.raw_file is not None
    assert files.load(row.raw_file) == content
    on_disk = (files.folder() / row.raw_file[:2] / row.raw_file).read_bytes()
    assert content[:64] not in on_disk
    assert cast.announced().count("document.received") == 1
    assert registration_value(patient.id)["documents"][0]["sentence"].startswith("We have your photo")  # type: ignore[index]


def test_accepting_a_large_photo_decodes_no_pixel(arrive: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why it takes milliseconds; `hospital bench accept` says how many."""
    patient, content = arrive(), photo(size=(4000, 3000)) + b"\0" * 8_000_000
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("a pixel was decoded"))
    assert documents.receive(patient.actor, patient.id, FRONT, content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_each_kind_of_photo_is_accepted(arrive: Arrive, kind: str) -> None:
    patient = arrive()
    assert documents.receive(patient.actor, patient.id, FRONT, photo(kind))


def test_the_same_photo_twice_is_one(cast: Cast, arrive: Arrive, stored: Callable[[], set[str]]) -> None:
    patient, content = arrive(), photo()
    first = documents.receive(patient.actor, patient.id, FRONT, content)
    before = stored()
    assert documents.receive(patient.actor, patient.id, FRONT, content) == first
    assert stored() == before
    assert cast.announced().count("document.received") == 1


def test_a_newer_photo_replaces_the_older(cast: Cast, arrive: Arrive) -> None:
    patient = arrive()
    documents.receive(patient.actor, patient.id, FRONT, photo(words="one"))
    newer = documents.receive(patient.actor, patient.id, FRONT, photo(words="two"))
    assert [row.status for row in _all(patient.id)] == ["replaced", "received"]
    assert registration_value(patient.id)["documents"][0]["id"] == newer  # type: ignore[index]
    assert "document.replaced" in cast.announced()


def test_front_and_back_stand_beside_each_other(arrive: Arrive) -> None:
    patient, content = arrive(), photo()
    documents.receive(patient.actor, patient.id, FRONT, content)
    documents.receive(patient.actor, patient.id, Side.INSURANCE_BACK, content)
    assert [row.status for row in _all(patient.id)] == ["received", "received"]


def test_a_refused_photo_leaves_nothing(arrive: Arrive, stored: Callable[[], set[str]]) -> None:
    patient, before = arrive(), stored()
    with pytest.raises(Invalid, match="not a photo that we can open"):
        documents.receive(patient.actor, patient.id, FRONT, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert stored() == before
    assert _all(patient.id) == []


def test_too_late_leaves_nothing(cast: Cast, arrive: Arrive, stored: Callable[[], set[str]]) -> None:
    patient = arrive(sent=True)
    arrivals.confirm(cast.desk, patient.id, ANSWERS)
    before = stored()
    with pytest.raises(Conflict, match="already confirmed"):
        documents.receive(patient.actor, patient.id, FRONT, photo())
    assert stored() == before


def test_very_many_photos_are_enough(arrive: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_PHOTOS", 2)
    patient = arrive()
    for words in ("one", "two"):
        documents.receive(patient.actor, patient.id, FRONT, photo(words=words))
    with pytest.raises(TooMany, match="very many photos"):
        documents.receive(patient.actor, patient.id, FRONT, photo(words="three"))


def test_another_patients_registration_takes_no_photo_of_mine(arrive: Arrive) -> None:
    mine, theirs = arrive(), arrive()
    with pytest.raises(NotFound):
        documents.receive(mine.actor, theirs.id, FRONT, photo())


@pytest.mark.parametrize("name", ["nurse", "manager", "admin", "hanna", "feed"])
def test_other_roles_see_no_card(cast: Cast, arrive: Arrive, name: str) -> None:
    patient = arrive()
    number = documents.receive(patient.actor, patient.id, FRONT, photo())
    with pytest.raises(NotAllowed):
        documents.picture(cast.as_actor(name), number)


def test_a_raw_upload_is_never_shown(cast: Cast, arrive: Arrive) -> None:
    patient = arrive()
    number = documents.receive(patient.actor, patient.id, FRONT, photo())
    for actor in (patient.actor, cast.desk):
        with pytest.raises(NotFound, match="not ready"):
            documents.picture(actor, number)


def test_a_form_with_a_bad_photo_registers_nobody(cast: Cast, stored: Callable[[], set[str]]) -> None:
    values, before = {name: ANSWERS[name] for name in ("first_name", "last_name", "dob")}, stored()
    with pytest.raises(Invalid):
        intake.register_by_form(values, {FRONT: photo(), Side.ID_PHOTO: b"GIF89a"})
    assert stored() == before
    assert "registration.started" not in cast.announced()


def test_a_form_takes_its_photos_along(cast: Cast) -> None:
    values = {name: ANSWERS[name] for name in ("first_name", "last_name", "dob")}
    made = intake.register_by_form(values, {FRONT: photo(), Side.ID_PHOTO: photo(words="id")})
    assert {row.status for row in _all(made.registration_id)} == {DocumentStatus.RECEIVED.value}
    assert len(_all(made.registration_id)) == 2
