"""The audit, read newest first, a page at a time by key: the page after any line costs the same, however old it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text, tuple_
from sqlmodel import Session, col, select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Role
from hospital_ops.domain.audit import Key, Question, shown_facts
from hospital_ops.infra.db import read_session
from hospital_ops.models import AuditEntry, User, Ward

PAGE = 50
BATCH = 2000
# Each distinct value by one step in its index, since DISTINCT would read a million lines for sixty words.
_DISTINCT = """
WITH RECURSIVE found AS (
    (SELECT {column} AS value FROM audit_entry ORDER BY {column} LIMIT 1)
    UNION ALL
    SELECT (SELECT {column} FROM audit_entry WHERE {column} > found.value ORDER BY {column} LIMIT 1)
    FROM found WHERE found.value IS NOT NULL
)
SELECT value FROM found WHERE value <> ''
"""


def audit_page(question: Question) -> dict[str, Any]:
    """{"rows", "older", "choices"}: fifty lines; `older` is the key of the page after them, "" for none."""
    with read_session() as session:
        wards = {ward.id: ward.code for ward in session.exec(select(Ward).order_by(col(Ward.position)))}
        found = list(session.execute(lines(session, question).limit(PAGE + 1)))
        rows = [_row(entry, person, wards) for entry, person in found[:PAGE]]
        older = str(Key(found[PAGE - 1][0].at, found[PAGE - 1][0].id)) if len(found) > PAGE else ""
        return {"rows": rows, "older": older, "choices": _choices(session, wards)}


def exported(question: Question, until: datetime) -> Iterator[dict[str, Any]]:
    """Every line up to `until`, newest first; read in batches, so that no transaction stays open while it is sent."""
    before = Key(until, 2**62)
    while True:
        with read_session() as session:
            batch = list(session.execute(lines(session, question, before).limit(BATCH)))
        for entry, person in batch:
            yield _exported(entry, person)
        if len(batch) < BATCH:
            return
        before = Key(batch[-1][0].at, batch[-1][0].id)


def lines(session: Session, question: Question, before: Key | None = None) -> Any:
    """The statement: (AuditEntry, User or None), newest first."""
    key = before or question.before
    wanted: Any = select(AuditEntry, User).outerjoin(User, col(User.id) == AuditEntry.user_id)
    wanted = wanted.where(*_narrowed(session, question))
    if key is not None:
        wanted = wanted.where(tuple_(AuditEntry.at, AuditEntry.id) < (key.at, key.id))
    return wanted.order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())


def _narrowed(session: Session, question: Question) -> list[Any]:
    zone = ZoneInfo(get_settings().timezone)
    parts: list[Any] = []
    if question.who:
        # Looked up first: joined by name, the planner could not use the index of the person's lines.
        user_id = session.exec(select(User.id).where(User.username == question.who)).first()
        parts.append(AuditEntry.user_id == (user_id or 0))
    exact = {"action": question.action, "subject_type": question.subject}
    parts += [getattr(AuditEntry, name) == value for name, value in exact.items() if value]
    numbers = {"subject_id": question.number, "ward_id": question.ward}
    parts += [getattr(AuditEntry, name) == value for name, value in numbers.items() if value is not None]
    if question.first:
        parts.append(AuditEntry.at >= _midnight(question.first, zone))
    if question.last:
        parts.append(AuditEntry.at < _midnight(question.last + timedelta(days=1), zone))
    if question.denied:
        parts.append(~col(AuditEntry.allowed))
    return parts


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _choices(session: Session, wards: dict[int | None, str]) -> dict[str, Any]:
    def distinct(column: str) -> list[str]:
        return [value for (value,) in session.connection().execute(text(_DISTINCT.format(column=column)))]

    named = [{"id": str(ward_id), "code": code} for ward_id, code in wards.items()]
    return {"actions": distinct("action"), "subjects": distinct("subject_type"), "wards": named}


def _row(entry: AuditEntry, person: User | None, wards: dict[int | None, str]) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "who": _who(entry, person),
        "username": person.username if person else "",
        "role": entry.role.replace("_", " "),
        "action": entry.action,
        "action_words": entry.action.replace(".", ": ").replace("_", " "),
        "kind": entry.subject_type,
        "subject": entry.subject_type.replace("_", " "),
        "number": "" if entry.subject_id is None else str(entry.subject_id),
        "ward": wards.get(entry.ward_id, ""),
        "denied": not entry.allowed,
        "facts": shown_facts(entry.facts),
    }


def _who(entry: AuditEntry, person: User | None) -> str:
    if person is not None:
        return person.display_name
    if entry.role != Role.PATIENT:
        return "the house itself"
    return "nobody signed in" if entry.registration_id is None else "a patient"


def _exported(entry: AuditEntry, person: User | None) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "hospital_at": entry.hospital_at.isoformat(),
        "user_id": entry.user_id,
        "username": person.username if person else "",
        "role": entry.role,
        "registration_id": entry.registration_id,
        "action": entry.action,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "ward_id": entry.ward_id,
        "allowed": entry.allowed,
        "facts": "; ".join(shown_facts(entry.facts)),
    }
