"""Every error is {"code", "message"}, whatever is sent and whatever breaks, and repeats nothing that was sent."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from hospital_ops.api.errors import STATUS, status_of
from hospital_ops.domain import errors
from hospital_ops.queries import board
from tests.api.client import Api, refusal
from tests.cast import Cast

JSON = {"content-type": "application/json"}
DASHBOARD = "/api/beds/dashboard"


@pytest.mark.parametrize(
    ("method", "path", "expected", "allow"),
    [
        ("GET", "/api", (404, "not_found"), None),
        ("GET", "/api/", (404, "not_found"), None),
        ("GET", "/api/nothing", (404, "not_found"), None),
        ("BREW", "/api/nothing", (404, "not_found"), None),
        ("GET", "/api/beds/dashboard/", (404, "not_found"), None),
        ("POST", "/api/%00%ff", (404, "not_found"), None),
        ("GET", "/api/tasks", (405, "method_not_allowed"), "POST"),
        ("DELETE", DASHBOARD, (405, "method_not_allowed"), "GET"),
        ("BREW", DASHBOARD, (405, "method_not_allowed"), "GET"),
        ("TRACE", "/api/health", (405, "method_not_allowed"), "GET, HEAD"),
        ("OPTIONS", "/api/tasks/7/complete", (405, "method_not_allowed"), "PUT"),
    ],
)
def test_no_such_address_or_method(
    api: Api, method: str, path: str, expected: tuple[int, str], allow: str | None
) -> None:
    answer = api.call(method, path)
    assert refusal(answer) == expected
    assert answer.headers.get("allow") == allow


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"username": ', b"\xff\xfe", b"[" * 30_000, b'{"username": ' + b"9" * 5_000 + b"}", b"nonsense"],
    ids=["cut", "cut value", "no utf-8", "deep", "long number", "no json"],
)
def test_a_body_that_is_no_json(api: Api, content: bytes) -> None:
    answer = api.post("/api/login", content=content, headers=JSON)
    assert refusal(answer) == (400, "bad_request")


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"7", b'"text"', b"{}"])
def test_json_that_is_not_what_is_asked_for(api: Api, content: bytes) -> None:
    assert refusal(api.post("/api/login", content=content, headers=JSON)) == (422, "invalid")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_a_body_of_another_kind(api: Api, kind: str) -> None:
    answer = api.post("/api/login", content=b'{"username": "a", "password": "b"}', headers={"content-type": kind})
    assert refusal(answer) == (415, "unsupported_media_type")
    assert "application/json" in answer.json()["message"]


def test_json_where_a_form_is_asked_for(api: Api) -> None:
    answer = api.post("/api/patient/register", json={"first_name": "Ana"})
    assert refusal(answer) == (415, "unsupported_media_type")
    assert "multipart/form-data" in answer.json()["message"]


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_the_kind_is_read_as_it_may_be_written(api: Api, kind: str) -> None:
    answer = api.post("/api/login", content=b"{}", headers={"content-type": kind})
    assert refusal(answer) == (422, "invalid")


@pytest.mark.parametrize("path", ["/api/tasks", "/api/login", "/api/nothing"])
def test_a_body_that_is_too_large(api: Api, path: str) -> None:
    assert refusal(api.post(path, content=b"x" * 70_000, headers=JSON)) == (413, "too_large")


def test_a_body_that_grows_too_large_on_the_way(api: Api) -> None:
    async def pieces() -> Any:
        for _ in range(20):
            yield b"x" * 5_000

    assert refusal(api.post("/api/login", content=pieces(), headers=JSON)) == (413, "too_large")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "Bearer", "\u00e4"])
def test_a_token_that_is_none(api: Api, token: str) -> None:
    headers = [(b"authorization", f"Bearer {token}".encode())]
    answer = api.get(DASHBOARD, headers=headers)
    assert refusal(answer) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_what_was_sent_is_never_repeated(api: Api) -> None:
    sent = {"username": {"Maria": "Sandoval"}, "password": ["Sandoval"], "Sandoval-not-known": "Maria"}
    told = api.post("/api/login", json=sent).text
    assert "Maria" not in told
    assert "password" not in told.replace("“password”", "")


@pytest.mark.parametrize("broken", [ValueError("Maria Sandoval"), KeyError("Maria"), RecursionError("Maria")])
def test_what_breaks_gives_a_number_and_no_word_of_it(
    cast: Cast, api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: Exception
) -> None:
    def fail(actor: object) -> None:
        raise broken

    monkeypatch.setattr(board, "dashboard", fail)
    with caplog.at_level(logging.ERROR):
        answer = api.get(DASHBOARD, who="hanna")
    assert refusal(answer) == (500, "broken")
    number = re.search(r"number ([0-9a-f]{8})\.", answer.json()["message"])
    assert number is not None
    [line] = [record.getMessage() for record in caplog.records if "failed" in record.getMessage()]
    assert line.startswith(f"GET {DASHBOARD} failed, number {number[1]}: {type(broken).__name__} at test_errors.py:")
    assert "Maria" not in answer.text + caplog.text


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 1", {}, Exception("connection refused")),
        InterfaceError("SELECT 1", {}, Exception("connection already closed")),
        NoConnectionFree("QueuePool limit of size 10 overflow 20 reached"),
    ],
    ids=["refused", "closed", "all in use"],
)
def test_without_the_database_it_says_so(
    cast: Cast, api: Api, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def away(actor: object) -> None:
        raise error

    monkeypatch.setattr(board, "dashboard", away)
    answer = api.get(DASHBOARD, who="hanna")
    assert refusal(answer) == (503, "unavailable")
    assert answer.headers["retry-after"] == "5"


def test_every_refusal_has_a_status_of_its_own_kind() -> None:
    def kinds(of: type[errors.Refused]) -> set[type[errors.Refused]]:
        return {of} | {kind for below in of.__subclasses__() for kind in kinds(below)}

    told = {kind: status_of(kind.__new__(kind)) for kind in kinds(errors.Refused)}
    assert {STATUS[kind] for kind in STATUS} <= set(told.values())
    assert all(400 <= status < 504 for status in told.values())
    assert told[errors.ChangedMeanwhile] == 409
