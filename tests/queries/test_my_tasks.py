"""My tasks: the order of the cards, the way there, who may read them, what was finished today."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import NotFound
from hospital_ops.domain.tasks import TaskKind
from hospital_ops.models import Task
from hospital_ops.queries.tasks import my_tasks, tasks_of
from hospital_ops.services import tasks as work
from hospital_ops.services.tasks import NewTask
from tests.small_house import House


def give(house: House, user_id: int | None, words: str, **more: object) -> Task:
    asked = house.now - timedelta(minutes=more.pop("minutes_ago", 0))  # type: ignore[arg-type]
    facts = {"kind": "other", "status": "offered", **more}
    return house.keep(Task(description=words, user_id=user_id, created_at=asked, **facts))


def test_what_is_under_way_comes_first_and_suspended_last(house: House) -> None:
    ward = house.ward("4A", 1)
    hanna = house.person(Role.HOUSEKEEPER, ward)
    for words, status in (("later", "suspended"), ("asked", "offered"), ("doing", "in_progress"), ("yes", "accepted")):
        give(house, hanna.user_id, words, status=status, started_at=house.now)
    cards = my_tasks(hanna.user_id or 0, masked=True)["cards"]
    assert [card["description"] for card in cards] == ["doing", "yes", "asked", "later"]


def test_a_stat_call_comes_before_what_is_under_way(house: House) -> None:
    hanna = house.person(Role.HOUSEKEEPER, house.ward("4A", 1))
    give(house, hanna.user_id, "doing", status="in_progress", started_at=house.now)
    give(house, hanna.user_id, "stat", priority="stat")
    assert my_tasks(hanna.user_id or 0, masked=True)["cards"][0]["description"] == "stat"


def test_waiting_ages_a_task_upward(house: House) -> None:
    hanna = house.person(Role.HOUSEKEEPER, house.ward("4A", 1))
    give(house, hanna.user_id, "high", priority="high")
    give(house, hanna.user_id, "old low", priority="low", minutes_ago=240)
    cards = my_tasks(hanna.user_id or 0, masked=True)["cards"]
    assert [card["description"] for card in cards] == ["old low", "high"]


def test_a_card_says_where_and_the_way_from_where_the_person_was_last(house: House) -> None:
    ward = house.ward("4A", 1)
    here, there = house.bed(ward, "401A"), house.bed(ward, "409B", x=38.0, y=4.0)
    hanna = house.person(Role.HOUSEKEEPER, ward, at=here)
    give(house, hanna.user_id, "Clean", bed_id=there.id, ward_id=ward.id)
    card = my_tasks(hanna.user_id or 0, masked=True)["cards"][0]
    assert (card["where"], card["way"]) == ("Bed 409B · Ward 4A", "This floor, 40 m from you")


@pytest.mark.parametrize(
    ("status", "step", "way_out"),
    [
        ("offered", "accept", "decline"),
        ("accepted", "start", "decline"),
        ("in_progress", "complete", "suspend"),
        ("suspended", "start", ""),
    ],
)
def test_each_status_has_its_next_step(house: House, status: str, step: str, way_out: str) -> None:
    hanna = house.person(Role.HOUSEKEEPER, house.ward("4A", 1))
    give(house, hanna.user_id, "one", status=status, started_at=house.now)
    card = my_tasks(hanna.user_id or 0, masked=True)["cards"][0]
    assert (card["next"], card["way_out"]) == (step, way_out)
    assert card["reasons"]


def test_initials_are_shown_only_unmasked(house: House) -> None:
    ward = house.ward("4A", 1)
    bed = house.bed(ward, "401A")
    patient = house.patient(bed)
    nora = house.person(Role.NURSE, ward)
    give(house, nora.user_id, "Letter", kind="nursing", patient_id=patient.id, bed_id=bed.id)
    masked, full = (my_tasks(nora.user_id or 0, masked=masked)["cards"][0] for masked in (True, False))
    assert (masked["patient"], masked["patient_id"]) == ("", None)
    assert (full["patient"], full["patient_id"]) == ("MS", patient.id)


def test_finished_today_counts_from_the_hospitals_midnight(house: House) -> None:
    hanna = house.person(Role.HOUSEKEEPER, house.ward("4A", 1))
    for words, hours in (("today", 0), ("two days ago", 48)):
        done = house.now - timedelta(hours=hours)
        give(house, hanna.user_id, words, status="complete", started_at=done - timedelta(minutes=12), finished_at=done)
    value = my_tasks(hanna.user_id or 0, masked=True)
    assert [done["description"] for done in value["done_today"]] == ["today"]
    assert (value["done_count"], value["done_today"][0]["minutes"]) == (1, 12)


def test_nobody_has_no_tasks(house: House) -> None:
    assert my_tasks(987_654, masked=True) == {}


def test_somebody_elses_tasks_are_refused(house: House) -> None:
    ward = house.ward("4A", 1)
    hanna, other = house.person(Role.HOUSEKEEPER, ward), house.person(Role.HOUSEKEEPER, ward)
    give(house, hanna.user_id, "mine")
    assert [task["description"] for task in tasks_of(hanna, hanna.user_id or 0)] == ["mine"]
    with pytest.raises(NotFound):
        tasks_of(other, hanna.user_id or 0)


def test_a_supervisor_reads_them_and_the_admin_reads_no_patient(house: House) -> None:
    ward = house.ward("4A", 1)
    bed = house.bed(ward, "401A")
    patient = house.patient(bed)
    hanna = house.person(Role.HOUSEKEEPER, ward)
    give(house, hanna.user_id, "with patient", patient_id=patient.id)
    manager, admin = house.person(Role.BED_MANAGER), house.person(Role.ADMIN)
    assert tasks_of(manager, hanna.user_id or 0)[0]["patient_id"] == patient.id
    assert tasks_of(admin, hanna.user_id or 0)[0]["patient_id"] is None


def test_a_person_who_does_not_exist_is_said_to_be_so(house: House) -> None:
    with pytest.raises(NotFound):
        tasks_of(house.person(Role.BED_MANAGER), 987_654)


def test_the_list_follows_each_step(house: House) -> None:
    ward = house.ward("4A", 1)
    bed = house.bed(ward, "401A", status="dirty")
    hanna, manager = house.person(Role.HOUSEKEEPER, ward, at=bed), house.person(Role.BED_MANAGER)
    task_id = work.create(manager, NewTask("Clean it", TaskKind.CLEAN_BED, bed_id=bed.id))
    seen = []
    for step in (work.accept, work.start, work.complete):
        seen.append(my_tasks(hanna.user_id or 0, masked=True)["cards"][0]["status"])
        step(hanna, task_id)
    value = my_tasks(hanna.user_id or 0, masked=True)
    assert seen == ["offered", "accepted", "in_progress"]
    assert (value["cards"], value["status"], value["done_count"]) == ([], "available", 1)
