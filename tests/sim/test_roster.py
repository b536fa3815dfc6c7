"""The simulated staff's roster: every post is filled for ever, people sleep, and few are missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from hospital_ops.domain.staffing import MOST_WEEKLY_HOURS, REST
from hospital_ops.sim import roster
from hospital_ops.sim.cast import ALL_CODES, DEMO_ACCOUNTS, STAFF, StaffPlan
from hospital_ops.sim.wards import WARDS

ZONE = ZoneInfo("America/New_York")
FIRST = date(2026, 3, 2)
DAYS = [FIRST + timedelta(days=day) for day in range(35)]


def groups() -> dict[tuple[str, tuple[str, ...], str], list[StaffPlan]]:
    found: dict[tuple[str, tuple[str, ...], str], list[StaffPlan]] = defaultdict(list)
    for person in STAFF:
        found[person.role, person.ward_codes, person.shift].append(person)
    return found


def test_on_every_day_of_five_weeks_every_post_is_filled_but_for_the_sick() -> None:
    for people in groups().values():
        on_duty = people[0].turn.people - people[0].turn.off
        for day in DAYS:
            assert sum(roster.works_on(one, day) or roster.is_sick(one, day) for one in people) >= on_duty


def test_one_or_two_nurses_a_shift_are_missing() -> None:
    nurses = [one for one in STAFF if one.role == "nurse" and one.ward_codes != ALL_CODES]
    sick = sum(roster.is_sick(one, day) for one in nurses for day in DAYS)
    assert 0.5 <= sick * 5 / 7 / (3 * len(DAYS)) <= 2.5


def test_a_year_from_now_somebody_is_there_too() -> None:
    shifts = roster.shifts_of(FIRST + timedelta(days=365), ZONE)
    assert sum(len(shift.usernames) for shift in shifts if shift.role == "nurse") > 170


def test_everybody_sleeps_and_nobody_works_more_than_a_weeks_hours() -> None:
    for person in STAFF:
        spans = [roster.hours_of(person, day, ZONE) for day in DAYS if roster.works_on(person, day)]
        for (_, ended), (begins, _) in pairwise(spans):
            assert begins - ended >= REST
        for day in DAYS[7:]:
            week = [span for span in spans if 0 <= (day - span[0].astimezone(ZONE).date()).days < 7]
            assert sum((end - begin) / timedelta(hours=1) for begin, end in week) <= MOST_WEEKLY_HOURS


def test_days_off_come_two_together_where_there_are_enough_people() -> None:
    person = next(one for one in STAFF if one.role == "nurse" and one.turn.people >= 7)
    off = [day for day in DAYS if not roster.works_on(person, day) and not roster.is_sick(person, day)]
    alone = [day for day in off[1:-1] if day - timedelta(days=1) not in off and day + timedelta(days=1) not in off]
    assert len(alone) <= len(off) / 3


def test_who_is_on_now_is_who_the_shifts_name() -> None:
    for hour in (2, 6.9, 7.1, 14, 18, 22.5):
        now = datetime(2026, 3, 4, tzinfo=ZONE) + timedelta(hours=hour)
        by_plan = {one.username for one in STAFF if roster.is_on(one, now, ZONE)}
        days = (now.date() - timedelta(days=1), now.date())
        shifts = [shift for day in days for shift in roster.shifts_of(day, ZONE)]
        by_shift = {name for shift in shifts if shift.starts_at <= now < shift.ends_at for name in shift.usernames}
        assert by_plan == by_shift - set(roster.DEMO_SHIFTS)


def test_every_ward_and_the_house_have_their_shifts_round_the_clock() -> None:
    shifts = roster.shifts_of(FIRST, ZONE)
    nursing = Counter(shift.ward_code for shift in shifts if shift.role == "nurse")
    assert nursing == {**{ward.code: 3 for ward in WARDS}, "": 3}
    for role in ("desk", "bed_manager", "transporter"):
        assert sum(shift.role == role and shift.ward_code == "" and bool(shift.usernames) for shift in shifts) == 3


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_night_in_which_the_clocks_change_is_an_hour_shorter_or_longer(day: date) -> None:
    night = next(
        shift
        for shift in roster.shifts_of(day - timedelta(days=1), ZONE)
        if shift.starts_at.astimezone(ZONE).hour == 23
    )
    assert night.starts_at.tzinfo is UTC
    assert (night.ends_at - night.starts_at) / timedelta(hours=1) == (7 if day.month == 3 else 9)


def test_before_the_first_day_some_stayed_on_and_the_demos_nurse_worked() -> None:
    """Strain has something to show; what is to come is as planned."""
    monday = date(2026, 3, 2)
    past = [plan for day in range(28) for plan in roster.as_worked(monday - timedelta(days=28 - day), ZONE)]
    planned = [plan for day in range(28) for plan in roster.shifts_of(monday - timedelta(days=28 - day), ZONE)]
    more = {
        (one.ward_code, len(one.usernames) - len(other.usernames)) for one, other in zip(past, planned, strict=True)
    }
    assert more == {("", 0), *((ward.code, 0) for ward in WARDS), ("1E", 2), ("5A", 1), ("4A", 1)}
    assert all(len(set(one.usernames)) == len(one.usernames) for one in past)
    nurses = [one for one in past if "nurse" in one.usernames]
    assert len(nurses) == 20 + 8


def test_the_demos_own_people_have_shifts_within_the_rules_and_are_counted_on_top() -> None:
    roles = {account.username: account.role for account in DEMO_ACCOUNTS}
    mine = defaultdict(list)
    for shift in (one for day in DAYS[:7] for one in roster.shifts_of(day, ZONE)):
        for name in set(shift.usernames) & set(roles):
            assert shift.role == roles[name]
            mine[name].append(shift)
    assert set(mine) == set(roles) - {"admin"}
    for shifts in mine.values():
        assert sum((one.ends_at - one.starts_at) / timedelta(hours=1) for one in shifts) <= MOST_WEEKLY_HOURS
    assert {one.ward_code for one in mine["nurse"]} == {"4A"}
