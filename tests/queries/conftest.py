"""A small house for each test of a query."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from hospital_ops.queries.clock import hospital_now
from tests.small_house import House


@pytest.fixture
def house(session: Session) -> House:
    return House(session, hospital_now())
