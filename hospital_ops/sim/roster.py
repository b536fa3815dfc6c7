"""Who of the simulated staff works when. Pure: the same day gives the same roster, however often it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hospital_ops.sim.cast import ALL_CODES, STAFF, StaffPlan
from hospital_ops.sim.wards import SHIFTS, WARD_BY_CODE

# Everybody has one day in seven off, a different one for each: a roster with gaps, as rosters are.
DAY_OFF_EVERY = 7
ON_CALL_HOURS = (7, 21)  # Doctors and managers without a shift.
ROSTERED = frozenset({"nurse", "housekeeper", "transporter"})
_HOURS = {name: (start, end) for name, start, end in SHIFTS}
_PLACE = {person.username: place for place, person in enumerate(STAFF)}


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """One ward's shift of one role, and who works it."""

    ward_code: str
    role: str
    starts_at: datetime
    ends_at: datetime
    usernames: tuple[str, ...]


def works_on(person: StaffPlan, day: date) -> bool:
    """Whether this is not their day off."""
    return (day.toordinal() + 3 * _PLACE[person.username]) % DAY_OFF_EVERY != 0


def hours_of(person: StaffPlan, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When they would work on that day (a night begins on it), as aware UTC."""
    start, end = _HOURS.get(person.shift, ON_CALL_HOURS)
    last = day if end > start else day + timedelta(days=1)
    return _at(day, start, zone), _at(last, end, zone)


def is_on(person: StaffPlan, now: datetime, zone: ZoneInfo) -> bool:
    """Whether they are at work now."""
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=1), today)
    spans = (hours_of(person, day, zone) for day in days if works_on(person, day))
    return any(start <= now < end for start, end in spans)


def home_ward(person: StaffPlan) -> str:
    """The ward whose roster they stand on; "" for the float pool, which stands on none."""
    if person.role == "nurse" and person.ward_codes == ALL_CODES:
        return ""
    return person.ward_codes[0]


def shifts_of(day: date, zone: ZoneInfo) -> list[ShiftPlan]:
    """Every ward's shifts that begin on that day."""
    people: dict[tuple[str, str, str], list[str]] = {}
    for code in WARD_BY_CODE:
        people |= {(code, "nurse", name): [] for name, _, _ in SHIFTS}
    for person in STAFF:
        ward = home_ward(person)
        if person.role in ROSTERED and person.shift and ward:
            names = people.setdefault((ward, person.role, person.shift), [])
            names += [person.username] if works_on(person, day) else []
    plans = []
    for (ward, role, shift), names in people.items():
        start, end = _HOURS[shift]
        last = day if end > start else day + timedelta(days=1)
        plans.append(ShiftPlan(ward, role, _at(day, start, zone), _at(last, end, zone), tuple(names)))
    return plans


def break_of(person: StaffPlan, now: datetime, zone: ZoneInfo) -> bool:
    """Whether they have their half hour now: in the middle of the shift, not all at once."""
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        start, end = hours_of(person, day, zone)
        if start <= now < end:
            begins = start + timedelta(minutes=150 + 20 * (_PLACE[person.username] % 9))
            return begins <= now < begins + timedelta(minutes=30)
    return False


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour % 24), zone).astimezone(UTC)
