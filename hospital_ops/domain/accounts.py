"""What an account may be called and be, and why a password is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from hospital_ops.domain.access import HOUSE_WIDE, Role
from hospital_ops.domain.errors import Invalid

# Nobody signs in as these: a patient has a link, the house's own processes have no password.
NO_LOGIN: frozenset[Role] = frozenset({Role.PATIENT, Role.SYSTEM})
# What an administrator may make somebody, in the order in which a form offers it.
GIVEN: tuple[Role, ...] = tuple(role for role in Role if role not in NO_LOGIN)
# Programs type no password twice: theirs is made once and kept.
KEEPS_FIRST_PASSWORD: frozenset[Role] = frozenset({Role.INTEGRATION})
# A password that went through somebody else's hands. Over a weekend, not for ever.
ONE_TIME = timedelta(hours=72)

LONGEST_NAME = 80
SHORTEST_PASSWORD = 12
# Why a new password is refused, by code: in a refusal, in an address, on the page.
WEAK: dict[str, str] = {
    "password_short": f"Please use at least {SHORTEST_PASSWORD} characters; three or four words make a good one.",
    "password_common": "This password is one of those that are tried first. Please choose another.",
    "password_near": "Please leave your own name and the hospital's out of the password.",
    "password_same": "Please choose another password than the one you have.",
    "password_unreadable": "A password has at most 256 characters that can be typed.",
}
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")


def check_username(name: str) -> str:
    """The name as it stands, or a refusal."""
    if not _USERNAME.fullmatch(name):
        raise Invalid(
            "A user name has 2 to 40 small letters, digits, dots or dashes, a letter first.", code="bad_username"
        )
    return name


def check_person(display_name: str, role: Role) -> str:
    """The person's name without outer spaces, or a refusal."""
    name = display_name.strip()
    if not name or not name.isprintable() or role in NO_LOGIN:
        raise Invalid("An account needs a person's name and a role of the staff's.", code="bad_account")
    return name[:LONGEST_NAME]


def wards_for(role: Role, ward_ids: Iterable[int]) -> frozenset[int]:
    """The wards that limit this role: none where it works for the whole house."""
    return frozenset() if role in HOUSE_WIDE else frozenset(ward_ids)
