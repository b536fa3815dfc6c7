"""PostgreSQL killed and away for some seconds: the panels say so, and afterwards everything is as it should be."""

from __future__ import annotations

import time

import requests

from hospital_ops.services import placement
from tests.chaos.hospital import Hospital
from tests.chaos.waiting import until
from tests.contract.browser import Browser

# Two heartbeats missed: that it is silent, not late.
SILENT_SECONDS = 7.0


def test_panels_fall_silent_and_catch_up(hospital: Hospital) -> None:
    boards = [hospital.board(web) for web in (0, 1)]
    phone, late = hospital.phone(web=0), hospital.phone(web=1)
    page = hospital.page_of(phone)
    pages = (*boards, page)
    for one in pages:
        one.beats_again()
    card = phone.send()  # Its reading is cut short, or has not begun.
    hospital.house.kill("postgres")

    for web in (0, 1):
        status, told = hospital.health(web)
        assert (status, told["status"], told["parts"]["database"]) == (503, "down", "down")
    base = hospital.house.urls[1]
    assert Browser(base).sign_in("nurse", "a wrong one").headers["location"] == "/login?problem=away"
    refused = requests.put(
        f"{base}/api/intake/document/insurance_front",
        data=b"\xff\xd8\xff",
        headers={"Origin": base, "Cookie": late.cookie, "Content-Type": "image/jpeg"},
        timeout=30,
    )
    assert refused.status_code == 503
    assert refused.json()["message"].endswith((".", "!"))
    for one in pages:
        until(lambda one=one: time.monotonic() - one.beaten_at[-1] > SILENT_SECONDS, 20)  # type: ignore[misc]

    hospital.house.begin_again("postgres")
    placement.reserve(hospital.cast.manager, hospital.cast.beds["W2"])  # Perhaps before anybody listens again.
    for one in pages:
        one.settles(20)
        one.beats_again()
        assert one.connections == 1, "the page's socket was never the problem"
    late_card = late.send()
    for number in (card, late_card):
        hospital.finished(number)
    hospital.quiet()
    for number in (card, late_card):
        hospital.assert_read_once(number)
    placement.release(hospital.cast.manager, hospital.cast.beds["W2"])
    for one in pages:
        one.settles()
