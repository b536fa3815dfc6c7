"""Who has left without a word is signed off, and what they held goes to the next person."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.escalation import person_minutes
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.models import RefreshToken, User, WebSession
from hospital_ops.queries.clock import real_now
from hospital_ops.services.access import require
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.inbox import first_time
from hospital_ops.services.staff import let_go
from hospital_ops.services.unit_of_work import Work, unit_of_work

_CONSUMER = "sign_off_absent"


def sign_off_absent(actor: Actor, *, event_id: int | None = None) -> int:
    """People on shift whom no browser and no token stands for any longer; simulated ones never. Returns how many."""
    require(actor, Permission.TASK_SUPERVISE)
    with unit_of_work(actor) as work:
        if not first_time(work, _CONSUMER, event_id):
            return 0
        gone = _gone(work)
        for person in gone:
            let_go(work, person)
        if gone:
            dispatch(work)
        return len(gone)


def _gone(work: Work) -> list[User]:
    """Sessions live in real time; a status set less than an idle session's length ago is believed."""
    idle = get_settings().session_idle_minutes
    now = real_now()
    browsers = select(WebSession.user_id).where(
        col(WebSession.user_id).is_not(None),
        col(WebSession.ended_at).is_(None),
        WebSession.expires_at > now,
        WebSession.seen_at > now - timedelta(minutes=idle),
    )
    tokens = select(RefreshToken.user_id).where(
        col(RefreshToken.revoked_at).is_(None), col(RefreshToken.used_at).is_(None), RefreshToken.expires_at > now
    )
    settled = work.now - timedelta(minutes=person_minutes(idle, work.clock.speed, simulated=False))
    found = select(User).where(
        col(User.simulated).is_(False),
        User.current_status != StaffStatus.OFF_SHIFT.value,
        col(User.status_since).is_(None) | (col(User.status_since) < settled),
        col(User.id).not_in(browsers),
        col(User.id).not_in(tokens),
    )
    return list(work.session.exec(found.order_by(col(User.id)).with_for_update(skip_locked=True)))
