"""Tonight on the capacity strip: who is ordered to leave, who is expected, who waits, and who is still to come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from hospital_ops.domain.census import ORDERED_LEAVES
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.ml.length_of_stay import baseline_model
from hospital_ops.models import ArrivalForecast, Encounter, StayForecast
from hospital_ops.queries.expected import WHOLE_HOUSE
from hospital_ops.queries.hospital import hospital_now_value
from hospital_ops.queries.tonight import _still_to_come, midnight
from hospital_ops.services import stays
from tests.cast import Cast


def tonight(cast: Cast) -> dict[str, Any]:
    value: dict[str, Any] = hospital_now_value(masked=True)["tonight"]
    return value


def forecast_arrivals(made_at: datetime, first: datetime, *expected: float) -> None:
    with new_session() as session:
        for n, number in enumerate(expected):
            session.add(
                ArrivalForecast(
                    made_at=made_at, hour_at=first + timedelta(hours=n), unit=WHOLE_HOUSE, expected=number, low=0, high=9,
                    model="test",
                )
            )  # fmt: skip
        session.commit()


def test_without_any_forecast_everybody_stays_and_it_is_said(cast: Cast) -> None:
    cast.occupy("E1")
    cast.waiting(cast.patient("Ana", "Ruiz"))
    value = tonight(cast)
    assert (value["low"], value["likely"], value["high"]) == (2, 2, 2)
    assert (value["expected_arrivals"], value["without_forecast"], value["short_percent"]) == (None, 1, 0)
    assert value["bars"] == [{"beds": "2", "percent": 100.0, "height": 100, "likely": True}]


def test_an_order_is_believed_more_than_no_forecast(cast: Cast) -> None:
    cast.occupy("E1")
    stays.order_discharge(cast.nurse, cast.beds["E1"])
    bars = {bar["beds"]: bar["percent"] for bar in tonight(cast)["bars"]}
    assert bars == {"0": 100 * ORDERED_LEAVES, "1": round(100 * (1 - ORDERED_LEAVES), 1)}


def test_arrivals_count_from_now_to_midnight(cast: Cast) -> None:
    # Ten in the morning in New York: fourteen hours to midnight, and one forecast hour beyond it.
    now = cast.now
    assert midnight(now) - now == timedelta(hours=14)
    forecast_arrivals(now - timedelta(hours=1), now, *[5.0] * 14)
    forecast_arrivals(now, now, *[1.0] * 15)
    later = cast.later(30)
    with read_session() as session:
        assert _still_to_come(session, now) == 14
        assert _still_to_come(session, later) == 13.5, "of this hour, half is left"
    value = tonight(cast)
    assert value["expected_arrivals"] == 14
    assert value["low"] < value["likely"] < value["high"]
    assert value["short_percent"] > 90, "there are eight beds"


def test_the_strip_says_which_baseline_stands_in_and_why(cast: Cast) -> None:
    cast.occupy("E1")
    assert hospital_now_value(masked=True)["stands_in"] == ""
    why = "No length-of-stay release serves; what was trained has not passed its gate."
    with new_session() as session:
        row = _forecast(session.exec(select(Encounter)).one().id or 0, cast.now)
        row.model = baseline_model(None, why).name
        session.add(row)
        session.commit()
    assert hospital_now_value(masked=True)["stands_in"] == (
        f"Who leaves when is foretold by a baseline: typical stays (no history yet). {why}"
    )
    forecast_arrivals(cast.now, cast.now, 1.0)
    with new_session() as session:
        for arrival in session.exec(select(ArrivalForecast)):
            arrival.model = "Baseline: same weekday, mean of six weeks"
        session.get_one(StayForecast, row.encounter_id).model = "Gradient-boosted daily hazard"
        session.commit()
    assert hospital_now_value(masked=True)["stands_in"] == (
        "Who comes is foretold by a baseline: same weekday, mean of six weeks."
    )


def test_the_chance_is_of_today_while_the_forecast_is_todays(cast: Cast) -> None:
    patient = cast.occupy("E1")
    assert patient
    with new_session() as session:
        encounter = session.exec(select(Encounter)).one()
        session.add(_forecast(encounter.id or 0, cast.now))
        session.commit()
    assert {bar["beds"]: bar["percent"] for bar in tonight(cast)["bars"]} == {"0": 25.0, "1": 75.0}
    cast.later(14 * 60 + 10)
    assert {bar["beds"]: bar["percent"] for bar in tonight(cast)["bars"]} == {"0": 60.0, "1": 40.0}


def _forecast(encounter_id: int, now: datetime) -> StayForecast:
    return StayForecast(
        encounter_id=encounter_id, made_at=now, p24=0.6, p48=0.7, p72=0.8, p_today=0.25, median_at=now, low_at=now,
        high_at=now, likely_from=now, likely_to=now, mean_days=1.0, reasons=[], model="test",
    )  # fmt: skip
