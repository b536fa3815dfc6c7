"""The morning on which the demo begins, as plain values: who lies where, who waits, how the empty beds are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.history import OBSERVED, Inpatient, PastStay
from hospital_ops.domain.placement import Isolation, Need, Offer, ranked
from hospital_ops.domain.stays import EncounterStatus
from hospital_ops.domain.tasks import Priority, StaffStatus
from hospital_ops.services.founding import EmptyBed, NewEncounter, NewPatient, NewPerson
from hospital_ops.services.patients import Identity
from hospital_ops.sim.cast import DEMO_ACCOUNTS, STAFF
from hospital_ops.sim.history import SimulatedHistory, census_at, newcomer
from hospital_ops.sim.names import FEMALE_FIRST, LAST, MALE_FIRST
from hospital_ops.sim.roster import is_on
from hospital_ops.sim.wards import ALL_BEDS, WARD_BY_CODE, BedPlan

KEPT_DAYS = 60
WAITING_UNITS = ("Medicine", "Cardiac", "Surgery", "Emergency")
BLOCKS = ("Broken bed rail", "Deep clean after isolation", "Nurse call out of order")
_ISOLATIONS = (Isolation.CONTACT, Isolation.CONTACT, Isolation.DROPLET, Isolation.AIRBORNE)


def identity_of(patient_id: int, sex: str, age: float, language: str, now: datetime) -> Identity:
    """A name, a date of birth and a policy number for somebody who does not exist; the same for the same id."""
    dice = np.random.default_rng([17, patient_id])
    pool = FEMALE_FIRST if sex == "female" else MALE_FIRST
    born = now - timedelta(days=age * 365.25 + float(dice.uniform(0, 30)))
    return Identity(
        first_name=pool[int(dice.integers(len(pool)))],
        last_name=LAST[int(dice.integers(len(LAST)))],
        dob=born.date().isoformat(),
        insurance_policy_num=f"SIM{patient_id:06d}{int(dice.integers(100)):02d}",
        sex=sex,
        language=language if language in {"en", "es"} else "en",
    )


def needs_of(stay: PastStay) -> tuple[Isolation, bool]:
    """(isolation, telemetry) of a simulated patient."""
    dice = np.random.default_rng([23, stay.stay_id])
    isolated = dice.random() < 0.09 and stay.unit not in {"Maternity", "Emergency"}
    isolation = _ISOLATIONS[int(dice.integers(len(_ISOLATIONS)))] if isolated else Isolation.NONE
    watched = {"ICU": 0.9, "Cardiac": 0.8, "Emergency": 0.35, "Neurology": 0.3, "Respiratory": 0.3}.get(stay.unit, 0.0)
    return isolation, bool(dice.random() < watched)


def facts_of(stay: PastStay) -> dict[str, object]:
    """Encounter columns of a stay."""
    return {
        "unit": stay.unit,
        "age": None if stay.age is None else int(stay.age),
        "sex": stay.sex,
        "diagnosis_code": stay.diagnosis_code,
        "admission_source": stay.admission_source,
        "payer": stay.payer,
        "race": stay.race,
        "ethnicity": stay.ethnicity,
        "language": stay.language,
    }


def patients(history: SimulatedHistory, now: datetime, zone: ZoneInfo) -> tuple[list[NewPatient], set[str]]:
    """Everybody who has a row: in the house, waiting, or gone within KEPT_DAYS. And the labels of the beds taken.

    Of those in the house now every earlier stay is kept too: the discharge model asks how often they were here.
    """
    here = census_at(history, now)
    places = _beds_for(here)
    in_house = {one.stay.stay_id: one for one in here}
    known = {one.stay.patient_id for one in here}
    people: dict[int, list[NewEncounter]] = defaultdict(list)
    last: dict[int, PastStay] = {}
    for stay in history.stays:
        if one := in_house.get(stay.stay_id):
            leaves = history.stories[stay.stay_id].leaves_at
            people[stay.patient_id].append(_present(one, places[stay.stay_id], leaves))
        elif stay.discharged_at and (stay.patient_id in known or stay.discharged_at > now - timedelta(days=KEPT_DAYS)):
            people[stay.patient_id].append(_past(stay))
        else:
            continue
        last[stay.patient_id] = stay
    found = [NewPatient(_who(last[patient_id], now), encounters) for patient_id, encounters in people.items()]
    return [*found, *_waiting(history, now, zone)], {label for label, _, _ in places.values()}


def _who(stay: PastStay, now: datetime) -> Identity:
    return identity_of(stay.patient_id, stay.sex, stay.age or 0.0, stay.language, stay.admitted_at)


def _past(stay: PastStay) -> NewEncounter:
    times = {"admitted_at": stay.admitted_at, "discharged_at": stay.discharged_at}
    return NewEncounter({**facts_of(stay), **times, "status": EncounterStatus.LEFT.value})


def _present(one: Inpatient, place: tuple[str, Isolation, bool], leaves_at: datetime) -> NewEncounter:
    label, isolation, telemetry = place
    return NewEncounter(
        facts={
            **facts_of(one.stay),
            "status": EncounterStatus.IN_HOUSE.value,
            "admitted_at": one.stay.admitted_at,
            "planned_leave_at": leaves_at,
            "isolation": isolation.value,
            "telemetry": telemetry,
        },
        bed_label=label,
        observations=[(seen.observed_at, seen.code, seen.value, OBSERVED[seen.code][1]) for seen in one.observations],
    )


def _waiting(history: SimulatedHistory, now: datetime, zone: ZoneInfo) -> list[NewPatient]:
    """A few who wait for a bed when the day begins."""
    found = []
    first = 1 + max((stay.patient_id for stay in history.stays), default=0)
    for place, unit in enumerate(WAITING_UNITS):
        dice = np.random.default_rng([29, place])
        since = now - timedelta(minutes=12 + 17 * place)
        stay, story = newcomer(-1 - place, first + place, unit, since, dice, zone)
        facts = {**facts_of(stay), "status": EncounterStatus.WAITING.value, "planned_leave_at": story.leaves_at}
        priority = Priority.HIGH if unit == "Emergency" else Priority.MEDIUM
        found.append(NewPatient(_who(stay, now), [NewEncounter(facts, waits_since=since, priority=priority)]))
    return found


def _beds_for(here: Iterable[Inpatient]) -> dict[int, tuple[str, Isolation, bool]]:
    """Stay → (bed label, isolation, telemetry), by the rules of placement; whoever fits nowhere needs less."""
    free = {bed.label: bed for bed in ALL_BEDS}
    lying: dict[str, list[str]] = defaultdict(list)
    places: dict[int, tuple[str, Isolation, bool]] = {}
    asked = [(one.stay, *needs_of(one.stay)) for one in here]
    # The hard to please choose first.
    asked.sort(key=lambda each: (each[1] is Isolation.NONE, not each[2], each[0].stay_id))
    for stay, isolation, telemetry in asked:
        wishes = ((isolation, telemetry), (Isolation.NONE, telemetry), (Isolation.NONE, False))
        label, granted = next(
            (label, wish) for wish in wishes if (label := _fitting(stay, *wish, free, lying)) is not None
        )
        places[stay.stay_id] = (label, *granted)
        lying[free.pop(label).room_number].append(stay.sex)
    return places


def _fitting(
    stay: PastStay, isolation: Isolation, telemetry: bool, free: dict[str, BedPlan], lying: dict[str, list[str]]
) -> str | None:
    need = Need(stay.unit, stay.sex, isolation, telemetry)
    own = [_offer(bed, lying) for bed in free.values() if bed.ward_code == stay.ward_code]
    anywhere = [_offer(bed, lying) for bed in free.values()] if not telemetry and isolation is Isolation.NONE else []
    for offers in (own, anywhere):
        best = next((judged for judged in ranked(need, offers) if judged.allowed), None)
        if best is not None:
            return best.label
    return None


def _offer(bed: BedPlan, lying: dict[str, list[str]]) -> Offer:
    return Offer(
        bed_id=0,
        label=bed.label,
        ward_id=0,
        unit=WARD_BY_CODE[bed.ward_code].unit,
        status=BedStatus.AVAILABLE,
        sex_of_room=bed.sex_of_room,
        isolation_room=bed.isolation,
        telemetry=bed.telemetry,
        neighbours=tuple(lying[bed.room_number]),
    )


def empty_beds(taken: set[str], now: datetime, cleaners: Iterable[NewPerson]) -> list[EmptyBed]:
    """How the day finds the beds in which nobody lies: most ready, some dirty or being cleaned, a few out of use."""
    empty = [bed for bed in ALL_BEDS if bed.label not in taken]
    order = [empty[int(place)] for place in np.random.default_rng(31).permutation(len(empty))]
    hands = _hands(order, cleaners, round(0.09 * len(order)))
    found = [
        EmptyBed(label, BedStatus.CLEANING, now - timedelta(minutes=9), cleaner=name) for label, name in hands.items()
    ]
    rest = iter([bed for bed in order if bed.label not in hands])
    for share, make in _STATES:
        count = max(1, round(share * len(order)))
        found += [make(bed.label, place, now) for place, bed in zip(range(count), rest, strict=False)]
    return found + [_ready(bed.label, place, now) for place, bed in enumerate(rest)]


def _hands(order: list[BedPlan], cleaners: Iterable[NewPerson], most: int) -> dict[str, str]:
    """Bed → who cleans it now: one person, one bed."""
    free = list(cleaners)
    found: dict[str, str] = {}
    for bed in order:
        cleaner = next((one for one in free if bed.ward_code in one.ward_codes), None)
        if cleaner is not None and len(found) < most:
            free.remove(cleaner)
            found[bed.label] = cleaner.username
    return found


def _dirty(label: str, place: int, now: datetime) -> EmptyBed:
    return EmptyBed(label, BedStatus.DIRTY, now - timedelta(minutes=4 + 3 * place))


def _blocked(label: str, place: int, now: datetime) -> EmptyBed:
    until = now + timedelta(hours=2 + place)
    return EmptyBed(label, BedStatus.BLOCKED, now - timedelta(hours=3), BLOCKS[place % len(BLOCKS)], until)


def _closed(label: str, place: int, now: datetime) -> EmptyBed:
    return EmptyBed(label, BedStatus.CLOSED, now - timedelta(hours=14))


def _ready(label: str, place: int, now: datetime) -> EmptyBed:
    return EmptyBed(label, BedStatus.AVAILABLE, now - timedelta(minutes=30 + 11 * (place % 20)))


# Share of the empty beds, and how such a bed is found.
_STATES = ((0.20, _dirty), (0.07, _blocked), (0.09, _closed))


def people(now: datetime, zone: ZoneInfo, *, simulated: bool = True) -> list[NewPerson]:
    """The eight demo accounts, off shift until somebody signs in, and the simulated staff where they are now."""
    demo = [NewPerson(a.username, a.display_name, a.role, a.ward_codes, simulated=False) for a in DEMO_ACCOUNTS]
    if not simulated:
        return demo
    return demo + [
        NewPerson(
            one.username,
            one.display_name,
            one.role,
            one.ward_codes,
            simulated=True,
            status=StaffStatus.AVAILABLE if is_on(one, now, zone) else StaffStatus.OFF_SHIFT,
            place=_place(number, one.ward_codes),
        )
        for number, one in enumerate(STAFF)
    ]


def _place(number: int, ward_codes: tuple[str, ...]) -> tuple[int, float, float]:
    """Somewhere in one of their wards, on the corridor."""
    dice = np.random.default_rng([37, number])
    ward = ward_codes[int(dice.integers(len(ward_codes)))]
    beds = [bed for bed in ALL_BEDS if bed.ward_code == ward]
    near = beds[int(dice.integers(len(beds)))]
    return near.floor, near.x, 10.0
