"""Photos of cards: received and kept encrypted in a moment, looked at by those who may. Reading is `readings`."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, func, select

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor
from hospital_ops.domain.documents import DocumentStatus, Side
from hospital_ops.domain.errors import Conflict, Invalid, NotFound, TooMany
from hospital_ops.domain.intake import PATIENT_MAY_WRITE, RegistrationStatus
from hospital_ops.domain.intake_words import WORDS, say
from hospital_ops.infra import files
from hospital_ops.infra.images import BadImage, Seen, inspect
from hospital_ops.models import Document, Registration
from hospital_ops.services.registration_door import lock_registration, require_own
from hospital_ops.services.unit_of_work import Work, unit_of_work

D = DocumentStatus
# Nobody needs more; a loop in a browser must not fill the disk.
MOST_PHOTOS = 40
NOT_READY = "This photo is not ready to be looked at. Please try again in a moment."


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo in the encrypted store, not yet anybody's. `digest` tells the same photo from another."""

    name: str
    digest: bytes
    seen: Seen
    size_bytes: int


def receive(actor: Actor, registration_id: int, side: Side, content: bytes, *, language: str = "en") -> int:
    """Take a photo in: looked at by its header alone, encrypted, to be read by a worker. Returns the document's id.

    It replaces an older photo of the same side; the same photo twice is one. Raises Invalid with a sentence.
    """
    require_own(actor, registration_id)
    with keep_uploads({side: content}, language) as kept, unit_of_work(actor) as work:
        registration = lock_registration(work, registration_id)
        if RegistrationStatus(registration.status) not in PATIENT_MAY_WRITE:
            raise Conflict(say("upload.too_late", registration.language), code="too_late")
        return receive_in(work, registration, side, kept[side])


@contextmanager
def keep_uploads(contents: Mapping[Side, bytes], language: str = "en") -> Iterator[dict[Side, Upload]]:
    """Store photos; what is not taken over (`receive_in`), or is rolled back, is destroyed again."""
    kept: dict[Side, Upload] = {}
    try:
        for side, content in contents.items():
            with refuse_bad_image(language):
                seen = inspect(content)
            kept[side] = Upload(files.store(content), hashlib.sha256(content).digest(), seen, len(content))
        yield kept
    except BaseException:
        for upload in kept.values():
            files.destroy(upload.name)
        raise


@contextmanager
def refuse_bad_image(language: str = "en") -> Iterator[None]:
    """What the header tells becomes a refusal in the patient's language."""
    try:
        yield
    except BadImage as bad:
        key = f"upload.{bad.code}"
        raise Invalid(say(key, language) if key in WORDS else str(bad), code=bad.code) from bad


def receive_in(work: Work, registration: Registration, side: Side, upload: Upload) -> int:
    """Inside a unit of work that has locked the registration: the photo becomes its newest of that side."""
    assert registration.id is not None
    older = _current(work, registration.id, side)
    if older is not None and older.content_hash == upload.digest:
        files.destroy(upload.name)
        _try_again(work, older)
        assert older.id is not None
        return older.id
    count = select(func.count()).where(Document.registration_id == registration.id)
    if work.session.exec(count).one() >= MOST_PHOTOS:
        raise TooMany(say("upload.too_many_photos", registration.language), retry_after=3600)
    if older is not None:
        replace(work, older)
    document = Document(
        registration_id=registration.id,
        side=side.value,
        raw_file=upload.name,
        content_hash=upload.digest,
        media_type=upload.seen.kind,
        size_bytes=upload.size_bytes,
        width=upload.seen.width,
        height=upload.seen.height,
        received_at=work.now,
    )
    work.session.add(document)
    work.session.flush()
    tell(work, document, "document.received", "document.receive")
    assert document.id is not None
    return document.id


def replace(work: Work, document: Document) -> None:
    """A newer photo counts now. The older clean picture stays until retention; a raw upload goes."""
    document.status = D.REPLACED.value
    tell(work, document, "document.replaced", "document.replace")


def retry_reading(actor: Actor, document_id: int) -> None:
    """Have a photo read again whose reading broke. One that was read, or was no card, would say the same again."""
    with unit_of_work(actor) as work:
        document = work.session.exec(select(Document).where(Document.id == document_id).with_for_update()).first()
        if document is None:
            raise NotFound("There is no such photo.")
        require_own(actor, document.registration_id)
        _try_again(work, document)


def _try_again(work: Work, document: Document) -> None:
    if document.status == D.FAILED:
        document.status, document.problem, document.attempts = D.RECEIVED.value, "", 0
        tell(work, document, "document.received", "document.receive_again")


def _current(work: Work, registration_id: int, side: Side) -> Document | None:
    found = select(Document).where(
        Document.registration_id == registration_id, Document.side == side.value, col(Document.status) != D.REPLACED
    )
    return work.session.exec(found.with_for_update()).first()


def tell(work: Work, document: Document, event: str, action: str, **facts: Any) -> None:
    """Raise the version, record and announce a change of a photo that is made already."""
    document.version += 1
    work.session.add(document)
    work.session.flush()
    assert document.id is not None
    work.record(action, "document", document.id, of_registration=document.registration_id, side=document.side, **facts)
    told = events.registration_event(event, document.registration_id, document_id=document.id)
    patient_id = work.session.get_one(Registration, document.registration_id).patient_id
    own = () if patient_id is None else (events.patient(patient_id),)
    work.announce(dataclasses.replace(told, topics=(*told.topics, *own)))


def picture(actor: Actor, document_id: int) -> bytes:
    """The clean JPEG, for the patient whose card it is or for the desk. Audited; no audit line, no picture.

    A raw upload is never shown: only what was decoded and written anew by ourselves.
    """
    with unit_of_work(actor) as work:
        document = work.session.get(Document, document_id)
        if document is None:
            raise NotFound("There is no such photo.")
        require_own(actor, document.registration_id)
        if document.clean_file is None:
            raise NotFound(NOT_READY, code="not_ready")
        work.record("document.view", "document", document_id, of_registration=document.registration_id)
        name = document.clean_file
    try:
        return files.load(name)
    except FileNotFoundError as gone:
        raise NotFound("This photo has been removed.") from gone
