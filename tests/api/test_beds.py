"""`GET /api/beds/dashboard`: the board as a program reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hospital_ops.queries import board
from hospital_ops.services import beds, milestones, stays, tasks
from hospital_ops.services.tasks import NewTask
from tests.api.client import Api
from tests.cast import NOW, Cast

PATH = "/api/beds/dashboard"
# The document's words, and what issue 2 promises beside them.
PROMISED = {"id", "label", "room_number", "unit", "status", "version", "predicted_discharge_date"}


def _tiles(api: Api, who: str) -> dict[str, dict[str, Any]]:
    answer = api.get(PATH, who=who)
    assert answer.status_code == 200
    return {tile["label"]: tile for tile in answer.json()}


def test_it_is_a_list_of_every_bed(cast: Cast, api: Api) -> None:
    cast.occupy("E1")
    beds.block(cast.manager, cast.beds["W1"], "Broken rail", expires_at=NOW + timedelta(hours=1))
    told = api.get(PATH, who="manager").json()
    assert isinstance(told, list)
    assert [tile["label"] for tile in told] == ["E1", "E2", "E3", "E4", "W1", "W2", "W3", "W4"]
    assert all(tile.keys() >= PROMISED for tile in told)
    assert (told[0]["status"], told[0]["room_number"], told[0]["unit"]) == ("occupied", "401", "Cardiac")
    assert (told[4]["status"], told[4]["reason"]) == ("blocked", "Broken rail")
    assert told[4]["expires_at"].endswith("Z")


def test_it_says_what_the_pushed_board_says(cast: Cast, api: Api) -> None:
    cast.occupy("E1")
    tasks.create(cast.manager, NewTask("Check the lamp", bed_id=cast.beds["E1"]))
    pushed = {tile["label"]: tile for tile in board.ward_board(cast.wards["east"], masked=False)["beds"]}
    for label, tile in _tiles(api, "nurse").items():
        told = {name: str(tile[name]).replace("Z", "+00:00") for name in tile}
        assert told == {name: str(pushed[label][name]) for name in tile}


def test_a_change_is_a_newer_version(cast: Cast, api: Api) -> None:
    before = _tiles(api, "manager")["E1"]["version"]
    beds.mark_dirty(cast.manager, cast.beds["E1"])
    after = _tiles(api, "manager")["E1"]
    assert (after["version"], after["status"]) == (before + 1, "dirty")


def test_everybody_sees_the_beds_of_their_own_wards(cast: Cast, api: Api) -> None:
    assert set(_tiles(api, "nurse")) == {"E1", "E2", "E3", "E4"}
    assert set(_tiles(api, "nurse_west")) == {"W1", "W2", "W3", "W4"}
    assert len(_tiles(api, "hugo")) == len(_tiles(api, "admin")) == 8


def test_who_lies_there_is_for_those_who_may_read_patients(cast: Cast, api: Api) -> None:
    patient = cast.occupy("E1")
    for who in ("nurse", "doctor", "desk", "manager", "feed"):
        assert (_tiles(api, who)["E1"]["patient"], _tiles(api, who)["E1"]["patient_id"]) == ("MS", patient), who
    for who in ("hanna", "porter", "admin", "staffing"):
        assert (_tiles(api, who)["E1"]["patient"], _tiles(api, who)["E1"]["patient_id"]) == ("", None), who


def test_reading_patients_is_audited_and_reading_beds_is_not(cast: Cast, api: Api) -> None:
    api.get(PATH, who="hanna")
    assert cast.audited("view") == []
    api.get(PATH, who="nurse")
    [seen] = cast.audited("view")
    assert (seen.subject_type, seen.user_id, seen.allowed) == ("board", cast.people["nurse"], True)


def test_a_bed_that_is_about_to_empty_says_how_far_it_is(cast: Cast, api: Api) -> None:
    cast.occupy("E1")
    stays.order_discharge(cast.manager, cast.beds["E1"])
    letter = next(task.id or 0 for task in cast.tasks_of("E1") if task.milestone == "letter")
    milestones.delay(cast.nurse, letter, "waits_for_results", "her sister has the keys")
    tiles = _tiles(api, "nurse")
    told = {
        "done": 0,
        "of": 3,
        "holds": "Discharge letter",
        "who": "Daria Doctor",
        "why": "Waits for results",
        "late": False,
    }
    assert tiles["E1"]["before_leaving"] == told
    assert tiles["E2"]["before_leaving"] is None
