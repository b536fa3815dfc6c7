"""`GET /api/health`: each part, and the house as a whole; 503 only when the database is away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from hospital_ops.infra.alive import PARTS, beat, key_of
from hospital_ops.infra.bus import redis_client
from hospital_ops.queries import health
from tests.api.client import Api, app
from tests.cast import Cast

PATH = "/api/health"
ALL = {"database", "redis", "worker", "relay", "clock", "push"}


@pytest.fixture
def well(cast: Cast) -> Iterator[None]:
    """Every part has just given a sign of life."""
    for part in PARTS:
        assert beat(part)
    app().state.push_status = lambda: {"status": "ok"}
    yield
    redis_client().delete(*(key_of(part) for part in PARTS))
    del app().state.push_status


@pytest.mark.usefixtures("well")
def test_all_is_well(api: Api) -> None:
    answer = api.get(PATH)
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "parts": dict.fromkeys(sorted(ALL), "ok")}
    head = api.call("HEAD", PATH)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize("part", ["worker", "relay", "clock"])
def test_a_silent_part_is_down_and_people_go_on_working(api: Api, part: str) -> None:
    redis_client().delete(key_of(part))
    answer = api.get(PATH)
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert {name for name, state in answer.json()["parts"].items() if state == "down"} == {part}


@pytest.mark.usefixtures("well")
def test_a_deaf_push_is_down(api: Api) -> None:
    app().state.push_status = lambda: {"status": "down"}
    answer = api.get(PATH)
    assert (answer.json()["status"], answer.json()["parts"]["push"]) == ("degraded", "down")


@pytest.mark.usefixtures("well")
def test_without_redis_nobody_can_tell_of_the_others(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    away = redis.Redis(port=1, socket_connect_timeout=0.2)
    monkeypatch.setattr(health, "redis_client", lambda: away)
    answer = api.get(PATH)
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    down = {name for name, state in answer.json()["parts"].items() if state == "down"}
    assert down == {"redis", "worker", "relay", "clock"}


@pytest.mark.usefixtures("well")
def test_without_the_database_the_house_is_down(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_answers", lambda: False)
    for method in ("GET", "HEAD"):
        assert api.call(method, PATH).status_code == 503
    assert api.get(PATH).json()["status"] == "down"
