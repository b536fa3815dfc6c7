"""The second factor: asked for after the password alone, each code good once, and no help to whoever has neither."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pyotp
import pytest
import zxingcpp
from sqlmodel import select

from hospital_ops.domain.access import Actor
from hospital_ops.domain.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    SecondFactorRequired,
    SecondFactorWrong,
    TooMany,
    WrongCredentials,
)
from hospital_ops.domain.second_factor import LETTERS, RECOVERY_CODES, is_from_app, typed
from hospital_ops.infra.db import read_session
from hospital_ops.models import RecoveryCode, SecondFactor
from hospital_ops.services import accounts, attempts, factor_door, login_step, second_factor, tokens
from tests.cast import PASSWORD, Cast, fresh

HOME = "192.0.2.10"
NOON = datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC)


class Phone:
    """Somebody's authenticator app, and a clock that the test sets."""

    def __init__(self, actor: Actor) -> None:
        self.now = NOON
        self.actor, self.secret = actor, ""
        self.recovery: tuple[str, ...] = ()

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self.now + timedelta(seconds=30 * steps))

    def enrol(self) -> Phone:
        self.secret = second_factor.begin(self.actor, PASSWORD).secret
        self.recovery = second_factor.confirm(self.actor, self.code())
        self.later()
        return self

    def later(self, seconds: int = 60) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def phone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """The nurse's phone, with a confirmed second factor."""
    phone = Phone(cast.nurse)
    monkeypatch.setattr(factor_door, "real_now", lambda: phone.now)
    return phone.enrol()


def sign_in(otp: str = "", password: str = PASSWORD, address: str = HOME) -> accounts.SignedIn:
    return accounts.sign_in("nurse", password, address=address, otp=otp)


def refusal(call: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value


# --- it works --------------------------------------------------------------------------------------------------------


def test_nobody_is_asked_before_enrolling(cast: Cast) -> None:
    assert sign_in().actor.user_id == cast.people["nurse"]
    assert sign_in(otp="123456").actor.user_id == cast.people["nurse"]  # Sent for nothing, and no harm done.


def test_begun_is_not_enrolled(cast: Cast) -> None:
    second_factor.begin(cast.nurse, PASSWORD)
    assert sign_in()
    assert refusal(lambda: second_factor.confirm(cast.nurse, "000000")).code == "second_factor_wrong"
    assert sign_in()


def test_an_enrolled_account_needs_both(phone: Phone) -> None:
    assert refusal(sign_in).code == "second_factor_required"
    assert sign_in(phone.code()).actor == replace(phone.actor, session_id=sign_in_id())
    phone.later()
    assert tokens.log_in("nurse", PASSWORD, address=HOME, otp=phone.code()).access_token
    assert refusal(lambda: tokens.log_in("nurse", PASSWORD, address=HOME)).code == "second_factor_required"


def sign_in_id() -> int | None:
    from hospital_ops.models import WebSession

    with read_session() as session:
        return max(session.exec(select(WebSession.id)), default=None)  # type: ignore[type-var]


def test_the_secret_is_sealed_and_recovery_codes_are_hashed(phone: Phone) -> None:
    row = fresh(SecondFactor, phone.actor.user_id or 0)
    assert row.secret == phone.secret
    assert phone.secret.encode() not in bytes(row.secret_sealed or b"")
    with read_session() as session:
        kept = [bytes(code.code_hash) for code in session.exec(select(RecoveryCode))]
    assert len(set(kept)) == RECOVERY_CODES == len(set(phone.recovery))
    assert not any(typed(code).encode() in row for code in phone.recovery for row in kept)


def test_the_picture_says_what_the_text_says(cast: Cast) -> None:
    """Read as a phone reads it: the drawn path becomes pixels, and a barcode reader looks at them."""
    begun = second_factor.begin(cast.nurse, PASSWORD)
    pixels = np.full((begun.picture.side, begun.picture.side), 255, np.uint8)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", begun.picture.path):
        pixels[int(y), int(x) : int(x) + int(width)] = 0
    [read] = zxingcpp.read_barcodes(np.kron(pixels, np.ones((6, 6), np.uint8)))
    assert read.text == f"otpauth://totp/Hospital:nurse?secret={begun.secret}&issuer=Hospital"
    assert begun.secret not in repr(begun)


# --- a code is good once ---------------------------------------------------------------------------------------------


def test_a_code_is_good_once(phone: Phone) -> None:
    code = phone.code()
    assert sign_in(code)
    assert refusal(lambda: sign_in(code)).code == "second_factor_wrong"
    assert refusal(lambda: sign_in(phone.code(-1))).code == "second_factor_wrong"  # Nor an older one after it.
    phone.later(30)
    assert sign_in(phone.code())


def test_the_code_that_confirmed_does_not_sign_in(cast: Cast, phone: Phone) -> None:
    phone.now = NOON
    assert refusal(lambda: sign_in(phone.code())).code == "second_factor_wrong"


@pytest.mark.parametrize(("off", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_half_a_minute_off(phone: Phone, off: int, right: bool) -> None:
    phone.later(300)
    if right:
        assert sign_in(phone.code(off))
    else:
        assert refusal(lambda: sign_in(phone.code(off))).code == "second_factor_wrong"


def test_a_recovery_code_is_good_once_and_however_it_is_typed(cast: Cast, phone: Phone) -> None:
    first, second = phone.recovery[:2]
    assert sign_in(f" {first.upper().replace('-', ' ')} ")
    assert refusal(lambda: sign_in(first)).code == "second_factor_wrong"
    assert sign_in(second)
    assert len(cast.audited("second_factor.use_recovery_code")) == 2


def test_somebody_elses_recovery_code_is_none(cast: Cast, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    doctor = Phone(cast.doctor)
    doctor.now = phone.now
    doctor.enrol()
    assert refusal(lambda: sign_in(doctor.recovery[0])).code == "second_factor_wrong"


def test_recovery_codes_are_never_taken_for_the_apps() -> None:
    assert not set("ilo01") & set(LETTERS)
    assert is_from_app("123456")
    assert not is_from_app("12345٣")
    assert not is_from_app(typed("23456-78923"))


# --- a stranger learns nothing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("otp", ["", "000000", "right"])
def test_without_the_password_nobody_learns_of_it(cast: Cast, phone: Phone, otp: str) -> None:
    """Wrong password with no code, a wrong code and even the right one: the same class, code and words as for nobody."""
    given = phone.code() if otp == "right" else otp
    enrolled = refusal(lambda: sign_in(given, password="wrong password"))
    plain = refusal(lambda: accounts.sign_in("doctor", "wrong password", address=HOME, otp=given))
    nobody = refusal(lambda: accounts.sign_in("no-such-name", "wrong password", address=HOME, otp=given))
    assert {(type(one), one.code, one.sentence) for one in (enrolled, plain, nobody)} == {
        (WrongCredentials, "wrong_credentials", WrongCredentials().sentence)
    }
    assert sign_in(phone.code())  # And the code was not spent on it.


def test_a_wrong_password_costs_the_same_with_and_without(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: without the right password no code is looked at, and nothing is looked up for one."""
    asked: list[int] = []
    monkeypatch.setattr("hospital_ops.services.credentials.pass_second_factor", lambda who, *_, **__: asked.append(who))
    assert refusal(lambda: sign_in(phone.code(), password="wrong password")).code == "wrong_credentials"
    assert asked == []


def test_guessing_codes_is_stopped_whatever_the_address(phone: Phone) -> None:
    for n in range(attempts.CODE.amount):
        wrong = refusal(lambda n=n: sign_in("000000", address=f"203.0.113.{n}"))  # type: ignore[misc]
        assert wrong.code == "second_factor_wrong"
    assert isinstance(refusal(lambda: sign_in(phone.code(), address=HOME)), TooMany)


def test_a_day_has_so_many_wrong_codes(phone: Phone) -> None:
    for _ in range(attempts.WRONG_CODE.amount):
        attempts.count_wrong_code(phone.actor.user_id or 0)
    assert isinstance(refusal(lambda: sign_in(phone.code())), TooMany)


def test_a_stranger_without_the_password_locks_nobody_out(phone: Phone) -> None:
    assert sign_in(phone.code())
    phone.later()
    for n in range(attempts.ACCOUNT.amount):
        refusal(lambda n=n: sign_in("000000", "wrong password", f"203.0.113.{n}"))  # type: ignore[misc]
    assert sign_in(phone.code())


# --- the login page's two steps --------------------------------------------------------------------------------------


def test_the_second_question_goes_on_from_the_first(cast: Cast, phone: Phone) -> None:
    asked = refusal(sign_in)
    assert isinstance(asked, SecondFactorRequired)
    signed_in = accounts.sign_in_with_code(asked.step, phone.code(), address=HOME, browser="Firefox on Windows")
    assert signed_in.actor.user_id == cast.people["nurse"]


def test_the_note_between_them_grants_nothing_but_the_question(cast: Cast, phone: Phone) -> None:
    step = _step()
    for otp, kind in (("", SecondFactorRequired), ("000000", SecondFactorWrong)):
        with pytest.raises(kind):
            accounts.sign_in_with_code(step, otp, address=HOME)
    for made_up in ("", "x", "AAAA", step[:-4] + "AAA=", step + "x"):
        with pytest.raises(NotSignedIn):
            accounts.sign_in_with_code(made_up, phone.code(), address=HOME)
    assert "nurse" not in step


def test_the_note_is_over_after_five_minutes(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    step, later = _step(), datetime.now(UTC) + timedelta(seconds=login_step.STEP_SECONDS + 1)
    monkeypatch.setattr(login_step, "real_now", lambda: later)
    with pytest.raises(NotSignedIn, match="too long"):
        accounts.sign_in_with_code(step, phone.code(), address=HOME)


def test_a_new_password_or_a_closed_account_makes_the_note_worthless(cast: Cast, phone: Phone) -> None:
    step = _step()
    given = accounts.reset_password(cast.admin, cast.people["nurse"]).password
    with pytest.raises(NotSignedIn):
        accounts.sign_in_with_code(step, phone.code(), address=HOME)
    step = _step(given)
    accounts.deactivate(cast.admin, cast.people["nurse"])
    with pytest.raises(NotSignedIn):
        accounts.sign_in_with_code(step, phone.code(), address=HOME)


def _step(password: str = PASSWORD) -> str:
    asked = refusal(lambda: sign_in(password=password))
    assert isinstance(asked, SecondFactorRequired)
    return asked.step


# --- on one's own account --------------------------------------------------------------------------------------------


def test_a_passer_by_at_an_open_screen_enrols_no_phone(cast: Cast) -> None:
    for _ in range(attempts.AGAIN.amount):
        assert isinstance(refusal(lambda: second_factor.begin(cast.nurse, "a guess of mine")), WrongCredentials)
    assert isinstance(refusal(lambda: second_factor.begin(cast.nurse, PASSWORD)), TooMany)


def test_a_second_phone_needs_the_first_removed(phone: Phone) -> None:
    for call in (
        lambda: second_factor.begin(phone.actor, PASSWORD),
        lambda: second_factor.confirm(phone.actor, phone.code()),
    ):
        with pytest.raises(Conflict):
            call()
    assert sign_in(phone.code())


def test_beginning_again_makes_the_first_secret_worthless(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone(cast.nurse)
    monkeypatch.setattr(factor_door, "real_now", lambda: phone.now)
    phone.secret = second_factor.begin(cast.nurse, PASSWORD).secret
    second_factor.begin(cast.nurse, PASSWORD)
    assert refusal(lambda: second_factor.confirm(cast.nurse, phone.code())).code == "second_factor_wrong"


def test_confirming_what_was_never_begun(cast: Cast) -> None:
    with pytest.raises(NotFound):
        second_factor.confirm(cast.nurse, "123456")


def test_removing_needs_the_password_and_a_code(cast: Cast, phone: Phone) -> None:
    with pytest.raises(WrongCredentials):
        second_factor.remove(phone.actor, "wrong password", phone.code())
    with pytest.raises(SecondFactorWrong):
        second_factor.remove(phone.actor, PASSWORD, "000000")
    second_factor.remove(phone.actor, PASSWORD, phone.code())
    assert sign_in()
    with pytest.raises(NotFound):
        second_factor.remove(phone.actor, PASSWORD, phone.code())
    with read_session() as session:
        assert session.exec(select(RecoveryCode)).all() == []


def test_only_whoever_manages_accounts_resets_and_never_their_own(cast: Cast, phone: Phone) -> None:
    nurse = cast.people["nurse"]
    for other in (cast.manager, cast.nurse_west, phone.actor):
        with pytest.raises(NotAllowed):
            second_factor.reset(other, nurse)
    with pytest.raises(Conflict):
        second_factor.reset(cast.admin, cast.people["admin"])
    with pytest.raises(NotFound):
        second_factor.reset(cast.admin, 987_654)
    second_factor.reset(cast.admin, nurse)
    second_factor.reset(cast.admin, nurse)
    assert len(cast.audited("second_factor.reset")) == 1
    assert sign_in()


def test_all_of_it_is_audited_and_announced_without_a_secret(cast: Cast, phone: Phone) -> None:
    refusal(sign_in)
    refusal(lambda: sign_in("000000"))
    second_factor.remove(phone.actor, PASSWORD, phone.code())
    said = [(row.action, row.allowed, row.subject_id) for row in cast.audited()]
    nurse = cast.people["nurse"]
    assert said[-5:] == [
        ("second_factor.begin", True, nurse),
        ("second_factor.enrol", True, nurse),
        ("session.ask_code", True, nurse),
        ("session.refuse", False, nurse),
        ("second_factor.remove", True, nurse),
    ]
    assert f"account:{nurse}" in cast.topics("account.changed")
    facts = str([row.facts for row in cast.audited()])
    assert phone.secret not in facts
    assert not any(code in facts for code in phone.recovery)
