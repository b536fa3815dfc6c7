"""Passwords, behind three functions. Argon2id by passlib's fork libpass; bcrypt only verifies old hashes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from passlib.context import CryptContext

# 19 MiB, two passes: OWASP's floor. A larger cost would let a login storm take the machine.
_context = CryptContext(
    schemes=["argon2", "bcrypt"],
    deprecated=["bcrypt"],
    argon2__type="ID",
    argon2__memory_cost=19_456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
_MINIMUM = 12
_COMMON = frozenset({"password1234", "123456789012", "qwertyuiop12", "hospital1234", "letmein12345", "iloveyou1234"})


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    # Bounded, so that many logins at once wait for each other and not everybody for them.
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return str(_context.hash("a password nobody has"))


def hash_password(password: str) -> str:
    """An Argon2id hash of a password."""
    return str(_pool().submit(_context.hash, password).result())


def verify_password(password: str, hashed: str | None) -> tuple[bool, str | None]:
    """(right, new hash when the stored one is outdated). Without a stored hash it takes the same time and is wrong."""
    nobodys = _nobodys_hash()  # Made before it is needed, so that the first unknown name does not take longer.
    right, newer = _pool().submit(_context.verify_and_update, password, hashed or nobodys).result()
    return bool(right and hashed), newer if right and hashed else None


def why_weak(password: str, *, about: tuple[str, ...] = ()) -> str | None:
    """A sentence when a new password must be refused, else None. `about` are words near the person: name, hospital."""
    folded = password.casefold()
    if len(password) < _MINIMUM:
        return f"Please use at least {_MINIMUM} characters; three or four words make a good one."
    if folded in _COMMON or len(set(folded)) < 5:
        return "This password is one of those that are tried first. Please choose another."
    if any(word and len(word) > 3 and word.casefold() in folded for word in about):
        return "Please leave your own name and the hospital's out of the password."
    return None
