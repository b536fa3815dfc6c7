"""One transaction: the change, its audit line, its event and the NOTIFY, or none of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from hospital_ops.domain.access import Actor
from hospital_ops.domain.errors import ChangedMeanwhile, Unavailable
from hospital_ops.domain.events import Event
from hospital_ops.infra.bus import CHANNEL, encode_notice
from hospital_ops.infra.db import AWAY, new_session
from hospital_ops.models import AuditEntry, OutboxEvent
from hospital_ops.queries.clock import ClockReading, read_clock, real_now

# A constraint that only a lost race can break, so that its refusal can say so.
_RACES = (
    "one_patient_a_bed",
    "one_bed_a_patient",
    "no_overlap_in_bed",
    "no_overlap_of_patient",
    "one_open_request",
    "one_open_encounter",
    "one_open_cleaning",
    "one_open_contest",
    "one_current_figure",
    "one_current_side",
    "one_draft_a_place",
    "one_open_swap",
    "one_delay_at_a_time",
    "pk_shift_assignment",
    "uq_shift_ward_id_role_starts_at",
    "uq_task_request_key",
    "uq_registration_request_key",
    "uq_user_username",
)
# What PostgreSQL says to one of two transactions that wait for each other, or cannot both have been.
_LOST = frozenset({"40P01", "40001"})


@dataclass(slots=True)
class Work:
    """What a use case works with. `now` is the hospital's time, the same throughout."""

    actor: Actor
    session: Session
    clock: ClockReading

    @property
    def now(self) -> datetime:
        return self.clock.now

    def record(
        self,
        action: str,
        subject_type: str = "",
        subject_id: int | None = None,
        *,
        ward_id: int | None = None,
        allowed: bool = True,
        **facts: Any,
    ) -> AuditEntry:
        """Write the audit line; it has its number after a flush. Facts are ids and codes, never a patient's words."""
        line = AuditEntry(
            at=real_now(),
            hospital_at=self.now,
            role=self.actor.role.value,
            user_id=self.actor.user_id,
            registration_id=self.actor.registration_id,
            action=action,
            subject_type=subject_type,
            subject_id=subject_id,
            ward_id=ward_id,
            allowed=allowed,
            facts=facts,
        )
        self.session.add(line)
        return line

    def announce(self, event: Event) -> None:
        """Store the event; every web process and the relay hear of it at commit, not before."""
        row = OutboxEvent(at=self.now, name=event.name, facts=event.facts, topics=list(event.topics))
        self.session.add(row)
        self.session.flush()
        payload = encode_notice(row.id or 0, event.name, event.topics)
        self.session.connection().execute(
            text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload}
        )


@contextmanager
def unit_of_work(actor: Actor) -> Iterator[Work]:
    """Commit on leaving; roll back and say so in words when it cannot be.

    Raises ChangedMeanwhile for the loser of a race, Unavailable when the database is away.
    """
    session = new_session()
    try:
        yield Work(actor, session, read_clock(session))
        session.commit()
    except IntegrityError as error:
        session.rollback()
        if any(name in str(error.orig) for name in _RACES):
            raise ChangedMeanwhile from error
        raise
    except OperationalError as error:
        session.rollback()
        if getattr(error.orig, "pgcode", None) in _LOST:
            raise ChangedMeanwhile from error
        raise Unavailable(AWAY) from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
