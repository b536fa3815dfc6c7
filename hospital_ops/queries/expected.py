"""Arrivals by hour: what is expected of the next day, and yesterday as it was foretold and as it came."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from hospital_ops.models import ArrivalDayForecast, ArrivalForecast, Encounter
from hospital_ops.queries.clock import hospital_date, hospital_zone

HORIZON_HOURS = 24
# The forecasts of all units together are kept under this name.
WHOLE_HOUSE = "Whole hospital"
HOUR = timedelta(hours=1)
Came = dict[tuple[datetime, str], int]


def coming_arrivals(session: Session, now: datetime) -> list[dict[str, Any]]:
    """Every unit's coming hours, as a program reads them."""
    told = _told(session, now)
    newest = [row for row in told if row.hour_at > now - HOUR and row.made_at == told[0].made_at]
    return [_hour(row) for row in newest if row.unit != WHOLE_HOUSE]


def coming_days(session: Session, now: datetime) -> list[dict[str, Any]]:
    """Every unit's coming days and the house's, from tomorrow on."""
    found = (
        select(ArrivalDayForecast)
        .where(col(ArrivalDayForecast.day) > hospital_date(now))
        .order_by(col(ArrivalDayForecast.day), col(ArrivalDayForecast.unit))
    )
    return [
        {
            "day": row.day.isoformat(),
            "words": f"{row.day:%a} {row.day.day} {row.day:%b}",
            "unit": row.unit,
            "expected": round(row.expected, 1),
            "low": round(row.low),
            "high": round(row.high),
            "model": row.model,
        }
        for row in session.execute(found).scalars()
    ]


def _days_by_unit(session: Session, now: datetime) -> dict[str, list[dict[str, Any]]]:
    by_unit: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in coming_days(session, now):
        by_unit[row["unit"]].append(row)
    return by_unit


def arrivals_plots(session: Session, now: datetime) -> dict[str, Any]:
    """`plots` by unit: hour by hour yesterday and the day to come; `units` in the order shown."""
    told = _told(session, now)
    units = sorted({row.unit for row in told}, key=lambda unit: (unit != WHOLE_HOUSE, unit != "Emergency", unit))
    came, days = _came(session, now), _days_by_unit(session, now)
    return {
        "horizon": HORIZON_HOURS,
        "this_hour": _word(now.replace(minute=0, second=0, microsecond=0)),
        "units": units,
        "plots": {unit: _plot([row for row in told if row.unit == unit], unit, came, now) for unit in units},
        "days": {unit: days[unit] for unit in units},
        "model": told[0].model if told else "",
    }


def _told(session: Session, now: datetime) -> list[ArrivalForecast]:
    """The newest forecasting, then the one of a day ago: what was said of yesterday before it came."""
    newest = select(func.max(col(ArrivalForecast.made_at))).scalar_subquery()
    of_then = col(ArrivalForecast.made_at) <= now - timedelta(hours=HORIZON_HOURS)
    before = select(func.max(col(ArrivalForecast.made_at))).where(of_then).scalar_subquery()
    found = (
        select(ArrivalForecast)
        .where(or_(col(ArrivalForecast.made_at) == newest, col(ArrivalForecast.made_at) == before))
        .where(col(ArrivalForecast.hour_at) >= now - timedelta(hours=HORIZON_HOURS))
        .where(col(ArrivalForecast.hour_at) < now + timedelta(hours=HORIZON_HOURS))
        .order_by(col(ArrivalForecast.made_at).desc(), col(ArrivalForecast.hour_at), col(ArrivalForecast.unit))
    )
    return list(session.execute(found).scalars())


def _came(session: Session, now: datetime) -> Came:
    """Patients put to bed in each whole hour of the last day."""
    hour = func.date_trunc("hour", col(Encounter.admitted_at))
    found = (
        select(hour, col(Encounter.unit), func.count())
        .where(
            col(Encounter.admitted_at) >= now - timedelta(hours=HORIZON_HOURS + 1), col(Encounter.admitted_at) <= now
        )
        .group_by(hour, col(Encounter.unit))
    )
    came: Came = defaultdict(int)
    for at, unit, count in session.execute(found):
        came[at.astimezone(UTC), unit] += count
        came[at.astimezone(UTC), WHOLE_HOUSE] += count
    return came


def _plot(told: list[ArrivalForecast], unit: str, came: Came, now: datetime) -> list[dict[str, Any]]:
    """Hour by hour from a day ago to a day ahead; `came` is None for what is not over yet."""
    newest: dict[datetime, ArrivalForecast] = {}
    for row in told:
        newest.setdefault(row.hour_at.astimezone(UTC), row)
    this_hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [this_hour + n * HOUR for n in range(-HORIZON_HOURS, HORIZON_HOURS)]
    return [_point(at, newest.get(at), came.get((at, unit), 0) if at < this_hour else None) for at in hours]


def _point(at: datetime, row: ArrivalForecast | None, came: int | None) -> dict[str, Any]:
    if row is None:
        return {"hour": _word(at), "came": came, "expected": None, "range": None}
    spread = [round(row.low, 2), round(row.high, 2)]
    return {"hour": _word(at), "came": came, "expected": round(row.expected, 2), "range": spread}


def _hour(row: ArrivalForecast) -> dict[str, Any]:
    return {
        "hour_at": row.hour_at.isoformat(),
        "hour": _word(row.hour_at),
        "unit": row.unit,
        "expected": round(row.expected, 2),
        "low": round(row.low, 2),
        "high": round(row.high, 2),
        "model": row.model,
    }


@lru_cache(maxsize=512)
def _word(at: datetime) -> str:
    local = at.astimezone(hospital_zone())
    return f"{local:%a} {local.hour} h"
