"""Filling an empty house: wards, beds, people and whoever lies there already, in bulk.

Not a second write door: it writes only where no ward exists yet, in one transaction, with one line in the audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import select

from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import Conflict
from hospital_ops.domain.stays import EncounterStatus
from hospital_ops.domain.tasks import RESPONSE_MINUTES, Priority, StaffStatus, TaskKind, TaskStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import (
    Bed,
    BedRequest,
    Encounter,
    HospitalClock,
    Observation,
    Patient,
    Stay,
    Task,
    User,
    UserWard,
    Ward,
)
from hospital_ops.queries.clock import real_now
from hospital_ops.services.patients import Identity, write_identity
from hospital_ops.services.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who works here. `place` is (floor, x, y)."""

    username: str
    display_name: str
    role: str
    ward_codes: tuple[str, ...]
    simulated: bool
    status: StaffStatus = StaffStatus.OFF_SHIFT
    place: tuple[int, float, float] | None = None


@dataclass(frozen=True)
class NewEncounter:
    """One stay of a patient, past, present (`bed_label`) or awaited (`waits_since`). `facts` are Encounter columns."""

    facts: Mapping[str, Any]
    bed_label: str = ""
    waits_since: datetime | None = None
    priority: Priority = Priority.MEDIUM
    observations: Sequence[tuple[datetime, str, float, str]] = ()


@dataclass(frozen=True)
class NewPatient:
    """A simulated patient and all their encounters that are kept as rows."""

    identity: Identity
    encounters: list[NewEncounter] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EmptyBed:
    """How an empty bed is found when the day begins. `cleaner` is the username of who cleans it now."""

    label: str
    status: BedStatus
    since: datetime
    reason: str = ""
    expires_at: datetime | None = None
    cleaner: str = ""


def is_founded() -> bool:
    """Whether there is a hospital in this database."""
    with read_session() as session:
        return session.exec(select(Ward.id).limit(1)).first() is not None


def set_up_clock(work: Work, hospital_at: datetime, speed: float) -> None:
    """Give an empty house its simulated clock."""
    _refuse_founded(work)
    clock = work.session.get(HospitalClock, 1) or HospitalClock(id=1, anchored_at=real_now(), hospital_at=hospital_at)
    clock.anchored_at, clock.hospital_at, clock.speed, clock.simulated = real_now(), hospital_at, speed, True
    work.session.add(clock)


def build(work: Work, wards: Iterable[Mapping[str, Any]], beds: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Wards and beds (ward code, columns). Refuses a house that stands already."""
    _refuse_founded(work)
    rows = {str(ward["code"]): Ward(**ward) for ward in wards}
    work.session.add_all(rows.values())
    work.session.flush()
    work.session.add_all(
        Bed(ward_id=rows[code].id or 0, unit=rows[code].unit, since=work.now, **columns) for code, columns in beds
    )
    work.session.flush()


def hire(work: Work, people: Iterable[NewPerson]) -> None:
    """Accounts without a password; nobody can sign in as them yet."""
    wards = _ward_ids(work)
    rows = [(person, _person(work, person)) for person in people]
    work.session.add_all(row for _, row in rows)
    work.session.flush()
    belongs = [{"user_id": row.id, "ward_id": wards[code]} for person, row in rows for code in person.ward_codes]
    work.session.connection().execute(insert(UserWard), belongs)


def take_in(work: Work, patients: Sequence[NewPatient]) -> None:
    """Patients with their past, present and awaited encounters."""
    people = [_patient(work, patient) for patient in patients]
    work.session.add_all(people)
    work.session.flush()
    pairs = [
        (new, Encounter(patient_id=row.id or 0, simulated=True, **new.facts))
        for patient, row in zip(patients, people, strict=True)
        for new in patient.encounters
    ]
    work.session.add_all(encounter for _, encounter in pairs)
    work.session.flush()
    beds = {bed.label: bed for bed in work.session.exec(select(Bed))}
    work.session.add_all(_stay(encounter, beds[new.bed_label]) for new, encounter in pairs if new.bed_label)
    work.session.add_all(_request(new, encounter) for new, encounter in pairs if new.waits_since)
    seen = [
        {"encounter_id": encounter.id, "observed_at": at, "code": code, "value": value, "unit": unit}
        for new, encounter in pairs
        for at, code, value, unit in new.observations
    ]
    if seen:
        work.session.connection().execute(insert(Observation), seen)


def find_beds(work: Work, empty: Iterable[EmptyBed]) -> None:
    """Put empty beds into the state in which the day finds them, with the cleaning tasks that follow from it."""
    beds = {bed.label: bed for bed in work.session.exec(select(Bed))}
    users = {user.username: user for user in work.session.exec(select(User))}
    for found in empty:
        bed = beds[found.label]
        bed.status, bed.since, bed.reason, bed.expires_at = (
            found.status.value,
            found.since,
            found.reason,
            found.expires_at,
        )
        work.session.add(bed)
        if found.status in {BedStatus.DIRTY, BedStatus.CLEANING}:
            work.session.add(_cleaning(bed, found, users.get(found.cleaner)))
    work.session.flush()


def _refuse_founded(work: Work) -> None:
    if work.session.exec(select(Ward.id).limit(1)).first() is not None:
        raise Conflict("There is a hospital in this database already.", code="already_founded")


def _ward_ids(work: Work) -> dict[str, int]:
    return {code: ward_id or 0 for code, ward_id in work.session.exec(select(Ward.code, Ward.id))}


def _person(work: Work, new: NewPerson) -> User:
    floor, x, y = new.place or (None, None, None)
    return User(
        username=new.username,
        display_name=new.display_name,
        role=new.role,
        simulated=new.simulated,
        current_status=new.status.value,
        status_since=work.now,
        floor=floor,
        x=x,
        y=y,
    )


def _patient(work: Work, new: NewPatient) -> Patient:
    patient = Patient(created_at=work.now, simulated=True)
    write_identity(work, patient, new.identity, provisional=False)
    return patient


def _stay(encounter: Encounter, bed: Bed) -> Stay:
    assert encounter.id is not None
    assert bed.id is not None
    assert encounter.admitted_at is not None
    bed.status, bed.since = BedStatus.OCCUPIED.value, encounter.admitted_at
    return Stay(
        encounter_id=encounter.id, patient_id=encounter.patient_id, bed_id=bed.id, from_at=encounter.admitted_at
    )


def _request(new: NewEncounter, encounter: Encounter) -> BedRequest:
    assert encounter.id is not None
    assert new.waits_since is not None
    assert encounter.status == EncounterStatus.WAITING
    return BedRequest(
        encounter_id=encounter.id,
        unit=encounter.unit,
        priority=new.priority.value,
        isolation=encounter.isolation,
        telemetry=encounter.telemetry,
        opened_at=new.waits_since,
    )


def _cleaning(bed: Bed, found: EmptyBed, cleaner: User | None) -> Task:
    task = Task(
        kind=TaskKind.CLEAN_BED.value,
        description=f"Clean room {bed.room_number}, bed {bed.label}",
        bed_id=bed.id,
        ward_id=bed.ward_id,
        created_at=found.since,
        due_at=found.since + timedelta(minutes=RESPONSE_MINUTES[Priority.MEDIUM]),
        simulated=True,
    )
    if cleaner is not None and found.status is BedStatus.CLEANING:
        task.status, task.user_id = TaskStatus.IN_PROGRESS.value, cleaner.id
        task.offered_at = task.accepted_at = task.started_at = found.since
        cleaner.current_status = StaffStatus.ON_TASK.value
        cleaner.floor, cleaner.x, cleaner.y = bed.floor, bed.x, bed.y
    return task
