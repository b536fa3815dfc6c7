"""Lets a release serve without a person and without a database, as a training did before it was audited."""

from __future__ import annotations

from pathlib import Path

from hospital_ops.ml import registry


def let_serve(folder: Path, kind: str, version: str) -> str:
    pointer = folder / kind / "active.json"
    registry._point(pointer, version, registry._note(pointer).get("act") or 0)
    return version
