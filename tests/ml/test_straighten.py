"""The chances of a learner set right: as far as people say so, and back to the usual where it has found nothing."""

from __future__ import annotations

import numpy as np
import pytest

from hospital_ops.ml import straighten
from hospital_ops.ml.dataset import Floats, Ints

PEOPLE = 20_000


def drawn(odds: Floats, seed: int = 1) -> Ints:
    left: Ints = (np.random.default_rng(seed).random(len(odds)) < 1 / (1 + np.exp(-odds))).astype(np.int64)
    return left


def said_and_usual(seed: int = 0) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    return rng.normal(-2.0, 1.0, PEOPLE), rng.normal(-2.0, 0.3, PEOPLE)


def test_what_is_right_stays_as_it_is() -> None:
    said, usual = said_and_usual()
    assert straighten.line(said, usual, drawn(said)) == pytest.approx(straighten.AS_IT_IS, abs=0.12)


def test_who_is_too_sure_is_taken_back_and_the_mean_is_kept() -> None:
    said, usual = said_and_usual()
    truth = -0.6 + 0.4 * said
    left = drawn(truth)
    shift, slope, share = straighten.line(said, usual, left)
    assert slope == pytest.approx(0.4, abs=0.05)
    told = 1 / (1 + np.exp(-(shift + slope * said + share * usual)))
    assert told.mean() == pytest.approx(left.mean(), abs=0.002)


def test_where_nothing_was_found_the_usual_speaks() -> None:
    said, usual = said_and_usual()
    _, slope, share = straighten.line(said, usual, drawn(usual))
    assert slope < 0.05
    assert share == pytest.approx(1.0, abs=0.15)


def test_a_learner_that_says_the_opposite_is_not_believed() -> None:
    said, usual = said_and_usual()
    shift, slope, share = straighten.line(said, usual, drawn(-4.0 - said))
    assert slope == 0.0
    assert share >= 0.0
    assert np.isfinite(shift)


@pytest.mark.parametrize("left", [[], [0, 0, 0], [1, 1, 1]])
def test_a_few_people_move_little_and_break_nothing(left: list[int]) -> None:
    said = np.full(len(left), -1.0)
    line = straighten.line(said, said, np.array(left, dtype=np.int64))
    assert line == pytest.approx(straighten.AS_IT_IS, abs=0.8)


def test_a_line_of_an_older_release_has_no_share_and_still_moves() -> None:
    hazards, usual = np.full((2, 5), 0.2), np.full((2, 5), 0.9)
    old = straighten.moved(hazards, usual, [[0.0, 1.0], [0.5, 1.0]])
    assert old[:, 0] == pytest.approx(0.2)
    assert (old[:, 1:] > 0.2).all()
    assert old[0, 1:] == pytest.approx(old[0, 1])  # The last line is for all later days.
    assert (straighten.moved(hazards, usual, []) == hazards).all()


def whole_days(odds: Floats, seed: int = 1) -> Ints:
    """The day on which each leaves, from the log-odds of leaving on each; whoever is left on the last day leaves on it."""
    leaves = np.random.default_rng(seed).random(odds.shape) < 1 / (1 + np.exp(-odds))
    leaves[:, -1] = True
    days: Ints = leaves.argmax(axis=1).astype(np.int64) + 1
    return days


@pytest.mark.parametrize("slope", [-0.6, 0.0, 0.4, 1.0, 2.2])
def test_every_day_in_as_many_are_told_to_leave_as_leave(slope: float) -> None:
    said = np.random.default_rng(2).normal(-1.0, 0.8, (PEOPLE, 6))
    usual = np.full(6, -1.0)
    days = whole_days(-1.0 + slope * (said + 1.0))
    found = straighten.by_day(said, usual, days)
    told = 1 / (1 + np.exp(-straighten.moved_odds(said, usual, found)))
    for day in range(5):
        here = days > day
        assert told[here, day].mean() == pytest.approx((days[here] == day + 1).mean(), abs=0.004)
        assert found[day][1] == pytest.approx(max(slope, 0.0), abs=0.2)


def test_days_of_which_a_learner_knows_nothing_are_the_usual_ones() -> None:
    rng = np.random.default_rng(3)
    usual = np.array([-1.5, -1.2, -1.0, -0.8, -1.1, -0.9, -0.5, 0.0])
    said = usual + rng.normal(0.0, 1.0, (PEOPLE, 8))
    truth = np.where(np.arange(8) < 3, said, usual)
    days = whole_days(truth)
    found = straighten.by_day(said, usual, days)
    told = straighten.moved_odds(said, usual, found)
    assert found[2][1] == pytest.approx(1.0, abs=0.1)
    for day in (4, 5):
        here = days > day
        assert np.abs(told[here, day] - usual[day]).mean() < 0.12


def test_the_few_who_are_left_late_lean_on_the_day_before() -> None:
    usual = np.full(5, 1.8)
    off: dict[str, list[float]] = {"by day": [], "alone": []}
    for seed in range(20):
        said = np.random.default_rng(seed).normal(1.8, 1.0, (4_000, 5))
        days = whole_days(1.8 + 0.4 * (said - 1.8), seed)  # Too sure on every day alike.
        few = np.flatnonzero(days > 3)
        assert len(few) < 60
        alone = straighten.line(said[few, 3], usual[few * 0], (days[few] == 4).astype(np.int64))
        off["by day"].append(straighten.by_day(said, usual, days)[3][1] - 0.4)
        off["alone"].append(alone[1] - 0.4)
    assert np.square(off["by day"]).mean() < 0.5 * np.square(off["alone"]).mean()


def test_a_day_on_which_nobody_is_left_has_the_line_of_the_day_before() -> None:
    said = np.full((50, 4), -1.0)
    found = straighten.by_day(said, said[0], np.array([1] * 40 + [2] * 10))
    assert found[2] == pytest.approx(found[1])
