"""Found a small hospital for measuring: wards of twenty-five empty, ready beds, and one bed manager called `manager`.

python -m benchmarks.small WARDS
"""

from __future__ import annotations

import sys

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Role
from hospital_ops.infra.db import new_session
from hospital_ops.infra.passwords import hash_password
from hospital_ops.models import Bed, User, Ward
from hospital_ops.queries.clock import real_now

BEDS_A_WARD = 25


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


if __name__ == "__main__":
    found(int(sys.argv[1]))
