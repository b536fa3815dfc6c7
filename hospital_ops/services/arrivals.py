"""The desk's part of an arrival: look, decide what is true, admit. What the desk confirms becomes the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, Invalid
from hospital_ops.domain.identifiers import age, read_date
from hospital_ops.domain.intake import (
    LONGEST_QUESTION,
    MOST_QUESTIONS,
    ON_DESK,
    SEXES,
    Draft,
    RegistrationStatus,
    clean_answer,
    clean_text,
    problems,
)
from hospital_ops.domain.intake_words import say
from hospital_ops.domain.placement import Isolation
from hospital_ops.domain.tasks import Priority
from hospital_ops.models import Patient, Registration, Ward
from hospital_ops.queries.clock import hospital_date
from hospital_ops.queries.duplicates import look_alikes
from hospital_ops.services.access import require
from hospital_ops.services.merging import join
from hospital_ops.services.patients import Identity, add_patient, change_patient, lock_patient
from hospital_ops.services.registration_door import (
    lock_draft,
    lock_registration,
    move_up,
    tell_alike,
    touch_registration,
    write_draft,
)
from hospital_ops.services.stays import Admission, open_encounter
from hospital_ops.services.unit_of_work import Work, unit_of_work

S = RegistrationStatus
# What a patient says of the visit, in the words of admissions.
SOURCE_OF_VISIT = {"urgent": "emergency", "planned": "planned", "referred": "referral"}
PRIORITY_OF_VISIT = {"urgent": Priority.HIGH}
IDENTITY = ("first_name", "last_name", "dob", "insurance_policy_num", "phone", "address")
# What the desk decides about in one screen; the payer belongs to the visit, not to the record.
VERIFIED = (*IDENTITY, "insurance_payer")


@dataclass(frozen=True, slots=True)
class Placing:
    """What bed the desk asks for. Isolation and sex must be answered; "none" is an answer to the first."""

    unit: str
    isolation: Isolation
    sex: str
    telemetry: bool = False
    ward_id: int | None = None


def open_folder(actor: Actor, registration_id: int) -> None:
    """Record that this person looks at one registration and at the patients who resemble it. Fails closed."""
    require(actor, Permission.DESK_WORK)
    with unit_of_work(actor) as work:
        registration = lock_registration(work, registration_id)
        values = Draft.from_json(registration.answers).values
        alike = look_alikes(work.session, values, except_id=registration.patient_id)
        work.record(
            "registration.view", "registration", registration_id, compared_with=[a["patient_id"] for a in alike]
        )


def ask_patient(actor: Actor, registration_id: int, question: str) -> None:
    """The desk asks something; the patient's page shows it and the answer comes back here. The same again is one."""
    require(actor, Permission.DESK_WORK)
    asked = clean_text(question, LONGEST_QUESTION)
    if not asked:
        raise Invalid("Please write the question.", code="nothing_asked")
    with unit_of_work(actor) as work:
        registration, draft = lock_draft(work, registration_id)
        if any(one["question"] == asked and not one["answer"] for one in draft.asked):
            return
        if len(draft.asked) >= MOST_QUESTIONS:
            raise Conflict("That is enough by screen; please talk to the patient.", code="enough_asked")
        draft.asked.append({"question": asked, "answer": ""})
        write_draft(registration, draft)
        touch_registration(work, registration, "registration.asked", "registration.ask_patient")


def confirm(
    actor: Actor,
    registration_id: int,
    values: Mapping[str, str],
    *,
    same_as: int | None = None,
    version: int | None = None,
) -> int:
    """The desk has compared what was typed with what was read: these values are true. Returns the patient's id.

    `same_as` is a patient whom we know already and who this is.
    """
    with unit_of_work(actor) as work:
        registration = _lock_for_desk(work, registration_id, version)
        return _confirm(work, registration, values, same_as)


def admit(actor: Actor, registration_id: int, placing: Placing) -> int:
    """Ask for a bed for a confirmed patient. Returns the bed request's id."""
    with unit_of_work(actor) as work:
        return _admit(work, _lock_for_desk(work, registration_id, None), placing)


def confirm_and_admit(
    actor: Actor,
    registration_id: int,
    values: Mapping[str, str],
    placing: Placing,
    *,
    same_as: int | None = None,
    version: int | None = None,
) -> int:
    """Both in one act: the record, and the request for a bed. Returns the bed request's id. All of it or nothing."""
    with unit_of_work(actor) as work:
        registration = _lock_for_desk(work, registration_id, version)
        _confirm(work, registration, values, same_as)
        return _admit(work, registration, placing)


def join_known(actor: Actor, registration_id: int, known_id: int) -> None:
    """After confirming: this patient turns out to be somebody we know. Nothing is overwritten; it can be taken back."""
    require(actor, Permission.PATIENT_MERGE)
    with unit_of_work(actor) as work:
        registration = lock_registration(work, registration_id)
        if registration.patient_id is None:
            raise Conflict("Please confirm who this is first.", code="not_confirmed")
        if registration.patient_id == known_id:
            return
        rows = {number: lock_patient(work, number) for number in sorted((registration.patient_id, known_id))}
        double = rows[registration.patient_id]
        if double.merged_into_id != known_id:
            join(work, double, rows[known_id], registration_id=registration.id)


def cancel(actor: Actor, registration_id: int) -> None:
    """Nobody comes, or it was started twice. The patient's page says so."""
    with unit_of_work(actor) as work:
        registration = _lock_for_desk(work, registration_id, None)
        queued = registration.status == S.SUBMITTED
        registration.status = S.CANCELLED.value
        touch_registration(work, registration, "registration.cancelled", "registration.cancel")
        if queued:
            move_up(work, registration, "registration.cancelled")


def _lock_for_desk(work: Work, registration_id: int, version: int | None) -> Registration:
    require(work.actor, Permission.DESK_WORK)
    registration = lock_registration(work, registration_id)
    if version is not None and version != registration.version and registration.status != S.STARTED:
        raise ChangedMeanwhile("The patient has just changed something. Look again.")
    if RegistrationStatus(registration.status) not in ON_DESK:
        raise ChangedMeanwhile("A colleague has admitted or closed this registration already. Look again.")
    return registration


def _confirm(work: Work, registration: Registration, values: Mapping[str, str], same_as: int | None) -> int:
    require(work.actor, Permission.PATIENT_WRITE)
    checked = _checked(work, values)
    identity = Identity.of(checked | {"sex": values.get("sex", "")}, language=registration.language)
    draft = Draft.from_json(registration.answers)
    draft.values["insurance_payer"] = checked["insurance_payer"]
    write_draft(registration, draft)
    patient = _patient_of(work, registration, identity, same_as)
    assert patient.id is not None
    queued = registration.status == S.SUBMITTED
    registration.patient_id, registration.status = patient.id, S.CONFIRMED.value
    registration.confirmed_at, registration.confirmed_by = work.now, work.actor.user_id
    facts = {"patient_id": patient.id, "known": same_as is not None}
    touch_registration(work, registration, "registration.confirmed", "registration.confirm", **facts)
    tell_alike(work, patient, "patient.updated")
    if queued:
        move_up(work, registration, "registration.confirmed")
    return patient.id


def _checked(work: Work, values: Mapping[str, str]) -> dict[str, str]:
    """The record's fields as the desk has them. Refuses in words what cannot be a record."""
    kept = {name: clean_answer(name, values.get(name, "")) for name in VERIFIED}
    found = problems(kept, hospital_date(work.now), ("name", "birth", "contact"))
    if found:
        name, code = next(iter(found.items()))
        raise Invalid(f"{say(name, 'en')}: {say(f'problem.{code}', 'en')}", code=code)
    return kept


def _patient_of(work: Work, registration: Registration, identity: Identity, same_as: int | None) -> Patient:
    if same_as is not None and same_as != registration.patient_id:
        require(work.actor, Permission.PATIENT_MERGE)
        known = lock_patient(work, same_as)
        if known.merged_into_id is not None:
            raise Conflict("That record has been merged into another one. Look again.", code="merged_already")
        before = Identity.from_row(known)
        change_patient(work, known, identity)
        _join(work, registration, known, before)
        return known
    if registration.patient_id is None:
        return add_patient(work, identity, provisional=False)
    patient = lock_patient(work, registration.patient_id)
    change_patient(work, patient, identity)
    return patient


def _join(work: Work, registration: Registration, known: Patient, before: Identity) -> None:
    """The provisional record made at sending is the known one from now on; `merging.unmerge` takes that back."""
    if registration.patient_id is not None:
        double = lock_patient(work, registration.patient_id)
        join(work, double, known, registration_id=registration.id, before=before)


def _admit(work: Work, registration: Registration, placing: Placing) -> int:
    if registration.status != S.CONFIRMED or registration.patient_id is None:
        raise Conflict("Please confirm who this is before admitting.", code="not_confirmed")
    _check_placing(work, placing)
    values = Draft.from_json(registration.answers).values
    patient = lock_patient(work, registration.patient_id)
    patient.sex = placing.sex
    work.session.add(patient)
    admission = Admission(
        registration.patient_id,
        placing.unit,
        isolation=placing.isolation,
        telemetry=placing.telemetry,
        ward_id=placing.ward_id,
        priority=PRIORITY_OF_VISIT.get(values.get("visit", ""), Priority.MEDIUM),
        admission_source=SOURCE_OF_VISIT.get(values.get("visit", ""), "walk_in"),
        age=age(read_date(patient.dob), hospital_date(work.now)) if patient.dob else None,
        sex=placing.sex,
        payer=values.get("insurance_payer", ""),
        language=registration.language,
    )
    encounter_id, request_id = open_encounter(work, admission)
    registration.encounter_id, registration.status = encounter_id, S.ADMITTED.value
    facts = {"encounter_id": encounter_id, "request_id": request_id}
    touch_registration(work, registration, "registration.admitted", "registration.admit", **facts)
    return request_id


def _check_placing(work: Work, placing: Placing) -> None:
    if placing.isolation is Isolation.UNANSWERED:
        raise Invalid("Please answer the isolation question; “none” is an answer.", code="isolation_unanswered")
    if placing.sex not in SEXES:
        raise Invalid("Please answer for which sex the room must be.", code="sex_unanswered")
    units = work.session.exec(select(Ward.unit).where(Ward.unit == placing.unit)).first()
    if units is None:
        raise Invalid("Please choose the unit where the patient is to be cared for.", code="unit_unanswered")
    if placing.ward_id is not None:
        found = select(Ward.id).where(Ward.id == placing.ward_id, col(Ward.unit) == placing.unit)
        if work.session.exec(found).first() is None:
            raise Invalid("That ward does not belong to the chosen unit.", code="unit_unanswered")
