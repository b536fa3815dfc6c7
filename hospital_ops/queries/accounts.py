"""The list of accounts, and one of them: what whoever manages accounts sees, live. Nobody's patients stand here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from hospital_ops.domain.access import HOUSE_WIDE, Role
from hospital_ops.infra.db import read_session
from hospital_ops.models import AuditEntry, SecondFactor, User, UserWard, Ward, WebSession

SHOWN_CHANGES = 8
SHOWN_SESSIONS = 12
# What was done to an account, as its story tells it.
TOLD: dict[str, str] = {
    "account.create": "Account made",
    "account.set_access": "Role or wards changed",
    "account.reset_password": "New first password made",
    "account.choose_password": "Chose a password",
    "account.set_demo_password": "Demo password given",
    "account.sign_out_everywhere": "Signed out everywhere",
    "account.deactivate": "Account closed",
    "account.reactivate": "Account opened again",
    "second_factor.enrol": "Second factor set up",
    "second_factor.remove": "Second factor removed",
    "second_factor.reset": "Second factor taken off",
}


def accounts_value() -> dict[str, Any]:
    """{"accounts", "wards", "counts"}: every account by name, the wards to choose from, how many of each kind."""
    with read_session() as session:
        wards = _wards(session)
        people = [_row(row, wards) for row in _people(session)]
    counts = {
        kind: sum(kind in person["kinds"] for person in people) for kind in ("able", "signed_in", "first", "closed")
    }
    return {"accounts": people, "wards": list(wards.values()), "counts": {"all": len(people), **counts}}


def managed_value(user_id: int) -> dict[str, Any] | None:
    """One account with its open browsers and what was done to it; None when there is none."""
    with read_session() as session:
        wards = _wards(session)
        row = next(iter(_people(session, user_id)), None)
        if row is None:
            return None
        changes = _changes(session, user_id)
        return {**_row(row, wards), "open_in": _browsers(session, user_id), "changes": changes}


def _people(session: Session, user_id: int | None = None) -> Any:
    # Each in a subquery of its own: joined, wards and sessions would multiply each other.
    ward_ids = select(func.array_agg(col(UserWard.ward_id))).where(UserWard.user_id == User.id).correlate(User)
    living = (
        select(func.count()).where(WebSession.user_id == User.id, col(WebSession.ended_at).is_(None)).correlate(User)
    )
    enrolled = select(SecondFactor.user_id).where(
        SecondFactor.user_id == User.id, col(SecondFactor.confirmed_at).is_not(None)
    )
    found: Any = select(
        User, ward_ids.scalar_subquery(), living.scalar_subquery(), enrolled.correlate(User).exists().label("factor")
    )
    if user_id is not None:
        found = found.where(User.id == user_id)
    return session.exec(found.order_by(func.lower(col(User.display_name)), col(User.id)))


def _wards(session: Session) -> dict[int, dict[str, Any]]:
    rows = session.exec(select(Ward).order_by(col(Ward.position)))
    return {ward.id or 0: {"id": ward.id, "code": ward.code, "name": ward.name} for ward in rows}


def _row(row: tuple[User, list[int] | None, int, bool], wards: dict[int, dict[str, Any]]) -> dict[str, Any]:
    person, ward_ids, browsers, factor = row
    role = Role(person.role)
    mine = [ward_id for ward_id in wards if ward_id in set(ward_ids or ())]
    where = _where(role, [str(wards[ward_id]["code"]) for ward_id in mine], len(wards))
    return {
        "id": person.id,
        "name": person.display_name,
        "username": person.username,
        "role": role.value,
        "role_words": role.replace("_", " "),
        "ward_ids": mine,
        "where": where,
        "signed_in_at": _iso(person.signed_in_at),
        "browsers": browsers,
        "factor": factor,
        "state": _state(person),
        "kinds": _kinds(person, browsers),
        "simulated": person.simulated,
        # Not the row's version, which a nurse's break raises too: what is shown here lights up when it changes.
        "stamp": f"{person.display_name}|{role}|{where}|{_state(person)}|{browsers}|{factor}",
        "words": f"{person.display_name} {person.username} {role.replace('_', ' ')} {where}".casefold(),
    }


def _where(role: Role, codes: list[str], all_wards: int) -> str:
    if role in HOUSE_WIDE or (codes and len(codes) == all_wards):
        return "all wards"
    return ", ".join(codes) if len(codes) <= 4 else f"{len(codes)} wards: {', '.join(codes[:3])}…"


def _state(person: User) -> str:
    if not person.active:
        return "closed"
    if person.one_time_until is not None:
        return "first"
    return "open" if person.hashed_password else "no_password"


def _kinds(person: User, browsers: int) -> list[str]:
    state = _state(person)
    able = ["able"] if state in ("open", "first") else []
    return [state, *able, *(["signed_in"] if browsers else [])]


def _browsers(session: Session, user_id: int) -> list[dict[str, Any]]:
    living = WebSession.user_id == user_id, col(WebSession.ended_at).is_(None)
    rows = session.exec(select(WebSession).where(*living).order_by(col(WebSession.id).desc()).limit(SHOWN_SESSIONS))
    return [{"id": row.id, "since": row.created_at.isoformat(), "browser": row.browser} for row in rows]


def _changes(session: Session, user_id: int) -> list[dict[str, Any]]:
    mine = AuditEntry.subject_type == "user", AuditEntry.subject_id == user_id, col(AuditEntry.action).in_(TOLD)
    rows = session.exec(
        select(AuditEntry, User.display_name)
        .outerjoin(User, col(User.id) == AuditEntry.user_id)
        .where(*mine, col(AuditEntry.allowed))
        .order_by(col(AuditEntry.id).desc())
        .limit(SHOWN_CHANGES)
    )
    return [
        {"id": entry.id, "at": entry.at.isoformat(), "what": TOLD[entry.action], "who": name or "the house itself"}
        for entry, name in rows
    ]


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
