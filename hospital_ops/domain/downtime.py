"""A ward's board for the time when nothing runs: when it is too old, and what is noted when somebody opens it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

# A board is written every five minutes; after three that did not come, whoever reads it must know.
STALE_AFTER = timedelta(minutes=15)
FORM = 1


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody has opened a board. `account` is theirs on the machine; times are ISO, the machine's and the board's."""

    ward_id: int
    ward: str
    account: str
    opened_at: str
    board_at: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def is_stale(written_at: datetime, now: datetime) -> bool:
    """Both in real time."""
    return now - written_at > STALE_AFTER


def age_words(written_at: datetime, now: datetime) -> str:
    """ "3 minutes", "2 hours 5 minutes", "4 days": how old a board is."""
    minutes = max(0, round((now - written_at).total_seconds() / 60))
    days, hours, rest = minutes // 1440, minutes // 60, minutes % 60
    if days:
        return _count(days, "day")
    return f"{_count(hours, 'hour')} {_count(rest, 'minute')}" if hours else _count(rest, "minute")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
