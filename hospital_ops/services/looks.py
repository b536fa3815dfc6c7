"""Opening a panel that names patients is reading patients: it is written down before anything is sent.

One line a person, panel and session each hour. Not one for each push: the board of a ward changes every few seconds, and
an audit that repeats itself a thousand times is read by nobody. Not one for ever: a phone in a lift reconnects all day,
and each hour says again that somebody was looking. The line's session says how long at most: until it ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from hospital_ops.domain.access import Actor
from hospital_ops.models import AuditEntry
from hospital_ops.queries.clock import real_now
from hospital_ops.queries.places import ward_of_bed
from hospital_ops.services.unit_of_work import unit_of_work

ACTION = "panel.open"
ONE_LINE_FOR = timedelta(hours=1)
Panel = tuple[str, int]  # A topic's kind, and its number: 0 for a panel of which there is one.


def write_looks(actor: Actor, panels: Iterable[Panel]) -> None:
    """Write down that this person opens these panels with patients' names. All lines or none.

    Raises Unavailable when it cannot be written; whoever called shows nothing then.
    """
    wanted = sorted(set(panels))
    if not wanted:
        return
    with unit_of_work(actor) as work:
        known = _within_the_hour(work.session, actor)
        for kind, number in wanted:
            if (kind, number) not in known:
                facts: dict[str, Any] = {"session": actor.session_id}
                work.record(ACTION, kind, number or None, ward_id=_ward_of(kind, number), **facts)


def _within_the_hour(session: Session, actor: Actor) -> set[Panel]:
    mine = (
        col(AuditEntry.user_id) == actor.user_id,
        col(AuditEntry.at) > real_now() - ONE_LINE_FOR,
        col(AuditEntry.action) == ACTION,
        col(AuditEntry.facts)["session"].as_integer() == actor.session_id,
    )
    rows = session.exec(select(AuditEntry.subject_type, AuditEntry.subject_id).where(*mine))
    return {(kind, number or 0) for kind, number in rows}


def _ward_of(kind: str, number: int) -> int | None:
    return number if kind == "ward" else ward_of_bed(number) if kind == "bed" else None
