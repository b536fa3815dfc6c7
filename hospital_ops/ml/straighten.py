"""The chances of a learner, set right on people it has not learned from, and only as far as those people say so.

Per day ahead one line on the scale of log-odds: a shift, a slope for what the learner says, and a share for what is usual
(Kaplan–Meier). Where a learner has found nothing, its slope goes to nought and the usual speaks.
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
    which = np.minimum(np.arange(hazards.shape[-1]) if ahead is None else ahead, len(lines) - 1)
    shift, slope, share = np.array([[*line, 0.0][:3] for line in lines])[which].T
    along: Floats = 1 / (1 + np.exp(-(shift + slope * log_odds(hazards) + share * log_odds(usual))))
    return along


def lines(hazards: Floats, usual: Floats, left: Ints, ahead: Ints) -> list[Line]:
    """A line per day ahead, from one hazard, what is usual, and whether they left, per person and day."""
    group = np.minimum(ahead, GROUPS - 1)
    parts = [group == one for one in range(GROUPS)]
    return [line(log_odds(hazards[part]), log_odds(usual[part]), left[part]) for part in parts]


def line(said: Floats, usual: Floats, left: Ints) -> Line:
    """The most likely line under a normal prior round AS_IT_IS, by Newton's steps; slope and share are at least nought."""
    matrix = np.column_stack([np.ones(len(said)), said, usual])
    free = np.array([True, True, True])
    found = np.array(AS_IT_IS)
    for _ in range(len(free)):
        found = _climbed(matrix, left, np.where(free, found, 0.0), free)
        below = free & (found < 0) & np.array([False, True, True])
        if not below.any():
            break
        free &= ~below
        found = np.where(free, found, 0.0)
    return [float(number) for number in found]


def _climbed(matrix: Floats, left: Ints, start: Floats, free: npt.NDArray[np.bool_]) -> Floats:
    found = start.copy()
    precision = np.diag(1 / SPREAD[free] ** 2)
    centre = np.array(AS_IT_IS)[free]
    columns = matrix[:, free]
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(columns @ found[free], -30, 30)))
        slope = columns.T @ (left - chance) - precision @ (found[free] - centre)
        bend = (columns * (chance * (1 - chance))[:, None]).T @ columns + precision
        step = np.linalg.solve(bend, slope)
        found[free] += np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-6:
            break
    return found
