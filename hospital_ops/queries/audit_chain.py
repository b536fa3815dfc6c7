"""Reading the audit's chain from its first link to its head, and saying where it breaks."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from hospital_ops.domain.audit_chain import COVERED, ORIGIN, link
from hospital_ops.infra.db import read_session
from hospital_ops.models import AuditEntry, AuditLink

_AT_ONCE = 5_000
# What has not been bound for so long was written behind the sealing's back, or nothing seals any more.
LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken` is a sentence about the first broken link, "" for a whole chain. Counts are of lines."""

    links: int
    head: bytes
    broken: str
    waiting: int
    late: int

    @property
    def is_whole(self) -> bool:
        return not self.broken and not self.late


def verify(
    key: bytes,
    now: datetime,
    *,
    known: tuple[int, bytes] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Verdict:
    """Walk the whole chain. `known` is a head kept elsewhere: the chain must still go through it."""
    with read_session() as session:
        total = session.execute(select(func.count()).select_from(AuditLink)).scalar_one()
        number, mac, broken = 0, ORIGIN, ""
        for row in _links(session):
            broken = _why_broken(key, mac, number + 1, row, known)
            if broken:
                break
            number, mac = row["number"], bytes(row["mac"])
            if progress is not None and number % _AT_ONCE == 0:
                progress(number, total)
        if not broken and known is not None and known[0] > number:
            broken = f"The chain ends at link {number}; link {known[0]}, which was kept elsewhere, was cut off."
        waiting, late = _unbound(session, now)
    return Verdict(number, mac, broken, waiting, late)


def _why_broken(key: bytes, before: bytes, number: int, row: Mapping[str, Any], known: tuple[int, bytes] | None) -> str:
    if row["number"] != number:
        return f"Link {number} is missing: the next one is {row['number']}."
    if row["id"] is None:
        return f"Link {number} is broken: line {row['audit_id']} of the audit is gone."
    if not hmac.compare_digest(link(key, before, number, row), bytes(row["mac"])):
        return (
            f"Link {number} is broken: line {row['audit_id']} of the audit ({row['action']}, {row['at']:%Y-%m-%d %H:%M:%S %Z}) "
            "is not as it was sealed."
        )
    if known is not None and known[0] == number and not hmac.compare_digest(known[1], bytes(row["mac"])):
        return f"Link {number} is not the one that was kept elsewhere: the chain was made anew."
    return ""


def _links(session: Session) -> Iterator[Mapping[str, Any]]:
    """Every link with its line (columns None where that is gone), in order."""
    table = AuditEntry.__table__  # type: ignore[attr-defined]
    after = 0
    while True:
        found = select(
            col(AuditLink.number), col(AuditLink.audit_id), col(AuditLink.mac), *(table.c[n] for n in COVERED)
        )
        found = found.outerjoin(table, table.c.id == col(AuditLink.audit_id)).where(col(AuditLink.number) > after)
        rows = session.execute(found.order_by(col(AuditLink.number)).limit(_AT_ONCE)).mappings().all()
        if not rows:
            return
        yield from (dict(row) for row in rows)
        after = rows[-1]["number"]


def _unbound(session: Session, now: datetime) -> tuple[int, int]:
    """(lines that wait for the next sealing, lines that should have been sealed long ago)."""
    table = AuditEntry.__table__  # type: ignore[attr-defined]
    unbound = select(func.count().filter(table.c.at > now - LATE), func.count().filter(table.c.at <= now - LATE))
    unbound = unbound.select_from(table.outerjoin(AuditLink.__table__, col(AuditLink.audit_id) == table.c.id))  # type: ignore[attr-defined]
    waiting, late = session.execute(unbound.where(col(AuditLink.number).is_(None))).one()
    return waiting, late
