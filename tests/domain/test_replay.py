"""The day folded from its log: any moment, the figures, and what is missing."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hospital_ops.domain.beds import MOVES, BedStatus
from hospital_ops.domain.replay import Change, Hole, at, day_of, figures, holes, opening

S = BedStatus
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def change(bed_id: int, minute: float, old: S, new: S) -> Change:
    return Change(bed_id, NOON + timedelta(minutes=minute), old, new)


def lived(beds: int, changes: int, seed: int) -> tuple[dict[int, S], list[Change], dict[int, S]]:
    """(board at the beginning, what happened, board at the end) of a house that moves at random by the table of moves."""
    dice = random.Random(seed)
    first = {bed_id: dice.choice(list(S)) for bed_id in range(beds)}
    board, log = dict(first), []
    for number in range(changes):
        bed_id = dice.randrange(beds)
        new = dice.choice(sorted(MOVES[board[bed_id]]))
        log.append(change(bed_id, number, board[bed_id], new))
        board[bed_id] = new
    return first, log, board


def test_what_was_at_the_beginning_is_found_from_the_end() -> None:
    for seed in range(20):
        first, log, last = lived(9, 60, seed)
        assert opening(last, log) == first
        assert at(first, log, log[-1].at) == last
        assert holes(first, log, ends=log[-1].at, finally_=last) == []


def test_any_moment_is_the_changes_until_then_and_of_that_moment() -> None:
    log = [change(1, 1, S.OCCUPIED, S.DIRTY), change(1, 5, S.DIRTY, S.CLEANING), change(2, 5, S.AVAILABLE, S.OCCUPIED)]
    board = {1: S.OCCUPIED, 2: S.AVAILABLE}
    assert at(board, log, NOON) == board
    assert at(board, log, NOON + timedelta(minutes=4)) == {1: S.DIRTY, 2: S.AVAILABLE}
    assert at(board, log, NOON + timedelta(minutes=5)) == {1: S.CLEANING, 2: S.OCCUPIED}


def test_a_bed_of_another_ward_is_not_made_up() -> None:
    log = [change(7, 1, S.OCCUPIED, S.DIRTY)]
    assert opening({1: S.AVAILABLE}, log) == {1: S.AVAILABLE}
    assert at({1: S.AVAILABLE}, log, NOON + timedelta(hours=1)) == {1: S.AVAILABLE}


def test_a_line_that_is_missing_is_said() -> None:
    first, log, last = lived(4, 40, 3)
    gone = next(n for n, one in enumerate(log) if any(later.bed_id == one.bed_id for later in log[n + 1 :]))
    without = log[:gone] + log[gone + 1 :]
    after = next(one for one in log[gone + 1 :] if one.bed_id == log[gone].bed_id)
    assert holes(first, without) == [Hole(after.bed_id, after.at, log[gone].old, log[gone].new)]
    assert holes(first, log[:-1], ends=NOON, finally_=last) == [
        Hole(log[-1].bed_id, NOON, log[-1].old, log[-1].new)
    ]  # fmt: skip


def test_the_figures_count_as_the_strip_does() -> None:
    board = dict(enumerate([S.OCCUPIED, S.PENDING_DISCHARGE, S.AVAILABLE, S.CLOSED, S.DIRTY, S.RESERVED]))
    told = figures(board)
    assert (told.beds, told.staffed, told.occupied, told.leaving, told.ready) == (6, 5, 2, 1, 1)
    assert (told.dirty, told.cleaning, told.blocked, told.reserved) == (1, 0, 0, 1)


def test_a_day_is_as_long_as_the_hospitals_clock_makes_it() -> None:
    zone = ZoneInfo("America/New_York")
    hours = {day: (day_of(day, zone)[1] - day_of(day, zone)[0]).total_seconds() / 3600 for day in (
        date(2026, 3, 2), date(2026, 3, 8), date(2026, 11, 1))}  # fmt: skip
    assert list(hours.values()) == [24, 23, 25]
    assert day_of(date(2026, 3, 2), zone)[0] == datetime(2026, 3, 2, 5, tzinfo=UTC)
