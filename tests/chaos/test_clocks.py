"""Two clock processes: each job once, whichever of them dies, and the hospital's time never goes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text

from hospital_ops.infra.db import engine
from hospital_ops.queries.clock import hospital_now
from hospital_ops.services.clock import set_clock
from tests.chaos.hospital import Hospital
from tests.chaos.waiting import until

SPEED = 30.0  # A job of every hospital minute is due each two seconds.
FIRED = """SELECT facts->>'job' AS job, (facts->>'scheduled_for')::timestamptz AS due, count(*) AS times
    FROM outbox_event WHERE name = 'clock.fired' AND id > :since GROUP BY 1, 2 ORDER BY 1, 2"""


class Watch:
    """What has been fired since the watch began; each look also sees that time has not gone back."""

    def __init__(self, hospital: Hospital) -> None:
        self.since = hospital.count("SELECT coalesce(max(id), 0) FROM outbox_event")
        self.latest = hospital_now()

    def fired(self) -> dict[tuple[str, datetime], int]:
        now = hospital_now()
        assert now >= self.latest, f"the hospital's time went back from {self.latest} to {now}"
        self.latest = now
        with engine().connect() as connection:
            rows = connection.execute(text(FIRED), {"since": self.since})
            return {(row.job, row.due): row.times for row in rows}

    def minutes(self) -> list[datetime]:
        return [due for job, due in self.fired() if job == "escalate_overdue"]

    def see(self, more: int) -> None:
        """Wait for so many more firings of each minute's job."""
        already = len(self.minutes())
        until(lambda: len(self.minutes()) >= already + more, 30, lambda: f"only {self.minutes()}")


@pytest.fixture
def time_passes(hospital: Hospital) -> Iterator[Watch]:
    watch = Watch(hospital)
    set_clock(hospital.cast.manager, speed=SPEED)
    yield watch
    set_clock(hospital.cast.manager, speed=0)
    hospital.house.programs.pop("clock-2").stop()


def test_each_job_is_fired_once_whichever_clock_dies(hospital: Hospital, time_passes: Watch) -> None:
    watch = time_passes
    watch.see(2)
    hospital.house.also("clock-2", "clock")
    watch.see(3)
    hospital.house.kill("clock")
    watch.see(2)
    hospital.house.begin_again("clock")
    watch.see(2)
    hospital.house.kill("clock-2")
    watch.see(2)
    fired = watch.fired()
    assert set(fired.values()) == {1}
    minutes = watch.minutes()
    assert all(later - earlier == timedelta(minutes=1) for earlier, later in pairwise(minutes))
    hospital.quiet()
