"""Sealing the audit: a job of the clock binds each new line to the one before. docs/decisions/008 says why in batches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, text
from sqlmodel import Session, col

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.audit_chain import ORIGIN, link
from hospital_ops.infra.keyring import derived_key
from hospital_ops.infra.locks import Lock
from hospital_ops.models import AuditEntry, AuditLink
from hospital_ops.queries.clock import real_now
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import Work, unit_of_work

BATCH = 5_000
# A transaction that began so long before the newest link may still bring a line; older ones `verify` finds unsealed.
SLACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many lines were bound, and the newest link."""

    lines: int
    number: int
    mac: bytes


def chain_key() -> bytes:
    """The chain's key, from the master key: it is not in the database."""
    return derived_key("audit-chain")


def seal(actor: Actor) -> Sealed:
    """Bind every committed line that is not bound yet. Two at once wait for each other; the second finds nothing."""
    require(actor, Permission.AUDIT_SEAL)
    lines = 0
    while True:
        with unit_of_work(actor) as work:
            made, number, mac = _seal_batch(work)
        lines += made
        if made < BATCH:
            return Sealed(lines, number, mac)


def _seal_batch(work: Work) -> tuple[int, int, bytes]:
    work.session.connection().execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": Lock.AUDIT_CHAIN.value})
    number, mac = newest_link(work.session)
    key, now, links = chain_key(), real_now(), []
    for line in _unbound(work.session, first=number == 0):
        number, mac = number + 1, link(key, mac, number + 1, line)
        links.append({"number": number, "audit_id": line["id"], "made_at": now, "mac": mac})
    if links:
        work.session.connection().execute(insert(AuditLink), links)
    return len(links), number, mac


def newest_link(session: Session) -> tuple[int, bytes]:
    """(number, bytes) of the head; (0, ORIGIN) of an empty chain."""
    found = select(col(AuditLink.number), col(AuditLink.mac)).order_by(col(AuditLink.number).desc()).limit(1)
    row = session.execute(found).first()
    return (0, ORIGIN) if row is None else (row[0], bytes(row[1]))


def _unbound(session: Session, *, first: bool) -> list[dict[str, Any]]:
    """Lines without a link, in the order of their ids. Looked for among the newest only: the audit is long."""
    table = AuditEntry.__table__  # type: ignore[attr-defined]
    lines = select(table).outerjoin(AuditLink, col(AuditLink.audit_id) == table.c.id)
    lines = lines.where(col(AuditLink.number).is_(None)).order_by(table.c.id).limit(BATCH)
    if not first:
        lines = lines.where(table.c.at > _newest_bound(session) - SLACK)
    return [dict(row) for row in session.execute(lines).mappings()]


def _newest_bound(session: Session) -> Any:
    newest = select(col(AuditEntry.at)).join(AuditLink, col(AuditLink.audit_id) == col(AuditEntry.id))
    return session.execute(newest.order_by(col(AuditLink.number).desc()).limit(1)).scalar_one()
