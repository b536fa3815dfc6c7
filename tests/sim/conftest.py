"""The demo house, founded once a module with a short history, in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection
from sqlmodel import col, select

from hospital_ops.infra.db import bound_to, engine, read_session
from hospital_ops.models import Bed, Patient, Shift, User
from hospital_ops.sim import seed

BEGINS = datetime(2026, 3, 3, 9, 30, tzinfo=ZoneInfo("America/New_York"))


def rows(query: Any) -> list[Any]:
    with read_session() as session:
        return list(session.exec(query).all())


def fingerprint() -> Any:
    """Everything that the dice of the founding decide."""
    patients = [
        (p.first_name, p.last_name, p.dob, p.sex) for p in rows(select(Patient).order_by(col(Patient.id)).limit(300))
    ]
    beds = [(b.label, b.status, b.reason) for b in rows(select(Bed).order_by(col(Bed.label)))]
    people = [
        (u.username, u.display_name, u.current_status, u.floor, u.x)
        for u in rows(select(User).order_by(col(User.username)))
    ]
    shifts = rows(select(Shift.role, Shift.starts_at).order_by(col(Shift.id)))
    return patients, beds, people, shifts


@pytest.fixture(scope="module")
def founded(database: str) -> Iterator[Connection]:
    """The founded house; what a module changes is gone after it."""
    with engine().connect() as connection, pytest.MonkeyPatch.context() as patch, bound_to(connection):
        transaction = connection.begin()
        patch.setattr(seed, "HISTORY_DAYS", 100)
        seed.seed(begins_at=BEGINS)
        yield connection
        transaction.rollback()


@pytest.fixture
def demo(founded: Connection) -> Iterator[Connection]:
    """The founded house; what the test changes is gone after it."""
    within = founded.begin_nested()
    yield founded
    within.rollback()
