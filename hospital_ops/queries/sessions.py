"""Who is behind a session or a token: one query, on every event and every request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Role
from hospital_ops.models import RefreshToken, User, UserWard, WebSession

# Somebody goes to look for the insurance card, or waits for hours with a sleeping phone and must still hear of the bed.
# It is their own phone, and the session opens nothing but their own registration.
PATIENT_IDLE = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Found:
    """A living session: whose it is and when they were last heard of."""

    actor: Actor
    session_id: int
    seen_at: datetime


def idle_limit(*, is_patient: bool) -> timedelta:
    """How long nobody may be heard of."""
    return PATIENT_IDLE if is_patient else timedelta(minutes=get_settings().session_idle_minutes)


def find_session(session: Session, hashed: bytes, now: datetime) -> Found | None:
    """The living session with this token's hash. None when there is none, or it is over, or its account is closed."""
    wanted: Any = (
        select(WebSession, User, _WARDS)
        .join(User, col(User.id) == WebSession.user_id, isouter=True)
        .where(WebSession.token_hash == hashed, col(WebSession.ended_at).is_(None), WebSession.expires_at > now)
    )
    row = session.exec(wanted).first()
    if row is None or now - row[0].seen_at > idle_limit(is_patient=row[0].registration_id is not None):
        return None
    web, person, ward_ids = row
    if person is None:
        patient = Actor(Role.PATIENT, "patient", registration_id=web.registration_id, session_id=web.id)
        return Found(patient, web.id, web.seen_at)
    return Found(_person(person, ward_ids, web.id), web.id, web.seen_at) if person.active else None


def find_person(session: Session, user_id: int) -> Actor | None:
    """An open account as an actor."""
    wanted: Any = select(User, _WARDS).where(User.id == user_id, col(User.active).is_(True))
    row = session.exec(wanted).first()
    return None if row is None else _person(row[0], row[1], None)


def is_family_alive(session: Session, family: str, user_id: int, now: datetime) -> bool:
    """Whether an API login still holds: one of its refresh tokens is neither revoked nor past its end."""
    wanted = select(RefreshToken.id).where(
        RefreshToken.family == family,
        RefreshToken.user_id == user_id,
        col(RefreshToken.revoked_at).is_(None),
        RefreshToken.expires_at > now,
    )
    return session.exec(wanted.limit(1)).first() is not None


_WARDS: Any = (
    select(func.array_agg(col(UserWard.ward_id))).where(UserWard.user_id == User.id).correlate(User).scalar_subquery()
)


def _person(user: User, ward_ids: list[int] | None, session_id: int | None) -> Actor:
    return Actor(
        Role(user.role),
        user.display_name,
        user.id,
        frozenset(ward_ids or ()),
        session_id=session_id,
        simulated=user.simulated,
        must_choose_password=user.one_time_until is not None,
    )
