"""What may be asked of the audit, as it stands in an address or a form, and where the next page begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hospital_ops.domain.errors import Invalid

LARGEST_ID = 2**31 - 1
_CODE = re.compile(r"[a-z_]{1,40}(\.[a-z_]{1,40})?")
_USERNAME = re.compile(r"[a-z0-9._-]{1,40}")
_PLAIN = re.compile(r"[\w.:+/@\[\]{}-]{0,120}", re.ASCII)
# Facts whose words may have spaces: the method and pattern of a route.
_SPACED = frozenset({"what"})


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ends: the moment and number of its last line. Pages go on from here, however far back."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at.timestamp():.6f}_{self.id}"


@dataclass(frozen=True, slots=True)
class Question:
    """Which lines. Empty parts do not narrow. `who` is a username; days are the hospital's, both included."""

    who: str = ""
    action: str = ""
    subject: str = ""
    number: int | None = None
    ward: int | None = None
    first: date | None = None
    last: date | None = None
    denied: bool = False
    before: Key | None = field(default=None, compare=False)

    def words(self) -> dict[str, str]:
        """As it stands in an address, without the page."""
        told = {
            "who": self.who,
            "action": self.action,
            "subject": self.subject,
            "number": "" if self.number is None else str(self.number),
            "ward": "" if self.ward is None else str(self.ward),
            "first": self.first.isoformat() if self.first else "",
            "last": self.last.isoformat() if self.last else "",
            "denied": "1" if self.denied else "",
        }
        return {name: value for name, value in told.items() if value}


def read_question(given: Mapping[str, Any]) -> Question:
    """What an address or a form says. Raises Invalid with a sentence for what cannot be meant."""
    first, last = _day(given, "first"), _day(given, "last")
    if first and last and first > last:
        raise Invalid("The first day is after the last one.", code="bad_days")
    return Question(
        who=_text(given, "who", _USERNAME, "a user name").casefold(),
        action=_text(given, "action", _CODE, "an action"),
        subject=_text(given, "subject", _CODE, "a kind of thing"),
        number=_number(given, "number"),
        ward=_number(given, "ward"),
        first=first,
        last=last,
        denied=bool(given.get("denied")),
        before=_key(str(given.get("before") or "")),
    )


def shown_facts(facts: Mapping[str, Any]) -> list[str]:
    """Facts as words: ids, codes, addresses. Anything that could be a sentence is not shown, whoever wrote it there."""
    return [f"{name.replace('_', ' ')}: {_shown(name, value)}" for name, value in facts.items() if value is not None]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_shown(name, one) for one in value) or "none"
    words = str(value)
    plain = _PLAIN.fullmatch(words.replace(" ", "") if name in _SPACED else words)
    return words if plain else "(words not shown)"


def _text(given: Mapping[str, Any], name: str, form: re.Pattern[str], words: str) -> str:
    value = str(given.get(name) or "").strip()
    if value and not form.fullmatch(value.casefold()):
        raise Invalid(f"That is not {words}.", code="bad_filter")
    return value


def _number(given: Mapping[str, Any], name: str) -> int | None:
    value = str(given.get(name) or "").strip()
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or int(value) > LARGEST_ID:
        raise Invalid("A number is written in digits.", code="bad_filter")
    return int(value)


def _day(given: Mapping[str, Any], name: str) -> date | None:
    value = str(given.get(name) or "").strip()
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as wrong:
        raise Invalid("A day is written like 2026-11-24.", code="bad_filter") from wrong


def _key(value: str) -> Key | None:
    moment, _, number = value.partition("_")
    try:
        return Key(datetime.fromtimestamp(float(moment)).astimezone(), int(number)) if value else None
    except (ValueError, OverflowError, OSError) as wrong:
        raise Invalid("There is no such page.", code="bad_filter") from wrong
