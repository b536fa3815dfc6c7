"""Where releases of models live: `<directory>/<kind>/<version>/` with `model.skops` and `release.json`; `active.json` names one.

Artefacts are skops files, never pickles: only the types in TRUSTED are ever built. The hash in the release's metadata
is checked before a byte is read into an object. Writing is atomic: a killed training leaves the old release active.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sklearn
import skops
import skops.io

TRUSTED = (
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)
FORMAT = 1


class ArtefactError(Exception):
    """A release that cannot be used, with the reason as a sentence."""


@dataclass(frozen=True)
class Release:
    """One saved model: the estimator (None for a release without one) and everything said about it."""

    kind: str
    version: str
    estimator: Any
    metadata: dict[str, Any]


def save(directory: Path, kind: str, estimator: Any, metadata: dict[str, Any], created_at: datetime) -> str:
    """Write a release beside the others and return its version. It is not active yet."""
    home = directory / kind
    home.mkdir(parents=True, exist_ok=True)
    artefact = skops.io.dumps(estimator)
    sha256 = hashlib.sha256(artefact).hexdigest()
    version = f"{created_at:%Y%m%d-%H%M%S}-{sha256[:8]}"
    facts = {"format": FORMAT, "kind": kind, "version": version, "created_at": created_at.isoformat(), "sha256": sha256}
    scratch = Path(tempfile.mkdtemp(prefix=".new-", dir=home))
    try:
        (scratch / "model.skops").write_bytes(artefact)
        (scratch / "release.json").write_text(json.dumps({**metadata, **facts, "libraries": libraries()}, indent=1))
        if (home / version).exists():
            shutil.rmtree(home / version)
        scratch.rename(home / version)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return version


def activate(directory: Path, kind: str, version: str) -> None:
    """Make a release the one that serves. Raises ArtefactError when it cannot be loaded; going back is the same act."""
    load(directory, kind, version)
    pointer = directory / kind / "active.json"
    scratch = pointer.with_suffix(".new")
    scratch.write_text(json.dumps({"version": version, "before": _before(pointer, version)}))
    os.replace(scratch, pointer)


def version_before(directory: Path, kind: str) -> str | None:
    """The version that served before the one that serves now, None when there was none or it is gone."""
    before = _note(directory / kind / "active.json").get("before")
    there = isinstance(before, str) and Path(before).name == before and (directory / kind / before).is_dir()
    return before if there else None


def _before(pointer: Path, version: str) -> str | None:
    """Who serves now, unless it is the same again."""
    note = _note(pointer)
    return note.get("before") if note.get("version") == version else note.get("version")


def _note(pointer: Path) -> dict[str, Any]:
    try:
        note = json.loads(pointer.read_text())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def active_version(directory: Path, kind: str) -> str | None:
    """The version that serves, None when none was ever activated. Raises ArtefactError for an unreadable pointer."""
    pointer = directory / kind / "active.json"
    if not pointer.exists():
        return None
    try:
        return str(json.loads(pointer.read_text())["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtefactError(f"The note of the active {_words(kind)} model cannot be read.") from error


def versions(directory: Path, kind: str) -> list[dict[str, Any]]:
    """Metadata of every readable release, newest first, with `active`."""
    home = directory / kind
    now_active = str(_note(home / "active.json").get("version", ""))
    found = []
    for path in sorted(home.glob("*/release.json"), reverse=True):
        # What a killed training left half written begins with a dot.
        facts = {} if path.parent.name.startswith(".") else _note(path)
        if facts.get("version") == path.parent.name:
            found.append({**facts, "active": facts["version"] == now_active})
    return found


def load(directory: Path, kind: str, version: str | None = None) -> Release:
    """The active release (or the named one). Raises ArtefactError with the reason."""
    version = version or active_version(directory, kind)
    if version is None:
        raise ArtefactError(f"No {_words(kind)} model has been trained yet.")
    # A version is a folder's name, never a path.
    if Path(version).name != version:
        raise ArtefactError(f"{version!r} is not the name of a release.")
    home = directory / kind / version
    facts = _read_facts(home / "release.json")
    if facts.get("kind") != kind or facts.get("format") != FORMAT:
        raise ArtefactError(f"Release {version} is not a {_words(kind)} model of this program.")
    return Release(kind, version, _read_artefact(home / "model.skops", facts), facts)


def libraries() -> dict[str, str]:
    """Versions that decide whether an artefact means the same tomorrow."""
    return {
        "python": platform.python_version(),
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "skops": skops.__version__,
    }


def _read_facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ArtefactError(f"The description of release {path.parent.name} is missing or unreadable.") from error
    if not isinstance(facts, dict) or "version" not in facts:
        raise ArtefactError(f"The description of release {path.parent.name} is not one of ours.")
    return facts


def _read_artefact(path: Path, facts: dict[str, Any]) -> Any:
    try:
        artefact = path.read_bytes()
    except OSError as error:
        raise ArtefactError(f"The file of release {path.parent.name} is missing.") from error
    if hashlib.sha256(artefact).hexdigest() != facts.get("sha256"):
        raise ArtefactError(f"The file of release {path.parent.name} is not the one that was saved; it is not loaded.")
    if facts.get("libraries", {}).get("scikit-learn") != sklearn.__version__:
        # Trees are arrays in that library's own layout: another version may read them differently without a word.
        raise ArtefactError(f"Release {path.parent.name} was trained with another scikit-learn; train again.")
    try:
        foreign = [name for name in skops.io.get_untrusted_types(data=artefact) if name not in TRUSTED]
        if foreign:
            raise ArtefactError(f"Release {path.parent.name} holds types that a model does not need: {foreign[0]}.")
        return skops.io.loads(artefact, trusted=list(TRUSTED))
    except ArtefactError:
        raise
    except Exception as error:  # skops raises whatever the broken zip, JSON or array raised
        raise ArtefactError(f"The file of release {path.parent.name} cannot be read.") from error


def _words(kind: str) -> str:
    return kind.replace("_", "-")
