"""Scoring who leaves when, and what the beds make of it: due today turns pending, a forecast that moved turns it back.

A person's order is never undone here. The model computes before the transaction begins, so that no bed is held
meanwhile; each bed is looked at again under its lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.events import HOSPITAL, MODELS, STAFFING, Event, bed_event, patient, ward
from hospital_ops.domain.events import bed as bed_topic
from hospital_ops.domain.forecasts import StayForecast, due_today
from hospital_ops.domain.stays import PendingSource
from hospital_ops.infra.db import read_session
from hospital_ops.ml.drift import Apart
from hospital_ops.ml.length_of_stay import score
from hospital_ops.models import Bed, Patient, Stay
from hospital_ops.models import StayForecast as StayForecastRow
from hospital_ops.queries.clock import hospital_zone, read_clock
from hospital_ops.queries.forecasts import InBed, in_beds
from hospital_ops.services import forecast_checks
from hospital_ops.services.access import require
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.inbox import first_time
from hospital_ops.services.serving import discharge_model
from hospital_ops.services.stays import mark_pending, unmark_pending
from hospital_ops.services.unit_of_work import Work, unit_of_work

PAGES_AT_ONCE = 150  # two topics each


@dataclass(frozen=True, slots=True)
class Scored:
    """What one scoring did."""

    patients: int = 0
    flipped: int = 0
    reverted: int = 0
    model: str = ""


def score_inpatients(actor: Actor, *, event_id: int | None = None) -> Scored:
    """Forecast everybody in a bed, store it, and let the beds follow."""
    require(actor, Permission.FORECAST_SCORE)
    here, told, now = _forecast(None)
    inputs = _inputs(here, now)
    with unit_of_work(actor) as work:
        if not first_time(work, "score_inpatients", event_id):
            return Scored()
        _store(work, here, told)
        forecast_checks.settle(work, forecast_checks.STAYS)
        forecast_checks.keep_stays(work, here, told, now)
        forecast_checks.keep_inputs(work, forecast_checks.STAYS, told[0].model_name if told else "", inputs, now)
        flipped, reverted = _let_beds_follow(work, here, told, now)
        wards = sorted({one.ward_id for one in here})
        facts: dict[str, Any] = {"patients": len(here), "flipped": flipped, "reverted": reverted}
        work.record("forecast.score", model=told[0].model_name if told else "", **facts)
        work.announce(Event("forecast.scored", facts, (*(ward(w) for w in wards), HOSPITAL, STAFFING, MODELS)))
        _tell_pages(work, here)
        if flipped or reverted:
            dispatch(work)
        return Scored(len(here), flipped, reverted, told[0].model_name if told else "")


def _tell_pages(work: Work, here: Sequence[InBed]) -> None:
    """The patients' own pages and their open beds too, in portions that a NOTIFY can carry."""
    for start in range(0, len(here), PAGES_AT_ONCE):
        some = here[start : start + PAGES_AT_ONCE]
        pages = tuple(topic for one in some for topic in (patient(one.patient_id), bed_topic(one.bed_id)))
        work.announce(Event("forecast.scored", {"patients": len(some)}, pages))


def score_one(actor: Actor, encounter_id: int, *, event_id: int | None = None) -> bool:
    """Forecast one patient who has just been put to bed. The hourly scoring decides about the bed. False: not here."""
    require(actor, Permission.FORECAST_SCORE)
    here, told, _ = _forecast([encounter_id])
    with unit_of_work(actor) as work:
        # Noted also of a patient who has left meanwhile: nobody has to ask again.
        if not first_time(work, "score_one", event_id) or not here:
            return False
        _store(work, here, told)
        one = here[0]
        work.record("forecast.score_one", "encounter", encounter_id, ward_id=one.ward_id)
        facts = {"encounter_id": encounter_id, "patient_id": one.patient_id}
        work.announce(bed_event("forecast.scored", one.bed_id, one.ward_id, **facts))
        return True


def score_observed(actor: Actor, encounter_ids: Sequence[int], *, event_id: int | None = None) -> int:
    """Forecast those of whom something was just measured. The hourly scoring decides about their beds. Returns how many."""
    require(actor, Permission.FORECAST_SCORE)
    here, told, _ = _forecast(encounter_ids)
    with unit_of_work(actor) as work:
        if not first_time(work, "score_observed", event_id) or not here:
            return 0
        _store(work, here, told)
        work.record("forecast.score_observed", patients=len(here))
        wards = sorted({one.ward_id for one in here})
        work.announce(Event("forecast.scored", {"patients": len(here)}, (*(ward(w) for w in wards), HOSPITAL)))
        _tell_pages(work, here)
        return len(here)


def request_scoring(actor: Actor) -> None:
    """Ask for a scoring now, in the background."""
    with unit_of_work(actor) as work:
        require(actor, Permission.FORECAST_VIEW)
        work.record("forecast.request")
        work.announce(Event("forecast.requested"))


def _forecast(among: Sequence[int] | None) -> tuple[list[InBed], list[StayForecast], datetime]:
    with read_session() as session:
        now = read_clock(session).now
        here = in_beds(session, now, among)
    return here, score(discharge_model(), [one.inpatient for one in here], now, hospital_zone()), now


def _inputs(here: Sequence[InBed], now: datetime) -> Apart | None:
    with read_session() as session:
        return forecast_checks.inputs_of(session, discharge_model(), here, now)


def _store(work: Work, here: Sequence[InBed], told: Sequence[StayForecast]) -> None:
    """One upsert for all forecasts, one update for all dates. An older scoring never overwrites a newer one."""
    if not told:
        return
    rows = insert(StayForecastRow).values([_row(forecast) for forecast in told])
    kept = {name: rows.excluded[name] for name in _row(told[0]) if name != "encounter_id"}
    connection = work.session.connection()
    connection.execute(
        rows.on_conflict_do_update(
            index_elements=["encounter_id"],
            set_=kept,
            where=col(StayForecastRow.made_at) <= rows.excluded.made_at,
        )
    )
    patients = [one.patient_id for one in here]
    dates = select(Stay.patient_id, StayForecastRow.median_at).join(
        StayForecastRow, col(StayForecastRow.encounter_id) == col(Stay.encounter_id)
    )
    leaving = dates.where(col(Stay.to_at).is_(None), col(Stay.patient_id).in_(patients)).subquery()
    connection.execute(
        update(Patient)
        .where(col(Patient.id) == leaving.c.patient_id)
        .values(predicted_discharge_date=func.greatest(leaving.c.median_at, work.now))
    )


def _row(forecast: StayForecast) -> dict[str, Any]:
    return {
        "encounter_id": forecast.stay_id,
        "made_at": forecast.made_at,
        "model": forecast.model_name,
        "p24": forecast.p24,
        "p48": forecast.p48,
        "p72": forecast.p72,
        "p_today": forecast.p_today,
        "median_at": forecast.median_at,
        "low_at": forecast.low_at,
        "high_at": forecast.high_at,
        "likely_from": forecast.likely_from,
        "likely_to": forecast.likely_to,
        "mean_days": forecast.mean_days,
        "reasons": list(forecast.reasons),
    }


def _let_beds_follow(work: Work, here: Sequence[InBed], told: Sequence[StayForecast], now: datetime) -> tuple[int, int]:
    """(flipped, reverted). Beds are locked in order of their ids, as everywhere."""
    due = {
        one.bed_id: (one, due_today(forecast, now, hospital_zone())) for one, forecast in zip(here, told, strict=True)
    }
    held = [BedStatus.OCCUPIED.value, BedStatus.PENDING_DISCHARGE.value]
    found = select(Bed, Stay).join(Stay, col(Stay.bed_id) == col(Bed.id)).where(col(Stay.to_at).is_(None))
    wanted = found.where(col(Bed.id).in_(due), col(Bed.status).in_(held)).order_by(col(Bed.id))
    flipped = reverted = 0
    for bed, stay in work.session.exec(wanted.with_for_update(of=Bed)):
        one, today = due[bed.id or 0]
        if stay.encounter_id != one.encounter_id:
            continue  # Somebody else lies there by now.
        if today and bed.status == BedStatus.OCCUPIED:
            mark_pending(work, bed, stay, PendingSource.PREDICTION)
            flipped += 1
        elif not today and bed.pending_source == PendingSource.PREDICTION:
            unmark_pending(work, bed, "the forecast has moved past today")
            reverted += 1
    return flipped, reverted
