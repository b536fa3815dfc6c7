"""The repository checks its own promises: each permission, event and route stands in docs/, and nothing else does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hospital_ops.api import create_api, routes_of
from hospital_ops.domain.access import PERMISSIONS, Permission
from hospital_ops.domain.events import NAMES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")
NAME = re.compile(r"`([a-z_]+\.[a-z_]+)`")


def rows(page: str) -> list[list[str]]:
    """The cells of a page's table rows."""
    lines = (DOCS / page).read_text().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")][1:]


def test_every_permission_is_explained_with_its_roles() -> None:
    told = {cells[0].strip("`"): (cells[1], cells[2]) for cells in rows("permissions.md")}
    assert set(told) == {permission.value for permission in Permission}
    for permission in Permission:
        words, roles = told[permission.value]
        assert words.endswith(".")
        assert set(roles.split(", ")) - {""} == {role.value for role in PERMISSIONS if permission in PERMISSIONS[role]}


def test_every_event_is_named() -> None:
    named = {name for cells in rows("events.md") for name in NAME.findall(cells[1])}
    assert named == NAMES


def test_every_field_is_on_the_api_page() -> None:
    page, shapes = (DOCS / "api.md").read_text(), create_api().openapi()["components"]["schemas"]
    fields = [(shape, name) for shape, told in shapes.items() for name in told.get("properties", {})]
    assert len(fields) > 50
    assert [f"{shape}.{name}" for shape, name in fields if f"`{name}`" not in page and shape != "Problem"] == []


def test_every_route_is_on_the_api_page_once() -> None:
    """A section for what programs call, a line in the table for what our own pages do. tests/api looks at what they say."""
    page = (DOCS / "api.md").read_text()
    sections = re.findall(r"^### `([A-Z]+ /\S+)`$", page, re.MULTILINE)
    lines = [cells[0].strip("`") for cells in rows("api.md")]
    routes = [(f"{method} {route.path}", route) for route in routes_of(create_api()) for method in route.methods]
    assert sorted(sections) == sorted(name for name, route in routes if route.include_in_schema)
    assert sorted(lines) == sorted(name for name, route in routes if not route.include_in_schema)


@pytest.mark.parametrize(
    "page", [*ROOT.glob("*.md"), *DOCS.rglob("*.md")], ids=lambda page: str(page.relative_to(ROOT))
)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()] == []
