"""What a consumer has taken in already. The note is written with the effect, so that a repeat changes nothing."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from hospital_ops.models import Handled
from hospital_ops.queries.clock import real_now
from hospital_ops.services.unit_of_work import Work


def first_time(work: Work, consumer: str, event_id: int | None) -> bool:
    """True once per (consumer, event). Call it first in the transaction that has the effect.

    A second worker with the same event waits here until the first has committed or given up. None (nobody's event:
    a call by hand) is always the first time.
    """
    if event_id is None:
        return True
    note = insert(Handled).values(consumer=consumer, event_id=event_id, at=real_now())
    done = work.session.connection().execute(note.on_conflict_do_nothing().returning(col(Handled.event_id)))
    return done.first() is not None
