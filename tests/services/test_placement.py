"""Placing, moving, swapping, reserving: the rules that hold, the reasons that set them aside, and the six questions."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, NotAllowed
from hospital_ops.domain.placement import Isolation
from hospital_ops.domain.stays import Away
from hospital_ops.domain.tasks import TaskKind
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.models import Bed, BedRequest, Stay
from hospital_ops.services import away, placement, stays, swaps, tasks
from tests.cast import Cast, fresh
from tests.services.scenes import bed, occupied, reserved
from tests.services.six import Action, Given, SixQuestions, bed_is


def lying(cast: Cast) -> dict[str, int]:
    """Who lies where: bed label to patient id."""
    labels = {number: label for label, number in cast.beds.items()}
    with read_session() as session:
        rows = session.exec(select(Stay.bed_id, Stay.patient_id).where(col(Stay.to_at).is_(None)))
        return {labels[bed_id]: patient_id for bed_id, patient_id in rows}


def request_and_bed(cast: Cast) -> Given:
    return {"request_id": cast.waiting(), "bed_id": cast.beds["E1"]}


def two(cast: Cast, one: str = "E1", other: str = "E2") -> Given:
    cast.occupy(one)
    cast.occupy(other)
    return {"bed_id": cast.beds[one], "other_bed_id": cast.beds[other]}


def from_to(cast: Cast, label: str = "E2") -> Given:
    cast.occupy("E1")
    return {"from_bed_id": cast.beds["E1"], "to_bed_id": cast.beds[label]}


def first_in_one(cast: Cast, given: Given) -> bool:
    """Whoever came first lies in the second bed now."""
    with read_session() as session:
        rows = session.exec(select(Stay).where(col(Stay.to_at).is_(None)).order_by(col(Stay.patient_id))).all()
    return [row.bed_id for row in rows] == [given["other_bed_id"], given["bed_id"]]


MOVED = ("bed.status_changed", "task.created", "bed.status_changed", "stay.moved", "stay.moved", "task.offered")
ACTIONS = [
    Action(
        placement.place,
        request_and_bed,
        who="nurse",
        works=bed_is("occupied"),
        audit=("bed.place",),
        events=("bed.status_changed", "bed_request.closed", "stay.started"),
        wrong_role="doctor",
        wrong_ward="nurse_west",
        again="changed_meanwhile",
        rival=lambda cast, given: placement.place(cast.manager, cast.waiting(), given["bed_id"]),
    ),
    Action(
        placement.place,
        request_and_bed,
        who="nurse",
        works=bed_is("occupied"),
        audit=("bed.place",),
        events=("bed.status_changed", "bed_request.closed", "stay.started"),
        wrong_role="doctor",
        wrong_ward="nurse_west",
        again="changed_meanwhile",
        rival=lambda cast, given: placement.place(cast.manager, given["request_id"], cast.beds["E2"]),
        named="place somebody who has just been placed",
    ),
    Action(
        placement.transfer,
        from_to,
        who="nurse",
        works=lambda cast, given: (cast.bed("E1").status, cast.bed("E2").status) == ("dirty", "occupied"),
        audit=("bed.vacate", "task.create", "bed.transfer", "task.offer"),
        events=MOVED,
        wrong_role="doctor",
        wrong_ward="nurse_west",
        again="bed_empty",
        rival=lambda cast, given: placement.place(cast.manager, cast.waiting(), given["to_bed_id"]),
    ),
    Action(
        placement.transfer,
        lambda cast: from_to(cast, "W1"),
        who="manager",
        works=lambda cast, given: (cast.bed("E1").status, cast.bed("W1").status) == ("dirty", "occupied"),
        audit=("bed.vacate", "task.create", "bed.transfer", "task.offer"),
        events=MOVED,
        wrong_role="doctor",
        wrong_ward="nurse",
        again="bed_empty",
        named="transfer to another ward",
    ),
    Action(
        swaps.swap,
        two,
        who="nurse",
        works=first_in_one,
        audit=("bed.swap",),
        events=("bed.status_changed", "bed.status_changed", "stay.moved", "stay.moved"),
        wrong_role="doctor",
        wrong_ward="nurse_west",
        # A second swap is the way back; two people who press at once are told apart by the version.
        again="changed_meanwhile",
    ),
    Action(
        placement.reserve,
        lambda cast: bed(cast, "E2"),
        who="nurse",
        works=bed_is("reserved"),
        audit=("bed.reserve",),
        events=("bed.status_changed",),
        wrong_role="doctor",
        wrong_ward="nurse_west",
    ),
    Action(
        placement.release,
        reserved,
        who="nurse",
        works=bed_is("available"),
        audit=("bed.release",),
        events=("bed.status_changed",),
        wrong_role="hanna",
        wrong_ward="nurse_west",
    ),
]


@pytest.mark.parametrize("action", ACTIONS, ids=str)
class TestSixQuestions(SixQuestions):
    """Asked of every act of placing."""

    def test_twice_changes_nothing_more(self, cast: Cast, action: Action) -> None:
        if action.service is not swaps.swap:
            super().test_twice_changes_nothing_more(cast, action)
            return
        given = action.scene(cast)
        seen = fresh(Bed, given["bed_id"]).version
        action.do(cast, given, version=seen)
        with pytest.raises(ChangedMeanwhile):
            action.do(cast, given, version=seen)
        assert action.works(cast, given)


# --- Offers ----------------------------------------------------------------------------------------------------------


def test_offers_are_of_ones_own_wards_and_say_why(cast: Cast) -> None:
    request = cast.waiting(isolation=Isolation.DROPLET)
    cast.set_bed("E4", "dirty")
    judged = {one.label: one for one in placement.offers(cast.nurse, request)}
    assert set(judged) == {"E1", "E2", "E3", "E4"}
    assert [label for label, one in judged.items() if one.allowed] == ["E3"]
    assert judged["E1"].against == ("droplet isolation needs an isolation room",)
    assert "not ready (dirty)" in judged["E4"].against
    assert placement.offers(cast.nurse, request) == list(judged.values()), "same snapshot, same answer"


def test_offers_are_for_those_who_place(cast: Cast) -> None:
    request = cast.waiting()
    with pytest.raises(NotAllowed):
        placement.offers(cast.doctor, request)
    with pytest.raises(NotAllowed):
        placement.open_requests(cast.doctor)
    placement.place(cast.nurse, request, cast.beds["E1"])
    with pytest.raises(ChangedMeanwhile):
        placement.offers(cast.nurse, request)


def test_who_waits_longest_is_first(cast: Cast) -> None:
    first = cast.waiting()
    cast.later(5)
    second = cast.waiting()
    assert placement.open_requests(cast.desk) == [first, second]


# --- Rules and reasons -----------------------------------------------------------------------------------------------


def woman_in_e1(cast: Cast) -> None:
    cast.occupy("E1", sex="female")


RULES = {
    "a man beside a woman": ({"sex": "male"}, "E2", "a female patient lies in the room"),
    "isolation": ({"isolation": Isolation.CONTACT}, "W1", "contact isolation needs an isolation room"),
    "isolation unanswered": ({"isolation": Isolation.UNANSWERED}, "W1", "isolation has not been answered"),
    "telemetry": ({"telemetry": True}, "W1", "the bed has no telemetry"),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_hard_rule_is_never_silently_relaxed(cast: Cast, rule: str) -> None:
    wishes, label, words = RULES[rule]
    woman_in_e1(cast)
    request = cast.waiting(**wishes)
    with pytest.raises(Conflict) as refusal:
        placement.place(cast.manager, request, cast.beds[label])
    assert refusal.value.code == "does_not_fit"
    assert words in refusal.value.sentence
    assert fresh(BedRequest, request).closed_at is None


@pytest.mark.parametrize("rule", RULES)
def test_a_reason_sets_a_rule_aside_and_is_written_down(cast: Cast, rule: str) -> None:
    wishes, label, words = RULES[rule]
    woman_in_e1(cast)
    request = cast.waiting(**wishes)
    placement.place(cast.manager, request, cast.beds[label], override="  the only bed there is  ")
    assert cast.bed(label).status == "occupied"
    line = cast.audited("placement.override")[-1]
    assert (line.subject_id, line.user_id) == (cast.beds[label], cast.people["manager"])
    assert line.facts["reason"] == "the only bed there is"
    assert any(words in rule for rule in line.facts["rules"])
    assert cast.audited("bed.place")[-1].facts["override"] is True


@pytest.mark.parametrize("status", ["dirty", "cleaning", "blocked", "closed"])
def test_no_reason_makes_a_bed_ready(cast: Cast, status: str) -> None:
    cast.set_bed("E2", status)
    for act in (
        lambda: placement.place(cast.manager, cast.waiting(), cast.beds["E2"], override="now"),
        lambda: placement.transfer(cast.manager, occupied(cast, "W1")["bed_id"], cast.beds["E2"], override="now"),
    ):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.code == "does_not_fit"


def test_a_reserved_bed_takes_whom_it_was_kept_for(cast: Cast) -> None:
    given = reserved(cast)
    placement.place(cast.nurse, cast.waiting(), given["bed_id"])
    assert cast.bed("E2").status == "occupied"


# --- Moving ----------------------------------------------------------------------------------------------------------


def test_a_move_takes_along_what_is_to_be_done_for_the_patient(cast: Cast) -> None:
    patient_id = ordered_patient(cast)
    nursing = tasks.create(
        cast.nurse,
        tasks.NewTask("Check the drip", TaskKind.NURSING, bed_id=cast.beds["E1"], patient_id=patient_id),
    )
    fetch = tasks.create(
        cast.nurse,
        tasks.NewTask("Bring to imaging", TaskKind.TRANSPORT, bed_id=cast.beds["E1"], patient_id=patient_id),
    )
    milestones = [task for task in cast.tasks_of("E1") if task.milestone]
    tasks.complete(cast.manager, milestones[0].id or 0)
    away.depart(cast.nurse, cast.beds["E1"], Away.THEATRE)
    placement.transfer(cast.manager, cast.beds["E1"], cast.beds["W1"])
    assert (cast.bed("W1").status, cast.bed("W1").pending_source) == ("pending_discharge", "order")
    here = [task for task in cast.tasks_of("W1") if task.milestone and task.status != "cancelled"]
    assert sorted(task.milestone for task in here) == ["letter", "transport"], "what is done stays done"
    assert all("W1" in task.description and task.ward_id == cast.wards["west"] for task in here)
    assert cast.task(nursing).bed_id == cast.beds["W1"]
    assert cast.task(fetch).bed_id == cast.beds["E1"], "a way between two places stays"
    nina = cast.people["nurse"]
    assert nina not in {task.user_id for task in cast.tasks_of("W1")}, "who does not work there hands theirs on"
    with read_session() as session:
        assert session.exec(select(Stay.away_to).where(Stay.bed_id == cast.beds["W1"])).all() == ["theatre"]


def ordered_patient(cast: Cast) -> int:
    patient_id = cast.occupy("E1")
    stays.order_discharge(cast.doctor, cast.beds["E1"])
    return patient_id


def test_nobody_moves_to_where_they_are(cast: Cast) -> None:
    cast.occupy("E1")
    for act in (placement.transfer, swaps.swap):
        with pytest.raises(Conflict) as refusal:
            act(cast.nurse, cast.beds["E1"], cast.beds["E1"])
        assert refusal.value.code == "same_bed"


# --- Swapping --------------------------------------------------------------------------------------------------------


def test_a_swap_is_taken_back_by_swapping_again(cast: Cast) -> None:
    given = two(cast, "E1", "W1")
    stays.order_discharge(cast.doctor, cast.beds["E1"])
    away.depart(cast.manager, cast.beds["W1"], Away.DIALYSIS)
    before, who = statuses(cast), lying(cast)
    cast.later(5)
    swaps.swap(cast.manager, **given)
    assert lying(cast) == {"E1": who["W1"], "W1": who["E1"]}
    assert statuses(cast) == {"E1": before["W1"], "W1": before["E1"]}
    cast.later(5)
    swaps.swap(cast.manager, **given)
    assert (statuses(cast), lying(cast)) == (before, who)
    assert len(cast.audited("bed.swap")) == 2


def statuses(cast: Cast) -> dict[str, tuple[str, str, str | None, int]]:
    """Status, who says that they leave, where they are, and how many milestones are open, by bed."""
    found = {}
    with read_session() as session:
        for label in ("E1", "W1"):
            row = cast.bed(label)
            stay = session.exec(select(Stay).where(Stay.bed_id == row.id, col(Stay.to_at).is_(None))).one()
            open_tasks = [t for t in cast.tasks_of(label) if t.milestone and t.status not in {"complete", "cancelled"}]
            found[label] = (row.status, row.pending_source, stay.away_to, len(open_tasks))
    return found


def test_a_swap_keeps_the_rules_both_ways(cast: Cast) -> None:
    cast.occupy("E1", sex="female")
    cast.occupy("E2", sex="female")
    cast.occupy("W1", sex="male")
    with pytest.raises(Conflict) as refusal:
        swaps.swap(cast.manager, cast.beds["W1"], cast.beds["E1"])
    assert refusal.value.code == "does_not_fit"
    assert "bed E1: a female patient lies in the room" in refusal.value.sentence
    cast.occupy("E4", sex="male", telemetry=True)
    with pytest.raises(Conflict) as refusal:
        swaps.swap(cast.manager, cast.beds["W1"], cast.beds["E4"])
    assert "bed W1: the bed has no telemetry" in refusal.value.sentence
    swaps.swap(cast.manager, cast.beds["W1"], cast.beds["E4"], override="telemetry by the portable monitor")
    assert cast.audited("placement.override")[-1].facts["reason"] == "telemetry by the portable monitor"


def test_those_who_share_a_room_may_change_beds_in_it(cast: Cast) -> None:
    """They lay together already, by a reason given then: changing sides breaks no rule anew."""
    cast.occupy("E1", sex="female")
    cast.occupy("E2", sex="male")
    swaps.swap(cast.nurse, cast.beds["E1"], cast.beds["E2"])


def test_nobody_is_swapped_with_an_empty_bed(cast: Cast) -> None:
    cast.occupy("E1")
    with pytest.raises(Conflict) as refusal:
        swaps.swap(cast.nurse, cast.beds["E1"], cast.beds["E2"])
    assert refusal.value.code == "bed_empty"


def test_a_swap_needs_both_wards(cast: Cast) -> None:
    given = two(cast, "E1", "W1")
    with pytest.raises(NotAllowed) as refusal:
        swaps.swap(cast.nurse, **given)
    assert refusal.value.code == "not_your_ward"


def test_the_database_itself_lets_two_rows_change_beds_only_together(cast: Cast) -> None:
    """Nobody is in two beds, or two in one, even for the length of a statement."""
    two(cast)
    with new_session() as session:
        rows = session.exec(select(Stay).where(col(Stay.to_at).is_(None)).order_by(col(Stay.id))).all()
        rows[0].bed_id = rows[1].bed_id
        with pytest.raises(Exception, match="one_patient_a_bed"):
            session.flush()
