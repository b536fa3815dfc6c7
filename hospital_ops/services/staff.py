"""What people say of themselves: free, on a break, gone home."""

from __future__ import annotations

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import Conflict, NotAllowed
from hospital_ops.domain.tasks import IN_HAND, StaffStatus, TaskStatus
from hospital_ops.models import Task, User
from hospital_ops.services.access import require
from hospital_ops.services.dispatch import dispatch, put_back
from hospital_ops.services.staff_door import set_status
from hospital_ops.services.task_door import lock_beds
from hospital_ops.services.unit_of_work import Work, unit_of_work

_OWN_CHOICES = {StaffStatus.AVAILABLE, StaffStatus.ON_BREAK, StaffStatus.OFF_SHIFT}


def set_my_status(actor: Actor, status: StaffStatus) -> None:
    """Free, break or off shift. Offers not yet answered go to the next person; work under way must be ended first."""
    require(actor, Permission.TASK_OWN)
    if actor.user_id is None:
        raise NotAllowed("Only a person has a working status.")
    if status not in _OWN_CHOICES:
        raise Conflict("“On task” follows from the task itself.", code="status_follows")
    with unit_of_work(actor) as work:
        # Key share: an offer being made to this person must not wait for us while we wait to dispatch.
        found = select(User).where(User.id == actor.user_id).with_for_update(key_share=True)
        person = work.session.exec(found).one()
        change_status(work, person, status)
        dispatch(work)


def change_status(work: Work, person: User, status: StaffStatus) -> None:
    """Set a status and let go of what that status cannot hold."""
    held = _in_hand(work, person)
    under_way = [task for task in held if task.status != TaskStatus.OFFERED]
    if under_way and status is not StaffStatus.AVAILABLE:
        raise Conflict(f"Please finish or suspend “{under_way[0].description}” first.", code="task_in_hand")
    if status is not StaffStatus.AVAILABLE:
        for task in held:
            put_back(work, task, "task.return")
    set_status(work, person, StaffStatus.ON_TASK if under_way else status)


def let_go(work: Work, person: User) -> None:
    """Somebody has left without a word: all they held goes back, and they are off shift."""
    for task in _in_hand(work, person):
        put_back(work, task, "task.return")
    set_status(work, person, StaffStatus.OFF_SHIFT)


def _in_hand(work: Work, person: User) -> list[Task]:
    words = [status.value for status in IN_HAND]
    held = col(Task.user_id) == person.id, col(Task.status).in_(words)
    lock_beds(work, [task_id for task_id in work.session.exec(select(Task.id).where(*held)) if task_id is not None])
    return list(work.session.exec(select(Task).where(*held).order_by(col(Task.id)).with_for_update()))
