"""The photos of a registration and what was read on them, beside what was typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, select

from hospital_ops.domain.card_check import Agreement, Compared, compare
from hospital_ops.domain.documents import FIELD_KEYS, DocumentStatus, Side, as_date
from hospital_ops.domain.intake import Draft
from hospital_ops.domain.intake_words import say
from hospital_ops.models import Document, DocumentField, Registration

D = DocumentStatus
BUSY = frozenset({D.RECEIVED, D.READING})
AGAIN = frozenset({D.NOT_A_CARD, D.UNREADABLE, D.FAILED})


def current_documents(session: Session, registration_ids: Iterable[int | None]) -> list[Document]:
    """The photos that count: the newest of each side."""
    wanted = list(registration_ids)
    found = select(Document).where(col(Document.registration_id).in_(wanted), Document.status != D.REPLACED)
    return list(session.exec(found.order_by(col(Document.id))))


def fields_of(session: Session, documents: Iterable[Document]) -> dict[int, list[DocumentField]]:
    """What was read, by document."""
    ids = [document.id for document in documents]
    read: dict[int, list[DocumentField]] = defaultdict(list)
    for row in session.exec(select(DocumentField).where(col(DocumentField.document_id).in_(ids))):
        read[row.document_id].append(row)
    return read


def card_values(session: Session, registration: Registration, draft: Draft, language: str) -> list[dict[str, Any]]:
    """One entry a side, whether there is a photo or not, in the order of the sides."""
    documents = {Side(d.side): d for d in current_documents(session, [registration.id])}
    read = fields_of(session, documents.values())
    return [_card(side, documents.get(side), read, draft, language) for side in Side]


def _card(
    side: Side, document: Document | None, read: dict[int, list[DocumentField]], draft: Draft, language: str
) -> dict[str, Any]:
    status = "none" if document is None else document.status
    rows = [] if document is None else read.get(document.id or 0, [])
    return {
        "id": 0 if document is None else document.id,
        "side": side.value,
        "label": say(f"side.{side}", language),
        "status": status,
        "sentence": "" if document is None else _sentence(document, language),
        "busy": status in BUSY,
        "again": status in AGAIN,
        "turned": document is not None and document.rotated != 0 and status in {D.READ, D.UNSURE},
        "rotated": 0 if document is None else document.rotated,
        "image": document is not None and document.clean_file is not None,
        "width": 0 if document is None else document.width,
        "height": 0 if document is None else document.height,
        "version": 0 if document is None else document.version,
        "fields": [_field(side, row, draft, language) for row in _ordered(side, rows)],
    }


def _sentence(document: Document, language: str) -> str:
    if document.problem and document.status == D.UNREADABLE:
        return say(f"upload.{document.problem}", language)
    words = say(f"document.{document.status}", language)
    turned = document.rotated and document.status in {D.READ, D.UNSURE}
    return f"{words} {say('document.rotated', language)}" if turned else words


def _ordered(side: Side, rows: list[DocumentField]) -> list[DocumentField]:
    order = FIELD_KEYS[side]
    return sorted(rows, key=lambda row: order.index(row.name) if row.name in order else len(order))


def _field(side: Side, row: DocumentField, draft: Draft, language: str) -> dict[str, Any]:
    value = row.value or ""
    held = compare(side, row.name, value, row.unsure, draft.values, draft.kept.get(f"{side}.{row.name}", ""))
    return {
        "name": row.name,
        "label": say(f"card.{row.name}", language),
        "value": value,
        "confidence": round(row.confidence, 3),
        "unsure": row.unsure,
        "reader": row.reader,
        "typed": held.typed,
        "answer": held.answer,
        "agreement": held.agreement.value,
        "asks": held.agreement in {Agreement.ASK, Agreement.OFFER},
        "usable": is_usable(held, value),
        "sentence": _question(held, value, row.unsure, language),
        "box": list(row.box),
    }


def is_usable(held: Compared, value: str) -> bool:
    """Whether one press can make it the answer. A whole name is not split, and a date must be one day."""
    if held.answer in {"", "name"}:
        return False
    return held.answer != "dob" or as_date(value) is not None


def _question(held: Compared, value: str, unsure: bool, language: str) -> str:
    match held.agreement:
        case Agreement.AGREES:
            return say("card.agrees", language)
        case Agreement.KEPT:
            return say("card.kept", language)
        case Agreement.ASK if held.typed:
            return say("card.differs", language, read=value, typed=held.typed)
        case Agreement.ASK:
            return say("card.unsure", language, read=value)
        case Agreement.OFFER:
            return say("card.offer", language, read=value)
    return ""
