"""One registration as its patient's page shows it, and who stands where in the queue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from hospital_ops.domain import events
from hospital_ops.domain.intake import (
    CONSENT_VERSION,
    PATIENT_MAY_WRITE,
    QUESTIONS,
    STEPS,
    Draft,
    RegistrationStatus,
    first_open_step,
    problems,
)
from hospital_ops.domain.intake_words import say
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, BedRequest, Encounter, Registration, Stay
from hospital_ops.queries.cards import card_values
from hospital_ops.queries.clock import hospital_date, read_clock

S = RegistrationStatus


def registration_value(registration_id: int) -> dict[str, Any] | None:
    """The topic `registration:<id>`: answers, problems and news in the patient's language. None when there is none."""
    with read_session() as session:
        registration = session.get(Registration, registration_id)
        if registration is None:
            return None
        return _value(session, registration)


def _value(session: Session, registration: Registration) -> dict[str, Any]:
    now = read_clock(session).now
    draft, language = Draft.from_json(registration.answers), registration.language
    found = problems(draft.values, hospital_date(now))
    tried = set(draft.tried)
    cards = card_values(session, registration, draft, language)
    position = _position(session, registration)
    return {
        "id": registration.id,
        "version": registration.version,
        "status": registration.status,
        "step": registration.step,
        "number": STEPS.index(registration.step) + 1,
        "language": language,
        "may_write": S(registration.status) in PATIENT_MAY_WRITE,
        "sent": registration.status != S.STARTED,
        "answers": _shown(draft.values),
        "problems": {n: say(f"problem.{code}", language) for n, code in found.items() if QUESTIONS[n].step in tried},
        "open_steps": list(dict.fromkeys(QUESTIONS[name].step for name in found)),
        "next_open": first_open_step(draft.values, hospital_date(now)),
        "consent_version": CONSENT_VERSION,
        "documents": cards,
        "asked": [one | {"number": n} for n, one in enumerate(draft.asked)],
        "position": position,
        "news": _news(session, registration, draft, cards, position),
        "at": now.isoformat(),
    }


def _shown(values: dict[str, str]) -> dict[str, str]:
    """Answers for every question. A drawn signature is long and only ever looked at by the desk."""
    signature = values.get("signature", "")
    return {name: values.get(name, "") for name in QUESTIONS} | {
        "signature": "drawn" if signature.startswith("drawn:") else signature.removeprefix("typed:")
    }


def _position(session: Session, registration: Registration) -> int | None:
    """1 is next. None for who is not (or no longer) in the queue."""
    if registration.status != S.SUBMITTED or registration.submitted_at is None:
        return None
    queue = list(session.exec(select(Registration.id).where(Registration.status == S.SUBMITTED).order_by(*_ORDER)))
    return queue.index(registration.id) + 1


_ORDER: tuple[Any, ...] = (col(Registration.submitted_at), col(Registration.id))


def waiting_behind(session: Session, registration: Registration) -> list[int]:
    """Who stands in the queue behind this registration; all of it when this one has no place there."""
    found = select(Registration.id).where(Registration.status == S.SUBMITTED, Registration.id != registration.id)
    if registration.submitted_at is not None:
        found = found.where(col(Registration.submitted_at) >= registration.submitted_at)
    return [number for number in session.exec(found.order_by(*_ORDER)) if number is not None]


def _news(
    session: Session, registration: Registration, draft: Draft, cards: list[dict[str, Any]], position: int | None
) -> list[str]:
    """What the patient should know now, the most important first."""
    language, status = registration.language, S(registration.status)
    if status is S.CANCELLED:
        return [say("done.cancelled", language)]
    if status is S.ADMITTED:
        return [_bed_news(session, registration)]
    if status is S.CONFIRMED:
        return [say("done.confirmed", language)]
    place = say("done.first", language) if position == 1 else say("done.position", language, n=position)
    asked = ["done.asked"] if any(not one["answer"] for one in draft.asked) else []
    return [*(say(key, language) for key in (*asked, *_card_news(cards))), *([place] if position else [])]


def _card_news(cards: list[dict[str, Any]]) -> list[str]:
    if any(card["busy"] for card in cards):
        return ["done.reading"]
    if any(field["asks"] for card in cards for field in card["fields"]):
        return ["done.question"]
    return ["done.photo_again"] if any(card["again"] for card in cards) else []


def _bed_news(session: Session, registration: Registration) -> str:
    found = (
        select(Bed.label, Stay.to_at)
        .join(Stay, col(Stay.bed_id) == Bed.id)
        .where(Stay.encounter_id == registration.encounter_id)
        .order_by(col(Stay.from_at).desc())
    )
    row: tuple[str, datetime | None] | None = session.exec(found).first()
    if row is None:
        return say("done.waiting_bed", registration.language)
    label, left_at = row
    return say("done.left" if left_at else "done.bed", registration.language, bed=label)


def topics_of_encounter(session: Session, encounter_id: int) -> tuple[str, ...]:
    """Whose intake pages show what happens to this encounter: none for who did not come through the desk."""
    found = select(Registration.id).where(Registration.encounter_id == encounter_id)
    ids = [number for number in session.exec(found) if number is not None]
    return tuple(topic for n in ids for topic in (events.registration(n), events.verify(n), events.DESK))


def open_request_of(session: Session, registration: Registration) -> BedRequest | None:
    """The request for a bed that waits for this registration's patient."""
    found = (
        select(BedRequest)
        .join(Encounter, col(Encounter.id) == BedRequest.encounter_id)
        .where(Encounter.id == registration.encounter_id, col(BedRequest.closed_at).is_(None))
    )
    return session.exec(found).first()
