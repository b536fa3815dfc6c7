"""The desk asks, the patient's page shows it, the answer comes back: nobody shouts a name through the hall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hospital_ops.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from hospital_ops.queries.desk import desk_value
from hospital_ops.queries.folder import verify_value
from hospital_ops.queries.intake import registration_value
from hospital_ops.services import arrivals, intake
from tests.cast import Cast
from tests.intake.conftest import ANSWERS, Patient

Arrive = Callable[..., Patient]
WHICH = "Is the number on the card 7 or 1 at the end?"


def _page(patient: Patient) -> dict[str, Any]:
    value = registration_value(patient.id)
    assert value is not None
    return value


def test_a_question_stands_on_the_patients_page_and_its_answer_on_the_desk(cast: Cast, arrive: Arrive) -> None:
    patient = arrive("es", sent=True)
    arrivals.ask_patient(cast.desk, patient.id, WHICH)
    assert _page(patient)["news"][0] == "Recepción tiene una pregunta. Por favor responda abajo."
    assert _page(patient)["asked"] == [{"question": WHICH, "answer": "", "number": 0}]
    assert desk_value()["queue"][0]["state"] == "asked"
    intake.reply(patient.actor, patient.id, 0, "It is a seven.")
    assert verify_value(patient.id)["asked"][0]["answer"] == "It is a seven."  # type: ignore[index]
    assert desk_value()["queue"][0]["state"] == "replied"
    assert "pregunta" not in _page(patient)["news"][0]
    assert {f"registration:{patient.id}", f"verify:{patient.id}", "desk"} <= cast.topics("registration.asked")
    assert WHICH not in str(cast.audited("registration.ask_patient")[-1].facts)


def test_twice_is_once(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    for _ in range(2):
        arrivals.ask_patient(cast.desk, patient.id, WHICH)
    assert len(_page(patient)["asked"]) == 1
    for _ in range(2):
        intake.reply(patient.actor, patient.id, 0, "seven")
    assert cast.announced().count("registration.replied") == 1


def test_what_cannot_be_asked_or_answered_is_said(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    with pytest.raises(Invalid, match="write the question"):
        arrivals.ask_patient(cast.desk, patient.id, "  \0 ")
    with pytest.raises(NotFound, match="no such question"):
        intake.reply(patient.actor, patient.id, 0, "seven")
    arrivals.confirm(cast.desk, patient.id, ANSWERS)
    with pytest.raises(Conflict):
        arrivals.ask_patient(cast.desk, patient.id, WHICH)


@pytest.mark.parametrize("name", ["nurse", "manager", "admin", "feed"])
def test_other_roles_ask_nobody(cast: Cast, arrive: Arrive, name: str) -> None:
    patient = arrive(sent=True)
    with pytest.raises(NotAllowed):
        arrivals.ask_patient(cast.as_actor(name), patient.id, WHICH)


def test_another_patient_answers_nothing_of_mine(cast: Cast, arrive: Arrive) -> None:
    mine, theirs = arrive(sent=True), arrive(sent=True)
    arrivals.ask_patient(cast.desk, mine.id, WHICH)
    with pytest.raises(NotFound):
        intake.reply(theirs.actor, mine.id, 0, "seven")
