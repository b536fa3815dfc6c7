"""Filling the database: the demo hospital with two simulated years behind it, or an empty house.

One transaction: a seeding that is interrupted leaves nothing. Called again it changes nothing but the passwords that
were set anew, and lets the clock go on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.infra import archive
from hospital_ops.queries.clock import hospital_zone, real_now
from hospital_ops.services import founding
from hospital_ops.services import roster as rosters
from hospital_ops.services.accounts import set_demo_passwords
from hospital_ops.services.clock import resume
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.unit_of_work import Work, unit_of_work
from hospital_ops.sim import history, morning, roster
from hospital_ops.sim.wards import ALL_BEDS, WARDS

Progress = Callable[[float, str], None]
SEED = 20_251
HISTORY_DAYS = 730
ROSTER_DAYS = 8  # ahead; the simulated staffing manager publishes the next one every day
DAYS_BEFORE = 28  # so that hours of the last week, and strain, are known from the first moment
BEGINS_AT = time(9, 30)  # Ward rounds are over, beds begin to move.
FOUNDER = Actor(role=Role.ADMIN, name="founder")


def quiet(fraction: float, words: str) -> None:
    """A progress callback that says nothing."""


def seed(progress: Progress = quiet, empty: bool = False, *, begins_at: datetime | None = None) -> bool:
    """Fill an empty database. False when there is a hospital already; then only clock and passwords are seen to.

    `progress(fraction, words)`; `empty`: wards, beds and the eight accounts, nobody in them, in real time.
    `begins_at` (aware) is the hospital time of the first moment, by default this morning.
    """
    settings, zone = get_settings(), hospital_zone()
    if founding.is_founded():
        progress(0.5, "The hospital is there already")
        resume(settings.speed)
    elif empty:
        _found_empty(progress, zone)
    else:
        _found_demo(progress, zone, begins_at or _this_morning(zone))
        return _passwords(progress, first=True)
    return _passwords(progress, first=empty)


def _passwords(progress: Progress, *, first: bool) -> bool:
    progress(0.97, "Setting the demo passwords")
    if get_settings().env == "demo" and get_settings().demo_password:
        set_demo_passwords(FOUNDER, get_settings().demo_password)
    progress(1.0, "The hospital is ready")
    return first


def _this_morning(zone: ZoneInfo) -> datetime:
    return datetime.combine(real_now().astimezone(zone).date(), BEGINS_AT, zone)


def _found_empty(progress: Progress, zone: ZoneInfo) -> None:
    progress(0.2, "Building wards and beds")
    with unit_of_work(FOUNDER) as work:
        _build(work)
        founding.hire(work, morning.people(work.now, zone, simulated=False))
        work.record("hospital.found", simulated=False)


def _found_demo(progress: Progress, zone: ZoneInfo, now: datetime) -> None:
    settings = get_settings()
    progress(0.02, "Simulating two years of patients")
    past = history.generate(SEED, now, HISTORY_DAYS, zone)
    progress(0.30, "Keeping the history to train on")
    archive.write(settings.data_dir, past)
    with unit_of_work(FOUNDER) as work:
        founding.set_up_clock(work, now, settings.speed)
    with unit_of_work(FOUNDER) as work:
        progress(0.45, "Building wards and beds")
        _build(work)
        progress(0.48, "Hiring the staff")
        people = morning.people(now, zone)
        founding.hire(work, people)
        rosters.plan(work, roster_of(now, zone, -DAYS_BEFORE, ROSTER_DAYS))
        progress(0.55, "Sealing the patients' names")
        patients, taken = morning.patients(past, now, zone)
        progress(0.65, "Putting the patients to bed")
        founding.take_in(work, patients)
        cleaners = [p for p in people if p.role == "housekeeper" and p.simulated and p.status is StaffStatus.AVAILABLE]
        founding.find_beds(work, morning.empty_beds(taken, now, cleaners))
        progress(0.90, "Sending people to their first tasks")
        dispatch(work)
        work.record("hospital.found", simulated=True, patients=len(patients), history_days=HISTORY_DAYS)


def _build(work: Work) -> None:
    wards = (
        {
            "code": ward.code,
            "name": ward.name,
            "unit": ward.unit,
            "floor": ward.floor,
            "position": ward.position,
            "level_of_care": ward.level_of_care,
            "patients_per_nurse": ward.nurse_ratio[0],
            "patients_per_nurse_evening": ward.nurse_ratio[1],
            "patients_per_nurse_night": ward.nurse_ratio[2],
            "median_stay_days": ward.median_stay,
        }
        for ward in WARDS
    )
    beds = (
        (
            bed.ward_code,
            {
                "label": bed.label,
                "room_number": bed.room_number,
                "sex_of_room": bed.sex_of_room,
                "isolation_room": bed.isolation,
                "telemetry": bed.telemetry,
                "floor": bed.floor,
                "x": bed.x,
                "y": bed.y,
            },
        )
        for bed in ALL_BEDS
    )
    founding.build(work, wards, beds)


def roster_of(now: datetime, zone: ZoneInfo, first: int, last: int) -> list[rosters.NewShift]:
    """The simulated staff's shifts of the days from today + `first` up to and without today + `last`."""
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=day) for day in range(first, last)]
    plans = (roster.as_worked(day, zone) if day < today else roster.shifts_of(day, zone) for day in days)
    return [rosters.NewShift(**asdict(plan)) for of_day in plans for plan in of_day]
