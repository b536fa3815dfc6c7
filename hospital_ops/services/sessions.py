"""Signed-in browsers: begun, looked up on every event, ended. They live by real time, not by the hospital's clock."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.errors import NotFound, NotSignedIn
from hospital_ops.domain.events import session_event
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.infra.crypto import token_hash
from hospital_ops.infra.db import read_session
from hospital_ops.models import Registration, User, WebSession
from hospital_ops.queries.clock import real_now
from hospital_ops.queries.sessions import Found, find_person, find_session, idle_limit
from hospital_ops.services.access import NOBODY, require
from hospital_ops.services.credentials import Proven, lock_proven, prove, prove_step
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.staff import let_go
from hospital_ops.services.staff_door import set_status
from hospital_ops.services.unit_of_work import Work, unit_of_work

# Whose working day begins and ends with signing in and out: they are offered tasks.
ON_CALL = frozenset({Role.HOUSEKEEPER, Role.TRANSPORTER, Role.NURSE})
# Writing on every click would be a write a click.
_RENEW_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` goes into the cookie and nowhere else: only its hash is stored."""

    token: str = field(repr=False)
    actor: Actor


def sign_in(username: str, password: str, *, address: str, otp: str = "", browser: str = "") -> SignedIn:
    """Begin a session. Raises what `credentials.prove` raises. People on call become available and get what waits."""
    return _sign_in(prove(username, password, address=address, otp=otp), address, browser)


def sign_in_with_code(step: str, otp: str, *, address: str, browser: str = "") -> SignedIn:
    """The same after the login page's second question. Raises what `credentials.prove_step` raises."""
    return _sign_in(prove_step(step, otp, address=address), address, browser)


def _sign_in(proven: Proven, address: str, browser: str) -> SignedIn:
    with unit_of_work(NOBODY) as work:
        user = lock_proven(work, proven)
        token, row = _begin(work, user_id=user.id, browser=browser)
        work.actor = _actor(work, user, session_id=row.id)
        user.signed_in_at = row.created_at
        work.session.add(user)
        work.record("session.begin", "user", user.id, address=address)
        work.announce(session_event("session.begun", row.id, user.id))
        come_on_shift(work, user)
        return SignedIn(token, work.actor)


def come_on_shift(work: Work, user: User) -> None:
    """Whoever is on call is available and gets what waits; not before they have a password of their own."""
    on_call = Role(user.role) in ON_CALL and user.one_time_until is None
    if on_call and user.current_status == StaffStatus.OFF_SHIFT:
        set_status(work, user, StaffStatus.AVAILABLE)
        dispatch(work)


def patient_session(registration_id: int) -> str:
    """A session for the one registration that a signed link opens. Returns its token."""
    with unit_of_work(NOBODY) as work:
        if work.session.get(Registration, registration_id) is None:
            raise NotFound("There is no such registration.")
        work.actor = Actor(Role.PATIENT, "patient", registration_id=registration_id)
        token, _ = _begin(work, registration_id=registration_id)
        work.record("session.begin", "registration", registration_id)
        return token


def sign_out(token: str) -> None:
    """End a session. Whoever has no other goes off shift, and what they held goes to the next. Twice is once."""
    with unit_of_work(NOBODY) as work:
        found = select(WebSession).where(WebSession.token_hash == token_hash(token), _living()).with_for_update()
        row = work.session.exec(found).first()
        if row is not None:
            work.actor = _whose(work, row)
            _end(work, [row], "session.end")


def actor_of_session(token: str) -> Actor | None:
    """Who is behind this cookie now, or None. Being asked keeps the session alive."""
    found = _look_up(token)
    if found is None:
        return None
    if real_now() - found.seen_at > _RENEW_AFTER:
        _renew(found.session_id)
    return found.actor


def peek_actor(token: str) -> Actor | None:
    """The same without keeping it alive: for boards that nobody may be looking at."""
    found = _look_up(token)
    return None if found is None else found.actor


def why_over(token: str) -> str:
    """What to tell the page whose session is over: "closed" when its account is, else "signed_out"."""
    with read_session() as session:
        mine = select(User.active).join(WebSession, col(WebSession.user_id) == User.id)
        active = session.exec(mine.where(WebSession.token_hash == token_hash(token))).first()
    return "closed" if active is False else "signed_out"


def _look_up(token: str) -> Found | None:
    if not token:
        return None
    with read_session() as session:
        return find_session(session, token_hash(token), real_now())


def end_session(actor: Actor, session_id: int) -> None:
    """Whoever manages accounts ends one browser's session."""
    require(actor, Permission.ACCOUNT_MANAGE)
    with unit_of_work(actor) as work:
        found = select(WebSession).where(WebSession.id == session_id, _living()).with_for_update()
        _end(work, work.session.exec(found).all(), "session.revoke")


def end_own(actor: Actor, session_id: int) -> None:
    """Somebody ends another browser's session of their own: a screen that was left open. Twice is once."""
    require(actor, Permission.ACCOUNT_OWN)
    with unit_of_work(actor) as work:
        mine = WebSession.id == session_id, WebSession.user_id == actor.user_id
        row = work.session.exec(select(WebSession).where(*mine).with_for_update()).first()
        if row is None:
            raise NotFound("There is no such sign-in of yours.")
        _end(work, [row] if row.ended_at is None else [], "session.revoke")


def end_others(actor: Actor) -> int:
    """Somebody ends every session of theirs but this one. Returns how many there were."""
    require(actor, Permission.ACCOUNT_OWN)
    with unit_of_work(actor) as work:
        return end_all_of(work, actor.user_id or 0, but=actor.session_id)


def end_all_of(work: Work, user_id: int, *, but: int | None = None) -> int:
    """Inside a unit of work: end every session of a person, but the one that asks. Returns how many there were."""
    mine = WebSession.user_id == user_id, _living(), *(() if but is None else (WebSession.id != but,))
    found = select(WebSession).where(*mine).with_for_update()
    rows = work.session.exec(found).all()
    _end(work, rows, "session.revoke")
    return len(rows)


def end_idle_sessions(actor: Actor) -> int:
    """End what has run out, so that whoever walked away is offered nothing more. For the clock, each minute."""
    require(actor, Permission.TASK_SUPERVISE)
    now = real_now()
    with unit_of_work(actor) as work:
        found = select(WebSession).where(_living()).with_for_update(skip_locked=True)
        over = [row for row in work.session.exec(found) if is_over(row, now)]
        _end(work, over, "session.expire")
        return len(over)


def renew_token(work: Work, token: str) -> tuple[int, str]:
    """Inside a unit of work: give a living session a new id, as after a new password. Returns (row id, new token).

    The row stays: whatever else was proven in this session stays proven.
    """
    found = select(WebSession).where(WebSession.token_hash == token_hash(token), _living()).with_for_update()
    row = work.session.exec(found).first()
    if row is None or row.id is None:
        raise NotSignedIn
    newer = secrets.token_urlsafe(32)
    row.token_hash = token_hash(newer)
    work.session.add(row)
    return row.id, newer


def is_over(row: WebSession, now: datetime) -> bool:
    """Ended, past its last hour, or idle for too long."""
    idle = now - row.seen_at > idle_limit(is_patient=row.registration_id is not None)
    return row.ended_at is not None or row.expires_at <= now or idle


def _actor(work: Work, user: User, *, session_id: int | None = None) -> Actor:
    return replace(find_person(work.session, user.id or 0) or NOBODY, session_id=session_id)


def _living() -> ColumnElement[bool]:
    return col(WebSession.ended_at).is_(None)


def _begin(
    work: Work, *, user_id: int | None = None, registration_id: int | None = None, browser: str = ""
) -> tuple[str, WebSession]:
    token, now = secrets.token_urlsafe(32), real_now()
    row = WebSession(
        token_hash=token_hash(token),
        user_id=user_id,
        registration_id=registration_id,
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(hours=get_settings().session_hours),
        browser=browser,
    )
    work.session.add(row)
    work.session.flush()
    return token, row


def _renew(session_id: int) -> None:
    with unit_of_work(NOBODY) as work:
        row = work.session.get(WebSession, session_id)
        if row is not None:
            row.seen_at = real_now()
            work.session.add(row)


def _whose(work: Work, row: WebSession) -> Actor:
    if row.user_id is None:
        return Actor(Role.PATIENT, "patient", registration_id=row.registration_id, session_id=row.id)
    return _actor(work, work.session.get_one(User, row.user_id), session_id=row.id)


def _end(work: Work, rows: Iterable[WebSession], action: str) -> None:
    """Mark as ended, tell every web process (it closes the sockets), and let go of what nobody is there to do."""
    rows = list(rows)
    for row in rows:
        row.ended_at = real_now()
        work.session.add(row)
        work.record(action, "session", row.id, of_user=row.user_id, of_registration=row.registration_id)
        work.announce(session_event("session.ended", row.id, row.user_id))
    for user_id in sorted({row.user_id for row in rows if row.user_id is not None}):
        _go_home(work, user_id)
    if rows:
        dispatch(work)


def _go_home(work: Work, user_id: int) -> None:
    """Off shift, unless the person is signed in elsewhere too."""
    elsewhere = select(WebSession).where(WebSession.user_id == user_id, _living())
    now = real_now()
    if any(not is_over(row, now) for row in work.session.exec(elsewhere)):
        return
    user = work.session.exec(select(User).where(User.id == user_id).with_for_update(key_share=True)).one()
    if Role(user.role) in ON_CALL and user.current_status != StaffStatus.OFF_SHIFT:
        let_go(work, user)
