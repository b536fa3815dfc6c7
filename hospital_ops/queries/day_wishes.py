"""Days that people would rather be off."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from hospital_ops.models import DayWish


def wishes_between(session: Session, first: date, last: date) -> dict[int, frozenset[date]]:
    """Person → the days they asked for, from the first to before the last."""
    found: dict[int, set[date]] = defaultdict(set)
    for wish in session.exec(select(DayWish).where(col(DayWish.day) >= first, col(DayWish.day) < last)):
        found[wish.user_id].add(wish.day)
    return {user_id: frozenset(days) for user_id, days in found.items()}


def own_wishes(session: Session, user_id: int, today: date) -> list[dict[str, Any]]:
    """Part of the topic `me:<id>`: the days to come that this person asked for."""
    found = session.exec(
        select(DayWish).where(DayWish.user_id == user_id, col(DayWish.day) > today).order_by(col(DayWish.day))
    )
    return [{"day": wish.day.isoformat(), "word": f"{wish.day:%a %-d %b}"} for wish in found]
