"""The staff pages' handlers: each says who may call it, and takes ids and known words only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid, NotFound
from hospital_ops.domain.reasons import REASONS, reason_words
from hospital_ops.domain.tasks import StaffStatus, TaskKind
from hospital_ops.state.account import Account
from hospital_ops.state.patients import STAY_VERBS, PatientPage, _number
from hospital_ops.state.reports import Reports
from hospital_ops.state.staffing import Staffing
from hospital_ops.state.tasks import STEPS, Tasks, _known
from hospital_ops.state.verbs import VERBS

ASSETS = Path(__file__).resolve().parents[2] / "assets"
P = Permission
MARKS: dict[type, dict[str, Permission]] = {
    Tasks: {
        "arrive": P.TASK_OWN,
        "still_here": P.TASK_OWN,
        "step": P.TASK_OWN,
        "cannot": P.TASK_OWN,
        "be": P.TASK_OWN,
        "find": P.TASK_OWN,
        "found_at": P.TASK_OWN,
        "give": P.TASK_SUPERVISE,
        "give_to": P.TASK_SUPERVISE,
        "take_back": P.TASK_SUPERVISE,
        "ask_new": P.TASK_CREATE,
        "create": P.TASK_CREATE,
    },
    PatientPage: {
        "arrive": P.PATIENT_READ,
        "act": P.PATIENT_READ,
        "seek": P.STAY_PLACE,
        "move": P.STAY_PLACE,
        "move_anyway": P.STAY_PLACE,
    },
    Account: dict.fromkeys(("arrive", "ask", "begin", "confirm", "remove", "end", "end_others"), P.ACCOUNT_OWN),
    Staffing: {"show": P.STAFFING_VIEW},
    Reports: dict.fromkeys(("arrive", "search"), P.REPORT_VIEW),
}


@pytest.mark.parametrize(
    ("state", "name", "permission"),
    [(state, name, permission) for state, names in MARKS.items() for name, permission in names.items()],
)
def test_each_handler_wants_its_permission(state: type, name: str, permission: Permission) -> None:
    assert state.event_handlers[name].fn._hospital_mark.permission is permission  # type: ignore[attr-defined]


def test_no_state_var_could_hold_a_patients_words() -> None:
    assert set(Account.base_vars) == {"step", "problem", "session_id"}  # Nor a password, a secret or a code.
    assert set(PatientPage.base_vars) == {"patient_id", "problem", "from_bed_id", "request_id", "offers", "misfits"}


@pytest.mark.parametrize("text", ["", "-1", "1.5", "٣", "x", "9999999999", "1 OR 1=1"])
def test_an_address_that_is_no_number_is_no_patient(text: str) -> None:
    with pytest.raises(NotFound, match="no such patient in your wards"):
        _number(text)


def test_words_that_are_not_on_the_list_are_refused() -> None:
    assert _known(StaffStatus, "on_break") is StaffStatus.ON_BREAK
    for value in ("asleep", 3, None, ["on_break"]):
        with pytest.raises(Invalid):
            _known(StaffStatus, value)


def test_every_kind_of_task_has_reasons_to_pick() -> None:
    assert set(REASONS) == set(TaskKind)
    with pytest.raises(Invalid):
        reason_words(TaskKind.SPILL, "not_ready")


def test_the_steps_and_verbs_are_known_ones() -> None:
    assert set(STEPS) == {"accept", "start", "complete"}
    assert set(STAY_VERBS) <= set(VERBS)


def test_the_phone_can_be_given_an_icon() -> None:
    manifest = json.loads((ASSETS / "manifest.json").read_text())
    assert manifest["start_url"] == "/tasks"
    assert all((ASSETS / icon["src"].lstrip("/")).is_file() for icon in manifest["icons"])
