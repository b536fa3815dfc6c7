"""Where a thing stands: the ward of a bed, for asking whether it is somebody's."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed


def ward_of_bed(bed_id: int) -> int | None:
    """The bed's ward; None for a bed that does not exist."""
    with read_session() as session:
        return session.execute(select(col(Bed.ward_id)).where(col(Bed.id) == bed_id)).scalar_one_or_none()
