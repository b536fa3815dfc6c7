"""Where releases of models live: `<directory>/<kind>/<version>/` with `model.skops` and `release.json`; `active.json` names one.

Artefacts are skops files, never pickles: only the types in TRUSTED are ever built. The hash in the release's metadata
is checked before a byte is read into an object. scikit-learn is imported where one is written or built and nowhere else: `check` tells
of a release, to a process that only looks, whether it is the one that was saved. Writing is atomic: a killed training leaves the old release active.

Which one serves is written into the database too, and a crash must not leave the two apart: `intend` notes the wish in
`next-<act>.json` before the database commits, `finish` moves `active.json` after it. Whoever finds such a note asks the
database whether that act was committed, and finishes or drops it (services/release_pointer.py).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import json
import logging
import os
import platform
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any, NoReturn

log = logging.getLogger(__name__)

TRUSTED = (
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)
# Whose types an artefact holds, TRUSTED or not. Which of them exactly are built, skops says when it is loaded.
OURS = {"builtins", "numpy", "scipy", "sklearn"}
LIBRARIES = ("scikit-learn", "numpy", "pandas", "skops")
FORMAT = 1
SCRATCH, LEFT_AFTER_S = ".new-", 86_400
SEAL = "description_sha256"  # of everything else in the description; releases older than it have none
# What reading a description raises that was changed by hand or written by another program.
NOT_OURS = (KeyError, TypeError, ValueError, AttributeError, IndexError)


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
    import skops.io

    artefact = skops.io.dumps(estimator)
    sha256 = hashlib.sha256(artefact).hexdigest()
    version = f"{created_at:%Y%m%d-%H%M%S}-{sha256[:8]}"
    facts = {"format": FORMAT, "kind": kind, "version": version, "created_at": created_at.isoformat(), "sha256": sha256}
    _swept(home)
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=home))
    try:
        (scratch / "model.skops").write_bytes(artefact)
        description = json.loads(json.dumps({**metadata, **facts, "libraries": libraries()}))
        description[SEAL] = _seal(description)
        (scratch / "release.json").write_text(json.dumps(description, indent=1))
        if (home / version).exists():
            shutil.rmtree(home / version)
        scratch.rename(home / version)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return version


def _swept(home: Path) -> None:
    """What a training left that was killed while writing. Another may be writing now, so nothing of the last day goes."""
    for left in home.glob(f"{SCRATCH}*"):
        if time.time() - left.stat().st_mtime > LEFT_AFTER_S:
            shutil.rmtree(left, ignore_errors=True)


def intend(directory: Path, kind: str, version: str, act: int) -> None:
    """Note that `act`, a line of the audit that is not committed yet, will let this release serve."""
    _write(_intention(directory, kind, act), {"version": version})


def intentions(directory: Path, kind: str) -> list[tuple[int, str]]:
    """(act, version) of what was intended and neither finished nor dropped, the oldest first; "" for an unreadable one."""
    found = []
    for path in (directory / kind).glob("next-*.json"):
        number = path.stem.removeprefix("next-")
        if number.isascii() and number.isdigit():
            found.append((int(number), str(_note(path).get("version", ""))))
    return sorted(found)


def finish(directory: Path, kind: str, act: int) -> None:
    """Let serve what was intended. Twice is once, and what somebody else has finished or dropped stays so."""
    path, pointer = _intention(directory, kind, act), directory / kind / "active.json"
    with _alone(directory / kind):
        version = _note(path).get("version")
        # The pointer may have moved, and the process died before its note was gone.
        if isinstance(version, str) and _note(pointer).get("act") != act:
            _point(pointer, version, act)
        path.unlink(missing_ok=True)


def drop(directory: Path, kind: str, act: int) -> None:
    """Forget an intention that was never committed."""
    _intention(directory, kind, act).unlink(missing_ok=True)


def _intention(directory: Path, kind: str, act: int) -> Path:
    return directory / kind / f"next-{act}.json"


def _point(pointer: Path, version: str, act: int) -> None:
    _write(pointer, {"version": version, "before": _before(_note(pointer), version), "act": act})


def _write(path: Path, note: dict[str, Any]) -> None:
    """The whole note or none of it, also when the power goes."""
    scratch = path.with_suffix(".new")
    with scratch.open("w") as file:
        file.write(json.dumps(note))
        file.flush()
        os.fsync(file.fileno())
    os.replace(scratch, path)


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One at a time moves this kind's pointer. The lock is gone with the process."""
    with (home / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def version_before(directory: Path, kind: str) -> str | None:
    """The version that served before the one that serves now, None when there was none or it is gone."""
    before = _note(directory / kind / "active.json").get("before")
    there = isinstance(before, str) and Path(before).name == before and (directory / kind / before).is_dir()
    return before if there else None


def _before(note: dict[str, Any], version: str) -> str | None:
    """Who serves now, unless it is the same again."""
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


def unreadable(directory: Path, kind: str) -> dict[str, str]:
    """Version → why: releases whose description cannot be read. They are there, and nobody can say what they are."""
    home = directory / kind
    found = {}
    for path in sorted(home.iterdir(), reverse=True) if home.is_dir() else ():
        if not path.is_dir() or path.name.startswith("."):
            continue
        try:
            _read_facts(path / "release.json")
        except ArtefactError as error:
            found[path.name] = str(error)
    return found


def load(directory: Path, kind: str, version: str | None = None) -> Release:
    """The active release (or the named one). Raises ArtefactError with the reason."""
    version, facts, artefact = _checked(directory, kind, version)
    return Release(kind, version, _built(version, artefact), facts)


def check(directory: Path, kind: str, version: str | None = None) -> None:
    """Raises ArtefactError where this release is not, to the byte, what was saved by this program and these libraries.

    Nothing is built: that is `load`, which an activation does too. A release without a seal is older, so that it is loaded.
    """
    version, facts, artefact = _checked(directory, kind, version)
    if SEAL not in facts:
        _built(version, artefact)


def _checked(directory: Path, kind: str, version: str | None) -> tuple[str, dict[str, Any], bytes]:
    """(version, description, artefact) of a release that is the one that was saved."""
    version = version or active_version(directory, kind)
    if version is None:
        trained = any((directory / kind).glob("*/release.json"))
        why = "release serves; what was trained has not passed its gate" if trained else "model has been trained yet"
        raise ArtefactError(f"No {_words(kind)} {why}.")
    # A version is a folder's name, never a path.
    if Path(version).name != version:
        raise ArtefactError(f"{version!r} is not the name of a release.")
    home = directory / kind / version
    facts = _read_facts(home / "release.json")
    if facts.get("kind") != kind or facts.get("format") != FORMAT:
        raise ArtefactError(f"Release {version} is not a {_words(kind)} model of this program.")
    artefact = _read_artefact(home / "model.skops", facts)
    _refuse_foreign(version, artefact)
    if SEAL in facts and facts[SEAL] != _seal(facts):
        # Numbers that were changed by hand would be believed, or end an hour's forecasts in the middle.
        raise ArtefactError(f"The description of release {version} was changed after it was saved; train again.")
    return version, facts, artefact


def _seal(description: dict[str, Any]) -> str:
    rest = {name: value for name, value in description.items() if name != SEAL}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


@cache
def _installed(library: str) -> str:
    return version_of(library)


def libraries() -> dict[str, str]:
    """Versions that decide whether an artefact means the same tomorrow. None of them is imported for it."""
    return {"python": platform.python_version(), **{name: _installed(name) for name in LIBRARIES}}


def _read_facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ArtefactError(f"The description of release {path.parent.name} is missing or unreadable.") from error
    if not isinstance(facts, dict) or not isinstance(facts.get("version"), str):
        raise ArtefactError(f"The description of release {path.parent.name} is not one of ours.")
    if facts["version"] != path.parent.name:
        raise ArtefactError(f"The description of release {path.parent.name} is that of another release.")
    return facts


def _read_artefact(path: Path, facts: dict[str, Any]) -> bytes:
    """The file that the description speaks of."""
    try:
        artefact = path.read_bytes()
    except OSError as error:
        raise ArtefactError(f"The file of release {path.parent.name} is missing.") from error
    if hashlib.sha256(artefact).hexdigest() != facts.get("sha256"):
        raise ArtefactError(f"The file of release {path.parent.name} is not the one that was saved; it is not loaded.")
    libraries_then = facts.get("libraries")
    if not isinstance(libraries_then, dict) or libraries_then.get("scikit-learn") != _installed("scikit-learn"):
        # Trees are arrays in that library's own layout: another version may read them differently without a word.
        raise ArtefactError(f"Release {path.parent.name} was trained with another scikit-learn; train again.")
    return artefact


def _built(version: str, artefact: bytes) -> Any:
    import skops.io

    try:
        foreign = [name for name in skops.io.get_untrusted_types(data=artefact) if name not in TRUSTED]
        if foreign:
            _refuse_type(version, foreign[0])
        return skops.io.loads(artefact, trusted=list(TRUSTED))
    except ArtefactError:
        raise
    except Exception as error:  # skops raises whatever the broken zip, JSON or array raised
        raise ArtefactError(f"The file of release {version} cannot be read.") from error


def _refuse_type(version: str, name: str) -> NoReturn:
    """The name is a stranger's words, so that the log has it and no screen."""
    log.warning("release %s holds %.120r", version, name)
    raise ArtefactError(f"Release {version} holds types that a model does not need; it is not loaded.")


def _refuse_foreign(version: str, artefact: bytes) -> None:
    """Raises ArtefactError for a type of another library. The names are read as words: nothing is imported for it."""
    try:
        with zipfile.ZipFile(io.BytesIO(artefact)) as parts:
            waiting = [json.loads(parts.read("schema.json"))]
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ArtefactError(f"The file of release {version} cannot be read.") from error
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            module = str(part.get("__module__", "builtins"))
            if module.partition(".")[0] not in OURS:
                _refuse_type(version, f"{module}.{part.get('__class__', '')}")
        waiting += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()


def _words(kind: str) -> str:
    return kind.replace("_", "-")
