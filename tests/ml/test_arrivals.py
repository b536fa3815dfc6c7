"""Arrivals: whole days and hours agree, ranges hold, the baseline is named, a shift's nurses follow its patients."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from hospital_ops.domain.forecasts import ShiftForecast, WardStaffing
from hospital_ops.ml import arrivals, counts, shifts, train_arrivals
from hospital_ops.ml.arrivals import ArrivalsModel, Counts
from hospital_ops.ml.calendar import EPOCH, NO_HOLIDAY, holiday
from hospital_ops.ml.dataset import StayTable
from hospital_ops.ml.length_of_stay import DischargeModel
from hospital_ops.ml.registry import ArtefactError
from hospital_ops.sim.history import SimulatedHistory, census_at
from hospital_ops.sim.wards import WARDS
from tests.pointer import let_serve

from .conftest import END, ZONE


@pytest.fixture(scope="module")
def counted(table: StayTable) -> Counts:
    return arrivals.counts_of(table, END.timestamp())


@pytest.fixture(scope="module")
def flow(counted: Counts) -> ArrivalsModel:
    return train_arrivals.train_on_counts(counted, seed=1)


@pytest.fixture(scope="module")
def wards() -> list[WardStaffing]:
    return [
        WardStaffing(
            ward.code,
            ward.unit,
            ward.beds,
            ward.nurse_ratio,
            tuple(int(np.ceil(0.87 * ward.beds / ratio)) for ratio in ward.nurse_ratio),  # type: ignore[arg-type]
        )
        for ward in WARDS
    ]


def test_every_admission_is_counted_once(counted: Counts, table: StayTable) -> None:
    inside = (table.column("admitted") >= 0).sum()
    assert inside - 120 < counted.hourly.sum() <= inside
    assert counted.daily.sum() == counted.hourly.sum()


def test_hours_add_up_to_days(flow: ArrivalsModel, counted: Counts) -> None:
    hourly = flow.hourly(counted, 5).reshape(5, 24, -1).sum(axis=1)
    np.testing.assert_allclose(hourly, flow.daily(counted, 5))


def test_it_is_no_worse_than_the_same_weekdays_mean(flow: ArrivalsModel) -> None:
    measures = flow.metadata["metrics"]
    assert measures["daily_mae"] < measures["six_week_mean_daily_mae"]
    low, high = measures["intervals"]["daily_mae"]
    assert low < measures["daily_mae"] < high
    assert measures["n"] > 100
    # Ten months have shown no whole winter, so the level must follow it: four a day, half of one off at most.
    assert abs(measures["signed_error"]) < 0.5


def test_its_ranges_hold_about_eight_in_ten(flow: ArrivalsModel) -> None:
    measures = flow.metadata["metrics"]
    assert 0.72 <= measures["coverage_8h"] <= 0.90
    assert 0.72 <= measures["coverage_24h"] <= 0.90


def test_the_range_of_the_house_holds_as_much_as_a_units(flow: ArrivalsModel, counted: Counts) -> None:
    house = np.full(20_000, 60.0)
    came = np.random.default_rng(3).poisson(house)
    held = {}
    for whole in (False, True):
        low, high = flow.range(house, 24, house=whole)
        held[whole] = float(((came >= low) & (came <= high)).mean())
    assert 0.75 < held[True] < 0.88
    assert 0.7 < flow.metadata["metrics"]["house_coverage_24h"] < 0.9
    # What is right for four a day is too narrow for sixty, and for sixty an hourly range more so.
    assert held[False] < held[True]
    assert flow.tails[arrivals.HOUSE.format(1)] < flow.tails["1"]


def test_a_release_without_ranges_of_the_house_takes_a_tenth_on_either_side(flow: ArrivalsModel) -> None:
    older = replace(flow, tails={"24": 0.2}, spread=0.0)
    low, high = older.range(np.array([60.0]), 24, house=True)
    assert (float(low[0]), float(high[0])) == (50.0, 70.0)


def test_what_comes_later_changes_no_forecast(flow: ArrivalsModel, counted: Counts) -> None:
    whole = len(counted.daily)
    later = Counts(counted.units, counted.first_day, counted.hourly.copy())
    later.hourly[(whole - 20) * 24 :] = 99.0
    np.testing.assert_array_equal(flow.daily(counted.until(whole - 20)), flow.daily(later.until(whole - 20)))


def test_forecasts_begin_at_the_next_whole_hour(flow: ArrivalsModel, counted: Counts) -> None:
    told = arrivals.forecast_arrivals(flow, counted, END + timedelta(minutes=20), 36, ZONE)
    assert len(told) == 36 * len(counted.units)
    assert told[0].starts_at == END + timedelta(hours=1)
    assert all(one.low <= one.high for one in told)


def test_days_begin_tomorrow_and_agree_with_their_hours(flow: ArrivalsModel, counted: Counts) -> None:
    told = arrivals.forecast_days(flow, counted, END + timedelta(minutes=20), ZONE, "All")
    tomorrow = END.astimezone(ZONE).date() + timedelta(days=1)
    assert [one.day for one in told if one.unit == "All"] == [tomorrow + timedelta(days=n) for n in range(28)]
    hours = arrivals.forecast_arrivals(flow, counted, END + timedelta(minutes=20), 72, ZONE)
    for unit in counted.units:
        of_hours = sum(
            one.expected for one in hours if one.unit == unit and one.starts_at.astimezone(ZONE).date() == tomorrow
        )
        (day,) = [one for one in told if (one.unit, one.day) == (unit, tomorrow)]
        assert day.expected == pytest.approx(of_hours)
    first = [one for one in told if one.day == tomorrow]
    house = first.pop()
    # The range of the sum is narrower than the ranges' sum, and holds what is expected.
    assert house.expected == pytest.approx(sum(one.expected for one in first))
    assert house.high - house.low < sum(one.high - one.low for one in first)
    assert house.low < house.expected < house.high


def test_old_counts_are_refused(flow: ArrivalsModel, counted: Counts) -> None:
    with pytest.raises(ValueError, match="do not reach up to now"):
        arrivals.forecast_arrivals(flow, counted, END + timedelta(days=40), 12, ZONE)


def test_a_saved_model_says_the_same(flow: ArrivalsModel, counted: Counts, tmp_path: Path) -> None:
    let_serve(tmp_path, train_arrivals.KIND, train_arrivals.save_arrivals(flow, tmp_path, END))
    np.testing.assert_allclose(train_arrivals.load_arrivals(tmp_path).daily(counted), flow.daily(counted))


def test_without_a_model_the_same_weekday_serves(counted: Counts, tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="has been trained yet"):
        train_arrivals.load_arrivals(tmp_path)
    baseline = train_arrivals.fallback(counted, "None yet")
    assert baseline.name.startswith("Baseline")
    wanted = np.maximum(train_arrivals.six_week_mean(counted, len(counted.daily), 7), 0.05)
    ordinary = [d for d in range(7) if holiday(int(counted.days[-1]) + 1 + d) == NO_HOLIDAY]
    np.testing.assert_allclose(baseline.daily(counted, 7)[ordinary], wanted[ordinary])


def test_holidays_are_where_the_calendar_has_them() -> None:
    named = [datetime(2026, 11, 26), datetime(2026, 11, 27), datetime(2026, 5, 25), datetime(2026, 7, 4)]  # noqa: DTZ001
    assert [holiday((one.date() - EPOCH).days) for one in named] == [7, 11, 9, 1]
    assert holiday((datetime(2026, 5, 18).date() - EPOCH).days) == NO_HOLIDAY  # noqa: DTZ001


def test_overdispersed_counts_get_wider_ranges() -> None:
    expected = np.array([20.0])
    narrow, wide = (counts.quantile(0.9, expected, spread)[0] for spread in (0.0, 0.1))
    assert wide > narrow
    assert counts.gone_below(np.array([narrow]), expected, 0.0)[0] >= 0.9


@pytest.fixture(scope="module")
def told(
    history: SimulatedHistory, flow: ArrivalsModel, counted: Counts, model: DischargeModel, wards: list[WardStaffing]
) -> list[ShiftForecast]:
    return shifts.forecast_shifts(flow, counted, model, census_at(history, END), END, ZONE, wards)


def test_three_shifts_of_every_ward(told: list[ShiftForecast]) -> None:
    assert len(told) == 3 * len(WARDS)
    assert [one.shift for one in told[:: len(WARDS)]] == ["evening", "night", "day"]
    assert all(one.starts_at > END for one in told)


def test_nurses_follow_the_census(told: list[ShiftForecast], wards: list[WardStaffing]) -> None:
    beds = {ward.ward_code: ward.beds for ward in wards}
    for one in told:
        assert 0 <= one.census_low <= one.census <= one.census_high + 0.5
        assert one.census_high <= beds[one.ward_code]
        assert one.needed_low <= one.needed <= one.needed_high
        assert 0 <= one.p_over <= 1


def test_a_ward_with_fewer_nurses_is_likelier_to_need_more(
    history: SimulatedHistory, flow: ArrivalsModel, counted: Counts, model: DischargeModel, wards: list[WardStaffing]
) -> None:
    from dataclasses import replace

    short = [replace(ward, staffed=tuple(max(n - 2, 1) for n in ward.staffed)) for ward in wards]  # type: ignore[arg-type]
    here = census_at(history, END)
    fewer, usual = (shifts.forecast_shifts(flow, counted, model, here, END, ZONE, which) for which in (short, wards))
    assert sum(one.p_over for one in fewer) > sum(one.p_over for one in usual) + 1


def test_an_empty_house_needs_nobody_but_newcomers(
    flow: ArrivalsModel, counted: Counts, model: DischargeModel, wards: list[WardStaffing]
) -> None:
    told = shifts.forecast_shifts(flow, counted, model, [], END, ZONE, wards)
    assert all(one.departures == 0 for one in told)
    assert max(one.census for one in told) < 15


def growing(days: int, seed: int = 4) -> Counts:
    """A house to which half as many people again come at the end, with a summer and a winter on the way."""
    day = np.arange(days)
    expected = 60 * (1 + 0.5 * day / days) * (1 + 0.1 * np.cos(2 * np.pi * day / 365.25))
    hourly = np.random.default_rng(seed).poisson(np.repeat(expected / 24, 24)).astype(float)
    return Counts(("house",), 19_000, hourly[:, None])


def test_a_house_that_grows_is_not_foretold_too_empty() -> None:
    """Without a slope of its own the growth was drawn as half a season: eight in a hundred too few."""
    history = growing(900)
    model = arrivals.fit(history.until(600))
    origins = range(600, 690, 6)
    told = np.array([model.daily(history.until(day))[:, 0] for day in origins])
    came = np.array([history.daily[day : day + 28, 0] for day in origins])
    usual = np.array([train_arrivals.six_week_mean(history, day, 28)[:, 0] for day in origins])
    assert abs((told - came).mean()) < 0.03 * came.mean()
    assert np.abs(told - came).mean() < np.abs(usual - came).mean()


def test_a_release_that_drew_no_slope_still_speaks() -> None:
    model = arrivals.fit(growing(900), forest=False)
    old = arrivals.from_json({key: value for key, value in arrivals.as_json(model).items() if key != "last_day"}, None)
    old.coefficients = [row[:-1] for row in old.coefficients]
    assert old.daily(growing(900)).shape == (28, 1)


def stepped(levels: list[tuple[int, float]], seed: int = 5) -> Counts:
    """Days and people a day, one piece after the other; a weekend has fewer."""
    expected = np.concatenate([np.full(days, people) for days, people in levels])
    expected *= np.where(np.arange(len(expected)) % 7 >= 5, 0.8, 1.0)
    hourly = np.random.default_rng(seed).poisson(np.repeat(expected / 24, 24)).astype(float)
    return Counts(("house",), 19_000, hourly[:, None])


def against_six_weeks(history: Counts, learned: int, origins: range, method: str) -> float:
    model = arrivals.fit(history.until(learned))
    model.method = method
    errors = [
        (
            np.abs(model.daily(history.until(day)) - history.daily[day : day + 28]).mean(),
            np.abs(train_arrivals.six_week_mean(history, day, 28) - history.daily[day : day + 28]).mean(),
        )
        for day in origins
    ]
    ours, theirs = np.array(errors).sum(axis=0)
    return float(ours / theirs)


@pytest.mark.parametrize("method", ["calendar", "mean of both"])
@pytest.mark.parametrize(
    ("levels", "learned", "origins"),
    [
        ([(500, 40.0), (180, 72.0), (200, 72.0)], 680, range(690, 850, 16)),
        ([(400, 40.0), (120, 0.0), (380, 40.0)], 640, range(650, 870, 22)),
        ([(200, 60.0), (200, 45.0), (200, 34.0), (200, 25.0)], 620, range(630, 770, 14)),
    ],
    ids=["many more since half a year", "closed for four months", "fewer and fewer"],
)
def test_where_the_level_moved_it_is_little_worse_than_six_weeks(
    levels: list[tuple[int, float]], learned: int, origins: range, method: str
) -> None:
    """A calendar that has seen the days it is judged on leaves nothing to the memories: then such a house is foretold wrong."""
    assert against_six_weeks(stepped(levels), learned, origins, method) < 1.1


def test_a_closed_unit_is_no_memory_once_it_is_open_again() -> None:
    daily = np.concatenate([np.full(60, 9.0), np.zeros(30), np.full(20, 9.0)])[:, None]
    assert np.flatnonzero(arrivals.closed(daily)).tolist() == list(range(60, 90))
    assert not arrivals.closed(daily[:80]).any()  # nobody knows yet whether it opens again
    assert not arrivals.closed(daily / 30).any()  # at one in three days a month without anybody is no wonder
    base = np.full((110, 1), 9.0)
    np.testing.assert_allclose(arrivals.memories(daily, base)[-1], 1.0)
    assert arrivals.memories(daily[:80], base[:80])[-1, 0, 0] < 0.2


def test_a_unit_that_opened_late_is_foretold_by_what_came_since() -> None:
    old, young = stepped([(600, 20.0)]), stepped([(420, 0.0), (180, 12.0)], seed=6)
    both = Counts(("old", "young"), 19_000, np.column_stack([old.hourly, young.hourly]))
    told = arrivals.fit(both).daily(both)
    assert np.isfinite(told).all()
    assert told.mean(axis=0) == pytest.approx([20 * 0.943, 12 * 0.943], rel=0.2)


def test_a_release_older_than_what_its_forest_had_seen_still_speaks() -> None:
    model = arrivals.fit(growing(500))
    old = arrivals.from_json(
        {key: value for key, value in arrivals.as_json(model).items() if key != "seen"}, model.estimator
    )
    assert old.daily(growing(500)).shape == (28, 1)
