"""What only a real web process shows: headers, CORS, what is cut off on the way in, races, and what its log keeps."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from hospital_ops.infra.embedded import Postgres, Valkey
from tests.cast import PASSWORD
from tests.own_hospital import run
from tests.web_process import Web, serving

BEDS = "/api/beds/dashboard"
TIMES_DONE = """
import sys
from sqlmodel import select
from hospital_ops.infra.db import read_session
from hospital_ops.models import AuditEntry
done = select(AuditEntry.id).where(AuditEntry.action == "task.complete", AuditEntry.subject_id == int(sys.argv[1]))
with read_session() as session:
    print(len(session.exec(done).all()))
"""
FORM = {"first_name": "Ana", "last_name": "Ruiz", "dob": "1990-01-02", "insurance_policy_num": "AB-1234"}


@pytest.fixture(scope="module")
def web(servers: tuple[Postgres, Valkey], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(servers[0], tmp_path_factory.mktemp("web") / "web.log") as running:
        yield running


@pytest.fixture(scope="module")
def bearer(web: Web) -> dict[str, str]:
    """The bed manager's header."""
    return {"authorization": f"Bearer {_log_in(web)['access_token']}"}


def _log_in(web: Web, username: str = "manager") -> dict[str, Any]:
    answer = requests.post(f"{web.base}/api/login", json={"username": username, "password": PASSWORD}, timeout=20)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def _form(**more: str) -> dict[str, tuple[None, str]]:
    return {name: (None, value) for name, value in (FORM | more).items()}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", BEDS),
        ("GET", "/api/nothing"),
        ("PUT", "/api/tasks/1/complete"),
        ("GET", "/api/openapi.json"),
        ("GET", "/board"),
    ],
)
def test_every_answer_is_guarded_and_kept_nowhere(web: Web, bearer: dict[str, str], method: str, path: str) -> None:
    headers = requests.request(method, web.base + path, headers=bearer, timeout=20).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in headers


def test_another_sites_page_may_read_nothing(web: Web, bearer: dict[str, str]) -> None:
    """The browser decides by these headers; a wish to know them beforehand is refused outright."""
    foreign = {"origin": "https://elsewhere.example"}
    answer = requests.get(web.base + BEDS, headers=bearer | foreign, timeout=20)
    assert "access-control-allow-origin" not in answer.headers
    asked = foreign | {"access-control-request-method": "GET", "access-control-request-headers": "authorization"}
    preflight = requests.options(web.base + BEDS, headers=asked, timeout=20)
    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in preflight.headers


def test_a_named_site_may(servers: tuple[Postgres, Valkey], tmp_path: Any) -> None:
    named = "https://reports.example"
    with serving(servers[0], tmp_path / "web.log", HOSPITAL_ORIGINS=named) as web:
        asked = {
            "origin": named,
            "access-control-request-method": "GET",
            "access-control-request-headers": "authorization",
        }
        assert requests.options(web.base + BEDS, headers=asked, timeout=20).status_code == 200
        answer = requests.get(web.base + BEDS, headers={"origin": named}, timeout=20)
        assert answer.headers["access-control-allow-origin"] == named
        assert "Origin" in answer.headers["vary"]
        # And no other, nor everybody.
        other = requests.get(web.base + BEDS, headers={"origin": named + ".evil.example"}, timeout=20)
        assert "access-control-allow-origin" not in other.headers


def test_a_browsers_cookie_opens_nothing_here(web: Web) -> None:
    with requests.Session() as browser:
        browser.post(f"{web.base}/api/session", data={"username": "manager", "password": PASSWORD}, headers={"origin": web.base}, allow_redirects=False, timeout=20)  # fmt: skip
        assert browser.cookies
        answer = browser.get(web.base + BEDS, timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def _raw(web: Web, request: bytes) -> bytes:
    """What comes back for bytes that no client library would send."""
    place = urlsplit(web.base)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as line:
        line.sendall(request)
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
    return answer


def test_a_large_body_is_refused_before_it_is_sent(web: Web) -> None:
    """By its stated length, the first byte not even read: nobody uploads a gigabyte to be told so."""
    head = b"POST /api/patient/register HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 9999999999\r\n\r\n"
    answer = _raw(web, head)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b'"too_large"' in answer


def test_a_large_body_of_unknown_length_is_cut_off(web: Web, bearer: dict[str, str]) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 4_000

    answer = requests.post(f"{web.base}/api/tasks", data=pieces(), headers=bearer | {"content-type": "application/json"}, timeout=20)  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /api/%00 HTTP/1.1",
        b"GET /api/beds/dashboard?x=%ff HTTP/1.1",
        b"BREW /api/tasks HTTP/1.1",
        b"GET /api/../api/nothing HTTP/1.1",
    ],
)
def test_odd_requests_are_answered_in_our_shape(web: Web, request_line: bytes) -> None:
    answer = _raw(web, request_line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.split()[1] in {b"401", b"404", b"405"}
    assert b'{"code":"' in answer


@pytest.mark.parametrize(
    "form",
    [b"", b"--x", b"--x\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n", b"\x00\xff" * 50, b"--y--\r\n"],
)
def test_a_form_that_is_none(web: Web, form: bytes) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = requests.post(f"{web.base}/api/patient/register", data=form, headers=headers, timeout=20)
    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {"code", "message"}


def test_one_of_twenty_gets_the_cleaning_and_the_others_are_told(web: Web, bearer: dict[str, str]) -> None:
    cleaning = {"description": "Clean W4", "kind": "clean_bed", "bed_id": web.beds["W4"]}

    def ask(_: int) -> tuple[int, str]:
        answer = requests.post(f"{web.base}/api/tasks", json=cleaning, headers=bearer, timeout=60)
        return answer.status_code, answer.json().get("code", "")

    with ThreadPoolExecutor(10) as pool:
        answers = Counter(pool.map(ask, range(20)))
    assert answers.pop((201, "")) == 1
    assert set(answers) <= {(409, "already_asked"), (409, "changed_meanwhile")}


def test_one_task_done_by_ten_at_once_is_done_once(web: Web, bearer: dict[str, str]) -> None:
    made = requests.post(f"{web.base}/api/tasks", json={"description": "Mop", "kind": "spill", "bed_id": web.beds["E2"]}, headers=bearer, timeout=20).json()  # fmt: skip

    def finish(_: int) -> tuple[int, Any]:
        answer = requests.put(f"{web.base}/api/tasks/{made['id']}/complete", headers=bearer, timeout=60)
        return answer.status_code, answer.json()["version"]

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(finish, range(10)))
    assert len(answers) == 1
    assert {status for status, _ in answers} == {200}
    assert run(web.environment, TIMES_DONE, str(made["id"])).strip() == "1"


def test_a_request_sent_ten_times_at_once_with_its_key_makes_one_task(web: Web, bearer: dict[str, str]) -> None:
    """Whoever comes while the first is under way is told so, and gets the answer by asking once more."""
    asked = {"description": "Fetch a lamp", "bed_id": web.beds["E3"]}
    headers = bearer | {"Idempotency-Key": "lamp-1"}

    def ask(_: int) -> tuple[int, Any]:
        answer = requests.post(f"{web.base}/api/tasks", json=asked, headers=headers, timeout=60)
        return answer.status_code, answer.json().get("id") or answer.json()["code"]

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(ask, range(10)))
    assert len({told for status, told in answers if status == 201}) == 1
    assert {told for status, told in answers if status != 201} <= {"changed_meanwhile"}
    assert ask(0) in answers


def test_one_refresh_token_used_by_ten_at_once_is_used_once(web: Web) -> None:
    pair = _log_in(web, "staffing")

    def renew(_: int) -> int:
        sent = {"refresh_token": pair["refresh_token"]}
        return requests.post(f"{web.base}/api/login/refresh", json=sent, timeout=60).status_code

    with ThreadPoolExecutor(10) as pool:
        assert Counter(pool.map(renew, range(10))) == {200: 1, 401: 9}
    headers = {"authorization": f"Bearer {pair['access_token']}"}
    assert requests.get(web.base + BEDS, headers=headers, timeout=20).status_code == 401


def test_the_log_knows_nothing_of_what_was_sent(web: Web) -> None:
    """Names in forms, bodies, addresses and queries: none is in the log, nor is a token or a link."""
    answer = requests.post(f"{web.base}/api/patient/register", files=_form(first_name="Zuleika"), timeout=20)
    assert answer.status_code == 202
    requests.post(f"{web.base}/api/login", json={"username": "Zuleika", "password": "Zuleika"}, timeout=20)
    requests.get(f"{web.base}/api/Zuleika?name=Zuleika", timeout=20)
    requests.get(answer.json()["link"], allow_redirects=False, timeout=20)
    log = web.log.read_text()
    assert "Zuleika" not in log
    assert answer.json()["link"].rsplit("/", 1)[1] not in log


def test_what_breaks_leaves_its_number_in_the_log_and_none_of_its_words(web: Web, bearer: dict[str, str]) -> None:
    """The database lacks a column that the board reads: an error with a statement in it, from deep within."""
    rename = (
        "import sys; from sqlalchemy import text; from hospital_ops.infra.db import new_session\n"
        "s = new_session(); s.execute(text(f'ALTER TABLE bed RENAME {sys.argv[1]} TO {sys.argv[2]}')); s.commit()"
    )
    run(web.environment, rename, "label", "lost")
    try:
        answer = requests.get(web.base + BEDS, headers=bearer, timeout=20)
    finally:
        run(web.environment, rename, "lost", "label")
    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert answer.headers["cache-control"] == "no-store"
    number = answer.json()["message"].removesuffix(".").rsplit(" ", 1)[1]
    log = web.log.read_text()
    assert f"GET {BEDS} failed, number {number}: ProgrammingError at " in log
    for word in ("SELECT", "Traceback", "bed.label"):
        assert word not in log
    assert requests.get(web.base + BEDS, headers=bearer, timeout=20).status_code == 200
