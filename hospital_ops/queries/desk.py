"""The desk: who has arrived and what is missing, and one registration opened for verifying."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlmodel import Session, col, or_, select

from hospital_ops.domain.card_check import ANSWER_OF, Agreement
from hospital_ops.domain.documents import Side, as_date
from hospital_ops.domain.intake import ON_DESK, QUESTIONS, STEPS, Draft, RegistrationStatus, problems
from hospital_ops.domain.intake_words import say
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, BedRequest, Document, Registration, Stay, Ward
from hospital_ops.queries.cards import AGAIN, BUSY, card_values, current_documents
from hospital_ops.queries.clock import hospital_date, read_clock, real_now
from hospital_ops.queries.duplicates import look_alikes
from hospital_ops.queries.intake import open_request_of

S = RegistrationStatus
MOST_ROWS = 200
# What a row says it is waiting for; the order is the order of the queue's groups.
STATE_WORDS = {
    "ready": "Ready to confirm",
    "reading": "Card is being read",
    "filling": "Still filling in",
    "confirmed": "Confirmed, to be admitted",
    "bed": "Waits for a bed",
}
COMPARED = ("first_name", "last_name", "dob", "insurance_policy_num", "phone", "address")


def desk_value() -> dict[str, Any]:
    """The topic `desk`: {"queue": rows, longest waiting first, "begun": how many have only opened the page, "at"}."""
    with read_session() as session:
        now = read_clock(session).now
        registrations = _arrivals(session)
        documents: dict[int, list[Document]] = defaultdict(list)
        for document in current_documents(session, [r.id for r in registrations]):
            documents[document.registration_id].append(document)
        today = hospital_date(now)
        rows = [_row(r, documents[r.id or 0], problems(_draft(r).values, today)) for r in registrations]
    shown = [row for row in rows if row["who"] or row["documents"]]
    return {"queue": shown, "begun": len(rows) - len(shown), "at": now.isoformat()}


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


def _row(registration: Registration, documents: list[Document], found: dict[str, str]) -> dict[str, Any]:
    values = _draft(registration).values
    state = _state(registration, documents)
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
        "documents": [{"side": d.side, "status": d.status, "label": say(f"side.{d.side}", "en")} for d in documents],
        "version": registration.version,
    }


_VISITS = ("urgent", "planned", "referred")


def _state(registration: Registration, documents: list[Document]) -> str:
    by_status = {S.STARTED: "filling", S.CONFIRMED: "confirmed", S.ADMITTED: "bed"}
    found = by_status.get(S(registration.status))
    return found or ("reading" if any(d.status in BUSY for d in documents) else "ready")


def verify_value(registration_id: int) -> dict[str, Any] | None:
    """The topic `verify:<id>`: typed and read side by side, look-alikes with why, and what the admission needs.

    It opens other patients' records to compare; `services.arrivals.open_folder` audits that before anybody watches.
    """
    with read_session() as session:
        registration = session.get(Registration, registration_id)
        if registration is None:
            return None
        now = read_clock(session).now
        draft = _draft(registration)
        cards = card_values(session, registration, draft, "en")
        request = open_request_of(session, registration)
        return {
            "id": registration.id,
            "version": registration.version,
            "status": registration.status,
            "language": registration.language,
            "who": " ".join(p for p in (draft.values.get("first_name"), draft.values.get("last_name")) if p),
            "since": (registration.submitted_at or registration.created_at).isoformat(),
            "patient_id": registration.patient_id,
            "fields": [_compared(name, draft, cards) for name in COMPARED],
            "told": [_told(name, draft) for name in _TOLD],
            "sex": draft.values.get("sex", ""),
            "signature": draft.values.get("signature", ""),
            "consent": draft.values.get("consent", ""),
            "missing": [say(name, "en") for name in problems(draft.values, hospital_date(now))],
            "cards": [_card(card) for card in cards if card["id"]],
            "alike": look_alikes(session, draft.values, except_id=registration.patient_id),
            "units": _units(session),
            "request_id": request.id if request else 0,
            "bed": _bed(session, registration),
            "at": now.isoformat(),
        }


_TOLD = ("visit", "reason", "has_insurance", "insurance_payer", "insurance_group")


def _compared(name: str, draft: Draft, cards: list[dict[str, Any]]) -> dict[str, Any]:
    typed = draft.values.get(name, "")
    reads = [_read(card, field) for card in cards for field in card["fields"] if _speaks_of(card, field, name)]
    states = {read["agreement"] for read in reads}
    return {
        "name": name,
        "label": say(name, "en"),
        "typed": typed,
        "reads": reads,
        # Nothing unsure is proposed: only what was typed, or read without doubt where nothing was typed.
        "proposed": typed or next((r["as_answer"] for r in reads if not r["unsure"] and r["usable"]), ""),
        "agreement": next((s.value for s in _WORST_FIRST if s.value in states), "typed" if typed else "missing"),
    }


_WORST_FIRST = (Agreement.ASK, Agreement.OFFER, Agreement.KEPT, Agreement.AGREES)


def _speaks_of(card: dict[str, Any], field: dict[str, Any], name: str) -> bool:
    answer = ANSWER_OF.get((Side(card["side"]), field["name"]), "")
    return answer == name or (answer == "name" and name in {"first_name", "last_name"})


def _read(card: dict[str, Any], field: dict[str, Any]) -> dict[str, Any]:
    day = as_date(field["value"]) if field["answer"] == "dob" else None
    return {
        "value": field["value"],
        "as_answer": day.isoformat() if day else field["value"],
        "unsure": field["unsure"],
        "percent": round(field["confidence"] * 100),
        "agreement": field["agreement"],
        "usable": field["usable"],
        "from": card["label"],
        "document_id": card["id"],
        "box": field["box"],
        "reader": field["reader"],
    }


def _told(name: str, draft: Draft) -> dict[str, Any]:
    answer = draft.values.get(name, "")
    key = f"{name}.{answer}"
    chosen = name in {"visit", "has_insurance"} and answer
    return {"name": name, "label": say(name, "en"), "value": say(key, "en") if chosen and QUESTIONS[name] else answer}


def _card(card: dict[str, Any]) -> dict[str, Any]:
    others = [f for f in card["fields"] if not f["answer"]]
    return {
        **{key: card[key] for key in ("id", "side", "label", "status", "sentence", "image", "width", "height", "busy")},
        "failed": card["status"] in AGAIN,
        "others": [{key: f[key] for key in ("name", "label", "value", "unsure", "box")} for f in others],
    }


def _units(session: Session) -> list[str]:
    return list(session.exec(select(Ward.unit).group_by(Ward.unit).order_by(Ward.unit)))


def _bed(session: Session, registration: Registration) -> str:
    found = (
        select(Bed.label)
        .join(Stay, col(Stay.bed_id) == Bed.id)
        .where(Stay.encounter_id == registration.encounter_id, col(Stay.to_at).is_(None))
    )
    return session.exec(found).first() or ""
