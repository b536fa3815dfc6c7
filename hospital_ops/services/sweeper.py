"""Photos that nobody is reading though somebody should: asked for again.

Asking costs nothing: who reads one holds it, and a second reader finds nothing to do (`services.readings`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from hospital_ops.domain.access import WORKER
from hospital_ops.domain.intake import DocumentStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import Document
from hospital_ops.services.documents import tell
from hospital_ops.services.unit_of_work import unit_of_work

UNFINISHED = (DocumentStatus.RECEIVED.value, DocumentStatus.READING.value)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A document on its way; `mark` changes whenever somebody has done something about it."""

    document_id: int
    status: str
    mark: tuple[int, int]


def unfinished() -> list[Unfinished]:
    """Every document that is not read yet."""
    with read_session() as session:
        found = select(Document.id, Document.status, Document.version, Document.attempts)
        rows = session.exec(found.where(col(Document.status).in_(UNFINISHED)).order_by(col(Document.id)))
        return [Unfinished(i or 0, status, (version, attempts)) for i, status, version, attempts in rows]


def ask_again(stuck: list[Unfinished]) -> int:
    """Have documents read that have not moved since `unfinished` saw them. Returns how many were asked for."""
    if not stuck:
        return 0
    with unit_of_work(WORKER) as work:
        marks = {one.document_id: one.mark for one in stuck}
        found = select(Document).where(col(Document.id).in_(marks), col(Document.status).in_(UNFINISHED))
        rows = work.session.exec(found.order_by(col(Document.id)).with_for_update(skip_locked=True)).all()
        still = [row for row in rows if marks[row.id or 0] == (row.version, row.attempts)]
        for document in still:
            tell(work, document, "document.received", "document.ask_again")
        return len(still)
