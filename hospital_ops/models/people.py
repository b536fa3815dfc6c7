"""The hospital's people, their wards, and what they are signed in with."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from hospital_ops.domain.access import Role
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.models.base import box, moment, one_of, sealed


class User(SQLModel, table=True):
    """Somebody who works here, or a system that does. `simulated` people are moved by the demo's simulator.

    `demo_mark` is the blind index of the demo password last given to the account: only a changed one is given again.
    `one_time_until`: the password was made by somebody else, opens nothing but the page where the person chooses their
    own, and not even that after this moment. `signed_in_at` is the last time.
    """

    __tablename__ = "user"
    __table_args__ = (one_of("role", Role), one_of("current_status", StaffStatus))

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True)
    display_name: str
    hashed_password: str | None = None
    demo_mark: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    role: str
    current_status: str = StaffStatus.OFF_SHIFT.value
    status_since: datetime | None = moment(default=None)
    active: bool = True
    simulated: bool = False
    one_time_until: datetime | None = moment(default=None)
    signed_in_at: datetime | None = moment(default=None)
    floor: int | None = None
    x: float | None = None
    y: float | None = None
    version: int = 1


class UserWard(SQLModel, table=True):
    """A person belongs to a ward."""

    __tablename__ = "user_ward"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    ward_id: int = Field(foreign_key="ward.id", primary_key=True)


class WebSession(SQLModel, table=True):
    """A signed-in browser: a person's, or a patient's for one registration. Only the hash of its id is kept.

    `browser` is a few words to tell one's own sessions apart by: "Firefox on Windows".
    """

    __tablename__ = "web_session"
    __table_args__ = (Index("ix_web_session_living", "user_id", postgresql_where=text("ended_at IS NULL")),)

    id: int | None = Field(default=None, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    user_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    registration_id: int | None = Field(default=None, foreign_key="registration.id", index=True)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    expires_at: datetime = moment(index=True)
    ended_at: datetime | None = moment(default=None)
    browser: str = ""


class RefreshToken(SQLModel, table=True):
    """An API client's refresh token, hashed. `family` ties rotations together: using an old one ends them all."""

    __tablename__ = "refresh_token"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    family: str = Field(index=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)
    revoked_at: datetime | None = moment(default=None)


class SecondFactor(SQLModel, table=True):
    """A person's authenticator app. `last_step` is the time step of the newest code taken: none works twice.

    Without `confirmed_at` it was begun and never finished: nobody is asked for it.
    """

    __tablename__ = "second_factor"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    row_key: uuid.UUID = Field(default_factory=uuid.uuid4, unique=True)
    secret_sealed: bytes | None = box()
    begun_at: datetime = moment()
    confirmed_at: datetime | None = moment(default=None)
    last_step: int = Field(default=0, sa_type=BigInteger)

    secret = sealed("secret")  # type: ignore[pydantic-field]


class RecoveryCode(SQLModel, table=True):
    """One of ten codes for the day the phone is gone. Only its keyed hash is kept; `used_at` ends it."""

    __tablename__ = "recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    code_hash: bytes = Field(sa_type=LargeBinary)
    used_at: datetime | None = moment(default=None)
