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
