"""Tokens as the services see them; over HTTP, forged ones and races stand in tests/api/test_tokens.py and test_over_http.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select

from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import NotSignedIn, WrongCredentials
from hospital_ops.infra.db import read_session
from hospital_ops.models import RefreshToken
from hospital_ops.queries.clock import real_now
from hospital_ops.services import accounts, tokens
from tests.cast import PASSWORD, Cast

HOME = "192.0.2.10"


def log_in(name: str = "nurse") -> tokens.Tokens:
    return tokens.log_in(name, PASSWORD, address=HOME)


def is_over(pair: tokens.Tokens) -> bool:
    """Neither half opens anything any longer. Asking with the refresh token would change things: its row is looked at."""
    with pytest.raises(NotSignedIn):
        tokens.actor_of_token(pair.access_token)
    with read_session() as session:
        hashed = tokens.token_hash(pair.refresh_token)
        row = session.exec(select(RefreshToken).where(col(RefreshToken.token_hash) == hashed)).one()
    return row.revoked_at is not None


def test_it_works_and_each_refresh_is_a_new_pair(cast: Cast) -> None:
    first = log_in()
    assert tokens.actor_of_token(first.access_token) == cast.nurse
    second = tokens.refresh(first.refresh_token)
    assert {second.access_token, second.refresh_token}.isdisjoint({first.access_token, first.refresh_token})
    assert tokens.actor_of_token(second.access_token) == cast.nurse
    assert first.refresh_token not in repr(first)


def test_the_wrong_password_begins_nothing(cast: Cast) -> None:
    with pytest.raises(WrongCredentials):
        tokens.log_in("nurse", "wrong password", address=HOME)
    with read_session() as session:
        assert session.exec(select(RefreshToken)).all() == []


def test_the_wards_are_the_persons_as_they_are_now_not_the_tokens(cast: Cast) -> None:
    pair = log_in()
    accounts.set_access(cast.admin, cast.people["nurse"], accounts.Access(Role.NURSE, frozenset({cast.wards["west"]})))
    assert tokens.actor_of_token(pair.access_token).ward_ids == {cast.wards["west"]}


def test_a_refresh_token_used_twice_ends_the_family_whoever_comes_second(cast: Cast) -> None:
    first = log_in()
    other = log_in()
    second = tokens.refresh(first.refresh_token)
    with pytest.raises(NotSignedIn, match="run out"):
        tokens.refresh(first.refresh_token)
    assert is_over(second)
    assert tokens.actor_of_token(other.access_token) == cast.nurse  # Another login is another family.
    before = len(cast.audited())
    with pytest.raises(NotSignedIn):  # A third time ends nothing more and says nothing more.
        tokens.refresh(first.refresh_token)
    assert len(cast.audited()) == before


@pytest.mark.parametrize("end", [accounts.deactivate, accounts.reset_password, accounts.end_sessions_of])
def test_what_ends_a_persons_sessions_ends_their_tokens(cast: Cast, end: Callable[..., object]) -> None:
    pair = log_in()
    end(cast.admin, cast.people["nurse"])
    assert is_over(pair)
    with pytest.raises(NotSignedIn):
        tokens.refresh(pair.refresh_token)


def test_a_login_ends_with_the_shift_however_often_it_is_renewed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    began = real_now()
    pair = log_in()
    for hours in range(1, 12):
        monkeypatch.setattr(tokens, "real_now", lambda hours=hours: began + timedelta(hours=hours))
        pair = tokens.refresh(pair.refresh_token)
    monkeypatch.setattr(tokens, "real_now", lambda: began + timedelta(hours=12, minutes=1))
    with pytest.raises(NotSignedIn):
        tokens.refresh(pair.refresh_token)


def test_logging_out_twice_is_once(cast: Cast) -> None:
    pair = log_in()
    tokens.log_out(cast.nurse, pair.access_token)
    tokens.log_out(cast.nurse, pair.access_token)
    assert is_over(pair)


def test_each_step_is_audited_without_a_token(cast: Cast) -> None:
    pair = log_in()
    newer = tokens.refresh(pair.refresh_token)
    with pytest.raises(NotSignedIn):
        tokens.refresh(pair.refresh_token)
    lines = [(line.action, line.allowed, line.subject_id) for line in cast.audited() if line.action.startswith("token")]
    nurse = cast.people["nurse"]
    assert lines == [("token.issue", True, nurse), ("token.refresh", True, nurse), ("token.reuse", False, nurse)]
    facts = str([line.facts for line in cast.audited()])
    assert not any(word in facts for word in (pair.access_token, pair.refresh_token, newer.refresh_token))
