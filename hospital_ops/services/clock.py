"""The hospital's clock: set it, pause it, go on after a night, and note what has come due."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from hospital_ops.domain.access import CLOCK, Actor, Permission
from hospital_ops.domain.errors import Conflict, Invalid
from hospital_ops.domain.events import HOSPITAL, Event
from hospital_ops.models import HospitalClock, JobFiring, OutboxEvent
from hospital_ops.queries.clock import real_now
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import Work, unit_of_work

FASTEST = 1440.0  # A day in a minute. Beyond that nobody sees anything happen.

# A clock that runs leaves an event each hospital minute, so a younger one means that this hospital is alive.
ALIVE_SECONDS = 90.0


def set_clock(actor: Actor, *, speed: float | None = None, at: datetime | None = None) -> None:
    """Change how fast hospital time runs (0 pauses it), what time it is, or both. `at` may only go forward."""
    with unit_of_work(actor) as work:
        require(actor, Permission.CLOCK_SET)
        clock = _locked(work)
        if clock is None:
            raise Conflict("This hospital lives in real time; its clock cannot be set.", code="clock_is_real")
        if speed is not None and not 0 <= speed <= FASTEST:
            raise Invalid(f"The speed goes from 0 (paused) to {FASTEST:.0f}.", code="bad_speed")
        if at is not None and at < work.now:
            raise Invalid("The hospital's clock does not go back.", code="clock_goes_forward")
        _anchor(work, clock, at or work.now, clock.speed if speed is None else speed)
        work.record("clock.set", speed=clock.speed, moved=at is not None)


def resume(speed: float | None = None) -> datetime | None:
    """Go on where the hospital stopped: the night in which nothing ran never was. Returns the hospital's time.

    `up` calls it with a speed before the processes start. Without one, from a clock process, it leaves a hospital alone
    that others keep alive: a second clock must not turn back the first one's time. None in real time.
    """
    with unit_of_work(CLOCK) as work:
        clock = _locked(work)
        if clock is None:
            return None
        last = work.session.exec(select(func.max(OutboxEvent.at))).one()
        if speed is None and last is not None and work.now - last < timedelta(seconds=ALIVE_SECONDS * clock.speed):
            return work.now
        at = clock.hospital_at if last is None else max(clock.hospital_at, min(last, work.now))
        _anchor(work, clock, at, clock.speed if speed is None else min(max(speed, 0.0), FASTEST))
        work.record("clock.resume", speed=clock.speed)
        return at


def fire(job: str, scheduled_for: datetime) -> bool:
    """Note that a job is due; the relay sends its task. False when some clock has noted it already."""
    with unit_of_work(CLOCK) as work:
        firing = insert(JobFiring).values(job=job, scheduled_for=scheduled_for, fired_at=work.now, facts={})
        made = firing.on_conflict_do_nothing().returning(col(JobFiring.id))
        row = work.session.connection().execute(made).first()
        if row is None:
            return False
        facts = {"job": job, "scheduled_for": scheduled_for.isoformat(), "firing_id": row[0]}
        work.announce(Event("clock.fired", facts))
        return True


def _locked(work: Work) -> HospitalClock | None:
    return work.session.exec(select(HospitalClock).with_for_update()).first()


def _anchor(work: Work, clock: HospitalClock, at: datetime, speed: float) -> None:
    clock.hospital_at, clock.anchored_at, clock.speed = at, real_now(), speed
    work.session.add(clock)
    work.announce(Event("clock.speed_changed", {"speed": speed}, (HOSPITAL,)))
