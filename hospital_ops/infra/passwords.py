"""Passwords, behind four functions. Argon2id by passlib's fork libpass; bcrypt only verifies old hashes."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from passlib.context import CryptContext

from hospital_ops.domain.accounts import SHORTEST_PASSWORD

# 19 MiB, two passes: OWASP's floor. A larger cost would let a login storm take the machine.
_context = CryptContext(
    schemes=["argon2", "bcrypt"],
    deprecated=["bcrypt"],
    argon2__type="ID",
    argon2__memory_cost=19_456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
# zxcvbn's scale: 3 is "safely unguessable" offline with a slow hash. It looks at no more than the first characters.
_ENOUGH, _LOOKED_AT = 3, 72
# Syllables that are read aloud over a telephone without spelling: 70 of them, 12 in a password are 73 bits.
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


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


def make_password() -> str:
    """A first password to hand over: `dokari-mulope-sitena-bavuko`."""
    syllable = secrets.SystemRandom().choice
    groups = ("".join(syllable(_CONSONANTS) + syllable(_VOWELS) for _ in range(3)) for _ in range(4))
    return "-".join(groups)


def why_weak(password: str, *, about: tuple[str, ...] = ()) -> str | None:
    """A code of domain.accounts.WEAK when a new password must be refused, else None. `about`: words near the person."""
    from zxcvbn import zxcvbn  # Here, because its lists take 14 MB and few processes ever ask.

    folded = password.casefold()
    if len(password) < SHORTEST_PASSWORD:
        return "password_short"
    near = [word.casefold() for word in about if len(word) > 3]
    if any(word in folded for word in near):
        return "password_near"
    judged = zxcvbn(password[:_LOOKED_AT], user_inputs=near)
    return "password_common" if judged["score"] < _ENOUGH else None
