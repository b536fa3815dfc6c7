"""Whatever people do, in whatever order, a small hospital stays consistent: a state machine plays it and looks after each step.

What must always hold is one function each, named `always_…`. A refused act must have changed nothing at all.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Container
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func
from sqlmodel import col, select

from hospital_ops.domain.access import CLOCK
from hospital_ops.domain.beds import HELD, BedStatus
from hospital_ops.domain.errors import Refused
from hospital_ops.domain.placement import Isolation
from hospital_ops.domain.stays import Away, Disposition
from hospital_ops.domain.tasks import OPEN, StaffStatus, TaskKind
from hospital_ops.infra.db import bound_to, engine, read_session
from hospital_ops.models import AuditEntry, Bed, BedRequest, Encounter, OutboxEvent, Stay, Task, User
from hospital_ops.queries.undo import PLACEMENT, undoable
from hospital_ops.services import away, beds, blocks, escalation, found, placement, staff, stays, swaps, tasks, undo
from tests.cast import BEDS, Cast, assemble, fresh

EXAMPLES, STEPS = 8, 30
WALK = 320  # Steps of a plain random walk, which does everything; Hypothesis looks for corners, and shrinks.
PICK = st.integers(0, 11)
LABELS = st.sampled_from(sorted(BEDS))
PEOPLE = st.sampled_from(["nurse", "nurse_west", "manager", "hanna", "hugo", "porter", "doctor"])
WORKERS = st.sampled_from(["hanna", "hugo", "porter", "nurse", "nurse_west"])
SEXES = st.sampled_from(["female", "male"])
REASONS = st.sampled_from(["", "the only bed there is"])
S = BedStatus
CLEANING = {S.DIRTY, S.CLEANING}
FREE = frozenset({S.AVAILABLE, S.RESERVED})
# What a ward does next with a bed of this status.
NEXT: dict[BedStatus, list[Callable[..., None]]] = {
    S.AVAILABLE: [placement.reserve, beds.mark_dirty],
    S.RESERVED: [placement.release],
    S.DIRTY: [beds.start_cleaning, beds.mark_clean],
    S.CLEANING: [beds.mark_clean, beds.mark_dirty],
}
STAY_ACTS = [stays.order_discharge, stays.withdraw_order, stays.leave, away.come_back]
UNDO_ACTS = [undo.cancel_transfer, undo.cancel_placement, undo.cancel_admission, undo.cancel_discharge]
OUT_OF_USE = [beds.close, beds.open_bed, beds.unblock]
ON_A_BED = [*{act for acts in NEXT.values() for act in acts}, *STAY_ACTS, *UNDO_ACTS, *OUT_OF_USE]
ON_A_BED.sort(key=lambda act: act.__name__)
# From where a person takes each step of their own task.
STEPS_FROM = {
    "accept": ["offered"],
    "decline": ["offered", "accepted"],
    "start": ["accepted", "suspended"],
    "suspend": ["in_progress"],
    "complete": ["in_progress"],
}
# Nearly all of these must have been done in the long walk, not only refused, or it proves nothing.
DONE = {act.__name__ for act in ON_A_BED} | {
    "place",
    "transfer",
    "swap",
    "depart",
    "block",
    "report",
    "create",
    "cancel",
}
DONE |= {"accept", "start", "complete", "decline", "suspend", "reassign", "set_my_status", "escalate_overdue"}

Held = tuple[list[Bed], dict[int, list[Stay]], list[Task], list[Encounter], list[BedRequest], list[User]]


def newest() -> tuple[int, int]:
    """The ids of the last audit line and the last event."""
    with read_session() as session:
        found = select(func.max(AuditEntry.id)), select(func.max(OutboxEvent.id))
        audit, event = (session.exec(each).one() for each in found)
        return audit or 0, event or 0


class Hospital(RuleBasedStateMachine):
    """Eight beds, eleven people; every rule is one act by somebody, refused or not."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        connection = self.stack.enter_context(engine().connect())
        transaction = connection.begin()
        self.stack.callback(transaction.rollback)
        self.stack.enter_context(bound_to(connection))
        self.cast: Cast = assemble()
        self.ended: dict[int, str] = {}
        self.done: Counter[str] = Counter()

    def teardown(self) -> None:
        self.stack.close()

    def tried(self, act: Callable[..., object], *given: Any, **more: Any) -> None:
        """Do it as a person would. What is refused has written nothing; what is done is in the audit or changed nothing."""
        audit, event = newest()
        try:
            act(*given, **more)
        except Refused as refusal:
            assert newest() == (audit, event), act
            self.done[f"{act.__name__}: {refusal.code}"] += 1
            return
        after = newest()
        assert (after[0] > audit) == (after[1] > event), act
        self.done[act.__name__] += 1

    def bed(self, number: int, statuses: Container[str], leave_out: int = 0) -> int:
        """One of the beds that are so; 0 when none is."""
        with read_session() as session:
            rows = session.exec(select(Bed).order_by(col(Bed.label))).all()
        ids = [bed.id or 0 for bed in rows if bed.status in statuses and bed.id != leave_out]
        return ids[number % len(ids)] if ids else 0

    def task(self, number: int) -> int:
        with read_session() as session:
            words = [status.value for status in OPEN]
            ids = session.exec(select(Task.id).where(col(Task.status).in_(words)).order_by(col(Task.id))).all()
        return (ids[number % len(ids)] or 0) if ids else 0

    @initialize()
    def somebody_is_here(self) -> None:
        for label in ("E1", "E2", "W1"):
            self.cast.occupy(label, unit=self.cast.bed(label).unit)

    # --- patients ------------------------------------------------------------------------------------------------

    @rule(number=PICK, sex=SEXES, isolated=st.booleans(), reason=REASONS)
    def come(self, number: int, sex: str, isolated: bool, reason: str) -> None:
        isolation = Isolation.CONTACT if isolated else Isolation.NONE
        request = self.cast.waiting(sex=sex, isolation=isolation)
        self.tried(placement.place, self.cast.manager, request, self.bed(number, FREE), override=reason)

    @rule(number=PICK, cancel=st.booleans())
    def who_waits(self, number: int, cancel: bool) -> None:
        waiting = placement.open_requests(self.cast.manager)
        if not waiting:
            return
        request = waiting[number % len(waiting)]
        if cancel:
            self.tried(stays.cancel_admission, self.cast.desk, request)
        else:
            self.tried(placement.place, self.cast.nurse, request, self.bed(number, FREE))

    @rule(number=PICK, other=PICK, reason=REASONS)
    def move(self, number: int, other: int, reason: str) -> None:
        given = self.bed(number, HELD), self.bed(other, FREE)
        self.tried(placement.transfer, self.cast.manager, *given, override=reason)

    @rule(number=PICK, other=PICK, reason=REASONS)
    def swap(self, number: int, other: int, reason: str) -> None:
        one = self.bed(number, HELD)
        self.tried(swaps.swap, self.cast.manager, one, self.bed(other, HELD, leave_out=one), override=reason)

    @rule(number=PICK, order=st.booleans())
    def order_or_not(self, number: int, order: bool) -> None:
        act, where = (stays.order_discharge, HELD) if order else (stays.withdraw_order, {S.PENDING_DISCHARGE})
        self.tried(act, self.cast.manager, self.bed(number, where))

    @rule(number=PICK, how=st.sampled_from(Disposition))
    def leave(self, number: int, how: Disposition) -> None:
        self.tried(stays.leave, self.cast.manager, self.bed(number, HELD), disposition=how)

    @rule(number=PICK, to=st.sampled_from([None, *Away]))
    def away_and_back(self, number: int, to: Away | None) -> None:
        if to is None:
            with read_session() as session:
                gone = session.exec(
                    select(Stay.bed_id).where(col(Stay.to_at).is_(None), col(Stay.away_to).is_not(None))
                )
                beds_left = sorted(gone)
            if beds_left:
                self.tried(away.come_back, self.cast.manager, beds_left[number % len(beds_left)])
        else:
            self.tried(away.depart, self.cast.manager, self.bed(number, HELD), to)

    @rule(number=PICK, whole=st.booleans())
    def take_back(self, number: int, whole: bool) -> None:
        """Whatever the drawer would offer to take back: the offer must hold."""
        with read_session() as session:
            rows = session.exec(select(Bed).order_by(col(Bed.label))).all()
            can = [(name, bed.id) for bed in rows for name in undoable(session, bed, self.cast.now)]
        if not can:
            return
        name, bed_id = can[number % len(can)]
        act = undo.cancel_admission if whole and name == PLACEMENT else getattr(undo, name)
        act(self.cast.manager, bed_id)
        self.done[act.__name__] += 1

    # --- beds ----------------------------------------------------------------------------------------------------

    @rule(number=PICK, what=PICK, who=st.sampled_from(["nurse", "manager"]))
    def tend(self, number: int, what: int, who: str) -> None:
        bed_id = self.bed(number, NEXT)
        if bed_id:
            acts = NEXT[S(fresh(Bed, bed_id).status)]
            self.tried(acts[what % len(acts)], self.cast.as_actor(who), bed_id)

    @rule(number=PICK, close=st.booleans())
    def out_of_use_and_back(self, number: int, close: bool) -> None:
        back = {S.BLOCKED: beds.unblock, S.CLOSED: beds.open_bed}
        bed_id = self.bed(number, {S.AVAILABLE} if close else set(back))
        if bed_id:
            self.tried(beds.close if close else back[S(fresh(Bed, bed_id).status)], self.cast.manager, bed_id)

    @rule(label=LABELS, act=st.sampled_from(ON_A_BED), who=PEOPLE)
    def anybody_does_anything(self, label: str, act: Callable[..., None], who: str) -> None:
        self.tried(act, self.cast.as_actor(who), self.cast.beds[label])

    @rule(number=PICK, minutes=st.sampled_from([None, 30]))
    def block(self, number: int, minutes: int | None) -> None:
        until = self.cast.now + timedelta(minutes=minutes) if minutes else None
        bed_id = self.bed(number, FREE | CLEANING)
        self.tried(beds.block, self.cast.manager, bed_id, "broken rail", expires_at=until)

    # --- tasks ---------------------------------------------------------------------------------------------------

    @rule(number=PICK, act=st.sampled_from([tasks.accept, tasks.start, tasks.complete]), who=WORKERS)
    def work(self, number: int, act: Callable[..., None], who: str) -> None:
        self.tried(act, self.cast.as_actor(who), self.task(number))

    @rule(number=PICK, act=st.sampled_from([tasks.accept, tasks.start, tasks.complete, tasks.decline, tasks.suspend]))
    def work_on_ones_own(self, number: int, act: Callable[..., None]) -> None:
        names = {user_id: name for name, user_id in self.cast.people.items()}
        with read_session() as session:
            held = select(Task).where(col(Task.user_id).is_not(None), col(Task.status).in_(STEPS_FROM[act.__name__]))
            found = session.exec(held.order_by(col(Task.id))).all()
        reason = ["needed elsewhere"] if act in (tasks.decline, tasks.suspend) else []
        if found:
            task = found[number % len(found)]
            self.tried(act, self.cast.as_actor(names[task.user_id or 0]), task.id, *reason)

    @rule(number=PICK, cancel=st.booleans())
    def supervise(self, number: int, cancel: bool) -> None:
        if cancel:
            self.tried(tasks.cancel, self.cast.manager, self.task(number), "not needed")
        else:
            self.tried(tasks.reassign, self.cast.manager, self.task(number), None)

    @rule(label=LABELS, kind=st.sampled_from([TaskKind.CLEAN_BED, TaskKind.SPILL]), who=WORKERS)
    def find_work(self, label: str, kind: TaskKind, who: str) -> None:
        self.tried(found.report, self.cast.as_actor(who), kind, self.cast.beds[label])

    @rule(number=PICK)
    def ask_for_cleaning(self, number: int) -> None:
        new = tasks.NewTask("Clean it, please", TaskKind.CLEAN_BED, bed_id=self.bed(number, FREE | CLEANING))
        self.tried(tasks.create, self.cast.manager, new)

    @rule(number=PICK)
    def ask_for_a_transport(self, number: int) -> None:
        new = tasks.NewTask("Bring it, please", TaskKind.TRANSPORT, bed_id=self.bed(number, HELD) or None)
        self.tried(tasks.create, self.cast.manager, new)

    @rule(who=WORKERS, status=st.sampled_from([StaffStatus.AVAILABLE, StaffStatus.ON_BREAK, StaffStatus.OFF_SHIFT]))
    def be(self, who: str, status: StaffStatus) -> None:
        self.tried(staff.set_my_status, self.cast.as_actor(who), status)

    @rule(minutes=st.sampled_from([1, 7, 40, 200]))
    def time_passes(self, minutes: int) -> None:
        self.cast.later(minutes)
        self.tried(escalation.escalate_overdue, CLOCK)
        self.tried(blocks.expire_blocks, CLOCK)

    # --- what must always hold -----------------------------------------------------------------------------------

    @invariant()
    def the_hospital_is_consistent(self) -> None:
        with read_session() as session:
            lying: dict[int, list[Stay]] = {}
            for stay in session.exec(select(Stay).where(col(Stay.to_at).is_(None))):
                lying.setdefault(stay.bed_id, []).append(stay)
            held: Held = (
                list(session.exec(select(Bed).order_by(col(Bed.label)))),
                lying,
                list(session.exec(select(Task).order_by(col(Task.id)))),
                list(session.exec(select(Encounter))),
                list(session.exec(select(BedRequest))),
                list(session.exec(select(User))),
            )
        for check in ALWAYS:
            check(*held)
        self.nothing_ended_comes_back(held[2])

    def nothing_ended_comes_back(self, all_tasks: list[Task]) -> None:
        """A task is finished once, and stays what it was; none is lost."""
        now = {task.id or 0: task.status for task in all_tasks}
        assert set(self.ended) <= set(now)
        for task_id, status in self.ended.items():
            assert now[task_id] == status
        self.ended = {task_id: status for task_id, status in now.items() if status not in OPEN}


def always_one_patient_a_bed_and_one_bed_a_patient(rows: list[Bed], lying: dict[int, list[Stay]], *_: Any) -> None:
    assert all(len(stays_here) == 1 for stays_here in lying.values())
    patients = Counter(stay.patient_id for stays_here in lying.values() for stay in stays_here)
    assert all(count == 1 for count in patients.values())
    assert {bed.label for bed in rows if bed.status in HELD} == {bed.label for bed in rows if bed.id in lying}


def always_one_open_cleaning_for_what_is_dirty(rows: list[Bed], _: Any, all_tasks: list[Task], *__: Any) -> None:
    cleaning = Counter(t.bed_id for t in all_tasks if t.kind == TaskKind.CLEAN_BED and t.status in OPEN)
    for bed in rows:
        assert cleaning[bed.id] == (bed.status in CLEANING), (bed.label, bed.status)


def always_somebody_says_that_a_pending_patient_leaves(rows: list[Bed], *_: Any) -> None:
    for bed in rows:
        assert bool(bed.pending_source) == (bed.status == BedStatus.PENDING_DISCHARGE), bed.label


def always_milestones_are_about_who_lies_there(
    rows: list[Bed], lying: dict[int, list[Stay]], all_tasks: list[Task], *_: Any
) -> None:
    pending = {bed.id for bed in rows if bed.status == BedStatus.PENDING_DISCHARGE}
    for task in all_tasks:
        if task.milestone and task.status in OPEN:
            assert task.bed_id in pending
            assert [stay.patient_id for stay in lying[task.bed_id or 0]] == [task.patient_id]


def always_an_encounter_is_where_it_says(
    _: Any, lying: dict[int, list[Stay]], __: Any, encounters: list[Encounter], requests: list[BedRequest], *___: Any
) -> None:
    in_bed = {stay.encounter_id for stays_here in lying.values() for stay in stays_here}
    waiting = {request.encounter_id for request in requests if request.closed_at is None}
    assert {e.id for e in encounters if e.status == "in_house"} == in_bed
    assert {e.id for e in encounters if e.status == "waiting"} == waiting
    for encounter in encounters:
        assert (encounter.status == "left") == bool(encounter.disposition) == bool(encounter.discharged_at)


def always_an_offer_is_with_one_person_who_is_there(
    _: Any, __: Any, all_tasks: list[Task], ___: Any, ____: Any, people: list[User]
) -> None:
    offered = Counter(task.user_id for task in all_tasks if task.status == "offered")
    assert all(count == 1 for count in offered.values())
    away_now = {person.id for person in people if person.current_status in {"on_break", "off_shift"}}
    assert not away_now & set(offered)
    for task in all_tasks:
        assert (task.user_id is None) or task.status not in {"pending", "escalated"}


def always_who_works_is_on_task(
    _: Any, __: Any, all_tasks: list[Task], ___: Any, ____: Any, people: list[User]
) -> None:
    working = {task.user_id for task in all_tasks if task.status in {"accepted", "in_progress"}} - {None}
    assert working <= {person.id for person in people if person.current_status == "on_task"}


ALWAYS: list[Callable[..., None]] = [check for name, check in sorted(globals().items()) if name.startswith("always_")]


def test_whatever_people_do_the_hospital_stays_consistent(database: str) -> None:
    run_state_machine_as_test(
        Hospital,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_long_day_by_dice_does_everything_and_stays_consistent(database: str) -> None:
    dice = random.Random(11)
    hospital = Hospital()
    try:
        hospital.somebody_is_here()
        rules = _rules()
        # A bed is soon full or dirty: people work more often than patients come.
        names = [*sorted(rules), *["work_on_ones_own"] * 8, *["tend", "come", "order_or_not", "take_back"] * 2]
        for _ in range(WALK):
            name = dice.choice(names)
            getattr(hospital, name)(**{given: dice.choice(values) for given, values in rules[name].items()})
            hospital.the_hospital_is_consistent()
        never = sorted(DONE - set(hospital.done))
        assert len(never) <= 4, f"a walk of refusals proves nothing; never done: {never}"
    finally:
        hospital.teardown()


def _rules() -> dict[str, dict[str, list[Any]]]:
    """Every rule of the machine, and what each of its arguments may be."""
    numbers, either = list(range(12)), [False, True]
    acts = [tasks.accept, tasks.start, tasks.complete]
    sexes, reasons = ["female", "male"], ["", "the only bed there is"]
    status = [*[StaffStatus.AVAILABLE] * 5, StaffStatus.ON_BREAK, StaffStatus.OFF_SHIFT]
    workers = ["hanna", "hugo", "porter", "nurse", "nurse_west"]
    return {
        "come": {"number": numbers, "sex": sexes, "isolated": [False, False, True], "reason": reasons},
        "who_waits": {"number": numbers, "cancel": either},
        "move": {"number": numbers, "other": numbers, "reason": reasons},
        "swap": {"number": numbers, "other": numbers, "reason": reasons},
        "order_or_not": {"number": numbers, "order": either},
        "leave": {"number": numbers, "how": list(Disposition)},
        "away_and_back": {"number": numbers, "to": [None, None, None, *Away]},
        "take_back": {"number": numbers, "whole": either},
        "tend": {"number": numbers, "what": numbers, "who": ["nurse", "manager"]},
        "out_of_use_and_back": {"number": numbers, "close": either},
        "anybody_does_anything": {"label": sorted(BEDS), "act": ON_A_BED, "who": [*workers, "manager", "doctor"]},
        "block": {"number": numbers, "minutes": [None, 30]},
        "work": {"number": numbers, "act": acts, "who": workers},
        "work_on_ones_own": {"number": numbers, "act": [*acts, tasks.start, tasks.decline, tasks.suspend]},
        "supervise": {"number": numbers, "cancel": either},
        "find_work": {"label": sorted(BEDS), "kind": [TaskKind.CLEAN_BED, TaskKind.SPILL], "who": workers},
        "ask_for_cleaning": {"number": numbers},
        "ask_for_a_transport": {"number": numbers},
        "be": {"who": workers, "status": status},
        "time_passes": {"minutes": [1, 3, 7, 40]},
    }
