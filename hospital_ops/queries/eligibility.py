"""What insurances said, as the desk shows it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, select

from hospital_ops.domain.eligibility import WORDS, Coverage, Inquiry
from hospital_ops.domain.intake import Draft
from hospital_ops.domain.intake_words import say
from hospital_ops.models import EligibilityCheck, User


def newest_checks(session: Session, registration_ids: Iterable[int | None]) -> dict[int, EligibilityCheck]:
    """The newest question of each registration."""
    found = select(EligibilityCheck).where(col(EligibilityCheck.registration_id).in_(list(registration_ids)))
    return {check.registration_id: check for check in session.exec(found.order_by(col(EligibilityCheck.id)))}


def insurance_word(check: EligibilityCheck | None) -> str:
    """For the queue: the answer in two or three words, "" when nobody was asked."""
    return "" if check is None else WORDS[Coverage(check.status)][0]


def insurance_value(session: Session, registration_id: int, draft: Draft) -> dict[str, Any]:
    """For the folder: the newest answer with when, by whom, and whether something has changed since; and the older ones."""
    found = select(EligibilityCheck).where(EligibilityCheck.registration_id == registration_id)
    checks = list(session.exec(found.order_by(col(EligibilityCheck.id).desc())))
    if not checks:
        return {"status": "", "earlier": []}
    people = _names(session, {check.asked_by for check in checks if check.asked_by is not None})
    shown = [_shown(check, people) for check in checks]
    inquiry = json.loads(checks[0].inquiry or "{}")
    return shown[0] | {
        "changed": inquiry != Inquiry.of(draft.values).as_dict(),
        "earlier": shown[1:6],
    }


def _shown(check: EligibilityCheck, people: dict[int, str]) -> dict[str, Any]:
    status = Coverage(check.status)
    words, advice = WORDS[status]
    reply = json.loads(check.reply or "{}")
    missing = [say(name, "en") for name in reply.get("note", "").split(",") if name]
    inquiry = json.loads(check.inquiry or "{}")
    return {
        "id": check.id,
        "status": status.value,
        "words": words,
        "advice": f"{advice} Missing: {', '.join(missing)}."
        if status is Coverage.INFORMATION_MISSING and missing
        else advice,
        "plan": reply.get("plan", ""),
        "until": reply.get("until", ""),
        "reference": reply.get("reference", ""),
        "payer": inquiry.get("payer", ""),
        "number": inquiry.get("member_id", ""),
        "channel": check.channel,
        "by": people.get(check.asked_by or 0, "the house, at sending"),
        "asked_at": check.asked_at.isoformat(),
        "answered_at": check.answered_at.isoformat() if check.answered_at else "",
        "version": check.version,
    }


def _names(session: Session, user_ids: set[int]) -> dict[int, str]:
    found = select(User.id, User.display_name).where(col(User.id).in_(user_ids))
    return {number: name for number, name in session.exec(found) if number is not None}
