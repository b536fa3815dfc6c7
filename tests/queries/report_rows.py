"""Rows for the reports, laid by hand at named moments of the hospital's clock: what happened is what the test says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hospital_ops.domain.access import Actor
from hospital_ops.domain.reports import Question, read_question
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.models import BedRequest, Encounter, Stay, Task
from hospital_ops.queries.clock import hospital_zone
from hospital_ops.queries.reports.figures import Figures, figures
from hospital_ops.queries.reports.page import today
from tests.cast import Cast, add_patient

_numbers = count(1)


def at(words: str) -> datetime:
    """ "2026-02-20 11:59" on the wall of the hospital, as aware UTC."""
    return datetime.fromisoformat(words).replace(tzinfo=hospital_zone()).astimezone(UTC)


def keep(row: Any) -> Any:
    with new_session() as session:
        session.add(row)
        session.commit()
    return row


def encounter(**columns: Any) -> Encounter:
    n = next(_numbers)
    patient = add_patient("Test", f"Patient{n}", policy=f"R-{n:07d}")
    found: Encounter = keep(Encounter(patient_id=patient, unit="Cardiac", **columns))
    return found


def lay(cast: Cast, of: Encounter, label: str, since: datetime, until: datetime | None) -> Stay:
    found: Stay = keep(
        Stay(encounter_id=of.id, patient_id=of.patient_id, bed_id=cast.beds[label], from_at=since, to_at=until)
    )
    return found


def left(cast: Cast, label: str, when: str, *, days: float = 2.0, **columns: Any) -> Encounter:
    """Somebody left this bed then, `days` after being admitted; in the bed itself they lay for a minute."""
    gone = at(when)
    begun = gone - timedelta(days=days)
    found = encounter(**({"status": "left", "admitted_at": begun, "discharged_at": gone} | columns))
    lay(cast, found, label, gone - timedelta(minutes=1), gone)
    return found


def cleaned(cast: Cast, label: str, when: str, *, took: float, **columns: Any) -> Task:
    """A cleaning that was asked for then, accepted after a fifth, begun after a half, and done after `took` minutes."""
    asked = at(when)
    moments = {
        "accepted_at": asked + timedelta(minutes=took / 5),
        "started_at": asked + timedelta(minutes=took / 2),
        "finished_at": asked + timedelta(minutes=took),
    }
    facts = {"kind": "clean_bed", "status": "complete", "description": "Clean", "bed_id": cast.beds[label]}
    ward = {"ward_id": cast.bed(label).ward_id}
    found: Task = keep(Task(**(facts | ward | {"created_at": asked} | moments | columns)))
    return found


def waited(cast: Cast, label: str | None, asked: str, minutes: float | None, **columns: Any) -> BedRequest:
    """A request for a bed; `minutes` later in bed `label`, or withdrawn (no label), or None: still open."""
    opened = at(asked)
    closed = None if minutes is None else opened + timedelta(minutes=minutes)
    facts = {"unit": "Cardiac", "opened_at": opened, "closed_at": closed}
    bed = {"bed_id": cast.beds[label] if label else None}
    found: BedRequest = keep(BedRequest(encounter_id=encounter(status="cancelled").id, **(facts | bed | columns)))
    return found


def asked(words: str = "", **more: str) -> Question:
    """A question as an address has it: "measure=turn-time&days=7"."""
    given = dict(pair.split("=", 1) for pair in words.split("&") if pair)
    return read_question(given | more, today())


def measured(actor: Actor, words: str) -> dict[str, Figures]:
    with read_session() as session:
        return figures(session, actor, asked(words))
