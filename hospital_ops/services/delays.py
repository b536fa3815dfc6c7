"""What a milestone waits for: one reason at a time; it ends when work on it goes on, or is over."""

from __future__ import annotations

from sqlmodel import col, select

from hospital_ops.domain.milestones import DELAYS
from hospital_ops.domain.tasks import TaskStatus
from hospital_ops.models import Task, TaskDelay
from hospital_ops.services.unit_of_work import Work

ENDS: frozenset[TaskStatus] = frozenset({TaskStatus.IN_PROGRESS, TaskStatus.COMPLETE, TaskStatus.CANCELLED})
_BY_WORDS = {words: code for code, words in DELAYS.items()}


def current_delay(work: Work, task: Task) -> TaskDelay | None:
    """What holds this task up now."""
    found = select(TaskDelay).where(TaskDelay.task_id == task.id, col(TaskDelay.ended_at).is_(None))
    return work.session.exec(found).first()


def begin_delay(work: Work, task: Task, reason: str, words: str = "") -> None:
    """It waits for this from now on. `reason` is a code of domain.milestones.DELAYS."""
    end_delay(work, task)
    delay = TaskDelay(task_id=task.id or 0, reason=reason, user_id=work.actor.user_id, at=work.now)
    delay.words = words or None
    work.session.add(delay)
    work.session.flush()


def end_delay(work: Work, task: Task) -> bool:
    """Nothing holds it up any more. False when nothing did."""
    delay = current_delay(work, task) if task.milestone else None
    if delay is None:
        return False
    delay.ended_at = work.now
    work.session.add(delay)
    work.session.flush()  # One at a time: before the next begins.
    return True


def note_delay(work: Work, task: Task, told: str) -> None:
    """Whoever lays a milestone aside with one of our reasons has said what it waits for."""
    if task.milestone:
        begin_delay(work, task, _BY_WORDS.get(told, "other"))
