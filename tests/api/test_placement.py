"""`GET /api/placement…`: who waits for a bed, and every bed judged with its reasons."""

from __future__ import annotations

from typing import Any

import pytest

from hospital_ops.domain.placement import Isolation
from hospital_ops.services import placement
from tests.api.client import Api, refusal
from tests.cast import Cast


def _judged(api: Api, request: int, who: str = "manager") -> dict[str, dict[str, Any]]:
    answer = api.get(f"/api/placement/{request}", who=who)
    assert answer.status_code == 200
    return {bed["label"]: bed for bed in answer.json()}


def test_who_waits_is_told_without_who_they_are(cast: Cast, api: Api) -> None:
    first = cast.waiting(cast.patient("Ana", "Ruiz"), telemetry=True)
    second = cast.waiting(cast.patient("Bo", "Lind"), sex="male")
    told = api.get("/api/placement", who="nurse")
    assert [one["request_id"] for one in told.json()] == [first, second]
    assert told.json()[0]["need"] == "Cardiac · female · telemetry"
    assert "AR" not in told.text
    assert "Ruiz" not in told.text


def test_every_bed_says_why_or_why_not(cast: Cast, api: Api) -> None:
    cast.occupy("E1", cast.patient("Bo", "Lind"), sex="male")
    judged = _judged(api, cast.waiting(isolation=Isolation.DROPLET))
    assert set(judged) == set(cast.beds)
    assert (judged["E3"]["allowed"], judged["E3"]["against"]) == (True, [])
    assert "isolation fits" in judged["E3"]["passed"]
    assert judged["E2"]["against"] == [
        "droplet isolation needs an isolation room",
        "a male patient lies in the room",
    ]
    assert judged["E1"]["against"][0] == "not ready (occupied)"


def test_the_best_comes_first_and_the_same_question_has_the_same_answer(cast: Cast, api: Api) -> None:
    request = cast.waiting()
    first = api.get(f"/api/placement/{request}", who="manager").json()
    assert [bed["label"] for bed in first][:2] == ["E1", "E2"]
    assert [bed["allowed"] for bed in first] == sorted((bed["allowed"] for bed in first), reverse=True)
    assert api.get(f"/api/placement/{request}", who="manager").json() == first


def test_people_of_a_ward_are_told_of_its_beds(cast: Cast, api: Api) -> None:
    request = cast.waiting()
    assert set(_judged(api, request, "nurse_west")) == {"W1", "W2", "W3", "W4"}


def test_whoever_has_been_placed_meanwhile_is_not_placed_again(cast: Cast, api: Api) -> None:
    request = cast.waiting()
    placement.place(cast.manager, request, cast.beds["E1"])
    assert refusal(api.get(f"/api/placement/{request}", who="manager")) == (409, "changed_meanwhile")


@pytest.mark.parametrize("request_id", ["99999", "2147483647"])
def test_there_is_no_such_request(cast: Cast, api: Api, request_id: str) -> None:
    assert refusal(api.get(f"/api/placement/{request_id}", who="manager")) == (404, "not_found")


def test_looking_is_audited(cast: Cast, api: Api) -> None:
    request = cast.waiting()
    _judged(api, request, "nurse")
    [seen] = [row for row in cast.audited("view") if row.subject_type == "placement"]
    assert (seen.user_id, seen.facts["request_id"]) == (cast.people["nurse"], request)
