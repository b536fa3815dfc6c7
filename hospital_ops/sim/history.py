"""Two years of a hospital that never was: admissions, departures, observations. The same seed gives the same history.

Everything runs on the hospital's own wall clock (seconds since 1970 as if in UTC) and becomes aware UTC at the end.
"""

from __future__ import annotations

import heapq
import math
from array import array
from bisect import bisect
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from hospital_ops.domain.history import History, Inpatient, Observations, PastStay
from hospital_ops.sim import rhythm
from hospital_ops.sim.diagnoses import DIAGNOSES, Diagnosis
from hospital_ops.sim.people import Person, draw_person, draw_source
from hospital_ops.sim.stories import (
    DAYS_WAITING_TO_LEAVE,
    SEEN,
    UNSEEN,
    Story,
    days_needed,
    draw_traits,
    values_at,
)
from hospital_ops.sim.wards import WARDS, WardPlan

Floats = npt.NDArray[np.float64]
HOUR, DAY = 3600.0, 86400.0
OFFERED = 0.90  # of the beds; what turns away at a full ward leaves about 0.85 occupied
WARM_UP_DAYS = 60
COMES_BACK = 0.20
# Whoever finds these wards full may lie in another of them.
LENDING = {"Surgery", "Cardiac", "Respiratory", "Medicine", "Oncology", "Neurology", "Orthopaedics"}
WARD_OF_UNIT: dict[str, WardPlan] = {ward.unit: ward for ward in WARDS}
_CUMULATED = {unit: list(accumulate(one.share for one in table)) for unit, table in DIAGNOSES.items()}
_LEAVING = {unit: list(accumulate(rhythm.leaving_hours(unit).tolist())) for unit in WARD_OF_UNIT}


@dataclass(frozen=True)
class SimulatedHistory(History):
    """A history with what the simulator has in store for those still in the house; no model is given `stories`."""

    stories: Mapping[int, Story] = field(default_factory=dict)


@dataclass(slots=True)
class _Draft:
    """A stay on the wall clock, before it becomes a PastStay."""

    stay_id: int
    patient_id: int
    person: Person
    age: float
    unit: str
    diagnosis: Diagnosis
    source: str
    severity: float
    admitted: float
    ready: float
    leaves: float


def arrival_rate(unit: str) -> float:
    """Mean arrivals a day of one unit that fill OFFERED of its beds."""
    ward = WARD_OF_UNIT[unit]
    longer = sum(diagnosis.share * diagnosis.longer for diagnosis in DIAGNOSES[unit])
    # The lognormal's mean lies above its median.
    days = ward.median_stay * longer * math.exp((SEEN**2 + UNSEEN**2) / 2) + DAYS_WAITING_TO_LEAVE
    return OFFERED * ward.beds / days


def generate(seed: int, end: datetime, days: int = 730, zone: ZoneInfo | None = None) -> SimulatedHistory:
    """`days` of stays up to `end` (aware). Raises ValueError for a naive `end`."""
    if end.tzinfo is None:
        raise ValueError("The end of the history needs a time zone.")
    zone = zone or ZoneInfo("America/New_York")
    rng = np.random.default_rng(seed)
    wall_end = end.astimezone(zone).replace(tzinfo=UTC)
    wall_start = (wall_end - timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    drafts = _play(wall_start - timedelta(days=WARM_UP_DAYS), wall_end, rng)
    drafts = [draft for draft in drafts if draft.admitted >= wall_start.timestamp()]
    clock = _Clock(zone, wall_start - timedelta(days=120), wall_end + timedelta(days=200))
    traits = draw_traits(len(drafts), rng)
    return SimulatedHistory(
        stays=tuple(_past_stay(draft, clock, end) for draft in drafts),
        observations=_observations(drafts, traits, wall_end.timestamp(), clock, rng),
        end=end,
        simulated=True,
        stories={
            draft.stay_id: _story(draft, traits[index], clock)
            for index, draft in enumerate(drafts)
            if draft.leaves > wall_end.timestamp()
        },
    )


def newcomer(
    stay_id: int, patient_id: int, unit: str, admitted_at: datetime, rng: np.random.Generator, zone: ZoneInfo
) -> tuple[PastStay, Story]:
    """One more arrival, made as the history makes them, for a live day."""
    clock = _Clock(zone, admitted_at - timedelta(days=2), admitted_at + timedelta(days=200))
    wall = admitted_at.astimezone(zone).replace(tzinfo=UTC).timestamp()
    draft = _draft(stay_id, patient_id, draw_person(unit, rng), 0.0, unit, wall, rng)
    return _past_stay(draft, clock, admitted_at), _story(draft, draw_traits(1, rng)[0], clock)


def expected_arrivals(unit: str, local: datetime) -> float:
    """Expected arrivals in the hour that begins at `local`, without the wave that no calendar foretells."""
    calm = np.random.default_rng(0)
    factors = rhythm.hourly_factors(unit, local.replace(tzinfo=None), 1, calm)
    return float(arrival_rate(unit) / 24 * factors[0])


def census_at(history: History, when: datetime) -> list[Inpatient]:
    """Everybody in the house at `when`, with the observations made by then. Scans the history once."""
    earlier: dict[int, list[float]] = {}
    here: list[tuple[int, PastStay]] = []
    for index, stay in enumerate(history.stays):
        if stay.admitted_at > when:
            break
        if stay.discharged_at is not None and stay.discharged_at <= when:
            earlier.setdefault(stay.patient_id, []).append((stay.discharged_at - stay.admitted_at) / timedelta(days=1))
        else:
            here.append((index, stay))
    return [_inpatient(history, index, stay, when, earlier.get(stay.patient_id, [])) for index, stay in here]


def _inpatient(history: History, index: int, stay: PastStay, when: datetime, earlier: list[float]) -> Inpatient:
    seen = history.observations
    column = np.frombuffer(seen.stay_index, dtype=np.int64) if len(seen) else np.empty(0, dtype=np.int64)
    first, last = (int(np.searchsorted(column, index, side=side)) for side in ("left", "right"))
    return Inpatient(
        stay=replace(stay, discharged_at=None),
        observations=tuple(seen.at(row) for row in range(first, last) if seen.observed_at[row] <= when.timestamp()),
        earlier_stays=len(earlier),
        earlier_mean_days=sum(earlier) / len(earlier) if earlier else None,
    )


class _Clock:
    """Wall seconds → aware UTC, by the offset of the wall day's noon (two hours a year differ, and do not matter)."""

    def __init__(self, zone: ZoneInfo, first: datetime, last: datetime) -> None:
        noon = first.astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
        days = (last - first).days + 3
        self.first = noon.timestamp() - DAY / 2
        walls = (noon.replace(tzinfo=None) + timedelta(days=day) for day in range(days))
        self.offsets = np.array([wall.replace(tzinfo=zone).utcoffset().total_seconds() for wall in walls])  # type: ignore[union-attr]

    def epoch(self, wall: Floats) -> Floats:
        day = np.clip((wall - self.first) // DAY, 0, len(self.offsets) - 1).astype(int)
        shifted: Floats = wall - self.offsets[day]
        return shifted

    def aware(self, wall: float) -> datetime:
        day = min(max(int((wall - self.first) // DAY), 0), len(self.offsets) - 1)
        return datetime.fromtimestamp(wall - self.offsets[day], UTC).replace(microsecond=0)


def _arrivals(first: datetime, last: datetime, rng: np.random.Generator) -> list[tuple[float, str]]:
    """(wall seconds, unit) of everyone who comes, in order of time."""
    hours = int((last - first).total_seconds() // HOUR) + 1
    times: list[tuple[float, str]] = []
    for ward in WARDS:
        factors = rhythm.hourly_factors(ward.unit, first.replace(tzinfo=None), hours, rng)
        counts = rng.poisson(arrival_rate(ward.unit) / 24 * factors)
        starts = np.repeat(np.arange(hours), counts) * HOUR + first.timestamp()
        walls = starts + rng.uniform(0, HOUR, len(starts))
        times.extend((float(wall), ward.unit) for wall in walls if wall <= last.timestamp())
    return sorted(times)


def _play(first: datetime, last: datetime, rng: np.random.Generator) -> list[_Draft]:
    """Every arrival in turn: somebody known or new, a bed of the ward or a borrowed one, or turned away."""
    in_ward: dict[str, list[float]] = {ward.unit: [] for ward in WARDS}
    gone: dict[str, deque[_Draft]] = {ward.unit: deque(maxlen=3000) for ward in WARDS}
    waiting: list[tuple[float, int, _Draft]] = []
    drafts: list[_Draft] = []
    patients = 0
    for wall, wanted in _arrivals(first, last, rng):
        while waiting and waiting[0][0] <= wall:
            draft = heapq.heappop(waiting)[2]
            heapq.heappop(in_ward[draft.unit])
            gone[draft.unit].append(draft)
        unit = _bed_for(wanted, in_ward)
        if unit is None:
            continue
        patient_id, person, born_at = _somebody(wanted, gone, patients + 1, wall, rng)
        patients = max(patients, patient_id)
        draft = _draft(len(drafts) + 1, patient_id, person, born_at, wanted, wall, rng)
        draft.unit = unit
        drafts.append(draft)
        heapq.heappush(in_ward[unit], draft.leaves)
        heapq.heappush(waiting, (draft.leaves, draft.stay_id, draft))
    return drafts


def _bed_for(unit: str, in_ward: dict[str, list[float]]) -> str | None:
    free = {ward.unit: ward.beds - len(in_ward[ward.unit]) for ward in WARDS}
    if free[unit] > 0:
        return unit
    if unit not in LENDING:
        return None
    emptiest = max(sorted(LENDING), key=lambda other: free[other])
    # The last three beds of a ward are kept for its own.
    return emptiest if free[emptiest] > 3 else None


def _somebody(
    unit: str, gone: dict[str, deque[_Draft]], new_id: int, wall: float, rng: np.random.Generator
) -> tuple[int, Person, float]:
    """(patient id, person, years since their first stay)."""
    known = gone[unit]
    if known and rng.random() < COMES_BACK:
        # The recently discharged come back soonest, and whoever came back is not taken twice.
        place = len(known) - 1 - int(len(known) * rng.random() ** 2)
        before = known[place]
        del known[place]
        years = before.age - before.person.age + (wall - before.admitted) / (365.25 * DAY)
        return before.patient_id, before.person, years
    return new_id, draw_person(unit, rng), 0.0


def _draft(
    stay_id: int,
    patient_id: int,
    person: Person,
    years: float,
    unit: str,
    wall: float,
    rng: np.random.Generator,
) -> _Draft:
    diagnoses = DIAGNOSES[unit]
    diagnosis = diagnoses[min(bisect(_CUMULATED[unit], rng.random()), len(diagnoses) - 1)]
    source = draw_source(unit, rhythm.RHYTHMS[unit].planned, rng)
    severity, unseen = rng.normal(size=2)
    age = round(person.age + years, 1)
    ready = wall + DAY * days_needed(unit, diagnosis.longer, age, source, float(severity), float(unseen))
    leaves = _leaves(ready, wall, unit, rng)
    return _Draft(stay_id, patient_id, person, age, unit, diagnosis, source, float(severity), wall, ready, leaves)


def _leaves(ready: float, admitted: float, unit: str, rng: np.random.Generator) -> float:
    """The departure that follows readiness: in the afternoon, and seldom on a Sunday."""
    midnight = ready - ready % DAY
    # 1 January 1970 was a Thursday.
    weekday = int(midnight // DAY + 3) % 7
    hour = min(bisect(_LEAVING[unit], rng.random()), 23) + float(rng.random())
    late = (ready - midnight) / HOUR - hour
    wait = 1 if late > 4 else 0
    weekend = (weekday + wait) % 7 >= 5
    if weekend and unit != "Emergency" and rng.random() < 0.35:
        wait += 7 - (weekday + wait) % 7
    leaves = midnight + wait * DAY + hour * HOUR
    return max(leaves, admitted + (2 + 4 * float(rng.random())) * HOUR)


def _past_stay(draft: _Draft, clock: _Clock, end: datetime) -> PastStay:
    leaves = clock.aware(draft.leaves)
    return PastStay(
        stay_id=draft.stay_id,
        patient_id=draft.patient_id,
        admitted_at=clock.aware(draft.admitted),
        discharged_at=leaves if leaves <= end else None,
        age=draft.age,
        sex=draft.person.sex,
        unit=draft.unit,
        diagnosis_code=draft.diagnosis.code,
        admission_source=draft.source,
        race=draft.person.race,
        ethnicity=draft.person.ethnicity,
        language=draft.person.language,
        payer=draft.person.payer,
        ward_code=WARD_OF_UNIT[draft.unit].code,
    )


def _story(draft: _Draft, traits: Floats, clock: _Clock) -> Story:
    return Story(
        unit=draft.unit,
        severity=draft.severity,
        started_at=clock.aware(draft.admitted),
        ready_at=clock.aware(draft.ready),
        leaves_at=clock.aware(draft.leaves),
        traits=traits,
    )


def _observations(
    drafts: list[_Draft], traits: Floats, wall_end: float, clock: _Clock, rng: np.random.Generator
) -> Observations:
    """One round an hour after admission, then one each morning about six, until departure or the end."""
    admitted = np.array([draft.admitted for draft in drafts])
    ready = np.array([draft.ready for draft in drafts])
    until = np.minimum([draft.leaves for draft in drafts], wall_end)
    first_morning = np.ceil((admitted + 4 * HOUR - 6 * HOUR) / DAY) * DAY + 6 * HOUR
    mornings = np.maximum(np.floor((until - 0.5 * HOUR - first_morning) / DAY).astype(int) + 1, 0)
    stay = np.repeat(np.arange(len(drafts)), mornings + 1)
    place = np.arange(len(stay)) - np.repeat(np.cumsum(mornings + 1) - mornings - 1, mornings + 1)
    when = np.where(place == 0, admitted[stay] + HOUR, first_morning[stay] + (place - 1) * DAY)
    when = when + rng.uniform(-0.4, 0.4, len(when)) * HOUR
    keep = when < until[stay]
    stay, when = stay[keep], when[keep]
    done = np.clip((when - admitted[stay]) / np.maximum(ready - admitted, HOUR)[stay], 0, 1)
    severity = np.array([draft.severity for draft in drafts])[stay]
    units = np.array([draft.unit for draft in drafts])[stay]
    values = values_at(units.tolist(), severity, traits[stay], done, rng)
    codes = values.shape[1]
    return Observations(
        stay_index=_column("q", np.repeat(stay, codes)),
        observed_at=_column("d", np.repeat(np.floor(clock.epoch(when)), codes)),
        code_index=_column("q", np.tile(np.arange(codes), len(stay))),
        value=_column("d", values.ravel()),
    )


def _column(kind: str, values: npt.NDArray[np.generic]) -> array:  # type: ignore[type-arg]
    column = array(kind)
    column.frombytes(np.ascontiguousarray(values, dtype={"q": np.int64, "d": np.float64}[kind]).tobytes())
    return column
