"""Which models have a release that serves: a look at files, without importing what trains or loads them."""

from __future__ import annotations

from pathlib import Path

KINDS: dict[str, str] = {"length_of_stay": "discharge", "arrivals": "arrivals"}


def models_folder(data_folder: Path) -> Path:
    """Where releases live."""
    return data_folder / "models"


def missing(data_folder: Path) -> list[str]:
    """The kinds that never had an active release."""
    return [kind for kind in KINDS if not (models_folder(data_folder) / kind / "active.json").exists()]
