"""Who may do what: roles, permissions and the one table between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hospital_ops.domain.errors import NotAllowed


class Role(StrEnum):
    """What a person is in the hospital."""

    PATIENT = "patient"
    DESK = "desk"
    NURSE = "nurse"
    DOCTOR = "doctor"
    HOUSEKEEPER = "housekeeper"
    TRANSPORTER = "transporter"
    BED_MANAGER = "bed_manager"
    STAFFING_MANAGER = "staffing_manager"
    ADMIN = "admin"
    INTEGRATION = "integration"
    SYSTEM = "system"


class Permission(StrEnum):
    """One thing that can be allowed. The words stand in docs/permissions.md too; a test compares them."""

    BOARD_VIEW = "board.view"
    PATIENT_READ = "patient.read"
    PATIENT_WRITE = "patient.write"
    PATIENT_MERGE = "patient.merge"
    OBSERVATION_RECORD = "observation.record"
    BED_CLEAN = "bed.clean"
    BED_BLOCK = "bed.block"
    BED_STAFF = "bed.staff"
    STAY_ADMIT = "stay.admit"
    STAY_PLACE = "stay.place"
    STAY_DISCHARGE = "stay.discharge"
    TASK_OWN = "task.own"
    TASK_CREATE = "task.create"
    TASK_SUPERVISE = "task.supervise"
    INTAKE_OWN = "intake.own"
    DESK_WORK = "desk.work"
    REPLAY_VIEW = "replay.view"
    STAFFING_VIEW = "staffing.view"
    STAFFING_PLAN = "staffing.plan"
    SHIFT_OWN = "shift.own"
    STRAIN_GROUPS = "strain.groups"
    STRAIN_ANSWER = "strain.answer"
    FORECAST_VIEW = "forecast.view"
    FORECAST_SCORE = "forecast.score"
    REPORT_VIEW = "report.view"
    ACCOUNT_OWN = "account.own"
    ACCOUNT_MANAGE = "account.manage"
    AUDIT_READ = "audit.read"
    AUDIT_SEAL = "audit.seal"
    MODEL_MANAGE = "model.manage"
    WARD_SET = "ward.set"
    CLOCK_SET = "clock.set"
    DOWNTIME_KEEP = "downtime.keep"


_P = Permission

# Deny by default: what is not listed here is refused. Admin keeps the house running and sees no patient.
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PATIENT: frozenset({_P.INTAKE_OWN}),
    Role.DESK: frozenset(
        {_P.BOARD_VIEW, _P.PATIENT_READ, _P.PATIENT_WRITE, _P.PATIENT_MERGE, _P.DESK_WORK, _P.STAY_ADMIT}
        | {_P.STAY_PLACE, _P.TASK_CREATE, _P.TASK_OWN, _P.ACCOUNT_OWN, _P.SHIFT_OWN}
    ),
    Role.NURSE: frozenset(
        {_P.BOARD_VIEW, _P.PATIENT_READ, _P.BED_CLEAN, _P.BED_BLOCK, _P.STAY_PLACE, _P.STAY_DISCHARGE}
        | {
            _P.TASK_OWN,
            _P.ACCOUNT_OWN,
            _P.SHIFT_OWN,
            _P.TASK_CREATE,
            _P.STAFFING_VIEW,
            _P.FORECAST_VIEW,
            _P.OBSERVATION_RECORD,
            _P.REPORT_VIEW,
        }
    ),
    Role.DOCTOR: frozenset(
        {
            _P.BOARD_VIEW,
            _P.PATIENT_READ,
            _P.STAY_DISCHARGE,
            _P.TASK_OWN,
            _P.ACCOUNT_OWN,
            _P.SHIFT_OWN,
            _P.FORECAST_VIEW,
            _P.OBSERVATION_RECORD,
        }
    ),
    Role.HOUSEKEEPER: frozenset({_P.BOARD_VIEW, _P.BED_CLEAN, _P.TASK_OWN, _P.ACCOUNT_OWN, _P.SHIFT_OWN}),
    Role.TRANSPORTER: frozenset({_P.BOARD_VIEW, _P.TASK_OWN, _P.ACCOUNT_OWN, _P.SHIFT_OWN}),
    Role.BED_MANAGER: frozenset(
        {_P.BOARD_VIEW, _P.PATIENT_READ, _P.BED_CLEAN, _P.BED_BLOCK, _P.BED_STAFF, _P.STAY_ADMIT}
        | {
            _P.STAY_PLACE,
            _P.STAY_DISCHARGE,
            _P.TASK_OWN,
            _P.ACCOUNT_OWN,
            _P.SHIFT_OWN,
            _P.TASK_CREATE,
            _P.TASK_SUPERVISE,
        }
        | {_P.STAFFING_VIEW, _P.FORECAST_VIEW, _P.CLOCK_SET, _P.REPLAY_VIEW, _P.REPORT_VIEW}
        | {_P.WARD_SET}
    ),
    Role.STAFFING_MANAGER: frozenset(
        {_P.BOARD_VIEW, _P.BED_STAFF, _P.TASK_OWN, _P.ACCOUNT_OWN, _P.SHIFT_OWN, _P.TASK_CREATE, _P.TASK_SUPERVISE}
        | {_P.STAFFING_VIEW, _P.STAFFING_PLAN, _P.FORECAST_VIEW, _P.STRAIN_GROUPS, _P.REPLAY_VIEW, _P.REPORT_VIEW}
    ),
    Role.ADMIN: frozenset(
        {_P.BOARD_VIEW, _P.TASK_OWN, _P.ACCOUNT_OWN, _P.SHIFT_OWN, _P.TASK_CREATE, _P.TASK_SUPERVISE, _P.STAFFING_VIEW}
        | {_P.FORECAST_VIEW, _P.ACCOUNT_MANAGE, _P.AUDIT_READ, _P.MODEL_MANAGE, _P.CLOCK_SET, _P.STRAIN_ANSWER}
        | {_P.REPLAY_VIEW, _P.WARD_SET}
    ),
    Role.INTEGRATION: frozenset(
        {_P.BOARD_VIEW, _P.PATIENT_READ, _P.PATIENT_WRITE, _P.STAY_ADMIT, _P.STAY_PLACE, _P.STAY_DISCHARGE}
        | {_P.BED_CLEAN, _P.TASK_CREATE, _P.FORECAST_VIEW, _P.OBSERVATION_RECORD}
    ),
    Role.SYSTEM: frozenset(
        {_P.BOARD_VIEW, _P.PATIENT_READ, _P.BED_BLOCK, _P.STAY_DISCHARGE, _P.TASK_CREATE}
        | {_P.TASK_SUPERVISE, _P.FORECAST_VIEW, _P.FORECAST_SCORE, _P.STAFFING_VIEW, _P.CLOCK_SET, _P.AUDIT_SEAL}
        | {_P.DOWNTIME_KEEP}
    ),
}

# These people work for the whole house, so no list of wards limits them.
HOUSE_WIDE: frozenset[Role] = frozenset(
    {Role.BED_MANAGER, Role.STAFFING_MANAGER, Role.ADMIN, Role.INTEGRATION, Role.SYSTEM}
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a nurse, a patient on a phone, an API client, the clock.

    `ward_ids` are database ids; `registration_id` is set for a patient and opens that one registration only.
    `must_choose_password`: signed in with a password that somebody else made; until it is changed nothing is theirs.
    """

    role: Role
    name: str
    user_id: int | None = None
    ward_ids: frozenset[int] = field(default_factory=frozenset)
    registration_id: int | None = None
    session_id: int | None = None
    simulated: bool = False
    must_choose_password: bool = False

    @property
    def all_wards(self) -> bool:
        return self.role in HOUSE_WIDE

    def may(self, permission: Permission, ward_id: int | None = None) -> bool:
        """True when the role has the permission and, where a ward is given, the ward is theirs."""
        if self.must_choose_password or permission not in PERMISSIONS[self.role]:
            return False
        return ward_id is None or self.all_wards or ward_id in self.ward_ids


def require(actor: Actor, permission: Permission, ward_id: int | None = None) -> None:
    """Refuse with a sentence unless the actor may do this, in this ward."""
    if actor.must_choose_password:
        raise NotAllowed("Please choose a password of your own first.", code="password_first")
    if not actor.may(permission):
        raise NotAllowed(f"Your role ({actor.role.replace('_', ' ')}) does not include this.")
    if not actor.may(permission, ward_id):
        raise NotAllowed("That ward is not one of yours.", code="not_your_ward")


CLOCK = Actor(role=Role.SYSTEM, name="clock")
WORKER = Actor(role=Role.SYSTEM, name="worker")
