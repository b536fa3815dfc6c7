"""Scoring strain: everybody's own, sealed; groups of five or more, and nothing from which one of them follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from hospital_ops.domain.access import CLOCK, Role
from hospital_ops.domain.errors import NotAllowed
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.models import Shift, ShiftAssignment, StrainIndex
from hospital_ops.queries.clock import read_clock
from hospital_ops.queries.strain import left_out, own_strain, strain_groups
from hospital_ops.services import strain, strain_contests
from tests.cast import Cast
from tests.services.six import Written, nothing_written
from tests.services.strain_scenes import hired, month, scored

DAY = 24 * 60.0


def shown() -> list[tuple[str, str, int]]:
    return [(row["where"], row["role"], row["about"]) for row in strain_groups()["groups"]]


class TestScore:
    """`strain.score`: the clock asks for it once a day."""

    def test_it_works(self, cast: Cast) -> None:
        user_id = scored(cast)
        told = own_strain(user_id)
        assert told["index"] > 50
        assert told["level"] == "high"
        assert [cause["name"] for cause in told["causes"]][:2] == ["overtime", "long_share"]
        assert told["causes"][1]["weighs"] == "odds × 2.70"
        assert "no survey" in told["model"]
        assert "never used for discipline" in told["promise"]

    def test_the_wrong_role_may_not(self, cast: Cast) -> None:
        for name in ("nurse", "staffing", "admin", "manager"):
            with pytest.raises(NotAllowed):
                strain.score(cast.as_actor(name))

    def test_the_wrong_ward_may_not(self, cast: Cast) -> None:
        """There is no wrong ward: only the house's own clock may."""
        with pytest.raises(NotAllowed):
            strain.score(cast.nurse_west)

    def test_twice_changes_nothing_more(self, cast: Cast) -> None:
        month(cast, [cast.people["nurse"], *hired(cast, 5)])
        first = strain.score(CLOCK, event_id=4)
        before, told = Written.now(), (shown(), own_strain(cast.people["nurse"]))
        assert strain.score(CLOCK, event_id=4) == strain.Scored()
        assert nothing_written(before)
        assert strain.score(CLOCK) == first
        assert told == (shown(), own_strain(cast.people["nurse"]))

    def test_the_loser_of_a_race_is_told(self, cast: Cast) -> None:
        """Two workers with one firing: the second finds it done."""
        scored(cast)
        assert strain.score(CLOCK, event_id=9).people == 1
        assert strain.score(CLOCK, event_id=9).people == 0

    def test_audit_and_event_are_written(self, cast: Cast) -> None:
        month(cast, [cast.people["nurse"]])
        before = Written.now()
        strain.score(CLOCK)
        written = Written.now().since(before)
        assert written.names == (("strain.score",), ("strain.scored", "strain.scored"))
        assert written.audit[0].facts == {"people": 1, "groups": 0, "fitted": False}
        assert cast.topics("strain.scored") == {"strain", f"own_strain:{cast.people['nurse']}"}


def test_no_index_lies_open_in_the_database(cast: Cast) -> None:
    user_id = scored(cast)
    with read_session() as session:
        row = session.get_one(StrainIndex, user_id)
        assert b"index" not in bytes(row.told_sealed or b"")
        assert '"index"' in (row.told or "")


def test_too_few_shifts_have_no_index_and_one_that_had_it_has_none(cast: Cast) -> None:
    user_id = scored(cast)
    cast.later(26 * DAY)
    assert strain.score(CLOCK).people == 0
    assert own_strain(user_id)["index"] is None


def test_four_are_nobodys_to_see_and_five_are(cast: Cast) -> None:
    people = hired(cast, 4)
    month(cast, people)
    assert strain.score(CLOCK).groups == 0
    assert shown() == []
    month(cast, hired(cast, 5, first=11), "west", hours=8)
    assert strain.score(CLOCK).groups == 1
    assert [(where, role) for where, role, _ in shown()] == [("Medicine west", "nurse")]


def test_two_small_wards_are_shown_together_without_their_names(cast: Cast) -> None:
    month(cast, hired(cast, 3))
    month(cast, hired(cast, 4, first=11), "west")
    strain.score(CLOCK)
    assert [(where, role) for where, role, _ in shown()] == [("Whole house and small groups", "nurse")]


def test_roles_are_not_mixed(cast: Cast) -> None:
    month(cast, hired(cast, 3))
    month(cast, hired(cast, 4, Role.DOCTOR), role="doctor")
    assert strain.score(CLOCK).groups == 0


def test_a_contested_index_leaves_the_group_and_the_group_its_figure(cast: Cast) -> None:
    """Six with, five without: both may be shown, but not both of them."""
    nurse = cast.people["nurse"]
    month(cast, [nurse, *hired(cast, 5)])
    strain.score(CLOCK)
    assert len(shown()) == 1
    contest = strain_contests.contest(cast.nurse, "I was on leave.")
    assert len(shown()) == 1, "until the next scoring nothing moves, so nobody sees when it was said"
    cast.later(DAY)
    strain.score(CLOCK)
    assert shown() == []
    strain_contests.answer(cast.admin, contest, "The roster has you on every day.", wrong=False)
    strain.score(CLOCK)
    assert len(shown()) == 1, "the same people as before are nobody's difference"


def test_found_wrong_it_stays_out_until_its_days_have_passed(cast: Cast) -> None:
    nurse = scored(cast)

    def out() -> set[int]:
        with read_session() as session:
            return left_out(session, read_clock(session).now)

    contest = strain_contests.contest(cast.nurse, "I was on leave.")
    assert out() == {nurse}
    strain_contests.answer(cast.admin, contest, "You are right.", wrong=True)
    cast.later(27 * DAY)
    assert out() == {nurse}
    cast.later(DAY)
    assert out() == set()


def test_a_newcomer_takes_the_figure_away_until_the_windows_part(cast: Cast) -> None:
    people = hired(cast, 6)
    month(cast, people[:5])
    strain.score(CLOCK)
    assert len(shown()) == 1
    with new_session() as session:
        ids = set(session.exec(select(ShiftAssignment.shift_id)))
        session.add_all(ShiftAssignment(shift_id=shift_id, user_id=people[5]) for shift_id in ids)
        session.commit()
    cast.later(DAY)
    strain.score(CLOCK)
    assert shown() == []


def test_a_figure_stands_for_a_week(cast: Cast) -> None:
    month(cast, hired(cast, 5))
    strain.score(CLOCK)
    first = strain_groups()["groups"][0]["since"]
    cast.later(3 * DAY)
    strain.score(CLOCK)
    assert strain_groups()["groups"][0]["since"] == first
    cast.later(4 * DAY)
    strain.score(CLOCK)
    assert strain_groups()["groups"][0]["since"] > first


def test_no_total_and_no_id_of_anybody_is_told(cast: Cast) -> None:
    people = hired(cast, 6)
    month(cast, people)
    strain.score(CLOCK)
    value = strain_groups()
    assert set(value) == {"groups", "least", "model", "promise"}
    assert {type(told) for told in value["groups"][0].values()} == {int, str, list}
    assert "user_ids" not in value["groups"][0]
    assert value["groups"][0]["people"] == "5 to 9"


def test_shifts_of_the_coming_week_become_remedies(cast: Cast) -> None:
    people = hired(cast, 5)
    month(cast, people)
    with new_session() as session:
        for hours in (24, 24 + 8 + 9):
            starts = cast.now + timedelta(hours=hours)
            one = Shift(ward_id=cast.wards["east"], role="nurse", starts_at=starts, ends_at=starts + timedelta(hours=8))
            session.add(one)
            session.flush()
            session.add_all(ShiftAssignment(shift_id=one.id or 0, user_id=user_id) for user_id in people[:2])
        session.commit()
    strain.score(CLOCK)
    (words,) = strain_groups()["groups"][0]["remedies"]
    assert words.startswith("Two people have under 11 h between two shifts next week")
