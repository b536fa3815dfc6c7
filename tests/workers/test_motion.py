"""What moves the hospital by itself: the clock fires once, the relay loses nothing, forecasts never undo an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from hospital_ops.domain.access import CLOCK, WORKER
from hospital_ops.domain.clockwork import JOBS, newest_slot
from hospital_ops.domain.errors import NotAllowed
from hospital_ops.domain.escalation import answer_minutes
from hospital_ops.domain.forecasts import StayForecast
from hospital_ops.domain.tasks import Priority
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.models import Bed, HospitalClock, OutboxEvent, Stay, User
from hospital_ops.models import StayForecast as StayForecastRow
from hospital_ops.services import clock, escalation, forecasts, observations, stays
from hospital_ops.services.inbox import first_time
from hospital_ops.services.unit_of_work import unit_of_work
from tests.cast import Cast
from workers import relay
from workers.forecasts import score_observed
from workers.lost import send_again
from workers.relay import Consumer

ZONE = ZoneInfo("America/New_York")
SLOT = datetime(2026, 3, 2, 15, tzinfo=UTC)


def test_only_the_newest_slot_is_due() -> None:
    jobs = {job.name: job for job in JOBS}
    now = datetime(2026, 3, 2, 15, 7, 40, tzinfo=UTC)
    assert newest_slot(jobs["score_discharges"], now, ZONE) == SLOT
    assert newest_slot(jobs["expire_blocks"], now, ZONE) == SLOT + timedelta(minutes=5)
    assert newest_slot(jobs["retention"], now, ZONE) == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert newest_slot(jobs["retention"], datetime(2026, 3, 2, 7, tzinfo=UTC), ZONE).day == 1


def test_two_clocks_fire_a_job_once(cast: Cast) -> None:
    assert clock.fire("score_discharges", SLOT)
    assert not clock.fire("score_discharges", SLOT)
    assert cast.announced().count("clock.fired") == 1


def test_the_clock_is_set_by_those_who_may(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        clock.set_clock(cast.nurse, speed=1)
    clock.set_clock(cast.manager, speed=60)
    assert "clock.speed_changed" in cast.announced()


def test_an_event_has_its_effect_once(cast: Cast) -> None:
    with unit_of_work(WORKER) as work:
        assert first_time(work, "test", 7)
        assert not first_time(work, "test", 7)


def test_a_relay_that_cannot_send_loses_nothing(cast: Cast) -> None:
    clock.fire("score_discharges", SLOT)
    clock.fire("retention", SLOT)
    sent: list[str] = []

    def away_after_one(consumer: relay.Consumer, event_id: int, facts: dict[str, Any]) -> None:
        if sent:
            raise relay.BrokerAway("away")
        sent.append(consumer.task)

    with pytest.raises(relay.BrokerAway):
        relay.relay_once(away_after_one)
    later: list[str] = []
    relay.relay_once(lambda consumer, event_id, facts: later.append(consumer.task))
    relay.relay_once(lambda consumer, event_id, facts: later.append(consumer.task))
    assert sent == ["workers.forecasts.score_discharges"]
    assert later == ["workers.retention.retain"]


def test_a_row_that_cannot_be_sent_does_not_hold_up_the_others(cast: Cast) -> None:
    clock.fire("score_discharges", SLOT)
    clock.fire("retention", SLOT)
    sent: list[str] = []

    def picky(consumer: relay.Consumer, event_id: int, facts: dict[str, Any]) -> None:
        if facts["job"] == "score_discharges":
            raise ValueError("a bad row")
        sent.append(consumer.task)

    relay.relay_once(picky)
    assert sent == ["workers.retention.retain"]
    with new_session() as session:
        assert [row.attempts for row in session.exec(select(OutboxEvent)) if row.sent_at is None] == [1]


def gone(event_id: int, minutes: float) -> None:
    """It was sent so long ago."""
    with new_session() as session:
        session.get_one(OutboxEvent, event_id).sent_at = datetime.now(UTC) - timedelta(minutes=minutes)
        session.commit()


def relayed() -> list[int]:
    """One look for what is lost, one round of the relay: the events that went out."""
    sent: list[int] = []
    send_again(relay.NOTED, relay.MOST_ATTEMPTS)
    relay.relay_once(lambda consumer, event_id, facts: sent.append(event_id))
    return sent


def test_what_was_sent_and_left_no_trace_goes_out_again_twice_as_late_each_time(cast: Cast) -> None:
    clock.fire("score_discharges", SLOT)
    (event,) = relayed()
    assert relayed() == []
    for minutes, again in ((4, []), (5, [event]), (5, []), (9.5, [event]), (17, []), (18.5, [event])):
        gone(event, minutes)
        assert relayed() == again, minutes
    forecasts.score_inpatients(WORKER, event_id=event)
    gone(event, 60)
    assert relayed() == []


def test_nobody_asks_again_for_what_something_else_asks_for(cast: Cast) -> None:
    clock.fire("escalate_overdue", SLOT)
    (event,) = relayed()
    gone(event, 60)
    assert relayed() == []


def test_what_is_a_day_old_is_not_sent_again(cast: Cast) -> None:
    clock.fire("score_discharges", SLOT)
    (event,) = relayed()
    gone(event, 25 * 60)
    assert relayed() == []


def test_a_patient_who_left_before_the_forecast_is_not_asked_for_again(cast: Cast) -> None:
    assert not forecasts.score_one(WORKER, 0, event_id=7)
    with unit_of_work(WORKER) as work:
        assert not first_time(work, "score_one", 7)


def test_people_answer_in_real_minutes_and_simulated_ones_in_hospital_minutes() -> None:
    assert answer_minutes(Priority.HIGH, 30, simulated=False) == 120
    assert answer_minutes(Priority.HIGH, 0, simulated=False) == 4
    assert answer_minutes(Priority.MEDIUM, 30, simulated=True) == 6


def test_an_unanswered_offer_goes_to_the_next_person(cast: Cast) -> None:
    cast.occupy("E1")
    stays.leave(cast.nurse, cast.beds["E1"])
    (task,) = [one for one in cast.tasks_of("E1") if one.kind == "clean_bed"]
    assert task.status == "offered"
    first = task.user_id
    assert not escalation.escalate_overdue(CLOCK)
    cast.later(7)
    assert escalation.escalate_overdue(CLOCK)["unanswered"] == 1
    again = cast.task(task.id or 0)
    assert (again.status, again.unanswered) == ("offered", 1)
    assert again.user_id not in (None, first)


def test_a_person_at_a_fast_hospital_has_real_minutes(cast: Cast) -> None:
    cast.occupy("E1")
    stays.leave(cast.nurse, cast.beds["E1"])
    with new_session() as session:
        session.get_one(HospitalClock, 1).speed = 30
        session.commit()
    cast.later(60)
    assert not escalation.escalate_overdue(CLOCK)
    with new_session() as session:
        for person in session.exec(select(User)):
            person.simulated = True
        session.commit()
    assert escalation.escalate_overdue(CLOCK)["unanswered"] == 1


def told(days: float) -> Any:
    """A model that says this of everybody."""

    def score(model: object, inpatients: Any, now: datetime, zone: ZoneInfo) -> list[StayForecast]:
        at = now + timedelta(days=days, minutes=5)
        one = StayForecast(0, now, 0.5, 0.7, 0.9, 0.5, at, at, at, at, at, days, (), "said so")
        return [replace(one, stay_id=each.stay.stay_id) for each in inpatients]

    return score


def test_due_today_flips_and_a_later_date_turns_it_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.occupy("E1")
    monkeypatch.setattr(forecasts, "score", told(0))
    assert forecasts.score_inpatients(WORKER).flipped == 1
    assert (cast.bed("E1").status, cast.bed("E1").pending_source) == ("pending_discharge", "prediction")
    assert forecasts.score_inpatients(WORKER).flipped == 0
    monkeypatch.setattr(forecasts, "score", told(2))
    assert forecasts.score_inpatients(WORKER).reverted == 1
    assert cast.bed("E1").status == "occupied"
    assert all(task.status == "cancelled" for task in cast.tasks_of("E1") if task.milestone)


def test_a_forecast_never_undoes_an_order(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.occupy("E1")
    monkeypatch.setattr(forecasts, "score", told(0))
    forecasts.score_inpatients(WORKER)
    stays.order_discharge(cast.doctor, cast.beds["E1"])
    monkeypatch.setattr(forecasts, "score", told(3))
    assert forecasts.score_inpatients(WORKER).reverted == 0
    assert (cast.bed("E1").status, cast.bed("E1").pending_source) == ("pending_discharge", "order")


def test_the_same_scoring_twice_is_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.occupy("E1")
    monkeypatch.setattr(forecasts, "score", told(0))
    assert forecasts.score_inpatients(WORKER, event_id=11).patients == 1
    assert forecasts.score_inpatients(WORKER, event_id=11).patients == 0


def test_what_was_measured_is_followed_by_a_new_forecast_of_those_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for label in ("E1", "E2"):
        cast.occupy(label)
    monkeypatch.setattr(forecasts, "score", told(2))
    forecasts.score_inpatients(WORKER)
    (mine,) = encounters_in("E1")
    observations.record(cast.nurse, cast.wards["east"], [observations.Reading(mine, "1988-5", 42.0)])
    sent: list[tuple[Consumer, int, dict[str, Any]]] = []
    relay.relay_once(lambda *one: sent.append(one))
    ((event, facts),) = [(event, facts) for who, event, facts in sent if who.task == "workers.forecasts.score_observed"]

    asked: list[Any] = []
    monkeypatch.setattr(forecasts, "score", lambda model, these, *at: asked.extend(these) or told(0)(model, these, *at))
    score_observed(event, facts)
    score_observed(event, facts)  # sent again: the second time stores nothing
    assert {(one.stay.stay_id, one.observations[-1].value) for one in asked} == {(mine, 42.0)}
    with read_session() as session:
        rows = {one.encounter_id: one.median_at - one.made_at for one in session.exec(select(StayForecastRow))}
        (last,) = session.exec(select(OutboxEvent).order_by(col(OutboxEvent.id).desc()).limit(1))
    assert {encounter for encounter, left in rows.items() if left < timedelta(days=1)} == {mine}
    assert len(cast.audited("forecast.score_observed")) == 1
    # The page of the patient and the open bed show it; whether the bed is due the next hour decides.
    assert f"bed:{cast.beds['E1']}" in last.topics
    assert cast.bed("E1").status == "occupied"


def encounters_in(label: str) -> list[int]:
    """Of whoever lies there now."""
    with read_session() as session:
        there = select(Stay.encounter_id).join(Bed).where(Bed.label == label, col(Stay.to_at).is_(None))
        return list(session.exec(there))


def test_scoring_is_not_for_everybody(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        forecasts.score_inpatients(cast.nurse)
