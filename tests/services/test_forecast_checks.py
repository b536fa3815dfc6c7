"""Yesterday's ranges: kept once a day, judged when they end, never by who left first; and how today's patients compare."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlmodel import col, select

from hospital_ops.domain.access import CLOCK, WORKER
from hospital_ops.domain.forecasts import StayForecast
from hospital_ops.domain.shares import poisson, wilson
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.ml import drift_flow
from hospital_ops.ml.arrivals import Counts, forecast_arrivals
from hospital_ops.ml.capacity import CapacityModel
from hospital_ops.ml.drift import Apart
from hospital_ops.ml.train_arrivals import fallback
from hospital_ops.models import Encounter, ForecastCheck, InputCheck, Stay
from hospital_ops.queries.clock import hospital_date, hospital_zone
from hospital_ops.queries.expected import WHOLE_HOUSE
from hospital_ops.queries.forecast_checks import held_value, inputs_value
from hospital_ops.queries.past_stays import stays_since
from hospital_ops.services import forecast_checks, forecasts, retention, stays
from hospital_ops.services.unit_of_work import unit_of_work
from tests.cast import Cast

STAYS, ARRIVALS, SHIFTS = "length_of_stay", "arrivals", "shift_capacity"


@pytest.fixture
def promised(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Everybody leaves between one and five hours from now, says the model."""

    def score(model: object, inpatients: Any, now: datetime, zone: ZoneInfo) -> list[StayForecast]:
        low, high = now + timedelta(hours=1), now + timedelta(hours=5)
        later = now + timedelta(days=2)
        one = StayForecast(0, now, 0.5, 0.7, 0.9, 0.1, later, low, high, low, high, 1.0, (), "said so")
        return [replace(one, stay_id=each.stay.stay_id) for each in inpatients]

    monkeypatch.setattr(forecasts, "score", score)
    return cast


def kept(kind: str = STAYS) -> list[ForecastCheck]:
    with read_session() as session:
        wanted = select(ForecastCheck).where(ForecastCheck.kind == kind).order_by(col(ForecastCheck.id))
        return list(session.exec(wanted))


def encounter_of(cast: Cast, label: str) -> int:
    with read_session() as session:
        wanted = select(Stay.encounter_id).where(Stay.bed_id == cast.beds[label]).order_by(col(Stay.id).desc())
        return session.exec(wanted).first() or 0


def test_a_range_is_judged_when_it_ends(promised: Cast) -> None:
    cast = promised
    for label in ("E1", "E2", "E3", "E4"):
        cast.occupy(label)
    number = {encounter_of(cast, label): label for label in ("E1", "E2", "E3", "E4")}
    forecasts.score_inpatients(WORKER)
    cast.later(30)
    stays.leave(cast.nurse, cast.beds["E1"])  # too early
    cast.later(90)
    stays.leave(cast.nurse, cast.beds["E2"])  # within
    forecasts.score_inpatients(WORKER)
    assert [one.held for one in kept()] == [None] * 4  # Known of two, and told of none before all have ended.
    cast.later(200)
    stays.leave(cast.nurse, cast.beds["E3"])  # too late; E4 is still here
    forecasts.score_inpatients(WORKER)
    held = {number[one.subject]: (one.held, one.came) for one in kept()}
    assert {label: yes for label, (yes, _) in held.items()} == {"E1": False, "E2": True, "E3": False, "E4": False}
    assert held["E2"][1] == pytest.approx(2 / 24, abs=0.01)
    assert held["E4"][1] is None


def test_ranges_are_kept_once_a_day_and_never_rewritten(promised: Cast) -> None:
    promised.occupy("E1")
    forecasts.score_inpatients(WORKER)
    first = kept()
    promised.occupy("E2")
    promised.later(60)
    forecasts.score_inpatients(WORKER)
    assert [one.model_dump() for one in kept()] == [one.model_dump() for one in first]
    promised.later(24 * 60)
    forecasts.score_inpatients(WORKER)
    assert [(one.day - first[0].day).days for one in kept()] == [0, 1, 1]


def test_who_was_never_here_is_no_miss(promised: Cast) -> None:
    promised.occupy("E1")
    forecasts.score_inpatients(WORKER)
    with new_session() as session:
        session.get_one(Encounter, encounter_of(promised, "E1")).status = "cancelled"
        session.commit()
    promised.later(6 * 60)
    forecasts.score_inpatients(WORKER)
    assert kept() == []


def check(cast: Cast, kind: str, unit: str, hours_ago: float = 0.0, **more: Any) -> None:
    """A range that ended so many hours ago, after 24 hours."""
    due = cast.now - timedelta(hours=hours_ago)
    start = due - timedelta(hours=24)
    values = {"subject": 0, "low": 0.0, "high": 1.0, "model": "m", "day": hospital_date(due)} | more
    with new_session() as session:
        session.add(ForecastCheck(kind=kind, unit=unit, made_at=start, from_at=start, due_at=due, **values))
        session.commit()


def settle(*kinds: str) -> None:
    with unit_of_work(WORKER) as work:
        forecast_checks.settle(work, *kinds)


def test_who_came_is_counted_by_unit_and_for_the_house(cast: Cast) -> None:
    cast.occupy("E1")
    cast.occupy("E2")
    cast.occupy("W1", unit="Medicine")
    cast.later(1)
    check(cast, ARRIVALS, "Cardiac", low=1, high=2)
    check(cast, ARRIVALS, "Medicine", low=2, high=5)
    check(cast, ARRIVALS, WHOLE_HOUSE, low=3, high=3)
    settle(ARRIVALS)
    told = {one.unit: (one.came, one.held) for one in kept(ARRIVALS)}
    assert told == {"Cardiac": (2, True), "Medicine": (1, False), WHOLE_HOUSE: (3, True)}


def test_who_lay_there_in_the_middle_is_counted_by_ward(cast: Cast) -> None:
    cast.occupy("E1")
    cast.occupy("E2")
    cast.later(13 * 60)
    stays.leave(cast.nurse, cast.beds["E2"])  # before the middle of what follows: it began an hour later
    cast.later(13 * 60)
    check(cast, SHIFTS, "east day", subject=cast.wards["east"], low=1, high=1)
    check(cast, SHIFTS, "west day", subject=cast.wards["west"], low=1, high=4)
    settle(SHIFTS)
    assert {one.unit: (one.came, one.held) for one in kept(SHIFTS)} == {"east day": (1, True), "west day": (0, False)}


def test_what_has_not_ended_stays_open(cast: Cast) -> None:
    check(cast, ARRIVALS, "Cardiac", hours_ago=-0.1)
    settle(ARRIVALS)
    assert [one.held for one in kept(ARRIVALS)] == [None]


def test_the_day_ahead_is_that_of_each_unit_and_of_the_house(cast: Cast) -> None:
    first = int(cast.now.timestamp() // 86_400) - 21
    recent = Counts(("Cardiac", "Medicine"), first, np.full((21 * 24, 2), 0.5))
    model = fallback(recent)
    arrivals = forecast_arrivals(model, recent, cast.now, 48, hospital_zone())
    ahead = forecast_checks.day_ahead(model, arrivals, cast.now)
    assert [row["unit"] for row in ahead] == ["Cardiac", "Medicine", WHOLE_HOUSE]
    for row, expected in zip(ahead, (12, 12, 24), strict=True):
        assert row["low"] < expected < row["high"]
        assert row["due_at"] - row["from_at"] == timedelta(hours=24)
        assert row["from_at"] >= cast.now
    with unit_of_work(WORKER) as work:
        forecast_checks.keep_day_ahead(work, ahead, [], cast.wards, cast.now)
        forecast_checks.keep_day_ahead(work, ahead, [], cast.wards, cast.now)
    assert len(kept(ARRIVALS)) == 3
    assert forecast_checks.day_ahead(model, arrivals[:20], cast.now) == []


@pytest.mark.parametrize(("held", "verdict"), [(80, "fine"), (50, "few"), (100, "many")])
def test_the_share_that_held_with_its_interval(cast: Cast, held: int, verdict: str) -> None:
    for number in range(100):
        check(cast, STAYS, "Cardiac", hours_ago=1 + 24 * (number % 4), subject=number, held=number < held)
    check(cast, STAYS, "Cardiac", hours_ago=24 * 29, subject=7, held=False)  # too long ago
    check(cast, STAYS, "Cardiac", hours_ago=-1, subject=900)
    with read_session() as session:
        told = held_value(session, STAYS, cast.now)
    low, high = wilson(held, 100)
    assert (told["n"], told["share"], told["open"], told["verdict"]) == ("100", held, "1", verdict)
    assert told["range"] == [round(100 * low, 1), round(100 * high, 1)]
    assert [row["n"] for row in told["rows"]] == [25] * 4
    days = [datetime.strptime(f"{row['x']} 2026", "%d %b %Y").replace(tzinfo=UTC) for row in told["rows"]]
    assert days == sorted(days)


def test_nothing_kept_is_nothing_said(cast: Cast) -> None:
    with read_session() as session:
        assert held_value(session, STAYS, cast.now)["verdict"] == "none"
        assert inputs_value(session, STAYS) == {}


def test_inputs_are_kept_once_a_day(cast: Cast) -> None:
    with unit_of_work(WORKER) as work:
        figures = {"age": 0.4, "unit": 0.02, "days_in": 0.12}
        forecast_checks.keep_inputs(work, STAYS, "m", Apart(figures, 60), cast.now)
        forecast_checks.keep_inputs(work, STAYS, "m", Apart({"age": 9.0}, 60), cast.now)
        forecast_checks.keep_inputs(work, STAYS, "m", None, cast.now + timedelta(days=1))
    with read_session() as session:
        told = inputs_value(session, STAYS)
    assert [(row["name"], row["psi"], row["word"]) for row in told["rows"]] == [
        ("Age", "0.40", "much"),
        ("Days in", "0.12", "some"),
        ("Unit", "0.02", "little"),
    ]
    assert (told["n"], told["floor"], told["over"]) == (60, "0.15", [{"x": "2 Mar", "psi": 0.4}])


def test_old_ones_go(cast: Cast) -> None:
    check(cast, STAYS, "Cardiac", hours_ago=24 * 91, subject=1, held=True)
    check(cast, STAYS, "Cardiac", hours_ago=24 * 89, subject=2, held=True)
    with new_session() as session:
        long_ago = cast.now - timedelta(days=91)
        session.add(
            InputCheck(kind=STAYS, day=long_ago.date(), made_at=long_ago, n=40, model="m", figures={"age": 0.1})
        )
        session.commit()
    removed = retention.retain(CLOCK)
    assert (removed["forecast_check"], removed["input_check"]) == (1, 1)
    assert [one.subject for one in kept()] == [2]


def test_what_the_flow_of_patients_is_like_is_kept_once_a_day(cast: Cast) -> None:
    first = int(cast.now.timestamp() // 86_400) - 56
    recent = Counts(("Cardiac",), first, np.full((56 * 24, 1), 0.5))
    model = fallback(recent)
    model.metadata = {"inputs": drift_flow.summary_of_counts(recent)}
    built = {"features": {}, "usual": {}, "built": {"Cardiac": [[10.0, 2.0]] * 3}}
    capacity = CapacityModel(metadata={"inputs": built})
    cast.occupy("E1")
    with read_session() as session:
        flow = forecast_checks.flow_of(session, model, recent, capacity, cast.now)
    assert set(flow) == {ARRIVALS, SHIFTS}
    assert flow[SHIFTS][1] is None  # This house is a day old.
    with unit_of_work(WORKER) as work:
        for kind, (name, apart) in flow.items():
            forecast_checks.keep_inputs(work, kind, name, apart, cast.now)
    with read_session() as session:
        assert set(forecast_checks.flow_of(session, model, recent, capacity, cast.now)) == {SHIFTS}
        told = inputs_value(session, ARRIVALS)
        assert inputs_value(session, SHIFTS) == {}
    assert told["words"].startswith("336 arrivals of the four weeks before 2 Mar")
    assert told["levels"][0] | {"ratio": ""} == {
        "unit": "Cardiac", "came": "336", "expected": "336", "ratio": "", "word": "as expected"
    }  # fmt: skip
    assert {row["name"] for row in told["rows"]} == {
        f"{unit}: {name}" for unit in ("Cardiac", "All units") for name in ("hour of day", "weekday")
    }


@pytest.mark.parametrize(
    ("came", "word"), [(0, "much fewer"), (60, "much fewer"), (85, "fewer"), (100, "as expected"), (125, "more"), (160, "much more")]
)  # fmt: skip
def test_a_level_is_judged_by_its_interval(cast: Cast, came: float, word: str) -> None:
    n, expected = came * 4, 400.0
    with unit_of_work(WORKER) as work:
        apart = Apart({"Cardiac: weekday": 0.12}, int(n), {"Cardiac: weekday": 0.15}, {"Cardiac": [n, expected]})
        forecast_checks.keep_inputs(work, ARRIVALS, "m", apart, cast.now)
    with read_session() as session:
        told = inputs_value(session, ARRIVALS)
    assert told["levels"][0]["word"] == word
    # What the training's own weeks gave as well is no finding, whatever the thresholds say.
    assert (told["rows"][0]["usual"], told["rows"][0]["word"]) == ("0.15", "as usual")


def test_who_was_in_the_house_lately(cast: Cast) -> None:
    cast.occupy("E1")
    cast.occupy("E2")
    cast.later(60)
    stays.leave(cast.nurse, cast.beds["E2"])
    cast.later(60)
    with read_session() as session:
        units, began, ended = stays_since(session, cast.now - timedelta(days=1), cast.now)
        assert units == ["Cardiac", "Cardiac"]
        assert sorted(np.isnan(ended)) == [False, True]
        assert max(began) < cast.now.timestamp()
        assert len(stays_since(session, cast.now - timedelta(minutes=30), cast.now)[0]) == 1


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0.0, 3.69), (10, 4.80, 18.39), (400, 361.8, 441.2)])
def test_how_sure_a_count_is(count: int, low: float, high: float) -> None:
    assert poisson(count) == (pytest.approx(low, rel=0.02, abs=0.01), pytest.approx(high, rel=0.02))
