"""The arrow of imports. A module may import only what stands to its left; see docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Room → the rooms it may import (itself always). The composition roots are free.
ALLOWED: dict[str, set[str]] = {
    "domain": set(),
    "infra": {"domain", "config", "exits"},
    "models": {"domain", "infra"},
    "queries": {"domain", "infra", "models", "config", "ml"},
    "services": {"domain", "infra", "models", "queries", "config", "ml", "interop"},
    "state": {"domain", "infra", "queries", "services", "config"},
    "components": {"domain", "state", "theme", "config"},
    "pages": {"domain", "state", "components", "theme", "config"},
    "api": {"domain", "infra", "queries", "services", "config"},
    "ml": {"domain"},
    "interop": {"domain"},
    "sim": {"domain", "infra", "queries", "services", "config", "ml", "interop"},
    "workers": {"domain", "infra", "queries", "services", "config", "ml"},
    "theme": {"domain"},
    "config": set(),
    "exits": {"domain"},
}
ROOTS = {"hospital_ops.hospital_ops", "hospital_ops.cli", "hospital_ops.__main__", "workers.celery_app"}
# Who knows everybody by their trade: commands start things, and the seed lays the whole house.
FREE_ROOMS = {"commands"}
FREE_MODULES = {"hospital_ops.sim.seed"}
STANDARD_ONLY = {"domain"}
SESSION_HOLDERS = {"queries", "services", "models", "infra", "workers", "sim"}


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("hospital_ops", "workers"):
        for path in sorted((ROOT / top).rglob("*.py")):
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield dotted.removesuffix(".__init__"), path


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(dotted: str) -> str | None:
    parts = dotted.split(".")
    if parts[0] == "workers":
        return "workers"
    if parts[0] != "hospital_ops" or len(parts) == 1:
        return None
    return parts[1]


def is_root(dotted: str) -> bool:
    return dotted in ROOTS | FREE_MODULES | {"hospital_ops"} or room(dotted) in FREE_ROOMS


OURS = [(dotted, path) for dotted, path in modules() if not is_root(dotted)]


@pytest.mark.parametrize(("dotted", "path"), OURS, ids=[dotted for dotted, _ in OURS])
def test_imports_follow_the_arrow(dotted: str, path: Path) -> None:
    here = room(dotted)
    assert here in ALLOWED, f"{here} is a new room: give it its place in ALLOWED and docs/architecture.md"
    for name in imports(path):
        there = room(name)
        if there is None or there == here or there == "__version__":
            continue
        assert there in ALLOWED[here], f"{dotted} imports {name}: {here} may not know {there}"


def test_the_domain_imports_the_standard_library_alone() -> None:
    import sys

    for dotted, path in OURS:
        if room(dotted) not in STANDARD_ONLY:
            continue
        foreign = {n.split(".")[0] for n in imports(path)} - sys.stdlib_module_names - {"hospital_ops"}
        assert not foreign, f"{dotted} imports {foreign}"


def test_nothing_in_the_house_imports_the_workers() -> None:
    for dotted, path in modules():
        if dotted.startswith("hospital_ops") and not is_root(dotted):
            assert not {n for n in imports(path) if n.startswith("workers")}, dotted


def test_only_those_who_write_or_read_hold_a_session() -> None:
    for dotted, path in OURS:
        if room(dotted) in {"state", "pages", "components", "api"}:
            held = {
                n for n in imports(path) if n.startswith(("hospital_ops.infra.db", "hospital_ops.models", "sqlmodel"))
            }
            assert not held, f"{dotted} reaches for the database itself: {held}"


def test_the_rule_can_fail(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("from hospital_ops.services import beds\n")
    assert room("hospital_ops.services.beds") not in ALLOWED["domain"]
    assert imports(wrong) == {"hospital_ops.services.beds"}
