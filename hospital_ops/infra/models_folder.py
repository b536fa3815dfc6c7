"""Which models have a release that serves: a look at files, without importing what trains or loads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

KINDS: dict[str, str] = {"length_of_stay": "discharge", "arrivals": "arrivals", "shift_capacity": "shift capacity"}


def models_folder(data_folder: Path) -> Path:
    """Where releases live."""
    return data_folder / "models"


def missing(data_folder: Path) -> list[str]:
    """The kinds of which no release was ever written, serving or refused by the gate."""
    return [kind for kind in KINDS if not any((models_folder(data_folder) / kind).glob("[!.]*/release.json"))]


def idle(data_folder: Path) -> list[str]:
    """The kinds that have a release and never had one that serves: refused by the gate, or their training died at the end."""
    home = models_folder(data_folder)
    without = set(missing(data_folder))
    return [kind for kind in KINDS if kind not in without and not (home / kind / "active.json").exists()]


def serving(data_folder: Path) -> list[dict[str, str]]:
    """[{"kind", "version", "created_at"}] of the releases that serve; empty words where none does or it cannot be read."""
    return [_serving(models_folder(data_folder) / kind, words) for kind, words in KINDS.items()]


def _serving(home: Path, words: str) -> dict[str, str]:
    version = str(_read(home / "active.json").get("version", ""))
    # A version is a folder's name, never a path.
    facts = _read(home / version / "release.json") if version and Path(version).name == version else {}
    return {"kind": words, "version": version, "created_at": str(facts.get("created_at", ""))}


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
