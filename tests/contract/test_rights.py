"""Rights over a real socket: what is opened is written down first, and what is lost leaves the screen at once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.cast import PASSWORD
from tests.contract.browser import BOARD, FEED, PERSON, PULSE, STATE, Browser
from tests.own_hospital import run
from tests.web_process import Web

Tabs = Callable[..., Browser]
PAGE = f"{STATE}.hospital_ops___state___patients____patient_page"
OCCUPY = """
import json, sys
from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.placement import Isolation
from hospital_ops.services import placement, stays
from tests.cast import add_patient
manager = Actor(Role.BED_MANAGER, "Mona Manager")
patient = add_patient("Zelda", "Quimby")
wishes = dict(unit="Cardiac", isolation=Isolation.NONE, sex="female")
request = stays.admit(manager, stays.Admission(patient, **wishes))
placement.place(manager, request, int(sys.argv[1]), override="as the scene wants it")
print(json.dumps(patient))
"""
MOVE = """
import sys
from hospital_ops.domain.access import Actor, Role
from hospital_ops.services import placement
placement.transfer(Actor(Role.BED_MANAGER, "Mona Manager"), int(sys.argv[1]), int(sys.argv[2]), override="the scene")
"""
AUDIT = """
import json
from sqlmodel import col, select
from hospital_ops.infra.db import read_session
from hospital_ops.models import AuditEntry
with read_session() as session:
    rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
    print(json.dumps([[r.action, r.user_id, r.subject_type, r.subject_id, r.allowed] for r in rows]))
"""
AUDIT_AWAY = """
import sys
from sqlalchemy import text
from hospital_ops.infra.db import engine
with engine().begin() as connection:
    connection.execute(text(sys.argv[1]))
"""


@pytest.fixture
def tab(web: Web) -> Iterator[Tabs]:
    opened: list[Browser] = []

    def open_tab(username: str, page: str = "/board") -> Browser:
        browser = Browser(web.base, page)
        assert browser.sign_in(username, PASSWORD).status_code == 303
        opened.append(browser.open())
        return browser

    yield open_tab
    for browser in opened:
        browser.close()


def audit(web: Web, action: str) -> list[tuple[int | None, str, int | None, bool]]:
    rows = json.loads(run(web.environment, AUDIT))
    return [tuple(rest) for name, *rest in rows if name == action]


def test_each_opened_panel_is_in_the_audit_once_however_often_the_page_reconnects(web: Web, tab: Tabs) -> None:
    nurse = tab("nurse")
    nurse.until(lambda: nurse.values(FEED, "ward_01"))
    again = Browser(web.base, cookie=nurse.cookie).open()
    again.until(lambda: again.values(FEED, "ward_01"))
    again.call(f"{BOARD}.open_bed", bed_id=web.beds["E1"])
    again.until(lambda: again.values(FEED, "bed"))
    mine = [(kind, number) for user, kind, number, _ in audit(web, "panel.open") if user == web.people["nurse"]]
    assert mine == [("ward", web.wards["east"]), ("bed", web.beds["E1"])]  # The waiting list is masked: no look.
    again.close()


def test_whoever_sees_no_names_leaves_no_line(web: Web, tab: Tabs) -> None:
    hanna = tab("hanna")
    hanna.until(lambda: hanna.values(FEED, "ward_01"))
    assert web.people["hanna"] not in {user for user, *_ in audit(web, "panel.open")}


def test_reaching_for_another_wards_bed_is_in_the_audit_as_refused(web: Web, tab: Tabs) -> None:
    nurse = tab("nurse")
    nurse.until(lambda: nurse.values(FEED, "ward_01"))
    nurse.call(f"{BOARD}.open_bed", bed_id=web.beds["W1"])
    nurse.until(lambda: nurse.values(PULSE, "problem"))
    assert (web.people["nurse"], "", None, False) in audit(web, "access.deny")


def test_without_the_line_in_the_audit_nothing_is_sent_and_the_page_says_so(web: Web, tab: Tabs) -> None:
    _sql(web, "ALTER TABLE audit_entry ADD CONSTRAINT full_disk CHECK (action <> 'panel.open') NOT VALID")
    try:
        doctor = tab("doctor")
        doctor.until(lambda: "written down" in "".join(doctor.values(PULSE, "closed")))
        doctor.take(0.5)
        assert not any(var for delta in doctor.deltas for var in delta.get(FEED, {}))
    finally:
        _sql(web, "ALTER TABLE audit_entry DROP CONSTRAINT full_disk")
    doctor.close()
    again = Browser(web.base, cookie=doctor.cookie).open()
    again.until(lambda: again.values(FEED, "ward_01"))
    assert again.values(PULSE, "closed")[-1] == ""
    again.close()


def test_a_patient_moved_to_another_ward_leaves_the_nurses_screen(web: Web, tab: Tabs) -> None:
    patient = json.loads(run(web.environment, OCCUPY, str(web.beds["E3"])))
    here, there = tab("nurse", f"/patients/{patient}"), tab("manager", f"/patients/{patient}")
    for browser in (here, there):
        browser.until(lambda browser=browser: browser.values(FEED, "patient"))
    assert here.values(FEED, "patient")[-1]["who"]["name"] == "Zelda Quimby"
    run(web.environment, MOVE, str(web.beds["E3"]), str(web.beds["W3"]))
    here.until(lambda: here.values(FEED, "patient")[-1] == {})
    assert "no longer in your wards" in here.values(PULSE, "closed")[-1]
    there.until(lambda: there.values(FEED, "patient")[-1]["bed"]["label"] == "W3")
    # Of what is true since the move the nurse was sent nothing, and her socket stays open for what is still hers.
    assert "W3" not in json.dumps(here.values(FEED, "patient"))
    assert not here.closed
    here.call(f"{PAGE}.arrive")
    here.until(lambda: here.values(PAGE, "problem")[-1:] == ["There is no such patient in your wards."])
    assert here.values(FEED, "patient")[-1] == {}


def test_a_refused_page_gives_one_notice_at_most(web: Web, tab: Tabs) -> None:
    porter = tab("porter", "/desk")
    porter.until(lambda: any(porter.values(PERSON, "refused")))
    end = time.monotonic() + 0.6
    while time.monotonic() < end:
        porter.take(0.1)
    assert porter.values(PULSE, "problem") == []  # The page itself says it.
    assert any(row[0] == web.people["porter"] and not row[3] for row in audit(web, "access.deny"))


def _sql(web: Web, statement: str) -> Any:
    return run(web.environment, AUDIT_AWAY, statement)
