"""Log in, use, refresh, expire, copy, log out: the life of a program's tokens, as its calls see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from sqlmodel import col, select

from hospital_ops.domain.access import Role
from hospital_ops.infra.crypto import token_hash
from hospital_ops.infra.db import new_session
from hospital_ops.models import RefreshToken
from hospital_ops.queries.clock import real_now
from hospital_ops.services import accounts, attempts, tokens
from tests.api.client import Api, refusal
from tests.cast import PASSWORD, Cast

BEDS = "/api/beds/dashboard"
Pair = dict[str, Any]


@pytest.fixture
def api(cast: Cast) -> Api:
    """Here passwords are checked for real."""
    return Api()


def _log_in(api: Api, username: str = "nurse", **more: str) -> httpx.Response:
    return api.post("/api/login", json={"username": username, "password": PASSWORD} | more)


def _refresh(api: Api, token: str) -> httpx.Response:
    return api.post("/api/login/refresh", json={"refresh_token": token})


def _use(api: Api, pair: Pair) -> httpx.Response:
    return api.get(BEDS, headers={"authorization": f"Bearer {pair['access_token']}"})


@pytest.fixture
def pair(api: Api) -> Pair:
    answer = _log_in(api)
    assert answer.status_code == 200
    told: Pair = answer.json()
    return told


def test_the_answer_is_what_the_contract_says(api: Api, pair: Pair) -> None:
    assert set(pair) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (pair["token_type"], pair["expires_in"]) == ("bearer", 600)
    assert _use(api, pair).status_code == 200


def test_the_token_says_who_and_for_how_long_and_nothing_more(cast: Cast, pair: Pair) -> None:
    header = jwt.get_unverified_header(pair["access_token"])
    claims = jwt.decode(pair["access_token"], options={"verify_signature": False})
    assert (header["alg"], header["typ"]) == ("HS256", "at+jwt")
    assert claims["exp"] - claims["iat"] == 600
    assert claims["sub"] == str(cast.people["nurse"])
    assert set(claims) == {"iss", "aud", "sub", "jti", "family", "iat", "nbf", "exp"}


@pytest.mark.parametrize(
    ("username", "password"),
    [("nurse", "wrong"), ("nobody", PASSWORD), ("", ""), ("nu\0rse", PASSWORD), ("nurse", "\0")],
)
def test_everybody_else_reads_the_same(api: Api, username: str, password: str) -> None:
    answer = api.post("/api/login", json={"username": username, "password": password})
    assert refusal(answer) == (401, "wrong_credentials")
    assert answer.json()["message"].startswith("That name and password do not fit together.")


def test_a_closed_account_opens_nothing_and_its_tokens_stop(cast: Cast, api: Api, pair: Pair) -> None:
    accounts.deactivate(cast.admin, cast.people["nurse"])
    assert refusal(_log_in(api)) == (401, "wrong_credentials")
    assert refusal(_use(api, pair)) == (401, "not_signed_in")
    assert refusal(_refresh(api, pair["refresh_token"])) == (401, "not_signed_in")


def test_a_first_password_opens_the_pages_alone(cast: Cast, api: Api) -> None:
    made = accounts.create_account(cast.admin, accounts.NewAccount("nora.new", "Nora Newman", Role.NURSE))
    assert refusal(_log_in(api, "nora.new", password=made.password)) == (403, "password_first")


def test_guessing_is_slowed_down(api: Api) -> None:
    for _ in range(attempts.PAIR.amount):
        assert refusal(_log_in(api, password="wrong")) == (401, "wrong_credentials")
    answer = _log_in(api)
    assert refusal(answer) == (429, "too_many")
    assert 0 < int(answer.headers["retry-after"]) <= 300


def test_a_refresh_token_gives_a_new_pair(api: Api, pair: Pair) -> None:
    newer = _refresh(api, pair["refresh_token"]).json()
    assert newer["access_token"] != pair["access_token"]
    assert newer["refresh_token"] != pair["refresh_token"]
    assert _use(api, newer).status_code == 200
    assert _use(api, pair).status_code == 200  # Until it runs out: a call under way is not cut off.


def test_a_refresh_token_used_twice_ends_the_whole_login(cast: Cast, api: Api, pair: Pair) -> None:
    newer = _refresh(api, pair["refresh_token"]).json()
    assert refusal(_refresh(api, pair["refresh_token"])) == (401, "not_signed_in")
    assert refusal(_use(api, newer)) == refusal(_use(api, pair)) == (401, "not_signed_in")
    assert refusal(_refresh(api, newer["refresh_token"])) == (401, "not_signed_in")
    [copied] = cast.audited("token.reuse")
    assert (copied.subject_id, copied.user_id, copied.allowed) == (
        cast.people["nurse"],
        None,
        False,
    )  # Nobody knows who it was.


def test_another_login_of_the_same_person_lives_on(api: Api, pair: Pair) -> None:
    other = _log_in(api).json()
    _refresh(api, pair["refresh_token"])
    _refresh(api, pair["refresh_token"])
    assert _use(api, other).status_code == 200


def test_an_access_token_runs_out(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "ACCESS_SECONDS", 0)
    old = _log_in(api).json()
    answer = _use(api, old)
    assert refusal(answer) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"
    monkeypatch.undo()
    assert _use(api, _refresh(api, old["refresh_token"]).json()).status_code == 200


def test_a_login_runs_out_however_often_it_is_renewed(api: Api, pair: Pair) -> None:
    newer = _refresh(api, pair["refresh_token"]).json()
    with new_session() as session:
        ends = {row.expires_at for row in session.exec(select(RefreshToken))}
        assert len(ends) == 1
        found = select(RefreshToken).where(RefreshToken.token_hash == token_hash(newer["refresh_token"]))
        session.exec(found).one().expires_at = real_now() - timedelta(seconds=1)
        session.commit()
    assert refusal(_refresh(api, newer["refresh_token"])) == (401, "not_signed_in")


def test_logging_out_ends_all_of_it_and_only_this_login(cast: Cast, api: Api, pair: Pair) -> None:
    other = _log_in(api).json()
    headers = {"authorization": f"Bearer {pair['access_token']}"}
    answer = api.post("/api/logout", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(api.post("/api/logout", headers=headers)) == (401, "not_signed_in")
    assert refusal(_use(api, pair)) == refusal(_refresh(api, pair["refresh_token"])) == (401, "not_signed_in")
    assert _use(api, other).status_code == 200
    assert [row.user_id for row in cast.audited("token.end")] == [cast.people["nurse"]]


def test_only_hashes_are_stored(pair: Pair) -> None:
    with new_session() as session:
        [row] = session.exec(select(RefreshToken).order_by(col(RefreshToken.id)))
        assert row.token_hash == token_hash(pair["refresh_token"])


def _forged(pair: Pair, *, key: str = "", header: dict[str, str] | None = None, **claims: Any) -> str:
    """The token with other claims; signed with the house's own key unless another is given."""
    old = jwt.decode(pair["access_token"], options={"verify_signature": False})
    kept = {name: value for name, value in (old | claims).items() if value is not None}
    kid, own = next(iter(tokens._keys().items()))
    return jwt.encode(kept, key or own, algorithm="HS256", headers={"kid": kid, "typ": "at+jwt"} | (header or {}))


@pytest.mark.parametrize(
    "change",
    [
        {"exp": None},
        {"exp": 1},
        {"aud": "another"},
        {"iss": "another"},
        {"sub": "1"},
        {"sub": "nobody"},
        {"sub": "9" * 40},
        {"family": "another"},
        {"family": None},
        {"nbf": 4_000_000_000},
        {"key": "another key that is long enough to sign with"},
        {"header": {"typ": "JWT"}},
        {"header": {"kid": "another"}},
    ],
    ids=str,
)
def test_a_token_that_was_changed_is_none(api: Api, pair: Pair, change: dict[str, Any]) -> None:
    assert (
        _use(api, {"access_token": _forged(pair)}).status_code == 200
    )  # Unchanged, so that the change is what counts.
    assert refusal(_use(api, {"access_token": _forged(pair, **change)})) == (401, "not_signed_in")


def test_an_unsigned_token_is_none(api: Api, pair: Pair) -> None:
    claims = jwt.decode(pair["access_token"], options={"verify_signature": False})
    kid = next(iter(tokens._keys()))
    unsigned = jwt.encode(claims, None, algorithm="none", headers={"kid": kid, "typ": "at+jwt"})
    assert refusal(_use(api, {"access_token": unsigned})) == (401, "not_signed_in")
