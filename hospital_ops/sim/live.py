"""The simulated day: people come, are examined, move and leave; staff come by the roster and do the work.

    python -m hospital_ops.sim.live

Everything goes through the services, as the simulated staff who are on duty. What is next is read from the database, so
a restart goes on where it was. It runs at the clock's speed, stands still at speed 0, and touches neither the demo
accounts nor a patient whom a person registered.
"""

from __future__ import annotations

import logging
import random
import signal
import time
from collections.abc import Callable
from datetime import datetime
from types import FrameType

from hospital_ops.infra.alive import beat as sign_of_life
from hospital_ops.queries.clock import hospital_now
from hospital_ops.sim import coming, duty, going, rounds, working
from hospital_ops.sim.beat import Beat

log = logging.getLogger(__name__)
BEAT_SECONDS = 1.0
# In this order within a beat. Each does a bounded number of things, so that a fast clock slows the simulation and not
# the hospital, and says how many it did.
DEEDS: tuple[Callable[[Beat], int], ...] = (
    duty.come_and_go,
    duty.answer,
    duty.answer_swaps,
    working.work,
    going.leave,
    going.order,
    coming.place,
    coming.arrive,
    going.transfer,
    rounds.make_rounds,
    working.trips,
    working.go_and_return,
    working.mishaps,
    working.hold_ups,
    duty.publish,
    duty.fill_gaps,
)


def one_beat(now: datetime, since: datetime, dice: random.Random | None = None) -> int:
    """Everything that is due at `now`; `since` is the time of the last beat. Returns how much was done."""
    beat = Beat(now, since, dice or random.Random())
    return sum(deed(beat) for deed in DEEDS)


def run(is_over: Callable[[], bool]) -> None:
    """Beat until told to stop. A clock that stands still means that nothing is due."""
    since: datetime | None = None
    while not is_over():
        sign_of_life("sim")
        since = _beat_on(since)
        time.sleep(BEAT_SECONDS)


def _beat_on(since: datetime | None) -> datetime | None:
    """One beat from `since` to now. This process's edge: what fails is tried again, and keeps nothing else from going."""
    try:
        now = hospital_now()
    except Exception as failure:  # A database that is away comes back.
        log.warning("no beat (%s)", type(failure).__name__)
        return since
    if since is None or now <= since:
        return now
    beat = Beat(now, since)
    for deed in DEEDS:
        try:
            deed(beat)
        except Exception as failure:
            log.warning("%s failed (%s)", deed.__name__, type(failure).__name__)
    return now


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
