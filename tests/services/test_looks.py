"""Opening a panel that names patients is in the audit: once an hour for a person, panel and session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from hospital_ops.domain.access import Actor
from hospital_ops.queries.clock import real_now
from hospital_ops.services import looks
from tests.cast import Cast


def lines(cast: Cast) -> list[tuple[int | None, str, int | None, int | None]]:
    return [(row.user_id, row.subject_type, row.subject_id, row.ward_id) for row in cast.audited(looks.ACTION)]


@pytest.fixture
def nurse(cast: Cast) -> Actor:
    return replace(cast.nurse, session_id=11)


def test_each_panel_has_its_line_with_its_ward(cast: Cast, nurse: Actor) -> None:
    east, bed = cast.wards["east"], cast.beds["E1"]
    looks.write_looks(nurse, [("ward", east), ("bed", bed), ("hospital", 0)])
    assert lines(cast) == [
        (nurse.user_id, "bed", bed, east),
        (nurse.user_id, "hospital", None, None),
        (nurse.user_id, "ward", east, east),
    ]
    assert [row.facts for row in cast.audited(looks.ACTION)] == [{"session": 11}] * 3


def test_reconnects_within_the_hour_write_nothing_more(cast: Cast, nurse: Actor) -> None:
    for _ in range(3):
        looks.write_looks(nurse, [("hospital", 0), ("ward", 3)])
    assert len(lines(cast)) == 2


@pytest.mark.parametrize("other", ["session", "person", "panel"])
def test_another_session_person_or_panel_is_another_look(cast: Cast, nurse: Actor, other: str) -> None:
    looks.write_looks(nurse, [("ward", 3)])
    who = {"session": replace(nurse, session_id=12), "person": replace(cast.doctor, session_id=11)}.get(other, nurse)
    looks.write_looks(who, [("ward", 4 if other == "panel" else 3)])
    assert len(lines(cast)) == 2


def test_after_an_hour_it_is_written_again(cast: Cast, nurse: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    looks.write_looks(nurse, [("ward", 3)])
    later = real_now() + looks.ONE_LINE_FOR - timedelta(minutes=1)
    monkeypatch.setattr(looks, "real_now", lambda: later)
    looks.write_looks(nurse, [("ward", 3)])
    assert len(lines(cast)) == 1
    later += timedelta(minutes=2)
    looks.write_looks(nurse, [("ward", 3)])
    assert len(lines(cast)) == 2


def test_nothing_to_write_asks_nothing(cast: Cast, nurse: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "unit_of_work", None)
    looks.write_looks(nurse, [])


def test_when_it_cannot_be_written_it_says_so(cast: Cast, nurse: Actor, session: Session) -> None:
    session.connection().execute(
        text("ALTER TABLE audit_entry ADD CONSTRAINT full_disk CHECK (action <> 'panel.open')")
    )
    session.commit()
    with pytest.raises(Exception, match="full_disk"):
        looks.write_looks(nurse, [("ward", 3)])
