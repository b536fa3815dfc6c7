"""The reading of a recorded history finds what it is for; else its silence about a whole day would mean nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from hospital_ops.infra.db import new_session
from hospital_ops.services import beds, placement, stays
from tests.cast import Cast
from tests.chaos.history import History

FAKES = {
    "was dirty": """INSERT INTO audit_entry (at, hospital_at, role, action, subject_type, subject_id, allowed, facts)
        VALUES (now(), now(), 'system', 'bed.place', 'bed', :bed, true, '{"old": "dirty", "new": "occupied"}')""",
    "was left available and found dirty": """INSERT INTO audit_entry (at, hospital_at, role, action, subject_type,
        subject_id, allowed, facts) VALUES (now(), now(), 'system', 'bed.start_cleaning', 'bed', :bed, true,
        '{"old": "dirty", "new": "cleaning"}')""",
    "a bed taken without a patient": "UPDATE bed SET status = 'occupied' WHERE id = :bed",
    "a dirty bed that nobody is asked to clean": "UPDATE bed SET status = 'dirty' WHERE id = :bed",
    "told of": "UPDATE bed SET version = version + 1 WHERE id = :bed",
    "a job fired twice": """INSERT INTO job_firing (job, scheduled_for, fired_at, facts)
        VALUES ('retention', now(), now(), '{}') RETURNING :bed""",
}


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """Somebody has lain in E1, which is clean again, and everything was sent."""
    cast.occupy("E1")
    stays.leave(cast.manager, cast.beds["E1"])
    beds.mark_clean(cast.manager, cast.beds["E1"])
    placement.reserve(cast.manager, cast.beds["E2"])
    _do("UPDATE outbox_event SET sent_at = now()")
    return cast


def _do(statement: str, **values: int) -> None:
    with new_session() as session:
        session.connection().execute(text(statement), values)
        session.commit()


def test_a_sound_history_has_no_faults(lived: Cast) -> None:
    history = History()
    assert history.moves > 4
    assert history.faults() == []


@pytest.mark.parametrize("sentence", FAKES)
def test_each_fault_is_found(lived: Cast, sentence: str) -> None:
    _do(FAKES[sentence], bed=lived.beds["E1"])
    assert any(sentence in fault for fault in History().faults())
