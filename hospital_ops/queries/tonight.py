"""Tonight's census as the capacity strip shows it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from hospital_ops.domain.census import ORDERED_LEAVES, RANGE, Bar, Tonight, tonight
from hospital_ops.domain.stays import PendingSource
from hospital_ops.models import ArrivalForecast, Bed, Stay, StayForecast
from hospital_ops.queries.clock import hospital_zone
from hospital_ops.queries.expected import HOUR, WHOLE_HOUSE


def tonight_value(session: Session, now: datetime, *, pending_in: int, staffed: int) -> dict[str, Any]:
    """The middle, the 80 % range, the chance that the staffed beds do not suffice, and the bars of the plot."""
    chances, unknown = _chances(session, now)
    expected = _still_to_come(session, now)
    census = tonight(len(chances) + pending_in, chances, round(expected or 0.0, 2))
    low, high = (census.quantile(share) for share in RANGE)
    return {
        "likely": census.quantile(0.5),
        "low": low,
        "high": high,
        "expected_arrivals": None if expected is None else round(expected),
        "without_forecast": unknown,
        "short_percent": round(100 * census.more_than(staffed)),
        "bars": _bars(census, low, high),
    }


def _bars(census: Tonight, low: int, high: int) -> list[dict[str, Any]]:
    bars = census.bars()
    highest = max(bar.chance for bar in bars)
    return [_bar(bar, highest, low, high) for bar in bars]


def _bar(bar: Bar, highest: float, low: int, high: int) -> dict[str, Any]:
    return {
        "beds": f"{bar.low}" if bar.low == bar.high else f"{bar.low} to {bar.high}",
        "percent": round(100 * bar.chance, 1),
        "height": round(100 * bar.chance / highest),
        "likely": bar.high >= low and bar.low <= high,
    }


def _chances(session: Session, now: datetime) -> tuple[tuple[float, ...], int]:
    """(of each who lies here, the chance to leave before midnight; how many have no forecast and count as staying)."""
    found = (
        select(col(Bed.pending_source), col(StayForecast.p_today), col(StayForecast.p24), col(StayForecast.made_at))
        .join(Stay, col(Stay.bed_id) == Bed.id)
        .outerjoin(StayForecast, col(StayForecast.encounter_id) == Stay.encounter_id)
        .where(col(Stay.to_at).is_(None))
    )
    rows = session.execute(found).all()
    today = now.astimezone(hospital_zone()).date()
    chances = []
    for source, p_today, p24, made_at in rows:
        # One made yesterday speaks of yesterday; until the next scoring its 24 hours are the nearest thing.
        told = 0.0 if made_at is None else p_today if made_at.astimezone(hospital_zone()).date() == today else p24
        chances.append(max(told, ORDERED_LEAVES) if source == PendingSource.ORDER else told)
    return tuple(sorted(round(chance, 3) for chance in chances)), sum(row.made_at is None for row in rows)


def _still_to_come(session: Session, now: datetime) -> float | None:
    """Expected arrivals from now to midnight by the newest forecast; None without one. Of this hour, what is left."""
    newest = select(func.max(col(ArrivalForecast.made_at))).scalar_subquery()
    hour = now.replace(minute=0, second=0, microsecond=0)
    found = (
        select(col(ArrivalForecast.hour_at), col(ArrivalForecast.expected))
        .where(col(ArrivalForecast.made_at) == newest, col(ArrivalForecast.unit) == WHOLE_HOUSE)
        .where(col(ArrivalForecast.hour_at) >= hour, col(ArrivalForecast.hour_at) < midnight(now))
    )
    rows = session.execute(found).all()
    if not rows:
        return None
    left = 1 - (now - hour) / HOUR
    return float(sum(expected * (left if at == hour else 1) for at, expected in rows))


def midnight(now: datetime) -> datetime:
    """The next midnight of the hospital."""
    local = now.astimezone(hospital_zone())
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
