"""Two records are one person, and back again: parting gives each what is theirs, the bed and its tasks included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import col, select

from hospital_ops.domain.errors import Conflict, NotAllowed
from hospital_ops.domain.placement import Isolation
from hospital_ops.infra.db import read_session
from hospital_ops.models import Encounter, Patient, Stay
from hospital_ops.queries.desk import desk_value
from hospital_ops.queries.folder import verify_value
from hospital_ops.services import arrivals, merging, patients, placement
from hospital_ops.services.arrivals import Placing
from hospital_ops.services.unit_of_work import unit_of_work
from tests.cast import Cast, fresh
from tests.intake.conftest import ANSWERS
from tests.intake.conftest import Patient as Arrival

Arrive = Callable[..., Arrival]
CARDIAC = Placing("Cardiac", Isolation.NONE, "female")


@pytest.fixture
def known(cast: Cast) -> int:
    return cast.patient("Marie", "Sandoval", dob=date(1984, 7, 23), policy="OLD-1")


@pytest.fixture
def mistaken(cast: Cast, arrive: Arrive, known: int) -> tuple[Arrival, int]:
    """(an arrival that was confirmed as `known`, admitted and put into E1 by mistake; its own record)."""
    arrival = arrive(sent=True)
    double = arrival.row().patient_id or 0
    request = arrivals.confirm_and_admit(cast.desk, arrival.id, ANSWERS, CARDIAC, same_as=known)
    placement.place(cast.desk, request, cast.beds["E1"])
    return arrival, double


def test_the_known_record_takes_what_was_confirmed(mistaken: tuple[Arrival, int], known: int) -> None:
    assert fresh(Patient, known).first_name == "Maria"
    assert fresh(Patient, mistaken[1]).merged_into_id == known


def test_taking_it_back_gives_each_what_is_theirs(cast: Cast, mistaken: tuple[Arrival, int], known: int) -> None:
    arrival, double = mistaken
    merging.unmerge(cast.desk, double)
    old, new = fresh(Patient, known), fresh(Patient, double)
    assert (old.first_name, old.insurance_policy_num) == ("Marie", "OLD-1")
    assert (new.first_name, new.insurance_policy_num, new.provisional) == (
        "Maria",
        ANSWERS["insurance_policy_num"],
        False,
    )
    assert new.merged_into_id is None
    row = arrival.row()
    assert row.patient_id == double
    assert fresh(Encounter, row.encounter_id or 0).patient_id == double
    with read_session() as session:
        lying = select(Stay.patient_id).where(Stay.bed_id == cast.beds["E1"], col(Stay.to_at).is_(None))
        assert session.exec(lying).one() == double
    assert {f"patient:{known}", f"patient:{double}", "desk", f"verify:{arrival.id}"} <= cast.topics("patient.unmerged")
    assert f"bed:{cast.beds['E1']}" in cast.topics("bed.updated")


def test_what_was_corrected_meanwhile_stays(cast: Cast, mistaken: tuple[Arrival, int], known: int) -> None:
    with unit_of_work(cast.desk) as work:
        row = patients.lock_patient(work, known)
        now = patients.Identity.from_row(row)
        patients.change_patient(work, row, replace(now, phone="2125550777"))
    merging.unmerge(cast.desk, mistaken[1])
    assert fresh(Patient, known).phone == "2125550777"
    assert fresh(Patient, known).first_name == "Marie"


def test_twice_is_once(cast: Cast, mistaken: tuple[Arrival, int]) -> None:
    for _ in range(2):
        merging.unmerge(cast.desk, mistaken[1])
    assert cast.announced().count("patient.unmerged") == 1
    assert cast.audited("patient.unmerge")[-1].user_id == cast.people["desk"]


def test_the_desk_sees_joins_and_can_take_them_back(cast: Cast, mistaken: tuple[Arrival, int], known: int) -> None:
    arrival, double = mistaken
    (shown,) = desk_value()["joined"]
    assert (shown["patient_id"], shown["into_id"], shown["by"]) == (double, known, "Dora Desk")
    assert verify_value(arrival.id)["joins"] == [shown]  # type: ignore[index]
    merging.unmerge(cast.desk, double)
    assert desk_value()["joined"] == []


def test_joining_later_moves_nothing(cast: Cast, known: int) -> None:
    other = cast.patient("Mary", "Sandoval", dob=date(1984, 7, 23))
    merging.merge(cast.desk, other, known)
    assert fresh(Patient, known).first_name == "Marie"
    merging.unmerge(cast.desk, other)
    assert fresh(Patient, other).first_name == "Mary"


def test_never_in_a_ring(cast: Cast, known: int) -> None:
    other = cast.patient()
    merging.merge(cast.desk, other, known)
    with pytest.raises(Conflict, match="merged already"):
        merging.merge(cast.desk, known, other)
    with pytest.raises(Conflict, match="same record"):
        merging.merge(cast.desk, known, known)


@pytest.mark.parametrize("name", ["nurse", "manager", "admin", "feed"])
def test_other_roles_join_and_part_nobody(cast: Cast, known: int, name: str) -> None:
    for act in (lambda a: merging.merge(a, known, cast.patient()), lambda a: merging.unmerge(a, known)):
        with pytest.raises(NotAllowed):
            act(cast.as_actor(name))
