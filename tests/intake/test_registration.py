"""A patient registers: what is typed is kept, what is missing is asked, one link opens one registration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from hospital_ops.domain.intake import STEPS, Draft
from hospital_ops.infra.crypto import blind_index
from hospital_ops.infra.db import new_session
from hospital_ops.models import Patient as PatientRow
from hospital_ops.models import Registration
from hospital_ops.queries.clock import real_now
from hospital_ops.queries.intake import registration_value
from hospital_ops.services import arrivals, intake
from tests.cast import Cast, fresh
from tests.intake.conftest import ANSWERS, Patient

Arrive = Callable[..., Patient]


def test_each_field_is_kept_as_it_is_typed(arrive: Arrive) -> None:
    patient = arrive()
    intake.save_field(patient.actor, patient.id, "last_name", "  Sandoval ")
    intake.save_field(patient.actor, patient.id, "dob", "not yet")
    value = registration_value(patient.id)
    assert value is not None
    assert value["answers"]["last_name"] == "Sandoval"
    assert value["answers"]["dob"] == "not yet"


def test_answers_are_sealed_at_rest(arrive: Arrive) -> None:
    row = arrive().fill(last_name="Sandoval").row()
    assert row.answers_sealed is not None
    assert b"Sandoval" not in row.answers_sealed
    assert Draft.from_json(row.answers).values == {"last_name": "Sandoval"}


def test_the_same_answer_twice_changes_nothing_more(cast: Cast, arrive: Arrive) -> None:
    patient = arrive().fill(last_name="Sandoval")
    before = patient.row().version, len(cast.announced())
    patient.fill(last_name="Sandoval")
    assert (patient.row().version, len(cast.announced())) == before


def test_saving_is_audited_without_the_words_and_heard_by_the_page_and_the_desk(cast: Cast, arrive: Arrive) -> None:
    patient = arrive().fill(last_name="Sandoval")
    line = cast.audited("registration.save")[-1]
    assert line.facts == {"field": "last_name"}
    assert line.registration_id == patient.id
    topics = cast.topics("registration.saved")
    assert topics == {f"registration:{patient.id}", f"verify:{patient.id}", "desk"}


def test_an_unknown_field_and_an_endless_answer_are_refused(arrive: Arrive) -> None:
    patient = arrive()
    with pytest.raises(Invalid, match="no such question"):
        intake.save_field(patient.actor, patient.id, "is_admin", "yes")
    with pytest.raises(Invalid, match="at most 80"):
        intake.save_field(patient.actor, patient.id, "first_name", "x" * 81)


@pytest.mark.parametrize("act", ["save", "go", "submit", "language", "link", "settle"])
def test_another_patients_registration_is_not_there(arrive: Arrive, act: str) -> None:
    mine, theirs = arrive(), arrive()
    calls = {
        "save": lambda: intake.save_field(mine.actor, theirs.id, "last_name", "Mine now"),
        "go": lambda: intake.go(mine.actor, theirs.id, "birth"),
        "submit": lambda: intake.submit(mine.actor, theirs.id),
        "language": lambda: intake.set_language(mine.actor, theirs.id, "es"),
        "link": lambda: intake.link_for(mine.actor, theirs.id),
        "settle": lambda: intake.settle(mine.actor, theirs.id, 1, "payer", use_card=True),
    }
    with pytest.raises(NotFound, match="no such registration"):
        calls[act]()


@pytest.mark.parametrize("name", ["nurse", "doctor", "hanna", "porter", "manager", "admin", "feed"])
def test_other_roles_may_not_write_in_a_registration(cast: Cast, arrive: Arrive, name: str) -> None:
    with pytest.raises(NotAllowed):
        intake.save_field(cast.as_actor(name), arrive().id, "last_name", "Sandoval")


def test_forward_needs_answers_and_says_which(arrive: Arrive) -> None:
    patient = arrive().fill(first_name="Maria")
    assert not intake.go(patient.actor, patient.id, "birth")
    value = registration_value(patient.id)
    assert value is not None
    assert value["step"] == "name"
    assert value["problems"] == {"last_name": "Please answer this."}


def test_backward_never_asks_and_never_loses(arrive: Arrive) -> None:
    patient = arrive().fill(first_name="Maria", last_name="Sandoval")
    assert intake.go(patient.actor, patient.id, "birth")
    patient.fill(dob="1884-01-01")
    assert intake.go(patient.actor, patient.id, "name")
    assert registration_value(patient.id)["answers"]["dob"] == "1884-01-01"  # type: ignore[index]


def test_a_step_of_no_name_is_refused(arrive: Arrive) -> None:
    patient = arrive()
    for step in ("done", "admin", ""):
        with pytest.raises(Invalid, match="no such step"):
            intake.go(patient.actor, patient.id, step)


@pytest.mark.parametrize(
    ("name", "answer", "sentence"),
    [
        ("dob", "2031-01-01", "This date is in the future. Please check it."),
        ("dob", "1850-01-01", "This date is more than 130 years ago. Please check the year."),
        ("dob", "31/31/1984", "We could not read this date. Please choose year, month and day."),
        ("first_name", "123", "Please write a name with letters."),
        ("phone", "12", "A phone number has 7 to 15 digits. Please check it."),
        ("insurance_policy_num", "-", "Please write the number as it stands on the card."),
        ("visit", "tourism", "Please choose one."),
        ("consent", "2020-01", "Please tick that you agree. If you do not, please talk to the desk."),
        ("signature", "drawn:<svg>", "Please sign with your finger or type your full name."),
    ],
)
def test_each_problem_has_its_sentence(arrive: Arrive, name: str, answer: str, sentence: str) -> None:
    patient = arrive().fill(**(ANSWERS | {name: answer}))
    assert not intake.submit(patient.actor, patient.id)
    assert registration_value(patient.id)["problems"] == {name: sentence}  # type: ignore[index]


def test_sending_with_something_missing_goes_to_it(arrive: Arrive) -> None:
    patient = arrive().fill(**{name: a for name, a in ANSWERS.items() if name != "reason"})
    assert not intake.submit(patient.actor, patient.id)
    assert patient.row().step == "why"
    assert patient.row().status == "started"


def test_without_insurance_no_number_is_asked(arrive: Arrive) -> None:
    answers = ANSWERS | {"has_insurance": "no", "insurance_policy_num": ""}
    patient = arrive().fill(**answers)
    assert intake.submit(patient.actor, patient.id)


def test_sending_makes_a_provisional_patient_and_a_place_in_the_queue(cast: Cast, arrive: Arrive) -> None:
    first, second = arrive(sent=True), arrive(sent=True, last_name="Okafor")
    row = fresh(PatientRow, first.row().patient_id or 0)
    assert (row.first_name, row.last_name, row.dob, row.provisional) == ("Maria", "Sandoval", "1984-07-23", True)
    assert row.policy_index == blind_index("patient.policy", "XYZ1234567")
    assert [registration_value(p.id)["position"] for p in (first, second)] == [1, 2]  # type: ignore[index]
    assert registration_value(second.id)["news"] == ["You are number 2 in the queue."]  # type: ignore[index]
    assert "registration.submitted" in cast.announced()


def test_sending_twice_is_once(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    before = patient.row().patient_id
    assert intake.submit(patient.actor, patient.id)
    assert patient.row().patient_id == before
    assert cast.announced().count("registration.submitted") == 1


def test_what_is_corrected_after_sending_stands_in_the_record_too(arrive: Arrive) -> None:
    patient = arrive(sent=True).fill(last_name="Sandoval Ruiz")
    assert fresh(PatientRow, patient.row().patient_id or 0).last_name == "Sandoval Ruiz"


def test_after_the_desk_has_confirmed_the_patient_cannot_change(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    arrivals.confirm(cast.desk, patient.id, ANSWERS)
    with pytest.raises(Conflict, match="already confirmed"):
        patient.fill(last_name="Other")


def test_the_queue_moves_up_for_those_behind(cast: Cast, arrive: Arrive) -> None:
    first, second = arrive(sent=True), arrive(sent=True, last_name="Okafor")
    arrivals.confirm(cast.desk, first.id, ANSWERS)
    assert registration_value(second.id)["news"] == ["You are next. Please come to the desk."]  # type: ignore[index]
    assert f"registration:{second.id}" in cast.topics("registration.confirmed")


# --- the link --------------------------------------------------------------------------------------------------------


def test_a_link_opens_its_own_registration_only(arrive: Arrive) -> None:
    first, second = arrive(), arrive()
    assert intake.open_link(first.token) == first.id
    assert intake.open_link(second.token) == second.id


def test_only_the_hash_of_a_link_is_stored_and_it_can_be_shown_again(arrive: Arrive) -> None:
    patient = arrive()
    row = patient.row()
    assert patient.token.encode() not in row.link_hash
    assert intake.link_for(patient.actor, patient.id).endswith(f"/api/intake/open/{patient.token}")


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 200, "é" * 43])
def test_an_unknown_link_opens_nothing(cast: Cast, token: str) -> None:
    with pytest.raises(NotFound, match="do not know this link"):
        intake.open_link(token)


def test_an_expired_link_says_so_in_the_patients_language(arrive: Arrive) -> None:
    patient = arrive("es")
    with new_session() as session:
        session.get_one(Registration, patient.id).link_expires_at = real_now() - timedelta(seconds=1)
        session.commit()
    with pytest.raises(intake.LinkExpired, match="Este enlace ha caducado"):
        intake.open_link(patient.token)


def test_the_desk_renews_a_link_and_the_old_one_is_dead(cast: Cast, arrive: Arrive) -> None:
    patient = arrive()
    new = intake.renew_link(cast.desk, patient.id).rsplit("/", 1)[-1]
    assert new != patient.token
    assert intake.open_link(new) == patient.id
    with pytest.raises(NotFound):
        intake.open_link(patient.token)
    with pytest.raises(NotAllowed):
        intake.renew_link(patient.actor, patient.id)


# --- languages -------------------------------------------------------------------------------------------------------


def test_switching_language_loses_nothing(arrive: Arrive) -> None:
    patient = arrive().fill()
    before = registration_value(patient.id)
    intake.set_language(patient.actor, patient.id, "es")
    after = registration_value(patient.id)
    assert before is not None
    assert after is not None
    assert after["language"] == "es"
    assert after["answers"] == before["answers"]
    assert after["step"] == before["step"]


def test_problems_come_in_the_chosen_language(arrive: Arrive) -> None:
    patient = arrive("es")
    intake.go(patient.actor, patient.id, "birth")
    assert registration_value(patient.id)["problems"]["first_name"] == "Por favor responda aquí."  # type: ignore[index]


def test_a_patient_goes_through_every_step(arrive: Arrive) -> None:
    patient = arrive().fill()
    for step in STEPS[1:-1]:
        assert intake.go(patient.actor, patient.id, step)
    assert intake.submit(patient.actor, patient.id)
    assert patient.row().step == "done"


# --- the REST call ---------------------------------------------------------------------------------------------------

NOBODY = Actor(Role.PATIENT, "nobody")


def test_a_form_registers_and_its_link_opens_the_registration(cast: Cast) -> None:
    values = {name: ANSWERS[name] for name in ("first_name", "last_name", "dob", "insurance_policy_num")}
    made = intake.register_by_form(values, {}, language="es")
    assert made.status == "submitted"
    assert intake.open_link(made.link.rsplit("/", 1)[-1]) == made.registration_id
    assert fresh(PatientRow, made.patient_id).first_name == "Maria"
    assert fresh(Registration, made.registration_id).language == "es"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"dob": "yesterday"}, "bad_date"),
        ({"first_name": ""}, "missing"),
        ({"insurance_policy_num": "!"}, "bad_policy"),
    ],
)
def test_a_form_that_cannot_be_a_record_is_refused_whole(cast: Cast, changed: dict[str, str], code: str) -> None:
    values = {name: ANSWERS[name] for name in ("first_name", "last_name", "dob", "insurance_policy_num")}
    with pytest.raises(Invalid) as refused:
        intake.register_by_form(values | changed, {})
    assert refused.value.code == code
    assert "registration.started" not in cast.announced()
