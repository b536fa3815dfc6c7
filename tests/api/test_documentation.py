"""docs/api.md says of each route what the running app does. That none is missing there, tests/test_docs.py sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from hospital_ops.config import ROOT
from hospital_ops.domain.access import Permission
from tests.api.client import app
from tests.api.test_routes import EXPECTED

PAGE = (ROOT / "docs" / "api.md").read_text()
PATHS: dict[str, Any] = app().openapi()["paths"]
OPERATIONS = {f"{method.upper()} {path}": PATHS[path][method] for path in PATHS for method in PATHS[path]}


@dataclass(frozen=True)
class Section:
    """One route's part of the page."""

    route: str
    text: str

    def line(self, begins: str) -> str:
        """The list item that begins so, its continued lines too; "" for none."""
        found = re.search(rf"^- {begins}: (.*?)(?=\n- |\n\n|\Z)", self.text, re.DOTALL | re.MULTILINE)
        return found[1] if found else ""


SECTIONS = {
    found[1]: Section(found[1], found[2])
    for found in re.finditer(r"^### `([A-Z]+ /\S+)`\n(.*?)(?=^#{2,3} |\Z)", PAGE, re.DOTALL | re.MULTILINE)
}
each = pytest.mark.parametrize("route", sorted(OPERATIONS.keys() & SECTIONS.keys()))


def _statuses(text: str) -> set[str]:
    return set(re.findall(r"\b[45]\d\d\b", text))


@each
def test_each_names_who_may(route: str) -> None:
    method, path = route.split(" ")
    needs, who = EXPECTED[method, path].needs, SECTIONS[route].line("Who")
    assert (f"`{needs}`" in who) if isinstance(needs, Permission) else not who.startswith("`"), who


@each
def test_each_names_what_it_answers(route: str) -> None:
    answers = set(OPERATIONS[route]["responses"]) - {"500"}
    [good] = [status for status in answers if status < "400"]
    assert SECTIONS[route].line(good)
    assert _statuses(SECTIONS[route].line("Errors")) == answers - {good}


@each
def test_each_names_every_field(route: str) -> None:
    operation = OPERATIONS[route]
    # A shape is described once in its chapter: "a new pair, as from the login".
    [chapter] = [part for part in PAGE.split("\n## ") if f"### `{route}`" in part]
    [good] = [told for status, told in operation["responses"].items() if status < "400"]
    shapes = [*_shapes(good), *_shapes(operation.get("requestBody", {}))]
    for name in (field for shape in shapes for field in shape.get("properties", {})):
        assert f"`{name}`" in chapter, name


@each
def test_each_has_a_line_to_try(route: str) -> None:
    method, path = route.split(" ")
    [line] = re.findall(r"```sh\n(curl .*?)\n```", SECTIONS[route].text, re.DOTALL)
    pattern = re.sub(r"\\{\w+\\}", r"\\d+", re.escape(f"$HOSPITAL{path}"))
    assert re.search(rf"{pattern}(\s|$)", line), line
    sends = {"-X POST": "POST", "-X PUT": "PUT", " -d ": "POST", " -F ": "POST"}
    assert next((verb for flag, verb in sends.items() if flag in line), "GET") == method
    assert ("Authorization: Bearer $TOKEN" in line) == bool(OPERATIONS[route].get("security"))


def _shapes(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The schemas of a body, list items followed."""
    schemas = app().openapi()["components"]["schemas"]
    found = []
    for content in body.get("content", {}).values():
        shape = content["schema"].get("items", content["schema"])
        found.append(schemas[shape["$ref"].rsplit("/", 1)[1]])
    return found
