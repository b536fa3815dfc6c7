"""The ticker: once a second it looks which jobs have come due, nearly all in hospital time, and notes each once.

APScheduler ticks; the unique (job, scheduled_for) keeps several clocks to one firing; the relay sends the tasks.
After being away it notes the newest slot of each job, not every one it missed.
"""

from __future__ import annotations

import logging
import signal
import time
from datetime import datetime
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler

from hospital_ops.domain.clockwork import JOBS, Job, newest_slot
from hospital_ops.domain.errors import Unavailable
from hospital_ops.infra.alive import BEAT_SECONDS, beat
from hospital_ops.queries.clock import hospital_now, hospital_zone, real_now
from hospital_ops.services.clock import fire, resume

log = logging.getLogger("workers.clock")
TICK_SECONDS = 1.0
# A laptop that slept so long has not lived that time; its hospital goes on where it was.
ASLEEP_SECONDS = 60.0


class Ticker:
    """One clock process. `fired` remembers what this process need not ask the database about again."""

    def __init__(self) -> None:
        self.fired: dict[str, datetime] = {}
        self.looked_at = time.time()

    def tick(self) -> list[str]:
        """Note what is due. Returns the names of the jobs that this clock fired."""
        self._go_on_after_sleep()
        now, real, zone = hospital_now(), real_now(), hospital_zone()
        slots = {job: newest_slot(job, real if job.by_real_time else now, zone) for job in JOBS}
        return [job.name for job, slot in slots.items() if self._due(job, slot)]

    def _due(self, job: Job, slot: datetime) -> bool:
        if self.fired.get(job.name) == slot:
            return False
        first = fire(job.name, slot)
        self.fired[job.name] = slot
        return first

    def _go_on_after_sleep(self) -> None:
        before, self.looked_at = self.looked_at, time.time()
        if self.looked_at - before > ASLEEP_SECONDS:
            log.warning("nothing ticked for %.0f s; the hospital goes on where it was", self.looked_at - before)
            resume()


def _tick(ticker: Ticker) -> None:
    try:
        for name in ticker.tick():
            log.info("%s is due", name)
    except Unavailable as away:
        log.warning("%s", away.sentence)
    except Exception:  # The edge of the process: a clock that has stopped is worse than one that missed a tick.
        log.exception("a tick failed")


def main() -> None:
    """Tick until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    scheduler = BlockingScheduler(timezone="UTC")
    each = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler.add_job(_tick, "interval", [Ticker()], seconds=TICK_SECONDS, **each)
    scheduler.add_job(beat, "interval", ["clock"], seconds=BEAT_SECONDS, **each)

    def stop(number: int, frame: FrameType | None) -> None:
        scheduler.shutdown(wait=False)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    beat("clock")
    # What lies between the last thing that happened and this start was not lived: a night, or a training.
    log.info("the clock ticks from %s", resume())
    scheduler.start()


if __name__ == "__main__":
    main()
