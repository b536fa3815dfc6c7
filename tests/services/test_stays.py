"""A patient's way through the house: registered, ordered out, gone, away and back, and entries taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from hospital_ops.domain.errors import Conflict
from hospital_ops.domain.stays import HL7_0112, Away, Disposition
from hospital_ops.infra.db import new_session, read_session
from hospital_ops.models import BedRequest, Encounter, Patient, Stay, StayForecast
from hospital_ops.queries.board import bed_story
from hospital_ops.services import away, beds, placement, stays, tasks, undo
from tests.cast import Cast, fresh
from tests.services.scenes import bed, cleaning_of, left, occupied, ordered
from tests.services.six import Action, Given, SixQuestions, bed_is


def encounter_of(patient_id: int) -> Encounter:
    with read_session() as session:
        found = select(Encounter).where(Encounter.patient_id == patient_id).order_by(col(Encounter.id).desc())
        return session.exec(found).first() or Encounter()


def stays_in(bed_id: int) -> list[Stay]:
    with read_session() as session:
        return list(session.exec(select(Stay).where(Stay.bed_id == bed_id).order_by(col(Stay.id))))


def waiting(cast: Cast, request_id: int) -> bool:
    return fresh(BedRequest, request_id).closed_at is None


def is_away(cast: Cast, given: Given) -> bool:
    return stays_in(given["bed_id"])[-1].away_to == "theatre"


def gone_away(cast: Cast) -> Given:
    given = occupied(cast)
    away.depart(cast.nurse, given["bed_id"], Away.THEATRE)
    return given


def moved(cast: Cast) -> Given:
    cast.occupy("E1")
    placement.transfer(cast.manager, cast.beds["E1"], cast.beds["E2"])
    return bed(cast, "E2")


def nobody_admitted(cast: Cast) -> Given:
    return {"admission": stays.Admission(cast.patient(), "Cardiac")}


ACTIONS = [
    Action(
        stays.admit,
        nobody_admitted,
        who="desk",
        works=lambda cast, given: encounter_of(given["admission"].patient_id).id is not None,
        audit=("encounter.register",),
        events=("encounter.registered", "bed_request.opened"),
        wrong_role="nurse",
        no_ward="a patient is admitted to the house; the ward follows from the bed",
        again="already_here",
        rival=lambda cast, given: stays.admit(cast.manager, given["admission"]),
        told="already_here",
    ),
    Action(
        stays.cancel_admission,
        lambda cast: {"request_id": cast.waiting()},
        who="desk",
        works=lambda cast, given: not waiting(cast, given["request_id"]),
        audit=("encounter.cancel",),
        events=("bed_request.closed", "encounter.cancelled"),
        wrong_role="nurse",
        no_ward="who waits is in no ward yet",
        again="changed_meanwhile",
        rival=lambda cast, given: placement.place(cast.manager, given["request_id"], cast.beds["E1"]),
    ),
    Action(
        stays.order_discharge,
        occupied,
        who="doctor",
        works=bed_is("pending_discharge"),
        audit=("bed.mark_pending", *("task.create",) * 3, *("task.offer",) * 2),
        events=("bed.status_changed", *("task.created",) * 3, "discharge.ordered", *("task.offered",) * 2),
        wrong_role="porter",
        wrong_ward="nurse_west",
    ),
    Action(
        stays.withdraw_order,
        ordered,
        who="nurse",
        works=bed_is("occupied"),
        audit=("bed.unmark_pending", *("task.cancel",) * 3),
        events=("bed.status_changed", *("task.cancelled",) * 3, "discharge.order_withdrawn"),
        wrong_role="desk",
        wrong_ward="nurse_west",
    ),
    Action(
        stays.leave,
        ordered,
        who="nurse",
        works=bed_is("dirty"),
        audit=(*("task.cancel",) * 3, "bed.vacate", "task.create", "stay.end", "task.offer"),
        events=(*("task.cancelled",) * 3, "bed.status_changed", "task.created", "stay.ended", "task.offered"),
        wrong_role="hanna",
        wrong_ward="nurse_west",
        again="bed_empty",
        named="leave as ordered",
    ),
    Action(
        stays.leave,
        lambda cast: occupied(cast) | {"disposition": Disposition.EXPIRED},
        who="doctor",
        works=bed_is("dirty"),
        audit=("bed.vacate", "task.create", "stay.end", "task.offer"),
        events=("bed.status_changed", "task.created", "stay.ended", "task.offered"),
        wrong_role="hanna",
        wrong_ward="nurse_west",
        again="bed_empty",
        named="leave unordered",
    ),
    Action(
        away.depart,
        lambda cast: occupied(cast) | {"to": Away.THEATRE},
        who="nurse",
        works=is_away,
        audit=("stay.depart",),
        events=("bed.updated", "stay.away"),
        wrong_role="doctor",
        wrong_ward="nurse_west",
    ),
    Action(
        away.come_back,
        gone_away,
        who="nurse",
        works=lambda cast, given: not is_away(cast, given),
        audit=("stay.come_back",),
        events=("bed.updated", "stay.back"),
        wrong_role="hanna",
        wrong_ward="nurse_west",
    ),
    Action(
        undo.cancel_transfer,
        moved,
        who="nurse",
        works=lambda cast, given: (cast.bed("E1").status, cast.bed("E2").status) == ("occupied", "available"),
        audit=("bed.undo_transfer", "bed.resume", "task.cancel"),
        events=("bed.status_changed", "bed.status_changed", "task.cancelled", "stay.cancelled", "stay.cancelled"),
        wrong_role="doctor",
        wrong_ward="nurse_west",
        again="nothing_to_undo",
    ),
    Action(
        undo.cancel_placement,
        occupied,
        who="nurse",
        works=bed_is("available"),
        audit=("bed.undo_place",),
        events=("bed.status_changed", "bed_request.opened", "stay.cancelled"),
        wrong_role="doctor",
        wrong_ward="nurse_west",
        again="bed_empty",
    ),
    Action(
        undo.cancel_admission,
        occupied,
        who="desk",
        works=bed_is("available"),
        audit=("bed.undo_place", "encounter.cancel"),
        events=(
            "bed.status_changed",
            "bed_request.opened",
            "stay.cancelled",
            "bed_request.closed",
            "encounter.cancelled",
        ),
        wrong_role="nurse",
        wrong_ward="desk of west",
        again="bed_empty",
    ),
    Action(
        undo.cancel_discharge,
        left,
        who="nurse",
        works=bed_is("occupied"),
        audit=("bed.undo_leave", "task.cancel"),
        events=("bed.status_changed", "task.cancelled", "stay.resumed"),
        wrong_role="hanna",
        wrong_ward="nurse_west",
        again="nothing_to_undo",
    ),
]


@pytest.mark.parametrize("action", ACTIONS, ids=str)
class TestSixQuestions(SixQuestions):
    """Asked of every act on a stay."""


def test_a_patient_leaves_an_occupied_bed_and_how_is_kept(cast: Cast) -> None:
    patient_id = cast.occupy("E1")
    with new_session() as session:
        session.get_one(Patient, patient_id).predicted_discharge_date = cast.now + timedelta(days=2)
        session.commit()
    stays.leave(cast.nurse, cast.beds["E1"], disposition=Disposition.AGAINST_ADVICE)
    encounter = encounter_of(patient_id)
    assert (encounter.status, encounter.disposition, encounter.discharged_at) == ("left", "against_advice", cast.now)
    assert fresh(Patient, patient_id).predicted_discharge_date is None
    assert stays_in(cast.beds["E1"])[-1].to_at == cast.now
    assert cast.audited("stay.end")[-1].facts == {"disposition": "against_advice"}
    assert set(HL7_0112) == set(Disposition)


def test_leaving_as_ordered_goes_home_and_ends_the_milestones(cast: Cast) -> None:
    given = ordered(cast)
    stays.leave(cast.nurse, given["bed_id"])
    assert {task.status for task in cast.tasks_of("E1") if task.milestone} == {"cancelled"}
    with read_session() as session:
        assert session.exec(select(Encounter.disposition)).all() == ["home"]


def test_away_keeps_the_bed_and_the_tile_says_since_when(cast: Cast) -> None:
    given = occupied(cast)
    away.depart(cast.nurse, given["bed_id"], Away.IMAGING)
    since = cast.now
    cast.later(25)
    away.depart(cast.nurse, given["bed_id"], Away.THEATRE)
    tile = bed_story(given["bed_id"], masked=True)["bed"]
    assert (tile["status"], tile["away"], tile["away_since"]) == ("occupied", "in theatre", since.isoformat())
    cast.later(10)
    away.come_back(cast.nurse, given["bed_id"])
    assert cast.audited("stay.come_back")[-1].facts["minutes"] == 35
    assert bed_story(given["bed_id"], masked=True)["bed"]["away_since"] is None


def test_nobody_is_away_from_an_empty_bed(cast: Cast) -> None:
    for act in (
        lambda: away.depart(cast.nurse, cast.beds["E1"], Away.THEATRE),
        lambda: away.come_back(cast.nurse, cast.beds["E1"]),
    ):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.code == "bed_empty"


# --- Taking back ------------------------------------------------------------------------------------------------------


def picture(cast: Cast) -> dict[str, object]:
    """What taking back must restore: beds, open stays, encounters, requests, open tasks. No versions, ids or clocks."""
    with read_session() as session:
        open_stays = session.exec(select(Stay).where(col(Stay.to_at).is_(None)))
        requests = session.exec(select(BedRequest).where(col(BedRequest.closed_at).is_(None)))
        encounters = session.exec(select(Encounter).order_by(col(Encounter.id)))
        return {
            "beds": {label: (cast.bed(label).status, cast.bed(label).pending_source) for label in cast.beds},
            "stays": {(s.bed_id, s.patient_id, s.from_at, s.away_to, s.away_since) for s in open_stays},
            "requests": {(r.encounter_id, r.opened_at) for r in requests},
            "encounters": [(e.id, e.status, e.admitted_at, e.discharged_at, e.disposition) for e in encounters],
            "dates": {p.id: p.predicted_discharge_date for p in session.exec(select(Patient))},
            "tasks": sorted(
                (label, t.description, t.milestone, t.patient_id or 0)
                for label in cast.beds
                for t in cast.tasks_of(label)
                if t.status not in {"complete", "cancelled"}
            ),
        }


def leaving_tomorrow(cast: Cast, patient_id: int) -> None:
    at = cast.now + timedelta(days=1)
    facts = dict.fromkeys(("median_at", "low_at", "high_at", "likely_from", "likely_to"), at)
    chances = dict.fromkeys(("p24", "p48", "p72", "p_today"), 0.5)
    with new_session() as session:
        encounter_id = encounter_of(patient_id).id or 0
        session.add(
            StayForecast(encounter_id=encounter_id, made_at=cast.now, model="told", mean_days=1.0, **facts, **chances)
        )
        session.get_one(Patient, patient_id).predicted_discharge_date = at
        session.commit()


def test_a_discharge_taken_back_leaves_no_trace_but_the_audit(cast: Cast) -> None:
    patient_id = cast.occupy("E1")
    leaving_tomorrow(cast, patient_id)
    stays.order_discharge(cast.doctor, cast.beds["E1"])
    (letter,) = [task for task in cast.tasks_of("E1") if task.milestone == "letter"]
    tasks.complete(cast.manager, letter.id or 0)
    before = picture(cast)
    stays.leave(cast.nurse, cast.beds["E1"], disposition=Disposition.EXPIRED)
    cast.later(30)
    undo.cancel_discharge(cast.nurse, cast.beds["E1"])
    assert picture(cast) == before
    assert cast.task(cleaning_of(cast)).status == "cancelled"
    with pytest.raises(Conflict):
        undo.cancel_discharge(cast.nurse, cast.beds["E1"])


def test_milestones_of_an_order_withdrawn_in_the_same_minute_stay_closed(cast: Cast) -> None:
    given = ordered(cast)
    stays.withdraw_order(cast.doctor, given["bed_id"])
    before = picture(cast)
    stays.leave(cast.nurse, given["bed_id"])
    undo.cancel_discharge(cast.nurse, given["bed_id"])
    assert picture(cast) == before


@pytest.mark.parametrize("cleaned", [False, True])
def test_a_discharge_is_taken_back_however_far_the_cleaning_is(cast: Cast, cleaned: bool) -> None:
    given = left(cast)
    beds.start_cleaning(cast.nurse, given["bed_id"])
    if cleaned:
        beds.mark_clean(cast.nurse, given["bed_id"])
    undo.cancel_discharge(cast.nurse, given["bed_id"])
    assert cast.bed("E1").status == "occupied"
    assert cast.person("hanna").current_status == "available"


def test_a_move_taken_back_leaves_no_trace_but_the_audit(cast: Cast) -> None:
    ordered(cast)
    away.depart(cast.nurse, cast.beds["E1"], Away.THEATRE)
    placement.reserve(cast.manager, cast.beds["W1"])
    before = picture(cast)
    placement.transfer(cast.manager, cast.beds["E1"], cast.beds["W1"])
    assert picture(cast) != before
    cast.later(20)
    undo.cancel_transfer(cast.manager, cast.beds["W1"])
    assert picture(cast) == before


def test_a_placement_taken_back_leaves_no_trace_but_the_audit(cast: Cast) -> None:
    request = cast.waiting()
    placement.reserve(cast.nurse, cast.beds["E2"])
    before = picture(cast)
    placement.place(cast.nurse, request, cast.beds["E2"])
    stays.order_discharge(cast.doctor, cast.beds["E2"])
    cast.later(20)
    undo.cancel_placement(cast.nurse, cast.beds["E2"])
    assert picture(cast) == before


def test_an_admission_taken_back_leaves_nobody_waiting(cast: Cast) -> None:
    patient_id = cast.occupy("E1")
    undo.cancel_admission(cast.desk, cast.beds["E1"])
    assert encounter_of(patient_id).status == "cancelled"
    assert picture(cast)["requests"] == set()
    cast.occupy("E1", patient_id)  # And may come again.


def test_a_bed_somebody_may_have_lain_in_for_hours_is_cleaned(cast: Cast) -> None:
    given = occupied(cast)
    cast.later(61)
    undo.cancel_placement(cast.nurse, given["bed_id"])
    assert cast.bed("E1").status == "dirty"
    assert cast.task(cleaning_of(cast)).status == "offered"


def test_who_was_moved_is_not_unplaced(cast: Cast) -> None:
    given = moved(cast)
    with pytest.raises(Conflict) as refusal:
        undo.cancel_placement(cast.nurse, given["bed_id"])
    assert refusal.value.code == "was_moved"


def test_a_move_is_not_taken_back_into_a_bed_that_is_taken(cast: Cast) -> None:
    given = moved(cast)
    beds.mark_clean(cast.nurse, cast.beds["E1"])
    cast.occupy("E1")
    with pytest.raises(Conflict) as refusal:
        undo.cancel_transfer(cast.nurse, given["bed_id"])
    assert refusal.value.code == "bed_taken_since"
    stays.leave(cast.nurse, cast.beds["E1"])  # Dirty again, but by somebody else.
    with pytest.raises(Conflict) as refusal:
        undo.cancel_transfer(cast.nurse, given["bed_id"])
    assert refusal.value.code == "bed_taken_since"


def test_a_discharge_is_not_taken_back_once_the_patient_is_here_again(cast: Cast) -> None:
    patient_id = cast.occupy("E1")
    stays.leave(cast.nurse, cast.beds["E1"])
    cast.waiting(patient_id)
    with pytest.raises(Conflict) as refusal:
        undo.cancel_discharge(cast.nurse, cast.beds["E1"])
    assert refusal.value.code == "already_here"


def test_after_a_day_nothing_is_taken_back(cast: Cast) -> None:
    left(cast)
    cast.occupy("E2")
    placement.transfer(cast.manager, cast.beds["E2"], cast.beds["E3"], override="the only one")
    cast.occupy("E4", telemetry=True)
    cast.later(24 * 60 + 1)
    acts = {"E1": undo.cancel_discharge, "E3": undo.cancel_transfer, "E4": undo.cancel_placement}
    for label, act in acts.items():
        with pytest.raises(Conflict) as refusal:
            act(cast.nurse, cast.beds[label])
        assert refusal.value.code == "too_long_ago", label
        assert bed_story(cast.beds[label], masked=True)["undo"] == []


def test_the_drawer_offers_what_can_be_taken_back_and_nothing_else(cast: Cast) -> None:
    def offered(label: str) -> list[str]:
        return bed_story(cast.beds[label], masked=True)["undo"]

    assert offered("E1") == []
    cast.occupy("E1")
    assert offered("E1") == ["cancel_placement"]
    placement.transfer(cast.manager, cast.beds["E1"], cast.beds["E2"])
    assert (offered("E1"), offered("E2")) == ([], ["cancel_transfer"])
    beds.block(cast.nurse, cast.beds["E1"], "broken rail")
    assert offered("E2") == []
    stays.leave(cast.nurse, cast.beds["E2"])
    assert offered("E2") == ["cancel_discharge"]
