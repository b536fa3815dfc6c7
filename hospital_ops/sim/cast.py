"""Who works in the demo hospital: the eight demo accounts and some four hundred simulated colleagues. Pure data."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from math import ceil

from hospital_ops.sim.names import full_name
from hospital_ops.sim.wards import SHIFTS, WARDS

ALL_CODES: tuple[str, ...] = tuple(ward.code for ward in WARDS)
# Two neighbouring floors make a zone, so that nobody crosses the house for every job.
ZONES: tuple[tuple[str, ...], ...] = (
    ("1E", "2A", "2B"),
    ("3A", "3B"),
    ("4A", "4B"),
    ("5A", "5B"),
    ("6A", "6B", "7A"),
)


@dataclass(frozen=True)
class AccountPlan:
    """One of the eight accounts a newcomer signs in with. The simulator never acts for them."""

    username: str
    display_name: str
    role: str
    ward_codes: tuple[str, ...]


@dataclass(frozen=True)
class Turn:
    """A person's place in a group that takes turns: of `people`, `off` are off on any day."""

    group: int
    place: int
    people: int
    off: int


@dataclass(frozen=True)
class StaffPlan:
    """One simulated colleague. `shift` is day, evening, night, or one of the doctors' long ones (see roster.HOURS)."""

    username: str
    display_name: str
    role: str
    ward_codes: tuple[str, ...]
    skills: tuple[str, ...]
    shift: str
    turn: Turn


DEMO_ACCOUNTS: tuple[AccountPlan, ...] = (
    AccountPlan("admin", "Ada Whitfield", "admin", ()),
    AccountPlan("manager", "Marcus Bell", "bed_manager", ALL_CODES),
    AccountPlan("staffing", "Sofia Lindqvist", "staffing_manager", ALL_CODES),
    AccountPlan("desk", "Grace Abernathy", "desk", ALL_CODES),
    AccountPlan("nurse", "Nora Castillo", "nurse", ("4A", "3A")),
    AccountPlan("doctor", "Daniel Asante", "doctor", ("4A", "3A")),
    AccountPlan("housekeeper", "Hanna Nowak", "housekeeper", ALL_CODES),
    AccountPlan("porter", "Pablo Iglesias", "transporter", ALL_CODES),
)

NURSE_SKILLS: dict[str, tuple[str, ...]] = {
    "ICU": ("nursing", "critical_care", "telemetry"),
    "Emergency": ("nursing", "triage", "telemetry"),
    "Cardiac": ("nursing", "telemetry"),
    "Neurology": ("nursing", "telemetry", "stroke"),
    "Oncology": ("nursing", "chemotherapy"),
    "Maternity": ("nursing", "midwifery"),
    "Paediatrics": ("nursing", "paediatrics"),
    "Rehabilitation": ("nursing", "mobility"),
}


def username_of(display_name: str) -> str:
    """`Lucía O'Brien` → `lucia.obrien`: plain ASCII, as people type it on a ward's keyboard."""
    # The dotless i has no decomposition, so it would vanish.
    plain = unicodedata.normalize("NFKD", display_name.replace("ı", "i")).encode("ascii", "ignore").decode()
    return ".".join("".join(letter for letter in word if letter.isalnum()) for word in plain.lower().split())


# Nobody works seven days of seven: so many people stand behind each post.
PEOPLE_A_POST = 7 / 5


def _posts() -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...], str, int]]:
    """(role, ward codes, skills, shift, how many are on duty) of every post, in a fixed order."""
    for ward in WARDS:
        skills = NURSE_SKILLS.get(ward.unit, ("nursing",))
        for (shift, _, _), needed in zip(SHIFTS, ward.shift_nurses, strict=True):
            yield "nurse", (ward.code,), skills, shift, needed
    for shift, _, _ in SHIFTS:
        # The float pool may work anywhere; it is what fills a gap.
        yield "nurse", ALL_CODES, ("nursing", "float", "telemetry"), shift, 3
        for zone in ZONES:
            yield "housekeeper", zone, ("clean_bed", "spill"), shift, 1 if shift == "night" else 2
        yield "housekeeper", ALL_CODES, ("clean_bed", "spill", "isolation_clean"), shift, 1
        transporters = {"day": 6, "evening": 5, "night": 3}[shift]
        yield "transporter", ALL_CODES, ("transport", "wheelchair", "stretcher"), shift, transporters
        yield "desk", ALL_CODES, ("registration",), shift, 1
        yield "bed_manager", ALL_CODES, ("placement",), shift, 1
    for ward in WARDS:
        yield "doctor", (ward.code,), (ward.unit.lower(),), "long day", 1
    for one, other in (*zip(WARDS[1:-1:2], WARDS[2::2], strict=True), (WARDS[0], WARDS[-1])):
        yield "doctor", (one.code, other.code), (one.unit.lower(), other.unit.lower()), "on call", 1
    yield "staffing_manager", ALL_CODES, ("roster",), "long day", 1


def _staff() -> tuple[StaffPlan, ...]:
    taken = {account.username for account in DEMO_ACCOUNTS}
    numbers = count()
    plans: list[StaffPlan] = []
    for group, (role, codes, skills, shift, on_duty) in enumerate(_posts()):
        people = ceil(on_duty * PEOPLE_A_POST)
        for place in range(people):
            name = next(name for name in map(full_name, numbers) if username_of(name) not in taken)
            taken.add(username_of(name))
            turn = Turn(group, place, people, people - on_duty)
            plans.append(StaffPlan(username_of(name), name, role, codes, skills, shift, turn))
    return tuple(plans)


STAFF: tuple[StaffPlan, ...] = _staff()
