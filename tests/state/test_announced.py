"""The push, proven: after every act, each live panel whose value changed was named by an event of that act.

A board that is read again whenever an event names it is then always equal to a fresh one. The topics come from the
registered table, so that a new panel is held to the same promise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlmodel import col, select

from hospital_ops.domain import events
from hospital_ops.domain.access import CLOCK
from hospital_ops.domain.staffing import WEEK
from hospital_ops.domain.stays import Away
from hospital_ops.domain.tasks import StaffStatus, TaskKind
from hospital_ops.infra.db import read_session
from hospital_ops.models import OutboxEvent, Patient, Registration
from hospital_ops.services import (
    away,
    beds,
    blocks,
    day_wishes,
    escalation,
    milestones,
    placement,
    roster,
    roster_draft,
    roster_import,
    second_factor,
    sessions,
    shift_swaps,
    staff,
    stays,
    strain,
    strain_contests,
    swaps,
    tasks,
    tokens,
    undo,
    wards,
)
from hospital_ops.state.topic_table import TOPICS
from tests.cast import NOW, PASSWORD, Cast
from tests.services import test_roster_draft as scenes
from tests.services.strain_scenes import hired, month, scored

Act = Callable[[Cast], Callable[[], object]]
# Values that pass with time alone; a heartbeat carries them.
TIME = {"at", "now"}
# A roster is read again when the roster changes, not with each patient who comes or goes: it says when it counted them.
COUNTED = {"counted", "gaps", "needed", "gap"}
MONDAY = NOW.date()


def ids_of(cast: Cast, kind: str) -> list[int]:
    if kind == "roster":
        topics = [events.roster(ward, MONDAY + n * WEEK) for ward in (*cast.wards.values(), None) for n in (-1, 0, 1)]
        return [int(topic.partition(":")[2]) for topic in topics]
    known = {"ward": cast.wards.values(), "bed": cast.beds.values(), "user": cast.people.values()}
    known["account"] = known["me"] = known["own_strain"] = known["user"]
    if kind in {"registration", "verify"}:
        with read_session() as session:
            return [r for r in session.exec(select(col(Registration.id))) if r is not None]
    if kind == "patient":
        with read_session() as session:
            return [p for p in session.exec(select(col(Patient.id))) if p is not None]
    return list(known.get(kind, [0]))


def panels(cast: Cast) -> dict[str, Any]:
    """Every topic's full and masked value, without the passing of time."""
    found = {}
    for kind, topic in TOPICS.items():
        for number in ids_of(cast, kind):
            name = f"{kind}:{number}" if number else kind
            left_out = TIME | COUNTED if kind == "roster" else TIME
            found[name] = [without(left_out, topic.read(number, masked)) for masked in (False, True)]
    return found


def without(left_out: Collection[str], value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without(left_out, inner) for key, inner in value.items() if key not in left_out}
    return [without(left_out, inner) for inner in value] if isinstance(value, list) else value


def topics_announced(after_id: int) -> set[str]:
    with read_session() as session:
        rows = session.exec(select(OutboxEvent.topics).where(col(OutboxEvent.id) > after_id))
        return {topic for topics in rows for topic in topics}


def newest_event() -> int:
    with read_session() as session:
        return session.exec(select(OutboxEvent.id).order_by(col(OutboxEvent.id).desc()).limit(1)).first() or 0


def _task(cast: Cast, label: str = "E1") -> int:
    task = cast.tasks_of(label)[-1]
    assert task.id is not None
    return task.id


def _left(cast: Cast, label: str = "E1") -> Cast:
    cast.occupy(label)
    stays.leave(cast.nurse, cast.beds[label])
    return cast


def _accepted(cast: Cast) -> int:
    task_id = _task(_left(cast))
    tasks.accept(cast.hanna, task_id)
    return task_id


def admit(cast: Cast) -> Callable[[], object]:
    patient = cast.patient()
    return lambda: cast.waiting(patient)


def cancel_admission(cast: Cast) -> Callable[[], object]:
    request = cast.waiting()
    return lambda: stays.cancel_admission(cast.desk, request)


def place(cast: Cast) -> Callable[[], object]:
    request = cast.waiting()
    return lambda: placement.place(cast.nurse, request, cast.beds["E1"])


def transfer(cast: Cast) -> Callable[[], object]:
    cast.occupy("E1")
    return lambda: placement.transfer(cast.manager, cast.beds["E1"], cast.beds["W1"])


def transfer_while_ordered(cast: Cast) -> Callable[[], object]:
    cast.occupy("E1")
    stays.order_discharge(cast.doctor, cast.beds["E1"])
    return lambda: placement.transfer(cast.manager, cast.beds["E1"], cast.beds["W1"])


def swap(cast: Cast) -> Callable[[], object]:
    cast.occupy("E1")
    cast.occupy("W1", unit="Medicine")
    stays.order_discharge(cast.doctor, cast.beds["E1"])
    return lambda: swaps.swap(cast.manager, cast.beds["E1"], cast.beds["W1"])


def cancel_transfer(cast: Cast) -> Callable[[], object]:
    transfer_while_ordered(cast)()
    return lambda: undo.cancel_transfer(cast.manager, cast.beds["W1"])


def cancel_placement(cast: Cast) -> Callable[[], object]:
    cast.occupy("E1")
    stays.order_discharge(cast.doctor, cast.beds["E1"])
    return lambda: undo.cancel_placement(cast.nurse, cast.beds["E1"])


def cancel_admission_from_the_bed(cast: Cast) -> Callable[[], object]:
    cast.occupy("E1")
    return lambda: undo.cancel_admission(cast.manager, cast.beds["E1"])


def cancel_discharge(cast: Cast) -> Callable[[], object]:
    leave_while_ordered(cast)()
    return lambda: undo.cancel_discharge(cast.nurse, cast.beds["E1"])


def depart(cast: Cast) -> Callable[[], object]:
    cast.occupy("E1")
    return lambda: away.depart(cast.nurse, cast.beds["E1"], Away.THEATRE)


def come_back(cast: Cast) -> Callable[[], object]:
    depart(cast)()
    return lambda: away.come_back(cast.nurse, cast.beds["E1"])


def reserve(cast: Cast) -> Callable[[], object]:
    return lambda: placement.reserve(cast.nurse, cast.beds["E2"])


def release(cast: Cast) -> Callable[[], object]:
    placement.reserve(cast.nurse, cast.beds["E2"])
    return lambda: placement.release(cast.nurse, cast.beds["E2"])


def order_discharge(cast: Cast) -> Callable[[], object]:
    cast.occupy("E1")
    return lambda: stays.order_discharge(cast.doctor, cast.beds["E1"])


def withdraw_order(cast: Cast) -> Callable[[], object]:
    cast.occupy("E1")
    stays.order_discharge(cast.doctor, cast.beds["E1"])
    return lambda: stays.withdraw_order(cast.doctor, cast.beds["E1"])


def _milestone(cast: Cast, name: str) -> int:
    leave_while_ordered(cast)
    return next(task.id or 0 for task in cast.tasks_of("E1") if task.milestone == name)


def tick_off_what_a_colleague_holds(cast: Cast) -> Callable[[], object]:
    task_id = _milestone(cast, "medication")
    tasks.accept(cast.nurse, task_id)
    return lambda: milestones.mark_done(cast.doctor, task_id)


def hold_up(cast: Cast) -> Callable[[], object]:
    task_id = _milestone(cast, "transport")
    return lambda: milestones.delay(cast.nurse, task_id, "waits_for_family", "her sister has the keys")


def hold_up_no_longer(cast: Cast) -> Callable[[], object]:
    task_id = _milestone(cast, "transport")
    milestones.delay(cast.nurse, task_id, "waits_for_family")
    return lambda: milestones.resume(cast.nurse, task_id)


def give_a_milestone(cast: Cast) -> Callable[[], object]:
    task_id = _milestone(cast, "medication")
    return lambda: milestones.assign(cast.nurse, task_id, cast.people["doctor"])


def add_a_milestone(cast: Cast) -> Callable[[], object]:
    leave_while_ordered(cast)
    return lambda: milestones.add(cast.nurse, cast.beds["E1"], "equipment")


def cross_off_a_milestone(cast: Cast) -> Callable[[], object]:
    task_id = _milestone(cast, "letter")
    return lambda: milestones.cross_off(cast.nurse, task_id)


def set_a_notice_target(cast: Cast) -> Callable[[], object]:
    order_discharge(cast)()
    return lambda: wards.set_notice_target(cast.manager, cast.wards["east"], 60)


def leave(cast: Cast) -> Callable[[], object]:
    cast.occupy("E1")
    return lambda: stays.leave(cast.nurse, cast.beds["E1"])


def leave_while_ordered(cast: Cast) -> Callable[[], object]:
    cast.occupy("E1")
    stays.order_discharge(cast.doctor, cast.beds["E1"])
    return lambda: stays.leave(cast.nurse, cast.beds["E1"])


def start_cleaning_from_the_board(cast: Cast) -> Callable[[], object]:
    _left(cast)
    return lambda: beds.start_cleaning(cast.nurse, cast.beds["E1"])


def mark_clean_from_the_board(cast: Cast) -> Callable[[], object]:
    _accepted(cast)
    return lambda: beds.mark_clean(cast.nurse, cast.beds["E1"])


def mark_dirty(cast: Cast) -> Callable[[], object]:
    return lambda: beds.mark_dirty(cast.nurse, cast.beds["E2"])


def block(cast: Cast) -> Callable[[], object]:
    _accepted(cast)
    return lambda: beds.block(cast.nurse, cast.beds["E1"], "broken rail")


def unblock(cast: Cast) -> Callable[[], object]:
    beds.block(cast.nurse, cast.beds["E2"], "broken rail")
    return lambda: beds.unblock(cast.nurse, cast.beds["E2"])


def close_and_open(cast: Cast) -> Callable[[], object]:
    beds.close(cast.manager, cast.beds["E2"])
    return lambda: beds.open_bed(cast.manager, cast.beds["E2"])


def create_task(cast: Cast) -> Callable[[], object]:
    new = tasks.NewTask("Take the samples to the laboratory", TaskKind.TRANSPORT, bed_id=cast.beds["E1"])
    return lambda: tasks.create(cast.nurse, new)


def accept(cast: Cast) -> Callable[[], object]:
    task_id = _task(_left(cast))
    return lambda: tasks.accept(cast.hanna, task_id)


def decline(cast: Cast) -> Callable[[], object]:
    task_id = _task(_left(cast))
    return lambda: tasks.decline(cast.hanna, task_id, "with another patient")


def start(cast: Cast) -> Callable[[], object]:
    task_id = _accepted(cast)
    return lambda: tasks.start(cast.hanna, task_id)


def suspend(cast: Cast) -> Callable[[], object]:
    task_id = _accepted(cast)
    tasks.start(cast.hanna, task_id)
    return lambda: tasks.suspend(cast.hanna, task_id, "no fresh linen")


def complete(cast: Cast) -> Callable[[], object]:
    task_id = _accepted(cast)
    tasks.start(cast.hanna, task_id)
    return lambda: tasks.complete(cast.hanna, task_id)


def complete_with_another_waiting(cast: Cast) -> Callable[[], object]:
    cast.set_status(StaffStatus.ON_BREAK, "hugo")
    task_id = _accepted(cast)
    _left(cast, "E3")
    return lambda: tasks.complete(cast.hanna, task_id)


def cancel_task(cast: Cast) -> Callable[[], object]:
    new = tasks.NewTask("Take the samples to the laboratory", TaskKind.TRANSPORT, bed_id=cast.beds["E1"])
    task_id = tasks.create(cast.nurse, new)
    tasks.accept(cast.porter, task_id)
    return lambda: tasks.cancel(cast.manager, task_id, "not needed")


def reassign(cast: Cast) -> Callable[[], object]:
    task_id = _accepted(cast)
    return lambda: tasks.reassign(cast.manager, task_id, cast.people["hugo"])


def take_a_break(cast: Cast) -> Callable[[], object]:
    _left(cast)
    return lambda: staff.set_my_status(cast.hanna, StaffStatus.ON_BREAK)


def sign_in(cast: Cast) -> Callable[[], object]:
    return lambda: sessions.sign_in("doctor", PASSWORD, address="192.0.2.10")


def end_my_other_sessions(cast: Cast) -> Callable[[], object]:
    here, _ = sign_in(cast)(), sign_in(cast)()
    return lambda: sessions.end_others(here.actor)  # type: ignore[attr-defined]


def set_up_a_second_factor(cast: Cast) -> Callable[[], object]:
    secret = second_factor.begin(cast.doctor, PASSWORD).secret
    return lambda: second_factor.confirm(cast.doctor, pyotp.TOTP(secret).now())


def use_a_recovery_code(cast: Cast) -> Callable[[], object]:
    code = set_up_a_second_factor(cast)()[0]  # type: ignore[index]
    return lambda: tokens.log_in("doctor", PASSWORD, address="192.0.2.10", otp=code)


def reset_a_second_factor(cast: Cast) -> Callable[[], object]:
    set_up_a_second_factor(cast)()
    return lambda: second_factor.reset(cast.admin, cast.people["doctor"])


def a_block_expires(cast: Cast) -> Callable[[], object]:
    beds.block(cast.nurse, cast.beds["E2"], "paint", expires_at=cast.now + timedelta(minutes=10))
    cast.later(10)
    return lambda: blocks.expire_blocks(CLOCK)


def nobody_answers(cast: Cast) -> Callable[[], object]:
    _left(cast)
    cast.later(10)
    return lambda: escalation.escalate_overdue(CLOCK)


def nobody_is_found(cast: Cast) -> Callable[[], object]:
    cast.set_status(StaffStatus.ON_BREAK, "hanna", "hugo")
    _left(cast)
    cast.later(90)
    return lambda: escalation.escalate_overdue(CLOCK)


def take_a_break_while_a_bed_waits(cast: Cast) -> Callable[[], object]:
    """Why nobody is found changes with each person who goes: no panel may show the old sentence."""
    cast.set_status(StaffStatus.ON_BREAK, "hugo")
    cast.set_status(StaffStatus.ON_TASK, "hanna")
    _left(cast)
    cast.set_status(StaffStatus.AVAILABLE, "hanna")
    task_id = _task(cast)
    tasks.reassign(cast.manager, task_id, None)
    tasks.decline(cast.hanna, task_id, "with another patient")
    return lambda: staff.set_my_status(cast.hanna, StaffStatus.ON_BREAK)


def score_strain(cast: Cast) -> Callable[[], object]:
    month(cast, [cast.people["nurse"], *hired(cast, 5)])
    return lambda: strain.score(CLOCK)


def lose_an_index(cast: Cast) -> Callable[[], object]:
    scored(cast)
    cast.later(28 * 24 * 60)
    return lambda: strain.score(CLOCK)


def contest_strain(cast: Cast) -> Callable[[], object]:
    scored(cast)
    return lambda: strain_contests.contest(cast.nurse, "I was on leave.")


def withdraw_contest(cast: Cast) -> Callable[[], object]:
    contest_strain(cast)()
    return lambda: strain_contests.withdraw(cast.nurse)


def answer_contest(cast: Cast) -> Callable[[], object]:
    scored(cast)
    contest = strain_contests.contest(cast.nurse, "I was on leave.")
    return lambda: strain_contests.answer(cast.admin, contest, "You are right.", wrong=True)


def put_on_a_shift(cast: Cast) -> Callable[[], object]:
    given = scenes.free_nurse(cast)
    return lambda: roster_draft.put_on(cast.staffing, **given)


def take_off_a_shift(cast: Cast) -> Callable[[], object]:
    given = scenes.working_nurse(cast)
    return lambda: roster_draft.take_off(cast.staffing, **given)


def move_to_another_shift(cast: Cast) -> Callable[[], object]:
    given = scenes.nurse_to_move(cast)
    return lambda: roster_draft.move(cast.staffing, **given)


def publish_a_week(cast: Cast) -> Callable[[], object]:
    given = scenes.drafted_week(cast)
    return lambda: roster_draft.publish_week(cast.staffing, **given)


def discard_a_week(cast: Cast) -> Callable[[], object]:
    given = scenes.drafted_week(cast)
    return lambda: roster_draft.discard_week(cast.staffing, **given)


def import_a_roster(cast: Cast) -> Callable[[], object]:
    return lambda: roster_import.take(cast.staffing, scenes.FILE)


def publish_new_shifts(cast: Cast) -> Callable[[], object]:
    one = scenes.wish(cast)
    shift = roster.NewShift("east", one.role, one.starts_at, one.ends_at, ("nurse",))
    return lambda: roster.publish(cast.staffing, [shift])


def ask_about_a_gap(cast: Cast) -> Callable[[], object]:
    shift_id = scenes.works(cast, "nurse_west", 1)
    return lambda: roster.ask(cast.staffing, shift_id, [cast.people["nurse"]])


def say_yes_to_a_gap(cast: Cast) -> Callable[[], object]:
    shift_id = scenes.works(cast, "nurse_west", 1)
    roster.ask(cast.staffing, shift_id, [cast.people["nurse"]])
    return lambda: roster.answer(cast.nurse, shift_id, yes=True)


def ask_for_a_day_off(cast: Cast) -> Callable[[], object]:
    return lambda: day_wishes.wish_off(cast.nurse, MONDAY + WEEK)


def take_a_day_off_back(cast: Cast) -> Callable[[], object]:
    ask_for_a_day_off(cast)()
    return lambda: day_wishes.take_wish_back(cast.nurse, MONDAY + WEEK)


def ask_to_swap(cast: Cast) -> Callable[[], object]:
    given = scenes.two_shifts(cast)
    return lambda: shift_swaps.ask_swap(cast.nurse, **given)


def agree_to_swap(cast: Cast) -> Callable[[], object]:
    given = scenes.asked_to_say_yes(cast)
    return lambda: shift_swaps.answer_swap(cast.nurse_west, **given)


def agree_to_swap_against_a_rule(cast: Cast) -> Callable[[], object]:
    given = scenes.against_a_rule(cast)
    return lambda: shift_swaps.answer_swap(cast.nurse_west, **given)


def decline_to_swap(cast: Cast) -> Callable[[], object]:
    given = scenes.asked(cast)
    return lambda: shift_swaps.answer_swap(cast.nurse_west, **given, yes=False)


def withdraw_a_swap(cast: Cast) -> Callable[[], object]:
    given = scenes.asked(cast)
    return lambda: shift_swaps.withdraw_swap(cast.nurse, **given)


def allow_a_swap(cast: Cast) -> Callable[[], object]:
    given = scenes.to_approve(cast)
    return lambda: shift_swaps.decide_swap(cast.staffing, **given)


def refuse_a_swap(cast: Cast) -> Callable[[], object]:
    given = scenes.to_approve(cast) | {"yes": False}
    return lambda: shift_swaps.decide_swap(cast.staffing, **given)


ACTS: list[Act] = [
    put_on_a_shift,
    take_off_a_shift,
    move_to_another_shift,
    publish_a_week,
    discard_a_week,
    import_a_roster,
    publish_new_shifts,
    ask_about_a_gap,
    say_yes_to_a_gap,
    ask_for_a_day_off,
    take_a_day_off_back,
    ask_to_swap,
    agree_to_swap,
    agree_to_swap_against_a_rule,
    decline_to_swap,
    withdraw_a_swap,
    allow_a_swap,
    refuse_a_swap,
    score_strain,
    lose_an_index,
    contest_strain,
    withdraw_contest,
    answer_contest,
    sign_in,
    end_my_other_sessions,
    set_up_a_second_factor,
    use_a_recovery_code,
    reset_a_second_factor,
    admit,
    cancel_admission,
    place,
    transfer,
    transfer_while_ordered,
    swap,
    cancel_transfer,
    cancel_placement,
    cancel_admission_from_the_bed,
    cancel_discharge,
    depart,
    come_back,
    reserve,
    release,
    order_discharge,
    withdraw_order,
    leave,
    leave_while_ordered,
    tick_off_what_a_colleague_holds,
    hold_up,
    hold_up_no_longer,
    give_a_milestone,
    add_a_milestone,
    cross_off_a_milestone,
    set_a_notice_target,
    start_cleaning_from_the_board,
    mark_clean_from_the_board,
    mark_dirty,
    block,
    unblock,
    close_and_open,
    create_task,
    accept,
    decline,
    start,
    suspend,
    complete,
    complete_with_another_waiting,
    cancel_task,
    reassign,
    take_a_break,
    take_a_break_while_a_bed_waits,
    a_block_expires,
    nobody_answers,
    nobody_is_found,
]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_every_panel_that_changed_was_named(cast: Cast, act: Act) -> None:
    deed = act(cast)
    before, last = panels(cast), newest_event()
    deed()
    after = panels(cast)
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed, "an act that changes no panel proves nothing"
    assert changed <= topics_announced(last), "these panels would have gone stale"
