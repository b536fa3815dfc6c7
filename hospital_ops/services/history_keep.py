"""The audit and the imported history, changed as one.

Order, as for releases (services/release_pointer.py): under a lock the audit line is written and numbered, the sealed content put
beside the history under that number, the database committed, the content put in its place. What dies in between is settled at
the next look: the line is committed → the content takes its place; it is not → it is dropped.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from hospital_ops.domain.access import Actor
from hospital_ops.domain.errors import ChangedMeanwhile, Unavailable
from hospital_ops.infra import archive
from hospital_ops.infra.db import read_session
from hospital_ops.infra.locks import Lock
from hospital_ops.models import AuditEntry
from hospital_ops.services.unit_of_work import unit_of_work

ACTIONS = frozenset({"history.import", "history.append"})


def keep(actor: Actor, folder: Path, content: bytes, seen: archive.Stamp, action: str, **facts: Any) -> None:
    """Put sealed content in the place of the imported history, with its audit line.

    `seen`: the stamp of the history that the content was made from; raises ChangedMeanwhile when it is another by now.
    """
    with unit_of_work(actor) as work:
        work.session.connection().execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": Lock.HISTORY.value})
        _settle(work.session, folder)
        if archive.stamp(folder) != seen:
            raise ChangedMeanwhile
        line = work.record(action, "history", **facts)
        work.session.flush()
        act = line.id or 0
        archive.stage(folder, act, content)
    archive.adopt(folder, act)


def settle(folder: Path) -> None:
    """Finish or drop what somebody left half way; while the database is away, later."""
    if not archive.staged(folder):
        return
    with contextlib.suppress(Unavailable), read_session() as session:
        free = text("SELECT pg_try_advisory_xact_lock(:lock)")
        # Somebody is about to commit: it is theirs to finish.
        if session.connection().execute(free, {"lock": Lock.HISTORY.value}).scalar_one():
            _settle(session, folder)


def _settle(session: Session, folder: Path) -> None:
    for act in archive.staged(folder):
        line = session.get(AuditEntry, act)
        if line is not None and line.action in ACTIONS:
            archive.adopt(folder, act)
        else:
            archive.drop(folder, act)
