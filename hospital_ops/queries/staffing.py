"""Needed against present: the wards' next three shifts, and the arrivals that are expected.

Needed is the expected census in the middle of the shift over its patients per nurse: who lies there now, less
is forecast to have left, plus the unit's expected arrivals. The range carries the forecasts' own ranges.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, sqrt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col

from hospital_ops.domain.access import Role
from hospital_ops.domain.beds import BedStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import ArrivalForecast, Bed, Shift, ShiftAssignment, Stay, StayForecast, User, UserWard, Ward
from hospital_ops.queries.clock import hospital_zone, read_clock

SHOWN_SHIFTS = 3
HORIZON_HOURS = 24
SHOWN_WHO = 6
REST_HOURS = 11
# 80 % of a normal spread lies within this many standard deviations.
SPREAD = 1.28
Times = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of one ward now. `leaving` are its patients' chances to have left within 24 hours."""

    lying: int
    leaving: tuple[float, ...]
    beds: int

    def census(self, hours: float, arrivals: tuple[float, float, float]) -> tuple[float, float, float]:
        """(expected, low, high) patients after so many hours."""
        share = min(1.0, max(0.0, hours / 24))
        chances = [p * share for p in self.leaving]
        expected = self.lying - sum(chances) + arrivals[0]
        spread = SPREAD * sqrt(sum(p * (1 - p) for p in chances))
        low = expected - spread - (arrivals[0] - arrivals[1])
        high = expected + spread + (arrivals[2] - arrivals[0])
        # No ward holds more than its staffed beds.
        return min(expected, self.beds), min(low, self.beds), min(high, self.beds)


def staffing_value() -> dict[str, Any]:
    """The topic `staffing`: the shifts by ward, worst gap first, and arrivals by unit and hour."""
    with read_session() as session:
        now = read_clock(session).now
        arrivals = _arrivals(session, now)
        slots = _next_slots(session, now)
        wards = session.execute(select(Ward).order_by(col(Ward.position))).scalars().all()
        share = _share_of_unit(wards)
        outlooks, present = _outlooks(session), _present(session, slots)
        free = _who_could(session, slots)
        rows = []
        for ward in wards:
            coming = [a for a in arrivals if a["unit"] == ward.unit]
            outlook = outlooks.get(ward.id or 0, Outlook(0, (), 0))
            cells = [
                _cell(ward, slot, outlook, coming, share[ward.unit], present, free.get((ward.id or 0, slot), []), now)
                for slot in slots
            ]
            rows.append({"ward_id": ward.id, "ward": ward.name, "code": ward.code, "cells": cells})
    rows.sort(key=lambda row: (-max((cell["gap"] for cell in row["cells"]), default=0), row["code"]))
    shifts = [cell for row in rows for cell in row["cells"]]
    units = sorted({a["unit"] for a in arrivals}, key=lambda unit: (unit != "Emergency", unit))
    return {
        "now": now.isoformat(),
        "horizon": HORIZON_HOURS,
        "arrivals": arrivals,
        "units": units,
        "plots": {unit: [a for a in arrivals if a["unit"] == unit] for unit in units},
        "columns": [_column(slot) for slot in slots],
        "wards": rows,
        "shifts": shifts,
        "short": sum(max(0, cell["gap"]) for cell in shifts),
        "model": arrivals[0]["model"] if arrivals else "",
        "at": now.isoformat(),
    }


def shift_word(starts_at: datetime) -> str:
    """Day, evening or night, by when it begins in the hospital's zone."""
    hour = starts_at.astimezone(hospital_zone()).hour
    return "Day" if 5 <= hour < 13 else "Evening" if 13 <= hour < 20 else "Night"


def _column(slot: Times) -> dict[str, Any]:
    first, last = (moment.astimezone(hospital_zone()) for moment in slot)
    hours = f"{first:%a} {first.hour}–{last.hour} h"
    return {"word": shift_word(slot[0]), "hours": hours, "starts_at": slot[0].isoformat()}


def _next_slots(session: Session, now: datetime) -> list[Times]:
    found = select(col(Shift.starts_at), col(Shift.ends_at)).where(
        col(Shift.role) == Role.NURSE.value, col(Shift.ends_at) > now
    )
    rows = session.execute(found.distinct().order_by(col(Shift.starts_at)).limit(SHOWN_SHIFTS)).all()
    return [(starts, ends) for starts, ends in rows]


def _arrivals(session: Session, now: datetime) -> list[dict[str, Any]]:
    """The newest forecast of each coming hour and unit."""
    until = now + timedelta(hours=HORIZON_HOURS)
    found = (
        select(ArrivalForecast)
        .where(col(ArrivalForecast.hour_at) >= now - timedelta(hours=1), col(ArrivalForecast.hour_at) < until)
        .ext(distinct_on(col(ArrivalForecast.hour_at), col(ArrivalForecast.unit)))
        .order_by(col(ArrivalForecast.hour_at), col(ArrivalForecast.unit), col(ArrivalForecast.made_at).desc())
    )
    return [
        {
            "hour_at": row.hour_at.isoformat(),
            "hour": f"{row.hour_at.astimezone(hospital_zone()).hour} h",
            "unit": row.unit,
            "expected": round(row.expected, 2),
            "low": round(row.low, 2),
            "high": round(row.high, 2),
            "range": [round(row.low, 2), round(row.high, 2)],
            "model": row.model,
        }
        for row in session.execute(found).scalars()
    ]


def _share_of_unit(wards: Any) -> dict[str, float]:
    """Wards of one unit share its arrivals."""
    counts: dict[str, int] = defaultdict(int)
    for ward in wards:
        counts[ward.unit] += 1
    return {unit: 1 / count for unit, count in counts.items()}


def _outlooks(session: Session) -> dict[int, Outlook]:
    found = (
        select(col(Bed.ward_id), func.coalesce(col(StayForecast.p24), 0.0))
        .join(Stay, (col(Stay.bed_id) == Bed.id) & col(Stay.to_at).is_(None))
        .outerjoin(StayForecast, col(StayForecast.encounter_id) == Stay.encounter_id)
    )
    chances: dict[int, list[float]] = defaultdict(list)
    for ward_id, p24 in session.execute(found):
        chances[ward_id].append(float(p24))
    staffed = select(col(Bed.ward_id), func.count()).where(col(Bed.status) != BedStatus.CLOSED.value)
    rows = session.execute(staffed.group_by(col(Bed.ward_id)))
    return {ward_id: Outlook(len(chances[ward_id]), tuple(chances[ward_id]), beds) for ward_id, beds in rows}


def _present(session: Session, slots: list[Times]) -> dict[tuple[int, datetime], list[str]]:
    found = (
        select(col(Shift.ward_id), col(Shift.starts_at), col(User.display_name))
        .join(ShiftAssignment, col(ShiftAssignment.shift_id) == Shift.id)
        .join(User, col(User.id) == ShiftAssignment.user_id)
        .where(col(Shift.role) == Role.NURSE.value, col(Shift.starts_at).in_([starts for starts, _ in slots]))
        .order_by(col(User.display_name))
    )
    names: dict[tuple[int, datetime], list[str]] = defaultdict(list)
    for ward_id, starts_at, name in session.execute(found):
        names[ward_id, starts_at].append(name)
    return names


def _who_could(session: Session, slots: list[Times]) -> dict[tuple[int, Times], list[str]]:
    """Nurses of a ward, or of all, who would have had their rest before the slot and have it after."""
    nurses = select(col(User.id), col(User.display_name)).where(col(User.active), col(User.role) == Role.NURSE.value)
    names = {row[0]: row[1] for row in session.execute(nurses)}
    wards: dict[int, set[int]] = defaultdict(set)
    for user_id, ward_id in session.execute(select(col(UserWard.user_id), col(UserWard.ward_id))):
        wards[user_id].add(ward_id)
    rest = timedelta(hours=REST_HOURS)
    could: dict[tuple[int, Times], list[str]] = defaultdict(list)
    for slot in slots:
        near = (
            select(col(ShiftAssignment.user_id))
            .join(Shift, col(Shift.id) == ShiftAssignment.shift_id)
            .where(col(Shift.ends_at) > slot[0] - rest, col(Shift.starts_at) < slot[1] + rest)
        )
        working = set(session.execute(near).scalars())
        for user_id in sorted(names.keys() - working, key=lambda known: (-len(wards[known]), names[known])):
            for ward_id in wards[user_id]:
                if len(could[ward_id, slot]) < SHOWN_WHO:
                    could[ward_id, slot].append(names[user_id])
    return could


def _cell(
    ward: Ward,
    slot: Times,
    outlook: Outlook,
    coming: list[dict[str, Any]],
    share: float,
    present: dict[tuple[int, datetime], list[str]],
    who: list[str],
    now: datetime,
) -> dict[str, Any]:
    middle = max(now, slot[0]) + (slot[1] - max(now, slot[0])) / 2
    until = [a for a in coming if datetime.fromisoformat(a["hour_at"]) < middle]
    arrivals = tuple(share * sum(a[name] for a in until) for name in ("expected", "low", "high"))
    census = outlook.census((middle - now).total_seconds() / 3600, (arrivals[0], arrivals[1], arrivals[2]))
    needed, low, high = (max(1, ceil(patients / ward.patients_per_nurse - 0.05)) for patients in census)
    names = present.get((ward.id or 0, slot[0]), [])
    gap = needed - len(names)
    return {
        "ward_id": ward.id,
        "ward": ward.name,
        "code": ward.code,
        "role": Role.NURSE.value,
        "shift": shift_word(slot[0]),
        "starts_at": slot[0].isoformat(),
        "ends_at": slot[1].isoformat(),
        "needed": needed,
        "low": low,
        "high": high,
        "present": len(names),
        "gap": gap,
        "level": "short" if gap > 0 else "tight" if high > len(names) else "enough",
        "names": names,
        "who": who if gap > 0 else [],
    }
