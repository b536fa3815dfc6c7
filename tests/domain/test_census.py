"""Beds needed at midnight: exact against every outcome counted one by one."""

from __future__ import annotations

import itertools
import math

import pytest

from hospital_ops.domain.census import MOST_BARS, TAIL, coming, leaving, tonight


@pytest.mark.parametrize("chances", [(), (0.0, 1.0), (0.1, 0.5, 0.9), (0.25,) * 6])
def test_departures_are_every_outcome_added_up(chances: tuple[float, ...]) -> None:
    counted = [0.0] * (len(chances) + 1)
    for outcome in itertools.product((True, False), repeat=len(chances)):
        counted[sum(outcome)] += math.prod(p if gone else 1 - p for p, gone in zip(chances, outcome, strict=True))
    assert leaving(chances) == pytest.approx(counted)


@pytest.mark.parametrize("expected", [0.0, 0.4, 12.5, 60.0])
def test_arrivals_are_all_there_and_as_many_as_expected(expected: float) -> None:
    chances = coming(expected)
    assert sum(chances) == pytest.approx(1)
    assert sum(n * chance for n, chance in enumerate(chances)) == pytest.approx(expected)


def test_the_middle_and_the_range_hold_what_they_say() -> None:
    census = tonight(280, tuple(n / 300 for n in range(250)), 35.0)
    assert sum(census.chances) == pytest.approx(1)
    mean = sum((census.least + n) * chance for n, chance in enumerate(census.chances))
    assert mean == pytest.approx(280 - sum(n / 300 for n in range(250)) + 35)
    low, middle, high = (census.quantile(share) for share in (0.1, 0.5, 0.9))
    assert low < middle < high
    assert census.more_than(low - 1) >= 0.9 > census.more_than(low)
    assert census.more_than(high) <= 0.1 < census.more_than(high - 1)
    assert census.more_than(-1) == pytest.approx(1)
    assert census.more_than(10_000) == 0


def test_the_bars_are_few_and_hold_nearly_everything() -> None:
    for census in (tonight(280, (0.2,) * 250, 35.0), tonight(3, (), 0.0), tonight(0, (), 0.0)):
        bars = census.bars()
        assert 1 <= len(bars) <= MOST_BARS
        assert sum(bar.chance for bar in bars) >= 1 - 2 * TAIL
        assert all(one.high + 1 == next.low for one, next in itertools.pairwise(bars))


def test_an_empty_house_that_nobody_comes_to_needs_no_bed() -> None:
    assert (tonight(0, (), 0.0).quantile(0.1), tonight(0, (), 0.0).quantile(0.9)) == (0, 0)


def test_nobody_leaves_a_house_that_all_leave_for_certain() -> None:
    census = tonight(5, (1.0,) * 5, 0.0)
    assert (census.quantile(0.5), census.more_than(0)) == (0, 0)
