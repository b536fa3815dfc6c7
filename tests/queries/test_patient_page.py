"""One patient's page: in whose wards, what it says, and that looking is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import NotAllowed, NotFound
from hospital_ops.models import AuditEntry, BedRequest, Encounter, StayForecast
from hospital_ops.queries import foretold
from hospital_ops.queries.board import bed_story
from hospital_ops.queries.patients import patient_page
from hospital_ops.services import placement, stays
from hospital_ops.services.patient_view import open_patient
from tests.small_house import House


def looks(house: House) -> list[tuple[int | None, bool]]:
    found = select(AuditEntry).where(AuditEntry.action == "patient.read").order_by(AuditEntry.id)
    return [(entry.user_id, entry.allowed) for entry in house.session.exec(found)]


def test_a_nurse_opens_a_patient_of_her_ward_and_it_is_written_down(house: House) -> None:
    ward = house.ward("4A", 1)
    patient = house.patient(house.bed(ward, "401A"))
    nora = house.person(Role.NURSE, ward)
    open_patient(nora, patient.id or 0)
    assert looks(house) == [(nora.user_id, True)]


def test_another_ward_reads_like_no_patient_and_that_is_written_down_too(house: House) -> None:
    ward, other = house.ward("4A", 1), house.ward("5A", 2)
    patient = house.patient(house.bed(ward, "401A"))
    stranger = house.person(Role.NURSE, other)
    for patient_id in (patient.id or 0, 987_654):
        with pytest.raises(NotFound, match="There is no such patient in your wards"):
            open_patient(stranger, patient_id)
    assert looks(house) == [(stranger.user_id, False), (stranger.user_id, False)]


@pytest.mark.parametrize("role", [Role.HOUSEKEEPER, Role.TRANSPORTER, Role.ADMIN, Role.STAFFING_MANAGER])
def test_roles_without_the_permission_may_not(house: House, role: Role) -> None:
    ward = house.ward("4A", 1)
    patient = house.patient(house.bed(ward, "401A"))
    with pytest.raises(NotAllowed):
        open_patient(house.person(role, ward), patient.id or 0)


def test_the_ward_follows_the_patient(house: House) -> None:
    ward, other = house.ward("4A", 1), house.ward("5A", 2)
    bed, new = house.bed(ward, "401A"), house.bed(other, "501A")
    patient = house.patient(bed)
    before, after = house.person(Role.NURSE, ward), house.person(Role.NURSE, other)
    placement.transfer(house.person(Role.BED_MANAGER), bed.id or 0, new.id or 0)
    open_patient(after, patient.id or 0)
    with pytest.raises(NotFound):
        open_patient(before, patient.id or 0)


def test_a_patient_who_waits_is_the_desks(house: House) -> None:
    ward = house.ward("4A", 1)
    patient = house.patient()
    encounter = house.keep(Encounter(patient_id=patient.id, unit="Medicine"))
    house.keep(BedRequest(encounter_id=encounter.id, unit="Medicine", opened_at=house.now))
    open_patient(house.person(Role.DESK, ward), patient.id or 0)
    with pytest.raises(NotFound):
        open_patient(house.person(Role.NURSE, ward), patient.id or 0)
    page = patient_page(patient.id or 0)
    assert (page["bed"], page["request"]["unit"]) == (None, "Medicine")
    assert page["encounter"]["status_words"] == "Waiting for a bed"


def test_the_page_says_who_and_where(house: House) -> None:
    ward = house.ward("4A", 1)
    patient = house.patient(house.bed(ward, "401A"))
    page = patient_page(patient.id or 0)
    assert page["who"]["name"] == "Maria Sandoval"
    assert page["who"]["policy_end"] == "…4567"
    assert page["who"]["age"] >= 69
    assert (page["bed"]["label"], page["bed"]["ward"]) == ("401A", "Ward 4A")
    assert page["forecast"] is None


def test_leaving_is_a_range_with_reasons_in_words(house: House) -> None:
    bed = house.bed(house.ward("4A", 1), "401A")
    patient = house.patient()
    encounter = house.lay(patient, bed)
    days = [house.now + timedelta(days=n) for n in (1, 3, 2)]
    house.keep(
        StayForecast(
            encounter_id=encounter.id,
            made_at=house.now,
            model="test 1",
            p24=0.12,
            p48=0.5,
            p72=0.875,
            low_at=days[0],
            high_at=days[1],
            median_at=days[2],
            likely_from=days[2],
            likely_to=days[2],
            reasons=["Two days of antibiotics to go"],
        )
    )
    forecast = patient_page(patient.id or 0)["forecast"]
    assert forecast["range"].startswith("between tomorrow ")
    assert [chance["percent"] for chance in forecast["chances"]] == [12, 50, 88]
    assert (forecast["reasons"], forecast["no_reasons"]) == (["Two days of antibiotics to go"], "")
    # The bed's drawer says the same; to whoever may read no patient without what speaks of a person.
    told, masked = (bed_story(bed.id or 0, masked=one)["forecast"] for one in (False, True))
    assert told == forecast
    assert masked == {**forecast, "reasons": [], "no_reasons": foretold.MASKED}
    row = house.session.get_one(StayForecast, encounter.id)
    row.reasons = []
    house.session.commit()
    # An empty heading, or none, reads as if something were missing.
    assert patient_page(patient.id or 0)["forecast"]["no_reasons"] == foretold.NOTHING_MOVES
    assert bed_story(house.bed(house.ward("4B", 2), "402A").id or 0, masked=False)["forecast"] is None


def test_the_story_is_told_newest_first_and_milestones_stand_apart(house: House) -> None:
    ward = house.ward("4A", 1)
    bed = house.bed(ward, "401A")
    patient = house.patient(bed)
    doctor = house.person(Role.DOCTOR, ward)
    stays.order_discharge(doctor, bed.id or 0)
    page = patient_page(patient.id or 0)
    assert [line["what"] for line in page["timeline"]] == ["Ordered to leave", "Placed in bed 401A"]
    assert {task["milestone"] for task in page["milestones"]} == {"medication", "letter", "transport"}
    stays.leave(doctor, bed.id or 0)
    page = patient_page(patient.id or 0)
    assert page["timeline"][0]["what"] == "Left the hospital"
    assert (page["bed"], page["milestones"]) == (None, [])


def test_nobody_has_no_page(house: House) -> None:
    assert patient_page(987_654) == {}
