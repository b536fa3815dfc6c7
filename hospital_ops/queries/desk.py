"""The desk's queue: who has arrived, what is missing, how long each waits."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlmodel import Session, col, or_, select

from hospital_ops.domain.intake import ON_DESK, STEPS, Draft, RegistrationStatus, problems
from hospital_ops.domain.intake_words import say
from hospital_ops.infra.db import read_session
from hospital_ops.models import BedRequest, Document, EligibilityCheck, Registration
from hospital_ops.queries.cards import BUSY, current_documents
from hospital_ops.queries.clock import hospital_date, read_clock, real_now
from hospital_ops.queries.eligibility import insurance_word, newest_checks
from hospital_ops.queries.merges import joined_lately

S = RegistrationStatus
MOST_ROWS = 200
# What a row says it is waiting for; the order is the order of the queue's groups.
STATE_WORDS = {
    "ready": "Ready to confirm",
    "reading": "Card is being read",
    "filling": "Still filling in",
    "asked": "Asked; waits for the patient's answer",
    "replied": "The patient has answered",
    "confirmed": "Confirmed, to be admitted",
    "bed": "Waits for a bed",
}


def desk_value() -> dict[str, Any]:
    """The topic `desk`: {"queue": rows, longest waiting first, "begun": how many have only opened the page, "at"}."""
    with read_session() as session:
        now = read_clock(session).now
        registrations = _arrivals(session)
        documents: dict[int, list[Document]] = defaultdict(list)
        for document in current_documents(session, [r.id for r in registrations]):
            documents[document.registration_id].append(document)
        today = hospital_date(now)
        checks = newest_checks(session, [r.id for r in registrations])
        rows = [_row(r, documents[r.id or 0], checks.get(r.id or 0), today) for r in registrations]
        joined = joined_lately(session, now)
    shown = [row for row in rows if row["who"] or row["documents"]]
    return {"queue": shown, "begun": len(rows) - len(shown), "joined": joined, "at": now.isoformat()}


def _arrivals(session: Session) -> list[Registration]:
    """Who is not looked after yet: on the desk, or admitted and still without a bed."""
    waiting = select(BedRequest.encounter_id).where(col(BedRequest.closed_at).is_(None))
    words = [status.value for status in ON_DESK]
    status = col(Registration.status)
    alive = (status != S.STARTED.value) | (col(Registration.link_expires_at) > real_now())
    without_bed = (status == S.ADMITTED.value) & col(Registration.encounter_id).in_(waiting)
    found = select(Registration).where(or_(status.in_(words) & alive, without_bed))
    order = col(Registration.submitted_at).asc().nulls_last(), col(Registration.created_at)
    return list(session.exec(found.order_by(*order).limit(MOST_ROWS)))


def _draft(registration: Registration) -> Draft:
    return Draft.from_json(registration.answers)


def _row(
    registration: Registration, documents: list[Document], check: EligibilityCheck | None, today: date
) -> dict[str, Any]:
    draft = _draft(registration)
    values, found = draft.values, problems(draft.values, today)
    state = _state(registration, documents, draft)
    return {
        "registration_id": registration.id,
        "who": " ".join(part for part in (values.get("first_name"), values.get("last_name")) if part),
        "since": (registration.submitted_at or registration.created_at).isoformat(),
        "status": registration.status,
        "state": state,
        "state_words": STATE_WORDS[state],
        "visit": say(f"visit.{values['visit']}", "en") if values.get("visit") in _VISITS else "",
        "urgent": values.get("visit") == "urgent",
        "language": registration.language,
        "step": f"{STEPS.index(registration.step) + 1} of {len(STEPS)}",
        "missing": [say(name, "en") for name in found],
        "insurance": insurance_word(check),
        "insurance_state": "" if check is None else check.status,
        "documents": [{"side": d.side, "status": d.status, "label": say(f"side.{d.side}", "en")} for d in documents],
        "version": registration.version,
    }


_VISITS = ("urgent", "planned", "referred")


def _state(registration: Registration, documents: list[Document], draft: Draft) -> str:
    by_status = {S.STARTED: "filling", S.CONFIRMED: "confirmed", S.ADMITTED: "bed"}
    found = by_status.get(S(registration.status))
    if not found and draft.asked:
        return "asked" if any(not one["answer"] for one in draft.asked) else "replied"
    return found or ("reading" if any(d.status in BUSY for d in documents) else "ready")
