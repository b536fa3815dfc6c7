"""The hospital that is measured on is one as people have it."""

from __future__ import annotations

import json

from sqlmodel import col, select

from benchmarks import small
from hospital_ops.infra.db import read_session
from hospital_ops.models import Ward
from hospital_ops.queries.board import ward_boards


def test_a_full_days_wards_are_as_their_board_shows_them(db: None) -> None:
    small.found(2)
    small.take()
    with read_session() as session:
        ids = list(session.exec(select(col(Ward.id)).order_by(col(Ward.position))).all())
    wards = ward_boards([number for number in ids if number], masked=False)
    assert [(w["occupied"], w["available"], w["dirty"], len(w["beds"])) for w in wards.values()] == [(20, 2, 2, 25)] * 2
    held = [bed for ward in wards.values() for bed in ward["beds"] if bed["patient"]]
    assert len(held) == 40
    assert all(bed["patient"] == "GF" and bed["leaves"] and bed["predicted_discharge_date"] for bed in held)
    assert {bed["isolation"] for bed in held} == {"", "contact"}
    masked = json.dumps(ward_boards([*wards], masked=True))
    assert "GF" not in masked
