"""Strain as it may be seen: one's own index, figures of groups, and what is contested.

`own_strain` is the one reader of an index. It stands in the topic `own_strain:<id>`, which is that person's alone; a test
holds it to that.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from hospital_ops.domain.strain import NEVER_FOR_DISCIPLINE, WINDOW, ContestStatus, Span, level_of
from hospital_ops.domain.strain_groups import LEAST_PEOPLE, LOWEST, figure_words
from hospital_ops.domain.tasks import TaskStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import (
    Shift,
    ShiftAssignment,
    StrainContest,
    StrainFigure,
    StrainIndex,
    Task,
    User,
    Ward,
)

_CAUSES = {
    "overtime": "more than 40 h a week",
    "long_share": "shifts over 13 h",
    "quick_returns": "under 11 h of rest between shifts",
    "nights": "nights",
}
# What is said of a group; hours and tasks everybody has.
GROUP_CAUSES = frozenset(_CAUSES)
_ROLES = {"transporter": "porter"}


def own_strain(user_id: int) -> dict[str, Any]:
    """The topic `own_strain:<id>`: the index with its causes, and one's contest. {} for nobody."""
    with read_session() as session:
        if session.get(User, user_id) is None:
            return {}
        row = session.get(StrainIndex, user_id)
        told = json.loads(row.told or "{}") if row is not None else {}
        return {
            "user_id": user_id,
            "scored_at": row.scored_at.isoformat() if row is not None else "",
            "index": told.get("index"),
            "level": level_of(told["index"]) if told else "",
            "odds": told.get("odds", ""),
            "causes": told.get("causes", []),
            "model": told.get("model", ""),
            "promise": NEVER_FOR_DISCIPLINE,
            "contest": _own_contest(session, user_id),
        }


def _own_contest(session: Session, user_id: int) -> dict[str, Any]:
    found = select(StrainContest).where(
        StrainContest.user_id == user_id, StrainContest.status != ContestStatus.WITHDRAWN.value
    )
    row = session.exec(found.order_by(col(StrainContest.id).desc()).limit(1)).first()
    if row is None:
        return {"status": "", "words": "", "answer": "", "at": ""}
    at = row.answered_at or row.contested_at
    return {"status": row.status, "words": row.words or "", "answer": row.answer or "", "at": at.isoformat()}


def strain_groups() -> dict[str, Any]:
    """The topic `strain`: what may be said of groups. The same rows for everybody who may see them, and no totals."""
    with read_session() as session:
        found = (
            select(StrainFigure, Ward.name, Ward.position)
            .outerjoin(Ward, col(Ward.id) == StrainFigure.ward_id)
            .where(col(StrainFigure.current))
            .order_by(col(StrainFigure.about).desc(), col(Ward.position).nulls_last(), col(StrainFigure.role))
        )
        rows = [_group(row, ward) for row, ward, _ in session.exec(found)]
    model = rows[0]["model"] if rows else ""
    return {"groups": rows, "least": LEAST_PEOPLE, "model": model, "promise": NEVER_FOR_DISCIPLINE}


def _group(row: StrainFigure, ward: str | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "where": ward or "Whole house and small groups",
        "role": _ROLES.get(row.role, row.role.replace("_", " ")),
        "about": row.about,
        "figure": figure_words(row.about),
        "level": "low" if row.about == LOWEST else level_of(row.about),
        "people": row.people,
        "causes": [f"{share.capitalize()} of them: {_CAUSES[name]}" for name, share in row.causes],
        "remedies": row.remedies,
        "since": row.shown_at.isoformat(),
        "model": row.model,
    }


def contests_value() -> dict[str, Any]:
    """The topic `contests`: what waits for an answer, the oldest first. No index stands in it."""
    with read_session() as session:
        found = (
            select(StrainContest, User.display_name, User.role)
            .join(User, col(User.id) == StrainContest.user_id)
            .where(StrainContest.status == ContestStatus.OPEN.value)
            .order_by(col(StrainContest.contested_at))
        )
        return {
            "contests": [
                {
                    "id": row.id,
                    "who": name,
                    "role": role.replace("_", " "),
                    "words": row.words or "",
                    "at": row.contested_at.isoformat(),
                }
                for row, name, role in session.exec(found)
            ]
        }


def worked(session: Session, until: datetime, ahead: timedelta) -> dict[int, list[tuple[Span, int | None]]]:
    """Person → their shifts, with the ward, from before the window up to `ahead` after `until`; open accounts only."""
    found = (
        select(ShiftAssignment.user_id, Shift.starts_at, Shift.ends_at, Shift.ward_id)
        .join(Shift, col(Shift.id) == ShiftAssignment.shift_id)
        .join(User, col(User.id) == ShiftAssignment.user_id)
        .where(col(User.active), col(Shift.ends_at) > until - WINDOW - timedelta(days=1))
        .where(col(Shift.starts_at) < until + ahead)
    )
    spans: dict[int, list[tuple[Span, int | None]]] = {}
    for user_id, starts, ends, ward_id in session.exec(found.order_by(col(Shift.starts_at))):
        spans.setdefault(user_id, []).append(((starts, ends), ward_id))
    return spans


def tasks_done(session: Session, until: datetime) -> dict[int, int]:
    """Person → tasks finished within the window."""
    found = (
        select(Task.user_id, func.count())
        .where(Task.status == TaskStatus.COMPLETE.value, col(Task.user_id).is_not(None))
        .where(col(Task.finished_at) > until - WINDOW, col(Task.finished_at) <= until)
        .group_by(col(Task.user_id))
    )
    return {user_id: number for user_id, number in session.exec(found) if user_id is not None}


def left_out(session: Session, now: datetime) -> set[int]:
    """Whose index is in no group's figure: contested, or found wrong within the window."""
    lately = (col(StrainContest.status) == ContestStatus.WRONG.value) & (col(StrainContest.answered_at) > now - WINDOW)
    found = select(StrainContest.user_id).where(or_(col(StrainContest.status) == ContestStatus.OPEN.value, lately))
    return set(session.exec(found))
