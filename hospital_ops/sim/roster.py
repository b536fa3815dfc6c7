"""Who of the simulated staff works when. Pure: the same day gives the same roster, however often it is asked for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hospital_ops.sim.cast import ALL_CODES, DEMO_ACCOUNTS, STAFF, AccountPlan, StaffPlan
from hospital_ops.sim.wards import SHIFTS, WARD_BY_CODE

# Name of a shift → (first hour, hour after the last). Doctors' shifts are long.
HOURS: dict[str, tuple[int, int]] = {
    **{name: (start, end) for name, start, end in SHIFTS},
    "long day": (7, 19),
    "on call": (19, 7),
}
# Of a hundred nurses' shifts so many stand empty, since somebody is ill and not yet replaced: the gaps of a real roster.
SICK_OF_HUNDRED = 2
# These work for the whole house, so no ward's roster has them.
OF_THE_HOUSE = frozenset({"transporter", "desk", "bed_manager", "staffing_manager"})


# The four weeks before the first day were hard in two wards: so many of the day shift stayed on for the evening, by turn.
STAYED_ON: dict[str, int] = {"1E": 2, "5A": 1}
# The demo's own people stand on the roster beside those who fill the posts: whoever plays them is one more, so nobody
# is missed when nobody does. Account → shift and weekdays (Monday is 0).
DEMO_SHIFTS: dict[str, tuple[str, frozenset[int]]] = {
    "nurse": ("day", frozenset(range(5))),
    "doctor": ("long day", frozenset(range(4))),
    "housekeeper": ("day", frozenset(range(5))),
    "porter": ("day", frozenset(range(5))),
    "desk": ("day", frozenset(range(5))),
    "manager": ("day", frozenset(range(5))),
    "staffing": ("long day", frozenset(range(4))),
}
# In the weeks before the first day the demo's nurse stayed on so many evenings.
NURSE, NURSES_WARD, NURSES_EVENINGS = "nurse", "4A", frozenset({1, 4})


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """One ward's shift of one role, and who works it. Without a ward it is the house's."""

    ward_code: str
    role: str
    starts_at: datetime
    ends_at: datetime
    usernames: tuple[str, ...]


def works_on(person: StaffPlan, day: date) -> bool:
    """Whether they are on duty that day: neither off by turn (two days together) nor ill."""
    turn = person.turn
    first_off = day.toordinal() * turn.off // 2 + turn.group
    return (turn.place - first_off) % turn.people >= turn.off and not is_sick(person, day)


def is_sick(person: StaffPlan, day: date) -> bool:
    """Nurses of a ward are ill now and then."""
    if person.role != "nurse" or person.ward_codes == ALL_CODES:
        return False
    drawn = hashlib.blake2b(f"{person.username} {day:%j %Y}".encode(), digest_size=4).digest()
    return int.from_bytes(drawn) % 100 < SICK_OF_HUNDRED


def hours_of(person: StaffPlan, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When they would work on that day (a night begins on it), as aware UTC."""
    start, end = HOURS[person.shift]
    last = day if end > start else day + timedelta(days=1)
    return _at(day, start, zone), _at(last, end, zone)


def is_on(person: StaffPlan, now: datetime, zone: ZoneInfo) -> bool:
    """Whether they are at work now."""
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=1), today)
    spans = (hours_of(person, day, zone) for day in days if works_on(person, day))
    return any(start <= now < end for start, end in spans)


def home_ward(person: StaffPlan | AccountPlan) -> str:
    """The ward whose roster they stand on; "" for the float pool and others of the whole house."""
    of_the_house = person.role in OF_THE_HOUSE or (person.role == "nurse" and person.ward_codes == ALL_CODES)
    return "" if of_the_house else person.ward_codes[0]


def shifts_of(day: date, zone: ZoneInfo) -> list[ShiftPlan]:
    """Every ward's shifts that begin on that day, and the house's."""
    people: dict[tuple[str, str, str], list[str]] = {}
    for code in WARD_BY_CODE:
        people |= {(code, "nurse", name): [] for name, _, _ in SHIFTS}
    for person in STAFF:
        names = people.setdefault((home_ward(person), person.role, person.shift), [])
        names += [person.username] if works_on(person, day) else []
    for account in DEMO_ACCOUNTS:
        shift, weekdays = DEMO_SHIFTS.get(account.username, ("", frozenset[int]()))
        if day.weekday() in weekdays:
            people.setdefault((home_ward(account), account.role, shift), []).append(account.username)
    plans = []
    for (ward, role, shift), names in people.items():
        start, end = HOURS[shift]
        last = day if end > start else day + timedelta(days=1)
        plans.append(ShiftPlan(ward, role, _at(day, start, zone), _at(last, end, zone), tuple(names)))
    return plans


def as_worked(day: date, zone: ZoneInfo) -> list[ShiftPlan]:
    """A past day's shifts with what was not planned: who stayed on, so that strain has something to show."""
    plans = shifts_of(day, zone)
    by_day = {plan.ward_code: plan.usernames for plan in plans if _is(plan, day, "day", zone)}
    return [replace(plan, usernames=plan.usernames + _extra(plan, day, by_day, zone)) for plan in plans]


def _extra(plan: ShiftPlan, day: date, by_day: dict[str, tuple[str, ...]], zone: ZoneInfo) -> tuple[str, ...]:
    if plan.role != "nurse" or not plan.ward_code:
        return ()
    evening, there = _is(plan, day, "evening", zone), by_day.get(plan.ward_code, ())
    stayed = STAYED_ON.get(plan.ward_code, 0) if evening else 0
    names = [there[(day.toordinal() * stayed + place) % len(there)] for place in range(min(stayed, len(there)))]
    works = evening and day.weekday() in NURSES_EVENINGS and plan.ward_code == NURSES_WARD
    return (*names, *((NURSE,) if works else ()))


def _is(plan: ShiftPlan, day: date, shift: str, zone: ZoneInfo) -> bool:
    return plan.role == "nurse" and plan.starts_at == _at(day, HOURS[shift][0], zone)


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
