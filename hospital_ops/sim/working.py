"""Hands: simulated staff answer, start and finish what they hold; wards ask for porters and find spills."""

from __future__ import annotations

from collections.abc import Callable

from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.milestones import DELAYS
from hospital_ops.domain.reasons import REASONS, reason_words
from hospital_ops.domain.stays import Away
from hospital_ops.domain.tasks import Priority, TaskKind
from hospital_ops.queries import simulated
from hospital_ops.services import away, beds, milestones, tasks
from hospital_ops.services.found import report
from hospital_ops.services.tasks import NewTask
from hospital_ops.sim.beat import MINUTE, Beat, between, chance, one_of, poisson, tried

MOST_AT_ONCE = 6
# Minutes of hospital time that a simulated person takes from one step of a task to the next.
STEP_MINUTES = {"offered": (0.7, 3.0), "accepted": (2.0, 7.0)}
WORK_MINUTES = {"clean_bed": (16.0, 30.0), "transport": (10.0, 25.0), "discharge_milestone": (5.0, 20.0)}
OTHER_WORK = (6.0, 20.0)
DECLINES = 0.04
HELD_UP = 0.35
# "Something else" asks for words, which nobody has.
_WAITS_FOR = tuple(sorted(DELAYS.keys() - {"other"}))
_NEXT: dict[str, Callable[[Actor, int], None]] = {
    "offered": tasks.accept,
    "accepted": tasks.start,
    "in_progress": tasks.complete,
}
# What a day brings besides coming and going: trips for a hundred patients, and in the whole house.
TRIPS_OF_HUNDRED, SPILLS, REPAIRS = 18.0, 5.0, 2.0
# Where to, in the words of the task, and what the board says meanwhile.
TRIPS: dict[str, Away] = {
    "X-ray": Away.IMAGING,
    "the CT": Away.IMAGING,
    "ultrasound": Away.IMAGING,
    "theatre": Away.THEATRE,
    "dialysis": Away.DIALYSIS,
    "physiotherapy": Away.THERAPY,
}
BROKEN = ("Broken bed rail", "Nurse call out of order", "Mattress to be changed", "Light out of order")


def work(beat: Beat) -> int:
    """The next step of what each holds, when its time has come."""
    done = 0
    for held in simulated.tasks_in_hand():
        if done >= MOST_AT_ONCE:
            break
        low, high = STEP_MINUTES.get(held.status) or WORK_MINUTES.get(held.kind, OTHER_WORK)
        if beat.now - held.since < between(low, high, held.task_id, held.user_id, held.status):
            continue
        actor = simulated.actor_of(held.user_id)
        done += actor is not None and _step(actor, held)
    return done


def _step(actor: Actor, held: simulated.TaskInHand) -> bool:
    if held.status == "offered" and chance(DECLINES, "decline", held.task_id, held.user_id):
        kind = TaskKind(held.kind)
        reason = reason_words(kind, one_of(sorted(REASONS[kind]), held.task_id))
        return tried(tasks.decline, actor, held.task_id, reason)
    return tried(_NEXT[held.status], actor, held.task_id)


def trips(beat: Beat) -> int:
    """By day, patients are taken to where they are examined."""
    if not beat.passes(3) or not 8 <= beat.local.hour < 18:
        return 0
    lying = simulated.lying_anywhere()
    # Ten hours carry the whole day's trips; looked at every three minutes.
    expected = len(lying) * TRIPS_OF_HUNDRED / 100 * 3 / 600
    going = beat.dice.sample(lying, min(len(lying), poisson(expected, beat.dice, 3)))
    return sum(_trip(one, beat) for one in going)


def _trip(one: simulated.Lying, beat: Beat) -> bool:
    nurse = beat.somebody(Role.NURSE, one.ward_id)
    if nurse is None:
        return False
    words = f"Take the patient in {one.label} to {beat.dice.choice(list(TRIPS))} and back"
    priority = Priority.HIGH if beat.dice.random() < 0.15 else Priority.MEDIUM
    new = NewTask(words, TaskKind.TRANSPORT, priority, bed_id=one.bed_id, patient_id=one.patient_id)
    return tried(tasks.create, nurse, new)


def go_and_return(beat: Beat) -> int:
    """Whom a porter has fetched is away, and back when the trip is done; whoever was the porter."""
    if not beat.passes(2):
        return 0
    return sum(_goes(one, beat) for one in simulated.on_a_trip()) + sum(_returns(one, beat) for one in simulated.back())


def _goes(trip: simulated.Trip, beat: Beat) -> bool:
    nurse = beat.somebody(Role.NURSE, trip.ward_id)
    to = next((place for words, place in TRIPS.items() if words in trip.description), None)
    return nurse is not None and to is not None and tried(away.depart, nurse, trip.bed_id, to)


def _returns(trip: simulated.Trip, beat: Beat) -> bool:
    nurse = beat.somebody(Role.NURSE, trip.ward_id)
    return nurse is not None and tried(away.come_back, nurse, trip.bed_id)


def hold_ups(beat: Beat) -> int:
    """What is not done after a while may wait for something: the ward's nurse says for what."""
    if not beat.passes(5):
        return 0
    waiting = [
        m for m in simulated.unfinished_milestones(beat.now - 10 * MINUTE) if chance(HELD_UP, "waits", m.task_id)
    ]
    return sum(_hold_up(one, beat) for one in waiting[:MOST_AT_ONCE])


def _hold_up(one: simulated.Unfinished, beat: Beat) -> bool:
    nurse = beat.somebody(Role.NURSE, one.ward_id)
    reason = one_of(_WAITS_FOR, "waits for", one.task_id)
    return nurse is not None and tried(milestones.delay, nurse, one.task_id, reason)


def mishaps(beat: Beat) -> int:
    """A spill here, a broken rail there."""
    if not beat.passes(10):
        return 0
    share = 10 / (24 * 60)
    spills, repairs = (poisson(n * share, beat.dice, 1) for n in (SPILLS, REPAIRS))
    if not spills and not repairs:
        return 0
    ready = simulated.ready_beds()
    done = 0
    for what, count in ((_spill, spills), (_break, repairs)):
        for bed in beat.dice.sample(ready, min(count, len(ready))):
            nurse = beat.somebody(Role.NURSE, bed.ward_id)
            done += nurse is not None and what(nurse, bed, beat)
    return done


def _spill(nurse: Actor, bed: simulated.Ready, beat: Beat) -> bool:
    return tried(report, nurse, TaskKind.SPILL, bed.bed_id)


def _break(nurse: Actor, bed: simulated.Ready, beat: Beat) -> bool:
    until = beat.now + beat.dice.uniform(120, 480) * MINUTE

    def block(actor: Actor, bed_id: int) -> None:
        beds.block(actor, bed_id, beat.dice.choice(BROKEN), expires_at=until)

    return tried(block, nurse, bed.bed_id)
