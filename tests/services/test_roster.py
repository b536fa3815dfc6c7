"""The roster: published once, gaps filled by asking, one yes for one gap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from hospital_ops.domain.access import Actor
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, Invalid, NotAllowed, NotFound
from hospital_ops.domain.staffing import Answer
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.models import Shift, ShiftAsk, ShiftAssignment, ShiftForecast
from hospital_ops.queries.tasks import my_tasks
from hospital_ops.services import roster, roster_draft
from hospital_ops.services.roster import NewShift
from hospital_ops.services.roster_draft import Wish
from tests.cast import Cast
from tests.services.test_roster_draft import stamp


def planned(cast: Cast, begins_in: int = 6, ward: str = "east", *names: str) -> int:
    """A nurses' shift that begins in so many hours; "" is the house's. Returns its id."""
    starts = cast.now + timedelta(hours=begins_in)
    with new_session() as session:
        shift = Shift(ward_id=cast.wards.get(ward), role="nurse", starts_at=starts, ends_at=starts + timedelta(hours=8))
        session.add(shift)
        session.flush()
        session.add_all(ShiftAssignment(shift_id=shift.id or 0, user_id=cast.people[name]) for name in names)
        session.commit()
        return shift.id or 0


def needs(cast: Cast, shift_id: int, nurses: int) -> None:
    with new_session() as session:
        shift = session.get_one(Shift, shift_id)
        numbers: dict[str, Any] = dict.fromkeys(
            (
                "arrivals",
                "arrivals_low",
                "arrivals_high",
                "departures",
                "census",
                "census_low",
                "census_high",
                "p_over",
            ),
            1.0,
        )
        session.add(
            ShiftForecast(
                ward_id=shift.ward_id, role="nurse", starts_at=shift.starts_at, ends_at=shift.ends_at, shift="day",
                made_at=cast.now, needed=nurses, needed_low=nurses, needed_high=nurses, model="t", **numbers,
            )
        )  # fmt: skip
        session.commit()


def on_shift(shift_id: int) -> set[int]:
    with read_session() as session:
        return set(session.exec(select(ShiftAssignment.user_id).where(ShiftAssignment.shift_id == shift_id)))


def answered(shift_id: int) -> dict[int, str]:
    with read_session() as session:
        return {ask.user_id: ask.answer for ask in session.exec(select(ShiftAsk).where(ShiftAsk.shift_id == shift_id))}


def test_who_is_asked_and_says_yes_is_on_the_roster(cast: Cast) -> None:
    shift, nurse = planned(cast), cast.people["nurse"]
    assert roster.ask(cast.staffing, shift, [nurse]) == 1
    assert answered(shift) == {nurse: Answer.WAITING}
    roster.answer(cast.nurse, shift, yes=True)
    assert on_shift(shift) == {nurse}
    assert answered(shift) == {nurse: Answer.YES}
    assert [entry.action for entry in cast.audited()][-2:] == ["shift.ask", "shift.answer"]
    assert cast.topics("shift.asked") == {"staffing", f"user:{nurse}"}
    assert "staffing" in cast.topics("shift.changed")


def test_the_question_stands_on_the_persons_own_page_until_it_is_answered(cast: Cast) -> None:
    shift, nurse = planned(cast), cast.people["nurse"]
    assert my_tasks(nurse, masked=True)["asked"] == []
    roster.ask(cast.staffing, shift, [nurse])
    (asked,) = my_tasks(nurse, masked=True)["asked"]
    assert (asked["shift_id"], asked["ward"]) == (shift, "Cardiac east")
    roster.answer(cast.nurse, shift, yes=False)
    assert my_tasks(nurse, masked=True)["asked"] == []
    assert on_shift(shift) == set()


@pytest.mark.parametrize("name", ["nurse", "manager", "admin", "desk", "hanna"])
def test_only_who_plans_the_staff_may_ask(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        roster.ask(cast.as_actor(name), planned(cast), [cast.people["nurse"]])


def test_nobody_is_asked_for_a_ward_or_a_role_that_is_not_theirs(cast: Cast) -> None:
    shift = planned(cast)
    with pytest.raises(NotAllowed, match="does not work on that ward"):
        roster.ask(cast.staffing, shift, [cast.people["nurse_west"]])
    with pytest.raises(NotFound):
        roster.ask(cast.staffing, shift, [cast.people["hanna"]])
    with pytest.raises(Invalid):
        roster.ask(cast.staffing, shift, [])


def test_who_has_not_slept_is_not_asked(cast: Cast) -> None:
    shift = planned(cast, 6)
    planned(cast, -5, "east", "nurse")
    with pytest.raises(Conflict, match="h of rest; 11 are needed"):
        roster.ask(cast.staffing, shift, [cast.people["nurse"]])


def test_asking_twice_asks_once_and_answering_twice_changes_nothing_more(cast: Cast) -> None:
    shift, nurse = planned(cast), cast.people["nurse"]
    roster.ask(cast.staffing, shift, [nurse])
    assert roster.ask(cast.staffing, shift, [nurse]) == 0
    roster.answer(cast.nurse, shift, yes=False)
    events = len(cast.announced())
    roster.answer(cast.nurse, shift, yes=True)
    assert on_shift(shift) == set()
    assert len(cast.announced()) == events


def test_nobody_answers_a_question_that_was_not_put_to_them(cast: Cast) -> None:
    shift = planned(cast)
    roster.ask(cast.staffing, shift, [cast.people["nurse"]])
    with pytest.raises(NotFound):
        roster.answer(cast.nurse_west, shift, yes=True)


def test_who_says_yes_too_late_is_told_so(cast: Cast) -> None:
    """The gap was one; a colleague filled it."""
    shift, nurse = planned(cast), cast.people["nurse"]
    needs(cast, shift, 1)
    roster.ask(cast.staffing, shift, [nurse])
    with new_session() as session:
        session.add(ShiftAssignment(shift_id=shift, user_id=cast.people["nurse_west"]))
        session.commit()
    with pytest.raises(ChangedMeanwhile, match="Somebody else"):
        roster.answer(cast.nurse, shift, yes=True)
    assert answered(shift) == {nurse: Answer.FILLED}
    assert on_shift(shift) == {cast.people["nurse_west"]}


def test_the_float_pool_lends_and_no_longer_has(cast: Cast) -> None:
    shift, pool = planned(cast), planned(cast, 6, "", "nurse")
    roster.ask(cast.staffing, shift, [cast.people["nurse"]])
    roster.answer(cast.nurse, shift, yes=True)
    assert on_shift(pool) == set()
    assert on_shift(shift) == {cast.people["nurse"]}


def test_a_shift_that_is_over_or_the_houses_own_is_not_filled(cast: Cast) -> None:
    with pytest.raises(Conflict, match="over"):
        roster.ask(cast.staffing, planned(cast, -9), [cast.people["nurse"]])
    with pytest.raises(NotFound):
        roster.ask(cast.staffing, planned(cast, 6, ""), [cast.people["nurse"]])


def of_tomorrow(cast: Cast) -> list[NewShift]:
    starts = cast.now + timedelta(hours=24)
    ends = starts + timedelta(hours=8)
    return [
        NewShift("east", "nurse", starts, ends, ("nurse",)),
        NewShift("", "nurse", starts, ends, ("nurse_west",)),
    ]


def test_a_published_roster_is_there_once(cast: Cast) -> None:
    assert roster.publish(cast.staffing, of_tomorrow(cast)) == 2
    assert roster.publish(cast.staffing, of_tomorrow(cast)) == 0
    assert [entry.facts["shifts"] for entry in cast.audited("shift.publish")] == [2]


def test_a_draft_that_was_thrown_away_leaves_a_shift_that_is_planned_like_any_other(cast: Cast) -> None:
    """The draft has made the shift's row; who takes their people off a published one is not overruled."""
    shifts = of_tomorrow(cast)[:1]
    slot = Wish(cast.wards["east"], "nurse", shifts[0].starts_at, shifts[0].ends_at)
    roster_draft.put_on(cast.staffing, slot, cast.people["nurse_west"], reason="lent")
    roster_draft.discard_week(cast.staffing, slot.ward_id, slot.slot.day, stamp())
    assert (roster.publish(cast.staffing, shifts), roster.publish(cast.staffing, shifts)) == (1, 0)
    with read_session() as session:
        (shift_id,) = session.exec(select(Shift.id))
    assert on_shift(shift_id or 0) == {cast.people["nurse"]}
    roster_draft.take_off(cast.staffing, shift_id or 0, cast.people["nurse"])
    roster_draft.publish_week(cast.staffing, slot.ward_id, slot.slot.day, stamp())
    assert roster.publish(cast.staffing, shifts) == 0
    assert on_shift(shift_id or 0) == set()


def test_a_roster_is_not_published_by_anybody(cast: Cast) -> None:
    def refused(actor: Actor) -> None:
        with pytest.raises(NotAllowed):
            roster.publish(actor, of_tomorrow(cast))

    for actor in (cast.nurse, cast.manager, cast.admin):
        refused(actor)
