"""The roster's draft, its import, and swaps: each act asked the six questions, then what is particular to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, Invalid
from hospital_ops.domain.roster import stamp_of
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.models import RosterChange, Shift, ShiftAssignment, ShiftSwap, User, UserWard
from hospital_ops.services import roster_draft, roster_import, shift_swaps
from hospital_ops.services.roster_draft import Wish
from tests.cast import Cast, fresh
from tests.services.six import Action, Given, SixQuestions, Written, nothing_written

DAY = timedelta(days=1)


def wish(cast: Cast, days: int = 1, hour: int = 12, ward: str = "east", role: str = "nurse") -> Wish:
    """A shift of eight hours that begins so many days after the scene's Monday, at that hour of UTC."""
    starts = datetime(2026, 3, 2, hour, tzinfo=UTC) + days * DAY
    return Wish(cast.wards.get(ward), role, starts, starts + timedelta(hours=8))


def works(cast: Cast, name: str, *args: Any, **kwargs: Any) -> int:
    """Published: this person works that shift. Returns its id."""
    one = wish(cast, *args, **kwargs)
    with new_session() as session:
        found = select(Shift).where(Shift.ward_id == one.ward_id, Shift.starts_at == one.starts_at)
        shift = session.exec(found).first() or Shift(
            ward_id=one.ward_id, role=one.role, starts_at=one.starts_at, ends_at=one.ends_at
        )
        session.add(shift)
        session.flush()
        session.add(ShiftAssignment(shift_id=shift.id or 0, user_id=cast.people[name]))
        session.commit()
        return shift.id or 0


def second_nurse(cast: Cast) -> None:
    """Noel of the west belongs to the east too."""
    with new_session() as session:
        session.add(UserWard(user_id=cast.people["nurse_west"], ward_id=cast.wards["east"]))
        session.commit()


def drafts() -> list[tuple[int, bool]]:
    """(person, joins) of all that is drafted and not published."""
    with read_session() as session:
        found = select(RosterChange).where(col(RosterChange.published_at).is_(None)).order_by(col(RosterChange.id))
        return [(one.user_id, one.joins) for one in session.exec(found)]


def stamp() -> str:
    with read_session() as session:
        found = session.exec(select(RosterChange).where(col(RosterChange.published_at).is_(None)))
        return stamp_of((one.shift_id, one.user_id, one.joins) for one in found)


def on_shift(shift_id: int) -> set[int]:
    with read_session() as session:
        return set(session.exec(select(ShiftAssignment.user_id).where(ShiftAssignment.shift_id == shift_id)))


def state_of(swap_id: int) -> str:
    return fresh(ShiftSwap, swap_id).state


# --- scenes ----------------------------------------------------------------------------------------------------------


def free_nurse(cast: Cast) -> Given:
    return {"wish": wish(cast), "user_id": cast.people["nurse"]}


def working_nurse(cast: Cast) -> Given:
    return {"shift_id": works(cast, "nurse"), "user_id": cast.people["nurse"]}


def nurse_to_move(cast: Cast) -> Given:
    return {**working_nurse(cast), "wish": wish(cast, 3)}


def drafted_week(cast: Cast) -> Given:
    roster_draft.put_on(cast.staffing, wish(cast), cast.people["nurse"])
    return {"ward_id": cast.wards["east"], "day": wish(cast).starts_at.date(), "stamp": stamp()}


def two_shifts(cast: Cast) -> Given:
    second_nurse(cast)
    mine, theirs = works(cast, "nurse"), works(cast, "nurse_west", 3)
    return {"shift_id": mine, "with_user_id": cast.people["nurse_west"], "with_shift_id": theirs}


def asked(cast: Cast) -> Given:
    shift_swaps.ask_swap(cast.nurse, **two_shifts(cast))
    return {"swap_id": the_swap()}


def asked_to_say_yes(cast: Cast) -> Given:
    return {**asked(cast), "yes": True}


def against_a_rule(cast: Cast) -> Given:
    """Noel would have no rest: the evening before he works until the morning."""
    given = two_shifts(cast)
    works(cast, "nurse_west", 1, 3, ward="west")
    shift_swaps.ask_swap(cast.nurse, **given)
    return {"swap_id": the_swap(), "yes": True}


def to_approve(cast: Cast) -> Given:
    """Noel has said yes to it."""
    given = against_a_rule(cast)
    shift_swaps.answer_swap(cast.nurse_west, **given)
    return {**given, "reason": "both want it"}


def the_swap() -> int:
    with read_session() as session:
        return session.exec(select(ShiftSwap.id)).one() or 0


FILE = "ward,role,date,start,end,username\neast,nurse,2026-03-05,07:00,15:00,nurse\n"


def a_file(cast: Cast) -> Given:
    return {"text": FILE}


# --- rivals ----------------------------------------------------------------------------------------------------------


def elsewhere(cast: Cast, given: Given) -> None:
    works(cast, "nurse", 1, 13, ward="west")


def taken_off(cast: Cast, given: Given) -> None:
    roster_draft.take_off(cast.staffing, given["shift_id"], given["user_id"])


def another_draft(cast: Cast, given: Given) -> None:
    roster_draft.put_on(cast.staffing, wish(cast, 3), cast.people["nurse"])


def sent_elsewhere(cast: Cast, given: Given) -> None:
    with new_session() as session:
        session.delete(session.get_one(ShiftAssignment, (given["shift_id"], cast.people["nurse"])))
        session.commit()


def withdrawn(cast: Cast, given: Given) -> None:
    shift_swaps.withdraw_swap(cast.nurse, given["swap_id"])


def declined(cast: Cast, given: Given) -> None:
    shift_swaps.answer_swap(cast.nurse_west, given["swap_id"], yes=False)


def joins(cast: Cast, given: Given) -> bool:
    return (cast.people["nurse"], True) in drafts()


HOUSE_WIDE = "who plans the staff plans it for every ward"
BETWEEN_PEOPLE = "a shift of a ward that is not theirs goes to the planner, by the rule `ward`"

ACTIONS = [
    Action(
        roster_draft.put_on,
        free_nurse,
        who="staffing",
        works=joins,
        audit=("shift.put_on",),
        events=("shift.drafted",),
        wrong_role="manager",
        no_ward=HOUSE_WIDE,
        rival=elsewhere,
        told="roster_overlap",
    ),
    Action(
        roster_draft.take_off,
        working_nurse,
        who="staffing",
        works=lambda cast, given: (given["user_id"], False) in drafts(),
        audit=("shift.take_off",),
        events=("shift.drafted",),
        wrong_role="nurse",
        no_ward=HOUSE_WIDE,
        rival=taken_off,
        told="",
    ),
    Action(
        roster_draft.move,
        nurse_to_move,
        who="staffing",
        works=lambda cast, given: len(drafts()) == 2,
        audit=("shift.move",),
        events=("shift.drafted",),
        wrong_role="admin",
        no_ward=HOUSE_WIDE,
        rival=taken_off,
    ),
    Action(
        roster_draft.publish_week,
        drafted_week,
        who="staffing",
        works=lambda cast, given: drafts() == [] and everywhere(cast) == [cast.people["nurse"]],
        audit=("shift.publish_week",),
        events=("shift.published",),
        wrong_role="nurse",
        no_ward=HOUSE_WIDE,
        rival=another_draft,
    ),
    Action(
        roster_draft.discard_week,
        drafted_week,
        who="staffing",
        works=lambda cast, given: drafts() == [] and everywhere(cast) == [],
        audit=("shift.discard_week",),
        events=("shift.drafted",),
        wrong_role="nurse",
        no_ward=HOUSE_WIDE,
        rival=another_draft,
    ),
    Action(
        roster_import.take,
        a_file,
        who="staffing",
        works=joins,
        audit=("shift.import",),
        events=("shift.drafted",),
        wrong_role="nurse",
        no_ward=HOUSE_WIDE,
        rival=lambda cast, given: roster_import.take(cast.staffing, FILE),
        told="",
    ),
    Action(
        shift_swaps.ask_swap,
        two_shifts,
        who="nurse",
        works=lambda cast, given: bool(swaps()),
        audit=("shift.swap_ask",),
        events=("shift.swap_asked",),
        wrong_role="feed",
        no_ward=BETWEEN_PEOPLE,
        rival=sent_elsewhere,
    ),
    Action(
        shift_swaps.answer_swap,
        asked_to_say_yes,
        who="nurse_west",
        works=lambda cast, given: state_of(given["swap_id"]) == "done",
        audit=("shift.swap_answer",),
        events=("shift.swap_ended",),
        wrong_role="feed",
        no_ward=BETWEEN_PEOPLE,
        rival=withdrawn,
    ),
    Action(
        shift_swaps.withdraw_swap,
        asked,
        who="nurse",
        works=lambda cast, given: state_of(given["swap_id"]) == "withdrawn",
        audit=("shift.swap_withdraw",),
        events=("shift.swap_ended",),
        wrong_role="feed",
        no_ward=BETWEEN_PEOPLE,
        rival=declined,
    ),
    Action(
        shift_swaps.decide_swap,
        to_approve,
        who="staffing",
        works=lambda cast, given: state_of(given["swap_id"]) == "done",
        audit=("shift.swap_decide",),
        events=("shift.swap_ended",),
        wrong_role="nurse",
        no_ward=HOUSE_WIDE,
        rival=withdrawn,
    ),
]


def everywhere(cast: Cast) -> list[int]:
    with read_session() as session:
        return list(session.exec(select(ShiftAssignment.user_id)))


def swaps() -> list[str]:
    with read_session() as session:
        return list(session.exec(select(ShiftSwap.state)))


@pytest.mark.parametrize("action", ACTIONS, ids=str)
class TestSixQuestions(SixQuestions):
    """Asked of every act of the draft and of swaps."""


# --- rules -----------------------------------------------------------------------------------------------------------


def test_a_rule_wants_a_reason_and_the_audit_keeps_both(cast: Cast) -> None:
    works(cast, "nurse", 1, 2)
    late = wish(cast, 1, 14)
    with pytest.raises(Conflict, match="4 h of rest; 11 are needed") as refusal:
        roster_draft.put_on(cast.staffing, late, cast.people["nurse"])
    assert refusal.value.code == "needs_reason"
    assert roster_draft.put_on(cast.staffing, late, cast.people["nurse"], reason="she asked for it")
    facts = cast.audited("shift.put_on")[-1].facts
    assert (facts["rules"], facts["reason"]) == ("rest", "she asked for it")


@pytest.mark.parametrize(
    ("who", "role", "code"), [("doctor", "nurse", "roster_role"), ("nurse_west", "nurse", "needs_reason")]
)
def test_role_is_hard_and_ward_is_soft(cast: Cast, who: str, role: str, code: str) -> None:
    with pytest.raises(Conflict) as refusal:
        roster_draft.put_on(cast.staffing, wish(cast, role=role), cast.people[who])
    assert refusal.value.code == code


def test_no_reason_puts_somebody_in_two_places(cast: Cast) -> None:
    works(cast, "nurse", 1, 13, ward="west")
    with pytest.raises(Conflict) as refusal:
        roster_draft.put_on(cast.staffing, wish(cast), cast.people["nurse"], reason="please")
    assert refusal.value.code == "roster_overlap"


def test_a_closed_account_works_no_shift(cast: Cast) -> None:
    with new_session() as session:
        session.get_one(User, cast.people["nurse"]).active = False
        session.commit()
    with pytest.raises(Conflict) as refusal:
        roster_draft.put_on(cast.staffing, wish(cast), cast.people["nurse"], reason="please")
    assert refusal.value.code == "roster_closed"


def test_hours_and_days_in_a_row(cast: Cast) -> None:
    for day in range(1, 7):
        works(cast, "nurse", day)
    with pytest.raises(Conflict) as refusal:
        roster_draft.put_on(cast.staffing, wish(cast, 7), cast.people["nurse"])
    assert "56 h in seven days" in refusal.value.sentence
    assert "7 days in a row" in refusal.value.sentence


def test_what_has_begun_is_history(cast: Cast) -> None:
    with pytest.raises(Conflict) as refusal:
        roster_draft.put_on(cast.staffing, wish(cast, 0), cast.people["nurse"])
    assert refusal.value.code == "shift_begun"


# --- draft and published ---------------------------------------------------------------------------------------------


def test_nobody_works_a_draft_until_it_is_published(cast: Cast) -> None:
    given = drafted_week(cast)
    assert everywhere(cast) == []
    assert not any(topic.startswith("me:") for topic in cast.topics("shift.drafted"))
    roster_draft.publish_week(cast.staffing, **given)
    assert everywhere(cast) == [cast.people["nurse"]]
    assert {"staffing", f"me:{cast.people['nurse']}"} <= cast.topics("shift.published")


def test_taking_a_draft_back_leaves_nothing(cast: Cast) -> None:
    shift_id = works(cast, "nurse")
    roster_draft.take_off(cast.staffing, shift_id, cast.people["nurse"])
    assert roster_draft.put_on(cast.staffing, wish(cast), cast.people["nurse"])
    assert drafts() == []


def test_the_float_pool_lends(cast: Cast) -> None:
    works(cast, "nurse", ward="")
    roster_draft.put_on(cast.staffing, wish(cast), cast.people["nurse"])
    assert drafts() == [(cast.people["nurse"], False), (cast.people["nurse"], True)]


def test_what_was_drafted_and_is_impossible_by_now_is_not_published(cast: Cast) -> None:
    given = drafted_week(cast)
    elsewhere(cast, given)
    with pytest.raises(Conflict) as refusal:
        roster_draft.publish_week(cast.staffing, **given)
    assert refusal.value.code == "roster_overlap"


# --- from a file -----------------------------------------------------------------------------------------------------

MIXED = """ward,role,date,start,end,username
east,nurse,2026-03-05,07:00,15:00,nurse
east,nurse,2026-03-06,23:00,07:00,nurse
north,nurse,2026-03-07,07:00,15:00,nurse
east,nurse,yesterday,07:00,15:00,nurse
east,nurse,2026-03-07,07:00,15:00,nobody
east,doctor,2026-03-08,07:00,15:00,nurse
east,nurse,2026-03-08,07:00,15:00,nurse_west
east,nurse,2026-03-01,07:00,15:00,nurse
"""


def test_good_lines_are_kept_and_bad_ones_told(cast: Cast) -> None:
    before = Written.now()
    shown = roster_import.preview(cast.staffing, MIXED)
    assert nothing_written(before)
    assert drafts() == []
    kept = roster_import.take(cast.staffing, MIXED)
    assert kept == shown
    assert (kept.made, kept.there, kept.people) == (2, 0, 1)
    assert [one.line for one in kept.bad] == [4, 5, 6, 7, 9]
    assert [one.line for one in kept.warned] == [8]
    assert "no ward “north”" in kept.bad[0].reason
    again = roster_import.take(cast.staffing, MIXED)
    assert (again.made, again.there) == (0, 2)
    assert len(drafts()) == 2


def test_with_a_reason_a_warned_line_is_taken(cast: Cast) -> None:
    kept = roster_import.take(cast.staffing, MIXED, reason="both wards agree")
    assert (kept.made, kept.warned) == (3, [])


@pytest.mark.parametrize("text", ["", "who,when\nnurse,now\n", "x" * 500_000])
def test_what_is_no_roster_is_refused_whole(cast: Cast, text: str) -> None:
    with pytest.raises(Invalid):
        roster_import.preview(cast.staffing, text)


# --- swaps -----------------------------------------------------------------------------------------------------------


def test_a_yes_without_a_rule_in_the_way_swaps_at_once(cast: Cast) -> None:
    given = two_shifts(cast)
    shift_swaps.ask_swap(cast.nurse, **given)
    shift_swaps.answer_swap(cast.nurse_west, the_swap(), yes=True)
    assert on_shift(given["shift_id"]) == {cast.people["nurse_west"]}
    assert on_shift(given["with_shift_id"]) == {cast.people["nurse"]}
    both = {f"me:{cast.people[name]}" for name in ("nurse", "nurse_west")}
    assert {*both, "staffing"} <= cast.topics("shift.swap_ended")


def test_a_yes_against_a_rule_waits_for_the_planner_who_gives_a_reason(cast: Cast) -> None:
    given = to_approve(cast)
    assert state_of(given["swap_id"]) == "to_approve"
    with pytest.raises(Conflict) as refusal:
        shift_swaps.decide_swap(cast.staffing, given["swap_id"], yes=True)
    assert refusal.value.code == "needs_reason"
    shift_swaps.decide_swap(cast.staffing, **given)
    facts = cast.audited("shift.swap_decide")[-1].facts
    assert (facts["rules"], facts["reason"]) == ("rest", "both want it")


def test_nobody_answers_for_another_and_one_question_a_shift(cast: Cast) -> None:
    given = two_shifts(cast)
    shift_swaps.ask_swap(cast.nurse, **given)
    with pytest.raises(Exception, match="Nobody has asked you"):
        shift_swaps.answer_swap(cast.nurse, the_swap(), yes=True)
    other = works(cast, "nurse_west", 4)
    with pytest.raises(Conflict) as refusal:
        shift_swaps.ask_swap(cast.nurse, **(given | {"with_shift_id": other}))
    assert refusal.value.code == "swap_open"


def test_a_swap_that_is_impossible_by_now_can_still_be_ended(cast: Cast) -> None:
    given = to_approve(cast)
    with new_session() as session:
        swap = session.get_one(ShiftSwap, given["swap_id"])
        session.delete(session.get_one(ShiftAssignment, (swap.shift_id, swap.user_id)))
        session.commit()
    with pytest.raises(ChangedMeanwhile):
        shift_swaps.decide_swap(cast.staffing, **given)
    shift_swaps.decide_swap(cast.staffing, **(given | {"yes": False}))
    assert state_of(given["swap_id"]) == "refused"
    assert len(everywhere(cast)) == 2
