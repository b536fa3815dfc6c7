"""The push, proven: after every act, each live panel whose value changed was named by an event of that act.

A board that is read again whenever an event names it is then always equal to a fresh one. The topics come from the
registered table, so that a new panel is held to the same promise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from hospital_ops.domain.tasks import StaffStatus, TaskKind
from hospital_ops.infra.db import read_session
from hospital_ops.models import OutboxEvent, Patient, Registration
from hospital_ops.services import beds, placement, staff, stays, tasks
from hospital_ops.state.topic_table import TOPICS
from tests.cast import Cast

Act = Callable[[Cast], Callable[[], object]]
# Values that pass with time alone; a heartbeat carries them.
TIME = {"at", "now"}


def ids_of(cast: Cast, kind: str) -> list[int]:
    known = {"ward": cast.wards.values(), "bed": cast.beds.values(), "user": cast.people.values()}
    if kind == "registration":
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
            found[name] = [without_time(topic.read(number, masked)) for masked in (False, True)]
    return found


def without_time(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_time(inner) for key, inner in value.items() if key not in TIME}
    return [without_time(inner) for inner in value] if isinstance(value, list) else value


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
    task_id = _accepted(cast)
    return lambda: tasks.cancel(cast.manager, task_id, "not needed")


def reassign(cast: Cast) -> Callable[[], object]:
    task_id = _accepted(cast)
    return lambda: tasks.reassign(cast.manager, task_id, cast.people["hugo"])


def take_a_break(cast: Cast) -> Callable[[], object]:
    _left(cast)
    return lambda: staff.set_my_status(cast.hanna, StaffStatus.ON_BREAK)


ACTS: list[Act] = [
    admit,
    cancel_admission,
    place,
    transfer,
    reserve,
    release,
    order_discharge,
    withdraw_order,
    leave,
    leave_while_ordered,
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
