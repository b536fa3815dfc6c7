"""The one write door of a registration: lock it, check whose it is, change it, record, announce."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlmodel import col, or_, select

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, NotFound
from hospital_ops.domain.intake import ON_DESK, PATIENT_MAY_WRITE, Draft, RegistrationStatus
from hospital_ops.models import Patient, Registration
from hospital_ops.queries.intake import waiting_behind
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import Work

NONE_SUCH = "There is no such registration."
LATE = "The desk has already confirmed this registration. Please tell them what should change."
# So many patients hear that the queue has moved; a NOTIFY holds 8,000 bytes.
MOST_BEHIND = 150


def require_own(actor: Actor, registration_id: int) -> None:
    """A patient's own registration, or anybody's for the desk. For others there is none."""
    if actor.role is Role.PATIENT:
        if actor.registration_id != registration_id:
            raise NotFound(NONE_SUCH)
        require(actor, Permission.INTAKE_OWN)
    else:
        require(actor, Permission.DESK_WORK)


def lock_registration(work: Work, registration_id: int, *, version: int | None = None) -> Registration:
    """The registration, locked until commit, for its patient or the desk."""
    require_own(work.actor, registration_id)
    found = select(Registration).where(Registration.id == registration_id).with_for_update()
    registration = work.session.exec(found).first()
    if registration is None:
        raise NotFound(NONE_SUCH)
    if version is not None and version != registration.version:
        raise ChangedMeanwhile
    return registration


def lock_draft(work: Work, registration_id: int) -> tuple[Registration, Draft]:
    """The registration with its answers, while its patient may still change them."""
    registration = lock_registration(work, registration_id)
    if RegistrationStatus(registration.status) not in PATIENT_MAY_WRITE:
        raise Conflict(LATE, code="too_late")
    return registration, Draft.from_json(registration.answers)


def write_draft(registration: Registration, draft: Draft) -> None:
    registration.answers = draft.to_json()


def touch_registration(work: Work, registration: Registration, event: str, action: str, **facts: Any) -> None:
    """Raise the version, record and announce a change that is made already."""
    registration.version += 1
    work.session.add(registration)
    work.session.flush()
    assert registration.id is not None
    work.record(action, "registration", registration.id, **facts)
    work.announce(events.registration_event(event, registration.id, version=registration.version, **facts))


def tell_alike(work: Work, patient: Patient, event: str) -> None:
    """A record has changed or appeared: folders that show it among their look-alikes are told."""
    same = [
        index == value
        for index, value in (
            (col(Patient.dob_index), patient.dob_index),
            (col(Patient.policy_index), patient.policy_index),
        )
        if value is not None
    ]
    if not same:
        return
    found = select(Registration.id).join(Patient, col(Patient.id) == Registration.patient_id)
    waiting = found.where(or_(*same), col(Registration.status).in_([status.value for status in ON_DESK]))
    folders = tuple(events.verify(number) for number in work.session.exec(waiting.limit(MOST_BEHIND)) if number)
    if folders:
        work.announce(events.Event(event, {"patient_id": patient.id}, folders))


def move_up(work: Work, registration: Registration, event: str) -> None:
    """Somebody has left the queue: whoever stands behind is told."""
    assert registration.id is not None
    behind = waiting_behind(work.session, registration)[:MOST_BEHIND]
    if behind:
        told = events.registration_event(event, registration.id)
        work.announce(replace(told, topics=tuple(events.registration(other) for other in behind)))
