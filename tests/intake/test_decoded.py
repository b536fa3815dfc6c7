"""What only decoding finds: accepted by its header, opened in the worker's contained child, and ended in a sentence there."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from hospital_ops.config import ROOT
from hospital_ops.domain.documents import Reading, Side, Verdict
from hospital_ops.domain.intake_words import WORDS
from hospital_ops.models import Document
from hospital_ops.queries.intake import registration_value
from hospital_ops.services import documents
from tests.cast import fresh
from tests.intake.conftest import Patient
from tests.intake.photos import photo
from workers import documents as worker

Arrive = Callable[..., Patient]
FRONT = Side.INSURANCE_FRONT
CARD = Path(__file__).resolve().parent.parent / "data" / "cards" / "front_maria.jpg"


def _pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, with its table of where they are."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start)
    return bytes(out)


PAGES = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>"
LOCK = b"<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -4>>"
ID = b"<" + b"00" * 16 + b">"
LOCKED = _pdf(*PAGES, PAGE, LOCK, trailer=b"/Encrypt 4 0 R/ID[" + ID + ID + b"]")

# What is sent, and accepted → the code of the sentence that the patient's page then shows.
BAD: dict[str, tuple[bytes, str]] = {
    "half of a JPEG": (CARD.read_bytes()[:20_000], "damaged"),
    "half of a PNG": (photo("PNG", words="half" * 20)[:-300], "damaged"),
    "half of a HEIC": (photo("HEIF", words="half" * 20)[:-200], "damaged"),
    "a PDF in name only": (b"%PDF-1.7 nothing follows", "damaged"),
    "a PDF without a page": (_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"), "damaged"),
    "a PDF with a password": (LOCKED, "locked"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize(("language", "column"), [("en", 0), ("es", 1)])
def test_each_ends_in_its_sentence_and_its_upload_is_destroyed(
    arrive: Arrive, stored: Callable[[], set[str]], case: str, language: str, column: int
) -> None:
    content, code = BAD[case]
    patient, before = arrive(language).fill(first_name="Maria"), stored()
    number = documents.receive(patient.actor, patient.id, FRONT, content, language=language)
    worker.read_document(1, {"document_id": number})
    row = fresh(Document, number)
    assert (row.status, row.raw_file, row.clean_file) == ("unreadable", None, None)
    assert stored() == before
    value = registration_value(patient.id)
    assert value is not None
    assert value["documents"][0]["sentence"] == WORDS[f"upload.{code}"][column]
    assert value["answers"]["first_name"] == "Maria"  # Nothing lost.


def test_the_docs_tell_them_all() -> None:
    told = (ROOT / "docs" / "intake.md").read_text()
    for case, (_, code) in BAD.items():
        assert f"| {case} | `{code}` | {WORDS[f'upload.{code}'][0]} |" in told


# Two things at once: what a picture also is does not come through.
DOUBLE: dict[str, bytes] = {
    "a JPEG that is a page too": photo() + b"<html><script>alert(1)</script></html>",
    "a JPEG that is a zip too": photo() + b"PK\x03\x04" + b"\0" * 26 + b"evil.exe",
    "a PNG that is a script too": photo("PNG") + b"\n#!/bin/sh\nrm -rf /\n",
    "a JPEG with a page in its comment": photo(comment=b"<script>alert(1)</script>"),
    "a WebP that is a program too": photo("WEBP") + b"\x7fELF",
}


@pytest.mark.parametrize("case", DOUBLE)
def test_what_a_picture_also_is_does_not_come_through(
    arrive: Arrive, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.setattr(worker, "_read_card", lambda picture, side: Reading(Verdict.NOT_A_CARD))
    patient = arrive()
    number = documents.receive(patient.actor, patient.id, FRONT, DOUBLE[case])
    worker.read_document(1, {"document_id": number})
    clean = documents.picture(patient.actor, number)
    assert not any(mark in clean for mark in (b"script", b"PK\x03\x04", b"#!/bin", b"\x7fELF"))
    with Image.open(io.BytesIO(clean)) as picture:
        assert picture.format == "JPEG"
