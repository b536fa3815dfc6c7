"""What has happened, in the past tense. Events carry ids only, never a patient's words.

Each event names the *topics* it touches: the live panels that must be read again. Event names stand in docs/events.md;
a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

HOSPITAL = "hospital"
DESK = "desk"
DISPATCH = "dispatch"
STAFFING = "staffing"


def ward(ward_id: int) -> str:
    return f"ward:{ward_id}"


def bed(bed_id: int) -> str:
    return f"bed:{bed_id}"


def user(user_id: int) -> str:
    return f"user:{user_id}"


def patient(patient_id: int) -> str:
    return f"patient:{patient_id}"


def registration(registration_id: int) -> str:
    return f"registration:{registration_id}"


def verify(registration_id: int) -> str:
    """What the desk sees of a registration: more than the patient's own page, such as who looks like a duplicate."""
    return f"verify:{registration_id}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `facts` are ids and codes, small enough for a NOTIFY payload."""

    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    topics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ValueError(f"no event is called {self.name!r}")


NAMES: frozenset[str] = frozenset(
    {
        "bed.status_changed",
        "bed.updated",
        "stay.started",
        "stay.moved",
        "stay.ended",
        "encounter.registered",
        "encounter.cancelled",
        "bed_request.opened",
        "bed_request.closed",
        "discharge.ordered",
        "discharge.order_withdrawn",
        "task.created",
        "task.offered",
        "task.accepted",
        "task.started",
        "task.suspended",
        "task.declined",
        "task.completed",
        "task.cancelled",
        "task.escalated",
        "staff.status_changed",
        "registration.started",
        "registration.saved",
        "registration.submitted",
        "registration.confirmed",
        "registration.admitted",
        "registration.cancelled",
        "registration.link_renewed",
        "document.received",
        "document.reading",
        "document.read",
        "document.failed",
        "document.replaced",
        "patient.updated",
        "patient.merged",
        "patient.unmerged",
        "observation.recorded",
        "forecast.scored",
        "forecast.requested",
        "staffing.forecast_made",
        "shift.changed",
        "clock.fired",
        "clock.speed_changed",
        "account.changed",
        "session.ended",
    }
)


def bed_event(name: str, bed_id: int, ward_id: int, **facts: Any) -> Event:
    """Something about one bed: its ward's board, its own story and the capacity strip show it.

    A `patient_id` among the facts adds the page of whoever lies, lay or will lie there.
    """
    page = (patient(facts["patient_id"]),) if facts.get("patient_id") is not None else ()
    topics = (ward(ward_id), bed(bed_id), HOSPITAL, *page)
    return Event(name, {"bed_id": bed_id, "ward_id": ward_id, **facts}, topics)


def task_event(
    name: str,
    task_id: int,
    *,
    ward_id: int | None,
    bed_id: int | None,
    users: Iterable[int | None],
    patient_id: int | None = None,
) -> Event:
    """Something about one task: its people's own lists, the supervisors' list, the bed and the patient it is about."""
    people = tuple(user(u) for u in dict.fromkeys(users) if u is not None)
    where = (() if ward_id is None else (ward(ward_id),)) + (() if bed_id is None else (bed(bed_id),))
    page = () if patient_id is None else (patient(patient_id),)
    return Event(name, {"task_id": task_id, "ward_id": ward_id, "bed_id": bed_id}, (*people, *where, *page, DISPATCH))


def registration_event(name: str, registration_id: int, **facts: Any) -> Event:
    """Something about one registration: the patient's own page, the desk's queue and its open folder show it."""
    topics = (registration(registration_id), verify(registration_id), DESK)
    return Event(name, {"registration_id": registration_id, **facts}, topics)
