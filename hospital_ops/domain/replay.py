"""A day of the board, folded from what was written down: how the beds stood, what changed, and what is not known.

A board is `{bed_id: BedStatus}`. The log gives for each change how the bed was before it and how after, so a board at any
moment is the board at the beginning with the changes until then laid over it; and where one change does not begin as the last
one ended, something is missing from the log, which is said and not smoothed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from hospital_ops.domain.beds import HELD, BedStatus

Board = dict[int, BedStatus]
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One bed's status changed. `act` and `role` are codes of the audit: what was done, by whom."""

    bed_id: int
    at: datetime
    old: BedStatus
    new: BedStatus
    act: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Hole:
    """The log jumps: at `at` the bed was `found`, but by the log it was `expected`."""

    bed_id: int
    at: datetime
    expected: BedStatus
    found: BedStatus


@dataclass(frozen=True, slots=True)
class Figures:
    """What the capacity strip says of a board."""

    beds: int
    staffed: int
    occupied: int
    leaving: int
    ready: int
    reserved: int
    dirty: int
    cleaning: int
    blocked: int


def day_of(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """From when until when a calendar day of the hospital lasts, in UTC: 23, 24 or 25 hours."""
    begins, ends = (
        datetime.combine(on, time(), zone).astimezone(UTC) for on in (day, date.fromordinal(day.toordinal() + 1))
    )
    return begins, ends


def opening(today: Mapping[int, BedStatus], since: Iterable[Change]) -> Board:
    """How the beds stood before `since`, the changes from some moment on, oldest first. `today`: how they stand now.

    A bed was before its first change what that change says; one that has not changed stands as it stood.
    """
    board = dict(today)
    for change in reversed(list(since)):
        if change.bed_id in board:
            board[change.bed_id] = change.old
    return board


def at(board: Mapping[int, BedStatus], changes: Iterable[Change], moment: datetime) -> Board:
    """The board at `moment`, the changes of that very moment included. `changes` are in order of time."""
    after = dict(board)
    for change in changes:
        if change.at > moment:
            break
        if change.bed_id in after:
            after[change.bed_id] = change.new
    return after


def holes(
    board: Mapping[int, BedStatus],
    changes: Sequence[Change],
    *,
    ends: datetime | None = None,
    finally_: Mapping[int, BedStatus] | None = None,
) -> list[Hole]:
    """Where the log jumps, oldest first. `finally_`: how the beds are known to stand at `ends`."""
    now, found = dict(board), []
    for change in changes:
        expected = now.get(change.bed_id, change.old)
        if expected is not change.old:
            found.append(Hole(change.bed_id, change.at, expected, change.old))
        now[change.bed_id] = change.new
    if finally_ is not None and ends is not None:
        found += [
            Hole(bed_id, ends, now[bed_id], status)
            for bed_id, status in finally_.items()
            if bed_id in now and now[bed_id] is not status
        ]
    return found


def figures(board: Mapping[int, BedStatus]) -> Figures:
    """The strip of a board; the live one counts alike."""
    count = Counter(board.values())
    return Figures(
        beds=len(board),
        staffed=len(board) - count[BedStatus.CLOSED],
        occupied=sum(count[status] for status in HELD),
        leaving=count[BedStatus.PENDING_DISCHARGE],
        ready=count[BedStatus.AVAILABLE],
        reserved=count[BedStatus.RESERVED],
        dirty=count[BedStatus.DIRTY],
        cleaning=count[BedStatus.CLEANING],
        blocked=count[BedStatus.BLOCKED],
    )
