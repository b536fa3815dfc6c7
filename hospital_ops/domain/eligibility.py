"""Is this patient insured? A question to a payer, and the six answers that a desk knows. None of them stops anybody.

*Unsupported* is not *inactive*: the first says that nobody could be asked, the second that somebody said no.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Protocol


class Coverage(StrEnum):
    """`asking` is not an answer yet; the other six are."""

    ASKING = "asking"
    VERIFIED = "verified"
    INACTIVE = "inactive"
    INFORMATION_MISSING = "information_missing"
    PAYER_UNSUPPORTED = "payer_unsupported"
    NOT_RECOGNISED = "not_recognised"
    COULD_NOT_REACH = "could_not_reach"


ANSWERED: tuple[Coverage, ...] = tuple(answer for answer in Coverage if answer is not Coverage.ASKING)

# What each says to the desk, and what to do about it.
WORDS: dict[Coverage, tuple[str, str]] = {
    Coverage.ASKING: ("The insurance is being asked", "You can go on; the answer appears here."),
    Coverage.VERIFIED: ("Insured", "Nothing to do."),
    Coverage.INACTIVE: (
        "The insurance says: not insured now",
        "Ask the patient for a newer card, or how they will pay.",
    ),
    Coverage.INFORMATION_MISSING: ("Something is missing to ask with", "Fill in what is named and ask again."),
    Coverage.PAYER_UNSUPPORTED: (
        "This insurance cannot be asked from here",
        "It says nothing about the patient. Call the number on the card.",
    ),
    Coverage.NOT_RECOGNISED: (
        "The insurance does not know this member",
        "Compare number, name and date of birth with the card and ask again.",
    ),
    Coverage.COULD_NOT_REACH: ("The insurance did not answer", "Admit as usual and ask again later."),
}


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked about. `dob` is an ISO date. It holds a patient's words: sealed wherever it is kept."""

    payer: str = ""
    member_id: str = ""
    group: str = ""
    first_name: str = ""
    last_name: str = ""
    dob: str = ""

    @classmethod
    def of(cls, answers: Mapping[str, str]) -> Inquiry:
        """From the answers of a registration, or a form with their names."""
        return cls(**{mine: answers.get(name, "").strip() for mine, name in _ANSWER.items()})

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    @property
    def missing(self) -> list[str]:
        """The answers without which nobody can be asked, by their names."""
        return [_ANSWER[mine] for mine in ("payer", "member_id", "last_name", "dob") if not getattr(self, mine)]


_ANSWER = {
    "payer": "insurance_payer",
    "member_id": "insurance_policy_num",
    "group": "insurance_group",
    "first_name": "first_name",
    "last_name": "last_name",
    "dob": "dob",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a payer said. `until` is an ISO date or "", `reference` the payer's own number for this answer."""

    coverage: Coverage
    plan: str = ""
    until: str = ""
    note: str = ""
    reference: str = ""


class PayerAway(Exception):
    """No answer in time, or none that can be understood. The words are for a log: they hold nothing of a patient."""


class Channel(Protocol):
    """One way to a payer: a clearing house, a FHIR server, a simulator. `name` is kept with each answer."""

    @property
    def name(self) -> str: ...

    def reaches(self, payer: str) -> bool:
        """Whether this payer can be asked through it."""
        ...

    def ask(self, inquiry: Inquiry, *, seconds: float) -> Reply:
        """Put the question. Raises PayerAway when there is no answer within `seconds`."""
        ...


def payer_key(name: str) -> str:
    """How payers' names are compared: "Blue-Harbor Health, Inc." and "BLUE HARBOR HEALTH" are one."""
    words = re.sub(r"[^a-z0-9]+", " ", name.casefold()).split()
    return " ".join(word for word in words if word not in {"inc", "llc", "co", "corp", "the", "of"})


def ask(channels: list[Channel], inquiry: Inquiry, *, seconds: float) -> tuple[Reply, str]:
    """(the answer, the channel's name). A channel that breaks is an answer too: nobody waits for an insurance."""
    if inquiry.missing:
        return Reply(Coverage.INFORMATION_MISSING, note=",".join(inquiry.missing)), ""
    channel = next((one for one in channels if one.reaches(inquiry.payer)), None)
    if channel is None:
        return Reply(Coverage.PAYER_UNSUPPORTED), ""
    try:
        return channel.ask(inquiry, seconds=seconds), channel.name
    except PayerAway:
        return Reply(Coverage.COULD_NOT_REACH), channel.name
