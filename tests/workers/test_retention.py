"""What is done and old goes, what is owed or asked about stays: nothing unsent is removed, and never the audit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import CLOCK, WORKER
from hospital_ops.domain.errors import NotAllowed
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.models import Handled, OutboxEvent
from hospital_ops.queries.clock import real_now
from hospital_ops.services import placement, retention
from hospital_ops.services.inbox import first_time
from hospital_ops.services.unit_of_work import unit_of_work
from tests.cast import Cast

DAYS = get_settings().keep_events_days


@pytest.fixture
def event(cast: Cast) -> int:
    """An event that has been sent and taken in. Returns its id."""
    placement.reserve(cast.manager, cast.beds["E1"])
    with new_session() as session:
        row = session.exec(select(OutboxEvent).order_by(col(OutboxEvent.id).desc())).first()
        assert row is not None
        row.sent_at = real_now()
        session.commit()
        number = row.id or 0
    with unit_of_work(WORKER) as work:
        assert first_time(work, "test", number)
    return number


def _kept(number: int) -> tuple[bool, bool]:
    with read_session() as session:
        handled = session.exec(select(Handled).where(Handled.event_id == number)).first()
        return session.get(OutboxEvent, number) is not None, handled is not None


def _age(number: int, days: float, *, sent: bool = True) -> None:
    with new_session() as session:
        row = session.get_one(OutboxEvent, number)
        row.at -= timedelta(days=days)
        row.sent_at = row.sent_at if sent else None
        handled = session.exec(select(Handled).where(Handled.event_id == number)).one()
        handled.at -= timedelta(days=days)
        session.commit()


def test_what_is_done_and_old_goes_and_the_audit_stays(cast: Cast, event: int) -> None:
    lines = len(cast.audited())
    _age(event, DAYS + 0.1)
    removed = retention.retain(CLOCK)
    assert (removed["outbox_event"], removed["handled"]) == (1, 1)
    assert _kept(event) == (False, False)
    assert len(cast.audited()) == lines + 2
    assert [line.facts for line in cast.audited("retention.remove")] == [{"rows": 1}, {"rows": 1}]


def test_what_is_young_stays(event: int) -> None:
    _age(event, DAYS - 0.1)
    assert not retention.retain(CLOCK)
    assert _kept(event) == (True, True)


def test_what_is_still_owed_stays_however_old(event: int) -> None:
    _age(event, 400, sent=False)
    retention.retain(CLOCK)
    assert _kept(event)[0]


def test_twice_removes_nothing_more(event: int) -> None:
    _age(event, DAYS + 0.1)
    retention.retain(CLOCK)
    assert not retention.retain(CLOCK)


def test_it_is_not_for_everybody(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        retention.retain(cast.nurse)
