"""What time it is in the hospital."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from hospital_ops.config import get_settings
from hospital_ops.infra.db import read_session
from hospital_ops.models import HospitalClock


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Hospital time, and how it runs."""

    now: datetime
    speed: float
    simulated: bool


def real_now() -> datetime:
    """Real time: what sessions and tokens live by."""
    return datetime.now(UTC)


def read_clock(session: Session) -> ClockReading:
    """The hospital's clock. Without a clock row (production) it is real time."""
    clock = session.get(HospitalClock, 1)
    real = real_now()
    if clock is None:
        return ClockReading(real, 1.0, simulated=False)
    hospital = clock.hospital_at + (real - clock.anchored_at) * clock.speed
    return ClockReading(hospital, clock.speed, clock.simulated)


def hospital_now() -> datetime:
    """The hospital's time, read on its own."""
    with read_session() as session:
        return read_clock(session).now


def hospital_zone() -> ZoneInfo:
    """The zone in which "today" is meant."""
    return ZoneInfo(get_settings().timezone)


def hospital_date(now: datetime) -> date:
    """The calendar day in the hospital at `now`."""
    return now.astimezone(hospital_zone()).date()
