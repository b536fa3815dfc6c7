"""Reading a card, once: claimed by one living worker, cleaned, read, written down. A dead worker leaves nothing twice.

    with claim(document_id, event_id) as job:      # None: nothing to do
        clean = keep_clean(job, sanitise(raw_of(job)))
        finish_reading(job, read_card(clean, job.side))

The claim is an advisory lock of the worker's own database connection: it is gone the moment the worker is, so the next
one need not wait for a time limit, and a slow one is never overtaken.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, select

from hospital_ops.domain.access import WORKER, Actor, Role
from hospital_ops.domain.documents import DocumentStatus, Reading, Side
from hospital_ops.domain.errors import NotAllowed
from hospital_ops.infra import files
from hospital_ops.infra.db import engine
from hospital_ops.infra.locks import Lock
from hospital_ops.models import Document, DocumentField
from hospital_ops.queries.clock import real_now
from hospital_ops.services.documents import tell
from hospital_ops.services.inbox import first_time
from hospital_ops.services.unit_of_work import Work, unit_of_work

D = DocumentStatus
CONSUMER = "documents.read"
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Job:
    """One photo to read. `attempt` counts from 1; `raw_file` is None when the clean picture is there already."""

    document_id: int
    side: Side
    attempt: int
    raw_file: str | None
    clean_file: str | None
    event_id: int | None


@contextmanager
def claim(document_id: int, event_id: int | None = None, *, actor: Actor = WORKER) -> Iterator[Job | None]:
    """The job, while this worker holds it; None when another living worker does, or nothing is left to do."""
    _only_worker(actor)
    with engine().connect() as connection:
        keys = {"kind": Lock.DOCUMENT.value, "id": document_id}
        held = connection.execute(text("SELECT pg_try_advisory_lock(:kind, :id)"), keys).scalar_one()
        connection.commit()  # Held by the connection, not by a transaction that would stay open meanwhile.
        if not held:
            yield None
            return
        try:
            yield begin_reading(document_id, event_id, actor=actor)
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:kind, :id)"), keys)
            connection.commit()


def being_read(session: Session) -> frozenset[int]:
    """Ids of the photos that a living worker holds now: a claim ends with its connection, so the dead hold none."""
    locks = text(
        "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
        " AND classid = :kind AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return frozenset(session.connection().execute(locks, {"kind": Lock.DOCUMENT.value}).scalars())


def begin_reading(document_id: int, event_id: int | None = None, *, actor: Actor = WORKER) -> Job | None:
    """Mark the photo as being read. None when it is read, replaced, given up or this event was handled."""
    _only_worker(actor)
    with unit_of_work(actor) as work:
        document = _lock(work, document_id)
        if document is None or DocumentStatus(document.status) not in {D.RECEIVED, D.READING}:
            return None
        if document.attempts >= MOST_ATTEMPTS:
            give_up(work, document, "attempts")
            return None
        document.status, document.reading_since = D.READING.value, real_now()
        document.attempts += 1
        tell(work, document, "document.reading", "document.begin_reading", attempt=document.attempts)
        return Job(
            document_id, Side(document.side), document.attempts, document.raw_file, document.clean_file, event_id
        )


def raw_of(job: Job) -> bytes | None:
    """The upload as it came; None when its clean picture is there. Raises FileNotFoundError or Tampered."""
    return None if job.clean_file is not None or job.raw_file is None else files.load(job.raw_file)


def clean_of(job: Job) -> bytes | None:
    """The clean picture of an earlier attempt."""
    return None if job.clean_file is None else files.load(job.clean_file)


def keep_clean(job: Job, picture: bytes, width: int, height: int, *, actor: Actor = WORKER) -> bool:
    """Store the clean picture, then destroy the raw upload. False when a newer photo has come meanwhile."""
    _only_worker(actor)
    name = files.store(picture)
    try:
        with unit_of_work(actor) as work:
            document = _lock_job(work, job)
            if document is None:
                files.destroy(name)
                return False
            document.clean_file, document.width, document.height = name, width, height
            tell(work, document, "document.reading", "document.clean")
    except BaseException:
        files.destroy(name)
        raise
    destroy_raw(job.document_id, actor=actor)
    return True


def finish_reading(job: Job, reading: Reading, *, actor: Actor = WORKER) -> bool:
    """Write down what was read. Twice, late, or about a replaced photo changes nothing: False."""
    _only_worker(actor)
    with unit_of_work(actor) as work:
        document = _lock_job(work, job)
        if document is None or not first_time(work, CONSUMER, job.event_id):
            return False
        _write_fields(work, job.document_id, reading)
        document.status, document.rotated = reading.verdict.value, reading.rotated
        document.read_at, document.reading_since = work.now, None
        facts = {"verdict": reading.verdict.value, "seconds": round(reading.seconds, 2), "fields": len(reading.fields)}
        tell(work, document, "document.read", "document.finish_reading", **facts)
        return True


def refuse_reading(job: Job, problem: str, *, actor: Actor = WORKER) -> bool:
    """The bytes are no picture that can be opened: said with the code of its sentence, and the raw upload goes."""
    _only_worker(actor)
    with unit_of_work(actor) as work:
        document = _lock_job(work, job)
        if document is None:
            return False
        document.status, document.problem, document.reading_since = D.UNREADABLE.value, problem, None
        tell(work, document, "document.failed", "document.refuse", problem=problem)
    destroy_raw(job.document_id, actor=actor)
    return True


def fail_reading(job: Job, problem: str, *, actor: Actor = WORKER) -> bool:
    """Something of ours broke. True: asked for again; False: given up, with a sentence for the patient."""
    _only_worker(actor)
    with unit_of_work(actor) as work:
        document = _lock_job(work, job)
        if document is None:
            return False
        if document.attempts >= MOST_ATTEMPTS:
            give_up(work, document, problem)
            return False
        document.status, document.reading_since = D.RECEIVED.value, None
        tell(work, document, "document.received", "document.fail", problem=problem)
        return True


def destroy_raw(document_id: int, *, actor: Actor = WORKER) -> None:
    """The upload as it came is gone for good; what was decoded and written anew by ourselves stays."""
    _only_worker(actor)
    with unit_of_work(actor) as work:
        document = _lock(work, document_id)
        if document is None or document.raw_file is None:
            return
        files.destroy(document.raw_file)
        document.raw_file = None
        work.session.add(document)
        work.record("document.destroy_raw", "document", document_id)


def _write_fields(work: Work, document_id: int, reading: Reading) -> None:
    for row in work.session.exec(select(DocumentField).where(DocumentField.document_id == document_id)):
        work.session.delete(row)
    work.session.flush()
    for name, found in reading.fields.items():
        row = DocumentField(
            document_id=document_id,
            name=name,
            confidence=found.confidence,
            unsure=found.unsure,
            reader=found.reader,
            box=list(found.box),
        )
        row.value = found.value
        work.session.add(row)


def give_up(work: Work, document: Document, problem: str) -> None:
    """Nobody tries any longer; the patient is told, and may ask once more (`documents.retry_reading`)."""
    document.status, document.problem, document.reading_since = D.FAILED.value, problem, None
    tell(work, document, "document.failed", "document.give_up", problem=problem)


def _lock(work: Work, document_id: int) -> Document | None:
    return work.session.exec(select(Document).where(Document.id == document_id).with_for_update()).first()


def _lock_job(work: Work, job: Job) -> Document | None:
    """The photo, if this attempt is still the one that counts."""
    document = _lock(work, job.document_id)
    if document is None or document.status != D.READING or document.attempts != job.attempt:
        return None
    return document


def _only_worker(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise NotAllowed("Only the hospital's own worker reads cards.")
