"""`POST /api/patient/register`: what the form takes and refuses, and what is stored of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from hospital_ops.api.patient import FIELDS
from hospital_ops.infra.db import read_session
from hospital_ops.models import Document, Patient, Registration
from tests.api.client import Api, refusal
from tests.cast import Cast, fresh
from tests.intake.photos import photo

PATH = "/api/patient/register"
FORM = {"first_name": "Ana", "last_name": "Ruiz", "dob": "1990-01-02", "insurance_policy_num": "AB-12 34"}
Sent = list[tuple[str, Any]]


def _send(api: Api, photos: dict[str, bytes] | None = None, **changed: str) -> httpx.Response:
    """The form as a program sends it; "" leaves a field out."""
    words: Sent = [(name, (None, value)) for name, value in (FORM | changed).items() if value]
    files: Sent = [(side, (f"{side}.jpg", content, "image/jpeg")) for side, content in (photos or {}).items()]
    return api.post(PATH, files=words + files)


def _count(table: Any) -> int:
    with read_session() as session:
        return len(session.exec(select(table)).all())


def test_a_form_without_photos_is_enough(cast: Cast, api: Api) -> None:
    answer = _send(api)
    assert answer.status_code == 202
    assert set(answer.json()) == {"patient_id", "status", "link"}
    patient = fresh(Patient, answer.json()["patient_id"])
    assert (patient.first_name, patient.last_name, patient.dob) == ("Ana", "Ruiz", "1990-01-02")
    assert patient.provisional  # Until the desk has confirmed.


def test_photos_are_stored_sealed_and_wait_to_be_read(cast: Cast, api: Api) -> None:
    sides = ("insurance_front", "insurance_back", "id_photo")
    answer = _send(api, {side: photo(words=side) for side in sides})
    assert answer.status_code == 202
    with read_session() as session:
        documents = session.exec(select(Document).order_by(col(Document.id))).all()
    assert [(d.side, d.status) for d in documents] == [(side, "received") for side in sides]
    assert cast.announced().count("document.received") == 3


def test_the_link_opens_this_registration_alone(cast: Cast, api: Api) -> None:
    first, second = _send(api).json(), _send(api, first_name="Bo", last_name="Lind").json()
    assert first["link"] != second["link"]
    opened = api.get(first["link"])
    assert (opened.status_code, opened.headers["location"]) == (303, "/intake")
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    own = api.get("/api/intake/link", headers={"cookie": cookie.split(";")[0]})
    assert own.json()["link"] == first["link"]


@pytest.mark.parametrize("changed", ["x", ""], ids=["another letter", "cut"])
def test_a_link_that_was_changed_opens_nothing(cast: Cast, api: Api, changed: str) -> None:
    opened = api.get(_send(api).json()["link"][:-1] + changed)
    assert opened.headers["location"] == "/intake?problem=link_unknown"
    assert "set-cookie" not in opened.headers


def test_it_may_come_without_files_as_a_plain_form(cast: Cast, api: Api) -> None:
    assert api.post(PATH, data=FORM).status_code == 202


@pytest.mark.parametrize("name", ["first_name", "last_name", "dob"])
def test_who_it_is_must_be_said(cast: Cast, api: Api, name: str) -> None:
    answer = _send(api, **{name: ""})
    assert refusal(answer) == (422, "invalid")
    assert name in answer.json()["message"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"dob": "2990-01-01"}, "date_in_future"),
        ({"dob": "1790-01-01"}, "date_too_old"),
        ({"dob": "1990-02-30"}, "bad_date"),
        ({"dob": "soon"}, "bad_date"),
        ({"first_name": "123"}, "bad_name"),
        ({"first_name": "A\0"}, "invalid"),
        ({"last_name": "x" * 121}, "invalid"),
        ({"insurance_policy_num": "?"}, "bad_policy"),
        ({"language": "tlh"}, "invalid"),
        ({"sex": "female"}, "invalid"),
        ({"insurence_front": "misspelt"}, "invalid"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_stored(
    cast: Cast, api: Api, changed: dict[str, str], code: str
) -> None:
    assert refusal(_send(api, **changed)) == (422, code)
    assert _count(Registration) == _count(Patient) == 0


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Garc\u00eda\u00a0L\u00f3pez", "Garc\u00eda L\u00f3pez"),
        ("O\u2019Neill-D\u00edaz", "O\u2019Neill-D\u00edaz"),
        ("\u6771", "\u6771"),
        ("  Ruiz ", "Ruiz"),
    ],
    ids=["hard space", "apostrophe", "one sign", "outer spaces"],
)
def test_a_name_is_kept_as_it_is_written(cast: Cast, api: Api, sent: str, kept: str) -> None:
    answer = _send(api, last_name=sent)
    assert answer.status_code == 202
    assert fresh(Patient, answer.json()["patient_id"]).last_name == kept


def test_a_field_that_comes_twice_is_refused(cast: Cast, api: Api) -> None:
    twice: Sent = [(name, (None, value)) for name, value in FORM.items()] + [("dob", (None, "1991-01-02"))]
    answer = api.post(PATH, files=twice)
    assert refusal(answer) == (422, "invalid")
    assert "dob" in answer.json()["message"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", (422, "empty_file")),
        (b"junk", (422, "not_an_image")),
        (b"x" * (10 * 1024 * 1024 + 1), (422, "too_large")),
    ],
    ids=["empty", "junk", "large"],
)
def test_one_bad_photo_refuses_all_of_it(
    cast: Cast, api: Api, stored: Callable[[], set[str]], content: bytes, expected: tuple[int, str]
) -> None:
    before = stored()
    answer = _send(api, {"insurance_front": photo(), "id_photo": content})
    assert refusal(answer) == expected
    assert _count(Registration) == _count(Document) == 0
    assert stored() == before


def test_a_photo_that_is_no_file_is_refused(cast: Cast, api: Api) -> None:
    assert refusal(_send(api, id_photo="hello")) == (422, "invalid")


def test_refusals_repeat_nothing(cast: Cast, api: Api) -> None:
    for changed in ({"dob": "Zuleika"}, {"language": "Zuleika"}, {"first_name": "Zuleika\0"}):
        assert "Zuleika" not in _send(api, **changed).text


def test_one_address_is_slowed_down(cast: Cast, api: Api) -> None:
    answers = [_send(api, dob="soon").status_code for _ in range(60)]
    assert set(answers) == {422}
    answer = _send(api)
    assert refusal(answer) == (429, "too_many")
    assert int(answer.headers["retry-after"]) > 0


def test_audit_and_event_are_written_and_carry_no_words(cast: Cast, api: Api) -> None:
    _send(api)
    [sent] = cast.audited("registration.submit")
    assert sent.facts["patient_id"]
    assert "registration.submitted" in cast.announced()
    assert cast.topics("registration.submitted") >= {"desk"}
    assert not any("Ruiz" in str(row.facts) for row in cast.audited())


def test_the_form_is_what_the_contract_says() -> None:
    contract = {
        "first_name",
        "last_name",
        "dob",
        "insurance_policy_num",
        "insurance_front",
        "insurance_back",
        "id_photo",
    }
    assert contract | {"language"} == set(FIELDS)


def test_a_form_sent_again_with_its_key_is_the_same_registration(
    cast: Cast, api: Api, stored: Callable[[], set[str]]
) -> None:
    def send(key: str, **changed: str) -> Any:
        words: Sent = [(name, (None, value)) for name, value in (FORM | changed).items()]
        files: Sent = [*words, ("id_photo", ("id.jpg", photo(), "image/jpeg"))]
        return api.post(PATH, files=files, headers={"Idempotency-Key": key})

    first, files = send("a"), stored()
    events = len(cast.announced())
    again = send("a")
    assert (again.status_code, again.json()) == (202, first.json())
    assert (len(cast.announced()), stored()) == (events, files)
    assert _count(Registration) == _count(Patient) == 1
    # Nobody has signed in, so another form under the same key must not open the first one's link.
    assert send("a", first_name="Eva").json()["link"] != first.json()["link"]
    assert send("b").json()["link"] != first.json()["link"]
