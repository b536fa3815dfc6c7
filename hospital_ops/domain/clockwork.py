"""The jobs that the hospital's clock starts, and when. Times are the hospital's, in its own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Job:
    """A job: every so many minutes counted from the full hour, or once a day at `daily_hour`.

    `by_real_time`: it is for people, so neither a fast nor a paused simulated day changes how often.
    """

    name: str
    every_minutes: int = 60
    daily_hour: int | None = None
    by_real_time: bool = False


JOBS: tuple[Job, ...] = (
    Job("escalate_overdue", every_minutes=1),
    Job("expire_blocks", every_minutes=5),
    Job("sign_off_absent", every_minutes=5),
    Job("seal_audit", every_minutes=5),
    Job("keep_downtime_boards", every_minutes=5, by_real_time=True),
    Job("score_discharges", every_minutes=60),
    Job("forecast_staffing", every_minutes=60),
    Job("retention", daily_hour=3),
    Job("score_strain", daily_hour=5),
)


def newest_slot(job: Job, now: datetime, zone: ZoneInfo) -> datetime:
    """When the job was due last, as aware UTC. What was missed before that is not made up for."""
    local = now.astimezone(zone)
    if job.daily_hour is None:
        minute = local.minute - local.minute % job.every_minutes
        return local.replace(minute=minute, second=0, microsecond=0).astimezone(UTC)
    due = local.replace(hour=job.daily_hour, minute=0, second=0, microsecond=0, fold=0)
    if due > local:
        # Through the wall clock, so that it stays that hour over a change of the clocks.
        due = (due.replace(tzinfo=None) - timedelta(days=1)).replace(tzinfo=zone)
    return due.astimezone(UTC)
