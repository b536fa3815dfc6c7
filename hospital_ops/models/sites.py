"""The building, the hospital's clock, and the wrapped data keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from hospital_ops.domain.stays import DEFAULT_NOTICE_MINUTES
from hospital_ops.models.base import moment


class Ward(SQLModel, table=True):
    """A ward. `position` is its fixed place on every board, 1 to 40."""

    __tablename__ = "ward"
    __table_args__ = (
        CheckConstraint("position BETWEEN 1 AND 40", name="position_on_board"),
        CheckConstraint("notice_target_minutes > 0", name="notice_ahead"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    unit: str = Field(index=True)
    floor: int
    position: int = Field(unique=True)
    level_of_care: str = "general"
    patients_per_nurse: float = 5.0  # by day
    patients_per_nurse_evening: float = 6.0
    patients_per_nurse_night: float = 7.0
    median_stay_days: float = 3.0
    # How long before a patient leaves the bed should have been marked as leaving, so that the next one can be planned.
    notice_target_minutes: int = Field(default=DEFAULT_NOTICE_MINUTES, sa_column_kwargs={"server_default": "120"})


class HospitalClock(SQLModel, table=True):
    """One row: at real time `anchored_at` it was `hospital_at`, and hospital time runs `speed` times as fast."""

    __tablename__ = "hospital_clock"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"), CheckConstraint("speed >= 0", name="forward"))

    id: int = Field(default=1, primary_key=True)
    anchored_at: datetime = moment()
    hospital_at: datetime = moment()
    speed: float = 1.0
    simulated: bool = False


class DataKey(SQLModel, table=True):
    """A data key, wrapped by the master key. Read and written by `infra.keyring` alone."""

    __tablename__ = "data_key"

    id: int = Field(primary_key=True)
    wrapped: bytes
