"""Hazards become dates by arithmetic that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from hospital_ops.ml.dataset import DAY
from hospital_ops.ml.outlook import Outlook

NOON_ONLY = np.eye(24)[12][None]  # everybody leaves between 12 and 13 h
EVEN = np.full((1, 24), 1 / 24)


def _outlook(hazards: list[float], hour: float, hours: np.ndarray = NOON_ONLY) -> Outlook:
    return Outlook.of(np.array([hazards]), np.array([100 * DAY + hour * 3600]), hours)


def test_chances_add_up_day_by_day() -> None:
    outlook = _outlook([0.5, 0.5, 1.0], 8.0)
    assert outlook.gone_within(24.0)[0] == pytest.approx(0.5)
    assert outlook.gone_within(48.0)[0] == pytest.approx(0.75)
    assert outlook.gone_within(72.0)[0] == pytest.approx(1.0, abs=1e-6)


def test_when_is_the_inverse_of_gone_within() -> None:
    outlook = _outlook([0.1, 0.3, 0.2, 0.4], 15.5, EVEN)
    for chance in (0.05, 0.2, 0.5, 0.8, 0.9):
        hours = (outlook.when(chance) - outlook.wall) / 3600
        assert outlook.gone_within(hours)[0] == pytest.approx(chance, abs=1e-6)


def test_today_is_cut_at_now() -> None:
    """At 20 h with an even profile, those who leave today leave in the last four hours."""
    outlook = _outlook([1.0], 20.0, EVEN)
    assert outlook.when(0.5)[0] == pytest.approx(100 * DAY + 22 * 3600, abs=60)
    low, high = outlook.hours_of(np.array([0]), 0.0, 1.0)
    assert low[0] >= outlook.wall[0]
    assert high[0] == pytest.approx(101 * DAY, abs=60)


def test_even_after_the_last_hour_of_leaving_nothing_is_past() -> None:
    outlook = _outlook([0.9], 23.9)
    assert outlook.when(0.01)[0] > outlook.wall[0]


def test_the_mean_is_between_the_extremes() -> None:
    certain = _outlook([0.0, 0.0, 1.0], 12.5)
    assert certain.mean_days()[0] == pytest.approx(2.0, abs=0.05)


def test_a_patient_who_never_leaves_still_gets_a_date() -> None:
    outlook = _outlook([0.0] * 28, 9.0)
    assert np.isfinite(outlook.when(0.9)[0])
