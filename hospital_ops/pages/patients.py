"""One patient: who, where, what happened, when they are likely to leave, and what is to be done before."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import at, live_panel
from hospital_ops.components.patient_parts import (
    BED,
    PATIENT,
    REQUEST,
    acts,
    documents,
    leaving,
    milestones,
    move_dialog,
    other_tasks,
    panel,
    timeline,
)
from hospital_ops.components.shell import frame
from hospital_ops.components.states import bone, skeleton
from hospital_ops.components.status import badge
from hospital_ops.state.patients import PatientPage

WHO = PATIENT["who"].to(dict[str, Any])
ENCOUNTER = PATIENT["encounter"].to(dict[str, Any])


def _tag(shown: Any, words: Any) -> rx.Component:
    return rx.cond(shown, rx.el.span(words, class_name="tag"), rx.fragment())


def _where() -> rx.Component:
    in_bed = rx.el.p(
        rx.el.b("Bed ", BED["label"].to(str)),
        f" · {BED['ward']} · floor {BED['floor']}",
        badge(BED["status"].to(str)),
        class_name="patient-where",
    )
    waits = rx.el.p(
        rx.el.b("Waits for a bed"),
        f" · {REQUEST['unit']} · since ",
        at(at=REQUEST["since"].to(str)),
        class_name="patient-where",
    )
    other = rx.el.p(ENCOUNTER["status_words"].to(str), class_name="patient-where")
    return rx.cond(PATIENT["bed"], in_bed, rx.cond(PATIENT["request"], waits, other))


def _head() -> rx.Component:
    born = rx.cond(WHO["dob"] != "", f"born {WHO['dob']}, {WHO['age']} years", "date of birth not known")
    return rx.el.header(
        rx.el.div(
            rx.el.h1(WHO["name"].to(str), class_name="patient-name"),
            rx.el.p(rx.cond(WHO["sex"] != "", f"{WHO['sex']} · ", ""), born, class_name="lead"),
            rx.el.p(
                _tag(ENCOUNTER["isolation"], f"Isolation: {ENCOUNTER['isolation']}"),
                _tag(ENCOUNTER["telemetry"].to(bool), "Telemetry"),
                _tag(WHO["provisional"].to(bool), "Not confirmed by the desk"),
                _tag(WHO["simulated"].to(bool), "Invented patient"),
                class_name="tags",
            ),
        ),
        rx.el.div(_where(), acts(), class_name="patient-now"),
        class_name="patient-head",
    )


def _fact(word: str, value: Any) -> rx.Component:
    return rx.cond(value, rx.fragment(rx.el.dt(word), rx.el.dd(value)), rx.fragment())


def _facts() -> rx.Component:
    admitted = rx.cond(
        ENCOUNTER["admitted_at"],
        rx.fragment(rx.el.dt("Admitted"), rx.el.dd(at(at=ENCOUNTER["admitted_at"].to(str), form="full"))),
        rx.fragment(),
    )
    return panel(
        "About this stay",
        rx.el.dl(
            _fact("Unit", ENCOUNTER["unit"].to(str)),
            admitted,
            _fact("Came from", ENCOUNTER["source"].to(str)),
            _fact("Diagnosis", ENCOUNTER["diagnosis"].to(str)),
            _fact("Policy", WHO["policy_end"].to(str)),
            _fact("Phone", WHO["phone"].to(str)),
            _fact("Language", WHO["language"].to(str)),
            class_name="facts",
        ),
    )


def _loading() -> rx.Component:
    return skeleton(bone("bone-strip"), bone("bone-block"), bone("bone-block"))


def _outside() -> rx.Component:
    return rx.el.div(
        rx.icon("lock", size=22, aria_hidden="true"),
        rx.el.h1(PatientPage.problem, class_name="state-title"),
        rx.el.p(
            "A patient outside your wards stays closed to you. If you care for this patient now, ask the bed manager."
        ),
        class_name="state state-refused",
    )


def _patient() -> rx.Component:
    shown = rx.fragment(
        _head(),
        rx.el.div(
            rx.el.div(leaving(), milestones(), timeline(), class_name="patient-main"),
            rx.el.div(_facts(), other_tasks(), documents(), class_name="patient-side"),
            class_name="patient",
        ),
        move_dialog(),
    )
    # The value of the patient before is never shown under the next one's address.
    is_this = (PatientPage.patient_id > 0) & (PATIENT["id"].to(int) == PatientPage.patient_id)
    return rx.cond(PatientPage.problem != "", _outside(), rx.cond(is_this, shown, _loading()))


def patients() -> rx.Component:
    """/patients/[id]"""
    return frame("/patients/[id]", live_panel(_patient(), label="Patient"), skeleton=_loading())
