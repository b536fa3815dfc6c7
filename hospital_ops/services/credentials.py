"""Who is it? A name and a password become a person, or a refusal that tells a stranger nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from hospital_ops.domain.errors import Invalid, TooMany, WrongCredentials
from hospital_ops.infra.db import read_session
from hospital_ops.infra.passwords import hash_password, verify_password
from hospital_ops.models import User
from hospital_ops.services.access import NOBODY
from hospital_ops.services.attempts import count_attempt, count_failure, count_success, note_flood
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
    """Check a name and a password within the limits. Raises WrongCredentials or TooMany; both are audited.

    `otp` is accepted and not looked at: no account has enrolled a second factor yet.
    """
    name = username_key(username)
    try:
        count_attempt(name, address)
    except TooMany:
        if note_flood(name, address):
            _audit_refusal(_find(name)[0], address, why="too_many")
        raise
    user_id, hashed = _find(name)
    right, newer = verify_password(password if _fits(password) else "", hashed)
    if not right or user_id is None:
        count_failure(address)
        _audit_refusal(user_id, address, why="wrong_credentials")
        raise WrongCredentials
    count_success(name, address)
    return Proven(user_id, newer)


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
    if not _fits(password):
        raise Invalid(f"A password has 1 to {LONGEST_PASSWORD} characters.", code="weak_password")
    return hash_password(password)


def _fits(password: str) -> bool:
    # The hash function must not be fed megabytes, nor what is no text; an empty password is nobody's.
    is_text = "\0" not in password and not any("\ud800" <= c <= "\udfff" for c in password)
    return is_text and 0 < len(password) <= LONGEST_PASSWORD


def _find(name: str) -> tuple[int | None, str | None]:
    """(user id, hash) of an open account, else two Nones: a closed one is as unknown as no account at all."""
    with read_session() as session:
        found = select(User.id, User.hashed_password).where(User.username == name, col(User.active).is_(True))
        row = session.exec(found).first()
    return (None, None) if row is None else (row[0], row[1])


def _audit_refusal(user_id: int | None, address: str, **facts: Any) -> None:
    # The name typed is not kept: people type passwords into the wrong field.
    with unit_of_work(NOBODY) as work:
        work.record("session.refuse", "user" if user_id else "", user_id, allowed=False, address=address, **facts)
