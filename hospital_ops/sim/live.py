"""The simulated day: arrivals, placing, leaving and work, by simulated staff and through the services alone.

    python -m hospital_ops.sim.live

What is next is read from the database at each beat, so a restart goes on where it was. It runs at the clock's speed, stands
still at speed 0, and touches neither the demo accounts' tasks nor a patient whom a person registered.
"""

from __future__ import annotations

import logging
import random
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType

import numpy as np

from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.errors import Refused
from hospital_ops.domain.placement import Isolation
from hospital_ops.infra.alive import beat
from hospital_ops.queries import simulated
from hospital_ops.queries.clock import hospital_now, hospital_zone
from hospital_ops.services import placement, stays, tasks
from hospital_ops.services.patients import Identity, add_patient
from hospital_ops.services.unit_of_work import unit_of_work
from hospital_ops.sim.hospital import WARDS
from hospital_ops.sim.morning import identity_of
from hospital_ops.sim.people import draw_person

log = logging.getLogger(__name__)
BEAT_SECONDS = 1.0
# Bounded work a beat, so that a fast clock slows the simulation and not the hospital.
MOST_A_BEAT = 6
ARRIVALS_A_DAY = 50.0
# Minutes of hospital time that a simulated person takes from one step of a task to the next.
STEP_MINUTES = {"offered": (1.0, 3.0), "accepted": (2.0, 6.0)}
WORK_MINUTES = {"clean_bed": (14.0, 28.0), "transport": (8.0, 20.0), "discharge_milestone": (5.0, 15.0)}
OTHER_WORK = (5.0, 20.0)
PLACING_MINUTES = 6.0
_NEXT: dict[str, Callable[[Actor, int], None]] = {
    "offered": tasks.accept,
    "accepted": tasks.start,
    "in_progress": tasks.complete,
}


def work_on_tasks(now: datetime) -> int:
    """Simulated staff take the next step of what they hold, when its time has come."""
    done = 0
    for held in simulated.tasks_in_hand():
        if done >= MOST_A_BEAT:
            break
        if now < held.since + _takes(held):
            continue
        actor = simulated.actor_of(held.user_id)
        if actor is not None and _tried(_NEXT[held.status], actor, held.task_id):
            done += 1
    return done


def _takes(held: simulated.TaskInHand) -> timedelta:
    low, high = STEP_MINUTES.get(held.status) or WORK_MINUTES.get(held.kind, OTHER_WORK)
    return timedelta(minutes=random.Random(f"{held.task_id}{held.status}").uniform(low, high))


def leave(now: datetime) -> int:
    """Whose time has come goes home; a nurse of the ward says so."""
    due = [one for one in simulated.lying() if _leaves_at(one) <= now][:MOST_A_BEAT]
    left = 0
    for one in due:
        nurse = simulated.simulated_actor(Role.NURSE, one.ward_id)
        left += nurse is not None and _tried(stays.leave, nurse, one.bed_id)
    return left


def _leaves_at(one: simulated.Lying) -> datetime:
    """Planned by the history, or drawn once and for all from the encounter's number: a day, and an hour after noon."""
    if one.planned_leave_at is not None:
        return one.planned_leave_at
    dice = random.Random(one.encounter_id)
    day = one.admitted_at.astimezone(hospital_zone()) + timedelta(days=max(1, round(dice.lognormvariate(1.2, 0.7))))
    return day.replace(hour=10, minute=0) + timedelta(minutes=dice.uniform(0, 8 * 60))


def place(now: datetime) -> int:
    """Who has waited a few minutes is put into the best bed that fits."""
    manager = simulated.simulated_actor(Role.BED_MANAGER)
    if manager is None:
        return 0
    placed = 0
    for request_id in simulated.waiting_requests(now - timedelta(minutes=PLACING_MINUTES))[:MOST_A_BEAT]:
        best = next((j for j in placement.offers(manager, request_id) if j.allowed), None)
        placed += best is not None and _tried(placement.place, manager, request_id, best.bed_id)
    return placed


def arrive(now: datetime, since: datetime) -> int:
    """New patients, by chance, for the time that has passed; at most a few, whatever the clock did."""
    desk = simulated.simulated_actor(Role.DESK)
    if desk is None:
        return 0
    expected = ARRIVALS_A_DAY * _rhythm(now) * (now - since).total_seconds() / 86_400
    dice = np.random.default_rng()
    coming = min(int(dice.poisson(min(expected, 3.0))), MOST_A_BEAT)
    return sum(_tried(_admit, desk, now) for _ in range(coming))


def _rhythm(now: datetime) -> float:
    """Few at night, most about noon; the day's mean is one."""
    hour = now.astimezone(hospital_zone()).hour
    return 0.35 if hour < 7 else 1.5 if 9 <= hour < 19 else 1.0


def _admit(desk: Actor, now: datetime) -> None:
    dice = np.random.default_rng()
    weights = np.array([ward.beds / ward.median_stay for ward in WARDS])
    ward = WARDS[int(dice.choice(len(WARDS), p=weights / weights.sum()))]
    person = draw_person(ward.unit, dice)
    number = 900_000 + simulated.count_of_patients()
    identity = identity_of(number, person.sex, person.age, person.language, now)
    patient_id = _register(desk, identity)
    isolated = Isolation.CONTACT if dice.random() < 0.05 else Isolation.NONE
    admission = stays.Admission(
        patient_id,
        ward.unit,
        isolation=isolated,
        age=int(person.age),
        sex=person.sex,
        payer=person.payer,
        race=person.race,
        ethnicity=person.ethnicity,
        language=person.language,
        admission_source="emergency",
    )
    stays.admit(desk, admission)


def _register(desk: Actor, identity: Identity) -> int:
    with unit_of_work(desk) as work:
        patient = add_patient(work, identity, provisional=False)
        assert patient.id is not None
        return patient.id


def _tried(deed: Callable[..., object], *arguments: object) -> bool:
    """Do it as a person would: somebody being faster is no error."""
    try:
        deed(*arguments)
    except Refused as refusal:
        log.info("refused: %s", refusal.code)
        return False
    return True


def one_beat(now: datetime, since: datetime) -> int:
    """Everything that is due at `now`; `since` is the time of the last beat. Returns how much was done."""
    return work_on_tasks(now) + leave(now) + place(now) + arrive(now, since)


def run(is_over: Callable[[], bool]) -> None:
    """Beat until told to stop. A clock that stands still means that nothing is due."""
    since = hospital_now()
    while not is_over():
        beat("sim")
        try:
            now = hospital_now()
            if now > since:
                one_beat(now, since)
            since = max(now, since)
        except Exception as failure:  # This process's edge: a database that is away comes back.
            log.warning("a beat was missed (%s)", type(failure).__name__)
        time.sleep(BEAT_SECONDS)


def main() -> None:
    """The process: ends at SIGTERM or Ctrl-C, after the beat under way."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    over = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal over
        over = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    run(lambda: over)


if __name__ == "__main__":
    main()
