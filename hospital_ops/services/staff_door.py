"""The one write door of a person's working status and whereabouts."""

from __future__ import annotations

from hospital_ops.domain.events import DISPATCH, STAFFING, Event, user
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.models import Bed, User
from hospital_ops.services.unit_of_work import Work


def set_status(work: Work, person: User, status: StaffStatus) -> None:
    """Change a person's status; the same again changes nothing."""
    if person.current_status == status.value:
        return
    before, person.current_status, person.status_since = person.current_status, status.value, work.now
    person.version += 1
    work.session.add(person)
    assert person.id is not None
    work.record("staff.set_status", "user", person.id, old=before, new=status.value)
    came_or_went = StaffStatus.OFF_SHIFT in (before, status)
    topics = (user(person.id), DISPATCH, *((STAFFING,) if came_or_went else ()))
    work.announce(Event("staff.status_changed", {"user_id": person.id, "status": status.value}, topics))


def walk_to(work: Work, person: User, bed: Bed) -> None:
    """Where a person was last known to be: at the bed of the task just done."""
    person.floor, person.x, person.y = bed.floor, bed.x, bed.y
    work.session.add(person)
