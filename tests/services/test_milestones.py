"""Before somebody leaves: what is opened and what stays done, who may tick off, delay, assign, add and cross off."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from hospital_ops.domain.access import Permission, Role
from hospital_ops.domain.errors import Conflict, Invalid, NotFound
from hospital_ops.domain.milestones import DELAYS, MILESTONES, NOT_NEEDED, USUAL, due_at, offered_to
from hospital_ops.domain.stays import PendingSource
from hospital_ops.domain.tasks import SKILL, StaffStatus, TaskKind
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.models import Task, TaskDelay, Ward
from hospital_ops.queries.board import bed_story, ward_board
from hospital_ops.queries.milestones import who_could_own
from hospital_ops.queries.patients import patient_page
from hospital_ops.services import milestones, placement, stays, tasks, undo
from hospital_ops.services.bed_door import lock_bed
from hospital_ops.services.unit_of_work import unit_of_work
from tests.cast import NOW, Cast
from tests.services.scenes import left, ordered
from tests.services.six import Action, Given, SixQuestions, task_is


def milestone(cast: Cast, name: str, label: str = "E1") -> Task:
    """The newest task of that name at this bed."""
    return next(task for task in reversed(cast.tasks_of(label)) if task.milestone == name)


def about(cast: Cast, name: str = "transport") -> Given:
    """Whoever lies in E1 is ordered to leave. Transport waits for Nina, who has the medication in hand already."""
    ordered(cast)
    return {"task_id": milestone(cast, name).id or 0}


def names(cast: Cast, label: str = "E1") -> list[str]:
    return [task.milestone for task in cast.tasks_of(label) if task.milestone and task.status != "cancelled"]


def story(cast: Cast, label: str = "E1", *, masked: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = bed_story(cast.beds[label], masked=masked)["milestones"]
    return found


def progress(cast: Cast, label: str = "E1") -> dict[str, Any]:
    tiles = ward_board(cast.bed(label).ward_id, masked=True)["beds"]
    found: dict[str, Any] = next(tile for tile in tiles if tile["label"] == label)["before_leaving"]
    return found


def delays(cast: Cast, given: Given) -> list[tuple[str, str, bool]]:
    with read_session() as session:
        found = session.exec(select(TaskDelay).where(TaskDelay.task_id == given["task_id"]).order_by(col(TaskDelay.id)))
        return [(row.reason, row.words or "", row.ended_at is None) for row in found]


def gone(cast: Cast, given: Given) -> None:
    stays.leave(cast.manager, cast.beds["E1"])


def delayed(cast: Cast) -> Given:
    given = about(cast)
    milestones.delay(cast.doctor, given["task_id"], "waits_for_family")
    return given


ACTIONS = [
    Action(
        milestones.mark_done,
        about,
        who="nurse",
        works=task_is("complete"),
        audit=("milestone.done",),
        events=("task.completed",),
        wrong_role="hanna",
        wrong_ward="nurse_west",
        rival=gone,
        told="task_cannot_move",
    ),
    Action(
        milestones.delay,
        lambda cast: about(cast) | {"reason": "waits_for_family", "words": "Maria Sandoval's daughter comes at four"},
        who="nurse",
        works=lambda cast, given: [one[0] for one in delays(cast, given)] == ["waits_for_family"],
        audit=("milestone.delay",),
        events=("task.delayed",),
        wrong_role="hanna",
        wrong_ward="nurse_west",
        rival=gone,
        told="task_cannot_move",
    ),
    Action(
        milestones.resume,
        delayed,
        who="nurse",
        works=lambda cast, given: delays(cast, given) == [("waits_for_family", "", False)],
        audit=("milestone.resume",),
        events=("task.resumed",),
        wrong_role="hanna",
        wrong_ward="nurse_west",
        rival=gone,
        told="task_cannot_move",
    ),
    Action(
        milestones.assign,
        lambda cast: about(cast) | {"user_id": cast.people["doctor"]},
        who="nurse",
        works=lambda cast, given: cast.task(given["task_id"]).user_id == cast.people["doctor"],
        audit=("task.offer",),
        events=("task.offered",),
        wrong_role="hanna",
        wrong_ward="nurse_west",
        rival=gone,
        told="task_cannot_move",
    ),
    Action(
        milestones.add,
        lambda cast: {"bed_id": ordered(cast)["bed_id"], "name": "equipment"},
        who="nurse",
        works=lambda cast, given: "equipment" in names(cast),
        audit=("task.create",),
        events=("task.created",),
        wrong_role="hanna",
        wrong_ward="nurse_west",
        again="already_asked",
        rival=lambda cast, given: stays.withdraw_order(cast.manager, given["bed_id"]),
        told="not_leaving",
    ),
    Action(
        milestones.cross_off,
        about,
        who="nurse",
        works=task_is("cancelled"),
        audit=("task.cancel",),
        events=("task.cancelled",),
        wrong_role="hanna",
        wrong_ward="nurse_west",
        rival=lambda cast, given: milestones.mark_done(cast.manager, given["task_id"]),
        told="task_cannot_move",
    ),
]


@pytest.mark.parametrize("action", ACTIONS, ids=str)
class TestSixQuestions(SixQuestions): ...


def test_there_are_ten_and_each_has_an_owner_with_the_skill() -> None:
    assert len(MILESTONES) == 10
    assert {one.owner for one in MILESTONES.values()} <= SKILL[TaskKind.DISCHARGE_MILESTONE]
    assert USUAL == ("medication", "letter", "transport")
    assert offered_to(TaskKind.DISCHARGE_MILESTONE, "letter") == {Role.DOCTOR}
    assert offered_to(TaskKind.CLEAN_BED, "") == {Role.HOUSEKEEPER}


def test_the_page_of_rules_has_every_one() -> None:
    page = Path("docs/rules.md").read_text()
    for name, one in MILESTONES.items():
        usual = "yes " if one.usual else ""
        assert f"| `{name}` {one.title} | {one.owner} | {one.lead} min | {one.fhir} | {usual}|" in page


def test_the_house_offers_each_to_its_owner(cast: Cast) -> None:
    ordered(cast)
    assert milestone(cast, "letter").user_id == cast.people["doctor"]
    assert milestone(cast, "medication").user_id == cast.people["nurse"]


def test_up_to_ten_can_be_asked_and_the_eleventh_is_not_there(cast: Cast) -> None:
    bed_id = ordered(cast)["bed_id"]
    for name in MILESTONES.keys() - set(USUAL):
        milestones.add(cast.nurse, bed_id, name)
    found = story(cast)
    assert [row["name"] for row in found["rows"]] == list(MILESTONES), "in the order in which a ward does them"
    assert (found["done"], found["of"], found["more"]) == (0, 10, [])
    with pytest.raises(Invalid):
        milestones.add(cast.nurse, bed_id, "eleventh")


def test_an_order_that_confirms_a_forecast_opens_nothing_that_is_done_or_crossed_off(cast: Cast) -> None:
    cast.occupy("E1")
    with unit_of_work(cast.doctor) as work:
        bed = lock_bed(work, cast.beds["E1"], Permission.STAY_DISCHARGE)
        stay, _ = stays.open_stay(work, bed)
        stays.mark_pending(work, bed, stay, PendingSource.PREDICTION)
    milestones.mark_done(cast.nurse, milestone(cast, "medication").id or 0)
    milestones.cross_off(cast.nurse, milestone(cast, "transport").id or 0)
    cast.later(30)
    stays.order_discharge(cast.doctor, cast.beds["E1"])
    assert names(cast) == ["medication", "letter"]
    found = story(cast)
    assert [(row["name"], row["done"]) for row in found["rows"]] == [("medication", True), ("letter", False)]
    assert "transport" in [one["name"] for one in found["more"]], "it can be asked for again"


def test_what_was_crossed_off_stays_so_when_a_discharge_is_taken_back(cast: Cast) -> None:
    given = about(cast)
    milestones.cross_off(cast.nurse, given["task_id"])
    stays.leave(cast.nurse, cast.beds["E1"])
    undo.cancel_discharge(cast.nurse, cast.beds["E1"])
    assert sorted(name for name in names(cast)) == ["letter", "medication"]
    assert cast.task(given["task_id"]).reason == NOT_NEEDED


def test_another_day_everything_is_to_be_done_again(cast: Cast) -> None:
    bed_id = ordered(cast)["bed_id"]
    milestones.mark_done(cast.nurse, milestone(cast, "letter").id or 0)
    cast.later(60)
    stays.withdraw_order(cast.doctor, bed_id)
    assert story(cast) == {}
    cast.later(24 * 60)
    stays.order_discharge(cast.doctor, bed_id)
    found = story(cast)
    assert (found["done"], found["of"]) == (0, 3)


def test_progress_goes_along_to_another_bed(cast: Cast) -> None:
    ordered(cast)
    milestones.mark_done(cast.nurse, milestone(cast, "letter").id or 0)
    milestones.delay(cast.nurse, milestone(cast, "medication").id or 0, "waits_for_pharmacy")
    placement.transfer(cast.nurse, cast.beds["E1"], cast.beds["E2"], override="as the scene wants it")
    found = progress(cast, "E2")
    assert (found["done"], found["of"], found["why"]) == (1, 3, "Waits for the pharmacy")
    assert story(cast) == {}


def test_a_colleague_ticks_off_what_somebody_else_holds_and_both_are_named_right(cast: Cast) -> None:
    ordered(cast)
    medication = milestone(cast, "medication")
    tasks.accept(cast.nurse, medication.id or 0)
    assert cast.person("nurse").current_status == "on_task"
    milestones.mark_done(cast.doctor, medication.id or 0)
    assert cast.person("nurse").current_status == "available"
    row = next(row for row in story(cast)["rows"] if row["name"] == "medication")
    assert (row["done"], row["who"]) == (True, "Daria Doctor")
    assert cast.task(medication.id or 0).finished_by == cast.people["doctor"]


# --- Delays -----------------------------------------------------------------------------------------------------------


def test_the_words_of_a_delay_are_sealed_and_for_those_who_read_patients(cast: Cast) -> None:
    given = about(cast)
    milestones.delay(cast.nurse, given["task_id"], "other", "her sister Rosa has the keys")
    (row,) = [row for row in story(cast)["rows"] if row["name"] == "transport"]
    assert (row["why"], row["words"]) == ("Something else", "her sister Rosa has the keys")
    (masked,) = [row for row in story(cast, masked=True)["rows"] if row["name"] == "transport"]
    assert (masked["why"], masked["words"]) == ("Something else", "")
    with read_session() as session:
        kept = session.exec(select(TaskDelay.words_sealed)).one()
    assert kept is not None
    assert b"Rosa" not in bytes(kept)


def test_the_patients_own_page_says_what_each_waits_for(cast: Cast) -> None:
    given = about(cast)
    milestones.delay(cast.nurse, given["task_id"], "waits_for_family", "her sister has the keys")
    page = patient_page(cast.task(given["task_id"]).patient_id or 0)
    told = {task["milestone"]: task["reason"] for task in page["milestones"]}
    assert told == {"medication": "", "letter": "", "transport": "Waits for the family: her sister has the keys"}


def test_one_reason_at_a_time_and_the_earlier_one_is_kept(cast: Cast) -> None:
    given = about(cast)
    milestones.delay(cast.nurse, given["task_id"], "waits_for_family")
    milestones.delay(cast.doctor, given["task_id"], "waits_for_transport", "ambulance at six")
    assert delays(cast, given) == [("waits_for_family", "", False), ("waits_for_transport", "ambulance at six", True)]
    milestones.delay(cast.nurse, given["task_id"], "waits_for_transport")
    assert len(delays(cast, given)) == 2, "the same without words takes nobody's words away"


def test_a_delay_ends_when_work_goes_on_or_is_over(cast: Cast) -> None:
    ordered(cast)
    medication = {"task_id": milestone(cast, "medication").id or 0}
    tasks.accept(cast.nurse, **medication)
    tasks.suspend(cast.nurse, reason="Waits for the pharmacy", **medication)
    assert delays(cast, medication) == [("waits_for_pharmacy", "", True)], "laid aside with a reason of the list"
    tasks.start(cast.nurse, **medication)
    assert delays(cast, medication) == [("waits_for_pharmacy", "", False)]
    letter = {"task_id": milestone(cast, "letter").id or 0}
    milestones.delay(cast.nurse, reason="waits_for_results", **letter)
    stays.withdraw_order(cast.doctor, cast.beds["E1"])
    assert delays(cast, letter) == [("waits_for_results", "", False)]


@pytest.mark.parametrize(
    ("reason", "words"), [("", ""), ("tired", ""), ("other", "  "), ("other", "x" * 201), ("other", "a\nb")]
)
def test_a_delay_has_a_reason_of_the_list(cast: Cast, reason: str, words: str) -> None:
    given = about(cast)
    with pytest.raises(Invalid):
        milestones.delay(cast.nurse, given["task_id"], reason, words)
    assert delays(cast, given) == []
    assert all(words for words in DELAYS.values())


def test_what_holds_leaving_up_is_what_somebody_said_else_what_is_late(cast: Cast) -> None:
    ordered(cast)
    assert progress(cast)["holds"] == "Discharge medication"
    assert (progress(cast)["who"], progress(cast)["late"]) == ("Nina Nurse", False)
    cast.later(75)
    assert (progress(cast)["holds"], progress(cast)["late"]) == ("Discharge medication", True)
    milestones.delay(cast.nurse, milestone(cast, "transport").id or 0, "waits_for_transport")
    assert (progress(cast)["holds"], progress(cast)["why"]) == ("Transport home arranged", "Waits for transport")
    for name in USUAL:
        milestones.mark_done(cast.nurse, milestone(cast, name).id or 0)
    assert progress(cast) == {"done": 3, "of": 3, "holds": "", "who": "", "why": "", "late": False}


# --- Owners and times -------------------------------------------------------------------------------------------------


def test_who_could_own_one_is_here_and_works_in_the_ward(cast: Cast) -> None:
    given = about(cast)
    assert [one["name"] for one in who_could_own(cast.nurse, given["task_id"])] == ["Daria Doctor", "Nina Nurse"]
    cast.set_status(StaffStatus.ON_BREAK, "doctor")
    assert [one["name"] for one in who_could_own(cast.nurse, given["task_id"])] == ["Nina Nurse"]
    cleaning = {"task_id": next(t.id or 0 for t in left_west(cast) if t.kind == "clean_bed")}
    with pytest.raises(NotFound):
        who_could_own(cast.manager, cleaning["task_id"])


def left_west(cast: Cast) -> list[Task]:
    left(cast, "W1")
    return cast.tasks_of("W1")


def test_a_milestone_is_given_to_nobody_outside_the_ward_and_back_to_the_house(cast: Cast) -> None:
    given = about(cast)
    with pytest.raises(Conflict) as refusal:
        milestones.assign(cast.nurse, given["task_id"], cast.people["nurse_west"])
    assert refusal.value.code == "not_their_ward"
    milestones.assign(cast.nurse, given["task_id"], cast.people["doctor"])
    milestones.assign(cast.nurse, given["task_id"], None)
    assert cast.task(given["task_id"]).user_id != cast.people["doctor"]


def test_only_a_milestone_is_a_milestone(cast: Cast) -> None:
    errand = tasks.create(cast.nurse, tasks.NewTask("Check the drip", TaskKind.NURSING, bed_id=cast.beds["E1"]))
    for act in (milestones.mark_done, milestones.cross_off, milestones.resume):
        with pytest.raises(NotFound):
            act(cast.nurse, errand)


def test_due_is_its_lead_before_leaving() -> None:
    hour = timedelta(hours=1)
    assert due_at("transport", NOW, 120, None, NOW) == NOW + 1.5 * hour
    assert due_at("transport", NOW, 120, NOW + 6 * hour, NOW) == NOW + 5.5 * hour, "a forecast that says later"
    assert due_at("transport", NOW, 120, NOW + hour, NOW) == NOW + 1.5 * hour, "never before the ward's notice is over"
    assert due_at("transport", NOW, 120, NOW + 40 * hour, NOW) == NOW + 1.5 * hour, "not for tomorrow's forecast"
    assert due_at("decision", NOW, 60, None, NOW) == NOW + hour / 4, "not before anybody could"


def test_a_ward_with_a_longer_notice_has_more_time(cast: Cast) -> None:
    with new_session() as session:
        session.get_one(Ward, cast.wards["east"]).notice_target_minutes = 240
        session.commit()
    ordered(cast)
    assert milestone(cast, "transport").due_at == cast.now + timedelta(minutes=210)
