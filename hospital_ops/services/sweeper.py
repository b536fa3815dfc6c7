"""Photos that nobody is reading though somebody should: asked for again, or given up when reading them kills readers.

Asking costs nothing: who reads one holds it, and a second reader finds nothing to do (`services.readings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import col, select

from hospital_ops.domain.access import WORKER
from hospital_ops.domain.intake import DocumentStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import Document
from hospital_ops.services.documents import tell
from hospital_ops.services.readings import MOST_ATTEMPTS, being_read, give_up
from hospital_ops.services.unit_of_work import unit_of_work

UNFINISHED = (DocumentStatus.RECEIVED.value, DocumentStatus.READING.value)


class Where(StrEnum):
    """Where an unread photo is: still to be begun, in a living reader's hands, or in a dead one's."""

    WAITING = "waiting"
    HELD = "held"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A document on its way; `mark` changes whenever somebody has done something about it."""

    document_id: int
    where: Where
    mark: tuple[int, int]


def unfinished() -> list[Unfinished]:
    """Every document that is not read yet.

    The rows are read before the locks: a photo that is finished in between looks abandoned once, which `ask_again`
    finds out.
    """
    with read_session() as session:
        found = select(Document.id, Document.status, Document.version, Document.attempts)
        rows = session.exec(found.where(col(Document.status).in_(UNFINISHED)).order_by(col(Document.id))).all()
        held = being_read(session) if rows else frozenset()
    return [Unfinished(i or 0, _where(status, i in held), (version, tries)) for i, status, version, tries in rows]


def _where(status: str, held: bool) -> Where:
    if status == DocumentStatus.RECEIVED:
        return Where.WAITING
    return Where.HELD if held else Where.ABANDONED


def ask_again(stuck: list[Unfinished]) -> int:
    """Have documents read that have not moved since `unfinished` saw them. Returns how many were asked for.

    One whose readers have died as often as anybody may try is given up here, with a sentence for its patient.
    """
    if not stuck:
        return 0
    with unit_of_work(WORKER) as work:
        marks = {one.document_id: one.mark for one in stuck}
        found = select(Document).where(col(Document.id).in_(marks), col(Document.status).in_(UNFINISHED))
        rows = work.session.exec(found.order_by(col(Document.id)).with_for_update(skip_locked=True)).all()
        still = [row for row in rows if marks[row.id or 0] == (row.version, row.attempts)]
        for document in still:
            if document.attempts >= MOST_ATTEMPTS:
                give_up(work, document, "attempts")
            else:
                tell(work, document, "document.received", "document.ask_again")
        return len(still)
