"""A survey's answers as they come in: UTF-8 CSV, columns `user,surveyed_on,exhausted`. Read, never kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

COLUMNS = ("user", "surveyed_on", "exhausted")
_YES = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Label:
    user_id: int
    surveyed_on: date
    exhausted: bool


@dataclass
class Labels:
    """Good rows, and what was wrong with the others, by line. No line's own words are repeated."""

    good: list[Label] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)


def read_labels(text: str, users: Mapping[str, int]) -> Labels:
    """`users`: username → id. Raises ValueError when the columns are not there."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise ValueError(f"The file needs the columns {', '.join(COLUMNS)}; {', '.join(missing)} is not there.")
    found, seen = Labels(), set()
    for line, row in enumerate(reader, start=2):
        try:
            label = _label(row, users)
        except ValueError as error:
            found.bad.append(f"Line {line}: {error}")
            continue
        if (label.user_id, label.surveyed_on) in seen:
            found.bad.append(f"Line {line}: this person has answered on that day already.")
            continue
        seen.add((label.user_id, label.surveyed_on))
        found.good.append(label)
    return found


def _label(row: Mapping[str, str | None], users: Mapping[str, int]) -> Label:
    user, day, word = ((row.get(name) or "").strip() for name in COLUMNS)
    if user not in users:
        raise ValueError("nobody has that username.")
    if word.lower() not in _YES:
        raise ValueError("exhausted is yes or no.")
    try:
        return Label(users[user], date.fromisoformat(day), _YES[word.lower()])
    except ValueError:
        raise ValueError("surveyed_on is a date such as 2026-11-24.") from None
