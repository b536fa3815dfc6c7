"""Guessing is slow: limits on sign-in attempts, per person and place, per account, per address.

Nobody can lock somebody else out for long: failures from elsewhere never count against an address from which the person
has signed in lately, and every count is forgotten after minutes.
"""

from __future__ import annotations

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute

from hospital_ops.domain.errors import TooMany
from hospital_ops.infra import limits

# One account from one address; one account from all addresses where it is unknown; one address, whoever is tried.
PAIR: RateLimitItem = RateLimitItemPerMinute(8, 5, namespace="pair")
ACCOUNT: RateLimitItem = RateLimitItemPerMinute(20, 5, namespace="account")
ADDRESS: RateLimitItem = RateLimitItemPerMinute(60, 5, namespace="address")
# Codes, after a right password: a million of them, three are right at a time, and these are all the guesses there are.
CODE: RateLimitItem = RateLimitItemPerMinute(6, 15, namespace="code")
WRONG_CODE: RateLimitItem = RateLimitItemPerDay(40, namespace="wrong_code")
# The password again, by somebody who is signed in: a passer-by at an open screen may guess.
AGAIN: RateLimitItem = RateLimitItemPerMinute(6, 5, namespace="again")
# How often a flood is written into the audit.
NOTED: RateLimitItem = RateLimitItemPerMinute(1, namespace="noted")
# Not a limit: a mark that lasts thirty days, left by a success.
_KNOWN: RateLimitItem = RateLimitItemPerDay(1, 30, namespace="known")


def count_attempt(username: str, address: str) -> None:
    """Count an attempt before the password is looked at. Raises TooMany, with seconds to wait."""
    if not limits.is_open(ADDRESS, address):
        raise _too_many(ADDRESS, address)
    if not limits.hit(PAIR, username, address):
        raise _too_many(PAIR, username, address)
    if limits.is_open(_KNOWN, username, address) and not limits.hit(ACCOUNT, username):
        raise _too_many(ACCOUNT, username)


def count_failure(address: str) -> None:
    """Only failures count against an address: a whole ward may share one."""
    limits.hit(ADDRESS, address)


def count_success(username: str, address: str) -> None:
    """The right person: what was counted for them is forgotten, and this address is known to be theirs."""
    limits.clear(PAIR, username, address)
    limits.clear(ACCOUNT, username)
    limits.hit(_KNOWN, username, address)


def count_code(user_id: int) -> None:
    """Count a code before it is looked at. Only whoever knows the password comes so far, so no stranger locks anybody
    out. Raises TooMany."""
    who = f"user {user_id}"
    if not limits.is_open(WRONG_CODE, who):
        raise _too_many(WRONG_CODE, who)
    if not limits.hit(CODE, who):
        raise _too_many(CODE, who)


def count_wrong_code(user_id: int) -> None:
    limits.hit(WRONG_CODE, f"user {user_id}")


def count_right_code(user_id: int) -> None:
    """The day's wrong ones stay counted: a thief's guesses between two of the person's own sign-ins add up."""
    limits.clear(CODE, f"user {user_id}")


def count_again(user_id: int) -> None:
    """Count a password typed again. Raises TooMany."""
    if not limits.hit(AGAIN, f"user {user_id}"):
        raise _too_many(AGAIN, f"user {user_id}")


def count_again_right(user_id: int) -> None:
    limits.clear(AGAIN, f"user {user_id}")


def note_flood(username: str, address: str) -> bool:
    """Whether this refusal is to be audited: the first in a minute is, so that a flood does not fill the audit."""
    return limits.hit(NOTED, username, address)


def _too_many(limit: RateLimitItem, *who: str) -> TooMany:
    seconds = limits.seconds_to_wait(limit, *who)
    minutes = max(1, round(seconds / 60))
    plural = "" if minutes == 1 else "s"
    return TooMany(f"Too many attempts. Please wait {minutes} minute{plural} and try again.", retry_after=seconds)
