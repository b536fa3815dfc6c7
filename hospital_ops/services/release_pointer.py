"""The audit and the pointer to the release that serves, moved as one.

Order: under the lock the audit line is written and numbered, the wish noted in a file under that number, the database
committed, the pointer moved, the note removed. Whatever dies in between leaves a note, and the next look settles it: the
line is committed → the pointer is moved; it is not → the note is dropped. So the audit never says what does not come true,
and nothing serves of which the audit does not know.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from hospital_ops.domain.errors import Unavailable
from hospital_ops.infra.db import read_session
from hospital_ops.infra.locks import Lock
from hospital_ops.ml import registry
from hospital_ops.models import AuditEntry
from hospital_ops.services.unit_of_work import Work

ACTION = "model.activate"


@contextmanager
def alone(work: Work, folder: Path, kind: str) -> Iterator[str]:
    """Until the commit nobody else changes what serves. Gives the version that serves now, "" when none does."""
    work.session.connection().execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": Lock.RELEASES.value})
    _settle(work.session, folder, kind)
    yield serving(folder, kind)


def intend(work: Work, folder: Path, kind: str, version: str, before: str, **more: Any) -> int:
    """Write the audit line and note the wish under its number, for `registry.finish` after the commit."""
    line = work.record(ACTION, "model", kind=kind, version=version, before=before, **more)
    work.session.flush()
    act = line.id or 0
    registry.intend(folder, kind, version, act)
    return act


def settle(folder: Path, kind: str) -> None:
    """Finish or drop what somebody left half way; while the database is away, later.

    Nothing is read from the database where there is no such note.
    """
    if not registry.intentions(folder, kind):
        return
    with contextlib.suppress(Unavailable), read_session() as session:
        free = text("SELECT pg_try_advisory_xact_lock(:lock)")
        # Somebody is about to commit: it is theirs to finish.
        if session.connection().execute(free, {"lock": Lock.RELEASES.value}).scalar_one():
            _settle(session, folder, kind)


def serving(folder: Path, kind: str) -> str:
    """The version that serves, "" when none does or the note of it cannot be read."""
    try:
        return registry.active_version(folder, kind) or ""
    except registry.ArtefactError:
        return ""


def stamp(folder: Path, kind: str) -> bytes:
    """What decides which model is read: the pointer, and the files it names, so that a repaired or broken one is noticed."""
    settle(folder, kind)
    try:
        note = (folder / kind / "active.json").read_bytes()
    except OSError:
        return b""
    home = folder / kind / serving(folder, kind)
    return note + repr([_seen(home / name) for name in ("model.skops", "release.json")]).encode()


def _seen(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _settle(session: Session, folder: Path, kind: str) -> None:
    for act, version in registry.intentions(folder, kind):
        line = session.get(AuditEntry, act)
        wanted = {"kind": kind, "version": version}
        if line is not None and line.action == ACTION and wanted.items() <= line.facts.items():
            registry.finish(folder, kind, act)
        else:
            registry.drop(folder, kind, act)
