"""Files that a crash has left behind: raw uploads of cleaned photos, and what no row names.

The sweeper looks for the first every few seconds; the second is a walk over all files, and for the daily retention.
"""

from __future__ import annotations

from sqlmodel import col, select

from hospital_ops.domain.access import WORKER, Actor, Permission
from hospital_ops.domain.documents import DocumentStatus
from hospital_ops.infra import files
from hospital_ops.infra.db import read_session
from hospital_ops.models import Document
from hospital_ops.services.access import require
from hospital_ops.services.readings import destroy_raw

# A transaction that stores a file and then names it takes seconds; after an hour it will not come any more.
STRAY_AFTER_SECONDS = 3600.0
_WANTS_RAW = frozenset({DocumentStatus.RECEIVED, DocumentStatus.READING, DocumentStatus.FAILED})


def tidy(actor: Actor = WORKER) -> dict[str, int]:
    """Destroy them. Returns how many {"raw", "stray"}."""
    require(actor, Permission.TASK_SUPERVISE)
    return {"raw": destroy_spent(actor), "stray": _strays()}


def destroy_spent(actor: Actor = WORKER) -> int:
    """Destroy uploads as they came that nobody needs any longer. Returns how many."""
    over = [status.value for status in DocumentStatus if status not in _WANTS_RAW]
    with read_session() as session:
        done = col(Document.clean_file).is_not(None) | col(Document.status).in_(over)
        found = select(Document.id).where(col(Document.raw_file).is_not(None), done)
        ids = [number for number in session.exec(found) if number is not None]
    for document_id in ids:
        destroy_raw(document_id, actor=actor)
    return len(ids)


def _strays() -> int:
    old = set(files.names(older_than_seconds=STRAY_AFTER_SECONDS))
    if not old:
        return 0
    with read_session() as session:
        named = {*session.exec(select(Document.raw_file)), *session.exec(select(Document.clean_file))}
    for name in old - named:
        files.destroy(name)
    return len(old - named)
