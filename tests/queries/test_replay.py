"""The day of the board as the audit tells it, against the board that the database has."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from hospital_ops.domain import replay
from hospital_ops.domain.access import Actor
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import Invalid
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed
from hospital_ops.queries.clock import hospital_now
from hospital_ops.queries.hospital import hospital_now_value
from hospital_ops.queries.replay import STATUSES, Day, read_day, replay_day
from hospital_ops.services import beds, placement, stays, swaps, undo
from tests.cast import Cast

TODAY = date(2026, 3, 2)


def a_morning(cast: Cast) -> dict[datetime, dict[int, str]]:
    """Two hours in which everything happens that can happen to a bed; the board at the end of each step."""
    boards: dict[datetime, dict[int, str]] = {}

    def then(minutes: float = 7) -> None:
        boards[hospital_now()] = board()
        cast.later(minutes)

    nurse, manager, ids = cast.nurse, cast.manager, cast.beds
    then()
    for label in ("E1", "E2"):
        cast.occupy(label)
    then()
    stays.order_discharge(nurse, ids["E1"])
    swaps.swap(manager, ids["E1"], ids["E2"])
    then()
    stays.leave(nurse, ids["E2"])
    then(1)
    beds.start_cleaning(cast.hanna, ids["E2"])
    beds.block(manager, ids["W1"], "Broken rail")
    then()
    beds.mark_clean(cast.hanna, ids["E2"])
    beds.close(manager, ids["W2"])
    placement.reserve(manager, ids["E4"])
    cast.waiting()
    then()
    stays.leave(nurse, ids["E1"])
    undo.cancel_discharge(nurse, ids["E1"])
    then()
    return boards


def board() -> dict[int, str]:
    with read_session() as session:
        return {bed.id or 0: bed.status for bed in session.exec(select(Bed))}


def read(actor: Actor, day: date = TODAY) -> Day:
    with read_session() as session:
        return read_day(session, actor, day, hospital_now())


def test_every_moment_of_the_morning_is_the_board_that_was(cast: Cast) -> None:
    boards = a_morning(cast)
    day = read(cast.manager)
    assert day.holes == []
    assert len(boards) == 7
    for moment, was in boards.items():
        assert replay.at(day.opening, day.changes, moment) == was, moment
    # Each step but the last is another board; that one took its own beginning back.
    assert len({tuple(sorted(was.items())) for was in boards.values()}) == 6


def test_the_figures_at_the_end_are_the_live_strips(cast: Cast) -> None:
    a_morning(cast)
    day = read(cast.manager)
    told = replay.figures(replay.at(day.opening, day.changes, day.ends))
    live: dict[str, Any] = hospital_now_value(masked=True)
    assert (told.staffed, told.occupied, told.leaving) == (live["staffed"], live["occupied"], live["pending_out"])
    assert (told.ready, told.dirty, told.blocked) == tuple(
        live["counts"][name] for name in ("available", "dirty", "blocked")
    )


def test_an_earlier_day_is_read_however_much_has_happened_since(cast: Cast) -> None:
    boards = a_morning(cast)
    was = list(boards.values())[-1]
    cast.later(24 * 60)
    beds.unblock(cast.manager, cast.beds["W1"])
    cast.later(24 * 60)
    beds.open_bed(cast.manager, cast.beds["W2"])
    day = read(cast.manager)
    assert replay.at(day.opening, day.changes, day.ends) == was
    assert day.opening == dict.fromkeys(cast.beds.values(), BedStatus.AVAILABLE)
    between = read(cast.manager, TODAY + timedelta(days=1))
    assert between.opening == was
    assert [(one.bed_id, one.new) for one in between.changes] == [(cast.beds["W1"], BedStatus.DIRTY)]
    assert day.holes == between.holes == []


def test_a_change_without_a_line_is_a_hole_and_is_told(cast: Cast, session: Session) -> None:
    a_morning(cast)
    session.execute(text("UPDATE bed SET status = 'available' WHERE id = :bed"), {"bed": cast.beds["W1"]})
    session.commit()
    (hole,) = replay_day(cast.manager, TODAY)["holes"]
    assert (hole["bed_id"], hole["expected"], hole["found"]) == (cast.beds["W1"], "blocked", "available")


def test_what_changes_between_two_reads_is_no_hole(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beds and log are read one after the other: a bed that is cleaned between them has a line that its row has not yet."""
    a_morning(cast)
    reads = []

    def with_somebody_at_work(session: Session, actor: Actor, day: date, now: datetime) -> Day:
        read = read_day(session, actor, day, now)
        late = replay.Hole(cast.beds["E4"], now, BedStatus.AVAILABLE, BedStatus.DIRTY)
        reads.append(read)
        return read if len(reads) > 1 else dataclasses.replace(read, holes=[late])

    monkeypatch.setattr("hospital_ops.queries.replay.read_day", with_somebody_at_work)
    assert replay_day(cast.manager, TODAY)["holes"] == []
    assert len(reads) == 2


def test_the_page_names_nobody_and_its_steps_lead_to_the_board(cast: Cast) -> None:
    a_morning(cast)
    value = replay_day(cast.manager, None)
    words = json.dumps(value)
    assert "Sandoval" not in words
    assert "patient_id" not in words
    shown = {bed["id"]: bed["opening"] for ward in value["wards"] for bed in ward["beds"]}
    for _, bed_id, status, _, _ in value["steps"]:
        shown[bed_id] = status
    assert {bed_id: STATUSES[status].value for bed_id, status in shown.items()} == board()
    assert value["day"] == value["last_day"] == "2026-03-02"
    assert not value["over"]
    # Ten in the morning in New York, and what the morning took.
    assert 10 * 3600 <= value["until"] < 11 * 3600
    assert [until for _, until in value["waiting"]].count(None) == 1
    assert "Clean and ready" in value["acts"]


def test_ones_own_wards_alone(cast: Cast) -> None:
    a_morning(cast)
    value = replay_day(cast.nurse, None)
    assert [ward["code"] for ward in value["wards"]] == ["east"]
    assert {step[1] for step in value["steps"]} <= {cast.beds[label] for label in ("E1", "E2", "E3", "E4")}


@pytest.mark.parametrize(("days", "words"), [(1, "yet to come"), (-40, "begins on 2 March 2026")])
def test_a_day_that_nothing_is_known_of_is_refused_in_words(cast: Cast, days: int, words: str) -> None:
    beds.mark_dirty(cast.manager, cast.beds["E1"])
    with pytest.raises(Invalid, match=words):
        replay_day(cast.manager, TODAY + timedelta(days=days))


def test_a_house_in_which_nothing_has_happened_is_its_present_board(cast: Cast) -> None:
    value = replay_day(cast.manager, None)
    assert value["steps"] == []
    assert sum(len(ward["beds"]) for ward in value["wards"]) == 8
