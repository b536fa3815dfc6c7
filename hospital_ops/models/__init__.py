"""Tables, shape only. Importing this package registers them all with `SQLModel.metadata`."""

from hospital_ops.models.beds import Bed, BedRequest
from hospital_ops.models.checks import ForecastCheck, InputCheck
from hospital_ops.models.documents import Document, DocumentField
from hospital_ops.models.eligibility import EligibilityCheck
from hospital_ops.models.forecasts import ArrivalDayForecast, ArrivalForecast, JobFiring, ShiftForecast, StayForecast
from hospital_ops.models.intake import Registration
from hospital_ops.models.log import AuditEntry, AuditLink, Handled, OutboxEvent
from hospital_ops.models.patients import Observation, Patient, PatientMerge
from hospital_ops.models.people import RecoveryCode, RefreshToken, SecondFactor, User, UserWard, WebSession
from hospital_ops.models.shifts import DayWish, RosterChange, Shift, ShiftAsk, ShiftAssignment, ShiftSwap
from hospital_ops.models.sites import DataKey, HospitalClock, Ward
from hospital_ops.models.stays import Encounter, Stay
from hospital_ops.models.strain import StrainContest, StrainFigure, StrainIndex
from hospital_ops.models.tasks import Task, TaskDecline, TaskDelay

__all__ = [
    "ArrivalDayForecast",
    "ArrivalForecast",
    "AuditEntry",
    "AuditLink",
    "Bed",
    "BedRequest",
    "DataKey",
    "DayWish",
    "Document",
    "DocumentField",
    "EligibilityCheck",
    "Encounter",
    "ForecastCheck",
    "Handled",
    "HospitalClock",
    "InputCheck",
    "JobFiring",
    "Observation",
    "OutboxEvent",
    "Patient",
    "PatientMerge",
    "RecoveryCode",
    "RefreshToken",
    "Registration",
    "RosterChange",
    "SecondFactor",
    "Shift",
    "ShiftAsk",
    "ShiftAssignment",
    "ShiftForecast",
    "ShiftSwap",
    "Stay",
    "StayForecast",
    "StrainContest",
    "StrainFigure",
    "StrainIndex",
    "Task",
    "TaskDecline",
    "TaskDelay",
    "User",
    "UserWard",
    "Ward",
    "WebSession",
]
