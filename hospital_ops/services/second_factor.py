"""A person's second factor: begun, confirmed with a first code, removed, and reset by whoever manages accounts."""

from __future__ import annotations

from dataclasses import dataclass, field

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import Conflict, NotFound, SecondFactorWrong
from hospital_ops.domain.events import account_changed
from hospital_ops.infra.one_time import QrPicture, new_secret, qr_picture, setup_address
from hospital_ops.models import SecondFactor, User
from hospital_ops.queries.clock import real_now
from hospital_ops.services.access import require
from hospital_ops.services.attempts import count_code, count_right_code, count_wrong_code
from hospital_ops.services.credentials import prove_again
from hospital_ops.services.factor_door import forget_recovery_codes, lock_factor, new_recovery_codes, spend
from hospital_ops.services.unit_of_work import Work, unit_of_work

_ALREADY = "Your account has a second factor already. Remove it first to set up another phone."


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs, by picture or by hand. Shown to the person once, kept sealed."""

    secret: str = field(repr=False)
    picture: QrPicture = field(repr=False)


def begin(actor: Actor, password: str) -> Enrolment:
    """Make a secret, which counts for nothing before `confirm`. The password keeps a passer-by at an open screen out.

    Raises WrongCredentials, TooMany, or Conflict when there is a second factor already.
    """
    user_id = prove_again(actor, password)
    with unit_of_work(actor) as work:
        factor = lock_factor(work, user_id) or SecondFactor(user_id=user_id, begun_at=real_now())
        if factor.confirmed_at is not None:
            raise Conflict(_ALREADY, code="second_factor_there")
        secret = new_secret()
        factor.secret, factor.begun_at = secret, real_now()
        work.session.add(factor)
        work.record("second_factor.begin", "user", user_id)
        username = work.session.get_one(User, user_id).username
    return Enrolment(secret, qr_picture(setup_address(secret, username)))


def confirm(actor: Actor, code: str) -> tuple[str, ...]:
    """The app's first code is right: from now on it is asked for. Returns ten recovery codes, shown this once."""
    user_id = _self(actor)
    count_code(user_id)
    codes: tuple[str, ...] = ()
    with unit_of_work(actor) as work:
        factor = lock_factor(work, user_id)
        if factor is None:
            raise NotFound("Nothing was begun here. Please begin with your password.")
        if factor.confirmed_at is not None:
            raise Conflict(_ALREADY, code="second_factor_there")
        if spend(work, factor, code):
            factor.confirmed_at = real_now()
            codes = new_recovery_codes(work, user_id)
            _changed(work, user_id, "second_factor.enrol")
    return _taken(user_id, codes)


def remove(actor: Actor, password: str, code: str) -> None:
    """Take it off one's own account: with the password and a code, so that neither alone is enough."""
    user_id = prove_again(actor, password)
    count_code(user_id)
    with unit_of_work(actor) as work:
        factor = lock_factor(work, user_id)
        if factor is None or factor.confirmed_at is None:
            raise NotFound("Your account has no second factor.")
        right = spend(work, factor, code)
        if right:
            _take_off(work, factor, "second_factor.remove")
        else:
            work.record("second_factor.remove", "user", user_id, allowed=False, why="wrong_code")
    _taken(user_id, ("removed",) if right else ())


def reset(actor: Actor, user_id: int) -> None:
    """Take somebody's second factor off, whose phone and codes are gone. Twice is once.

    Whoever asks must be known in person: from now on the password alone opens the account.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    if actor.user_id == user_id:
        raise Conflict(
            "Nobody resets their own: remove it on your account's page, or ask a colleague.", code="own_account"
        )
    with unit_of_work(actor) as work:
        if work.session.get(User, user_id) is None:
            raise NotFound("There is no such account.")
        factor = lock_factor(work, user_id)
        if factor is not None:
            _take_off(work, factor, "second_factor.reset")


def _self(actor: Actor) -> int:
    require(actor, Permission.ACCOUNT_OWN)
    if actor.user_id is None:
        raise NotFound("There is no such account.")
    return actor.user_id


def _take_off(work: Work, factor: SecondFactor, action: str) -> None:
    forget_recovery_codes(work, factor.user_id)
    work.session.delete(factor)
    _changed(work, factor.user_id, action)


def _changed(work: Work, user_id: int, action: str) -> None:
    work.record(action, "user", user_id)
    work.announce(account_changed(user_id))


def _taken(user_id: int, outcome: tuple[str, ...]) -> tuple[str, ...]:
    """Pass the outcome on, or count and refuse when there is none: the code was wrong."""
    if not outcome:
        count_wrong_code(user_id)
        raise SecondFactorWrong
    count_right_code(user_id)
    return outcome
