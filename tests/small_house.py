"""A small house built by hand, row by row: what the staff pages read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sqlmodel import Session

from hospital_ops.domain.access import HOUSE_WIDE, Actor, Role
from hospital_ops.models import Bed, Encounter, Patient, Stay, User, UserWard, Ward


@dataclass
class House:
    """Builds what a test needs and remembers the numbers."""

    session: Session
    now: datetime
    numbers: count[int] = field(default_factory=lambda: count(1))

    def ward(self, code: str, position: int, floor: int = 4) -> Ward:
        ward = Ward(code=code, name=f"Ward {code}", unit="Medicine", floor=floor, position=position)
        return self.keep(ward)

    def bed(self, ward: Ward, label: str, *, x: float = 0.0, y: float = 0.0, status: str = "available") -> Bed:
        bed = Bed(
            ward_id=ward.id, label=label, room_number=label[:-1], unit=ward.unit, status=status, since=self.now,
            floor=ward.floor, x=x, y=y,
        )  # fmt: skip
        return self.keep(bed)

    def person(self, role: Role, *wards: Ward, status: str = "available", at: Bed | None = None) -> Actor:
        n = next(self.numbers)
        user = User(username=f"{role}{n}", display_name=f"{role.title()} {n}", role=role.value, current_status=status)
        if at is not None:
            user.floor, user.x, user.y = at.floor, at.x, at.y
        self.keep(user)
        ids = frozenset(ward.id or 0 for ward in wards)
        for ward_id in ids if role not in HOUSE_WIDE else ():
            self.session.add(UserWard(user_id=user.id, ward_id=ward_id))
        self.session.commit()
        return Actor(role, user.display_name, user.id, ids)

    def patient(self, bed: Bed | None = None, first: str = "Maria", last: str = "Sandoval") -> Patient:
        patient = Patient(created_at=self.now, sex="female", provisional=False)
        patient.first_name, patient.last_name, patient.dob = first, last, "1957-03-09"
        patient.insurance_policy_num = "XYZ-123-4567"
        self.keep(patient)
        if bed is not None:
            self.lay(patient, bed)
        return patient

    def lay(self, patient: Patient, bed: Bed) -> Encounter:
        encounter = Encounter(
            patient_id=patient.id, status="in_house", unit=bed.unit, admitted_at=self.now, sex=patient.sex
        )
        self.keep(encounter)
        self.session.add(Stay(encounter_id=encounter.id, patient_id=patient.id, bed_id=bed.id, from_at=self.now))
        bed.status = "occupied"
        self.session.add(bed)
        self.session.commit()
        return encounter

    def keep(self, row: Any) -> Any:
        self.session.add(row)
        self.session.commit()
        return row
