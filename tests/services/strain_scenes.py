"""A month of shifts for the small hospital, so that people have an index."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from hospital_ops.domain.access import CLOCK, Role
from hospital_ops.infra.db import new_session
from hospital_ops.models import Shift, ShiftAssignment, User
from hospital_ops.services import strain
from tests.cast import Cast


def month(cast: Cast, people: Iterable[int], ward: str = "east", role: str = "nurse", hours: int = 15) -> None:
    """These people together: five shifts a week of so many hours, over the last four weeks."""
    ids = list(people)
    with new_session() as session:
        for day in range(1, 28):
            if day % 7 < 5:
                starts = cast.now - timedelta(days=day)
                shift = Shift(
                    ward_id=cast.wards.get(ward), role=role, starts_at=starts, ends_at=starts + timedelta(hours=hours)
                )
                session.add(shift)
                session.flush()
                session.add_all(ShiftAssignment(shift_id=shift.id or 0, user_id=user_id) for user_id in ids)
        session.commit()


def hired(cast: Cast, number: int, role: Role = Role.NURSE, first: int = 1) -> list[int]:
    """Colleagues with no names to speak of."""
    with new_session() as session:
        people = [
            User(username=f"{role}{n}", display_name=f"{role} {n}", role=role.value)
            for n in range(first, first + number)
        ]
        session.add_all(people)
        session.flush()
        ids = [one.id or 0 for one in people]
        session.commit()
        return ids


def scored(cast: Cast) -> int:
    """The nurse's index, from a month of long shifts. Returns her id."""
    month(cast, [cast.people["nurse"]])
    strain.score(CLOCK)
    return cast.people["nurse"]
