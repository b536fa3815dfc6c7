"""The push, proven for intake: after every act each open panel whose value changed was named by an event of that act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hospital_ops.domain.documents import Side
from hospital_ops.domain.eligibility import Coverage, Reply
from hospital_ops.domain.placement import Isolation
from hospital_ops.services import arrivals, documents, eligibility, intake, merging, placement, readings
from hospital_ops.services.arrivals import Placing
from tests.cast import Cast
from tests.intake.conftest import ANSWERS, Patient
from tests.intake.photos import photo
from tests.intake.test_readings import READ
from tests.state.test_announced import newest_event, panels, topics_announced

Arrive = Callable[..., Patient]
Act = Callable[[Cast, Arrive], Callable[[], object]]
CARDIAC = Placing("Cardiac", Isolation.NONE, "female")


def save(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    patient = arrive().fill(first_name="Ann")
    return lambda: intake.save_field(patient.actor, patient.id, "last_name", "Other")


def send(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    patient = arrive().fill()
    return lambda: intake.submit(patient.actor, patient.id)


def send_a_photo(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    patient = arrive(sent=True)
    return lambda: documents.receive(patient.actor, patient.id, Side.INSURANCE_FRONT, photo())


def read_a_card(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    patient = arrive(sent=True)
    number = documents.receive(patient.actor, patient.id, Side.INSURANCE_FRONT, photo())
    job = readings.begin_reading(number)
    assert job is not None
    return lambda: readings.finish_reading(job, READ)


def ask_the_patient(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    patient = arrive(sent=True)
    return lambda: arrivals.ask_patient(cast.desk, patient.id, "Seven or one?")


def answer_the_desk(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    patient = arrive(sent=True)
    arrivals.ask_patient(cast.desk, patient.id, "Seven or one?")
    return lambda: intake.reply(patient.actor, patient.id, 0, "Seven.")


def _asked(cast: Cast, arrive: Arrive) -> tuple[Patient, int]:
    patient = arrive(sent=True, has_insurance="no", insurance_policy_num="", insurance_payer="")
    return patient, eligibility.ask(cast.desk, patient.id)


def ask_the_insurance(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    patient = arrive(sent=True, has_insurance="no")
    return lambda: eligibility.ask(cast.desk, patient.id)


def hear_the_insurance(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    _, number = _asked(cast, arrive)
    return lambda: eligibility.answer(number, Reply(Coverage.VERIFIED), "fhir")


def confirm_somebody_new(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    patient = arrive(sent=True)
    arrive(sent=True, first_name="Behind")
    return lambda: arrivals.confirm(cast.desk, patient.id, ANSWERS)


def confirm_somebody_known(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    known, patient = cast.patient(dob=date(1984, 7, 23)), arrive(sent=True)
    return lambda: arrivals.confirm_and_admit(cast.desk, patient.id, ANSWERS, CARDIAC, same_as=known)


def take_back_a_join(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    known, patient = cast.patient("Marie", dob=date(1984, 7, 23)), arrive(sent=True)
    double = patient.row().patient_id or 0
    request = arrivals.confirm_and_admit(cast.desk, patient.id, ANSWERS, CARDIAC, same_as=known)
    placement.place(cast.desk, request, cast.beds["E1"])
    return lambda: merging.unmerge(cast.desk, double)


def close_a_registration(cast: Cast, arrive: Arrive) -> Callable[[], object]:
    patient = arrive(sent=True)
    arrive(sent=True, first_name="Behind")
    return lambda: arrivals.cancel(cast.desk, patient.id)


ACTS: list[Act] = [
    save,
    send,
    send_a_photo,
    read_a_card,
    ask_the_patient,
    answer_the_desk,
    ask_the_insurance,
    hear_the_insurance,
    confirm_somebody_new,
    confirm_somebody_known,
    take_back_a_join,
    close_a_registration,
]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_every_panel_that_changed_was_named(cast: Cast, arrive: Arrive, act: Act) -> None:
    deed = act(cast, arrive)
    before, last = panels(cast), newest_event()
    deed()
    after = panels(cast)
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed, "an act that changes no panel proves nothing"
    # A registration that did not exist before has nobody who looks at it.
    assert {name for name in changed if name in before} <= topics_announced(last), "these panels would have gone stale"
