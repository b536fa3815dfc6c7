"""Arrivals of the coming days, by unit and hour, kept for the staffing board and the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import delete
from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.events import STAFFING, Event
from hospital_ops.ml.arrivals import Counts, forecast_arrivals
from hospital_ops.models import ArrivalForecast, Encounter, Ward
from hospital_ops.queries.clock import hospital_zone
from hospital_ops.services.access import require
from hospital_ops.services.serving import arrivals_model
from hospital_ops.services.unit_of_work import Work, unit_of_work

HORIZON_HOURS = 48
RECENT_DAYS = 56
KEPT_DAYS = 7
HOUR = 3600.0


def forecast_staffing(actor: Actor, *, event_id: int | None = None) -> str:
    """Forecast the next 48 hours' arrivals. Returns the name of the model that spoke; "" when too little is known."""
    require(actor, Permission.FORECAST_SCORE)
    with unit_of_work(actor) as work:
        recent = _recent(work)
        try:
            model = arrivals_model(recent)
            told = forecast_arrivals(model, recent, work.now, HORIZON_HOURS, hospital_zone())
        except ValueError:
            return ""
        work.session.execute(
            delete(ArrivalForecast).where(col(ArrivalForecast.made_at) < work.now - timedelta(days=KEPT_DAYS))
        )
        work.session.add_all(
            ArrivalForecast(
                made_at=work.now,
                hour_at=one.starts_at,
                unit=one.unit,
                expected=one.expected,
                low=one.low,
                high=one.high,
                model=one.model_name,
            )
            for one in told
        )
        work.record("staffing.forecast", "arrival_forecast", event_id=event_id, hours=len(told))
        work.announce(Event("staffing.forecast_made", {"model": model.name}, (STAFFING,)))
        return model.name


def _recent(work: Work) -> Counts:
    """Admissions per unit and local hour over the last whole days before today."""
    zone = hospital_zone()
    today = work.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    start = today - timedelta(days=RECENT_DAYS)
    units = tuple(sorted(set(work.session.exec(select(Ward.unit)))))
    place = {unit: column for column, unit in enumerate(units)}
    hourly = np.zeros((RECENT_DAYS * 24, len(units)))
    first = _wall_hour(start)
    came = select(Encounter).where(
        col(Encounter.admitted_at) >= start.astimezone(UTC), col(Encounter.admitted_at) < today.astimezone(UTC)
    )
    for one in work.session.exec(came):
        if one.admitted_at is not None and one.unit in place:
            hour = _wall_hour(one.admitted_at.astimezone(zone)) - first
            if 0 <= hour < len(hourly):
                hourly[hour, place[one.unit]] += 1.0
    return Counts(units, first // 24, hourly)


def _wall_hour(local: datetime) -> int:
    """Whole hours on the wall's clock since 1970, so that a day has 24 of them whatever summer time does."""
    return int(local.replace(tzinfo=UTC).timestamp() // HOUR)
