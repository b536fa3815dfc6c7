"""Needed against present: the wards' shift under way and the next three, and the arrivals that are expected.

Needed comes from the hourly forecast of the shift: who will lie there, weighed by acuity, over the ward's patients per
nurse. For the shift under way, and where no forecast has been made, it comes from who lies there now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.forecasts import SHIFTS, WardStaffing
from hospital_ops.domain.staffing import FIRST_DAY, Care, acuity, nurses_for
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, Encounter, ShiftForecast, Stay, Ward
from hospital_ops.queries.clock import hospital_zone, read_clock
from hospital_ops.queries.expected import arrivals_plots, coming_arrivals, coming_days
from hospital_ops.queries.roster import (
    NURSE,
    Colleague,
    Planned,
    Slot,
    asked,
    colleagues,
    next_slots,
    planned,
    when_words,
    who_could,
)

# From this chance on a shift "may be short".
MAY_BE = 0.25
SHIFT_PLACE = {name: place for place, (name, _, _) in enumerate(SHIFTS)}


@dataclass(slots=True)
class OnWard:
    """One ward as it is now."""

    ward: Ward
    beds: int = 0
    patients: list[Care] = field(default_factory=list)

    @property
    def ratios(self) -> tuple[float, float, float]:
        ward = self.ward
        return ward.patients_per_nurse, ward.patients_per_nurse_evening, ward.patients_per_nurse_night


@dataclass(frozen=True, slots=True)
class Need:
    """How many nurses a shift needs, with the range, and the chance that it is more than are planned."""

    needed: int
    low: int
    high: int
    census: float
    weight: float
    p_over: float | None = None


def staffing_value() -> dict[str, Any]:
    """The topic `staffing`: shifts by ward, worst gap first, and arrivals by unit and hour."""
    with read_session() as session:
        now = read_clock(session).now
        slots = next_slots(session, now)
        wards = wards_now(session, now)
        shifts = planned(session, slots)
        told = _forecasts(session, slots)
        people = colleagues(session, slots)
        answers = asked(session, [one.shift_id for one in shifts.values()])
        arrivals = arrivals_plots(session, now)
    rows: list[dict[str, Any]] = []
    for one in wards:
        cells = [
            _cell(one, slot, shift, told, people, answers, now)
            for slot in slots
            if (shift := shifts.get((one.ward.id or 0, slot[0]))) is not None
        ]
        rows.append({"ward_id": one.ward.id, "ward": one.ward.name, "code": one.ward.code, "cells": cells})
    rows.sort(key=lambda row: (-max((cell["gap"] for cell in row["cells"]), default=0), row["code"]))
    cells = [cell for row in rows for cell in row["cells"]]
    gaps = sorted((cell for cell in cells if cell["gap"] > 0), key=lambda cell: (cell["starts_at"], -cell["gap"]))
    return {
        "now": now.isoformat(),
        "columns": [_column(slot, now) for slot in slots],
        "wards": rows,
        "shifts": cells,
        "gaps": gaps,
        "short": sum(max(0, cell["gap"]) for cell in cells),
        "short_now": sum(max(0, cell["gap"]) for cell in cells if cell["under_way"]),
        "pool": [_pool(people, slot) for slot in slots],
        "at": now.isoformat(),
        **arrivals,
    }


def staffing_forecast() -> dict[str, Any]:
    """What a program reads: the same as the screen, and each unit's arrivals hour by hour and day by day."""
    with read_session() as session:
        now = read_clock(session).now
        coming, days = coming_arrivals(session, now), coming_days(session, now)
    return {**staffing_value(), "arrivals": coming, "arrivals_by_day": days}


def wards_for_forecast(session: Session, slots: Sequence[Slot]) -> list[WardStaffing]:
    """The wards as `ml.shifts` asks for them: staffed beds, ratios, who is planned in the slots to come, acuity."""
    now = read_clock(session).now
    shifts = planned(session, slots)
    found = []
    for one in wards_now(session, now):
        staffed = [0, 0, 0]
        for slot in slots:
            shift = shifts.get((one.ward.id or 0, slot[0]))
            if slot[0] > now and shift is not None:
                staffed[SHIFT_PLACE[kind_of(slot[0])]] = len(shift.names)
        if one.beds:
            day, evening, night = staffed
            weight = acuity(one.patients)
            found.append(
                WardStaffing(one.ward.code, one.ward.unit, one.beds, one.ratios, (day, evening, night), weight)
            )
    return found


def kind_of(starts_at: datetime) -> str:
    """Day, evening or night, by when it begins in the hospital's zone."""
    hour = starts_at.astimezone(hospital_zone()).hour
    return "day" if 5 <= hour < 13 else "evening" if 13 <= hour < 20 else "night"


def _column(slot: Slot, now: datetime) -> dict[str, Any]:
    word = "Now" if slot[0] <= now else kind_of(slot[0]).title()
    return {"word": word, "hours": when_words(slot), "starts_at": slot[0].isoformat()}


def wards_now(session: Session, now: datetime) -> list[OnWard]:
    """Every ward with its staffed beds and who lies in them: one query."""
    found = (
        select(Ward, col(Bed.status), col(Encounter.isolation), col(Encounter.admitted_at))
        .outerjoin(Bed, col(Bed.ward_id) == Ward.id)
        .outerjoin(Stay, (col(Stay.bed_id) == Bed.id) & col(Stay.to_at).is_(None))
        .outerjoin(Encounter, col(Encounter.id) == Stay.encounter_id)
        .order_by(col(Ward.position))
    )
    wards: dict[int, OnWard] = {}
    for ward, status, isolation, admitted_at in session.execute(found):
        one = wards.setdefault(ward.id, OnWard(ward))
        one.beds += status is not None and status != BedStatus.CLOSED.value
        if admitted_at is not None:
            new, leaving = now - admitted_at < FIRST_DAY, status == BedStatus.PENDING_DISCHARGE.value
            one.patients.append(Care(isolation not in {"none", ""}, new, leaving))
    return list(wards.values())


def _forecasts(session: Session, slots: Sequence[Slot]) -> dict[tuple[int, datetime], ShiftForecast]:
    found = select(ShiftForecast).where(
        col(ShiftForecast.role) == NURSE, col(ShiftForecast.starts_at).in_([starts for starts, _ in slots])
    )
    return {(row.ward_id, row.starts_at): row for row in session.execute(found).scalars()}


def _need(one: OnWard, slot: Slot, told: ShiftForecast | None, now: datetime) -> Need:
    if told is not None and slot[0] > now:
        return Need(told.needed, told.needed_low, told.needed_high, told.census, told.acuity, told.p_over)
    ratio, weight = one.ratios[SHIFT_PLACE[kind_of(slot[0])]], acuity(one.patients)
    needed = nurses_for(len(one.patients), ratio, weight)
    return Need(needed, needed, needed, len(one.patients), weight)


def _cell(
    one: OnWard,
    slot: Slot,
    shift: Planned,
    told: dict[tuple[int, datetime], ShiftForecast],
    people: Sequence[Colleague],
    answers: dict[tuple[int, int], str],
    now: datetime,
) -> dict[str, Any]:
    ward_id, row = one.ward.id or 0, told.get((one.ward.id or 0, slot[0]))
    need = _need(one, slot, row, now)
    gap = need.needed - len(shift.names)
    may_be = need.high > len(shift.names) if need.p_over is None else need.p_over >= MAY_BE
    level = "short" if gap > 0 else "tight" if may_be else "enough"
    who = who_could(people, ward_id, shift.shift_id, slot, answers) if gap > 0 else []
    return {
        "ward_id": ward_id,
        "ward": one.ward.name,
        "code": one.ward.code,
        "role": NURSE,
        "shift_id": shift.shift_id,
        "shift": kind_of(slot[0]).title(),
        "starts_at": slot[0].isoformat(),
        "ends_at": slot[1].isoformat(),
        "when": when_words(slot),
        "under_way": slot[0] <= now,
        "needed": need.needed,
        "low": need.low,
        "high": need.high,
        "present": len(shift.names),
        "here": shift.here if slot[0] <= now else None,
        "gap": gap,
        "level": level,
        "p_over": None if need.p_over is None else round(need.p_over, 2),
        "p_over_model": "" if row is None or need.p_over is None else row.p_over_model,
        "chance": _chance(need, row),
        "census": round(need.census, 1),
        "acuity": round(need.weight, 2),
        "arrivals": None if row is None else [round(n, 1) for n in (row.arrivals, row.arrivals_low, row.arrivals_high)],
        "why": _why(one, slot, need, row),
        "names": shift.names,
        "who": who,
        "unasked": [one["user_id"] for one in who if not one["answer"]],
    }


def _why(one: OnWard, slot: Slot, need: Need, row: ShiftForecast | None) -> str:
    """`21 patients expected (18–24), 3 of them arriving; acuity 1.04; one nurse for 5.`"""
    ratio = one.ratios[SHIFT_PLACE[kind_of(slot[0])]]
    if row is None or need.p_over is None:
        patients = f"{len(one.patients)} patients now"
    else:
        patients = (
            f"{need.census:.0f} patients expected ({row.census_low:.0f}–{row.census_high:.0f}), "
            f"{row.arrivals:.0f} arriving and {row.departures:.0f} leaving during the shift"
        )
    return f"{patients}; acuity {need.weight:.2f}; one nurse for {ratio:g}."


def _chance(need: Need, row: ShiftForecast | None) -> str:
    """`34 %`: the chance that more are needed than are planned; "" for the shift under way. Never quite 0 or 100."""
    if row is None or need.p_over is None:
        return ""
    percent = round(100 * need.p_over)
    return "under 1 %" if percent < 1 else "over 99 %" if percent > 99 else f"{percent} %"


def _pool(people: Sequence[Colleague], slot: Slot) -> dict[str, Any]:
    names = [one.name for one in people if one.is_in_pool(slot)]
    return {"starts_at": slot[0].isoformat(), "free": len(names), "names": names}
