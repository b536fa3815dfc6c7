"""Choosing one's own password: it opens the house again, ends every other session, and must be a good one."""

from __future__ import annotations

import pytest

from hospital_ops.domain.access import Role
from hospital_ops.domain.accounts import WEAK
from hospital_ops.domain.errors import Invalid, NotAllowed, NotSignedIn, TooMany, WrongCredentials
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.infra.passwords import make_password, why_weak
from hospital_ops.services import accounts, attempts, tokens
from hospital_ops.services.accounts import NewAccount
from hospital_ops.services.own_password import choose_password
from tests.cast import PASSWORD, Cast, fresh

HERE = "192.0.2.10"
MINE = "seven otters under the bridge"


def first_day(cast: Cast) -> tuple[accounts.Handover, accounts.SignedIn]:
    wards = frozenset({cast.wards["east"]})
    told = accounts.create_account(cast.admin, NewAccount("nora.new", "Nora Newman", Role.NURSE, wards))
    return told, accounts.sign_in("nora.new", told.password, address=HERE)


def test_a_first_password_is_replaced_and_the_house_opens(cast: Cast) -> None:
    told, signed_in = first_day(cast)
    newer = choose_password(signed_in.actor, signed_in.token, told.password, MINE, address=HERE)
    assert accounts.actor_of_session(signed_in.token) is None  # A new id: whoever copied the old one has nothing.
    actor = accounts.actor_of_session(newer)
    assert actor is not None
    assert not actor.must_choose_password
    assert accounts.sign_in("nora.new", MINE, address=HERE)
    with pytest.raises(WrongCredentials):
        accounts.sign_in("nora.new", told.password, address=HERE)
    [line] = cast.audited("account.choose_password")
    assert (line.user_id, line.allowed, line.facts) == (told.user_id, True, {"first": True})
    assert f"managed:{told.user_id}" in cast.topics("account.changed")


def test_and_the_working_day_begins_then(cast: Cast) -> None:
    from hospital_ops.models import User

    told, signed_in = first_day(cast)
    choose_password(signed_in.actor, signed_in.token, told.password, MINE, address=HERE)
    assert fresh(User, told.user_id).current_status == StaffStatus.AVAILABLE


def test_every_other_session_ends_and_nobody_loses_their_work(cast: Cast) -> None:
    here, there = (accounts.sign_in("hanna", PASSWORD, address=HERE) for _ in range(2))
    pair = tokens.log_in("hanna", PASSWORD, address=HERE)
    newer = choose_password(here.actor, here.token, PASSWORD, MINE, address=HERE)
    assert accounts.actor_of_session(newer)
    assert accounts.actor_of_session(there.token) is None
    with pytest.raises(NotSignedIn):
        tokens.actor_of_token(pair.access_token)
    assert cast.person("hanna").current_status == StaffStatus.AVAILABLE


def test_the_current_password_is_asked_and_guessing_it_is_stopped(cast: Cast) -> None:
    signed_in = accounts.sign_in("doctor", PASSWORD, address=HERE)
    for _ in range(attempts.PAIR.amount):
        with pytest.raises(WrongCredentials):
            choose_password(signed_in.actor, signed_in.token, "a guess of somebody's", MINE, address=HERE)
    with pytest.raises(TooMany):
        choose_password(signed_in.actor, signed_in.token, PASSWORD, MINE, address=HERE)
    lines = cast.audited("account.choose_password")
    assert len(lines) == attempts.PAIR.amount
    assert not any(line.allowed for line in lines)


def test_a_session_that_is_over_changes_nothing(cast: Cast) -> None:
    signed_in = accounts.sign_in("doctor", PASSWORD, address=HERE)
    accounts.sign_out(signed_in.token)
    with pytest.raises(NotSignedIn):
        choose_password(signed_in.actor, signed_in.token, PASSWORD, MINE, address=HERE)
    assert accounts.sign_in("doctor", PASSWORD, address=HERE)


def test_a_patient_has_none(cast: Cast) -> None:
    from hospital_ops.domain.access import Actor

    with pytest.raises(NotAllowed):
        choose_password(Actor(Role.PATIENT, "patient", registration_id=7), "x", PASSWORD, MINE, address=HERE)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short words", "password_short"),
        ("password1234", "password_common"),
        ("P@ssw0rd12345", "password_common"),
        ("1q2w3e4r5t6y", "password_common"),
        ("aaaaaaaaaaaaaaaa", "password_common"),
        ("qwertyuiop[]asdf", "password_common"),
        ("daria likes four plain rivers", "password_near"),
        ("our Hospital by the river", "password_near"),
        (PASSWORD, "password_same"),
        ("four plain \0 rivers flow", "password_unreadable"),
    ],
)
def test_a_weak_one_is_refused_in_words(cast: Cast, password: str, code: str) -> None:
    signed_in = accounts.sign_in("doctor", PASSWORD, address=HERE)
    with pytest.raises(Invalid) as refusal:
        choose_password(signed_in.actor, signed_in.token, PASSWORD, password, address=HERE)
    assert (refusal.value.code, refusal.value.sentence) == (code, WEAK[code])
    assert accounts.sign_in("doctor", PASSWORD, address=HERE)


def test_what_we_make_is_strong_and_never_twice_the_same() -> None:
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    assert not any(why_weak(password) for password in made)
