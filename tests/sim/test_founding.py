"""The house founded twice over, and empty: each in a transaction of its own."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, HospitalClock, Patient, Shift, User
from hospital_ops.sim import seed
from hospital_ops.sim.cast import DEMO_ACCOUNTS
from tests.sim.conftest import BEGINS, fingerprint, rows


def test_the_same_seed_founds_the_same_house(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "HISTORY_DAYS", 70)
    found = []
    for _ in range(2):
        with read_session() as session:
            within = session.connection().begin_nested()
            seed.seed(begins_at=BEGINS)
            found.append(fingerprint())
            within.rollback()
    assert found[0] == found[1]


def test_an_empty_house_has_beds_and_accounts_and_nobody_in_it(db: None) -> None:
    assert seed.seed(empty=True) is True
    assert len(rows(select(Bed))) == 300
    assert {user.username for user in rows(select(User))} == {account.username for account in DEMO_ACCOUNTS}
    assert rows(select(Patient)) == rows(select(Shift)) == []
    assert rows(select(HospitalClock)) == []
