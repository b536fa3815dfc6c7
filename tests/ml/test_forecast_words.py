"""What the wards read, and when a bed is due today."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hospital_ops.domain.forecasts import (
    StayForecast,
    at_quantile,
    due_today,
    leaves_words,
    leaving_distribution,
    next_shifts,
)

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)  # Tuesday, ten in the morning


def _forecast(median_hours: float, **changes: object) -> StayForecast:
    median = NOW + timedelta(hours=median_hours)
    plain = StayForecast(
        stay_id=1, made_at=NOW, p24=0.5, p48=0.7, p72=0.9, p_today=0.4, median_at=median,
        low_at=median - timedelta(hours=min(median_hours, 20)), high_at=median + timedelta(days=2),
        likely_from=median - timedelta(hours=1), likely_to=median + timedelta(hours=3), mean_days=1.0,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_today_has_its_hours() -> None:
    assert leaves_words(_forecast(5), NOW, ZONE) == "Leaves today, likely 14–18 h"


def test_tomorrow_has_its_hours() -> None:
    assert leaves_words(_forecast(26), NOW, ZONE) == "Leaves tomorrow, likely 11–15 h"


def test_later_has_its_days() -> None:
    assert leaves_words(_forecast(74), NOW, ZONE) == "Leaves Fri 27 Nov, between Thu 26 Nov and Sun 29 Nov"


def test_hours_that_have_passed_are_not_said() -> None:
    early = _forecast(2, likely_from=NOW - timedelta(hours=3))
    assert leaves_words(early, NOW, ZONE).startswith("Leaves today, likely 10–")


def test_a_date_that_has_passed_is_not_said() -> None:
    assert leaves_words(_forecast(2), NOW + timedelta(hours=3), ZONE) == ""


def test_today_is_the_hospitals_day_not_greenwichs() -> None:
    late = _forecast(13.5)  # half past eleven at night in New York, tomorrow in Greenwich
    assert due_today(late, NOW, ZONE)
    assert not due_today(_forecast(14.5), NOW, ZONE)


def test_a_wards_departures_are_a_distribution() -> None:
    exactly = leaving_distribution([0.5, 0.5])
    assert exactly == pytest.approx([0.25, 0.5, 0.25])
    assert sum(leaving_distribution([0.1, 0.7, 0.3, 0.9])) == pytest.approx(1.0)
    assert leaving_distribution([]) == [1.0]
    assert [at_quantile(exactly, share) for share in (0.1, 0.5, 0.9)] == [0, 1, 2]


def test_the_next_shifts_are_in_order_and_ahead() -> None:
    found = next_shifts(NOW, ZONE)
    assert [(index, start.hour) for index, start, _ in found] == [(1, 15), (2, 23), (0, 7)]
    assert all(end > start > NOW for _, start, end in found)
