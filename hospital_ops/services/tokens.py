"""Tokens for programs: a signed access token for ten minutes, and a refresh token that works once.

Both belong to a *family*, begun by one login. Ending the family (signing out, a new password, a refresh token used
twice) ends its access tokens too: the family is looked up with the person, on every request. All of it is real time.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
from sqlalchemy import update
from sqlmodel import col, select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor
from hospital_ops.domain.errors import NotAllowed, NotSignedIn
from hospital_ops.infra.crypto import token_hash
from hospital_ops.infra.db import read_session
from hospital_ops.models import RefreshToken
from hospital_ops.queries.clock import real_now
from hospital_ops.queries.sessions import find_person, is_family_alive
from hospital_ops.services.access import NOBODY
from hospital_ops.services.credentials import lock_proven, prove
from hospital_ops.services.unit_of_work import Work, unit_of_work

ACCESS_SECONDS = 600
AUDIENCE = "hospital-ops-api"
ISSUER = "hospital-ops"
# One algorithm, named by us: what the token's own header says is only compared with it.
ALGORITHM = "HS256"
REQUIRED = ("exp", "iat", "nbf", "iss", "aud", "sub", "jti", "family")
_EXPIRED = "Your sign-in has run out. Please sign in again."


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a program gets. `expires_in` is in seconds and is the access token's."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int = ACCESS_SECONDS


def log_in(username: str, password: str, *, address: str, otp: str = "") -> Tokens:
    """Begin a family. Raises what `credentials.prove` raises, and NotAllowed for a password that somebody else made."""
    proven = prove(username, password, address=address, otp=otp)
    with unit_of_work(NOBODY) as work:
        user = lock_proven(work, proven)
        if user.one_time_until is not None:
            raise NotAllowed("Sign in on the hospital's page first and choose a password there.", code="password_first")
        work.actor = find_person(work.session, user.id or 0) or NOBODY
        work.record("token.issue", "user", user.id, address=address)
        ends_at = real_now() + timedelta(hours=get_settings().session_hours)
        return _issue(work, user.id or 0, uuid.uuid4().hex, ends_at)


def refresh(refresh_token: str) -> Tokens:
    """Trade a refresh token for a new pair. One that was used before ends its whole family: somebody has copied it."""
    with unit_of_work(NOBODY) as work:
        found = select(RefreshToken).where(RefreshToken.token_hash == token_hash(refresh_token)).with_for_update()
        row = work.session.exec(found).first()
        actor = find_person(work.session, row.user_id) if row else None
        if row is not None and actor is not None and _is_fresh(row):
            work.actor = actor
            row.used_at = real_now()
            work.session.add(row)
            work.record("token.refresh", "user", row.user_id)
            return _issue(work, row.user_id, row.family, row.expires_at)
        if row is not None and row.used_at is not None and row.revoked_at is None:
            _end_family(work, row.family)
            work.record("token.reuse", "user", row.user_id, allowed=False)
    raise NotSignedIn(_EXPIRED)


def log_out(actor: Actor, access_token: str) -> None:
    """End the family of this access token."""
    family = str(_read(access_token)["family"])
    with unit_of_work(actor) as work:
        _end_family(work, family)
        work.record("token.end", "user", actor.user_id)


def actor_of_token(access_token: str) -> Actor:
    """Whose token it is. Raises NotSignedIn for one that is forged, over, revoked, or of a closed account."""
    claims = _read(access_token)
    with read_session() as session:
        actor = find_person(session, int(claims["sub"]))
        if actor is None or not is_family_alive(session, str(claims["family"]), int(claims["sub"]), real_now()):
            raise NotSignedIn(_EXPIRED)
        return actor


def end_families_of(work: Work, user_id: int) -> None:
    """Inside a unit of work: no token of this person works any longer."""
    mine = col(RefreshToken.user_id) == user_id, col(RefreshToken.revoked_at).is_(None)
    work.session.exec(update(RefreshToken).where(*mine).values(revoked_at=real_now()))


def _issue(work: Work, user_id: int, family: str, ends_at: datetime) -> Tokens:
    refresh_token, now = secrets.token_urlsafe(32), real_now()
    work.session.add(
        RefreshToken(
            token_hash=token_hash(refresh_token), family=family, user_id=user_id, created_at=now, expires_at=ends_at
        )
    )
    return Tokens(_sign(user_id, family, now), refresh_token)


def _sign(user_id: int, family: str, now: datetime) -> str:
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(user_id),
        "jti": uuid.uuid4().hex,
        "family": family,
        "iat": now,
        "nbf": now,
        "exp": now + timedelta(seconds=ACCESS_SECONDS),
    }
    key_id, key = next(iter(_keys().items()))
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": key_id, "typ": "at+jwt"})


def _read(access_token: str) -> dict[str, Any]:
    """The claims of a token that is ours and not over. The key is chosen by id from our own set, never fetched."""
    try:
        header = jwt.get_unverified_header(access_token)
        key = _keys().get(str(header.get("kid")))
        if key is None or header.get("typ") != "at+jwt":
            raise NotSignedIn(_EXPIRED)
        claims: dict[str, Any] = jwt.decode(
            access_token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": list(REQUIRED), "verify_iat": True},
        )
        if not str(claims["sub"]).isdecimal() or len(str(claims["sub"])) > 9:
            raise NotSignedIn(_EXPIRED)
    except (jwt.InvalidTokenError, ValueError) as wrong:
        raise NotSignedIn(_EXPIRED) from wrong
    return claims


def _keys() -> dict[str, str]:
    """Key id → key. The first signs; a comma in the setting keeps an older key good for reading while keys change."""
    keys = [key.strip() for key in get_settings().jwt_key.split(",") if key.strip()]
    if not keys:
        raise RuntimeError("HOSPITAL_JWT_KEY is not set.")
    return {hashlib.sha256(f"jwt key id|{key}".encode()).hexdigest()[:8]: key for key in keys}


def _is_fresh(row: RefreshToken) -> bool:
    return row.used_at is None and row.revoked_at is None and row.expires_at > real_now()


def _end_family(work: Work, family: str) -> None:
    living = col(RefreshToken.family) == family, col(RefreshToken.revoked_at).is_(None)
    work.session.exec(update(RefreshToken).where(*living).values(revoked_at=real_now()))
