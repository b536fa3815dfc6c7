"""The topics themselves. One line a kind; a test walks the table with every role."""

from __future__ import annotations

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.queries.board import bed_story, ward_board
from hospital_ops.queries.desk import desk_value, verify_value
from hospital_ops.queries.dispatch import dispatch_list
from hospital_ops.queries.hospital import hospital_now_value
from hospital_ops.queries.intake import registration_value
from hospital_ops.queries.patients import is_theirs, patient_page, whereabouts
from hospital_ops.queries.places import ward_of_bed
from hospital_ops.queries.staffing import staffing_value
from hospital_ops.queries.tasks import my_tasks
from hospital_ops.state.topics import Topic, everywhere, may_read_patients, named, reads_patients, ward_var

_P = Permission


def _own_ward(actor: Actor, ward_id: int) -> bool:
    return actor.may(_P.BOARD_VIEW, ward_id)


def _bed_in_own_ward(actor: Actor, bed_id: int) -> bool:
    ward_id = ward_of_bed(bed_id)
    return ward_id is not None and actor.may(_P.BOARD_VIEW, ward_id)


def _patient_in_bed(actor: Actor, bed_id: int) -> bool:
    ward_id = ward_of_bed(bed_id)
    return ward_id is not None and reads_patients(actor, ward_id)


def _own_registration(actor: Actor, registration_id: int) -> bool:
    return actor.registration_id == registration_id


def _oneself(actor: Actor, user_id: int) -> bool:
    return actor.user_id == user_id


def _own_patient(actor: Actor, patient_id: int) -> bool:
    return is_theirs(actor, whereabouts(patient_id))


TOPICS: dict[str, Topic] = {
    # Watched by the patient's page alone, which writes the look into the audit before it joins.
    "patient": Topic(
        frozenset({_P.PATIENT_READ}),
        lambda patient_id, _: patient_page(patient_id),
        named("patient"),
        theirs=_own_patient,
    ),
    "user": Topic(
        frozenset({_P.TASK_OWN}),
        lambda user_id, masked: my_tasks(user_id, masked=masked),
        named("tasks"),
        theirs=_oneself,
        sees_patients=may_read_patients,
    ),
    "dispatch": Topic(
        frozenset({_P.TASK_SUPERVISE}),
        lambda _, masked: dispatch_list(masked=masked),
        named("dispatch"),
        sees_patients=everywhere,
    ),
    "staffing": Topic(frozenset({_P.STAFFING_VIEW}), lambda _, masked: staffing_value(), named("staffing")),
    "ward": Topic(
        frozenset({_P.BOARD_VIEW}),
        lambda ward_id, masked: ward_board(ward_id, masked=masked),
        ward_var,
        theirs=_own_ward,
        sees_patients=reads_patients,
    ),
    "hospital": Topic(
        frozenset({_P.BOARD_VIEW}),
        lambda _, masked: hospital_now_value(masked=masked),
        named("hospital"),
        sees_patients=everywhere,
    ),
    "bed": Topic(
        frozenset({_P.BOARD_VIEW}),
        lambda bed_id, masked: bed_story(bed_id, masked=masked),
        named("bed"),
        theirs=_bed_in_own_ward,
        sees_patients=_patient_in_bed,
    ),
    "registration": Topic(
        frozenset({_P.INTAKE_OWN}),
        lambda registration_id, _: registration_value(registration_id),
        named("registration"),
        theirs=_own_registration,
    ),
    "desk": Topic(frozenset({_P.DESK_WORK}), lambda _, masked: desk_value(), named("desk")),
    "verify": Topic(
        frozenset({_P.DESK_WORK}), lambda registration_id, _: verify_value(registration_id), named("verify")
    ),
}
