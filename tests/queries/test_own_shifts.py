"""A person's own page: this week's hours and five weeks of published shifts, by the hospital's days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hospital_ops.domain.access import Role
from hospital_ops.domain.homes import home_of
from hospital_ops.infra.db import new_session
from hospital_ops.models import Shift, ShiftAssignment
from hospital_ops.queries.own_shifts import own_shifts
from hospital_ops.services import roster
from hospital_ops.state.topic_table import TOPICS
from hospital_ops.state.topics import channel_for
from tests.cast import Cast


def works(cast: Cast, name: str, begins_in: float, ward: str = "east", hours: int = 8) -> int:
    """A shift that begins in so many hours from the scene's Monday, ten in the morning. Returns its id."""
    starts = cast.now + timedelta(hours=begins_in)
    with new_session() as session:
        shift = Shift(
            ward_id=cast.wards.get(ward), role="nurse", starts_at=starts, ends_at=starts + timedelta(hours=hours)
        )
        session.add(shift)
        session.flush()
        session.add(ShiftAssignment(shift_id=shift.id or 0, user_id=cast.people[name]))
        session.commit()
        return shift.id or 0


def test_hours_of_this_week_and_what_is_worked(cast: Cast) -> None:
    works(cast, "nurse", -3)
    works(cast, "nurse", 24)
    works(cast, "nurse", 24 * 7)
    told = own_shifts(cast.people["nurse"])
    assert (told["hours"], told["worked"], told["coming"]) == (16, 3, 3)
    assert [week["word"] for week in told["weeks"][:2]] == ["This week", "Next week"]
    assert [week["hours"] for week in told["weeks"]] == [16, 8, 0, 0, 0]
    first = told["weeks"][0]["shifts"][0]
    assert (first["day"], first["hours"], first["ward"], first["when"]) == (
        "Mon 2 Mar",
        "7–15 h",
        "Cardiac east",
        "now",
    )


def test_the_weeks_are_the_hospitals(cast: Cast) -> None:
    """A night of Sunday belongs to the week in which it begins, though it is Monday in London by then."""
    starts = datetime(2026, 3, 9, 3, tzinfo=UTC)  # Sunday, 23 h in New York, after the clocks have changed.
    works(cast, "nurse", (starts - cast.now) / timedelta(hours=1), ward="")
    told = own_shifts(cast.people["nurse"])
    assert [len(week["shifts"]) for week in told["weeks"]] == [1, 0, 0, 0, 0]
    assert told["weeks"][0]["shifts"][0]["ward"] == "The whole house"


def test_it_is_that_persons_alone(cast: Cast) -> None:
    topic = f"me:{cast.people['nurse']}"
    assert channel_for(TOPICS, cast.nurse, topic) is not None
    for name in ("nurse_west", "staffing", "admin", "manager"):
        assert channel_for(TOPICS, cast.as_actor(name), topic) is None
    assert own_shifts(0) == {}
    assert home_of(Role.NURSE) != "/me"


def test_a_yes_is_on_it_at_once(cast: Cast) -> None:
    shift_id = works(cast, "nurse_west", 30)
    roster.ask(cast.staffing, shift_id, [cast.people["nurse"]])
    roster.answer(cast.nurse, shift_id, yes=True)
    assert f"me:{cast.people['nurse']}" in cast.topics("shift.changed")
    assert own_shifts(cast.people["nurse"])["coming"] == 1
