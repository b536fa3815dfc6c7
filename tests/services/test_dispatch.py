"""A task finds its person: urgent before near, nobody on a break, and a sentence that says why this one."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlmodel import col, select

from hospital_ops.domain.access import CLOCK, Role
from hospital_ops.domain.tasks import Priority, StaffStatus, TaskKind, TaskStatus
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.models import Task, User, UserWard
from hospital_ops.queries.board import bed_story
from hospital_ops.queries.dispatch import dispatch_list
from hospital_ops.services import staff, tasks
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.unit_of_work import unit_of_work
from tests.cast import Cast
from tests.services.scenes import cleaning_of, left, offered

FREE, BREAK, OFF = StaffStatus.AVAILABLE, StaffStatus.ON_BREAK, StaffStatus.OFF_SHIFT


def ask(cast: Cast, label: str, priority: Priority = Priority.MEDIUM) -> int:
    new = tasks.NewTask(f"Clean bed {label}", TaskKind.CLEAN_BED, priority, bed_id=cast.beds[label])
    return tasks.create(cast.manager, new)


def whose(cast: Cast, task_id: int) -> str:
    owner = cast.task(task_id).user_id
    return next((name for name, user_id in cast.people.items() if user_id == owner), "")


def hire(cast: Cast, name: str, *, floor: int = 4, x: float = 0.0, **facts: object) -> None:
    """One more housekeeper, of both wards."""
    with new_session() as session:
        given = {"role": Role.HOUSEKEEPER.value, "current_status": FREE.value, "floor": floor, "x": x, "y": 0.0}
        person = User(username=name, display_name=name.title(), **(given | facts))
        session.add(person)
        session.flush()
        cast.people[name] = person.id or 0
        session.add_all(UserWard(user_id=person.id or 0, ward_id=ward) for ward in cast.wards.values())
        session.commit()


def test_the_nearest_free_one_with_the_skill_is_offered_it(cast: Cast) -> None:
    assert whose(cast, ask(cast, "E2")) == "hanna"
    assert whose(cast, ask(cast, "E3")) == "hugo", "Hanna is answering another offer"


def test_urgent_comes_before_near(cast: Cast) -> None:
    """Whoever becomes free gets what is most urgent, not what is next to them."""
    cast.set_status(BREAK, "hanna", "hugo")
    near, far = ask(cast, "E2"), ask(cast, "E4", Priority.STAT)
    staff.set_my_status(cast.hanna, FREE)
    assert (whose(cast, near), whose(cast, far)) == ("", "hanna")


@pytest.mark.parametrize(("minutes", "first"), [(44, "fresh"), (91, "old")])
def test_waiting_lifts_a_task_so_that_low_ones_do_not_starve(cast: Cast, minutes: int, first: str) -> None:
    cast.set_status(BREAK, "hanna", "hugo")
    found = {"old": ask(cast, "E2", Priority.LOW)}
    cast.later(minutes)
    found["fresh"] = ask(cast, "E3", Priority.HIGH)
    staff.set_my_status(cast.hanna, FREE)
    assert [name for name, task_id in found.items() if whose(cast, task_id)] == [first]


def test_nothing_overtakes_stat(cast: Cast) -> None:
    cast.set_status(BREAK, "hanna", "hugo")
    ask(cast, "E2", Priority.HIGH)
    cast.later(60 * 24)
    stat = ask(cast, "E3", Priority.STAT)
    staff.set_my_status(cast.hanna, FREE)
    assert whose(cast, stat) == "hanna"


def test_equals_are_told_apart_by_rule(cast: Cast) -> None:
    """Equally near: the lower id; and, before that, the fewer open tasks."""
    cast.set_status(BREAK, "hanna", "hugo")
    hire(cast, "ida", x=12.0)
    hire(cast, "ivo", x=12.0)
    first = ask(cast, "E2")
    assert whose(cast, first) == "ida"
    tasks.accept(cast.as_actor("ida"), first)
    tasks.suspend(cast.as_actor("ida"), first, "no fresh linen")
    assert cast.person("ida").current_status == FREE
    assert whose(cast, ask(cast, "E1")) == "ivo", "Ida has one to come back to"


@pytest.mark.parametrize("status", [BREAK, OFF])
def test_who_is_away_is_never_offered_anything(cast: Cast, status: StaffStatus) -> None:
    cast.set_status(status, "hanna")
    assert whose(cast, ask(cast, "E2")) == "hugo"
    cast.set_status(status, "hugo")
    assert whose(cast, ask(cast, "E3")) == ""


def test_the_wrong_role_and_the_wrong_ward_are_never_offered_it(cast: Cast) -> None:
    cast.set_status(OFF, "hugo")
    task_id = ask(cast, "W1")
    assert whose(cast, task_id) == "", "Hanna is of the east"
    assert cast.task(task_id).why == "Nobody here has the skill for this."


def test_nobody_free_means_it_waits_and_says_so_until_the_first_who_is(cast: Cast) -> None:
    cast.set_status(BREAK, "hanna", "hugo")
    task_id = ask(cast, "E2")
    task = cast.task(task_id)
    assert task.status == TaskStatus.PENDING
    assert task.why == "Nobody with the skill is free now: two are on a break. It goes to the first who is."
    assert dispatch_list(masked=True)["counts"]["waiting"] == 1
    staff.set_my_status(cast.hugo, FREE)
    assert whose(cast, task_id) == "hugo"


def test_an_empty_house_says_so_too(cast: Cast) -> None:
    cast.set_status(OFF, *cast.people)
    task_id = ask(cast, "E2")
    assert cast.task(task_id).why == "Nobody is free now. It goes to the first who is."


def test_no_goes_to_the_next_and_holds_for_a_while(cast: Cast) -> None:
    given = offered(cast)
    tasks.decline(cast.hanna, given["task_id"], "with another patient")
    assert whose(cast, given["task_id"]) == "hugo"
    tasks.decline(cast.hugo, given["task_id"], "on the other floor")
    assert (whose(cast, given["task_id"]), cast.task(given["task_id"]).status) == ("", TaskStatus.PENDING)
    assert cast.task(given["task_id"]).why == (
        "Nobody with the skill is free now: two have declined. It goes to the first who is."
    )
    cast.later(16)
    with unit_of_work(CLOCK) as work:
        assert dispatch(work) == [given["task_id"]]
    assert whose(cast, given["task_id"]) == "hanna", "a no is not for ever"


def test_who_is_signed_in_comes_before_a_simulated_colleague(cast: Cast) -> None:
    hire(cast, "sim", x=12.0, simulated=True)
    first, second, third = (ask(cast, label) for label in ("E2", "E3", "E4"))
    assert [whose(cast, one) for one in (first, second, third)] == ["hanna", "hugo", "sim"]
    assert cast.task(first).why == "Nearest free with the skill: 1 m; one nearer is simulated"
    assert cast.task(second).why.endswith("one nearer is at work, one is simulated")


def test_nobody_answers_two_offers_at_once(cast: Cast) -> None:
    hire(cast, "ida")
    for label in ("E1", "E2", "E3", "E4", "W1"):
        ask(cast, label)
    with read_session() as session:
        found = session.exec(select(Task.user_id).where(col(Task.user_id).is_not(None)))
        assert set(Counter(found).values()) == {1}
    assert dispatch_list(masked=True)["counts"]["waiting"] == 2


def test_the_proposal_says_why_and_is_shown_where_people_look(cast: Cast) -> None:
    hire(cast, "ida", x=12.0, current_status=BREAK.value)
    hire(cast, "ivo", x=12.0, current_status=BREAK.value)
    left(cast)
    task_id = cleaning_of(cast)
    tasks.decline(cast.hanna, task_id, "with another patient")
    why = "Nearest free with the skill: 110 m; two nearer are on a break, one has declined"
    assert cast.task(task_id).why == why
    assert dispatch_list(masked=True)["tasks"][0]["why"] == why
    assert bed_story(cast.beds["E1"], masked=True)["tasks"][0]["why"] == why


def test_same_snapshot_same_answer(cast: Cast) -> None:
    """Dispatching again offers nothing twice and takes nothing back."""
    offered(cast)
    with unit_of_work(CLOCK) as work:
        assert dispatch(work) == []


def test_an_offer_whose_person_has_gone_is_taken_back(cast: Cast) -> None:
    given = offered(cast)
    cast.set_status(OFF, "hanna")
    with unit_of_work(CLOCK) as work:
        dispatch(work)
    assert whose(cast, given["task_id"]) == "hugo"
