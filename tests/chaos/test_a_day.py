"""A simulated day at speed through the real processes, each of which is killed once in it. Afterwards the recorded
history is read from its first line to its last, and what may never happen has not happened."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from benchmarks.house import House, password_of
from hospital_ops.domain.access import WORKER
from hospital_ops.queries.clock import hospital_now
from hospital_ops.services import forecasts
from hospital_ops.services.clock import set_clock
from tests.cast import Cast
from tests.chaos.conftest import plot
from tests.chaos.history import History
from tests.chaos.hospital import Hospital
from tests.chaos.waiting import until
from tests.own_hospital import inside

SPEED = 1440.0  # A day in a minute.
# Two months behind it instead of two years: the day is what matters here.
SEED = "from hospital_ops.sim import seed; seed.HISTORY_DAYS = 60; seed.seed()"
# Hours into the day, and what dies then.
DEATHS = ((4, "relay"), (8, "worker"), (11, "valkey"), (14, "clock"), (17, "sim"), (20, "web-2"))
PARTS = ("worker", "relay", "clock", "sim")


@pytest.fixture
def simulated() -> Iterator[Hospital]:
    """The demo hospital of three hundred beds; its time stands still."""
    with plot() as folder, House(folder, webs=2, parts=PARTS, speed=0) as house:
        house.found([sys.executable, "-c", SEED])
        house.start()
        with inside(house.environment):
            hospital = Hospital(house, Cast(), password=password_of(folder))
            hospital.cast.wards = hospital.ids("SELECT code, id FROM ward")
            yield hospital
            hospital.close_pages()


@pytest.mark.slow
def test_a_day_in_which_everything_dies_once(simulated: Hospital) -> None:
    hospital, house = simulated, simulated.house
    boards = [hospital.board(web) for web in (0, 1)]
    begins = hospital_now()
    set_clock(WORKER, speed=SPEED)
    for hours, name in DEATHS:
        until(lambda hours=hours: hospital_now() >= begins + timedelta(hours=hours), 120)  # type: ignore[misc]
        house.kill(name)
        house.begin_again(name)
    until(lambda: hospital_now() >= begins + timedelta(days=1), 60)
    house.programs.pop("sim").stop()
    set_clock(WORKER, speed=0)
    forecasts.request_scoring(WORKER)  # So that every board says once more who leaves, at the time that stands.
    hospital.quiet(240)
    hospital.search()
    hospital.quiet()

    history = History()
    assert history.moves > 200, "a day in which something happened"
    assert history.faults() == []
    for board in boards:
        board.settles(20)
