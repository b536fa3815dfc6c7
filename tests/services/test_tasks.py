"""What people do with tasks: the six questions of each step, found work, and whom a task may be given to."""

from __future__ import annotations

import pytest

from hospital_ops.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from hospital_ops.domain.tasks import Priority, StaffStatus, TaskKind
from hospital_ops.services import found, stays, tasks
from tests.cast import Cast
from tests.services.scenes import accepted, bed, cleaning_of, errand, left, occupied, offered, started
from tests.services.six import Action, Given, SixQuestions, task_is

NOT_YOURS = {"wrong_ward": "hugo", "ward_code": "not_found"}  # A task is a person's: another's reads like none.


def samples(cast: Cast) -> Given:
    return {"new": tasks.NewTask("Take the samples to the laboratory", TaskKind.TRANSPORT, bed_id=cast.beds["E1"])}


def clean_e2(cast: Cast) -> Given:
    return {"new": tasks.NewTask("Clean bed E2", TaskKind.CLEAN_BED, bed_id=cast.beds["E2"])}


def reassigned(cast: Cast, given: Given) -> None:
    tasks.reassign(cast.manager, given["task_id"], cast.people["hugo"])


def cancelled(cast: Cast, given: Given) -> None:
    tasks.cancel(cast.manager, given["task_id"], "not needed")


def newest(cast: Cast, label: str, kind: str) -> str:
    return next((task.status for task in reversed(cast.tasks_of(label)) if task.kind == kind), "")


def errand_done(cast: Cast) -> Given:
    given = errand(cast)
    tasks.accept(cast.porter, given["task_id"])
    return given


ACTIONS = [
    Action(
        tasks.create,
        clean_e2,
        who="nurse",
        works=lambda cast, given: newest(cast, "E2", "clean_bed") == "offered",
        audit=("bed.found_dirty", "task.create", "task.offer"),
        events=("bed.status_changed", "task.created", "task.offered"),
        wrong_role="hanna",
        wrong_ward="nurse_west",
        again="already_asked",
        rival=lambda cast, given: tasks.create(cast.manager, given["new"]),
        told="already_asked",
    ),
    Action(
        tasks.accept,
        offered,
        who="hanna",
        works=task_is("accepted"),
        audit=("task.accept", "staff.set_status"),
        events=("task.accepted", "staff.status_changed"),
        wrong_role="feed",
        **NOT_YOURS,
        rival=reassigned,
        told="not_found",
    ),
    Action(
        tasks.decline,
        lambda cast: offered(cast) | {"reason": "with another patient"},
        who="hanna",
        works=lambda cast, given: cast.task(given["task_id"]).user_id == cast.people["hugo"],
        audit=("task.decline", "task.offer"),
        events=("task.declined", "task.offered"),
        wrong_role="feed",
        **NOT_YOURS,
        again="not_found",
        rival=reassigned,
        told="not_found",
    ),
    Action(
        tasks.start,
        accepted,
        who="hanna",
        works=task_is("in_progress"),
        audit=("task.start", "bed.start_cleaning"),
        events=("task.started", "bed.status_changed"),
        wrong_role="feed",
        **NOT_YOURS,
        rival=reassigned,
        told="not_found",
    ),
    Action(
        tasks.suspend,
        lambda cast: started(cast) | {"reason": "no fresh linen"},
        who="hanna",
        works=task_is("suspended"),
        audit=("task.suspend", "bed.cleaning_suspended", "staff.set_status"),
        events=("task.suspended", "bed.status_changed", "staff.status_changed"),
        wrong_role="feed",
        **NOT_YOURS,
        rival=reassigned,
        told="not_found",
    ),
    Action(
        tasks.complete,
        started,
        who="hanna",
        works=task_is("complete"),
        audit=("task.complete", "bed.mark_clean", "staff.set_status"),
        events=("task.completed", "bed.status_changed", "staff.status_changed"),
        wrong_role="feed",
        **NOT_YOURS,
        rival=reassigned,
        told="not_found",
    ),
    Action(
        tasks.cancel,
        lambda cast: errand_done(cast) | {"reason": "not needed"},
        who="manager",
        works=task_is("cancelled"),
        audit=("task.cancel", "staff.set_status"),
        events=("task.cancelled", "staff.status_changed"),
        wrong_role="doctor",
        no_ward="only the whole house's roles supervise tasks",
        rival=lambda cast, given: tasks.complete(cast.porter, given["task_id"]),
        told="task_cannot_move",
    ),
    Action(
        tasks.reassign,
        lambda cast: offered(cast) | {"user_id": cast.people["hugo"]},
        who="manager",
        works=lambda cast, given: cast.task(given["task_id"]).user_id == cast.people["hugo"],
        audit=("task.reassign", "task.offer"),
        events=("task.declined", "task.offered"),
        wrong_role="nurse",
        no_ward="only the whole house's roles supervise tasks",
        rival=lambda cast, given: complete_it(cast, given),
        told="task_cannot_move",
    ),
    Action(
        found.report,
        lambda cast: bed(cast, "E2") | {"kind": TaskKind.CLEAN_BED},
        who="hanna",
        works=lambda cast, given: newest(cast, "E2", "clean_bed") == "accepted",
        audit=("bed.found_dirty", "task.create", "task.accept", "staff.set_status"),
        events=("bed.status_changed", "task.created", "task.accepted", "staff.status_changed"),
        wrong_role="feed",
        wrong_ward="hanna of west",
        rival=lambda cast, given: cast.occupy("E2"),
        told="bed_in_use",
        named="report a dirty bed",
    ),
    Action(
        found.report,
        lambda cast: bed(cast, "E2") | {"kind": TaskKind.SPILL},
        who="porter",
        works=lambda cast, given: newest(cast, "E2", "spill") == "offered",
        audit=("task.create", "task.offer"),
        events=("task.created", "task.offered"),
        wrong_role="feed",
        wrong_ward="porter of west",
        rival=lambda cast, given: found.report(cast.hanna, **given),
        told="",
        named="report a spill",
    ),
]


def complete_it(cast: Cast, given: Given) -> None:
    tasks.accept(cast.hanna, given["task_id"])
    tasks.complete(cast.hanna, given["task_id"])


@pytest.mark.parametrize("action", ACTIONS, ids=str)
class TestSixQuestions(SixQuestions):
    """Asked of every step of a task."""


def test_a_refusal_wants_a_reason(cast: Cast) -> None:
    given = offered(cast)
    for act in (tasks.decline, tasks.suspend):
        with pytest.raises(Invalid) as refusal:
            act(cast.hanna, given["task_id"], "  ")
        assert refusal.value.code == "reason_needed"


def test_what_is_under_way_is_suspended_not_declined(cast: Cast) -> None:
    given = started(cast)
    with pytest.raises(Conflict):
        tasks.decline(cast.hanna, given["task_id"], "tired")


def test_a_suspended_cleaning_goes_on(cast: Cast) -> None:
    given = started(cast)
    tasks.suspend(cast.hanna, given["task_id"], "no fresh linen")
    assert cast.bed("E1").status == "dirty"
    tasks.start(cast.hanna, given["task_id"])
    assert (cast.bed("E1").status, cast.person("hanna").current_status) == ("cleaning", "on_task")


def test_whoever_asked_may_take_it_back(cast: Cast) -> None:
    given = errand(cast)
    tasks.cancel(cast.nurse, given["task_id"], "found them myself")
    assert cast.task(given["task_id"]).status == "cancelled"


def test_words_are_needed_and_are_text(cast: Cast) -> None:
    for words in ("", "   ", "x" * 201, "a\x00b", "two\nlines"):
        with pytest.raises(Invalid):
            tasks.create(cast.nurse, tasks.NewTask(words))


GIVEN_TO = {
    "doctor": ("no_skill", StaffStatus.AVAILABLE),
    "hugo": ("not_on_shift", StaffStatus.ON_BREAK),
    "hanna": ("not_on_shift", StaffStatus.OFF_SHIFT),
}


@pytest.mark.parametrize("name", GIVEN_TO)
def test_a_task_is_given_only_to_who_can_do_it(cast: Cast, name: str) -> None:
    code, status = GIVEN_TO[name]
    cast.set_status(status, name)
    new = tasks.NewTask("Clean bed E2", TaskKind.CLEAN_BED, bed_id=cast.beds["E2"], user_id=cast.people[name])
    with pytest.raises((Conflict, Invalid)) as refusal:
        tasks.create(cast.manager, new)
    assert refusal.value.code == code
    assert cast.bed("E2").status == "available", "nothing is half done"


def test_a_task_is_given_only_in_the_persons_wards(cast: Cast) -> None:
    new = tasks.NewTask("Clean bed W1", TaskKind.CLEAN_BED, bed_id=cast.beds["W1"], user_id=cast.people["hanna"])
    with pytest.raises(Conflict) as refusal:
        tasks.create(cast.manager, new)
    assert refusal.value.code == "not_their_ward"


def test_a_task_about_a_patient_is_for_who_may_read_them(cast: Cast) -> None:
    patient_id = cast.occupy("E1")
    about = tasks.NewTask("Bring to imaging", TaskKind.TRANSPORT, patient_id=patient_id)
    with pytest.raises(NotAllowed):
        tasks.create(cast.admin, about)
    with pytest.raises(NotFound):
        tasks.create(cast.nurse_west, about)
    assert cast.task(tasks.create(cast.nurse, about)).ward_id == cast.wards["east"]


def test_reassigning_to_nobody_lets_the_house_choose_somebody_else(cast: Cast) -> None:
    given = offered(cast)
    tasks.reassign(cast.manager, given["task_id"], None)
    assert cast.task(given["task_id"]).user_id == cast.people["hugo"]


def test_the_priority_of_a_cleaning_rises_when_somebody_waits_for_such_a_bed(cast: Cast) -> None:
    left(cast)
    assert cast.task(cleaning_of(cast)).priority == Priority.MEDIUM
    cast.waiting()
    occupied(cast, "E3")
    stays.leave(cast.nurse, cast.beds["E3"])
    assert cast.task(cleaning_of(cast, "E3")).priority == Priority.HIGH
