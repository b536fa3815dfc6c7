"""kill -9 of one web process: the other notices nothing, and its own boards catch up when it is back."""

from __future__ import annotations

from hospital_ops.services import placement
from tests.chaos.hospital import Hospital


def test_a_killed_web_process_comes_back_true(hospital: Hospital) -> None:
    stays, dies = hospital.board(web=0), hospital.board(web=1)
    manager, beds = hospital.cast.manager, hospital.cast.beds
    hospital.house.kill("web-2")
    for label in ("E1", "E2", "W3"):
        placement.reserve(manager, beds[label])
        stays.settles()
    assert dies.differences(), "nobody could have told it"
    hospital.house.begin_again("web-2")
    dies.settles(20)
    dies.beats_again()
    assert dies.connections == 2
    assert stays.connections == 1
    for label in ("E1", "E2", "W3"):
        placement.release(manager, beds[label])
    for board in (stays, dies):
        board.settles()
