"""The chances of a learner, set right on people it has not learned from, and only as far as those people say so.

Per day ahead one line on the scale of log-odds: a shift, a slope for what the learner says, and a share for what is usual
(Kaplan–Meier). Where a learner has found nothing, its slope goes to nought and the usual speaks. `lines` serves the model with
a clock, `by_day` the one for whole days, where every day in has its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hospital_ops.ml.dataset import Floats, Ints

Line = list[float]  # shift, slope, share; the third is missing in releases older than it
AS_IT_IS: Line = [0.0, 1.0, 0.0]
# How far from AS_IT_IS a line is thought to lie before anybody was seen: the shift in log-odds, slope and share.
SPREAD = np.array([0.5, 0.5, 0.5])
NEAR = 0.2  # how far, in each of the three, a day's line is thought to lie from that of the day before
GROUPS = 3  # today, tomorrow, later
STEPS = 25


def log_odds(chance: Floats) -> Floats:
    clipped = np.clip(chance, 1e-6, 1 - 1e-6)
    odds: Floats = np.log(clipped / (1 - clipped))
    return odds


def moved(hazards: Floats, usual: Floats, lines: Sequence[Line], ahead: Ints | None = None) -> Floats:
    """Hazards along the line of the day ahead they are of, the last one for all later days; no lines, no change.

    `ahead`: the day of each hazard, in any shape that fits; without it they are (n, days), from today on.
    """
    if not lines:
        return hazards
    along: Floats = 1 / (1 + np.exp(-moved_odds(log_odds(hazards), log_odds(usual), lines, ahead)))
    return along


def moved_odds(said: Floats, usual: Floats, lines: Sequence[Line], ahead: Ints | None = None) -> Floats:
    """The same of log-odds."""
    if not lines:
        return said
    which = np.minimum(np.arange(said.shape[-1]) if ahead is None else ahead, len(lines) - 1)
    shift, slope, share = np.array([[*line, 0.0][:3] for line in lines])[which].T
    along: Floats = shift + slope * said + share * usual
    return along


def lines(hazards: Floats, usual: Floats, left: Ints, ahead: Ints) -> list[Line]:
    """A line per day ahead, from one hazard, what is usual, and whether they left, per person and day."""
    group = np.minimum(ahead, GROUPS - 1)
    parts = [group == one for one in range(GROUPS)]
    return [line(log_odds(hazards[part]), log_odds(usual[part]), left[part]) for part in parts]


def by_day(said: Floats, usual: Floats, days: Ints) -> list[Line]:
    """A line per whole day from log-odds, shape (stays, days), those usual on each day, and the day on which each left.

    Each is thought to lie near the one before: late few are left, who alone would tell little of their own line, while what a
    learner is worth goes down from day to day. On the last day everybody leaves, whatever the odds.
    """
    found: list[Line] = []
    around, spread = np.array(AS_IT_IS), np.diag(SPREAD**2)
    for day in range(said.shape[1] - 1):
        here = days > day
        matrix = _columns(said[here, day], np.full(int(here.sum()), usual[day]))
        around, known = _most_likely(matrix, (days[here] == day + 1).astype(np.int64), around, spread)
        spread = known + NEAR**2 * np.eye(len(around))
        found.append([float(number) for number in around])
    return found


def line(said: Floats, usual: Floats, left: Ints) -> Line:
    """The most likely line under a normal prior round AS_IT_IS; slope and share are at least nought."""
    found, _ = _most_likely(_columns(said, usual), left, np.array(AS_IT_IS), np.diag(SPREAD**2))
    return [float(number) for number in found]


def _columns(said: Floats, usual: Floats) -> Floats:
    return np.column_stack([np.ones(len(said)), said, usual])


def _most_likely(matrix: Floats, left: Ints, around: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """(line, its covariance). A slope or share that would be below nought is held at nought while the others are found anew."""
    free = np.array([True, True, True])
    found = around
    precision = np.linalg.inv(spread)
    for _ in range(len(free)):
        found = _climbed(matrix, left, np.where(free, found, 0.0), free, around, precision)
        below = free & (found < 0) & np.array([False, True, True])
        if not below.any():
            break
        free &= ~below
    found = np.where(free, found, 0.0)
    return found, np.linalg.inv(_bend(matrix, found, precision))


def _climbed(
    matrix: Floats, left: Ints, start: Floats, free: npt.NDArray[np.bool_], around: Floats, precision: Floats
) -> Floats:
    """Newton's steps in what is free."""
    found = start.copy()
    for _ in range(STEPS):
        slope = matrix.T @ (left - _chance(matrix, found)) - precision @ (found - around)
        step = np.linalg.solve(_bend(matrix, found, precision)[np.ix_(free, free)], slope[free])
        found[free] += np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-6:
            break
    return found


def _bend(matrix: Floats, found: Floats, precision: Floats) -> Floats:
    chance = _chance(matrix, found)
    bend: Floats = (matrix * (chance * (1 - chance))[:, None]).T @ matrix + precision
    return bend


def _chance(matrix: Floats, found: Floats) -> Floats:
    chance: Floats = 1 / (1 + np.exp(-np.clip(matrix @ found, -30, 30)))
    return chance
