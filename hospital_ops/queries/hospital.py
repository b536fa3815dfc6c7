"""The house at a glance: the capacity strip, and who waits for a bed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.identifiers import initials
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, BedRequest, Encounter, Patient
from hospital_ops.queries.clock import read_clock
from hospital_ops.queries.foretold import stands_in
from hospital_ops.queries.tonight import tonight_value

# No waiting list on a screen is longer; the count says how many more there are.
LONGEST_LIST = 60


def hospital_now_value(*, masked: bool) -> dict[str, Any]:
    """Now, decided and tonight: counts by status, staffed and occupied beds, who comes and who leaves."""
    with read_session() as session:
        clock = read_clock(session)
        by_status = session.execute(select(col(Bed.status), func.count()).group_by(col(Bed.status)))
        counts = Counter(dict(by_status.all()))
        waiting = _waiting(session, masked=masked)
        staffed = sum(counts.values()) - counts[BedStatus.CLOSED]
        pending_in, pending_out = len(waiting) + counts[BedStatus.RESERVED], counts[BedStatus.PENDING_DISCHARGE]
        instead = stands_in(session)
        tonight = tonight_value(session, clock.now, pending_in=pending_in, staffed=staffed)
    occupied = counts[BedStatus.OCCUPIED] + counts[BedStatus.PENDING_DISCHARGE]
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
        "tonight": tonight,
        "stands_in": instead,
        "waiting": waiting[:LONGEST_LIST],
        "waiting_count": len(waiting),
        "at": clock.now.isoformat(),
    }


def waiting_for_a_bed() -> list[dict[str, Any]]:
    """Everybody who waits, longest first, without who they are."""
    with read_session() as session:
        return _waiting(session, masked=True)


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
