"""`/api/openapi.json` is valid, and says of each route what it takes, what it answers and who may call it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from hospital_ops.api import routes_of
from hospital_ops.api.auth import public_because
from tests.api.client import Api, app

PATHS: dict[str, Any] = app().openapi()["paths"]
OPERATIONS = [(path, method, PATHS[path][method]) for path in PATHS for method in PATHS[path]]
each = pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=[f"{method} {path}" for path, method, _ in OPERATIONS]
)


def test_it_is_served_and_valid(api: Api) -> None:
    answer = api.get("/api/openapi.json")
    assert answer.status_code == 200
    validate(answer.json())


def test_the_documents_seven_calls_are_in_it() -> None:
    seven = {
        "post /api/login",
        "post /api/patient/register",
        "get /api/beds/dashboard",
        "get /api/staff/tasks/{user_id}",
        "post /api/tasks",
        "put /api/tasks/{task_id}/complete",
        "get /api/staffing/forecast",
    }
    assert seven <= {f"{method} {path}" for path, method, _ in OPERATIONS}


def test_what_programs_call_is_documented_and_what_pages_call_is_not() -> None:
    for route in routes_of(app()):
        pages = route.path.startswith(
            ("/api/session", "/api/intake", "/api/audit", "/api/reports")
        ) or route.methods == {"HEAD"}
        assert route.include_in_schema != pages, route.path


@each
def test_each_says_what_it_does(path: str, method: str, operation: dict[str, Any]) -> None:
    assert operation["description"].endswith(".")
    assert operation["tags"]
    assert "_api_" not in operation["operationId"]


def test_each_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names)


@each
def test_each_error_has_our_shape_and_an_example(path: str, method: str, operation: dict[str, Any]) -> None:
    for status, told in operation["responses"].items():
        if int(status) < 400 or path == "/api/health":
            continue
        content = told["content"]["application/json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}, status
        assert set(content["example"]) == {"code", "message"}, status
        assert told["description"].endswith("."), status


@each
def test_each_names_the_token_unless_it_is_public(path: str, method: str, operation: dict[str, Any]) -> None:
    [route] = [r for r in routes_of(app()) if r.path == path and method.upper() in r.methods]
    public = bool(public_because(route.endpoint))
    assert operation.get("security", []) == ([] if public else [{"Bearer": []}])
    assert ("401" in operation["responses"]) != (public and "login" not in path)


def test_the_token_is_described() -> None:
    schemes = app().openapi()["components"]["securitySchemes"]
    assert schemes["Bearer"]["type"] == "http"
    assert schemes["Bearer"]["scheme"] == "bearer"


def _fields() -> Iterator[tuple[str, Any]]:
    for name, told in app().openapi()["components"]["schemas"].items():
        yield from ((f"{name}.{field}", shape) for field, shape in told.get("properties", {}).items())


def test_nothing_is_of_an_unknown_shape() -> None:
    """No answer is "any object": a client can be generated from this."""
    for name, shape in _fields():
        assert {"type", "$ref", "anyOf", "const", "allOf"} & set(shape), name
    for path, method, operation in OPERATIONS:
        for status, told in operation["responses"].items():
            if status not in {"204", "500"} and "content" in told:
                schema = told["content"]["application/json"]["schema"]
                assert "$ref" in schema or schema.get("items", {}).get("$ref"), f"{method} {path} {status}"
