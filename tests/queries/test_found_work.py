"""Found work: two taps make one task, whoever is free and able has it, and only in one's own wards."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import Conflict, Invalid, NotAllowed
from hospital_ops.domain.tasks import TaskKind
from hospital_ops.models import AuditEntry, OutboxEvent, Task
from hospital_ops.queries.tasks import my_tasks
from hospital_ops.services.found import report
from tests.small_house import House


def test_a_free_housekeeper_has_what_she_found(house: House) -> None:
    ward = house.ward("4A", 1)
    bed = house.bed(ward, "401A")
    hanna = house.person(Role.HOUSEKEEPER, ward, at=bed)
    report(hanna, TaskKind.CLEAN_BED, bed.id or 0)
    value = my_tasks(hanna.user_id or 0, masked=True)
    assert [(card["kind"], card["status"]) for card in value["cards"]] == [("clean_bed", "accepted")]
    assert value["status"] == "on_task"
    house.session.refresh(bed)
    assert bed.status == "dirty"


def test_a_porter_who_finds_a_spill_sends_a_housekeeper(house: House) -> None:
    ward = house.ward("4A", 1)
    bed = house.bed(ward, "401A")
    hanna, pablo = house.person(Role.HOUSEKEEPER, ward, at=bed), house.person(Role.TRANSPORTER, ward, at=bed)
    report(pablo, TaskKind.SPILL, bed.id or 0)
    card = my_tasks(hanna.user_id or 0, masked=True)["cards"][0]
    assert (card["description"], card["status"], card["priority"]) == ("Spill in room 401", "offered", "high")


def test_reported_twice_is_one_task(house: House) -> None:
    ward = house.ward("4A", 1)
    bed = house.bed(ward, "401A")
    pablo = house.person(Role.TRANSPORTER, ward, at=bed)
    assert report(pablo, TaskKind.SPILL, bed.id or 0) == report(pablo, TaskKind.SPILL, bed.id or 0)
    assert len(house.session.exec(select(Task)).all()) == 1


def test_it_is_written_down_and_told(house: House) -> None:
    ward = house.ward("4A", 1)
    bed = house.bed(ward, "401A")
    hanna = house.person(Role.HOUSEKEEPER, ward, at=bed)
    report(hanna, TaskKind.CLEAN_BED, bed.id or 0)
    actions = set(house.session.exec(select(AuditEntry.action)))
    assert {"bed.found_dirty", "task.create", "task.accept", "staff.set_status"} <= actions
    topics = {topic for event in house.session.exec(select(OutboxEvent)) for topic in event.topics}
    assert {f"ward:{ward.id}", f"user:{hanna.user_id}", "dispatch"} <= topics


def test_another_ward_and_other_roles_may_not(house: House) -> None:
    ward, other = house.ward("4A", 1), house.ward("5A", 2)
    bed = house.bed(ward, "401A")
    with pytest.raises(NotAllowed):
        report(house.person(Role.HOUSEKEEPER, other), TaskKind.SPILL, bed.id or 0)
    with pytest.raises(NotAllowed):
        report(house.person(Role.PATIENT), TaskKind.SPILL, bed.id or 0)


def test_a_bed_with_somebody_in_it_is_not_made_dirty(house: House) -> None:
    ward = house.ward("4A", 1)
    bed = house.bed(ward, "401A")
    house.patient(bed)
    with pytest.raises(Conflict, match="not a ready bed"):
        report(house.person(Role.HOUSEKEEPER, ward), TaskKind.CLEAN_BED, bed.id or 0)
    with pytest.raises(Invalid):
        report(house.person(Role.HOUSEKEEPER, ward), TaskKind.TRANSPORT, bed.id or 0)
