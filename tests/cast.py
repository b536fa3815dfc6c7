"""A small hospital for tests: two wards, eight beds, one person for each role, and a clock that stands still.

    def test_the_bed_follows(cast: Cast) -> None:
        cast.occupy("E1")
        stays.leave(cast.nurse, cast.beds["E1"])
        assert cast.bed("E1").status == "dirty"

East (Cardiac, floor 4) has E1 and E2 in room 401, E3 alone in 402 (isolation), E4 alone in 403 (telemetry); west
(Medicine, floor 5) has W1 and W2 in 501, W3 and W4 in 502. Everything is in the test's own transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sqlmodel import SQLModel, col, select

from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.identifiers import policy_key, sound_key
from hospital_ops.domain.placement import Isolation
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.infra.crypto import blind_index
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.infra.passwords import hash_password
from hospital_ops.models import AuditEntry, Bed, HospitalClock, OutboxEvent, Patient, Task, User, UserWard, Ward
from hospital_ops.queries.clock import real_now
from hospital_ops.queries.sessions import find_person
from hospital_ops.services import placement, stays

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # A Monday, ten in the morning in New York.
PASSWORD = "four plain ward words"

R = TypeVar("R", bound=SQLModel)
WARDS = {"east": ("Cardiac", 4), "west": ("Medicine", 5)}
# label: ward, room, x, isolation room, telemetry
BEDS = {
    "E1": ("east", "401", 10.0, False, False),
    "E2": ("east", "401", 12.0, False, False),
    "E3": ("east", "402", 20.0, True, False),
    "E4": ("east", "403", 30.0, False, True),
    "W1": ("west", "501", 10.0, False, False),
    "W2": ("west", "501", 12.0, False, False),
    "W3": ("west", "502", 20.0, False, False),
    "W4": ("west", "502", 22.0, False, False),
}
# name: shown as, role, wards, status, floor, x
PEOPLE = {
    "admin": ("Ada Admin", Role.ADMIN, (), StaffStatus.OFF_SHIFT, None, None),
    "manager": ("Mona Manager", Role.BED_MANAGER, (), StaffStatus.AVAILABLE, None, None),
    "staffing": ("Stella Staffing", Role.STAFFING_MANAGER, (), StaffStatus.AVAILABLE, None, None),
    "desk": ("Dora Desk", Role.DESK, ("east", "west"), StaffStatus.AVAILABLE, None, None),
    "nurse": ("Nina Nurse", Role.NURSE, ("east",), StaffStatus.AVAILABLE, 4, 15.0),
    "nurse_west": ("Noel Nurse", Role.NURSE, ("west",), StaffStatus.AVAILABLE, 5, 15.0),
    "doctor": ("Daria Doctor", Role.DOCTOR, ("east",), StaffStatus.AVAILABLE, None, None),
    "hanna": ("Hanna Housekeeper", Role.HOUSEKEEPER, ("east",), StaffStatus.AVAILABLE, 4, 11.0),
    "hugo": ("Hugo Housekeeper", Role.HOUSEKEEPER, ("east", "west"), StaffStatus.AVAILABLE, 5, 50.0),
    "porter": ("Pia Porter", Role.TRANSPORTER, ("east", "west"), StaffStatus.AVAILABLE, 4, 0.0),
    "feed": ("HL7 feed", Role.INTEGRATION, (), StaffStatus.OFF_SHIFT, None, None),
}


@dataclass
class Cast:
    """Ids of the small hospital, its people as actors, and short words to set a scene and look at the outcome."""

    wards: dict[str, int] = field(default_factory=dict)
    beds: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    # --- people ----------------------------------------------------------------------------------------------------

    def as_actor(self, name: str) -> Actor:
        """Somebody of PEOPLE, as they are now."""
        with read_session() as session:
            found = find_person(session, self.people[name])
        assert found is not None
        return found

    @property
    def admin(self) -> Actor:
        return self.as_actor("admin")

    @property
    def manager(self) -> Actor:
        return self.as_actor("manager")

    @property
    def staffing(self) -> Actor:
        return self.as_actor("staffing")

    @property
    def desk(self) -> Actor:
        return self.as_actor("desk")

    @property
    def nurse(self) -> Actor:
        return self.as_actor("nurse")

    @property
    def nurse_west(self) -> Actor:
        return self.as_actor("nurse_west")

    @property
    def doctor(self) -> Actor:
        return self.as_actor("doctor")

    @property
    def hanna(self) -> Actor:
        return self.as_actor("hanna")

    @property
    def hugo(self) -> Actor:
        return self.as_actor("hugo")

    @property
    def porter(self) -> Actor:
        return self.as_actor("porter")

    @property
    def feed(self) -> Actor:
        return self.as_actor("feed")

    def person(self, name: str) -> User:
        """The row of somebody of PEOPLE, read anew."""
        return fresh(User, self.people[name])

    def set_status(self, status: StaffStatus, *names: str) -> None:
        """Where people stand when the scene begins: no event, no audit."""
        with new_session() as session:
            for name in names:
                session.get_one(User, self.people[name]).current_status = status.value
            session.commit()

    # --- patients and beds -----------------------------------------------------------------------------------------

    def patient(self, first: str = "Maria", last: str = "Sandoval", **columns: Any) -> int:
        """A confirmed patient. Returns the id."""
        return add_patient(first, last, **columns)

    def waiting(self, patient_id: int | None = None, **wishes: Any) -> int:
        """A patient who waits for a bed. Returns the bed request's id."""
        wishes = {"unit": "Cardiac", "sex": "female", "isolation": Isolation.NONE} | wishes
        return stays.admit(self.desk, stays.Admission(patient_id or self.patient(), **wishes))

    def occupy(self, label: str, patient_id: int | None = None, **wishes: Any) -> int:
        """Somebody lies in the bed. Returns the patient's id."""
        patient_id = patient_id or self.patient()
        request = self.waiting(patient_id, **wishes)
        placement.place(self.manager, request, self.beds[label], override="as the scene wants it")
        return patient_id

    def bed(self, label: str) -> Bed:
        """The row of a bed, read anew."""
        return fresh(Bed, self.beds[label])

    def set_bed(self, label: str, status: str) -> None:
        """How a bed is when the scene begins: no event, no audit."""
        with new_session() as session:
            session.get_one(Bed, self.beds[label]).status = status
            session.commit()

    # --- outcome ---------------------------------------------------------------------------------------------------

    def task(self, task_id: int) -> Task:
        """The row of a task, read anew."""
        return fresh(Task, task_id)

    def tasks_of(self, label: str) -> list[Task]:
        """All tasks about a bed, oldest first."""
        with read_session() as session:
            return list(session.exec(select(Task).where(Task.bed_id == self.beds[label]).order_by(col(Task.id))))

    def audited(self, action: str = "") -> list[AuditEntry]:
        """What the audit says, oldest first."""
        with read_session() as session:
            found = select(AuditEntry).order_by(col(AuditEntry.id))
            return [row for row in session.exec(found) if action in ("", row.action)]

    def announced(self) -> list[str]:
        """The names of all events, oldest first."""
        with read_session() as session:
            return list(session.exec(select(OutboxEvent.name).order_by(col(OutboxEvent.id))))

    def topics(self, event: str) -> set[str]:
        """Every topic that events of this name have touched."""
        with read_session() as session:
            found = session.exec(select(OutboxEvent.topics).where(OutboxEvent.name == event))
            return {topic for topics in found for topic in topics}

    # --- time ------------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The hospital's time."""
        return fresh(HospitalClock, 1).hospital_at

    def later(self, minutes: float) -> datetime:
        """Let hospital time pass. Returns the new time."""
        with new_session() as session:
            clock = session.get_one(HospitalClock, 1)
            clock.hospital_at += timedelta(minutes=minutes)
            session.commit()
            return clock.hospital_at


def fresh(table: type[R], row_id: int) -> R:
    """A row as the database has it now."""
    with read_session() as session:
        return session.get_one(table, row_id)


def add_patient(
    first: str, last: str, *, dob: date = date(1961, 4, 12), policy: str = "XYZ-1234567", **columns: Any
) -> int:
    """A patient's row with sealed columns and blind indexes. Returns the id."""
    with new_session() as session:
        patient = Patient(created_at=NOW, **({"provisional": False, "sex": "female"} | columns))
        patient.first_name, patient.last_name = first, last
        patient.dob, patient.insurance_policy_num = dob.isoformat(), policy
        patient.dob_index = blind_index("patient.dob", dob.isoformat())
        patient.policy_index = blind_index("patient.policy", policy_key(policy))
        patient.surname_index = blind_index("patient.surname", sound_key(last))
        session.add(patient)
        session.commit()
        assert patient.id is not None
        return patient.id


def assemble() -> Cast:
    """Write the small hospital. Inside the `db` fixture it is gone with the test."""
    cast = Cast()
    with new_session() as session:
        session.add(HospitalClock(id=1, anchored_at=real_now(), hospital_at=NOW, speed=0.0, simulated=True))
        for position, (name, (unit, floor)) in enumerate(WARDS.items(), start=1):
            ward = Ward(code=name, name=f"{unit} {name}", unit=unit, floor=floor, position=position)
            session.add(ward)
            session.flush()
            cast.wards[name] = ward.id or 0
        beds = {label: _bed(cast, label) for label in BEDS}
        people = {name: _person(name) for name in PEOPLE}
        session.add_all([*beds.values(), *people.values()])
        session.flush()
        cast.beds = {label: bed.id or 0 for label, bed in beds.items()}
        cast.people = {name: person.id or 0 for name, person in people.items()}
        for name, (_, _, wards, *_) in PEOPLE.items():
            session.add_all(UserWard(user_id=cast.people[name], ward_id=cast.wards[ward]) for ward in wards)
        session.commit()
    return cast


def recall() -> Cast:
    """The cast of a small hospital that stands already, for scripts in processes of their own."""
    with read_session() as session:
        wards = {ward.code: ward.id or 0 for ward in session.exec(select(Ward))}
        beds = {bed.label: bed.id or 0 for bed in session.exec(select(Bed))}
        people = {person.username: person.id or 0 for person in session.exec(select(User))}
    return Cast(wards, beds, people)


@lru_cache(maxsize=1)
def _hash() -> str:
    return hash_password(PASSWORD)  # Once for all tests: it is slow on purpose.


def _bed(cast: Cast, label: str) -> Bed:
    ward, room, x, isolation, telemetry = BEDS[label]
    unit, floor = WARDS[ward]
    return Bed(
        ward_id=cast.wards[ward],
        label=label,
        room_number=room,
        unit=unit,
        since=NOW,
        isolation_room=isolation,
        telemetry=telemetry,
        floor=floor,
        x=x,
        y=0.0,
    )


def _person(name: str) -> User:
    shown, role, _, status, floor, x = PEOPLE[name]
    return User(
        username=name,
        display_name=shown,
        hashed_password=_hash(),
        role=role.value,
        current_status=status.value,
        status_since=NOW,
        floor=floor,
        x=x,
        y=0.0 if floor else None,
    )
