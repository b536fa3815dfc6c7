"""All that a ward needs on paper: its beds, who lies there, what is to be done, who comes, who is on duty.

Five queries for the whole house, whoever asks. It names every patient: `services.downtime` alone calls it, and writes
that down.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col

from hospital_ops.domain.access import Role
from hospital_ops.domain.beds import WORDS, BedStatus
from hospital_ops.domain.downtime import FORM
from hospital_ops.domain.forecasts import leaves_words
from hospital_ops.domain.history import OBSERVED
from hospital_ops.domain.identifiers import age
from hospital_ops.domain.stays import AWAY_WORDS, Away, PendingSource
from hospital_ops.domain.tasks import WORDS as TASK_WORDS
from hospital_ops.domain.tasks import StaffStatus, TaskStatus
from hospital_ops.models import (
    Bed,
    BedRequest,
    Encounter,
    Observation,
    Patient,
    Stay,
    StayForecast,
    Task,
    User,
    UserWard,
    Ward,
)
from hospital_ops.queries.clock import ClockReading, hospital_date, hospital_zone, real_now
from hospital_ops.queries.foretold import told
from hospital_ops.queries.tasks import open_words

Row = dict[str, Any]
Board = dict[str, Any]
# These are on a ward's paper by name; a housekeeper of ten wards is not.
_ON_PAPER = (Role.NURSE.value, Role.DOCTOR.value)


def ward_boards(session: Session, clock: ClockReading) -> list[Board]:
    """Every ward's board as plain values, in the order of the boards."""
    tasks, values = _tasks(session), _values(session)
    beds: dict[int, list[Row]] = defaultdict(list)
    for bed, *rest in session.execute(_lying()):
        beds[bed.ward_id].append(_bed(bed, *rest, tasks=tasks, values=values, now=clock.now))
    coming, staff = _coming(session, clock.now), _staff(session)
    return [
        {
            "form": FORM,
            "id": ward.id,
            "code": ward.code,
            "name": ward.name,
            "floor": ward.floor,
            "at": clock.now.isoformat(),
            "written_at": real_now().isoformat(),
            "zone": str(hospital_zone()),
            "simulated": clock.simulated,
            "beds": beds[ward.id],
            "coming": [row for row in coming if row["ward_id"] == ward.id or (not row["ward_id"] and row["unit"] == ward.unit)],
            "staff": staff[ward.id],
        }
        for ward in session.execute(select(Ward).order_by(col(Ward.position))).scalars()
    ]  # fmt: skip


def _lying() -> Any:
    return (
        select(Bed, Stay, Patient, Encounter, StayForecast)
        .outerjoin(Stay, (col(Stay.bed_id) == Bed.id) & col(Stay.to_at).is_(None))
        .outerjoin(Patient, col(Patient.id) == Stay.patient_id)
        .outerjoin(Encounter, col(Encounter.id) == Stay.encounter_id)
        .outerjoin(StayForecast, col(StayForecast.encounter_id) == Stay.encounter_id)
        .order_by(col(Bed.ward_id), col(Bed.label))
    )


def _bed(
    bed: Bed,
    stay: Stay | None,
    patient: Patient | None,
    encounter: Encounter | None,
    forecast: StayForecast | None,
    *,
    tasks: dict[int, list[Row]],
    values: dict[int, list[Row]],
    now: datetime,
) -> Row:
    lies = None
    if stay is not None and patient is not None and encounter is not None:
        lies = _who(patient, now) | _stay(stay, encounter) | {"values": values[encounter.id or 0]}
        lies["leaves"] = _leaves(bed, forecast, now)
    return {
        "label": bed.label,
        "room": bed.room_number,
        "status": bed.status,
        "words": WORDS[BedStatus(bed.status)],
        "since": bed.since.isoformat(),
        "reason": bed.reason,
        "until": bed.expires_at.isoformat() if bed.expires_at else None,
        "isolation_room": bed.isolation_room,
        "patient": lies,
        "tasks": tasks[bed.id or 0],
    }


def _who(patient: Patient, now: datetime) -> Row:
    born = patient.dob or ""
    name = ", ".join(part for part in (patient.last_name, patient.first_name) if part)
    return {
        "id": patient.id,
        "name": name or "Name not known yet",
        "born": born,
        "age": age(date.fromisoformat(born), hospital_date(now)) if born else None,
        "sex": "" if patient.sex == "unknown" else patient.sex,
        "language": patient.language,
        "provisional": patient.provisional,
    }


def _stay(stay: Stay, encounter: Encounter) -> Row:
    away = f"{AWAY_WORDS[Away(stay.away_to)]}" if stay.away_to else ""
    return {
        "diagnosis": encounter.diagnosis_code,
        "isolation": "" if encounter.isolation == "none" else encounter.isolation,
        "telemetry": encounter.telemetry,
        "admitted_at": encounter.admitted_at.isoformat() if encounter.admitted_at else None,
        "away": away,
    }


def _leaves(bed: Bed, forecast: StayForecast | None, now: datetime) -> str:
    if bed.pending_source == PendingSource.ORDER:
        return "Ordered to leave today"
    return leaves_words(told(forecast), now, hospital_zone()) if forecast else ""


def _tasks(session: Session) -> dict[int, list[Row]]:
    found = (
        select(Task, col(User.display_name))
        .outerjoin(User, col(User.id) == Task.user_id)
        .where(col(Task.status).in_(open_words()), col(Task.bed_id).is_not(None))
        .order_by(col(Task.id))
    )
    tasks: dict[int, list[Row]] = defaultdict(list)
    for task, who in session.execute(found):
        words = TASK_WORDS[TaskStatus(task.status)]
        tasks[task.bed_id].append(
            {"what": task.description, "status": words, "who": who or "", "priority": task.priority}
        )
    return tasks


def _values(session: Session) -> dict[int, list[Row]]:
    """The latest value of each kind of everybody in the house, by encounter."""
    newest = (
        select(Observation)
        .join(Encounter, col(Encounter.id) == Observation.encounter_id)
        .join(Stay, (col(Stay.encounter_id) == Encounter.id) & col(Stay.to_at).is_(None))
        .ext(distinct_on(col(Observation.encounter_id), col(Observation.code)))
        .order_by(col(Observation.encounter_id), col(Observation.code), col(Observation.observed_at).desc())
    )
    values: dict[int, list[Row]] = defaultdict(list)
    for one in session.execute(newest).scalars():
        name, unit = OBSERVED.get(one.code, (one.code, one.unit))
        told_as = {"name": name, "value": f"{one.value:g}", "unit": "" if unit.startswith("{") else unit}
        values[one.encounter_id].append(told_as | {"at": one.observed_at.isoformat()})
    return values


def _coming(session: Session, now: datetime) -> list[Row]:
    """Who waits for a bed, longest first; of this ward by name, else of its unit."""
    found = (
        select(BedRequest, Patient)
        .join(Encounter, col(Encounter.id) == BedRequest.encounter_id)
        .join(Patient, col(Patient.id) == Encounter.patient_id)
        .where(col(BedRequest.closed_at).is_(None))
        .order_by(col(BedRequest.opened_at), col(BedRequest.id))
    )
    return [
        _who(patient, now)
        | {
            "ward_id": request.ward_id,
            "unit": request.unit,
            "isolation": "" if request.isolation == "none" else request.isolation,
            "telemetry": request.telemetry,
            "priority": request.priority,
            "since": request.opened_at.isoformat(),
        }
        for request, patient in session.execute(found)
    ]


def _staff(session: Session) -> dict[int, list[Row]]:
    found = (
        select(col(UserWard.ward_id), col(User.display_name), col(User.role))
        .join(User, col(User.id) == UserWard.user_id)
        .where(col(User.active), col(User.role).in_(_ON_PAPER))
        .where(col(User.current_status) != StaffStatus.OFF_SHIFT.value)
        .order_by(col(User.role), col(User.display_name))
    )
    staff: dict[int, list[Row]] = defaultdict(list)
    for ward_id, name, role in session.execute(found):
        staff[ward_id].append({"name": name, "role": role})
    return staff
