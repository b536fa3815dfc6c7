"""Where a thing stands: the ward of a bed, the ward behind a code in an address, for asking whether it is somebody's."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, Ward


@dataclass(frozen=True, slots=True)
class WardPlace:
    """A ward as an address finds it; `position` is its place on every board."""

    ward_id: int
    position: int
    code: str


def ward_of_bed(bed_id: int) -> int | None:
    """The bed's ward; None for a bed that does not exist."""
    with read_session() as session:
        return session.execute(select(col(Bed.ward_id)).where(col(Bed.id) == bed_id)).scalar_one_or_none()


def ward_of_code(code: str) -> WardPlace | None:
    """The ward that `/board/<code>` names, small letters or capitals; None when there is none."""
    found = select(col(Ward.id), col(Ward.position), col(Ward.code)).where(func.lower(col(Ward.code)) == code.lower())
    with read_session() as session:
        row = session.execute(found.order_by(col(Ward.position)).limit(1)).first()
    return None if row is None else WardPlace(*row)
