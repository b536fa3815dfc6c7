"""The topics themselves. One line a kind; a test walks the table with every role."""

from __future__ import annotations

from typing import Any

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.events import roster_week
from hospital_ops.queries.account import own_account
from hospital_ops.queries.accounts import accounts_value, managed_value
from hospital_ops.queries.board import bed_story, ward_board, ward_boards
from hospital_ops.queries.desk import desk_value
from hospital_ops.queries.dispatch import dispatch_list
from hospital_ops.queries.folder import verify_value
from hospital_ops.queries.hospital import hospital_now_value
from hospital_ops.queries.intake import registration_value
from hospital_ops.queries.own_shifts import own_shifts
from hospital_ops.queries.patients import is_theirs, patient_page, whereabouts
from hospital_ops.queries.places import ward_of_bed
from hospital_ops.queries.roster_page import roster_page
from hospital_ops.queries.shift_swaps import swaps_value
from hospital_ops.queries.staffing import staffing_value
from hospital_ops.queries.strain import contests_value, own_strain, strain_groups
from hospital_ops.queries.tasks import my_tasks
from hospital_ops.queries.wards import wards_value
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


def _own_roster(actor: Actor, number: int) -> bool:
    ward_id, _ = roster_week(number)
    return actor.all_wards if ward_id is None else actor.may(_P.STAFFING_VIEW, ward_id)


def _plans(actor: Actor, number: int) -> bool:
    return actor.may(_P.STAFFING_PLAN)


def _models() -> dict[str, Any]:
    # The one panel that loads models to show them: a web process that nobody asks for it goes without scikit-learn.
    from hospital_ops.services.model_page import models_value

    return models_value()


def _own_patient(actor: Actor, patient_id: int) -> bool:
    return is_theirs(actor, whereabouts(patient_id))


TOPICS: dict[str, Topic] = {
    # No `is_look`: watched by the patient's page alone, which writes each look into the audit before it joins.
    "patient": Topic(
        frozenset({_P.PATIENT_READ}),
        lambda patient_id, _: patient_page(patient_id),
        named("patient"),
        theirs=_own_patient,
        wanders=True,
        lost="This patient is no longer in your wards, so the page was closed. If you care for them still, ask the "
        "bed manager.",
    ),
    "user": Topic(
        frozenset({_P.TASK_OWN}),
        lambda user_id, masked: my_tasks(user_id, masked=masked),
        named("tasks"),
        theirs=_oneself,
        sees_patients=may_read_patients,
        is_look=True,
    ),
    "account": Topic(
        frozenset({_P.ACCOUNT_OWN}), lambda user_id, _: own_account(user_id), named("account"), theirs=_oneself
    ),
    "me": Topic(frozenset({_P.SHIFT_OWN}), lambda user_id, _: own_shifts(user_id), named("me"), theirs=_oneself),
    "dispatch": Topic(
        frozenset({_P.TASK_SUPERVISE}),
        lambda _, masked: dispatch_list(masked=masked),
        named("dispatch"),
        sees_patients=everywhere,
        is_look=True,
    ),
    "staffing": Topic(frozenset({_P.STAFFING_VIEW}), lambda _, masked: staffing_value(), named("staffing")),
    # Looks too, though they name no patient: who reads of somebody's strain is written down, oneself included.
    "own_strain": Topic(
        frozenset({_P.ACCOUNT_OWN}),
        lambda user_id, _: own_strain(user_id),
        named("own_strain"),
        theirs=_oneself,
        is_look=True,
    ),
    "strain": Topic(frozenset({_P.STRAIN_GROUPS}), lambda _, masked: strain_groups(), named("strain"), is_look=True),
    "contests": Topic(
        frozenset({_P.STRAIN_ANSWER}), lambda _, masked: contests_value(), named("contests"), is_look=True
    ),
    # No patient is named in it: the full value has the draft, which only planners see.
    "roster": Topic(
        frozenset({_P.STAFFING_VIEW}),
        lambda number, masked: roster_page(number, drafts=not masked),
        named("roster"),
        theirs=_own_roster,
        sees_patients=_plans,
    ),
    "swaps": Topic(frozenset({_P.STAFFING_PLAN}), lambda _, masked: swaps_value(), named("swaps")),
    "ward": Topic(
        frozenset({_P.BOARD_VIEW}),
        lambda ward_id, masked: ward_board(ward_id, masked=masked),
        ward_var,
        read_many=lambda ward_ids, masked: ward_boards(ward_ids, masked=masked),
        theirs=_own_ward,
        sees_patients=reads_patients,
        is_look=True,
    ),
    "hospital": Topic(
        frozenset({_P.BOARD_VIEW}),
        lambda _, masked: hospital_now_value(masked=masked),
        named("hospital"),
        sees_patients=everywhere,
        is_look=True,
    ),
    "bed": Topic(
        frozenset({_P.BOARD_VIEW}),
        lambda bed_id, masked: bed_story(bed_id, masked=masked),
        named("bed"),
        theirs=_bed_in_own_ward,
        sees_patients=_patient_in_bed,
        is_look=True,
    ),
    "registration": Topic(
        frozenset({_P.INTAKE_OWN}),
        lambda registration_id, _: registration_value(registration_id),
        named("registration"),
        theirs=_own_registration,
    ),
    "accounts": Topic(frozenset({_P.ACCOUNT_MANAGE}), lambda _, masked: accounts_value(), named("accounts")),
    "models": Topic(frozenset({_P.MODEL_MANAGE}), lambda _, masked: _models(), named("models")),
    "managed": Topic(frozenset({_P.ACCOUNT_MANAGE}), lambda user_id, _: managed_value(user_id), named("managed")),
    "wards": Topic(frozenset({_P.WARD_SET}), lambda _, masked: wards_value(), named("wards")),
    "desk": Topic(frozenset({_P.DESK_WORK}), lambda _, masked: desk_value(), named("desk"), is_look=True),
    "verify": Topic(
        frozenset({_P.DESK_WORK}),
        lambda registration_id, _: verify_value(registration_id),
        named("verify"),
        is_look=True,
    ),
}
