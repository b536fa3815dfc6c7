"""What must be done before a patient can leave: opened when a bed turns pending, closed when it turns back.

A milestone is a task of its own kind. Anybody who may let the patient leave works on it: ticks it off, says what holds it
up, gives it to somebody, adds one that this patient needs, or crosses one off.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import Conflict, Invalid, NotFound
from hospital_ops.domain.milestones import (
    LONGEST_WORDS,
    NOT_NEEDED,
    USUAL,
    delay_words,
    due_at,
    known,
    words_for,
)
from hospital_ops.domain.tasks import OPEN, Priority, TaskKind, TaskStatus
from hospital_ops.models import Bed, Encounter, Stay, StayForecast, Task, User, Ward
from hospital_ops.services.access import require
from hospital_ops.services.bed_door import lock_bed
from hospital_ops.services.delays import begin_delay, current_delay, end_delay
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.task_door import add_task, lock_task, open_tasks_of_bed, tell
from hospital_ops.services.tasks import drop, finish, free, hand_over
from hospital_ops.services.unit_of_work import Work, unit_of_work

_OPEN_WORDS = [status.value for status in OPEN]


def mark_done(actor: Actor, task_id: int) -> None:
    """It is done, whoever had it in hand. Twice is once."""
    with unit_of_work(actor) as work:
        task = _milestone(work, task_id)
        if task.status == TaskStatus.COMPLETE:
            return
        holder = work.session.get(User, task.user_id) if task.user_id else None
        finish(work, task, "milestone.done")
        if holder is not None:
            free(work, task, holder, walked=holder.id == actor.user_id)
        dispatch(work)


def delay(actor: Actor, task_id: int, reason: str, words: str = "") -> None:
    """It waits for something: a code of domain.milestones.DELAYS, and words that say it closer."""
    delay_words(reason)
    told = words.strip()
    if len(told) > LONGEST_WORDS or (told and not told.isprintable()):
        raise Invalid(f"Please say it in at most {LONGEST_WORDS} characters.", code="bad_words")
    with unit_of_work(actor) as work:
        task = _still_open(work, task_id)
        before = current_delay(work, task)
        if before is not None and before.reason == reason and told in {"", before.words or ""}:
            return
        if reason == "other" and not told:
            raise Invalid("Please say in a word or two what it waits for.", code="reason_needed")
        begin_delay(work, task, reason, told)
        tell(work, task, "task.delayed", "milestone.delay", reason=reason, words_given=bool(told))


def resume(actor: Actor, task_id: int) -> None:
    """Nothing holds it up any more."""
    with unit_of_work(actor) as work:
        task = _still_open(work, task_id)
        if end_delay(work, task):
            tell(work, task, "task.resumed", "milestone.resume")


def assign(actor: Actor, task_id: int, user_id: int | None) -> None:
    """Somebody by name owns it from now on; None leaves it to the house to find one of its owner's role."""
    with unit_of_work(actor) as work:
        task = _still_open(work, task_id)
        if user_id is None and task.user_id is None:
            return
        hand_over(work, task, user_id)


def add(actor: Actor, bed_id: int, name: str) -> int:
    """One more that this patient needs, or one that has to be done again. Returns its task."""
    known(name)
    with unit_of_work(actor) as work:
        bed = lock_bed(work, bed_id, Permission.STAY_DISCHARGE)
        if bed.status != BedStatus.PENDING_DISCHARGE:
            raise Conflict(f"Nobody is about to leave bed {bed.label}.", code="not_leaving")
        found = select(Encounter).join(Stay, col(Stay.encounter_id) == Encounter.id)
        encounter = work.session.exec(found.where(Stay.bed_id == bed.id, col(Stay.to_at).is_(None))).one()
        if name in _names(work, encounter, bed, _OPEN_WORDS):
            raise Conflict("This is on the list already.", code="already_asked")
        task = _open(work, bed, encounter, name)
        dispatch(work)
        return task.id or 0


def cross_off(actor: Actor, task_id: int) -> None:
    """This patient does not need it."""
    with unit_of_work(actor) as work:
        task = _milestone(work, task_id)
        if task.status == TaskStatus.CANCELLED:
            return
        drop(work, task, NOT_NEEDED)
        dispatch(work)


def open_milestones(work: Work, bed: Bed, encounter: Encounter) -> None:
    """The usual ones as tasks, once each: what is done, or was crossed off, since it was said that they leave stays so."""
    there = _names(work, encounter, bed, _OPEN_WORDS) | _settled(work, encounter)
    for name in USUAL:
        if name not in there:
            _open(work, bed, encounter, name)


def close_milestones(work: Work, bed: Bed, reason: str) -> None:
    """Nobody leaves now: what was still to be done for it is cancelled."""
    assert bed.id is not None
    for task in open_tasks_of_bed(work, bed.id, TaskKind.DISCHARGE_MILESTONE):
        drop(work, task, reason)


def reopen_milestones(work: Work, bed: Bed, encounter: Encounter, closed_at: datetime) -> None:
    """Those that were closed at that moment are to be done again; what was done before stays done."""
    found = select(Task.milestone).where(
        Task.patient_id == encounter.patient_id,
        Task.bed_id == bed.id,
        Task.milestone != "",
        Task.status == TaskStatus.CANCELLED.value,
        Task.finished_at == closed_at,
        Task.reason != NOT_NEEDED,
    )
    for name in dict.fromkeys(work.session.exec(found.order_by(col(Task.id)))):
        _open(work, bed, encounter, name)


def _milestone(work: Work, task_id: int) -> Task:
    """The milestone, locked, in a ward of this person's. Another kind of task is its holder's."""
    require(work.actor, Permission.STAY_DISCHARGE)
    task = lock_task(work, task_id)
    if not task.milestone:
        raise NotFound("There is no such milestone.")
    require(work.actor, Permission.STAY_DISCHARGE, task.ward_id)
    return task


def _still_open(work: Work, task_id: int) -> Task:
    task = _milestone(work, task_id)
    if TaskStatus(task.status) not in OPEN:
        raise Conflict(f"“{task.description}” is {task.status}; there is nothing to change.", code="task_cannot_move")
    return task


def _names(work: Work, encounter: Encounter, bed: Bed, statuses: list[str]) -> set[str]:
    found = select(Task.milestone).where(
        Task.patient_id == encounter.patient_id,
        Task.bed_id == bed.id,
        col(Task.status).in_(statuses),
        Task.milestone != "",
    )
    return set(work.session.exec(found))


def _settled(work: Work, encounter: Encounter) -> set[str]:
    """Done or crossed off since this patient has been marked as leaving, in whatever bed."""
    is_done = col(Task.status) == TaskStatus.COMPLETE.value
    crossed = (col(Task.status) == TaskStatus.CANCELLED.value) & (col(Task.reason) == NOT_NEEDED)
    found = select(Task.milestone).where(
        Task.patient_id == encounter.patient_id,
        Task.milestone != "",
        col(Task.created_at) >= encounter.marked_leaving_at,
        is_done | crossed,
    )
    return set(work.session.exec(found))


def _open(work: Work, bed: Bed, encounter: Encounter, name: str) -> Task:
    marked, forecast = encounter.marked_leaving_at or work.now, work.session.get(StayForecast, encounter.id)
    target = work.session.get_one(Ward, bed.ward_id).notice_target_minutes
    return add_task(
        work,
        TaskKind.DISCHARGE_MILESTONE,
        words_for(name, bed.label),
        priority=Priority.LOW,
        bed=bed,
        patient_id=encounter.patient_id,
        milestone=name,
        due_at=due_at(name, marked, target, forecast.median_at if forecast else None, work.now),
    )
