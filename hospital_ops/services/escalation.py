"""What nobody answered goes to the next person, then up the ladder; who is stuck is helped out."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.escalation import (
    LADDER,
    NO_ANSWER,
    STUCK_MINUTES,
    UNANSWERED_IN_A_ROW,
    answer_minutes,
    level_after,
    level_of_waiting,
    person_minutes,
)
from hospital_ops.domain.tasks import IN_HAND, WAITING, Priority, StaffStatus, TaskStatus
from hospital_ops.models import Task, TaskDecline, User
from hospital_ops.services.access import require
from hospital_ops.services.dispatch import dispatch, put_back
from hospital_ops.services.inbox import first_time
from hospital_ops.services.staff_door import set_status
from hospital_ops.services.task_door import move_task, tell
from hospital_ops.services.unit_of_work import Work, unit_of_work

_CONSUMER = "escalate_overdue"


def escalate_overdue(actor: Actor, *, event_id: int | None = None) -> Counter[str]:
    """Look at every open task once. Returns what was done, by word, for the log."""
    require(actor, Permission.TASK_SUPERVISE)
    done: Counter[str] = Counter()
    with unit_of_work(actor) as work:
        if not first_time(work, _CONSUMER, event_id):
            return done
        for task, person in _held(work):
            done[_look_at(work, task, person)] += 1
        done["waits too long"] = sum(_waits(work, task) for task in _waiting(work))
        done["freed"] = _free_the_stuck(work)
        dispatch(work)
    del done[""]
    return +done


def _look_at(work: Work, task: Task, person: User) -> str:
    status = TaskStatus(task.status)
    if status is TaskStatus.OFFERED:
        limit = answer_minutes(Priority(task.priority), work.clock.speed, simulated=person.simulated)
        if _older(task.offered_at, limit, work.now):
            return _unanswered(work, task, person)
    elif status in STUCK_MINUTES:
        limit = person_minutes(STUCK_MINUTES[status], work.clock.speed, simulated=person.simulated)
        since = task.accepted_at if status is TaskStatus.ACCEPTED else task.started_at or task.accepted_at
        if _older(since, limit, work.now):
            return _stuck(work, task, person, status)
    return ""


def _unanswered(work: Work, task: Task, person: User) -> str:
    """A decline by silence; from a rung of the ladder on, supervisors see it as escalated."""
    work.session.add(TaskDecline(task_id=task.id or 0, user_id=person.id or 0, at=work.now, reason=NO_ANSWER))
    task.unanswered += 1
    level = level_after(task.unanswered)
    if level > task.escalation_level:
        task.escalation_level, task.user_id = level, None
        move_task(work, task, TaskStatus.ESCALATED, "task.escalate", users=(person.id,), level=level)
    else:
        put_back(work, task, "task.no_answer")
    _away_in_truth(work, person)
    return "unanswered"


def _stuck(work: Work, task: Task, person: User, status: TaskStatus) -> str:
    """Accepted and never begun: it goes to the next. Begun or suspended: it stays theirs, a supervisor looks."""
    if status is TaskStatus.ACCEPTED:
        work.session.add(TaskDecline(task_id=task.id or 0, user_id=person.id or 0, at=work.now, reason="never begun"))
        put_back(work, task, "task.never_begun")
        return "never begun"
    if task.escalation_level:
        return ""
    task.escalation_level = 1
    tell(work, task, "task.escalated", "task.escalate", level=1)
    return "takes too long"


def _waits(work: Work, task: Task) -> bool:
    """Nobody was found for too long: the next level looks; it still goes to the first who is free."""
    level = level_of_waiting(Priority(task.priority), (work.now - task.created_at).total_seconds() / 60)
    if level <= task.escalation_level:
        return False
    task.escalation_level = level
    if task.status == TaskStatus.ESCALATED:
        tell(work, task, "task.escalated", "task.escalate", level=level)
    else:
        move_task(work, task, TaskStatus.ESCALATED, "task.escalate", level=level)
    return True


def _away_in_truth(work: Work, person: User) -> None:
    """Somebody who lets offer after offer pass is on a break, so that work goes to those who are here."""
    if person.simulated or person.current_status != StaffStatus.AVAILABLE:
        return
    work.session.flush()
    answered = select(Task.accepted_at).where(Task.user_id == person.id, col(Task.accepted_at).is_not(None))
    last = work.session.exec(answered.order_by(col(Task.accepted_at).desc()).limit(1)).first()
    since = max((at for at in (last, person.status_since) if at is not None), default=None)
    silent = select(TaskDecline.id).where(TaskDecline.user_id == person.id, TaskDecline.reason == NO_ANSWER)
    if since is not None:
        silent = silent.where(TaskDecline.at > since)
    if len(work.session.exec(silent).all()) >= UNANSWERED_IN_A_ROW:
        set_status(work, person, StaffStatus.ON_BREAK)


def _free_the_stuck(work: Work) -> int:
    """People who are "on task" without one: whatever left them so, they can be given something again."""
    words = [status.value for status in IN_HAND]
    busy = select(Task.user_id).where(col(Task.status).in_(words), col(Task.user_id).is_not(None))
    work.session.flush()
    stuck = work.session.exec(
        select(User)
        .where(User.current_status == StaffStatus.ON_TASK.value, col(User.id).not_in(busy))
        .order_by(col(User.id))
        .with_for_update(skip_locked=True)
    ).all()
    for person in stuck:
        set_status(work, person, StaffStatus.AVAILABLE)
    return len(stuck)


def _held(work: Work) -> list[tuple[Task, User]]:
    """Tasks that somebody should be moving, with their people; those being changed right now are left alone."""
    words = [TaskStatus.OFFERED.value, *(status.value for status in STUCK_MINUTES)]
    found = select(Task, User).join(User, col(User.id) == Task.user_id).where(col(Task.status).in_(words))
    return list(work.session.exec(found.order_by(col(Task.id)).with_for_update(of=Task, skip_locked=True)))


def _waiting(work: Work) -> list[Task]:
    words = [status.value for status in WAITING]
    found = select(Task).where(col(Task.status).in_(words), Task.escalation_level < len(LADDER))
    return list(work.session.exec(found.order_by(col(Task.id)).with_for_update(skip_locked=True)))


def _older(since: datetime | None, minutes: float, now: datetime) -> bool:
    return since is not None and now - since >= timedelta(minutes=minutes)
