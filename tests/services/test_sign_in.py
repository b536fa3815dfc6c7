"""Signing in: the right person gets a session; everybody else the same sentence, in the same time."""

from __future__ import annotations

import statistics
import time

import pytest
from limits.storage import RedisStorage
from sqlmodel import select

from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import TooMany, WrongCredentials
from hospital_ops.domain.tasks import StaffStatus, TaskStatus
from hospital_ops.infra import limits, passwords
from hospital_ops.infra.crypto import token_hash
from hospital_ops.infra.db import read_session
from hospital_ops.models import WebSession
from hospital_ops.services import accounts, attempts, stays
from tests.cast import PASSWORD, Cast

HOME, ELSEWHERE = "192.0.2.10", "198.51.100.7"


def test_the_right_password_begins_a_session(cast: Cast) -> None:
    signed_in = accounts.sign_in(" Nurse ", PASSWORD, address=HOME)
    assert signed_in.actor.role is Role.NURSE
    assert signed_in.actor.ward_ids == {cast.wards["east"]}
    assert accounts.actor_of_session(signed_in.token) == signed_in.actor


def test_only_the_hash_of_a_long_random_id_is_stored(cast: Cast) -> None:
    tokens = {accounts.sign_in("nurse", PASSWORD, address=HOME).token for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)  # 256 bits in base64
    with read_session() as session:
        assert set(session.exec(select(WebSession.token_hash))) == {token_hash(token) for token in tokens}


@pytest.mark.parametrize("name", ["nurse", "nobody", "", "nurse\0", "nurse\ud800"])
@pytest.mark.parametrize("password", ["wrong password", "", "x" * 100_000, "a\0b", "a\ud800b", PASSWORD + " "])
def test_everybody_else_reads_the_same(cast: Cast, name: str, password: str) -> None:
    with pytest.raises(WrongCredentials) as refusal:
        accounts.sign_in(name, password, address=HOME)
    assert str(refusal.value) == str(WrongCredentials())


def test_a_closed_account_reads_like_none(cast: Cast) -> None:
    accounts.deactivate(cast.admin, cast.people["nurse"])
    with pytest.raises(WrongCredentials):
        accounts.sign_in("nurse", PASSWORD, address=HOME)


def test_unknown_names_cost_a_full_check(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: a clock would make this test a matter of luck. One check of a hash each, always."""
    checked: list[str] = []
    real = passwords._context.verify_and_update

    def counting(password: str, hashed: str) -> object:
        checked.append(hashed)
        return real(password, hashed)

    monkeypatch.setattr(passwords._context, "verify_and_update", counting)
    for name in ("nurse", "nobody"):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(name, "wrong password", address=HOME)
    assert len(checked) == 2
    assert checked[0].split("$")[1:4] == checked[1].split("$")[1:4]  # The same algorithm at the same cost.


def test_and_take_about_as_long(cast: Cast) -> None:
    def seconds(name: str) -> float:
        began = time.perf_counter()
        with pytest.raises(WrongCredentials):
            accounts.sign_in(name, "wrong password", address=HOME)
        return time.perf_counter() - began

    seconds("nurse")
    known = statistics.median(seconds("nurse") for _ in range(5))
    unknown = statistics.median(seconds("nobody") for _ in range(5))
    assert 0.4 < known / unknown < 2.5


def test_success_and_failure_are_audited_without_the_name_typed(cast: Cast) -> None:
    accounts.sign_in("nurse", PASSWORD, address=HOME)
    with pytest.raises(WrongCredentials):
        accounts.sign_in("my-real-password", "x", address=HOME)
    with pytest.raises(WrongCredentials):
        accounts.sign_in("nurse", "x", address=HOME)
    [begun] = cast.audited("session.begin")
    assert (begun.user_id, begun.allowed, begun.facts["address"]) == (cast.people["nurse"], True, HOME)
    unknown, known = cast.audited("session.refuse")
    assert (unknown.subject_id, known.subject_id) == (None, cast.people["nurse"])
    assert not unknown.allowed
    assert "my-real-password" not in str(unknown.facts)


def test_who_comes_on_shift_gets_what_waits(cast: Cast) -> None:
    cast.set_status(StaffStatus.OFF_SHIFT, "hanna", "hugo")
    cast.occupy("E1")
    stays.leave(cast.nurse, cast.beds["E1"])
    assert cast.tasks_of("E1")[-1].status == TaskStatus.PENDING
    accounts.sign_in("hanna", PASSWORD, address=HOME)
    assert cast.person("hanna").current_status == StaffStatus.AVAILABLE
    assert cast.tasks_of("E1")[-1].user_id == cast.people["hanna"]
    assert f"user:{cast.people['hanna']}" in cast.topics("task.offered")


def test_a_break_is_not_ended_by_a_second_screen(cast: Cast) -> None:
    cast.set_status(StaffStatus.ON_BREAK, "hanna")
    accounts.sign_in("hanna", PASSWORD, address=HOME)
    assert cast.person("hanna").current_status == StaffStatus.ON_BREAK


def test_guessing_one_account_from_one_place_is_stopped(cast: Cast) -> None:
    _fail(attempts.PAIR.amount, "nurse", HOME)
    with pytest.raises(TooMany) as refusal:
        accounts.sign_in("nurse", PASSWORD, address=HOME)
    assert 0 < refusal.value.retry_after <= 300
    assert any(row.facts.get("why") == "too_many" for row in cast.audited("session.refuse"))


def test_guessing_many_accounts_from_one_place_is_stopped(cast: Cast) -> None:
    for n in range(attempts.ADDRESS.amount):
        attempts.count_failure(ELSEWHERE)
        assert limits.is_open(attempts.ADDRESS, HOME), n
    with pytest.raises(TooMany):
        accounts.sign_in("doctor", PASSWORD, address=ELSEWHERE)


def test_a_stranger_cannot_lock_somebody_out(cast: Cast) -> None:
    """Failures from a thousand places close the account to strange places only: her own keeps working."""
    accounts.sign_in("nurse", PASSWORD, address=HOME)
    for n in range(attempts.ACCOUNT.amount):
        attempts.count_attempt("nurse", f"203.0.113.{n}")
    with pytest.raises(TooMany):
        accounts.sign_in("nurse", PASSWORD, address=ELSEWHERE)
    assert accounts.sign_in("nurse", PASSWORD, address=HOME)


def test_a_whole_ward_may_share_an_address(cast: Cast) -> None:
    for _ in range(attempts.ADDRESS.amount + 5):
        attempts.count_attempt("nurse", HOME)
        attempts.count_success("nurse", HOME)
    assert accounts.sign_in("desk", PASSWORD, address=HOME)


def test_without_redis_it_is_counted_here_never_open(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_in_redis", lambda url, pid: _AWAY)
    _fail(attempts.PAIR.amount, "nurse", HOME)
    with pytest.raises(TooMany):
        accounts.sign_in("nurse", PASSWORD, address=HOME)


def test_redis_holds_no_names(cast: Cast) -> None:
    from hospital_ops.infra.bus import redis_client

    _fail(1, "a-name-somebody-typed", HOME)
    keys = [key.decode() for key in redis_client().keys("hospital:limit*")]
    assert keys
    assert not any("a-name-somebody-typed" in key or HOME in key for key in keys)


def _fail(times: int, name: str, address: str) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(name, "wrong password", address=address)


_AWAY = RedisStorage("redis://127.0.0.1:1/0", wrap_exceptions=True, socket_connect_timeout=0.2)
