"""Found a small hospital for measuring: wards of twenty-five empty, ready beds, and one bed manager called `manager`.

python -m benchmarks.small WARDS [taken]

`taken`: as on a full day, somebody lies in twenty beds of each ward, with a forecast; of the rest two are ready.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from sqlmodel import Session, col, select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Role
from hospital_ops.infra.db import new_session
from hospital_ops.infra.passwords import hash_password
from hospital_ops.models import Bed, Encounter, Patient, Stay, StayForecast, User, Ward
from hospital_ops.queries.clock import real_now

BEDS_A_WARD = 25
# The last beds of a ward, in this order; somebody lies in all before them.
NOT_TAKEN = ("dirty", "cleaning", "blocked", "available", "available")


def found(wards: int) -> None:
    """Write the wards, their beds and the manager."""
    with new_session() as session:
        for position in range(1, wards + 1):
            ward = Ward(
                code=f"w{position}", name=f"Ward {position}", unit="Medicine", floor=position, position=position
            )
            session.add(ward)
            session.flush()
            session.add_all(_bed(ward, number) for number in range(1, BEDS_A_WARD + 1))
        hashed = hash_password(get_settings().demo_password)
        manager = User(username="manager", display_name="Mona Manager", hashed_password=hashed, role=Role.BED_MANAGER)
        session.add(manager)
        session.commit()


def _bed(ward: Ward, number: int) -> Bed:
    label = f"{ward.position:02d}-{number:02d}"
    room = f"{ward.position}{number:02d}"
    # A bed a room, on both sides of a corridor, so that the floor plan has something to draw.
    x, y = 4.0 + 3.0 * (number // 2), 14.0 if number % 2 else 6.0
    return Bed(
        ward_id=ward.id or 0,
        label=label,
        room_number=room,
        unit=ward.unit,
        since=real_now(),
        floor=ward.floor,
        x=x,
        y=y,
    )


def take() -> None:
    """Let patients lie in the beds that were founded. No event and no audit: this is how the day begins."""
    with new_session() as session:
        for ward_id in session.exec(select(col(Ward.id))).all():
            beds = session.exec(select(Bed).where(col(Bed.ward_id) == ward_id).order_by(col(Bed.label))).all()
            held = len(beds) - len(NOT_TAKEN)
            for bed, status in zip(beds[held:], NOT_TAKEN, strict=True):
                bed.status = status
            for place, bed in enumerate(beds[:held]):
                _lay(session, bed, place)
        session.commit()


def _lay(session: Session, bed: Bed, place: int) -> None:
    """One patient: every fifth telemetered, every seventh isolated, every tenth about to leave."""
    began, leaves = real_now() - timedelta(hours=5 * place + 1), real_now() + timedelta(hours=6 * place + 2)
    sex = "female" if place % 2 else "male"
    patient = Patient(created_at=began, provisional=False, sex=sex, predicted_discharge_date=leaves)
    patient.first_name, patient.last_name = f"Given{place}", f"Family{bed.label}"
    session.add(patient)
    session.flush()
    needs = {"isolation": "none" if place % 7 else "contact", "telemetry": place % 5 == 0}
    encounter = Encounter(
        patient_id=patient.id or 0, status="in_house", unit=bed.unit, admitted_at=began, sex=sex, **needs
    )
    session.add(encounter)
    session.flush()
    ids = {"encounter_id": encounter.id or 0, "patient_id": patient.id or 0, "bed_id": bed.id or 0}
    session.add(Stay(from_at=began, **ids))
    day = timedelta(days=1)
    times = {"median_at": leaves, "low_at": leaves - day, "high_at": leaves + day}
    likely = {"likely_from": leaves - day / 4, "likely_to": leaves + day / 4}
    chances = {"p24": 0.3, "p48": 0.6, "p72": 0.8}
    session.add(
        StayForecast(encounter_id=encounter.id or 0, made_at=began, model="bench", **chances, **times, **likely)
    )
    bed.status = "occupied" if place % 10 else "pending_discharge"


if __name__ == "__main__":
    found(int(sys.argv[1]))
    if sys.argv[2:] == ["taken"]:
        take()
