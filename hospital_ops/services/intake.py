"""A patient registers: started, filled in field by field, sent. Whatever is typed is kept; nothing read is a fact."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlmodel import select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.card_check import compare
from hospital_ops.domain.documents import Side, as_date
from hospital_ops.domain.eligibility import Inquiry
from hospital_ops.domain.errors import Conflict, Invalid, NotFound, Refused
from hospital_ops.domain.intake import (
    LANGUAGES,
    LONGEST_REPLY,
    STEPS,
    Draft,
    RegistrationStatus,
    clean_answer,
    clean_text,
    first_open_step,
    problems,
)
from hospital_ops.domain.intake_words import say
from hospital_ops.infra.crypto import token_hash
from hospital_ops.infra.db import read_session
from hospital_ops.infra.images import inspect
from hospital_ops.models import Registration
from hospital_ops.queries.cards import current_documents, fields_of, is_usable
from hospital_ops.queries.clock import hospital_date, real_now
from hospital_ops.services import eligibility
from hospital_ops.services.access import NOBODY, require
from hospital_ops.services.documents import keep_uploads, receive_in, refuse_bad_image
from hospital_ops.services.links import link_of, link_token
from hospital_ops.services.patients import Identity, add_patient, change_patient, lock_patient
from hospital_ops.services.registration_door import (
    lock_draft,
    lock_registration,
    require_own,
    tell_alike,
    touch_registration,
    write_draft,
)
from hospital_ops.services.request_keys import request_key
from hospital_ops.services.unit_of_work import Work, unit_of_work

S = RegistrationStatus


class LinkExpired(Refused):
    """The link was one of ours."""

    code = "link_expired"


@dataclass(frozen=True, slots=True)
class Started:
    """`token` goes into the patient's link and nowhere else: only its hash is stored."""

    registration_id: int
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Registered:
    """What the REST call answers. `link` opens this registration alone."""

    patient_id: int
    registration_id: int
    status: str
    link: str = field(repr=False)


def start(language: str = "en", *, actor: Actor = NOBODY) -> Started:
    """Begin a registration. Anybody may: it opens nothing but itself."""
    with unit_of_work(actor) as work:
        registration, token = _begin(work, language)
        assert registration.id is not None
        return Started(registration.id, token)


def open_link(token: str) -> int:
    """The registration that a link opens. Raises NotFound, or LinkExpired."""
    with unit_of_work(NOBODY) as work:
        found = select(Registration).where(Registration.link_hash == token_hash(token))
        registration = work.session.exec(found).first()
        if registration is None or registration.id is None:
            raise NotFound(say("link_unknown", "en"), code="link_unknown")
        if registration.link_expires_at <= real_now():
            raise LinkExpired(say("link_expired", registration.language))
        work.record("registration.open_link", "registration", registration.id)
        return registration.id


def link_for(actor: Actor, registration_id: int) -> str:
    """The link as it is now, for its patient or the desk to hand out."""
    require_own(actor, registration_id)
    with unit_of_work(actor) as work:
        registration = work.session.get(Registration, registration_id)
        if registration is None:
            raise NotFound("There is no such registration.")
        work.record("registration.show_link", "registration", registration_id)
        return link_of(link_token(registration.row_key, registration.link_expires_at))


def renew_link(actor: Actor, registration_id: int) -> str:
    """The desk hands out a new link; the old one opens nothing any longer."""
    require(actor, Permission.DESK_WORK)
    with unit_of_work(actor) as work:
        registration = lock_registration(work, registration_id)
        token = _give_link(registration)
        touch_registration(work, registration, "registration.link_renewed", "registration.renew_link")
        return link_of(token)


def save_field(actor: Actor, registration_id: int, name: str, value: str) -> None:
    """Keep one answer as it is typed. The same answer twice changes nothing."""
    answer = clean_answer(name, _as_kept(name, value))
    with unit_of_work(actor) as work:
        registration, draft = lock_draft(work, registration_id)
        if draft.values.get(name, "") == answer:
            return
        draft.values[name] = answer
        write_draft(registration, draft)
        _follow(work, registration, draft)
        touch_registration(work, registration, "registration.saved", "registration.save", field=name)


def reply(actor: Actor, registration_id: int, number: int, words: str) -> None:
    """Answer the desk's question number `number`, counted from 0. The same answer twice changes nothing."""
    answer = clean_text(words, LONGEST_REPLY)
    with unit_of_work(actor) as work:
        registration, draft = lock_draft(work, registration_id)
        if not 0 <= number < len(draft.asked):
            raise NotFound(say("no_question", registration.language))
        if draft.asked[number]["answer"] == answer:
            return
        draft.asked[number]["answer"] = answer
        write_draft(registration, draft)
        touch_registration(work, registration, "registration.replied", "registration.reply", number=number)


def _as_kept(name: str, value: str) -> str:
    # What is typed instead of drawn is marked as such, so that neither can be taken for the other.
    if name == "signature" and value and not value.startswith("drawn:"):
        return f"typed:{value.removeprefix('typed:')}"
    return value


def set_language(actor: Actor, registration_id: int, language: str) -> None:
    """Another language for the page; every answer stays."""
    if language not in LANGUAGES:
        raise Invalid("We have this page in English and Spanish.", code="no_such_language")
    with unit_of_work(actor) as work:
        registration = lock_registration(work, registration_id)
        if registration.language != language:
            registration.language = language
            touch_registration(work, registration, "registration.saved", "registration.set_language")


def go(actor: Actor, registration_id: int, step: str) -> bool:
    """Show another step. Forward only when what stands before is answered; else the problems are shown, and False."""
    if step not in STEPS or step == "done":
        raise Invalid("There is no such step.", code="no_such_step")
    with unit_of_work(actor) as work:
        registration, draft = lock_draft(work, registration_id)
        here = registration.step if registration.step in STEPS else STEPS[0]
        passed = tuple(s for s in STEPS if STEPS.index(here) <= STEPS.index(s) < STEPS.index(step))
        open_steps = problems(draft.values, hospital_date(work.now), passed)
        if open_steps:
            draft.tried = sorted({*draft.tried, *passed}, key=STEPS.index)
            write_draft(registration, draft)
        elif here == step:
            return True
        else:
            registration.step = step
        touch_registration(work, registration, "registration.saved", "registration.go", step=registration.step)
        return not open_steps


def submit(actor: Actor, registration_id: int) -> bool:
    """Send the registration to the desk. With something missing it goes there instead, and False. Twice is once."""
    with unit_of_work(actor) as work:
        registration, draft = lock_draft(work, registration_id)
        today = hospital_date(work.now)
        if problems(draft.values, today):
            draft.tried = list(STEPS)
            registration.step = first_open_step(draft.values, today)
            write_draft(registration, draft)
            touch_registration(work, registration, "registration.saved", "registration.go", step=registration.step)
            return False
        registration.step = "done"
        if registration.status == S.STARTED:
            _submit(work, registration, draft)
        else:
            touch_registration(work, registration, "registration.saved", "registration.go", step="done")
        return True


def settle(actor: Actor, registration_id: int, document_id: int, card_field: str, *, use_card: bool) -> None:
    """The patient answers a card's question: what the card says becomes their answer, or their own stays."""
    with unit_of_work(actor) as work:
        registration, draft = lock_draft(work, registration_id)
        side, read, unsure = _read_field(work, registration_id, document_id, card_field)
        held = compare(side, card_field, read, unsure, draft.values)
        if use_card:
            if not is_usable(held, read):
                raise Conflict("Please write this answer yourself.", code="not_usable")
            draft.values[held.answer] = clean_answer(held.answer, _as_answer(held.answer, read))
        else:
            draft.kept[f"{side}.{card_field}"] = read
        write_draft(registration, draft)
        _follow(work, registration, draft)
        facts = {"document_id": document_id, "field": card_field, "used_card": use_card}
        touch_registration(work, registration, "registration.saved", "registration.settle", **facts)


def _as_answer(answer: str, read: str) -> str:
    day = as_date(read) if answer == "dob" else None
    return day.isoformat() if day else read


def _read_field(work: Work, registration_id: int, document_id: int, card_field: str) -> tuple[Side, str, bool]:
    documents = [d for d in current_documents(work.session, [registration_id]) if d.id == document_id]
    for row in fields_of(work.session, documents).get(document_id, []):
        if row.name == card_field:
            return Side(documents[0].side), row.value or "", row.unsure
    raise NotFound("This photo has been replaced. Please look again.")


def register_by_form(
    values: Mapping[str, str],
    files: Mapping[Side, bytes],
    *,
    language: str = "en",
    key: str = "",
    actor: Actor = NOBODY,
) -> Registered:
    """The REST call: a registration, filled in and sent at once, with its photos. All of it or nothing.

    The same form with the same `key` is the same registration, sent again. Raises Invalid for what cannot be used,
    before anything is written; BadImage becomes Invalid too.
    """
    kept_key = request_key("registration", key, _said(values, files))
    if kept_key is not None and (before := _registered_before(kept_key)) is not None:
        return before
    for content in files.values():
        with refuse_bad_image(language):
            inspect(content)
    draft = Draft({name: clean_answer(name, value) for name, value in values.items() if value.strip()})
    if draft.values.get("insurance_policy_num"):
        draft.values.setdefault("has_insurance", "yes")
    with keep_uploads(files) as kept, unit_of_work(actor) as work:
        _refuse_incomplete(draft, work)
        registration, token = _begin(work, language)
        assert registration.id is not None
        # From here the person behind the form acts on their own registration.
        if actor.role is Role.PATIENT:
            work.actor = replace(actor, registration_id=registration.id)
        registration.step, registration.request_key = "done", kept_key
        write_draft(registration, draft)
        _submit(work, registration, draft)
        for side, upload in kept.items():
            receive_in(work, registration, side, upload)
        assert registration.patient_id is not None
        return Registered(registration.patient_id, registration.id, registration.status, link_of(token))


def _said(values: Mapping[str, str], files: Mapping[Side, bytes]) -> list[str | bytes]:
    words: list[str | bytes] = [part for name in sorted(values) for part in (name, values[name])]
    return words + [part for side in sorted(files) for part in (side, files[side])]


def _registered_before(kept_key: bytes) -> Registered | None:
    """What the same form made, if it came before. Whoever has key, words and photos is who sent them."""
    with read_session() as session:
        found = session.exec(select(Registration).where(Registration.request_key == kept_key)).first()
    if found is None or found.patient_id is None or found.id is None:
        return None
    token = link_token(found.row_key, found.link_expires_at)
    return Registered(found.patient_id, found.id, found.status, link_of(token))


def _refuse_incomplete(draft: Draft, work: Work) -> None:
    """A form by REST must say who; what else is missing the desk asks."""
    found = problems(draft.values, hospital_date(work.now))
    wrong = {n: c for n, c in found.items() if n in {"first_name", "last_name", "dob"} or draft.values.get(n)}
    if wrong:
        told = "; ".join(f"{name}: {say(f'problem.{code}', 'en')}" for name, code in wrong.items())
        raise Invalid(told, code=next(iter(wrong.values())))


def _begin(work: Work, language: str) -> tuple[Registration, str]:
    registration = Registration(
        step=STEPS[0],
        language=language if language in LANGUAGES else "en",
        link_hash=secrets.token_bytes(32),
        link_expires_at=real_now(),
        created_at=work.now,
        simulated=work.actor.simulated,
    )
    token = _give_link(registration)
    work.session.add(registration)
    work.session.flush()
    touch_registration(work, registration, "registration.started", "registration.start")
    return registration, token


def _give_link(registration: Registration) -> str:
    expires_at = real_now().replace(microsecond=0) + timedelta(hours=get_settings().intake_link_hours)
    # Two links of one second would be the same link: the newer must not revive the older.
    if registration.link_expires_at == expires_at:
        expires_at += timedelta(seconds=1)
    token = link_token(registration.row_key, expires_at)
    registration.link_expires_at, registration.link_hash = expires_at, token_hash(token)
    return token


def _submit(work: Work, registration: Registration, draft: Draft) -> None:
    patient = add_patient(work, Identity.of(draft.values, language=registration.language))
    registration.patient_id = patient.id
    registration.status, registration.submitted_at = S.SUBMITTED.value, work.now
    touch_registration(
        work, registration, "registration.submitted", "registration.submit", patient_id=registration.patient_id
    )
    tell_alike(work, patient, "patient.updated")
    if draft.values.get("has_insurance") == "yes":
        eligibility.ask_in(work, registration, Inquiry.of(draft.values))


def _follow(work: Work, registration: Registration, draft: Draft) -> None:
    """What a patient corrects after sending stands in their record too, while nobody has confirmed that."""
    if registration.patient_id is None or problems(draft.values, hospital_date(work.now), ("name", "birth")):
        return
    patient = lock_patient(work, registration.patient_id)
    if patient.provisional:
        change_patient(work, patient, Identity.of(draft.values, language=registration.language), provisional=True)
