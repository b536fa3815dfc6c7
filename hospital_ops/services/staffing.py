"""What is coming: arrivals by unit and hour, and what the next shifts need of each ward; kept for the board and the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from hospital_ops.domain import forecasts as told
from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.events import HOSPITAL, MODELS, STAFFING, Event
from hospital_ops.infra.db import read_session
from hospital_ops.ml.arrivals import ArrivalsModel, Counts, forecast_arrivals, forecast_days
from hospital_ops.ml.shifts import forecast_shifts
from hospital_ops.models import ArrivalDayForecast, ArrivalForecast, Encounter, ShiftForecast, Ward
from hospital_ops.queries.clock import hospital_date, hospital_zone, read_clock
from hospital_ops.queries.expected import WHOLE_HOUSE
from hospital_ops.queries.forecasts import in_beds
from hospital_ops.queries.roster import next_slots
from hospital_ops.queries.staffing import wards_for_forecast
from hospital_ops.services import forecast_checks
from hospital_ops.services.access import require
from hospital_ops.services.serving import arrivals_model, capacity_model, discharge_model
from hospital_ops.services.unit_of_work import Work, unit_of_work

HORIZON_HOURS = 48
RECENT_DAYS = 56
KEPT_DAYS = 7
HOUR = 3600.0


def forecast_staffing(actor: Actor, *, event_id: int | None = None) -> str:
    """Forecast the next 48 hours' arrivals, those of the 28 days from tomorrow on, and the next three shifts of every ward.

    Returns the name of the model that spoke; "" when too little is known. The models compute before the transaction.
    """
    require(actor, Permission.FORECAST_SCORE)
    with read_session() as session:
        now = read_clock(session).now
        recent = _recent(session, now)
        try:
            model = arrivals_model(recent)
            arrivals = forecast_arrivals(model, recent, now, HORIZON_HOURS, hospital_zone())
            days = forecast_days(model, recent, now, hospital_zone(), WHOLE_HOUSE)
        except ValueError:
            return ""
        shifts = _shifts(session, model, recent, now)
        flow = forecast_checks.flow_of(session, model, recent, capacity_model(), now)
        ward_ids: dict[str, int] = {code: ward_id or 0 for code, ward_id in session.exec(select(Ward.code, Ward.id))}
    with unit_of_work(actor) as work:
        _forget(work)
        work.session.add_all(_arrival(one, now) for one in [*arrivals, *_of_the_house(model, arrivals)])
        _keep_days(work, days, now)
        forecast_checks.settle(work, forecast_checks.ARRIVALS, forecast_checks.SHIFTS)
        forecast_checks.keep_day_ahead(work, forecast_checks.day_ahead(model, arrivals, now), shifts, ward_ids, now)
        for kind, (name, apart) in flow.items():
            forecast_checks.keep_inputs(work, kind, name, apart, now)
        _store(work, [_shift(one, ward_ids[one.ward_code], now) for one in shifts])
        work.record("staffing.forecast", "arrival_forecast", event_id=event_id, hours=len(arrivals), shifts=len(shifts))
        work.announce(Event("staffing.forecast_made", {"model": model.name}, (STAFFING, HOSPITAL, MODELS)))
        return model.name


def _shifts(session: Session, model: ArrivalsModel, recent: Counts, now: datetime) -> list[told.ShiftForecast]:
    wards = wards_for_forecast(session, next_slots(session, now))
    here = [one.inpatient for one in in_beds(session, now)]
    return forecast_shifts(model, recent, discharge_model(), here, now, hospital_zone(), wards, capacity_model())


def _of_the_house(model: ArrivalsModel, arrivals: Sequence[told.ArrivalForecast]) -> list[told.ArrivalForecast]:
    """All units together: what the hour brings to the whole house, with the range of the sum, not the sum of ranges."""
    by_hour: dict[tuple[datetime, datetime], float] = {}
    for one in arrivals:
        by_hour[one.starts_at, one.ends_at] = by_hour.get((one.starts_at, one.ends_at), 0.0) + one.expected
    low, high = model.range(np.array(list(by_hour.values())), 1, house=True)
    return [
        told.ArrivalForecast(WHOLE_HOUSE, *hour, expected, float(low[place]), float(high[place]), model.name)
        for place, (hour, expected) in enumerate(by_hour.items())
    ]


def _forget(work: Work) -> None:
    """Old forecasts, but those that the plot holds against what came."""
    old = work.now - timedelta(days=KEPT_DAYS)
    work.session.execute(delete(ArrivalForecast).where(col(ArrivalForecast.made_at) < old))
    work.session.execute(delete(ShiftForecast).where(col(ShiftForecast.ends_at) < old))


def _keep_days(work: Work, days: Sequence[told.ArrivalDay], now: datetime) -> None:
    """The newest forecast of each coming day; days that have begun are forgotten."""
    rows = [
        {
            "day": one.day,
            "unit": one.unit,
            "made_at": now,
            "expected": one.expected,
            "low": one.low,
            "high": one.high,
            "model": one.model_name,
        }
        for one in days
    ]
    work.session.execute(delete(ArrivalDayForecast).where(col(ArrivalDayForecast.day) <= hospital_date(now)))
    upsert = insert(ArrivalDayForecast).values(rows)
    kept = {name: upsert.excluded[name] for name in ("made_at", "expected", "low", "high", "model")}
    newer = col(ArrivalDayForecast.made_at) <= upsert.excluded.made_at
    statement = upsert.on_conflict_do_update(index_elements=["day", "unit"], set_=kept, where=newer)
    work.session.connection().execute(statement)


def _arrival(one: told.ArrivalForecast, now: datetime) -> ArrivalForecast:
    return ArrivalForecast(
        made_at=now,
        hour_at=one.starts_at,
        unit=one.unit,
        expected=one.expected,
        low=one.low,
        high=one.high,
        model=one.model_name,
    )


def _shift(one: told.ShiftForecast, ward_id: int, now: datetime) -> dict[str, Any]:
    same = ("ends_at", "shift", "arrivals", "arrivals_low", "arrivals_high", "departures", "census", "census_low")
    more = ("census_high", "needed", "needed_low", "needed_high", "p_over", "p_over_model", "acuity")
    return {
        "ward_id": ward_id,
        "role": Role.NURSE.value,
        "starts_at": one.starts_at,
        "made_at": now,
        "model": one.model_name,
        **{name: getattr(one, name) for name in (*same, *more)},
    }


def _store(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """The newest forecast of each shift. An older scoring never overwrites a newer one."""
    if not rows:
        return
    upsert = insert(ShiftForecast).values(list(rows))
    key = ["ward_id", "role", "starts_at"]
    kept = {name: upsert.excluded[name] for name in rows[0] if name not in key}
    newer = col(ShiftForecast.made_at) <= upsert.excluded.made_at
    work.session.connection().execute(upsert.on_conflict_do_update(index_elements=key, set_=kept, where=newer))


def _recent(session: Session, now: datetime) -> Counts:
    """Admissions per unit and local hour over the last whole days before today."""
    zone = hospital_zone()
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    start = today - timedelta(days=RECENT_DAYS)
    units = tuple(sorted(set(session.exec(select(Ward.unit)))))
    place = {unit: column for column, unit in enumerate(units)}
    hourly = np.zeros((RECENT_DAYS * 24, len(units)))
    first = _wall_hour(start)
    came = select(Encounter.unit, Encounter.admitted_at).where(
        col(Encounter.admitted_at) >= start.astimezone(UTC), col(Encounter.admitted_at) < today.astimezone(UTC)
    )
    for unit, admitted_at in session.exec(came):
        if admitted_at is not None and unit in place:
            hour = _wall_hour(admitted_at.astimezone(zone)) - first
            if 0 <= hour < len(hourly):
                hourly[hour, place[unit]] += 1.0
    return Counts(units, first // 24, hourly)


def _wall_hour(local: datetime) -> int:
    """Whole hours on the wall's clock since 1970, so that a day has 24 of them whatever summer time does."""
    return int(local.replace(tzinfo=UTC).timestamp() // HOUR)
