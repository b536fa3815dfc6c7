"""What has happened, in the past tense. Events carry ids only, never a patient's words.

Each event names the *topics* it touches: the live panels that must be read again. Event names stand in docs/events.md;
a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

HOSPITAL = "hospital"
DESK = "desk"
DISPATCH = "dispatch"
STAFFING = "staffing"
ACCOUNTS = "accounts"
STRAIN = "strain"
CONTESTS = "contests"
SWAPS = "swaps"
WARDS = "wards"
MODELS = "models"


def ward(ward_id: int) -> str:
    return f"ward:{ward_id}"


def bed(bed_id: int) -> str:
    return f"bed:{bed_id}"


def user(user_id: int) -> str:
    return f"user:{user_id}"


def managed(user_id: int) -> str:
    """One account as whoever manages accounts sees it."""
    return f"managed:{user_id}"


def account(user_id: int) -> str:
    """A person's own account page: their sessions, their second factor."""
    return f"account:{user_id}"


def me(user_id: int) -> str:
    """A person's own page: their shifts and hours."""
    return f"me:{user_id}"


def own_strain(user_id: int) -> str:
    """A person's own strain index: nobody else's to see."""
    return f"own_strain:{user_id}"


# Weeks are counted from a Monday; a ward's week is one number, since a topic has one.
_FIRST_MONDAY = date(2000, 1, 3)
_WEEKS = 10_000


def roster(ward_id: int | None, day: date) -> str:
    """One ward's roster of the week of that day; without a ward the house's."""
    return f"roster:{(ward_id or 0) * _WEEKS + (day - _FIRST_MONDAY).days // 7}"


def roster_week(number: int) -> tuple[int | None, date]:
    """(ward, Monday) of a topic's number; the other way round."""
    return number // _WEEKS or None, _FIRST_MONDAY + timedelta(weeks=number % _WEEKS)


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
        "stay.resumed",
        "stay.cancelled",
        "stay.away",
        "stay.back",
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
        "task.moved",
        "task.delayed",
        "task.resumed",
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
        "registration.asked",
        "registration.replied",
        "document.received",
        "document.reading",
        "document.read",
        "document.failed",
        "document.replaced",
        "eligibility.asked",
        "eligibility.answered",
        "patient.updated",
        "patient.merged",
        "patient.unmerged",
        "observation.recorded",
        "forecast.scored",
        "forecast.requested",
        "staffing.forecast_made",
        "model.activated",
        "shift.asked",
        "shift.drafted",
        "shift.published",
        "shift.swap_asked",
        "shift.swap_ended",
        "shift.wished",
        "shift.changed",
        "strain.scored",
        "strain.contested",
        "strain.contest_withdrawn",
        "strain.answered",
        "clock.fired",
        "clock.speed_changed",
        "ward.changed",
        "account.changed",
        "session.begun",
        "session.ended",
    }
)


# Who has left counts in how early their ward knew it.
_COUNTED = frozenset({"stay.ended", "stay.resumed"})


def bed_event(name: str, bed_id: int, ward_id: int, **facts: Any) -> Event:
    """Something about one bed: its ward's board, its own story and the capacity strip show it.

    A `patient_id` among the facts adds the page of whoever lies, lay or will lie there.
    """
    page = (patient(facts["patient_id"]),) if facts.get("patient_id") is not None else ()
    counts = (WARDS,) if name in _COUNTED else ()
    topics = (ward(ward_id), bed(bed_id), HOSPITAL, *page, *counts)
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


def account_changed(user_id: int) -> Event:
    """Something about an account: everybody who is signed in is looked up again (state/live.py)."""
    topics = (user(user_id), account(user_id), managed(user_id), me(user_id), ACCOUNTS, STAFFING)
    return Event("account.changed", {"user_id": user_id}, topics)


def session_event(name: str, session_id: int | None, user_id: int | None) -> Event:
    """A browser was signed in or out. A patient's session is on nobody's page or list of accounts."""
    topics = () if user_id is None else (account(user_id), managed(user_id), ACCOUNTS)
    return Event(name, {"session_id": session_id}, topics)


def registration_event(name: str, registration_id: int, **facts: Any) -> Event:
    """Something about one registration: the patient's own page, the desk's queue and its open folder show it."""
    topics = (registration(registration_id), verify(registration_id), DESK)
    return Event(name, {"registration_id": registration_id, **facts}, topics)
