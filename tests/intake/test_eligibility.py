"""The insurance is asked in a worker and answers in six ways; none of them stops anybody, and a lost question is answered too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from sqlmodel import select

from hospital_ops.domain.eligibility import ANSWERED, WORDS, Coverage, Inquiry, PayerAway, Reply, ask, payer_key
from hospital_ops.domain.errors import NotAllowed
from hospital_ops.domain.placement import Isolation
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.interop.eligibility import inquiry_of, reply_of, request_of, response_of
from hospital_ops.models import EligibilityCheck
from hospital_ops.queries.clock import real_now
from hospital_ops.queries.desk import desk_value
from hospital_ops.queries.folder import verify_value
from hospital_ops.services import arrivals, eligibility
from hospital_ops.services.arrivals import Placing
from hospital_ops.services.payers import FhirChannel
from hospital_ops.sim.payer import SimulatedPayer
from tests.cast import Cast, fresh
from tests.intake.conftest import ANSWERS, Patient
from workers import eligibility as worker

Arrive = Callable[..., Patient]
ASKED = Inquiry("Blue Harbor Health", "XYZ1234567", "G1", "Maria", "Sandoval", "1984-07-23")


@pytest.fixture
def payer(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedPayer]:
    """A simulated payer that the worker asks, over a real connection."""
    import threading

    server = SimulatedPayer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(worker, "channels", lambda: [FhirChannel(server.url)])
    yield server
    server.close()


def _only(registration_id: int) -> EligibilityCheck:
    with read_session() as session:
        found = session.exec(select(EligibilityCheck).where(EligibilityCheck.registration_id == registration_id))
        return list(found)[-1]


def _insurance(patient: Patient) -> dict[str, object]:
    value = verify_value(patient.id)
    assert value is not None
    found: dict[str, object] = value["insurance"]
    return found


def _work(check: EligibilityCheck, event_id: int = 1) -> None:
    worker.check_eligibility(event_id, {"check_id": check.id})


# number of the member → what the simulated payer says of it
NUMBERS = {
    "XYZ1234567": "verified",
    "XYZ1234500": "inactive",
    "XYZ1234544": "not_recognised",
    "XYZ1234555": "information_missing",
    "XY1": "not_recognised",
}


@pytest.mark.parametrize(("number", "answer"), NUMBERS.items())
def test_sending_asks_and_the_desk_sees_the_answer(
    cast: Cast, arrive: Arrive, payer: SimulatedPayer, number: str, answer: str
) -> None:
    patient = arrive(sent=True, insurance_policy_num=number)
    assert _insurance(patient)["status"] == "asking"
    _work(_only(patient.id))
    shown = _insurance(patient)
    assert (shown["status"], shown["words"]) == (answer, WORDS[Coverage(answer)][0])
    assert (shown["by"], shown["channel"], shown["number"]) == ("the house, at sending", "fhir", number)
    assert shown["answered_at"]
    assert desk_value()["queue"][0]["insurance_state"] == answer
    assert {f"verify:{patient.id}", "desk"} <= cast.topics("eligibility.answered")
    assert cast.audited("eligibility.answer")[-1].facts["coverage"] == answer


def test_a_payer_that_cannot_be_asked_is_not_inactive(arrive: Arrive, payer: SimulatedPayer) -> None:
    patient = arrive(sent=True, insurance_payer="Out of Network Mutual")
    _work(_only(patient.id))
    assert _insurance(patient)["status"] == "payer_unsupported"


def test_without_any_channel_nobody_can_be_asked(arrive: Arrive) -> None:
    patient = arrive(sent=True)
    _work(_only(patient.id))
    assert _insurance(patient)["status"] == "payer_unsupported"


def test_a_payer_that_is_silent_did_not_answer(
    arrive: Arrive, payer: SimulatedPayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "channels", lambda: [_Hasty(payer.url)])
    patient = arrive(sent=True, insurance_policy_num="XYZ1234599")
    _work(_only(patient.id))
    assert _insurance(patient)["status"] == "could_not_reach"


class _Hasty(FhirChannel):
    """Waits a fifth of a second, whatever it is told."""

    def ask(self, inquiry: Inquiry, *, seconds: float) -> Reply:
        return FhirChannel(self.url).ask(inquiry, seconds=0.2)


def test_a_payer_that_is_gone_did_not_answer(arrive: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
    server = SimulatedPayer()
    server.server_close()
    monkeypatch.setattr(worker, "channels", lambda: [FhirChannel(server.url)])
    patient = arrive(sent=True)
    _work(_only(patient.id))
    assert _insurance(patient)["status"] == "could_not_reach"


def test_the_tasks_own_time_limit_is_an_answer(arrive: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless:
        name = "endless"

        def reaches(self, payer: str) -> bool:
            return True

        def ask(self, inquiry: Inquiry, *, seconds: float) -> Reply:
            raise SoftTimeLimitExceeded

    monkeypatch.setattr(worker, "channels", lambda: [Endless()])
    patient = arrive(sent=True)
    _work(_only(patient.id))
    assert _insurance(patient)["status"] == "could_not_reach"
    assert worker.check_eligibility.soft_time_limit < worker.check_eligibility.time_limit < 60


def test_what_is_missing_is_named_and_nobody_is_asked(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True, insurance_payer="")
    _work(_only(patient.id))
    shown = _insurance(patient)
    assert shown["status"] == "information_missing"
    assert str(shown["advice"]).endswith("Missing: Insurance company.")


def test_who_has_no_insurance_is_not_asked_about(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True, has_insurance="no", insurance_policy_num="", insurance_payer="")
    assert _insurance(patient) == {"status": "", "earlier": []}
    assert "eligibility.asked" not in cast.announced()


def test_an_answer_never_stops_an_admission(cast: Cast, arrive: Arrive, payer: SimulatedPayer) -> None:
    patient = arrive(sent=True, insurance_policy_num="XYZ1234500")
    _work(_only(patient.id))
    placing = Placing("Cardiac", Isolation.NONE, "female")
    values = ANSWERS | {"insurance_policy_num": "XYZ1234500"}
    assert arrivals.confirm_and_admit(cast.desk, patient.id, values, placing)


def test_the_desk_asks_again_with_what_stands_in_its_form(cast: Cast, arrive: Arrive, payer: SimulatedPayer) -> None:
    patient = arrive(sent=True, insurance_policy_num="XYZ1234544")
    _work(_only(patient.id))
    number = eligibility.ask(cast.desk, patient.id, {"insurance_policy_num": "XYZ1234567"})
    _work(_only(patient.id), 2)
    shown = _insurance(patient)
    assert (shown["id"], shown["status"], shown["by"]) == (number, "verified", "Dora Desk")
    assert shown["changed"] is True  # The patient's own answer is still the other number.
    assert [one["status"] for one in shown["earlier"]] == ["not_recognised"]  # type: ignore[attr-defined]


def test_twice_is_one_question_and_a_late_answer_changes_nothing(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    first = _only(patient.id)
    assert eligibility.ask(cast.desk, patient.id) == first.id
    assert cast.announced().count("eligibility.asked") == 1
    assert eligibility.answer(first.id or 0, Reply(Coverage.VERIFIED), "fhir", 7)
    assert not eligibility.answer(first.id or 0, Reply(Coverage.INACTIVE), "fhir", 8)
    assert fresh(EligibilityCheck, first.id or 0).status == "verified"


def test_a_question_that_a_dead_worker_took_along_is_answered_in_words(cast: Cast, arrive: Arrive) -> None:
    patient = arrive(sent=True)
    number = _only(patient.id).id or 0
    assert eligibility.give_up() == 0
    with new_session() as session:
        check = session.get_one(EligibilityCheck, number)
        check.asking_since = real_now() - timedelta(minutes=3)
        session.add(check)
        session.commit()
    assert eligibility.give_up() == 1
    assert _insurance(patient)["status"] == "could_not_reach"


@pytest.mark.parametrize("name", ["nurse", "doctor", "hanna", "admin", "manager", "feed"])
def test_other_roles_ask_nothing(cast: Cast, arrive: Arrive, name: str) -> None:
    patient = arrive(sent=True)
    with pytest.raises(NotAllowed):
        eligibility.ask(cast.as_actor(name), patient.id)
    with pytest.raises(NotAllowed):
        eligibility.answer(1, Reply(Coverage.VERIFIED), "", actor=cast.as_actor(name))


def test_what_was_asked_and_said_is_sealed(arrive: Arrive) -> None:
    patient = arrive(sent=True)
    row = _only(patient.id)
    assert b"Sandoval" not in bytes(row.inquiry_sealed or b"")
    assert "Sandoval" in (row.inquiry or "")


# --- the port and its translation ------------------------------------------------------------------------------------


def test_there_are_six_answers_each_with_words_and_advice() -> None:
    assert len(ANSWERED) == 6
    assert all(words and advice.endswith(".") for words, advice in WORDS.values())


def test_the_question_reaches_the_payer_whole() -> None:
    assert inquiry_of(request_of(ASKED, day="2026-11-24")) == ASKED


@pytest.mark.parametrize("answer", [c for c in ANSWERED if c is not Coverage.COULD_NOT_REACH])
def test_each_answer_survives_the_translation(answer: Coverage) -> None:
    said = Reply(answer, plan="PPO Gold", until="2027-12-31", reference="E1")
    heard = reply_of(response_of(said, day="2026-11-24"))
    assert heard.coverage is answer
    if answer is Coverage.VERIFIED:
        assert (heard.plan, heard.until, heard.reference) == ("PPO Gold", "2027-12-31", "E1")


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        "ok",
        {},
        {"resourceType": "Patient"},
        {"resourceType": "CoverageEligibilityResponse"},
        {"resourceType": "CoverageEligibilityResponse", "outcome": "complete"},
        {"resourceType": "CoverageEligibilityResponse", "outcome": "complete", "insurance": [{"inforce": "yes"}]},
        {"resourceType": "CoverageEligibilityResponse", "outcome": "queued", "insurance": [{"inforce": True}]},
        {"resourceType": "CoverageEligibilityResponse", "outcome": "error", "error": [{"code": {"text": "?"}}]},
        {"resourceType": "CoverageEligibilityResponse", "outcome": "error", "error": "all wrong"},
        response_of(Reply(Coverage.COULD_NOT_REACH), day="2026-11-24"),
    ],
)
def test_what_is_not_understood_is_no_answer(nonsense: object) -> None:
    with pytest.raises(PayerAway):
        reply_of(nonsense)


def test_a_channel_is_chosen_by_the_payers_name() -> None:
    channel = FhirChannel("http://127.0.0.1:1", frozenset({payer_key("Blue Harbor Health")}))
    assert channel.reaches("BLUE-HARBOR  Health, Inc.")
    reply, name = ask([channel], Inquiry("Someone Else", "1", "", "A", "B", "2000-01-01"), seconds=1)
    assert (reply.coverage, name) == (Coverage.PAYER_UNSUPPORTED, "")
