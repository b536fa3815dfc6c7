"""The desk: look, decide what is true, admit. What is confirmed becomes the record; the rest was a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, Invalid, NotAllowed
from hospital_ops.domain.placement import Isolation
from hospital_ops.infra.crypto import blind_index
from hospital_ops.models import BedRequest, Encounter, Registration
from hospital_ops.models import Patient as PatientRow
from hospital_ops.queries.desk import desk_value
from hospital_ops.queries.folder import verify_value
from hospital_ops.queries.intake import registration_value
from hospital_ops.services import arrivals, merging, placement
from hospital_ops.services.arrivals import Placing
from tests.cast import Cast, fresh
from tests.intake.conftest import ANSWERS, Patient

Arrive = Callable[..., Patient]
CARDIAC = Placing("Cardiac", Isolation.NONE, "female")


def test_confirming_makes_the_record_true(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    number = arrivals.confirm(cast.desk, patient.id, ANSWERS | {"insurance_policy_num": "XQH 884-217"})
    row = fresh(PatientRow, number)
    assert (row.provisional, row.insurance_policy_num) == (False, "XQH 884-217")
    assert row.policy_index == blind_index("patient.policy", "XQH884217")
    assert patient.row().confirmed_by == cast.people["desk"]
    assert cast.audited("registration.confirm")[-1].user_id == cast.people["desk"]


def test_admitting_asks_for_a_bed_in_the_same_act(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    request = fresh(BedRequest, arrivals.confirm_and_admit(cast.desk, patient.id, ANSWERS, CARDIAC))
    encounter = fresh(Encounter, request.encounter_id)
    assert (encounter.unit, encounter.sex, encounter.admission_source) == ("Cardiac", "female", "emergency")
    assert encounter.age == 41
    assert request.priority == "high"
    assert patient.row().status == "admitted"
    assert {"registration.confirmed", "registration.admitted", "bed_request.opened"} <= set(cast.announced())


@pytest.mark.parametrize(
    ("placing", "code"),
    [
        (replace(CARDIAC, isolation=Isolation.UNANSWERED), "isolation_unanswered"),
        (replace(CARDIAC, sex=""), "sex_unanswered"),
        (replace(CARDIAC, unit=""), "unit_unanswered"),
        (replace(CARDIAC, unit="Atlantis"), "unit_unanswered"),
    ],
)
def test_what_is_not_answered_admits_nobody_and_confirms_nothing(
    cast: Cast, arrive: Arrive, placing: Placing, code: str
) -> None:
    patient = arrive(sent=True)
    with pytest.raises(Invalid) as refused:
        arrivals.confirm_and_admit(cast.desk, patient.id, ANSWERS, placing)
    assert refused.value.code == code
    assert patient.row().status == "submitted"


def test_a_record_needs_a_name_and_a_birth_date(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    with pytest.raises(Invalid, match="Date of birth: "):
        arrivals.confirm(cast.desk, patient.id, ANSWERS | {"dob": "2031-01-01"})


def test_the_second_desk_is_told(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    arrivals.confirm_and_admit(cast.desk, patient.id, ANSWERS, CARDIAC)
    with pytest.raises(ChangedMeanwhile, match="A colleague has admitted"):
        arrivals.confirm_and_admit(cast.desk, patient.id, ANSWERS, CARDIAC)


def test_what_the_patient_changes_meanwhile_is_looked_at_again(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    seen = patient.row().version
    patient.fill(phone="2125550199")
    with pytest.raises(ChangedMeanwhile, match="has just changed something"):
        arrivals.confirm(cast.desk, patient.id, ANSWERS, version=seen)


@pytest.mark.parametrize("name", ["nurse", "doctor", "hanna", "admin", "manager", "feed"])
def test_other_roles_confirm_and_open_nothing(cast: Cast, arrive: Arrive, name: str) -> None:
    patient = arrive(sent=True)
    with pytest.raises(NotAllowed):
        arrivals.confirm(cast.as_actor(name), patient.id, ANSWERS)
    with pytest.raises(NotAllowed):
        arrivals.open_folder(cast.as_actor(name), patient.id)


def test_admitting_somebody_who_is_here_already_is_refused_whole(cast: Cast, arrive: Arrive) -> None:
    here = cast.occupy("E1", cast.patient(dob=date(1984, 7, 23)))
    patient = arrive(sent=True)
    with pytest.raises(Conflict, match="already here"):
        arrivals.confirm_and_admit(cast.desk, patient.id, ANSWERS, CARDIAC, same_as=here)
    assert patient.row().status == "submitted"


# --- duplicates ------------------------------------------------------------------------------------------------------


def _alike(patient: Patient) -> list[tuple[int, list[str]]]:
    value = verify_value(patient.id)
    assert value is not None
    return [(one["patient_id"], one["why"]) for one in value["alike"]]


def test_look_alikes_are_shown_with_why(cast: Cast, arrive: Arrive) -> None:
    born = date(1984, 7, 23)
    same = cast.patient("María", "Sandoval", dob=born, policy="XYZ1234567")
    like = cast.patient("Mary", "Sandovall", dob=born, policy="Q1")
    policy = cast.patient("Peter", "Stone", dob=date(1950, 1, 1), policy="XYZ-123-4567")
    cast.patient("Maria", "Sandoval", dob=date(1970, 1, 1), policy="Q2")
    cast.patient("Ann", "Other", dob=born, policy="Q3")
    assert _alike(arrive(sent=True)) == [
        (same, ["Same policy number", "Same date of birth and the same name"]),
        (like, ["Same date of birth and a like name"]),
        (policy, ["Same policy number"]),
    ]


def test_day_and_month_exchanged_is_noticed(cast: Cast, arrive: Arrive) -> None:
    known = cast.patient("Maria", "Sandoval", dob=date(1984, 3, 7), policy="Q1")
    assert _alike(arrive(sent=True, dob="1984-07-03")) == [
        (known, ["A like name, and day and month of birth exchanged"])
    ]


def test_opening_a_folder_is_audited_with_whom_it_was_compared(cast: Cast, arrive: Arrive) -> None:
    known, patient = cast.patient(dob=date(1984, 7, 23)), arrive(sent=True)
    arrivals.open_folder(cast.desk, patient.id)
    assert cast.audited("registration.view")[-1].facts == {"compared_with": [known]}


def test_somebody_known_keeps_one_record_and_it_can_be_taken_back(cast: Cast, arrive: Arrive) -> None:
    known, patient = cast.patient("Maria", "Sandoval", dob=date(1984, 7, 23)), arrive(sent=True)
    double = patient.row().patient_id or 0
    assert arrivals.confirm(cast.desk, patient.id, ANSWERS, same_as=known) == known
    assert fresh(PatientRow, double).merged_into_id == known
    merging.unmerge(cast.desk, double)
    assert fresh(PatientRow, double).merged_into_id is None


def test_merging_twice_is_once_and_never_in_a_ring(cast: Cast) -> None:
    one, other = cast.patient(), cast.patient()
    for _ in range(2):
        merging.merge(cast.desk, one, other)
    assert cast.announced().count("patient.merged") == 1
    with pytest.raises(Conflict, match="merged already"):
        merging.merge(cast.desk, other, one)
    with pytest.raises(NotAllowed):
        merging.merge(cast.nurse, one, other)


# --- the queue and the patient's page --------------------------------------------------------------------------------


def test_the_queue_says_who_waits_and_what_is_missing(cast: Cast, arrive: Arrive) -> None:
    arrive()
    arrive().fill(first_name="Ann")
    sent = arrive(sent=True)
    value = desk_value()
    assert value["begun"] == 1
    assert [(row["who"], row["state"]) for row in value["queue"]] == [("Maria Sandoval", "ready"), ("Ann", "filling")]
    assert value["queue"][0]["registration_id"] == sent.id
    assert value["queue"][1]["missing"][:2] == ["Last name", "Date of birth"]


def test_the_patients_page_follows_to_the_bed(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)

    def news() -> list[str]:
        found: list[str] = registration_value(patient.id)["news"]  # type: ignore[index]
        return found

    request = arrivals.confirm_and_admit(cast.desk, patient.id, ANSWERS, CARDIAC)
    assert news() == ["You are admitted. We are finding the right bed for you."]
    placement.place(cast.desk, request, cast.beds["E1"])
    assert news() == ["Your bed is E1. Someone will bring you there."]
    assert {f"registration:{patient.id}", "desk"} <= cast.topics("bed_request.closed")
    assert desk_value()["queue"] == []


def test_a_closed_registration_says_so(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    arrivals.cancel(cast.desk, patient.id)
    assert fresh(Registration, patient.id).status == "cancelled"
    assert registration_value(patient.id)["news"] == [  # type: ignore[index]
        "This registration was closed. Please talk to the desk."
    ]
