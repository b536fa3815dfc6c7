"""A forecast moves past today: every open board turns the bed back by itself; what a doctor ordered stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cast import PASSWORD
from tests.contract.browser import Browser
from tests.own_hospital import run
from tests.web_process import Web

# What the worker does each hour, with a model that says the same of everybody.
SCORE = """
import sys
from dataclasses import replace
from datetime import timedelta
from hospital_ops.domain.access import WORKER
from hospital_ops.domain.forecasts import StayForecast
from hospital_ops.services import forecasts

def score(model, inpatients, now, zone):
    at = now + timedelta(days=float(sys.argv[1]), minutes=5)
    one = StayForecast(0, now, 0.5, 0.7, 0.9, 0.5, at, at, at, at, at, 1.0, (), "said so")
    return [replace(one, stay_id=each.stay.stay_id) for each in inpatients]

forecasts.score = score
print(forecasts.score_inpatients(WORKER))
"""
# Somebody acts: lays a patient into a bed, or orders a discharge.
ACT = """
import sys
from sqlmodel import select
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, User
from hospital_ops.queries.sessions import find_person
from hospital_ops.domain.placement import Isolation
from hospital_ops.services import placement, stays
from tests.cast import add_patient

with read_session() as session:
    people = {user.username: find_person(session, user.id) for user in session.exec(select(User))}
    beds = {bed.label: bed.id for bed in session.exec(select(Bed))}
what, label = sys.argv[1:]
if what == "lay":
    wish = stays.Admission(add_patient("Rosa", label), "Cardiac", isolation=Isolation.NONE, sex="female")
    placement.place(people["manager"], stays.admit(people["desk"], wish), beds[label], override="as the test wants it")
else:
    stays.order_discharge(people["doctor"], beds[label])
"""


@pytest.fixture
def board(web: Web) -> Iterator[Browser]:
    """The bed manager's open board. Nothing on it is ever reloaded."""
    browser = Browser(web.base)
    browser.sign_in("manager", PASSWORD)
    browser.open()
    browser.until(lambda: browser.tile("E2"))
    yield browser
    browser.close()


def shows(board: Browser, label: str, status: str, source: str) -> None:
    board.until(lambda: (board.tile(label)["status"], board.tile(label)["pending_source"]) == (status, source))


def test_a_bed_turns_pending_by_forecast_and_back_before_ones_eyes(web: Web, board: Browser) -> None:
    for label in ("E2", "E3"):
        run(web.environment, ACT, "lay", label)
        shows(board, label, "occupied", "")
    seen = len(board.deltas)
    assert "flipped=2" in run(web.environment, SCORE, "0")
    for label in ("E2", "E3"):
        shows(board, label, "pending_discharge", "prediction")
        assert board.tile(label)["leaves"].startswith("Leaves today")
    run(web.environment, ACT, "order", "E3")
    shows(board, "E3", "pending_discharge", "order")
    assert "reverted=1" in run(web.environment, SCORE, "2")
    shows(board, "E2", "occupied", "")
    # The order stands, though the same forecast says the same of this patient.
    assert (board.tile("E3")["status"], board.tile("E3")["pending_source"]) == ("pending_discharge", "order")
    assert not board.tile("E2")["leaves"].startswith("Leaves today")
    # All of it came by the push: this tab has asked for nothing since.
    assert len(board.deltas) > seen
