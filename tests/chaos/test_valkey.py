"""Valkey killed and away for twenty seconds, while people go on working: nothing lost, nothing twice, no door open."""

from __future__ import annotations

import time

import pytest

from hospital_ops.services import attempts, placement
from tests.cast import PASSWORD
from tests.chaos.hospital import Hospital
from tests.chaos.waiting import until
from tests.contract.browser import Browser

AWAY_SECONDS = 20.0
IN_REDIS = frozenset({"redis", "worker", "relay", "clock"})


def guess(hospital: Hospital, web: int, password: str) -> str:
    """One attempt at the doctor's account; what the login page says."""
    return Browser(hospital.house.urls[web]).sign_in("doctor", password).headers["location"]


@pytest.mark.slow
def test_people_go_on_working_and_nothing_is_lost(hospital: Hospital) -> None:
    boards = [hospital.board(web) for web in (0, 1)]
    phone = hospital.phone(web=1)
    page = hospital.page_of(phone)
    manager, bed_id = hospital.cast.manager, hospital.cast.beds["W1"]
    hospital.house.kill("valkey")
    back_at = time.monotonic() + AWAY_SECONDS

    status, told = hospital.health()
    assert (status, told["status"]) == (200, "degraded")
    assert {name for name, state in told["parts"].items() if state == "down"} == IN_REDIS
    card = phone.send()
    late = hospital.phone(web=0)  # A patient who begins while it is away.
    late_card = late.send()
    for web in (0, 1):
        assert hospital.sign_in("nurse", web).cookie

    guesses = [guess(hospital, 0, f"wrong number {n}") for n in range(attempts.PAIR.amount + 1)]
    assert all("wrong" in said for said in guesses[:-1]), guesses
    assert "too_many" in guesses[-1]
    assert "too_many" in guess(hospital, 0, PASSWORD), "a limit that forgets is an open door"

    changes = 0
    while time.monotonic() < back_at:
        (placement.release if changes % 2 else placement.reserve)(manager, bed_id)
        changes += 1
        for board in (*boards, page):
            board.settles()  # Live all the while, each change within a moment.
    assert changes > 5
    if changes % 2:
        placement.release(manager, bed_id)

    hospital.house.begin_again("valkey")
    for number in (card, late_card):
        hospital.finished(number)
    hospital.quiet()
    for number in (card, late_card):
        hospital.assert_read_once(number)
    until(lambda: hospital.health()[1]["status"] == "ok", 30, lambda: str(hospital.health()))
    for board in (*boards, page):
        board.settles()
        assert board.connections == 1, "no page had to reconnect"
