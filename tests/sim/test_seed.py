"""The demo house as it is founded: beds on a floor plan, named staff, eight accounts, patients whose names are sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlmodel import col, select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.beds import BedStatus
from hospital_ops.infra import archive
from hospital_ops.infra.db import new_session
from hospital_ops.infra.passwords import verify_password
from hospital_ops.models import Bed, Encounter, HospitalClock, Observation, Patient, Shift, Stay, Task, User, Ward
from hospital_ops.queries import simulated
from hospital_ops.queries.staffing import staffing_value
from hospital_ops.services import roster
from hospital_ops.sim import seed
from hospital_ops.sim.cast import DEMO_ACCOUNTS, STAFF
from hospital_ops.sim.wards import ALL_BEDS, WARDS
from tests.sim.conftest import BEGINS, fingerprint, rows


def test_three_hundred_beds_stand_where_the_floor_plan_has_them(demo: Connection) -> None:
    beds = {bed.label: bed for bed in rows(select(Bed))}
    assert len(beds) == 300
    assert len(rows(select(Ward))) == 12
    for plan in ALL_BEDS:
        bed = beds[plan.label]
        assert (bed.floor, bed.x, bed.y) == (plan.floor, plan.x, plan.y)
        assert (bed.sex_of_room, bed.isolation_room, bed.telemetry) == (
            plan.sex_of_room,
            plan.isolation,
            plan.telemetry,
        )
    ratios = {
        w.code: (w.patients_per_nurse, w.patients_per_nurse_evening, w.patients_per_nurse_night)
        for w in rows(select(Ward))
    }
    assert ratios == {plan.code: plan.nurse_ratio for plan in WARDS}


def test_staff_have_names_and_are_where_the_roster_has_them(demo: Connection) -> None:
    people = rows(select(User).where(col(User.simulated)))
    assert {person.display_name for person in people} == {plan.display_name for plan in STAFF}
    here = Counter(person.current_status != "off_shift" for person in people)
    assert 90 <= here[True] <= 180
    assert all(person.hashed_password is None for person in people)  # Nobody can sign in as one of them.
    nurses_now = [person for person in people if person.role == "nurse" and person.current_status == "available"]
    assert all(person.floor is not None for person in nurses_now)


def test_eight_accounts_open_with_the_demo_password(demo: Connection) -> None:
    accounts = {user.username: user for user in rows(select(User).where(~col(User.simulated)))}
    assert {name: user.role for name, user in accounts.items()} == {a.username: a.role for a in DEMO_ACCOUNTS}
    assert len(accounts) == 8
    for user in accounts.values():
        assert verify_password(get_settings().demo_password, user.hashed_password or "")[0]
        assert user.current_status == "off_shift"


def test_the_house_is_full_as_a_hospital_is_and_nobody_lies_twice(demo: Connection) -> None:
    statuses = Counter(bed.status for bed in rows(select(Bed)))
    assert 0.80 <= statuses["occupied"] / (300 - statuses["closed"]) <= 0.94
    assert all(statuses[status.value] > 0 for status in (BedStatus.DIRTY, BedStatus.BLOCKED, BedStatus.AVAILABLE))
    stays = rows(select(Stay).where(col(Stay.to_at).is_(None)))
    assert len({stay.bed_id for stay in stays}) == len({stay.patient_id for stay in stays}) == len(stays)
    assert len(stays) == statuses["occupied"]
    in_house = rows(select(Encounter).where(Encounter.status == "in_house"))
    assert all(one.diagnosis_code and one.planned_leave_at > BEGINS for one in in_house)
    seen = set(rows(select(Observation.encounter_id)))
    # All but those who came within the last hour.
    assert len({one.id for one in in_house} - seen) < 12


def test_every_dirty_bed_has_its_task_and_somebody_is_sent(demo: Connection) -> None:
    dirty = {bed.id for bed in rows(select(Bed).where(col(Bed.status).in_(["dirty", "cleaning"])))}
    tasks = rows(select(Task).where(Task.kind == "clean_bed"))
    assert {task.bed_id for task in tasks} == dirty
    assert any(task.status == "offered" for task in tasks)
    held = [task.user_id for task in tasks if task.user_id]
    assert len(set(held)) == len(held)


def test_names_are_sealed_in_the_table_and_open_with_the_key(demo: Connection) -> None:
    patient = rows(select(Patient).order_by(col(Patient.id)).limit(1))[0]
    assert patient.first_name
    assert patient.dob < "2026-03-03"
    raw = demo.execute(text("SELECT p::text FROM patient p WHERE id = :id"), {"id": patient.id}).scalar_one()
    for words in (patient.first_name, patient.last_name, patient.dob, patient.insurance_policy_num):
        assert words not in raw
        assert words.encode().hex() not in raw
    surnames = demo.execute(text("SELECT last_name_sealed FROM patient LIMIT 400")).scalars().all()
    # The same name twice is not the same box twice.
    assert len({bytes(box) for box in surnames}) == 400


def test_the_roster_is_known_from_a_week_before_to_a_week_ahead(demo: Connection) -> None:
    first, last = demo.execute(text("SELECT min(starts_at), max(starts_at) FROM shift")).one()
    assert first < BEGINS - timedelta(days=6)
    assert last > BEGINS + timedelta(days=6)
    assert {shift.role for shift in rows(select(Shift).where(col(Shift.ward_id).is_(None)))} >= {"nurse", "transporter"}


def test_a_planner_who_looks_further_ahead_does_not_end_the_days_of_the_others(demo: Connection) -> None:
    until = simulated.planned_until()
    assert until is not None
    late = BEGINS + timedelta(days=20)
    one = rows(select(User).where(col(User.simulated), col(User.role) == "nurse"))[0].username
    roster.publish(
        Actor(Role.STAFFING_MANAGER, "staffing"),
        [roster.NewShift(WARDS[0].code, "nurse", late, late + timedelta(hours=8), (one,))],
    )
    assert simulated.planned_until() == until


def test_few_cells_of_the_staffing_page_are_red(demo: Connection) -> None:
    """Need and roster agree as in a hospital: a gap or two a shift, and a float pool that can fill it."""
    value = staffing_value()
    assert len(value["columns"]) == 4
    assert sum(cell["level"] == "short" for cell in value["shifts"]) <= 9
    assert value["short"] <= 9
    for cell in value["gaps"]:
        assert cell["who"], cell
    assert all(pool["free"] == 3 for pool in value["pool"])


def test_the_history_is_kept_for_training(demo: Connection) -> None:
    kept = archive.read(get_settings().data_dir)
    assert kept is not None
    assert kept.simulated
    assert kept.end == BEGINS.astimezone(UTC)


@pytest.fixture
def set_password(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    def change(password: str) -> None:
        monkeypatch.setenv("HOSPITAL_DEMO_PASSWORD", password)
        get_settings.cache_clear()

    yield change
    monkeypatch.undo()
    get_settings.cache_clear()


def test_founding_again_changes_nothing(demo: Connection) -> None:
    before, passwords = fingerprint(), rows(select(User.hashed_password).order_by(col(User.id)))
    assert seed.seed() is False
    assert fingerprint() == before
    assert rows(select(User.hashed_password).order_by(col(User.id))) == passwords


def test_another_demo_password_resets_all_eight_and_the_old_one_is_gone(demo: Connection, set_password: Any) -> None:
    old = get_settings().demo_password
    set_password("another quiet ward at night")
    assert seed.seed() is False
    accounts = rows(select(User).where(~col(User.simulated)))
    assert len(accounts) == 8
    for user in accounts:
        assert verify_password("another quiet ward at night", user.hashed_password or "")[0]
        assert not verify_password(old, user.hashed_password or "")[0]


def test_the_clock_goes_on_where_it_stopped(demo: Connection) -> None:
    with new_session() as session:
        clock = session.get_one(HospitalClock, 1)
        assert clock.simulated
        assert abs((clock.hospital_at - BEGINS).total_seconds()) < 3600
