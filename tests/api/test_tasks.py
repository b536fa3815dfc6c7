"""`POST /api/tasks`, `PUT /api/tasks/{id}/complete` and `GET /api/staff/tasks/{user_id}`: the six questions each."""

from __future__ import annotations

from typing import Any

import pytest

from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.services import stays, tasks
from tests.api.client import Api, refusal
from tests.cast import Cast

PATH = "/api/tasks"
SPILL = {"description": "Spill by the window", "kind": "spill", "priority": "high"}


def _ask(api: Api, who: str = "manager", **given: Any) -> dict[str, Any]:
    answer = api.post(PATH, who=who, json=SPILL | given)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


# --- POST /api/tasks ---------------------------------------------------------------------------------------------------


def test_a_task_goes_to_the_nearest_free_person_who_is_told_in_the_answer(cast: Cast, api: Api) -> None:
    told = _ask(api, bed_id=cast.beds["E1"])
    assert told["assignee"] == {"id": cast.people["hanna"], "name": "Hanna Housekeeper"}
    assert (told["status"], told["user_id"], told["kind"], told["priority"]) == (
        "offered", cast.people["hanna"], "spill", "high",
    )  # fmt: skip
    assert told["why"].startswith("Nearest free with the skill")
    assert told["ward_id"] == cast.wards["east"]
    assert told["due_at"] > told["created_at"]
    assert cast.task(told["id"]).user_id == cast.people["hanna"]


def test_only_a_description_is_needed(cast: Cast, api: Api) -> None:
    answer = api.post(PATH, who="manager", json={"description": "Clean Room 405"})
    assert answer.status_code == 201
    assert (answer.json()["kind"], answer.json()["priority"]) == ("other", "medium")


def test_it_waits_while_nobody_is_free(cast: Cast, api: Api) -> None:
    cast.set_status(StaffStatus.ON_BREAK, "hanna", "hugo")
    told = _ask(api, bed_id=cast.beds["E1"])
    assert (told["status"], told["assignee"], told["user_id"]) == ("pending", None, None)


def test_a_task_may_name_its_person(cast: Cast, api: Api) -> None:
    assert _ask(api, bed_id=cast.beds["E1"], user_id=cast.people["hugo"])["assignee"]["name"] == "Hugo Housekeeper"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"user_id": "porter"}, (422, "no_skill")),
        ({"user_id": "hanna", "bed_id": "W1"}, (409, "not_their_ward")),
        ({"kind": "clean_bed"}, (422, "bed_needed")),
        ({"kind": "clean_bed", "bed_id": "occupied"}, (409, "bed_in_use")),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    cast: Cast, api: Api, given: dict[str, str], expected: tuple[int, str]
) -> None:
    cast.occupy("E2")
    ids = cast.people | cast.beds | {"occupied": cast.beds["E2"]}
    sent = {name: ids.get(value, value) if name.endswith("_id") else value for name, value in given.items()}
    before = len(cast.announced())
    assert refusal(api.post(PATH, who="manager", json=SPILL | sent)) == expected
    assert len(cast.announced()) == before


@pytest.mark.parametrize("who", ["nurse", "desk", "manager", "staffing", "admin"])
def test_those_who_may_ask_may(cast: Cast, api: Api, who: str) -> None:
    assert _ask(api, who, bed_id=cast.beds["E1"])["assignee"]


@pytest.mark.parametrize("who", ["doctor", "hanna", "porter"])
def test_those_who_may_not_ask_are_told(cast: Cast, api: Api, who: str) -> None:
    assert refusal(api.post(PATH, who=who, json=SPILL)) == (403, "not_allowed")
    assert cast.audited("access.deny")[-1].user_id == cast.people[who]


def test_a_nurse_asks_in_her_own_wards(cast: Cast, api: Api) -> None:
    assert refusal(api.post(PATH, who="nurse", json=SPILL | {"bed_id": cast.beds["W1"]})) == (403, "not_your_ward")
    hanna = SPILL | {"user_id": cast.people["hanna"]}
    assert refusal(api.post(PATH, who="nurse_west", json=hanna)) == (409, "not_their_ward")


def test_without_a_bed_it_stays_in_the_askers_own_ward(cast: Cast, api: Api) -> None:
    """Hanna is free and works in the east alone; hugo works in both."""
    told = _ask(api, "nurse_west")
    assert (told["ward_id"], told["assignee"]["name"]) == (cast.wards["west"], "Hugo Housekeeper")
    assert _ask(api, "desk")["ward_id"] is None  # Of both wards: it may be anywhere.


def test_a_patient_is_named_in_ones_own_wards_and_never_by_an_administrator(cast: Cast, api: Api) -> None:
    patient = cast.occupy("E1")
    transport = {"kind": "transport", "description": "To Radiology", "patient_id": patient}
    told = _ask(api, "nurse", **transport)
    assert (told["patient_id"], told["ward_id"]) == (patient, cast.wards["east"])
    assert refusal(api.post(PATH, who="nurse_west", json=SPILL | transport)) == (404, "not_found")
    assert refusal(api.post(PATH, who="admin", json=SPILL | transport)) == (403, "not_allowed")
    assert refusal(api.post(PATH, who="staffing", json=SPILL | transport)) == (403, "not_allowed")


def test_a_bed_is_asked_to_be_cleaned_once(cast: Cast, api: Api) -> None:
    cleaning = {"kind": "clean_bed", "bed_id": cast.beds["E1"]}
    _ask(api, **cleaning)
    assert refusal(api.post(PATH, who="manager", json=SPILL | cleaning)) == (409, "already_asked")
    assert len(cast.tasks_of("E1")) == 1


def test_asking_writes_audit_and_event_for_that_person_alone(cast: Cast, api: Api) -> None:
    told = _ask(api, "nurse", bed_id=cast.beds["E1"])
    [created] = cast.audited("task.create")
    assert (created.user_id, created.subject_id) == (cast.people["nurse"], told["id"])
    assert [row.subject_id for row in cast.audited("task.offer")] == [told["id"]]
    people = {topic for topic in cast.topics("task.offered") if topic.startswith("user:")}
    assert people == {f"user:{cast.people['hanna']}"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"description": ""}, "must not be empty"),
        ({"description": "   "}, "1 to 200"),
        ({"description": "x" * 201}, "at most 200"),
        ({"description": "a\0b"}, "cannot be used"),
        ({"description": None}, "must be text"),
        ({"kind": "juggling"}, "clean_bed, transport"),
        ({"priority": "HIGH"}, "low, medium, high, stat"),
        ({"bed_id": True}, "whole number"),
        ({"bed_id": "1"}, "whole number"),
        ({"bed_id": 1.5}, "whole number"),
        ({"bed_id": 0}, "not a number that can be meant"),
        ({"bed_id": 2**31}, "not a number that can be meant"),
        ({"user_id": 10**30}, "not a number that can be meant"),
        ({"status": "complete"}, "is not known here"),
    ],
)
def test_what_cannot_be_read_is_named(cast: Cast, api: Api, given: dict[str, Any], says: str) -> None:
    answer = api.post(PATH, who="manager", json=SPILL | given)
    assert refusal(answer)[0] == 422
    assert says in answer.json()["message"]


# --- PUT /api/tasks/{task_id}/complete ---------------------------------------------------------------------------------


@pytest.fixture
def cleaning(cast: Cast) -> int:
    """A patient has left E1; hanna has the cleaning."""
    cast.occupy("E1")
    stays.leave(cast.nurse, cast.beds["E1"])
    [task] = [task for task in cast.tasks_of("E1") if task.kind == "clean_bed"]
    assert task.user_id == cast.people["hanna"]
    return task.id or 0


def test_done_makes_the_bed_ready_and_the_person_free(cast: Cast, api: Api, cleaning: int) -> None:
    tasks.start(cast.hanna, cleaning)
    answer = api.put(f"{PATH}/{cleaning}/complete", who="hanna")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["assignee"]["name"]) == ("complete", "Hanna Housekeeper")
    assert answer.json()["finished_at"]
    assert cast.bed("E1").status == "available"
    assert cast.person("hanna").current_status == StaffStatus.AVAILABLE


def test_twice_changes_nothing_more(cast: Cast, api: Api, cleaning: int) -> None:
    first = api.put(f"{PATH}/{cleaning}/complete", who="hanna").json()
    audit, events, bed = len(cast.audited()), len(cast.announced()), cast.bed("E1").version
    assert api.put(f"{PATH}/{cleaning}/complete", who="hanna").json() == first
    assert (len(cast.audited()), len(cast.announced()), cast.bed("E1").version) == (audit, events, bed)


@pytest.mark.parametrize("who", ["manager", "staffing", "admin"])
def test_a_supervisor_may_say_that_it_is_done(cast: Cast, api: Api, cleaning: int, who: str) -> None:
    assert api.put(f"{PATH}/{cleaning}/complete", who=who).status_code == 200
    assert cast.audited("task.complete")[-1].user_id == cast.people[who]


@pytest.mark.parametrize("who", ["hugo", "nurse", "nurse_west", "porter", "desk"])
def test_anothers_task_reads_like_none(cast: Cast, api: Api, cleaning: int, who: str) -> None:
    assert refusal(api.put(f"{PATH}/{cleaning}/complete", who=who)) == (404, "not_found")
    assert cast.task(cleaning).status == "offered"
    assert cast.audited("access.deny")[-1].facts["what"] == "PUT /api/tasks/{task_id}/complete"


def test_whoever_comes_too_late_is_told(cast: Cast, api: Api, cleaning: int) -> None:
    tasks.reassign(cast.manager, cleaning, cast.people["hugo"])
    assert refusal(api.put(f"{PATH}/{cleaning}/complete", who="hanna")) == (404, "not_found")
    spill = _ask(api, bed_id=cast.beds["E2"])["id"]
    tasks.cancel(cast.manager, spill, "not needed")
    assert refusal(api.put(f"{PATH}/{spill}/complete", who="manager")) == (409, "task_cannot_move")


def test_done_writes_audit_and_events(cast: Cast, api: Api, cleaning: int) -> None:
    api.put(f"{PATH}/{cleaning}/complete", who="hanna")
    [done] = cast.audited("task.complete")
    assert (done.user_id, done.subject_id) == (cast.people["hanna"], cleaning)
    assert {"task.completed", "bed.status_changed"} <= set(cast.announced())
    assert {f"user:{cast.people['hanna']}", f"ward:{cast.wards['east']}"} <= cast.topics("task.completed")


@pytest.mark.parametrize("task_id", ["0", "-1", "abc", "1.5", "99999999999999999999", "%00", "%2e%2e"])
def test_an_address_that_cannot_be_a_tasks(cast: Cast, api: Api, task_id: str) -> None:
    assert refusal(api.put(f"{PATH}/{task_id}/complete", who="manager"))[0] in {404, 422}


# --- GET /api/staff/tasks/{user_id} ------------------------------------------------------------------------------------


def test_ones_own_tasks_open_ones_first(cast: Cast, api: Api, cleaning: int) -> None:
    api.put(f"{PATH}/{cleaning}/complete", who="hanna")
    low = _ask(api, bed_id=cast.beds["E2"], user_id=cast.people["hanna"], priority="low")
    stat = _ask(api, bed_id=cast.beds["E3"], user_id=cast.people["hanna"], priority="stat")
    told = api.get(f"/api/staff/tasks/{cast.people['hanna']}", who="hanna").json()
    assert [task["id"] for task in told] == [stat["id"], low["id"], cleaning]
    assert told[0] == {name: value for name, value in stat.items() if name != "assignee"}


@pytest.mark.parametrize("who", ["manager", "staffing", "admin"])
def test_a_supervisor_sees_them(cast: Cast, api: Api, cleaning: int, who: str) -> None:
    told = api.get(f"/api/staff/tasks/{cast.people['hanna']}", who=who).json()
    assert [task["id"] for task in told] == [cleaning]


@pytest.mark.parametrize("who", ["hugo", "nurse", "desk", "doctor"])
def test_colleagues_do_not(cast: Cast, api: Api, cleaning: int, who: str) -> None:
    assert refusal(api.get(f"/api/staff/tasks/{cast.people['hanna']}", who=who)) == (404, "not_found")


def test_nobody_of_that_number(cast: Cast, api: Api) -> None:
    assert refusal(api.get("/api/staff/tasks/99999", who="manager")) == (404, "not_found")


def test_patients_are_told_to_those_who_may_read_them_and_that_is_audited(cast: Cast, api: Api) -> None:
    patient = cast.occupy("E1")
    _ask(api, kind="transport", patient_id=patient, user_id=cast.people["porter"])
    path = f"/api/staff/tasks/{cast.people['porter']}"
    assert api.get(path, who="porter").json()[0]["patient_id"] is None
    assert cast.audited("view") == []
    assert api.get(path, who="manager").json()[0]["patient_id"] == patient
    [seen] = cast.audited("view")
    assert (seen.user_id, seen.facts) == (cast.people["manager"], {"of_user": cast.people["porter"]})


# --- Idempotency-Key ---------------------------------------------------------------------------------------------------

KEY = {"Idempotency-Key": "3f1a-77"}


def test_a_request_sent_again_with_its_key_is_the_same_task(cast: Cast, api: Api) -> None:
    first = api.post(PATH, who="nurse", json=SPILL | {"bed_id": cast.beds["E1"]}, headers=KEY)
    events, audit = cast.announced(), len(cast.audited())
    again = api.post(PATH, who="nurse", json=SPILL | {"bed_id": cast.beds["E1"]}, headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    assert (cast.announced(), len(cast.audited())) == (events, audit)
    assert len(cast.tasks_of("E1")) == 1


def test_it_answers_with_the_task_as_it_is_by_now(cast: Cast, api: Api) -> None:
    made = api.post(PATH, who="manager", json=SPILL, headers=KEY).json()
    api.put(f"{PATH}/{made['id']}/complete", who="manager")
    assert api.post(PATH, who="manager", json=SPILL, headers=KEY).json()["status"] == "complete"


def test_without_a_key_or_with_another_it_is_another_task(cast: Cast, api: Api) -> None:
    sent = [
        api.post(PATH, who="manager", json=SPILL, headers=headers)
        for headers in (KEY, {}, {}, {"Idempotency-Key": "b"})
    ]
    assert len({answer.json()["id"] for answer in sent}) == 4


def test_a_key_is_its_persons_own(cast: Cast, api: Api) -> None:
    mine = api.post(PATH, who="manager", json=SPILL, headers=KEY).json()
    assert api.post(PATH, who="nurse", json=SPILL, headers=KEY).json()["id"] != mine["id"]


def test_a_key_does_not_stand_for_another_request(cast: Cast, api: Api) -> None:
    api.post(PATH, who="manager", json=SPILL, headers=KEY)
    assert refusal(api.post(PATH, who="manager", json=SPILL | {"kind": "other"}, headers=KEY)) == (409, "key_used")


def test_a_key_opens_nothing_to_those_who_may_not(cast: Cast, api: Api) -> None:
    assert refusal(api.post(PATH, who="hanna", json=SPILL, headers=KEY)) == (403, "not_allowed")


@pytest.mark.parametrize("key", ["x" * 201, "a b", "\u00e4"])
def test_a_key_is_short_and_printable(cast: Cast, api: Api, key: str) -> None:
    headers: list[tuple[bytes, bytes]] = [(b"idempotency-key", key.encode())]
    assert refusal(api.call("POST", PATH, json=SPILL, headers=headers)) in {(401, "not_signed_in"), (422, "invalid")}
    token = f"Bearer {api.token('manager')}".encode()
    answer = api.call("POST", PATH, json=SPILL, headers=[*headers, (b"authorization", token)])
    assert refusal(answer) == (422, "invalid")
