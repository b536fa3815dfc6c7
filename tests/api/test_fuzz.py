"""Whatever is sent, in whosever name: nothing breaks, and each answer is one that /api/openapi.json documents.

Requests are made from the description that the running process serves, right ones and wrong ones alike, so that a new
route is tried without a line here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hospital_ops.infra import limits
from hospital_ops.infra.embedded import Postgres, Valkey
from tests.cast import PASSWORD
from tests.web_process import Web, serving

pytestmark = pytest.mark.slow
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# For each operation, role and mode. The whole module takes about half a minute.
EXAMPLES = 12
TRIES = settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PEOPLE = ("desk", "nurse", "doctor", "hanna", "porter", "manager", "staffing", "admin", "feed")
LOGOUT = ("POST", "/api/logout")
# What an operation answers to somebody who may, at least once: else all of this could be one long 401.
REACHED = {
    ("GET", "/api/beds/dashboard"): 200,
    ("GET", "/api/staff/tasks/{user_id}"): 200,
    ("POST", "/api/tasks"): 201,
    ("PUT", "/api/tasks/{task_id}/complete"): 200,
    ("GET", "/api/staffing/forecast"): 200,
    ("GET", "/api/placement"): 200,
    ("GET", "/api/placement/proposal"): 200,
    LOGOUT: 204,
}
Statuses = dict[tuple[str, str], set[int]]


@pytest.fixture(scope="module")
def web(servers: tuple[Postgres, Valkey], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    limits.forget_all()
    with serving(servers[0], tmp_path_factory.mktemp("web") / "web.log") as running:
        yield running
    limits.forget_all()


@pytest.fixture(scope="module")
def operations(web: Web) -> list[Any]:
    """Logging out comes last: after it everything else would be a 401."""
    schema = schemathesis.openapi.from_url(f"{web.base}/api/openapi.json")
    found = [result.ok() for result in schema.get_all_operations()]
    return sorted(found, key=lambda operation: (operation.method.upper(), operation.path) == LOGOUT)


def _headers(web: Web, who: str) -> dict[str, str]:
    if not who:
        return {}
    answer = requests.post(f"{web.base}/api/login", json={"username": who, "password": PASSWORD}, timeout=20)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def _real_ids(web: Web) -> dict[str, int]:
    """One of each that an address may name, so that not every answer is "there is none"."""
    asked = {"description": "Fetch a lamp", "bed_id": web.beds["E1"]}
    made = requests.post(f"{web.base}/api/tasks", json=asked, headers=_headers(web, "manager"), timeout=20).json()
    return {"task_id": made["id"], "user_id": made["user_id"] or 1, "request_id": 1}


def _try(
    operation: Any, mode: GenerationMode, headers: dict[str, str], ids: dict[str, int], statuses: Statuses
) -> None:
    fixed = {name: value for name, value in ids.items() if f"{{{name}}}" in operation.path}
    more: dict[str, Any] = {"path_parameters": fixed} if fixed and mode is GenerationMode.POSITIVE else {}

    @seed(7)
    @TRIES
    @given(case=operation.as_strategy(mode, **more))
    def tried(case: Any) -> None:
        response = case.call(headers=headers, timeout=30)
        case.validate_response(response, checks=CHECKS)
        statuses[operation.method.upper(), operation.path].add(response.status_code)

    tried()


@pytest.mark.parametrize("who", ["", *PEOPLE], ids=lambda who: who or "nobody")
def test_nothing_breaks_and_every_answer_is_documented(web: Web, operations: list[Any], who: str) -> None:
    headers, ids, statuses = _headers(web, who), _real_ids(web), defaultdict(set)
    for operation in operations:
        if who and not operation.definition.raw.get("security"):
            continue  # Nobody's business whose token comes along.
        _try(operation, GenerationMode.POSITIVE, headers, ids, statuses)
        if operation.body or operation.path_parameters:
            _try(operation, GenerationMode.NEGATIVE, headers, ids, statuses)
    if who == "manager":
        assert [key for key, status in REACHED.items() if status not in statuses[key]] == []


def test_and_the_process_logged_no_failure(web: Web) -> None:
    log = web.log.read_text()
    assert "failed" not in log
    assert "Traceback" not in log
