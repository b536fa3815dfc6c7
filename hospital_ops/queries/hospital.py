"""The house at a glance: the capacity strip, and who waits for a bed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.identifiers import initials
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, BedRequest, Encounter, Patient, StayForecast
from hospital_ops.queries.clock import read_clock

# No waiting list on a screen is longer; the count says how many more there are.
LONGEST_LIST = 60


def hospital_now_value(*, masked: bool) -> dict[str, Any]:
    """Now, decided and tonight: counts by status, staffed and occupied beds, who comes and who leaves."""
    with read_session() as session:
        clock = read_clock(session)
        by_status = session.execute(select(col(Bed.status), func.count()).group_by(col(Bed.status)))
        counts = Counter(dict(by_status.all()))
        waiting = _waiting(session, masked=masked)
        tonight = _expected_to_leave(session, clock.now)
    staffed = sum(counts.values()) - counts[BedStatus.CLOSED]
    occupied = counts[BedStatus.OCCUPIED] + counts[BedStatus.PENDING_DISCHARGE]
    pending_in, pending_out = len(waiting) + counts[BedStatus.RESERVED], counts[BedStatus.PENDING_DISCHARGE]
    return {
        "now": clock.now.isoformat(),
        "simulated": clock.simulated,
        "speed": clock.speed,
        "counts": {status.value: counts[status] for status in BedStatus},
        "beds": sum(counts.values()),
        "staffed": staffed,
        "occupied": occupied,
        "occupancy_percent": round(100 * occupied / staffed) if staffed else 0,
        "pending_in": pending_in,
        "pending_out": pending_out,
        "decided": occupied + pending_in - pending_out,
        "tonight": round(occupied + pending_in - tonight),
        "waiting": waiting[:LONGEST_LIST],
        "waiting_count": len(waiting),
        "at": clock.now.isoformat(),
    }


def _waiting(session: Session, *, masked: bool) -> list[dict[str, Any]]:
    rows = session.execute(
        select(BedRequest, Patient, Encounter)
        .join(Encounter, col(Encounter.id) == BedRequest.encounter_id)
        .join(Patient, col(Patient.id) == Encounter.patient_id)
        .where(col(BedRequest.closed_at).is_(None))
        .order_by(col(BedRequest.opened_at), col(BedRequest.id))
    )
    return [_request(*row, masked=masked) for row in rows]


def _request(request: BedRequest, patient: Patient, encounter: Encounter, *, masked: bool) -> dict[str, Any]:
    needs = [request.unit, encounter.sex if encounter.sex in {"female", "male"} else ""]
    needs += [f"{request.isolation} isolation" if request.isolation != "none" else ""]
    needs += ["telemetry" if request.telemetry else ""]
    return {
        "request_id": request.id,
        "encounter_id": encounter.id,
        "who": "" if masked else initials(patient.first_name, patient.last_name),
        "need": " · ".join(need for need in needs if need),
        "unit": request.unit,
        "since": request.opened_at.isoformat(),
        "priority": request.priority,
        "ward_id": request.ward_id,
        "version": request.version,
    }


def _expected_to_leave(session: Session, now: datetime) -> float:
    """The expected number of departures within 24 hours: the sum of the patients' own probabilities."""
    found = (
        select(func.coalesce(func.sum(col(StayForecast.p24)), 0.0))
        .join(Encounter, col(Encounter.id) == StayForecast.encounter_id)
        .where(col(Encounter.status) == "in_house")
    )
    return float(session.execute(found).scalar_one())
