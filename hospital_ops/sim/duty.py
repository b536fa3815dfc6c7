"""Who is here: people come and go by the roster, take their break, answer when asked; the roster never ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.queries import simulated
from hospital_ops.queries.staffing import staffing_value
from hospital_ops.services import roster as rosters
from hospital_ops.services.shift_swaps import answer_swap
from hospital_ops.services.staff import set_my_status
from hospital_ops.sim.beat import MINUTE, Beat, between, chance, tried
from hospital_ops.sim.seed import ROSTER_DAYS, roster_of

S = StaffStatus
# At the change of shifts two hundred people come and go within a quarter of an hour; so many of them a beat.
MOST_AT_ONCE = 12
EARLY_MINUTES, LATE_MINUTES = 10.0, 12.0
BREAK_AFTER, BREAK_MINUTES = (130.0, 290.0), 30.0
SAYS_YES = {True: 0.95, False: 0.6}  # from the float pool, or from home
ANSWER_MINUTES = (3.0, 15.0)
SWAPS_YES, SWAP_MINUTES = 0.8, (1.0, 5.0)
# The staffing manager fills what is still short so long before a shift.
LAST_CALL = timedelta(minutes=60)


def come_and_go(beat: Beat) -> int:
    """Each person's status follows the roster; whoever has something in hand ends it first."""
    if not beat.passes(2):
        return 0
    done = 0
    for one in simulated.on_roster(beat.now, EARLY_MINUTES * MINUTE, LATE_MINUTES * MINUTE):
        status = _due(one, beat)
        if status is None or done >= MOST_AT_ONCE:
            continue
        actor = simulated.actor_of(one.user_id)
        done += actor is not None and tried(set_my_status, actor, status)
    return done


def _due(one: simulated.OnRoster, beat: Beat) -> StaffStatus | None:
    """The status that this person should take now; None when it is as it should be."""
    if one.starts_at is None or one.ends_at is None or one.ends_at <= beat.now:
        handed_over = one.ends_at is None or beat.now >= one.ends_at + between(
            0, LATE_MINUTES, "late", one.user_id, one.ends_at
        )
        return S.OFF_SHIFT if handed_over and one.status in {S.AVAILABLE, S.ON_BREAK} else None
    if one.status == S.OFF_SHIFT:
        comes = one.starts_at - between(0, EARLY_MINUTES, "early", one.user_id, one.starts_at)
        return S.AVAILABLE if comes <= beat.now else None
    rests = one.starts_at + between(*BREAK_AFTER, "break", one.user_id, one.starts_at)
    resting = rests <= beat.now < rests + BREAK_MINUTES * MINUTE
    if one.status == S.AVAILABLE and resting:
        return S.ON_BREAK
    return S.AVAILABLE if one.status == S.ON_BREAK and not resting else None


def answer(beat: Beat) -> int:
    """Whoever was asked to fill a gap says yes or no after some minutes."""
    if not beat.passes(3):
        return 0
    done = 0
    for one in simulated.asked():
        if beat.now - one.asked_at < between(*ANSWER_MINUTES, "answer", one.shift_id, one.user_id):
            continue
        yes = chance(SAYS_YES[one.pool], "yes", one.shift_id, one.user_id)
        actor = simulated.actor_of(one.user_id)
        done += actor is not None and tried(_answer, actor, one.shift_id, yes)
    return done


def _answer(actor: Actor, shift_id: int, yes: bool) -> None:
    rosters.answer(actor, shift_id, yes=yes)


def answer_swaps(beat: Beat) -> int:
    """Whoever was asked for a shift says yes or no after some minutes; they ask nobody themselves."""
    if not beat.passes(3):
        return 0
    done = 0
    for one in simulated.asked_to_swap():
        if beat.now - one.asked_at >= between(*SWAP_MINUTES, "swap answer", one.swap_id):
            actor, yes = simulated.actor_of(one.user_id), chance(SWAPS_YES, "swap", one.swap_id)
            # What cannot be swapped any more is declined, so that nobody is asked for ever.
            answers = (True, False) if yes else (False,)
            done += actor is not None and any(tried(_answer_swap, actor, one.swap_id, word) for word in answers)
    return done


def _answer_swap(actor: Actor, swap_id: int, yes: bool) -> None:
    answer_swap(actor, swap_id, yes=yes)


def fill_gaps(beat: Beat) -> int:
    """In the last hour before a shift the staffing manager asks for what is still short, the float pool first."""
    if not beat.passes(20):
        return 0
    manager = beat.somebody(Role.STAFFING_MANAGER)
    if manager is None:
        return 0
    return sum(tried(rosters.ask, manager, shift_id, people) for shift_id, people in _short(beat))


def _short(beat: Beat) -> Iterator[tuple[int, list[int]]]:
    soon = (beat.now + LAST_CALL).isoformat()
    for cell in staffing_value()["shifts"]:
        if cell["gap"] > 0 and cell["starts_at"] <= soon:
            people = [who["user_id"] for who in cell["who"] if not who["answer"]]
            if people:
                yield cell["shift_id"], people[: cell["gap"]]


def publish(beat: Beat) -> int:
    """The roster reaches a week ahead, for ever: each day the staffing manager publishes one more."""
    if not beat.passes(30):
        return 0
    manager = beat.somebody(Role.STAFFING_MANAGER)
    last = simulated.planned_until() if manager is not None else None
    if manager is None or (last is not None and last > beat.now + timedelta(days=ROSTER_DAYS - 1)):
        return 0
    # A house that was founded by an earlier version has other people.
    known = simulated.usernames()
    shifts = [
        replace(one, usernames=tuple(name for name in one.usernames if name in known))
        for one in roster_of(beat.now, beat.zone, 0, ROSTER_DAYS)
    ]
    return int(tried(rosters.publish, manager, shifts))
