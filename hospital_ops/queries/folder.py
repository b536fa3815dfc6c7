"""One registration opened on the desk: typed and read side by side, look-alikes, insurance, and what the admission needs."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from hospital_ops.domain.card_check import ANSWER_OF, Agreement
from hospital_ops.domain.documents import Side, as_date, upright
from hospital_ops.domain.intake import QUESTIONS, Draft, problems
from hospital_ops.domain.intake_words import say
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, Registration, Stay, Ward
from hospital_ops.queries.cards import AGAIN, card_values
from hospital_ops.queries.clock import hospital_date, read_clock
from hospital_ops.queries.duplicates import look_alikes
from hospital_ops.queries.eligibility import insurance_value
from hospital_ops.queries.intake import open_request_of
from hospital_ops.queries.merges import joins_of

COMPARED = ("first_name", "last_name", "dob", "insurance_payer", "insurance_policy_num", "phone", "address")


def verify_value(registration_id: int) -> dict[str, Any] | None:
    """The topic `verify:<id>`: typed and read side by side, look-alikes with why, and what the admission needs.

    It opens other patients' records to compare; `services.arrivals.open_folder` audits that before anybody watches.
    """
    with read_session() as session:
        registration = session.get(Registration, registration_id)
        if registration is None:
            return None
        now = read_clock(session).now
        draft = Draft.from_json(registration.answers)
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
            "joins": joins_of(session, registration.patient_id, registration.id),
            "insurance": insurance_value(session, registration_id, draft),
            "asked": [one | {"number": n} for n, one in enumerate(draft.asked)],
            "units": _units(session),
            "request_id": request.id if request else 0,
            "bed": _bed(session, registration),
            "at": now.isoformat(),
        }


_TOLD = ("visit", "reason", "has_insurance", "insurance_group")


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


_SHOWN = ("id", "side", "label", "status", "sentence", "image", "width", "height", "rotated", "busy", "version")


def _card(card: dict[str, Any]) -> dict[str, Any]:
    others = [f for f in card["fields"] if not f["answer"]]
    boxes = [_box(card, field) for field in card["fields"] if len(field["box"]) == 4 and card["width"]]
    return {
        **{key: card[key] for key in _SHOWN},
        "failed": card["status"] in AGAIN,
        "boxes": boxes,
        "others": [{key: f[key] for key in ("name", "label", "value", "unsure", "box")} for f in others],
    }


def _box(card: dict[str, Any], field: dict[str, Any]) -> dict[str, Any]:
    """Where on the upright picture a field stands, and the fields of the form that it speaks about."""
    return {
        "name": field["name"],
        "speaks_of": {"name": "first_name last_name"}.get(field["answer"], field["answer"]),
        "label": field["label"],
        "value": field["value"],
        "unsure": field["unsure"],
        **upright(field["box"], card["width"], card["height"], card["rotated"]),
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
