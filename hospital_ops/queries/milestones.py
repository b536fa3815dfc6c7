"""What is still to be done before somebody leaves: one bed's list, each leaving bed's progress, and who could own one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hospital_ops.domain.access import Actor, Permission, require
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import NotFound
from hospital_ops.domain.milestones import DELAYS, MILESTONES, ORDER
from hospital_ops.domain.tasks import SKILL, WORDS, StaffStatus, TaskKind, TaskStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, Encounter, Stay, Task, TaskDelay, User, UserWard

Row = dict[str, Any]
_NOT_HERE = [StaffStatus.OFF_SHIFT.value, StaffStatus.ON_BREAK.value]
_STATUS = {StaffStatus.AVAILABLE.value: "free", StaffStatus.ON_TASK.value: "at work"}


def milestones_of(session: Session, bed: Bed, now: datetime, *, masked: bool) -> dict[str, Any]:
    """What whoever leaves this bed still needs: {"rows", "ids", "more", "done", "of"}; {} unless somebody is about to leave.

    `rows` in the order of the ward, `ids` of the open ones, `more`: what could be added. What was written about a delay is
    for those who read patients.
    """
    if bed.status != BedStatus.PENDING_DISCHARGE:
        return {}
    rows = [_row(*found, now=now, masked=masked) for found in _latest(session, [bed.id or 0])[bed.id or 0]]
    there = {row["name"] for row in rows if not row["done"]}
    more = [{"name": name, "title": one.title} for name, one in MILESTONES.items() if name not in there]
    open_ids = [row["id"] for row in rows if not row["done"]]
    done = len(rows) - len(open_ids)
    return {"rows": rows, "ids": open_ids, "more": more, "done": done, "of": len(rows)}


def progress_of(session: Session, beds: Iterable[Bed], now: datetime) -> dict[int, Row]:
    """By bed, of those whose patient is about to leave: {"done", "of", "holds", "who", "why", "late"}.

    `holds` is what leaving waits for: what somebody says is held up, else what is late, else the next in order.
    """
    leaving = [bed.id or 0 for bed in beds if bed.status == BedStatus.PENDING_DISCHARGE]
    if not leaving:
        return {}
    found = _latest(session, leaving)
    return {bed_id: _progress([_row(*one, now=now, masked=True) for one in found[bed_id]]) for bed_id in leaving}


def holding_up(tiles: Iterable[Row]) -> list[Row]:
    """What delays leaving today in these tiles, the most frequent first: [{"why", "beds"}]."""
    counts = Counter(tile["before_leaving"]["why"] for tile in tiles if tile["before_leaving"])
    return [{"why": why, "beds": beds} for why, beds in counts.most_common() if why]


def who_could_own(actor: Actor, task_id: int) -> list[Row]:
    """Nurses and doctors who are here, not on a break, and work in the milestone's ward: [{"user_id", "name", "words"}]."""
    with read_session() as session:
        task = session.get(Task, task_id)
        if task is None or not task.milestone:
            raise NotFound("There is no such milestone.")
        require(actor, Permission.STAY_DISCHARGE, task.ward_id)
        roles = SKILL[TaskKind.DISCHARGE_MILESTONE]
        here = (
            select(User).join(UserWard, col(UserWard.user_id) == User.id).where(col(UserWard.ward_id) == task.ward_id)
        )
        named = here.where(
            col(User.active),
            col(User.role).in_([role.value for role in roles]),
            col(User.current_status).not_in(_NOT_HERE),
        )
        return [
            {
                "user_id": user.id,
                "name": user.display_name,
                "words": f"{user.role}, {_STATUS[user.current_status]}",
                "owns": user.id == task.user_id,
            }
            for user in session.execute(named.order_by(col(User.role), col(User.display_name))).scalars()
        ]


def _latest(session: Session, bed_ids: list[int]) -> dict[int, list[Any]]:
    """The newest task of each milestone since it was said that they leave, by bed; what was crossed off is left out."""
    newest: dict[tuple[int, str], Any] = {}
    for task, bed_id, who, by, delay in session.execute(_statement(bed_ids)):
        if task.status == TaskStatus.CANCELLED:
            newest.pop((bed_id, task.milestone), None)
        else:
            newest[bed_id, task.milestone] = (task, who, by, delay)
    found: dict[int, list[Any]] = defaultdict(list)
    for (bed_id, _), row in newest.items():
        found[bed_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: ORDER.get(row[0].milestone, len(ORDER)))
    return found


def _statement(bed_ids: list[int]) -> Any:
    holder, finisher = aliased(User), aliased(User)
    return (
        select(Task, col(Stay.bed_id), col(holder.display_name), col(finisher.display_name), TaskDelay)
        .join(Stay, (col(Stay.patient_id) == Task.patient_id) & col(Stay.to_at).is_(None))
        .join(Encounter, col(Encounter.id) == Stay.encounter_id)
        .outerjoin(holder, col(holder.id) == Task.user_id)
        .outerjoin(finisher, col(finisher.id) == Task.finished_by)
        .outerjoin(TaskDelay, (col(TaskDelay.task_id) == Task.id) & col(TaskDelay.ended_at).is_(None))
        .where(
            col(Stay.bed_id).in_(bed_ids),
            col(Task.milestone) != "",
            col(Task.created_at) >= col(Encounter.marked_leaving_at),
        )
        .order_by(col(Task.id))
    )


def _row(task: Task, who: str | None, by: str | None, delay: TaskDelay | None, *, now: datetime, masked: bool) -> Row:
    done, known = task.status == TaskStatus.COMPLETE, MILESTONES.get(task.milestone)
    owner = known.owner.value if known else "nurse"
    return {
        "id": task.id,
        "name": task.milestone,
        "title": known.title if known else task.description,
        "done": done,
        "status": task.status,
        "status_words": WORDS[TaskStatus(task.status)],
        # A person by name, or the role that the house is looking for.
        "who": (by or who or "") if done else (who or ""),
        "owner": owner,
        "due_at": task.due_at.isoformat() if task.due_at else None,
        "late": not done and task.due_at is not None and task.due_at < now,
        "finished_at": task.finished_at.isoformat() if task.finished_at else None,
        "reason": delay.reason if delay else "",
        "why": DELAYS.get(delay.reason, "") if delay else "",
        "words": (delay.words or "") if delay and not masked else "",
        "delayed_at": delay.at.isoformat() if delay else None,
        "version": task.version,
    }


def _progress(rows: list[Row]) -> Row:
    still = [row for row in rows if not row["done"]]
    holding = min(still, key=lambda row: (not row["why"], not row["late"]), default=None)
    return {
        "done": len(rows) - len(still),
        "of": len(rows),
        "holds": holding["title"] if holding else "",
        "who": (holding["who"] or f"a {holding['owner']}") if holding else "",
        "why": holding["why"] if holding else "",
        "late": bool(holding and holding["late"]),
    }
