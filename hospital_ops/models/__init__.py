"""Tables, shape only. Importing this package registers them all with `SQLModel.metadata`."""

from hospital_ops.models.beds import Bed, BedRequest
from hospital_ops.models.documents import Document, DocumentField
from hospital_ops.models.forecasts import ArrivalForecast, JobFiring, ShiftForecast, StayForecast
from hospital_ops.models.intake import Registration
from hospital_ops.models.log import AuditEntry, Handled, OutboxEvent
from hospital_ops.models.patients import Observation, Patient
from hospital_ops.models.people import RefreshToken, User, UserWard, WebSession
from hospital_ops.models.shifts import Shift, ShiftAssignment
from hospital_ops.models.sites import DataKey, HospitalClock, Ward
from hospital_ops.models.stays import Encounter, Stay
from hospital_ops.models.tasks import Task, TaskDecline

__all__ = [
    "ArrivalForecast",
    "AuditEntry",
    "Bed",
    "BedRequest",
    "DataKey",
    "Document",
    "DocumentField",
    "Encounter",
    "Handled",
    "HospitalClock",
    "JobFiring",
    "Observation",
    "OutboxEvent",
    "Patient",
    "RefreshToken",
    "Registration",
    "Shift",
    "ShiftAssignment",
    "ShiftForecast",
    "Stay",
    "StayForecast",
    "Task",
    "TaskDecline",
    "User",
    "UserWard",
    "Ward",
    "WebSession",
]
