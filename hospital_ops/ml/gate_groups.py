"""What a release must have shown about groups of patients, and what none may read about them: words and numbers alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

JUDGED = 1_000  # groups of so many stays are judged
LIMIT_DAYS = 0.25
NEVER_READ = ("race", "ethnicity", "language")


def never_read(shifts: Mapping[str, Any]) -> str:
    """What a release with these shifts does not read, in words. Payer may move a forecast; the others may not."""
    return ", ".join([*NEVER_READ, *(() if "payer" in shifts else ("payer",))])


def failures(rows: Sequence[dict[str, Any]], limit: float = LIMIT_DAYS, least: int = JUDGED) -> list[str]:
    """Why a release must not be activated, a sentence per failing group; empty when it may."""
    return [
        f"Stays of {row['group']} ({row['by'].replace('_', ' ')}, n {row['n']:,}) are foretold {abs(row['signed_error']):.2f} days too "
        f"{'long' if row['signed_error'] > 0 else 'short'} (95 % {row['low']:+.2f} to {row['high']:+.2f}); the limit is {limit:g}."
        for row in rows
        if row["n"] >= least and (row["low"] < -limit or row["high"] > limit)
    ]
