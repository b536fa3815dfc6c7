"""Signing in with a second factor over HTTP: the API's codes, and the login page's two questions."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from hospital_ops.services import factor_door
from tests.cast import PASSWORD, Cast
from tests.page_client import PageClient
from tests.services.test_second_factor import Phone


@pytest.fixture
def phone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Phone:
    phone = Phone(cast.nurse)
    monkeypatch.setattr(factor_door, "real_now", lambda: phone.now)
    return phone.enrol()


@pytest.fixture
def client(cast: Cast) -> PageClient:
    return PageClient()


def login(client: PageClient, **more: str) -> tuple[int, str]:
    given = {"username": "nurse", "password": PASSWORD} | more
    answer = client.post("/api/login", json=given)
    return answer.status_code, answer.json().get("code", "tokens")


def form(client: PageClient, **fields: str) -> tuple[str, dict[str, str], set[str]]:
    """(path, query, names of the cookies set) of the answer to the login page's form."""
    answer = client.post("/api/session", data=fields)
    assert answer.status_code == 303
    to = urlsplit(answer.headers["location"])
    cookies = {line.split("=")[0] for line in answer.headers.get_list("set-cookie") if "Max-Age=0" not in line}
    return to.path, {name: value for name, [value] in parse_qs(to.query).items()}, cookies


def test_the_api_asks_for_the_code_and_takes_it_once(client: PageClient, phone: Phone) -> None:
    assert login(client) == (401, "second_factor_required")
    assert login(client, otp="000000") == (401, "second_factor_wrong")
    code = phone.code()
    assert login(client, otp=code) == (200, "tokens")
    assert login(client, otp=code) == (401, "second_factor_wrong")


def test_the_answer_has_the_shape_of_every_error_and_no_note_of_the_pages(client: PageClient, phone: Phone) -> None:
    answer = client.post("/api/login", json={"username": "nurse", "password": PASSWORD})
    assert set(answer.json()) == {"code", "message"}
    assert answer.json()["message"] == "Please give the code from your authenticator app too."
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "set-cookie" not in answer.headers


def test_without_the_password_the_api_gives_nothing_away(client: PageClient, phone: Phone) -> None:
    given = [("nurse", ""), ("nurse", phone.code()), ("doctor", ""), ("doctor", "000000"), ("nobody-here", "000000")]
    answers = [
        client.post("/api/login", json={"username": name, "password": "wrong password", "otp": otp})
        for name, otp in given
    ]
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1


def test_the_page_asks_in_two_steps_and_keeps_where_one_was_going(client: PageClient, phone: Phone) -> None:
    path, query, cookies = form(client, username="nurse", password=PASSWORD, next="/tasks")
    assert (path, query, cookies) == ("/login", {"step": "code", "next": "/tasks"}, {"hospital_step"})
    path, query, cookies = form(client, otp="000000", next="/tasks")
    assert (query["step"], query["problem"], cookies) == ("code", "code_wrong", set())
    path, query, cookies = form(client, otp=phone.code(), next="/tasks")
    assert (path, cookies) == ("/tasks", {"hospital_session"})
    assert "hospital_step" not in client.cookies


def test_all_three_at_once_are_taken_too(client: PageClient, phone: Phone) -> None:
    path, _, cookies = form(client, username="nurse", password=PASSWORD, otp=phone.code())
    assert (path, cookies) == ("/board", {"hospital_session"})


def test_the_note_is_http_only_and_short_lived(client: PageClient, phone: Phone) -> None:
    answer = client.post("/api/session", data={"username": "nurse", "password": PASSWORD})
    [cookie] = [line for line in answer.headers.get_list("set-cookie") if line.startswith("hospital_step=")]
    assert {"HttpOnly", "Max-Age=300", "SameSite=lax"} <= set(cookie.split("; "))
    assert client.get("/api/staff/tasks/1").status_code == 401  # It opens nothing.


@pytest.mark.parametrize("note", ["", "made-up", "AAAA"])
def test_a_code_without_the_note_begins_again(client: PageClient, phone: Phone, note: str) -> None:
    client.cookies.set("hospital_step", note)
    path, query, cookies = form(client, otp=phone.code())
    assert (path, query.get("problem"), query.get("step"), cookies) == ("/login", "step_over", None, set())


def test_the_wrong_password_reads_the_same_for_everybody(client: PageClient, phone: Phone) -> None:
    answers = [form(client, username=name, password="wrong password") for name in ("nurse", "doctor", "nobody-here")]
    assert all(answer == ("/login", {"problem": "wrong"}, set()) for answer in answers)


def test_no_code_at_the_second_question_asks_again(client: PageClient, phone: Phone) -> None:
    form(client, username="nurse", password=PASSWORD)
    path, query, cookies = form(client, otp=" ")
    assert (path, query, cookies) == ("/login", {"step": "code"}, set())
    assert form(client, otp=phone.code())[0] == "/board"
