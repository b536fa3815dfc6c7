"""One's own account: who I am here, where I am signed in, and whether a second factor guards it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from hospital_ops.domain.access import HOUSE_WIDE, Role
from hospital_ops.infra.db import read_session
from hospital_ops.models import RecoveryCode, SecondFactor, User, UserWard, Ward, WebSession
from hospital_ops.queries.clock import real_now
from hospital_ops.queries.sessions import idle_limit


def own_account(user_id: int) -> dict[str, Any]:
    """The topic `account:<id>`. {} for nobody. Times are real ones, as sessions live by them."""
    with read_session() as session:
        user = session.get(User, user_id)
        if user is None:
            return {}
        return {
            "id": user_id,
            "username": user.username,
            "name": user.display_name,
            "role": user.role.replace("_", " ").capitalize(),
            "wards": _wards(session, user),
            "sessions": _sessions(session, user_id),
            "second_factor": _second_factor(session, user_id),
            "at": real_now().isoformat(),
        }


def _wards(session: Session, user: User) -> list[str]:
    if Role(user.role) in HOUSE_WIDE:
        return ["The whole house"]
    found = select(Ward.name).join(UserWard, col(UserWard.ward_id) == Ward.id).where(UserWard.user_id == user.id)
    return list(session.exec(found.order_by(col(Ward.position))))


def _sessions(session: Session, user_id: int) -> list[dict[str, Any]]:
    """Those that are not over, the newest first."""
    now = real_now()
    mine = WebSession.user_id == user_id, col(WebSession.ended_at).is_(None), WebSession.expires_at > now
    awake = WebSession.seen_at > now - idle_limit(is_patient=False)
    found = session.exec(select(WebSession).where(*mine, awake).order_by(col(WebSession.id).desc()))
    return [
        {
            "id": row.id,
            "browser": row.browser or "A browser",
            "since": row.created_at.isoformat(),
            "seen": row.seen_at.isoformat(),
        }
        for row in found
    ]


def _second_factor(session: Session, user_id: int) -> dict[str, Any]:
    factor = session.get(SecondFactor, user_id)
    if factor is None or factor.confirmed_at is None:
        return {"on": False, "since": "", "codes_left": 0}
    unused = RecoveryCode.user_id == user_id, col(RecoveryCode.used_at).is_(None)
    left = session.exec(select(func.count()).select_from(RecoveryCode).where(*unused)).one()
    return {"on": True, "since": factor.confirmed_at.isoformat(), "codes_left": left}
