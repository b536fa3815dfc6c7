"""What people do with tasks: create, accept, decline, start, suspend, finish, cancel, reassign."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from hospital_ops.domain.access import HOUSE_WIDE, Actor, Permission, Role
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from hospital_ops.domain.tasks import IN_HAND, OPEN, SKILL, WAITING, Priority, StaffStatus, TaskKind, TaskStatus
from hospital_ops.models import Bed, Stay, Task, TaskDecline, User, UserWard
from hospital_ops.services.access import require
from hospital_ops.services.bed_door import lock_bed, move_bed
from hospital_ops.services.delays import note_delay
from hospital_ops.services.dispatch import dispatch, offer_to, put_back
from hospital_ops.services.request_keys import request_key
from hospital_ops.services.staff_door import set_status, walk_to
from hospital_ops.services.task_door import add_task, lock_task, move_task
from hospital_ops.services.unit_of_work import Work, unit_of_work

LONGEST_DESCRIPTION = 200


@dataclass(frozen=True, slots=True)
class NewTask:
    """What somebody asks to be done."""

    description: str
    kind: TaskKind = TaskKind.OTHER
    priority: Priority = Priority.MEDIUM
    bed_id: int | None = None
    patient_id: int | None = None
    user_id: int | None = None


def create(actor: Actor, new: NewTask, *, key: str = "") -> int:
    """Store a task and offer it: to the person named, else to the nearest free one. Returns its id.

    A request with the `key` of an earlier one of the same person is that one, sent again: the same task.
    """
    require(actor, Permission.TASK_CREATE)
    words = new.description.strip()
    if not words.isprintable() or not 0 < len(words) <= LONGEST_DESCRIPTION:
        raise Invalid(f"Say what is to be done, in 1 to {LONGEST_DESCRIPTION} characters.", code="bad_description")
    kept = request_key("task", key, [str(actor.user_id)])
    with unit_of_work(actor) as work:
        if (before := _made_before(work, kept, new)) is not None:
            return before
        bed = _bed_in_reach(work, new)
        ward_of_patient = _patient_in_reach(work, new)
        _not_twice(work, new)
        ward_id = bed.ward_id if bed else ward_of_patient or _only_ward(actor)
        person = None if new.user_id is None else _person_for(work, new.kind, new.user_id, ward_id)
        task = add_task(
            work, new.kind, words, priority=new.priority, bed=bed, ward_id=ward_id, patient_id=new.patient_id
        )
        task.request_key = kept
        work.session.flush()  # The other of two at once hears it now, before anybody is offered anything.
        if person is not None:
            offer_to(work, task, person.id or 0, f"Given by {actor.name}")
        else:
            dispatch(work)
        assert task.id is not None
        return task.id


def accept(actor: Actor, task_id: int) -> None:
    """Say yes to an offer. Twice is once."""
    with unit_of_work(actor) as work:
        task = _own(work, task_id)
        if task.status == TaskStatus.ACCEPTED:
            return
        move_task(work, task, TaskStatus.ACCEPTED, "task.accept")
        set_status(work, _me(work), StaffStatus.ON_TASK)


def decline(actor: Actor, task_id: int, reason: str) -> None:
    """Say no, with a reason; it goes to the next person."""
    if not reason.strip():
        raise Invalid("Please give a reason in a word or two; it goes to the next person then.", code="reason_needed")
    with unit_of_work(actor) as work:
        task = _own(work, task_id)
        if TaskStatus(task.status) not in {TaskStatus.OFFERED, TaskStatus.ACCEPTED}:
            raise Conflict("This task is under way; suspend it instead.", code="task_cannot_move")
        task.reason = reason.strip()[:LONGEST_DESCRIPTION]
        work.session.add(TaskDecline(task_id=task_id, user_id=_me(work).id or 0, at=work.now, reason=task.reason))
        put_back(work, task, "task.decline", reason=reason)
        free(work, task, _me(work), walked=False)
        dispatch(work)


def start(actor: Actor, task_id: int) -> None:
    """Begin. A cleaning takes its bed along."""
    with unit_of_work(actor) as work:
        task = _own(work, task_id)
        if task.status == TaskStatus.IN_PROGRESS:
            return
        begin(work, task)
        set_status(work, _me(work), StaffStatus.ON_TASK)


def suspend(actor: Actor, task_id: int, reason: str) -> None:
    """Stop for now, with a reason; it stays this person's."""
    if not reason.strip():
        raise Invalid("Please say in a word or two why it has to wait.", code="reason_needed")
    with unit_of_work(actor) as work:
        task = _own(work, task_id)
        if task.status == TaskStatus.SUSPENDED:
            return
        task.reason = reason.strip()[:LONGEST_DESCRIPTION]
        note_delay(work, task, task.reason)
        move_task(work, task, TaskStatus.SUSPENDED, "task.suspend")
        _bed_follows(work, task, BedStatus.DIRTY, "bed.cleaning_suspended", only={BedStatus.CLEANING})
        free(work, task, _me(work))
        dispatch(work)


def complete(actor: Actor, task_id: int) -> None:
    """Done. Twice is once; the bed becomes ready, the person is free and the next task comes."""
    with unit_of_work(actor) as work:
        task = _own_or_supervised(work, task_id)
        if task.status == TaskStatus.COMPLETE:
            return
        doer = work.session.get(User, task.user_id) if task.user_id else None
        finish(work, task, "task.complete")
        if doer is not None:
            free(work, task, doer)
        dispatch(work)


def cancel(actor: Actor, task_id: int, reason: str) -> None:
    """A supervisor, or whoever asked for it, takes it back."""
    with unit_of_work(actor) as work:
        task = lock_task(work, task_id)
        if not (actor.user_id is not None and task.created_by == actor.user_id):
            require(actor, Permission.TASK_SUPERVISE, task.ward_id)
        if task.status == TaskStatus.CANCELLED:
            return
        _refuse_to_forget(work, task)
        drop(work, task, reason)
        dispatch(work)


def reassign(actor: Actor, task_id: int, user_id: int | None) -> None:
    """A supervisor gives a task to somebody else; None lets dispatch choose again."""
    with unit_of_work(actor) as work:
        task = lock_task(work, task_id)
        require(actor, Permission.TASK_SUPERVISE, task.ward_id)
        hand_over(work, task, user_id)


def hand_over(work: Work, task: Task, user_id: int | None) -> None:
    """The task, locked, is offered to this person, whoever had it before; None lets dispatch choose again."""
    person = None if user_id is None else _person_for(work, TaskKind(task.kind), user_id, task.ward_id)
    before = task.user_id
    if before is not None and before == user_id:
        return
    if TaskStatus(task.status) not in WAITING:
        put_back(work, task, "task.reassign")
    if before is not None:
        # Else the nearest free person would be the very one it was taken from.
        work.session.add(TaskDecline(task_id=task.id or 0, user_id=before, at=work.now, reason="reassigned"))
        free(work, task, work.session.get_one(User, before), walked=False)
    if person is not None:
        offer_to(work, task, person.id or 0, f"Given by {work.actor.name}")
    dispatch(work)


def begin(work: Work, task: Task) -> None:
    """Under way; a cleaning's bed turns to cleaning."""
    move_task(work, task, TaskStatus.IN_PROGRESS, "task.start")
    _bed_follows(work, task, BedStatus.CLEANING, "bed.start_cleaning", only={BedStatus.DIRTY})


def finish(work: Work, task: Task, action: str) -> None:
    """Done; a cleaning's bed becomes ready, by way of being cleaned."""
    move_task(work, task, TaskStatus.COMPLETE, action)
    _bed_follows(work, task, BedStatus.AVAILABLE, "bed.mark_clean", only={BedStatus.DIRTY, BedStatus.CLEANING})


def drop(work: Work, task: Task, reason: str) -> None:
    """Cancel; whoever held it is free again."""
    holder = work.session.get(User, task.user_id) if task.user_id else None
    was_in_hand = TaskStatus(task.status) in IN_HAND
    task.reason = reason[:LONGEST_DESCRIPTION]
    move_task(work, task, TaskStatus.CANCELLED, "task.cancel")
    if holder is not None and was_in_hand:
        free(work, task, holder, walked=False)


def _refuse_to_forget(work: Work, task: Task) -> None:
    """A dirty bed has somebody coming, always: else nobody would ever look at it again."""
    if task.kind != TaskKind.CLEAN_BED or task.bed_id is None:
        return
    bed = work.session.get_one(Bed, task.bed_id)
    if BedStatus(bed.status) in {BedStatus.DIRTY, BedStatus.CLEANING}:
        raise Conflict(
            f"Bed {bed.label} is not clean yet. Give the task to somebody else, or say that the bed is clean.",
            code="still_dirty",
        )


def _bed_follows(work: Work, task: Task, status: BedStatus, action: str, *, only: set[BedStatus]) -> None:
    if task.kind != TaskKind.CLEAN_BED or task.bed_id is None:
        return
    bed = work.session.exec(select(Bed).where(Bed.id == task.bed_id).with_for_update()).one()
    if BedStatus(bed.status) in only:
        move_bed(work, bed, status, action, task_id=task.id)


def free(work: Work, task: Task, person: User, *, walked: bool = True) -> None:
    """Free again, unless on a break, gone, or with something else in hand; standing where the task was if they went."""
    if walked and task.bed_id is not None:
        walk_to(work, person, work.session.get_one(Bed, task.bed_id))
    words = [status.value for status in IN_HAND]
    other = select(Task.id).where(Task.user_id == person.id, col(Task.status).in_(words), Task.id != task.id)
    work.session.flush()
    if person.current_status == StaffStatus.ON_TASK and work.session.exec(other).first() is None:
        set_status(work, person, StaffStatus.AVAILABLE)


def _me(work: Work) -> User:
    if work.actor.user_id is None:
        raise NotAllowed("Only a person can hold a task.")
    return work.session.get_one(User, work.actor.user_id)


def _own(work: Work, task_id: int) -> Task:
    """A task that is this actor's; another's reads like none at all."""
    require(work.actor, Permission.TASK_OWN)
    task = lock_task(work, task_id)
    if task.user_id is None or task.user_id != work.actor.user_id:
        raise NotFound("This task is not yours, or it has gone to somebody else meanwhile.")
    return task


def _own_or_supervised(work: Work, task_id: int) -> Task:
    if not work.actor.may(Permission.TASK_SUPERVISE):
        require(work.actor, Permission.TASK_OWN)
    task = lock_task(work, task_id)
    if task.user_id is not None and task.user_id == work.actor.user_id:
        return task
    if not work.actor.may(Permission.TASK_SUPERVISE, task.ward_id):
        raise NotFound("This task is not yours, or it has gone to somebody else meanwhile.")
    return task


def _only_ward(actor: Actor) -> int | None:
    """Where somebody of one ward asks who names neither bed nor patient. For people of several it may be anywhere."""
    return next(iter(actor.ward_ids)) if len(actor.ward_ids) == 1 and not actor.all_wards else None


def _made_before(work: Work, kept: bytes | None, new: NewTask) -> int | None:
    if kept is None:
        return None
    task = work.session.exec(select(Task).where(Task.request_key == kept)).first()
    if task is None:
        return None
    said = (new.description.strip(), new.kind, new.bed_id, new.patient_id)
    if (task.description, task.kind, task.bed_id, task.patient_id) != said:
        raise Conflict("This key belongs to another request of yours.", code="key_used")
    return task.id


def _bed_in_reach(work: Work, new: NewTask) -> Bed | None:
    if new.bed_id is None:
        if new.kind is TaskKind.CLEAN_BED:
            raise Invalid("Which bed is to be cleaned? Please give its bed_id.", code="bed_needed")
        return None
    bed = lock_bed(work, new.bed_id, Permission.TASK_CREATE)
    if new.kind is TaskKind.CLEAN_BED and BedStatus(bed.status) is BedStatus.AVAILABLE:
        move_bed(work, bed, BedStatus.DIRTY, "bed.found_dirty")
    if new.kind is TaskKind.CLEAN_BED and BedStatus(bed.status) not in {BedStatus.DIRTY, BedStatus.CLEANING}:
        raise Conflict(
            f"Bed {bed.label} is {bed.status.replace('_', ' ')}; it cannot be cleaned now.", code="bed_in_use"
        )
    return bed


def _patient_in_reach(work: Work, new: NewTask) -> int | None:
    """A patient may be named by those who may read patients, for one who lies in a ward of theirs. Gives that ward."""
    if new.patient_id is None:
        return None
    require(work.actor, Permission.PATIENT_READ)
    here = select(Bed.ward_id).join(Stay, col(Stay.bed_id) == Bed.id)
    ward_id = work.session.exec(here.where(Stay.patient_id == new.patient_id, col(Stay.to_at).is_(None))).first()
    if ward_id is None or not work.actor.may(Permission.PATIENT_READ, ward_id):
        raise NotFound("There is no such patient in your wards.")
    return ward_id


def _not_twice(work: Work, new: NewTask) -> None:
    if new.kind is not TaskKind.CLEAN_BED:
        return
    words = [status.value for status in OPEN]
    there = select(Task.id).where(Task.bed_id == new.bed_id, Task.kind == new.kind.value, col(Task.status).in_(words))
    if work.session.exec(there).first() is not None:
        raise Conflict("This bed is already waiting to be cleaned.", code="already_asked")


def _person_for(work: Work, kind: TaskKind, user_id: int, ward_id: int | None) -> User:
    """Whom a task may be given to by hand: somebody on shift, with the skill, in its ward (or one of the giver's)."""
    person = work.session.get(User, user_id)
    if person is None or not person.active:
        raise NotFound("There is no such person.")
    if Role(person.role) not in SKILL[kind]:
        words = kind.value.replace("_", " ")
        raise Invalid(f"{person.display_name} does not do this kind of task ({words}).", code="no_skill")
    if person.current_status in {StaffStatus.ON_BREAK, StaffStatus.OFF_SHIFT}:
        raise Conflict(f"{person.display_name} is {person.current_status.replace('_', ' ')}.", code="not_on_shift")
    wards = work.actor.ward_ids if ward_id is None else frozenset({ward_id})
    if (ward_id is not None or not work.actor.all_wards) and not any(works_in(work, person, w) for w in wards):
        raise Conflict(f"{person.display_name} does not work in that ward.", code="not_their_ward")
    return person


def works_in(work: Work, person: User, ward_id: int) -> bool:
    """True when tasks of this ward can be theirs."""
    return Role(person.role) in HOUSE_WIDE or work.session.get(UserWard, (person.id, ward_id)) is not None
