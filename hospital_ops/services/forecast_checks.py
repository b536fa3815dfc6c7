"""Did yesterday's ranges hold? The first scoring of each day keeps its ranges; what came is written beside them when they end.

Judged by the day on which a range *ended*: then it is known of every one of them whether it held. By the day on which it was
given, those who leave early would be judged first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from hospital_ops.domain import forecasts as told
from hospital_ops.ml import drift, drift_flow
from hospital_ops.ml.arrivals import ArrivalsModel, Counts
from hospital_ops.ml.capacity import CapacityModel
from hospital_ops.ml.length_of_stay import DischargeModel
from hospital_ops.models import ForecastCheck, InputCheck
from hospital_ops.queries.clock import hospital_date, hospital_zone
from hospital_ops.queries.expected import WHOLE_HOUSE
from hospital_ops.queries.forecasts import InBed
from hospital_ops.queries.past_stays import stays_since
from hospital_ops.services.unit_of_work import Work

STAYS, ARRIVALS, SHIFTS = "length_of_stay", "arrivals", "shift_capacity"
DAY_HOURS = 24
DAY = timedelta(days=1)
AT_ONCE = 5_000
# What is due and not settled; a bounded piece of it. What could not be settled in one scoring is in the next.
_DUE = """
WITH due AS (
    SELECT id FROM forecast_check WHERE kind = :kind AND held IS NULL AND due_at <= :now ORDER BY due_at LIMIT :most
)
UPDATE forecast_check SET came = seen.came, held = coalesce(seen.came BETWEEN low AND high, false)
FROM ({seen}) seen WHERE seen.id = forecast_check.id
"""
_STAYED = """
SELECT c.id, extract(epoch FROM e.discharged_at - c.from_at) / 86400 AS came
FROM due JOIN forecast_check c USING (id) LEFT JOIN encounter e ON e.id = c.subject
"""
_CAME = """
SELECT c.id, (SELECT count(*) FROM encounter e WHERE e.admitted_at >= c.from_at AND e.admitted_at < c.due_at
    AND (c.unit = :house OR e.unit = c.unit)) AS came
FROM due JOIN forecast_check c USING (id)
"""
_WERE_THERE = """
SELECT c.id, (SELECT count(*) FROM stay s JOIN bed b ON b.id = s.bed_id WHERE b.ward_id = c.subject
    AND s.from_at <= c.from_at + (c.due_at - c.from_at) / 2
    AND (s.to_at IS NULL OR s.to_at > c.from_at + (c.due_at - c.from_at) / 2)) AS came
FROM due JOIN forecast_check c USING (id)
"""
_NEVER_HERE = """
DELETE FROM forecast_check USING encounter e WHERE kind = :kind AND held IS NULL AND due_at <= :now
    AND e.id = subject AND e.status = 'cancelled'
"""
_SEEN: dict[str, str] = {STAYS: _STAYED, ARRIVALS: _CAME, SHIFTS: _WERE_THERE}


def first_today(session: Session, kind: str, now: datetime) -> bool:
    """Nothing of this kind has been kept on this day of the hospital's."""
    wanted = select(ForecastCheck.id).where(ForecastCheck.kind == kind, ForecastCheck.day == hospital_date(now))
    return session.exec(wanted.limit(1)).first() is None


def keep_stays(work: Work, here: Sequence[InBed], forecasts: Sequence[told.StayForecast], now: datetime) -> None:
    """The range of everybody in a bed, once a day."""
    if first_today(work.session, STAYS, now):
        rows = [
            _row(STAYS, hospital_date(now), one.inpatient.stay.unit, one.encounter_id, now, now, forecast.high_at)
            | {
                "low": (forecast.low_at - now) / DAY,
                "high": (forecast.high_at - now) / DAY,
                "model": forecast.model_name,
            }
            for one, forecast in zip(here, forecasts, strict=True)
        ]
        _insert(work, rows)


def keep_inputs(work: Work, kind: str, model: str, apart: drift.Apart | None, now: datetime) -> None:
    """How far what is there now is from what the training saw, once a day."""
    if apart is not None:
        beside = {"usual": apart.usual, "levels": apart.levels}
        row = {
            "kind": kind, "day": hospital_date(now), "made_at": now, "n": apart.n, "model": model,
            "figures": apart.figures, "beside": beside,
        }  # fmt: skip
        work.session.connection().execute(insert(InputCheck).values(row).on_conflict_do_nothing())


def inputs_of(session: Session, model: DischargeModel, here: Sequence[InBed], now: datetime) -> drift.Apart | None:
    """Computed before the transaction, and only when today's are not there yet."""
    if _kept_today(session, STAYS, now):
        return None
    return drift.of_inpatients(model, [one.inpatient for one in here], now, hospital_zone())


def flow_of(
    session: Session, arrivals: ArrivalsModel, recent: Counts, capacity: CapacityModel, now: datetime
) -> dict[str, tuple[str, drift.Apart | None]]:
    """Kind → the model's name and how far the last four weeks are from its training; of those not kept today."""
    found: dict[str, tuple[str, drift.Apart | None]] = {}
    if not _kept_today(session, ARRIVALS, now):
        found[ARRIVALS] = arrivals.name, drift_flow.of_arrivals(arrivals, recent)
    if "inputs" in capacity.metadata and not _kept_today(session, SHIFTS, now):
        stays = stays_since(session, now - DAY * (drift_flow.SPAN_DAYS + 4), now)
        found[SHIFTS] = capacity.name, drift_flow.of_shifts(capacity, *stays, now, hospital_zone())
    return found


def _kept_today(session: Session, kind: str, now: datetime) -> bool:
    return session.get(InputCheck, (kind, hospital_date(now))) is not None


def day_ahead(model: ArrivalsModel, arrivals: Sequence[told.ArrivalForecast], now: datetime) -> list[dict[str, Any]]:
    """The range of the coming 24 hours' arrivals, of each unit and of the house."""
    if len({one.starts_at for one in arrivals}) < DAY_HOURS:
        return []
    hours = sorted({one.starts_at for one in arrivals})[:DAY_HOURS]
    ends = max(one.ends_at for one in arrivals if one.starts_at in hours)
    expected: dict[str, float] = dict.fromkeys([*model.units, WHOLE_HOUSE], 0.0)
    for one in arrivals:
        if one.starts_at in hours:
            expected[one.unit] += one.expected
            expected[WHOLE_HOUSE] += one.expected
    return [
        _row(ARRIVALS, hospital_date(now), unit, 0, now, hours[0], ends)
        | {"low": low, "high": high, "model": model.name}
        for unit, low, high in _ranges(model, expected)
    ]


def keep_day_ahead(
    work: Work,
    ahead: list[dict[str, Any]],
    shifts: Sequence[told.ShiftForecast],
    ward_ids: dict[str, int],
    now: datetime,
) -> None:
    """What the day brings to each unit, and how many lie in each ward in the middle of its next shifts; once a day."""
    if first_today(work.session, ARRIVALS, now):
        _insert(work, ahead)
    if first_today(work.session, SHIFTS, now):
        day = hospital_date(now)
        rows = [
            _row(SHIFTS, day, f"{one.ward_code} {one.shift}", ward_ids[one.ward_code], now, one.starts_at, one.ends_at)
            | {"low": one.census_low, "high": one.census_high, "model": one.model_name}
            for one in shifts
        ]
        _insert(work, rows)


def settle(work: Work, *kinds: str) -> None:
    """Write beside each range that has ended what came of it. An encounter that was never a stay is forgotten."""
    if STAYS in kinds:
        work.session.connection().execute(text(_NEVER_HERE), {"kind": STAYS, "now": work.now})
    for kind in kinds:
        values = {"kind": kind, "now": work.now, "most": AT_ONCE} | ({"house": WHOLE_HOUSE} if kind == ARRIVALS else {})
        work.session.connection().execute(text(_DUE.format(seen=_SEEN[kind])), values)


def _ranges(model: ArrivalsModel, expected: dict[str, float]) -> list[tuple[str, float, float]]:
    found = []
    for unit, value in expected.items():
        low, high = model.range(np.array([max(value, 0.01)]), DAY_HOURS, house=unit == WHOLE_HOUSE)
        found.append((unit, float(low[0]), float(high[0])))
    return found


def _row(
    kind: str, day: date, unit: str, subject: int, made_at: datetime, from_at: datetime, due_at: datetime
) -> dict[str, Any]:
    return {
        "kind": kind, "day": day, "unit": unit, "subject": subject,
        "made_at": made_at, "from_at": from_at, "due_at": due_at,
    }  # fmt: skip


def _insert(work: Work, rows: list[dict[str, Any]]) -> None:
    if rows:
        work.session.connection().execute(insert(ForecastCheck).values(rows).on_conflict_do_nothing())
