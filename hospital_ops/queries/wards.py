"""The wards as they are set up: the notice each wants before a bed empties, and how often it had it of late."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from hospital_ops.domain.stays import EncounterStatus, notice_minutes
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, Encounter, Stay, Ward
from hospital_ops.queries.clock import read_clock

DAYS = 7


def wards_value() -> dict[str, Any]:
    """The topic `wards`: {"wards": [{"id", "code", "name", "unit", "floor", "beds", "target_minutes", "left", "met",
    "middle"}], "days", "at"}, in their order on the board. `left`, `met`: patients of the last DAYS days, and how many
    were said to leave early enough; `middle`: the median notice in minutes, None where nobody left."""
    with read_session() as session:
        now = read_clock(session).now
        counted = session.execute(select(col(Bed.ward_id), func.count()).group_by(col(Bed.ward_id)))
        beds = {row[0]: row[1] for row in counted}
        notices = _notices(session, now - timedelta(days=DAYS))
        wards = session.execute(select(Ward).order_by(col(Ward.position))).scalars().all()
    return {"wards": [_ward(ward, beds, notices[ward.id or 0]) for ward in wards], "days": DAYS, "at": now.isoformat()}


def _ward(ward: Ward, beds: dict[int, int], notices: list[int]) -> dict[str, Any]:
    target = ward.notice_target_minutes
    return {
        "id": ward.id,
        "code": ward.code,
        "name": ward.name,
        "unit": ward.unit,
        "floor": ward.floor,
        "beds": beds.get(ward.id or 0, 0),
        "target_minutes": target,
        "left": len(notices),
        "met": sum(minutes >= target for minutes in notices),
        "middle": round(median(notices)) if notices else None,
    }


def _notices(session: Session, since: Any) -> dict[int, list[int]]:
    """By ward: of each who left since then, minutes between being marked as leaving and leaving."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = session.execute(
        select(col(Bed.ward_id), col(Encounter.marked_leaving_at), col(Encounter.discharged_at))
        .join(Stay, (col(Stay.encounter_id) == Encounter.id) & (col(Stay.to_at) == Encounter.discharged_at))
        .join(Bed, col(Bed.id) == Stay.bed_id)
        .where(col(Encounter.status) == EncounterStatus.LEFT.value, col(Encounter.discharged_at) >= since)
    )
    for ward_id, marked, left in rows:
        found[ward_id].append(notice_minutes(marked, left))
    return found
