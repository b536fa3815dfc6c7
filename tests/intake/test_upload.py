"""The upload's own endpoint: each bad upload ends in its sentence, in the patient's language; nothing is stored."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlmodel import select

from hospital_ops.api import create_api
from hospital_ops.api.body_limit import MEGABYTE
from hospital_ops.config import ROOT
from hospital_ops.domain.intake_words import WORDS
from hospital_ops.infra.cookies import cookie_name
from hospital_ops.infra.db import read_session
from hospital_ops.models import Document
from hospital_ops.services.accounts import patient_session
from tests.cast import Cast
from tests.intake.conftest import Patient
from tests.intake.photos import photo

Arrive = Callable[..., Patient]
HERE = "http://127.0.0.1:3000"
OWN = {"origin": HERE}
FRONT = "/api/intake/document/insurance_front"


class Browser:
    """Speaks to the API in this process; keeps its cookies."""

    def __init__(self) -> None:
        self.cookies = httpx.Cookies()
        self.transport = httpx.ASGITransport(create_api(), client=("192.0.2.1", 50_000))

    def _call(self, method: str, path: str, **sent: Any) -> httpx.Response:
        async def once() -> httpx.Response:
            headers = OWN | sent.pop("headers", {})
            async with httpx.AsyncClient(transport=self.transport, base_url=HERE, cookies=self.cookies) as client:
                answer = await client.request(method, path, headers=headers, **sent)
            self.cookies.update(client.cookies)
            return answer

        return asyncio.run(once())

    def get(self, path: str, **sent: Any) -> httpx.Response:
        return self._call("GET", path, **sent)

    def put(self, path: str, **sent: Any) -> httpx.Response:
        return self._call("PUT", path, **sent)

    def post(self, path: str, **sent: Any) -> httpx.Response:
        return self._call("POST", path, **sent)


def browser(patient: Patient | None = None) -> Browser:
    """A browser with the patient's cookie, or with none."""
    client = Browser()
    if patient is not None:
        client.cookies.set(cookie_name(), patient_session(patient.id))
    return client


def _documents() -> list[Document]:
    with read_session() as session:
        return list(session.exec(select(Document)))


def _png(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG whose header claims a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body or zlib.compress(b"\0")) + chunk(b"IEND", b"")
    )


def _multipart(*files: tuple[str, bytes]) -> dict[str, Any]:
    return {"files": [(name, (f"{name}.jpg", content, "image/jpeg")) for name, content in files]}


JPEG = photo()
BROKEN = {"content-type": "multipart/form-data; boundary=x"}
NOT = "not_an_image"
# What is sent → the code of the sentence that comes back.
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "nothing at all": ({"content": b""}, "empty"),
    "one byte": ({"content": b"\xff"}, NOT),
    "spaces": ({"content": b" " * 100}, NOT),
    "text": ({"content": b"my card number is XYZ"}, NOT),
    "HTML": ({"content": b"<html><script>alert(1)</script></html>"}, NOT),
    "SVG": ({"content": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"}, NOT),
    "SVG with an XML head": ({"content": b"<?xml version='1.0'?><svg/>"}, NOT),
    "GIF": ({"content": photo("GIF")}, NOT),
    "BMP": ({"content": photo("BMP")}, NOT),
    "TIFF": ({"content": photo("TIFF")}, NOT),
    "ICO": ({"content": photo("ICO", size=(64, 64))}, NOT),
    "a zip": ({"content": b"PK\x03\x04" + b"\0" * 200}, NOT),
    "a program": ({"content": b"\x7fELF" + b"\0" * 200}, NOT),
    "a Windows program": ({"content": b"MZ" + b"\0" * 200}, NOT),
    "a shell script": ({"content": b"#!/bin/sh\nrm -rf /\n"}, NOT),
    "JSON": ({"content": b'{"image": "data:image/png;base64,"}'}, NOT),
    "a sound": ({"content": b"RIFF\0\0\0\0WAVEfmt "}, NOT),
    "a film": ({"content": b"\0\0\0\x18ftypmp42" + b"\0" * 200}, NOT),
    "a zip before a JPEG": ({"content": b"PK\x03\x04" + JPEG}, NOT),
    "a JPEG after one byte": ({"content": b"\0" + JPEG}, NOT),
    "a JPEG's first bytes only": ({"content": JPEG[:4]}, "damaged"),
    "a JPEG's head and noise": ({"content": b"\xff\xd8\xff\xe0" + b"noise" * 50}, "damaged"),
    "a PNG's head alone": ({"content": b"\x89PNG\r\n\x1a\n"}, "damaged"),
    "a WebP's head alone": ({"content": b"RIFF\x10\0\0\0WEBPVP8 "}, "damaged"),
    "a HEIC's head alone": ({"content": b"\0\0\0\x18ftypheic" + b"\0" * 20}, "damaged"),
    "a small file of 121 megapixels": ({"content": _png(11_000, 11_000)}, "too_many_pixels"),
    "a picture of 4 gigapixels": ({"content": _png(65_535, 65_535)}, "too_many_pixels"),
    "a line of pixels": ({"content": _png(20_000, 1)}, "too_small"),
    "a thumbnail": ({"content": photo(size=(32, 20))}, "too_small"),
    "a photo of eleven megabytes": ({"content": JPEG + b"\0" * (10 * MEGABYTE)}, "too_large"),
    "a form without a photo": ({"data": {"note": "hello"}, "files": {}}, NOT),
    "a form with only words": ({"files": {"note": (None, "hello")}}, "no_photo"),
    "a form with two photos": (_multipart(("front", JPEG), ("back", JPEG)), "two_photos"),
    "a form with three photos": (_multipart(("a", JPEG), ("b", JPEG), ("c", JPEG)), "two_photos"),
    "a form with an empty photo": (_multipart(("front", b"")), "empty"),
    "a form with an SVG named .jpg": (_multipart(("front", b"<svg/>")), NOT),
    "a form that breaks off": ({"content": b"--x\r\nContent-Disp", "headers": BROKEN}, "no_photo"),
    "a form without a boundary": ({"content": JPEG, "headers": {"content-type": "multipart/form-data"}}, "broken_form"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize(("language", "column"), [("en", 0), ("es", 1)])
def test_each_bad_upload_gets_its_sentence(
    arrive: Arrive, stored: Callable[[], set[str]], case: str, language: str, column: int
) -> None:
    sent, code = BAD[case]
    patient, before = arrive(language), stored()
    answer = browser(patient).put(f"{FRONT}?language={language}", **sent)
    assert answer.status_code == 422
    assert answer.json() == {"code": code, "message": WORDS[f"upload.{code}"][column]}
    assert stored() == before
    assert _documents() == []


def test_there_are_at_least_thirty_and_the_docs_tell_them_all() -> None:
    assert len(BAD) >= 30
    told = (ROOT / "docs" / "intake.md").read_text()
    for case, (_, code) in BAD.items():
        assert f"| {case} | `{code}` | {WORDS[f'upload.{code}'][0]} |" in told


def test_a_body_beyond_the_limit_is_refused_by_its_stated_length(arrive: Arrive) -> None:
    answer = browser(arrive()).put(FRONT, content=b"\xff\xd8\xff" + b"\0" * (12 * MEGABYTE))
    assert answer.status_code == 413


def test_an_unknown_side_is_refused(arrive: Arrive) -> None:
    answer = browser(arrive()).put("/api/intake/document/passport?language=es", content=JPEG)
    assert answer.json()["code"] == "no_such_side"


def test_a_photo_is_taken_raw_and_by_form(arrive: Arrive) -> None:
    client = browser(arrive())
    assert client.put(FRONT, content=JPEG, headers={"content-type": "image/jpeg"}).status_code == 202
    answer = client.post("/api/intake/document/insurance_back", **_multipart(("file", JPEG)))
    assert answer.status_code == 202
    assert {row.side for row in _documents()} == {"insurance_front", "insurance_back"}


def test_a_photo_for_another_registration_is_not_taken(arrive: Arrive) -> None:
    """Two tabs, one phone: what is taken in the first is not laid to the one that the second has opened since."""
    first, second = arrive(), arrive("es")
    client = browser(second)
    answer = client.put(f"{FRONT}?language=es&registration={first.id}", content=JPEG)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_registration")
    assert answer.json()["message"] == WORDS["refused.other_registration"][1]
    assert _documents() == []
    assert client.put(f"{FRONT}?registration={second.id}", content=JPEG).status_code == 202


def test_without_a_cookie_or_from_another_site_nothing_is_taken(arrive: Arrive) -> None:
    patient = arrive()
    assert browser().put(FRONT, content=JPEG).status_code == 401
    answer = browser(patient).put(FRONT, content=JPEG, headers={"origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "other_origin")
    assert _documents() == []


def test_another_patients_picture_is_not_there(arrive: Arrive) -> None:
    mine, theirs = arrive(), arrive()
    number = browser(theirs).put(FRONT, content=JPEG).json()["id"]
    for path in (f"/api/intake/document/{number}/image", f"/api/intake/document/{number}/again"):
        call = browser(mine).get if path.endswith("image") else browser(mine).post
        assert call(path).status_code == 404


def test_staff_cannot_upload_as_a_patient(cast: Cast, arrive: Arrive) -> None:
    from hospital_ops.services.accounts import sign_in
    from tests.cast import PASSWORD

    client = browser()
    client.cookies.set(cookie_name(), sign_in("desk", PASSWORD, address="192.0.2.1").token)
    assert client.put(FRONT, content=JPEG).status_code == 403


# --- the link and the start ------------------------------------------------------------------------------------------


def test_a_link_sets_the_cookie_and_leads_to_the_page(arrive: Arrive) -> None:
    patient = arrive()
    client = browser()
    answer = client.get(f"/api/intake/open/{patient.token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/intake")
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert client.put(FRONT, content=JPEG).status_code == 202
    assert _documents()[0].registration_id == patient.id


def test_a_wrong_link_leads_to_a_sentence_and_sets_nothing(db: None) -> None:
    answer = browser().get(f"/api/intake/open/{'A' * 43}")
    assert answer.headers["location"] == "/intake?problem=link_unknown"
    assert "set-cookie" not in answer.headers


def test_a_new_registration_starts_from_our_own_page_only(cast: Cast) -> None:
    assert browser().post("/api/intake/start", data={"language": "es"}).headers["location"] == "/intake"
    foreign = browser().post("/api/intake/start", data={}, headers={"origin": "https://evil.example"})
    assert foreign.headers["location"] == "/intake?problem=other_site"
    assert cast.announced().count("registration.started") == 1


def test_the_page_shows_its_own_link(arrive: Arrive) -> None:
    patient = arrive()
    assert browser(patient).get("/api/intake/link").json()["link"].endswith(patient.token)
    assert browser(patient).post(f"/api/intake/link/{patient.id}").status_code == 403
