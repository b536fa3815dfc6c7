"""The repository checks its own promises: every permission and every event stands in docs/, and nothing else does."""

from __future__ import annotations

import re
from pathlib import Path

from hospital_ops.domain.access import PERMISSIONS, Permission
from hospital_ops.domain.events import NAMES

DOCS = Path(__file__).resolve().parent.parent / "docs"
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
