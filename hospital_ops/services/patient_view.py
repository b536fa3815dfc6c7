"""Opening one patient's page: whose patient it is, and the line in the audit that says who looked."""

from __future__ import annotations

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import NotFound
from hospital_ops.queries.patients import NOT_THERE, is_theirs, whereabouts
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import unit_of_work


def open_patient(actor: Actor, patient_id: int) -> None:
    """Record that this person looks at this patient. A patient outside their wards reads like none at all.

    Fails closed: the page is read only after this line is committed. Being turned away is recorded too.
    """
    require(actor, Permission.PATIENT_READ)
    place = whereabouts(patient_id)
    allowed = is_theirs(actor, place)
    with unit_of_work(actor) as work:
        ward_id = place.ward_id if place else None
        work.record("patient.read", "patient", patient_id, ward_id=ward_id, allowed=allowed)
    if not allowed:
        raise NotFound(NOT_THERE)
