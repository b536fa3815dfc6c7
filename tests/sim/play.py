"""One simulated day on a database of its own, at speed, in this process: `python -m tests.sim.play HOURS STEP_MINUTES`.

Prints one JSON object: what was done and what was broken. The clock stands still and is moved beat by beat, so that the
same dice give the same day however slow the machine is.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from alembic.config import Config
from sqlalchemy import text

from alembic import command
from hospital_ops.domain import replay
from hospital_ops.domain.access import CLOCK, WORKER, Actor, Role
from hospital_ops.domain.placement import Isolation
from hospital_ops.infra.db import engine, new_session, read_session
from hospital_ops.models import HospitalClock, User
from hospital_ops.queries.replay import read_day
from hospital_ops.queries.sessions import find_person
from hospital_ops.services import blocks, escalation, placement, staffing, stays
from hospital_ops.services.patients import Identity, add_patient
from hospital_ops.services.unit_of_work import unit_of_work
from hospital_ops.sim import live, seed

BEGINS = datetime(2026, 3, 3, 9, 30, tzinfo=ZoneInfo("America/New_York"))  # A Tuesday.
# name of the invariant → what breaks it, each row one offence. `:now` is the hospital's time.
INVARIANTS: dict[str, str] = {
    "two patients in a bed": "SELECT bed_id FROM stay WHERE to_at IS NULL GROUP BY bed_id HAVING count(*) > 1",
    "one patient in two beds": "SELECT patient_id FROM stay WHERE to_at IS NULL GROUP BY patient_id HAVING count(*) > 1",
    "a held bed without a patient, or the other way round": """
        SELECT bed.id FROM bed LEFT JOIN stay ON stay.bed_id = bed.id AND stay.to_at IS NULL
        WHERE (bed.status IN ('occupied', 'pending_discharge')) <> (stay.id IS NOT NULL)""",
    "a dirty bed that nobody is to clean": """
        SELECT bed.id FROM bed WHERE bed.status IN ('dirty', 'cleaning') AND NOT EXISTS (
          SELECT FROM task WHERE task.bed_id = bed.id AND kind = 'clean_bed'
          AND task.status NOT IN ('complete', 'cancelled'))""",
    "a clean bed that somebody is to clean": """
        SELECT task.id FROM task JOIN bed ON bed.id = task.bed_id WHERE kind = 'clean_bed'
        AND task.status NOT IN ('complete', 'cancelled') AND bed.status NOT IN ('dirty', 'cleaning')""",
    "a person who holds two tasks": """
        SELECT user_id FROM task WHERE status IN ('offered', 'accepted', 'in_progress') GROUP BY user_id
        HAVING count(*) > 1""",
    "a task in the hands of somebody who is not here": """
        SELECT task.id FROM task JOIN "user" ON "user".id = user_id
        WHERE status IN ('offered', 'accepted', 'in_progress') AND current_status IN ('off_shift', 'on_break')""",
    "a person at work without work": """
        SELECT id FROM "user" WHERE current_status = 'on_task' AND NOT EXISTS (
          SELECT FROM task WHERE user_id = "user".id AND status IN ('accepted', 'in_progress'))""",
    "a task that was lost": """
        SELECT id FROM task WHERE status NOT IN ('complete', 'cancelled')
        AND greatest(created_at, offered_at, accepted_at, started_at) < :now - interval '6 hours'""",
    "a patient put into a bed of the other sex": """
        SELECT bed.id FROM bed JOIN stay ON stay.bed_id = bed.id AND stay.to_at IS NULL
        JOIN encounter ON encounter.id = stay.encounter_id WHERE stay.from_at > :began
        AND bed.sex_of_room <> 'any' AND encounter.sex <> bed.sex_of_room""",
}


def prepare() -> int:
    """Found the demo house with a short history; a person admits one patient. Returns that patient's bed."""
    command.upgrade(Config("alembic.ini"), "head")
    seed.HISTORY_DAYS = 100
    seed.seed(begins_at=BEGINS)
    with new_session() as session:
        session.get_one(HospitalClock, 1).speed = 0.0
        session.commit()
    return _admit_by_hand()


def _admit_by_hand() -> int:
    """What somebody at the demo accounts does: register a person, and place them."""
    with read_session() as session:
        people = {user.username: user.id or 0 for user in session.query(User).filter(~User.simulated)}  # type: ignore[arg-type]
        desk, manager = (find_person(session, people[name]) for name in ("desk", "manager"))
    assert desk is not None
    assert manager is not None
    with unit_of_work(desk) as work:
        patient = add_patient(work, Identity("Maria", "Sandoval", "1957-03-09", sex="female"), provisional=False)
        patient_id = patient.id or 0
    wish = stays.Admission(patient_id, "Medicine", isolation=Isolation.NONE, sex="female")
    request_id = stays.admit(desk, wish)
    bed_id = next(offer.bed_id for offer in placement.offers(manager, request_id) if offer.allowed)
    placement.place(manager, request_id, bed_id)
    return bed_id


def advance(by: timedelta) -> datetime:
    """Let hospital time pass. Returns the new time."""
    with new_session() as session:
        clock = session.get_one(HospitalClock, 1)
        clock.hospital_at += by
        session.commit()
        return clock.hospital_at


def play(hours: float, step: timedelta) -> dict[str, Any]:
    """The day, with what the clock's jobs do; every half hour the house is looked at."""
    hand_bed = prepare()
    before = demo_people(), actors()["demo"]
    now = since = began = BEGINS
    dice, broken, occupied, done = random.Random(1), Counter[str](), [], Counter[str]()
    halves: dict[datetime, dict[int, str]] = {}
    staffing.forecast_staffing(WORKER)
    while now < began + timedelta(hours=hours):
        now = advance(step)
        for deed in live.DEEDS:
            done[deed.__name__] += deed(live.Beat(now, since, dice))
        if now.timestamp() // 600 > since.timestamp() // 600:
            escalation.escalate_overdue(CLOCK)
        if now.timestamp() // 1800 > since.timestamp() // 1800:
            blocks.expire_blocks(CLOCK)
            broken += offences(now, began)
            occupied.append(occupancy())
            halves[now] = statuses()
        since = now
    return {
        "done": done,
        "broken": broken,
        "occupied": occupied,
        "hand_bed": status_of(hand_bed),
        "demo_untouched": before == (demo_people(), actors()["demo"]),
        "actors": actors(),
        "flips": flips(began),
        "sources": sources(),
        "newcomers_without_diagnosis": count("SELECT count(*) FROM encounter WHERE simulated AND diagnosis_code = ''"),
        "observed": count("SELECT count(*) FROM observation WHERE observed_at > :at", at=began),
        "on_roster": count('SELECT count(*) FROM "user" WHERE simulated AND current_status <> :off', off="off_shift"),
        "replay": replayed(now, halves),
        "roster_until": count("SELECT extract(epoch FROM max(starts_at) - :at) / 3600 FROM shift", at=now),
    }


def offences(now: datetime, began: datetime) -> Counter[str]:
    """How often each invariant is broken now."""
    found: Counter[str] = Counter()
    with engine().connect() as connection:
        for name, query in INVARIANTS.items():
            given = {key: value for key, value in (("now", now), ("began", began)) if f":{key}" in query}
            found[name] += len(connection.execute(text(query), given).all())
    return +found


def count(query: str, **given: Any) -> int:
    with engine().connect() as connection:
        return int(connection.execute(text(query), given).scalar_one() or 0)


def statuses() -> dict[int, str]:
    """The board that the database has."""
    with engine().connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text("SELECT id, status FROM bed"))}


def replayed(now: datetime, halves: dict[datetime, dict[int, str]]) -> dict[str, int]:
    """Each half hour's board, folded afterwards from the audit alone: boards that differ, holes, changes, boards compared."""
    manager = Actor(Role.BED_MANAGER, "manager")
    zone, told = BEGINS.tzinfo, Counter[str]()
    for day in sorted({moment.astimezone(zone).date() for moment in halves}):
        with read_session() as session:
            read = read_day(session, manager, day, now)
        told["holes"] += len(read.holes)
        told["changes"] += len(read.changes)
        for moment in (one for one in halves if read.begins <= one < read.ends):
            told["boards"] += 1
            told["differ"] += replay.at(read.opening, read.changes, moment) != halves[moment]
    return dict(told)


def occupancy() -> float:
    """Patients in beds over staffed beds."""
    held = count("SELECT count(*) FROM bed WHERE status IN ('occupied', 'pending_discharge')")
    return held / count("SELECT count(*) FROM bed WHERE status <> 'closed'")


def status_of(bed_id: int) -> str:
    with engine().connect() as connection:
        return str(connection.execute(text("SELECT status FROM bed WHERE id = :bed"), {"bed": bed_id}).scalar_one())


def demo_people() -> list[Any]:
    """All that a day could change of the eight accounts."""
    query = 'SELECT username, current_status, version FROM "user" WHERE NOT simulated ORDER BY id'
    held = 'SELECT id FROM task JOIN "user" u ON u.id = user_id WHERE NOT u.simulated'
    with engine().connect() as connection:
        people = [tuple(row) for row in connection.execute(text(query))]
        return [*people, *connection.execute(text(held.replace("SELECT id", "SELECT task.id"))).all()]


def actors() -> dict[str, int]:
    """Who has written the audit since the founding: simulated people, demo people, the house's own."""
    query = """
        SELECT CASE WHEN u.id IS NULL THEN 'system ' || e.role WHEN u.simulated THEN 'simulated' ELSE 'demo' END, count(*)
        FROM audit_entry e LEFT JOIN "user" u ON u.id = e.user_id WHERE e.action NOT LIKE 'hospital.%' GROUP BY 1"""
    with engine().connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text(query))}


def flips(began: datetime) -> list[int]:
    """Beds that changed their status in each half hour: at speed 30 that is a minute of a newcomer's time."""
    query = """
        SELECT floor(extract(epoch FROM at - :began) / 1800)::int, count(*) FROM outbox_event
        WHERE name = 'bed.status_changed' GROUP BY 1"""
    with engine().connect() as connection:
        found = {row[0]: row[1] for row in connection.execute(text(query), {"began": began})}
    return [found.get(half_hour, 0) for half_hour in range(max(found, default=0) + 1)]


def sources() -> dict[str, int]:
    """Discharges ordered by doctors, and how many of those who ordered were doctors on duty."""
    ordered = count("SELECT count(*) FROM outbox_event WHERE name = 'discharge.ordered'")
    doctors = count(
        "SELECT count(*) FROM audit_entry WHERE action = 'bed.mark_pending' AND role = :role", role=Role.DOCTOR.value
    )
    return {"ordered": ordered, "by_doctors": doctors}


if __name__ == "__main__":
    print(json.dumps(play(float(sys.argv[1]), timedelta(minutes=float(sys.argv[2])))))
