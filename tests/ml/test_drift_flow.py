"""Four weeks of arrivals and of shifts against the training: the training's own are near, changed ones far, and few say nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from hospital_ops.ml import arrivals, drift_flow
from hospital_ops.ml.arrivals import ArrivalsModel, Counts
from hospital_ops.ml.capacity import CapacityModel
from hospital_ops.ml.dataset import StayTable
from hospital_ops.ml.drift_flow import ALL_UNITS, SPAN_DAYS, WATCHED
from hospital_ops.ml.past_shifts import past_cases

from .conftest import END, ZONE

UNITS = ("Cardiac", "Quiet")
DAYS = 420


def counts(seed: int = 0) -> Counts:
    """Six a day to one unit, more by day and on Mondays; hardly anybody to the other."""
    rng = np.random.default_rng(seed)
    hours = np.tile(np.where(np.arange(24) >= 12, 0.4, 0.1), DAYS)
    weekly = np.repeat(np.where(np.arange(DAYS) % 7 == 0, 1.4, 1.0), 24)
    busy = rng.poisson(hours * weekly)
    return Counts(UNITS, 19_000, np.column_stack([busy, rng.poisson(0.02, DAYS * 24)]).astype(float))


@pytest.fixture(scope="module")
def model() -> ArrivalsModel:
    history = counts()
    fitted = arrivals.fit(history, forest=False)
    return replace(fitted, metadata={"inputs": drift_flow.summary_of_counts(history)})


def last(history: Counts, days: int = 56) -> Counts:
    first = len(history.daily) - days
    return Counts(history.units, history.first_day + first, history.hourly[first * 24 :].copy())


def test_the_trainings_own_weeks_are_near(model: ArrivalsModel) -> None:
    found = drift_flow.of_arrivals(model, last(counts()))
    assert found is not None
    assert set(found.figures) == {
        f"{unit}: {name}" for unit in ("Cardiac", ALL_UNITS) for name in ("hour of day", "weekday")
    }
    for name, psi in found.figures.items():
        assert psi < 0.1
        assert 0 < found.usual[name] < 0.2
    came, expected = found.levels["Cardiac"]
    assert came == pytest.approx(expected, rel=0.2)
    assert found.n == came + found.levels["Quiet"][0] == found.levels[ALL_UNITS][0]


def test_who_comes_at_other_hours_or_on_other_days_is_far(model: ArrivalsModel) -> None:
    recent = last(counts())
    by_night = replace(recent, hourly=np.roll(recent.hourly, 12, axis=0))
    found = drift_flow.of_arrivals(model, by_night)
    assert found is not None
    assert found.figures["Cardiac: hour of day"] > 0.25 > found.figures["Cardiac: weekday"]
    no_weekend = recent.hourly.copy()
    weekdays = arrivals.calendar.weekday(recent.days)
    no_weekend[np.repeat(weekdays >= 5, 24)] = 0
    found = drift_flow.of_arrivals(model, replace(recent, hourly=no_weekend))
    assert found is not None
    assert found.figures["Cardiac: weekday"] > 0.25


def test_twice_as_many_show_in_the_level_and_not_in_the_profile(model: ArrivalsModel) -> None:
    recent = last(counts())
    found = drift_flow.of_arrivals(model, replace(recent, hourly=recent.hourly * 2))
    assert found is not None
    came, expected = found.levels["Cardiac"]
    assert 1.7 < came / expected < 2.4
    assert found.figures["Cardiac: hour of day"] < 0.1


def test_weeks_before_the_last_four_do_not_matter(model: ArrivalsModel) -> None:
    recent = last(counts())
    before = recent.hourly.copy()
    before[: 28 * 24] = 1.0
    assert drift_flow.of_arrivals(model, replace(recent, hourly=before)) == drift_flow.of_arrivals(model, recent)


def test_a_young_house_or_an_old_release_says_nothing(model: ArrivalsModel) -> None:
    recent = last(counts())
    assert drift_flow.of_arrivals(replace(model, metadata={}), recent) is None
    assert drift_flow.of_arrivals(model, last(counts(), SPAN_DAYS)) is None
    young = recent.hourly.copy()
    young[: 28 * 24] = 0.0
    assert drift_flow.of_arrivals(model, replace(recent, hourly=young)) is None


def test_too_few_spans_say_nothing_of_what_is_usual() -> None:
    short = Counts(UNITS, 19_000, counts().hourly[: 90 * 24])
    assert drift_flow.summary_of_counts(short)["Cardiac"]["weekday"]["usual"] is None


@pytest.fixture(scope="module")
def capacity(table: StayTable) -> CapacityModel:
    units = arrivals.counts_of(table, END.timestamp()).units
    return CapacityModel(
        metadata={"inputs": drift_flow.summary_of_cases(past_cases(table, units, END.timestamp()), units)}
    )


def recent_stays(table: StayTable, times: int = 1) -> tuple[list[str], list[float], list[float]]:
    since = (END - timedelta(days=SPAN_DAYS + 4)).timestamp()
    mine = ~(table.column("discharged") < since)
    units = table.stays["unit"].to_numpy()[mine]
    return (
        [str(unit) for unit in units] * times,
        table.column("admitted")[mine].tolist() * times,
        table.column("discharged")[mine].tolist() * times,
    )


def test_the_shifts_of_the_last_weeks_are_asked_as_the_training_asked(
    table: StayTable, capacity: CapacityModel
) -> None:
    found = drift_flow.of_shifts(capacity, *recent_stays(table), END, ZONE)
    assert found is not None
    units = len(capacity.metadata["inputs"]["built"])
    assert found.n == SPAN_DAYS * 3 * units
    assert set(found.figures) == set(found.usual) == set(WATCHED)
    assert found.figures["margin"] < 0.1
    assert found.figures["came today share"] < 0.1


def test_twice_as_full_a_house_is_far(table: StayTable, capacity: CapacityModel) -> None:
    found = drift_flow.of_shifts(capacity, *recent_stays(table, times=2), END, ZONE)
    assert found is not None
    assert found.figures["census share"] > 0.25
    assert found.figures["margin"] > 0.25
    assert found.figures["mean days in"] < 0.1


def test_a_young_house_has_no_shifts_to_compare(table: StayTable, capacity: CapacityModel) -> None:
    units, began, ended = recent_stays(table)
    rows = [row for row in zip(units, began, ended, strict=True) if row[1] > (END - timedelta(days=20)).timestamp()]
    assert drift_flow.of_shifts(capacity, *map(list, zip(*rows, strict=True)), END, ZONE) is None  # type: ignore[arg-type]
    assert drift_flow.of_shifts(capacity, [], [], [], END, ZONE) is None
    assert drift_flow.of_shifts(CapacityModel(), units, began, ended, END, ZONE) is None
