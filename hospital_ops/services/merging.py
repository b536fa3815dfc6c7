"""Two records are one person, and back again (HL7 A40, A37). Nothing is lost by joining, so that parting gives it back.

A join is an alias: the double's `merged_into_id`. When the desk confirms an arrival as somebody known, the known record
takes the confirmed values; what stood there is kept sealed beside the join, and returns when it is taken back, together
with the visit that was booked on the wrong person.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from sqlmodel import col, select

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict
from hospital_ops.domain.tasks import OPEN
from hospital_ops.models import Bed, Encounter, Patient, PatientMerge, Registration, Stay, Task
from hospital_ops.services.access import require
from hospital_ops.services.bed_door import touch_bed
from hospital_ops.services.patients import Identity, change_patient, lock_patient
from hospital_ops.services.registration_door import tell_alike
from hospital_ops.services.unit_of_work import Work, unit_of_work


def merge(actor: Actor, patient_id: int, into_id: int) -> None:
    """The first record is the second from now on. Twice is once."""
    require(actor, Permission.PATIENT_MERGE)
    if patient_id == into_id:
        raise Conflict("These are the same record already.", code="same_patient")
    with unit_of_work(actor) as work:
        # Always in the same order: two merges cannot deadlock.
        rows = {number: lock_patient(work, number) for number in sorted((patient_id, into_id))}
        double, known = rows[patient_id], rows[into_id]
        if double.merged_into_id != into_id:
            join(work, double, known)


def join(
    work: Work, double: Patient, known: Patient, *, registration_id: int | None = None, before: Identity | None = None
) -> None:
    """Inside a unit of work that has locked both. `before`: the known record's values that are overwritten with it."""
    require(work.actor, Permission.PATIENT_MERGE)
    if double.merged_into_id is not None or known.merged_into_id is not None:
        raise Conflict("One of these records is merged already. Look again.", code="merged_already")
    assert double.id is not None
    assert known.id is not None
    double.merged_into_id = known.id
    note = PatientMerge(
        patient_id=double.id,
        into_id=known.id,
        registration_id=registration_id,
        merged_at=work.now,
        merged_by=work.actor.user_id,
    )
    if before is not None:
        note.before, note.given = json.dumps(asdict(before)), json.dumps(asdict(Identity.from_row(known)))
    work.session.add(note)
    _tell(work, double, known.id, "patient.merged", "patient.merge", registration_id)


def unmerge(actor: Actor, patient_id: int) -> None:
    """They are two people after all: each gets back what is theirs. Twice is once."""
    require(actor, Permission.PATIENT_MERGE)
    with unit_of_work(actor) as work:
        into_id = lock_patient(work, patient_id).merged_into_id
        if into_id is None:
            return
        rows = {number: lock_patient(work, number) for number in sorted((patient_id, into_id))}
        double, known = rows[patient_id], rows[into_id]
        if double.merged_into_id != into_id:
            raise ChangedMeanwhile
        note = _newest(work, patient_id)
        double.merged_into_id = None
        if note is not None:
            note.undone_at, note.undone_by = work.now, work.actor.user_id
            work.session.add(note)
            _give_back(work, note, double, known)
        _tell(work, double, into_id, "patient.unmerged", "patient.unmerge", note.registration_id if note else None)


def _newest(work: Work, patient_id: int) -> PatientMerge | None:
    found = select(PatientMerge).where(PatientMerge.patient_id == patient_id, col(PatientMerge.undone_at).is_(None))
    return work.session.exec(found.order_by(col(PatientMerge.id).desc())).first()


def _give_back(work: Work, note: PatientMerge, double: Patient, known: Patient) -> None:
    if note.before and note.given:
        before, given = Identity(**json.loads(note.before)), Identity(**json.loads(note.given))
        # What somebody has corrected since is newer than both, and stays.
        now = Identity.from_row(known)
        kept = {name: value for name, value in asdict(now).items() if value != getattr(given, name)}
        change_patient(work, known, replace(before, **kept))
        change_patient(work, double, given)
    registration = None if note.registration_id is None else work.session.get(Registration, note.registration_id)
    if registration is None or registration.patient_id != known.id:
        return
    registration.patient_id, registration.version = double.id, registration.version + 1
    work.session.add(registration)
    if registration.encounter_id is not None:
        _move_visit(work, registration.encounter_id, double)


def _move_visit(work: Work, encounter_id: int, to: Patient) -> None:
    """The visit, its stays and its open tasks are the other person's; every board that shows a name hears of it."""
    assert to.id is not None
    encounter = work.session.get_one(Encounter, encounter_id, with_for_update=True)
    wrong = work.session.get_one(Patient, encounter.patient_id)
    to.predicted_discharge_date, wrong.predicted_discharge_date = wrong.predicted_discharge_date, None
    encounter.patient_id = to.id
    work.session.add_all([encounter, to, wrong])
    for stay in work.session.exec(select(Stay).where(Stay.encounter_id == encounter_id).with_for_update()):
        before, stay.patient_id = stay.patient_id, to.id
        work.session.add(stay)
        open_tasks = select(Task).where(
            Task.patient_id == before, Task.bed_id == stay.bed_id, col(Task.status).in_(sorted(OPEN))
        )
        for task in work.session.exec(open_tasks):
            task.patient_id = to.id
            work.session.add(task)
        if stay.to_at is None:
            bed = work.session.get_one(Bed, stay.bed_id, with_for_update=True)
            touch_bed(work, bed, "bed.updated", "bed.rename_patient")


def _tell(work: Work, double: Patient, known_id: int, event: str, action: str, registration_id: int | None) -> None:
    double.version += 1
    work.session.add(double)
    work.session.flush()
    assert double.id is not None
    work.record(action, "patient", double.id, other_id=known_id, of_registration=registration_id)
    own = () if registration_id is None else (events.verify(registration_id), events.registration(registration_id))
    topics = (events.DESK, events.HOSPITAL, events.patient(double.id), events.patient(known_id), *own)
    work.announce(events.Event(event, {"patient_id": double.id, "other_id": known_id}, topics))
    tell_alike(work, double, event)
