"""The one write door of a patient: sealed columns and blind indexes change together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import ChangedMeanwhile, NotFound
from hospital_ops.domain.identifiers import check_birth_date, policy_key, read_date, sound_key
from hospital_ops.domain.intake import SEXES
from hospital_ops.infra.crypto import blind_index
from hospital_ops.models import Patient
from hospital_ops.queries.clock import hospital_date
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import Work, unit_of_work

NONE_SUCH = "There is no such patient."


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a patient is. `dob` is an ISO date; "" is "not known"."""

    first_name: str
    last_name: str
    dob: str
    insurance_policy_num: str = ""
    phone: str = ""
    address: str = ""
    sex: str = "unknown"
    language: str = "en"

    @classmethod
    def from_row(cls, patient: Patient) -> Identity:
        """As it stands in the record."""
        kept = {name: getattr(patient, name) or "" for name in _SEALED}
        return cls(**kept, sex=patient.sex, language=patient.language)

    @classmethod
    def of(cls, values: Mapping[str, str], *, language: str = "en") -> Identity:
        """From a form's answers; the date may be written in any way that we can read."""
        kept = {name: values.get(name, "").strip() for name in _SEALED}
        sex = values.get("sex", "")
        return cls(
            **{**kept, "dob": read_date(kept["dob"]).isoformat() if kept["dob"] else ""},
            sex=sex if sex in SEXES else "unknown",
            language=language,
        )


_SEALED = ("first_name", "last_name", "dob", "insurance_policy_num", "phone", "address")


def add_patient(work: Work, identity: Identity, *, provisional: bool = True) -> Patient:
    """A new patient. Provisional until the desk has confirmed who it is."""
    patient = Patient(created_at=work.now, simulated=work.actor.simulated)
    write_identity(work, patient, identity, provisional=provisional)
    work.session.add(patient)
    work.session.flush()
    assert patient.id is not None
    work.record("patient.add", "patient", patient.id, provisional=provisional)
    return patient


def change_patient(work: Work, patient: Patient, identity: Identity, *, provisional: bool = False) -> None:
    """Another name, number or address for somebody we know."""
    write_identity(work, patient, identity, provisional=provisional)
    patient.version += 1
    work.session.add(patient)
    assert patient.id is not None
    work.record("patient.change", "patient", patient.id)
    work.announce(events.Event("patient.updated", {"patient_id": patient.id}, (events.patient(patient.id),)))


def write_identity(work: Work, patient: Patient, identity: Identity, *, provisional: bool) -> None:
    """Set columns and indexes. Refuses an impossible date of birth."""
    if identity.dob:
        check_birth_date(read_date(identity.dob), hospital_date(work.now))
    for name in _SEALED:
        value = getattr(identity, name)
        setattr(patient, name, value or None)
    patient.dob_index = blind_index("patient.dob", identity.dob)
    patient.policy_index = blind_index("patient.policy", policy_key(identity.insurance_policy_num))
    patient.surname_index = blind_index("patient.surname", sound_key(identity.last_name))
    patient.sex, patient.language, patient.provisional = identity.sex, identity.language, provisional


def lock_patient(work: Work, patient_id: int, *, version: int | None = None) -> Patient:
    """The patient, locked until commit."""
    patient = work.session.exec(select(Patient).where(Patient.id == patient_id).with_for_update()).first()
    if patient is None:
        raise NotFound(NONE_SUCH)
    if version is not None and version != patient.version:
        raise ChangedMeanwhile
    return patient


def read_patient(actor: Actor, patient_id: int) -> dict[str, Any]:
    """One patient's data, in the clear. Audited in the same transaction: no audit line, no data."""
    require(actor, Permission.PATIENT_READ)
    with unit_of_work(actor) as work:
        patient = work.session.get(Patient, patient_id)
        if patient is None:
            raise NotFound(NONE_SUCH)
        work.record("patient.read", "patient", patient_id)
        values = {name: getattr(patient, name) or "" for name in _SEALED}
        return {
            "id": patient_id,
            **values,
            "sex": patient.sex,
            "language": patient.language,
            "version": patient.version,
        }
