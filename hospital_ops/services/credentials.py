"""Who is it? A name and a password become a person, or a refusal that tells a stranger nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.accounts import WEAK
from hospital_ops.domain.errors import Invalid, NotSignedIn, SecondFactorRequired, TooMany, WrongCredentials
from hospital_ops.infra.db import read_session
from hospital_ops.infra.passwords import hash_password, verify_password
from hospital_ops.models import User
from hospital_ops.queries.clock import real_now
from hospital_ops.services.access import NOBODY, require
from hospital_ops.services.attempts import (
    count_again,
    count_again_right,
    count_attempt,
    count_failure,
    count_success,
    note_flood,
)
from hospital_ops.services.factor_door import pass_second_factor
from hospital_ops.services.login_step import STEP_OVER, mark_of, new_step, read_step
from hospital_ops.services.unit_of_work import Work, unit_of_work

LONGEST_PASSWORD = 256
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Proven:
    """A person whose password was right. `newer_hash` replaces an outdated one."""

    user_id: int
    newer_hash: str | None


def username_key(username: str) -> str:
    """Names are told apart without case or outer spaces. "", which is nobody's, for what no name can be."""
    name = username.strip().casefold()
    return name if name.isprintable() and len(name) <= LONGEST_NAME else ""


def prove(username: str, password: str, *, address: str, otp: str = "") -> Proven:
    """Check a name, a password and, where the account asks for one, a code, within the limits. All of it is audited.

    Raises WrongCredentials or TooMany; after a right password SecondFactorRequired (with a `step` to go on from) or
    SecondFactorWrong. Without the password nobody learns whether there is a second factor.
    """
    name = username_key(username)
    _count(name, address)
    user_id, hashed = _find(name)
    right, newer = verify_password(password if fits(password) else "", hashed)
    if not right or user_id is None:
        count_failure(address)
        _audit_refusal(user_id, address, why="wrong_credentials")
        raise WrongCredentials
    try:
        pass_second_factor(user_id, otp, address=address)
    except SecondFactorRequired as required:
        required.step = new_step(user_id, hashed or "")
        raise
    count_success(name, address)
    return Proven(user_id, newer)


def prove_step(step: str, otp: str, *, address: str) -> Proven:
    """The same for the login page's second question: `step` stands for the password that was right a moment ago."""
    user_id, mark = read_step(step)
    name, hashed = _find_id(user_id)
    if not name or mark != mark_of(hashed or ""):
        raise NotSignedIn(STEP_OVER)
    _count(name, address)
    pass_second_factor(user_id, otp, address=address)
    count_success(name, address)
    return Proven(user_id, None)


def prove_again(actor: Actor, password: str) -> int:
    """The password once more, from somebody who is signed in. Returns whose it is. Raises WrongCredentials or TooMany."""
    require(actor, Permission.ACCOUNT_OWN)
    user_id = actor.user_id or 0
    count_again(user_id)
    _, hashed = _find_id(user_id)
    right, _ = verify_password(password if fits(password) else "", hashed)
    if not right:
        with unit_of_work(actor) as work:
            work.record("session.refuse", "user", user_id, allowed=False, why="wrong_credentials")
        raise WrongCredentials("That is not your password. Please try again.")
    count_again_right(user_id)
    return user_id


def lock_proven(work: Work, proven: Proven) -> User:
    """The person's row, locked. Somebody may have closed the account while the password was being checked."""
    user = work.session.exec(select(User).where(User.id == proven.user_id).with_for_update(key_share=True)).one()
    if not user.active:
        raise WrongCredentials
    if proven.newer_hash is not None:
        user.hashed_password = proven.newer_hash
        work.session.add(user)
    return user


def new_hash(password: str) -> str:
    """A hash to store. Raises Invalid for what could never be typed again."""
    if not fits(password):
        raise Invalid(WEAK["password_unreadable"], code="password_unreadable")
    return hash_password(password)


def _count(name: str, address: str) -> None:
    try:
        count_attempt(name, address)
    except TooMany:
        if note_flood(name, address):
            _audit_refusal(_find(name)[0], address, why="too_many")
        raise


def fits(password: str) -> bool:
    """Whether this could be a password at all."""
    # The hash function must not be fed megabytes, nor what is no text; an empty password is nobody's.
    is_text = "\0" not in password and not any("\ud800" <= c <= "\udfff" for c in password)
    return is_text and 0 < len(password) <= LONGEST_PASSWORD


def _find(name: str) -> tuple[int | None, str | None]:
    """(user id, hash) of an open account, else two Nones: a closed one is as unknown as no account at all.

    So is one whose first password was never used in its time.
    """
    with read_session() as session:
        found = select(User.id, User.hashed_password).where(User.username == name, *_usable())
        row = session.exec(found).first()
    return (None, None) if row is None else (row[0], row[1])


def _find_id(user_id: int) -> tuple[str, str | None]:
    """The same by id: (name, hash), else ("", None)."""
    with read_session() as session:
        found = select(User.username, User.hashed_password).where(User.id == user_id, *_usable())
        row = session.exec(found).first()
    return ("", None) if row is None else (row[0], row[1])


def _usable() -> tuple[ColumnElement[bool], ...]:
    in_time = or_(col(User.one_time_until).is_(None), col(User.one_time_until) > real_now())
    return col(User.active).is_(True), in_time


def _audit_refusal(user_id: int | None, address: str, **facts: Any) -> None:
    # The name typed is not kept: people type passwords into the wrong field.
    with unit_of_work(NOBODY) as work:
        work.record("session.refuse", "user" if user_id else "", user_id, allowed=False, address=address, **facts)
