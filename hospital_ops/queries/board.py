"""The board: one ward's tiles, one query. Also the base of `GET /api/beds/dashboard`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import TARGET_MINUTES, BedStatus
from hospital_ops.domain.forecasts import leaves_words
from hospital_ops.domain.identifiers import initials
from hospital_ops.domain.stays import AWAY_WORDS, Away
from hospital_ops.domain.tasks import OPEN, WORDS, TaskStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, Encounter, Patient, Stay, StayForecast, Task, Ward
from hospital_ops.queries.clock import hospital_zone, read_clock
from hospital_ops.queries.foretold import foretold, of_bed, told
from hospital_ops.queries.milestones import holding_up, milestones_of, progress_of
from hospital_ops.queries.notice import notice_of
from hospital_ops.queries.story import happenings, tasks_of
from hospital_ops.queries.undo import undoable

Tile = dict[str, Any]
BoardRows = Select[Bed, Patient, Encounter, StayForecast, Task, Stay]

_NOT_STAFFED = {BedStatus.CLOSED.value}
_TAKEN = {BedStatus.OCCUPIED.value, BedStatus.PENDING_DISCHARGE.value}


def ward_board(ward_id: int, *, masked: bool) -> dict[str, Any]:
    """One ward as its board shows it; masked leaves out who lies there. {} for a ward that does not exist."""
    return ward_boards([ward_id], masked=masked).get(ward_id, {})


def ward_boards(ward_ids: Sequence[int], *, masked: bool) -> dict[int, dict[str, Any]]:
    """Several wards by their ids, their beds in one query. A ward that does not exist is left out."""
    with read_session() as session:
        wards = session.execute(select(Ward).where(col(Ward.id).in_(ward_ids))).scalars().all()
        now = read_clock(session).now
        beds: dict[int, list[Tile]] = {ward.id or 0: [] for ward in wards}
        for tile in _tiles(session, _rows(beds), now, masked=masked) if beds else []:
            beds[tile["ward_id"]].append(tile)
    return {ward.id or 0: _ward(ward, beds[ward.id or 0], now) for ward in wards}


def _ward(ward: Ward, beds: list[Tile], now: datetime) -> dict[str, Any]:
    counts = Counter(tile["status"] for tile in beds)
    return {
        "id": ward.id,
        "position": ward.position,
        "code": ward.code,
        "name": ward.name,
        "unit": ward.unit,
        "floor": ward.floor,
        "staffed": len(beds) - sum(counts[s] for s in _NOT_STAFFED),
        "occupied": sum(counts[s] for s in _TAKEN),
        "available": counts[BedStatus.AVAILABLE.value],
        "dirty": counts[BedStatus.DIRTY.value] + counts[BedStatus.CLEANING.value],
        "counts": {status.value: counts[status.value] for status in BedStatus},
        "holding": holding_up(beds),
        "beds": beds,
        "at": now.isoformat(),
    }


def dashboard(actor: Actor) -> list[Tile]:
    """Every bed of the actor's wards, by ward and label. Patients only for those who may read them."""
    masked = not actor.may(Permission.PATIENT_READ)
    with read_session() as session:
        wards = None if actor.all_wards else sorted(actor.ward_ids)
        return _tiles(session, _rows(wards), read_clock(session).now, masked=masked)


def ward_ids_of(actor: Actor) -> list[int]:
    """The wards this actor's board shows, in their order on it. Housekeepers and the like see their own."""
    with read_session() as session:
        found = select(col(Ward.id)).order_by(col(Ward.position))
        if not actor.all_wards:
            found = found.where(col(Ward.id).in_(actor.ward_ids))
        return list(session.execute(found).scalars())


def _rows(ward_ids: Iterable[int] | None) -> BoardRows:
    """Beds with the open stay, its patient, encounter and forecast, and the oldest open task: one statement."""
    words = [status.value for status in OPEN]
    task = (
        select(col(Task.bed_id), func.min(col(Task.id)).label("id"))
        .where(col(Task.status).in_(words), col(Task.bed_id).is_not(None))
        .group_by(col(Task.bed_id))
        .subquery()
    )
    found = (
        select(Bed, Patient, Encounter, StayForecast, Task, Stay)
        .outerjoin(Stay, (col(Stay.bed_id) == Bed.id) & col(Stay.to_at).is_(None))
        .outerjoin(Patient, col(Patient.id) == Stay.patient_id)
        .outerjoin(Encounter, col(Encounter.id) == Stay.encounter_id)
        .outerjoin(StayForecast, col(StayForecast.encounter_id) == Stay.encounter_id)
        .outerjoin(task, task.c.bed_id == Bed.id)
        .outerjoin(Task, col(Task.id) == task.c.id)
        .order_by(col(Bed.ward_id), col(Bed.label))
    )
    return found if ward_ids is None else found.where(col(Bed.ward_id).in_(list(ward_ids)))


def _tiles(session: Session, rows: BoardRows, now: datetime, *, masked: bool) -> list[Tile]:
    found = session.execute(rows).all()
    progress = progress_of(session, [row[0] for row in found], now)
    return [{**_tile(*row, now=now, masked=masked), "before_leaving": progress.get(row[0].id or 0)} for row in found]


def _tile(
    bed: Bed,
    patient: Patient | None,
    encounter: Encounter | None,
    forecast: StayForecast | None,
    task: Task | None,
    stay: Stay | None,
    *,
    now: datetime,
    masked: bool,
) -> Tile:
    shown = None if masked else patient
    leaving = patient.predicted_discharge_date if patient else None
    return {
        "id": bed.id,
        "label": bed.label,
        "room_number": bed.room_number,
        "unit": bed.unit,
        "ward_id": bed.ward_id,
        "status": bed.status,
        "version": bed.version,
        "since": bed.since.isoformat(),
        "target_minutes": TARGET_MINUTES.get(BedStatus(bed.status)),
        "predicted_discharge_date": leaving.isoformat() if leaving else None,
        "leaves": _leaves(forecast, now),
        "p24": round(forecast.p24, 3) if forecast else None,
        "pending_source": bed.pending_source,
        "away_since": stay.away_since.isoformat() if stay and stay.away_since else None,
        "away": AWAY_WORDS[Away(stay.away_to)] if stay and stay.away_to else "",
        "patient": initials(shown.first_name, shown.last_name) if shown else "",
        "patient_id": shown.id if shown else None,
        "sex": encounter.sex if encounter else "",
        "isolation": encounter.isolation if encounter and encounter.isolation != "none" else "",
        "telemetry": bool(encounter.telemetry) if encounter else bed.telemetry,
        "sex_of_room": bed.sex_of_room,
        "isolation_room": bed.isolation_room,
        "needs": _needs(bed, encounter),
        "leaves_today": _leaves_today(bed, leaving, now),
        "reason": bed.reason,
        "expires_at": bed.expires_at.isoformat() if bed.expires_at else None,
        "task": f"{task.description} · {WORDS[TaskStatus(task.status)]}" if task else "",
        "x": bed.x,
        "y": bed.y,
    }


def _needs(bed: Bed, encounter: Encounter | None) -> str:
    """What a filter looks for: of whoever lies here, or of whom an empty bed is for. Words apart by a space."""
    isolation = encounter.isolation != "none" if encounter else bed.isolation_room
    telemetry = encounter.telemetry if encounter else bed.telemetry
    sex = encounter.sex if encounter else bed.sex_of_room
    named = {"isolation": isolation, "telemetry": telemetry, sex: sex in {"female", "male"}}
    return " ".join(word for word, is_so in named.items() if is_so)


def _leaves_today(bed: Bed, leaving: datetime | None, now: datetime) -> bool:
    """Ordered, or expected before midnight."""
    if bed.status == BedStatus.PENDING_DISCHARGE:
        return True
    zone = hospital_zone()
    return leaving is not None and leaving.astimezone(zone).date() == now.astimezone(zone).date()


def _leaves(forecast: StayForecast | None, now: datetime) -> str:
    if forecast is None:
        return ""
    return leaves_words(told(forecast), now, hospital_zone())


def bed_story(bed_id: int, *, masked: bool) -> dict[str, Any]:
    """One bed: its tile, when whoever lies there leaves, its tasks, and what happened to it lately, newest first.

    What moves a forecast speaks of age and findings: masked leaves it out.
    """
    with read_session() as session:
        bed = session.get(Bed, bed_id)
        if bed is None:
            return {}
        now = read_clock(session).now
        rows = _rows([bed.ward_id]).where(col(Bed.id) == bed_id)
        tile = _tiles(session, rows, now, masked=masked)[0]
        forecast = of_bed(session, bed_id)
        tasks, timeline = tasks_of(session, bed_id), happenings(session, bed_id)
        undo, notice = undoable(session, bed, now), notice_of(session, bed)
        before = milestones_of(session, bed, now, masked=masked)
    return {
        "bed": tile,
        "forecast": foretold(forecast, now, masked=masked) if forecast else None,
        "tasks": tasks,
        "milestones": before,
        "timeline": timeline,
        "undo": undo,
        "notice": notice,
        "at": now.isoformat(),
    }
