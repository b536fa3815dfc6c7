"""The supervisors' list: late first, why it waits, who could do it, and where something was found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import NotAllowed, NotFound
from hospital_ops.domain.tasks import TaskKind
from hospital_ops.models import Task
from hospital_ops.queries.dispatch import dispatch_list, found_places, who_could
from tests.small_house import House


def waiting(house: House, words: str, *, due_in: int = 30, **more: object) -> Task:
    due = house.now + timedelta(minutes=due_in)
    facts = {"kind": "clean_bed", "status": "pending", **more}
    return house.keep(Task(description=words, created_at=house.now, due_at=due, **facts))


def test_late_comes_first_then_what_waits_then_what_is_under_way(house: House) -> None:
    ward = house.ward("4A", 1)
    hanna = house.person(Role.HOUSEKEEPER, ward, status="on_task")
    waiting(house, "waits", why="Nobody with the skill is free now.")
    waiting(house, "under way", status="in_progress", user_id=hanna.user_id, due_in=-60)
    waiting(house, "late", due_in=-5)
    value = dispatch_list(masked=True)
    assert [(t["description"], t["group"]) for t in value["tasks"]] == [
        ("late", "late"),
        ("waits", "waiting"),
        ("under way", "under_way"),
    ]
    assert value["counts"] == {"late": 1, "waiting": 1, "offered": 0, "under_way": 1, "suspended": 0}
    assert value["tasks"][1]["why"].startswith("Nobody with the skill")


def test_people_on_shift_are_there_with_what_they_hold(house: House) -> None:
    ward = house.ward("4A", 1)
    hanna = house.person(Role.HOUSEKEEPER, ward, status="on_task")
    house.person(Role.HOUSEKEEPER, ward, status="off_shift")
    house.person(Role.DESK, ward)
    waiting(house, "Clean room 401", status="in_progress", user_id=hanna.user_id)
    people = dispatch_list(masked=True)["people"]
    assert [(p["name"], p["holding"], p["open"]) for p in people] == [(hanna.name, "Clean room 401", 1)]


def test_patients_are_initials_and_only_unmasked(house: House) -> None:
    ward = house.ward("4A", 1)
    bed = house.bed(ward, "401A")
    patient = house.patient(bed)
    waiting(house, "one", kind="transport", patient_id=patient.id)
    assert dispatch_list(masked=True)["tasks"][0]["patient"] == ""
    assert dispatch_list(masked=False)["tasks"][0]["patient"] == "MS"


def test_who_could_is_the_nearest_free_one_with_the_skill_first(house: House) -> None:
    ward, other = house.ward("4A", 1), house.ward("5A", 2, floor=5)
    here, there = house.bed(ward, "401A"), house.bed(ward, "409A", x=40.0)
    far = house.person(Role.HOUSEKEEPER, ward, at=there)
    near = house.person(Role.HOUSEKEEPER, ward, at=here)
    resting = house.person(Role.HOUSEKEEPER, ward, at=here, status="on_break")
    house.person(Role.HOUSEKEEPER, other, at=here)
    house.person(Role.NURSE, ward, at=here)
    task = waiting(house, "one", bed_id=here.id, ward_id=ward.id)
    people = who_could(house.person(Role.BED_MANAGER), task.id or 0)
    assert [p["user_id"] for p in people] == [near.user_id, far.user_id, resting.user_id]
    assert [p["able"] for p in people] == [True, True, False]
    assert people[1]["words"] == "Free · 40 m away"


def test_only_supervisors_ask_who_could(house: House) -> None:
    ward = house.ward("4A", 1)
    task = waiting(house, "one", ward_id=ward.id)
    with pytest.raises(NotAllowed):
        who_could(house.person(Role.NURSE, ward), task.id or 0)
    with pytest.raises(NotFound):
        who_could(house.person(Role.BED_MANAGER), 987_654)


def test_found_places_are_near_and_in_ones_own_wards(house: House) -> None:
    ward, other = house.ward("4A", 1), house.ward("5A", 2, floor=5)
    beds = [house.bed(ward, f"40{n}{side}", x=10.0 * n) for n in (1, 2, 3) for side in "AB"]
    house.bed(other, "501A")
    house.patient(beds[4])
    hanna = house.person(Role.HOUSEKEEPER, ward, at=beds[5])
    dirty = [place["label"] for place in found_places(hanna, TaskKind.CLEAN_BED)]
    assert dirty == ["403B", "402A", "402B", "401A", "401B"]
    assert [place["room"] for place in found_places(hanna, TaskKind.SPILL)] == ["403", "402", "401"]
