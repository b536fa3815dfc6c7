"""The past as a training input: compressed columns in the data folder, the simulated one plain, a real one sealed.

Two years are 38,000 stays and 1.5 million observations: 3 MB here, 600 MB as rows. Only numbers and words are stored,
so reading it runs no code. A real history holds no identifiers: its ids are keyed numbers that nobody can turn back.
"""

from __future__ import annotations

import contextlib
import io
import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hospital_ops.domain.history import Grain, History, Observations, Origin, PastStay
from hospital_ops.infra import secret_files
from hospital_ops.infra.crypto import blind_index
from hospital_ops.infra.files import boxes, unboxed

FILE = "history.npz"
IMPORTED = "history/imported"
_SEALED_AS = "imported-history"
_STAGED = "imported.next-"
_TIMES = ("admitted_at", "discharged_at")
_COLUMNS = tuple(field.name for field in fields(PastStay))
_IDS = ("stay_id", "patient_id")
_WORDS = tuple(name for name in _COLUMNS if name not in (*_IDS, *_TIMES, "age"))
# Column → (as it is held, as it is kept).
_KEPT = {
    "stay_index": (np.int64, np.int32),
    "observed_at": (np.float64, np.int64),
    "code_index": (np.int64, np.int32),
}
Stamp = tuple[int, int, int] | None
Columns = Mapping[str, npt.NDArray[np.generic]]


def write(folder: Path, history: History) -> Path:
    """Write the simulated history whole or not at all. Returns the file."""
    file = folder / FILE
    secret_files.write_bytes(file, packed(history))
    return file


def read(folder: Path) -> History | None:
    """The simulated history of this hospital; None where none was kept."""
    file = folder / FILE
    return unpacked(file.read_bytes()) if file.exists() else None


def sealed(history: History) -> bytes:
    """A real history as it lies on the disk."""
    return b"".join(boxes(packed(history), _SEALED_AS))


def stamp(folder: Path) -> Stamp:
    """Another one whenever another imported history lies there; None where there is none."""
    try:
        found = (folder / IMPORTED).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def stage(folder: Path, act: int, content: bytes) -> None:
    """Lay what `sealed` gave beside the imported history, for `act`, a line of the audit that is not committed yet."""
    _sweep(folder)
    secret_files.write_bytes(_staged(folder, act), content)


def staged(folder: Path) -> list[int]:
    """The acts of which content lies there that neither took its place nor was dropped, the oldest first."""
    names = (path.name.removeprefix(_STAGED) for path in (folder / IMPORTED).parent.glob(f"{_STAGED}*"))
    return sorted(int(name) for name in names if name.isascii() and name.isdigit())


def adopt(folder: Path, act: int) -> None:
    """Put it in the place of what was imported before, whole or not at all. Done by somebody else already: fine."""
    with contextlib.suppress(FileNotFoundError):
        _staged(folder, act).replace(folder / IMPORTED)


def drop(folder: Path, act: int) -> None:
    """Forget what was never committed."""
    _staged(folder, act).unlink(missing_ok=True)


def _staged(folder: Path, act: int) -> Path:
    return (folder / IMPORTED).with_name(f"{_STAGED}{act}")


def read_imported(folder: Path) -> History | None:
    """The imported history; None where nothing was. Raises Tampered when it does not open."""
    content = _imported(folder)
    return None if content is None else unpacked(content)


def origin_of_imported(folder: Path) -> Origin | None:
    """Where the imported history is from, without building its stays."""
    content = _imported(folder)
    if content is None:
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as columns:
        return _origin(_facts(columns))


def forget_imported(folder: Path) -> None:
    """Remove it; nothing to remove is fine."""
    (folder / IMPORTED).unlink(missing_ok=True)
    _sweep(folder)


def _sweep(folder: Path) -> None:
    """An import killed while it wrote leaves a part of what it read: nobody will ask for it."""
    imported = folder / IMPORTED
    secret_files.sweep(imported.parent, imported.name)


def keyed_id(name: str, identifier: str) -> int:
    """A number of 63 bits, the same for the same identifier of this hospital, that tells nothing about it."""
    index = blind_index(f"history.{name}", identifier) or b""
    return int.from_bytes(index[:8], "big") >> 1


def packed(history: History) -> bytes:
    """The history as one compressed file of columns."""
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **_stays(history.stays), **_seen(history), **_about(history))
    return out.getvalue()


def unpacked(content: bytes) -> History:
    """The history again."""
    with np.load(io.BytesIO(content), allow_pickle=False) as columns:
        facts = _facts(columns)
        return History(
            stays=_past_stays(columns),
            observations=_observations(columns),
            end=datetime.fromtimestamp(float(columns["end"]), UTC),
            simulated=bool(columns["simulated"]),
            grain=Grain(facts.get("grain", Grain.HOURS)),
            origin=_origin(facts),
        )


def _imported(folder: Path) -> bytes | None:
    file = folder / IMPORTED
    return unboxed(file.read_bytes(), _SEALED_AS) if file.exists() else None


def _stays(stays: Sequence[PastStay]) -> dict[str, npt.NDArray[np.generic]]:
    """Words as an index into a list of them, times as seconds since 1970; NaN is "not known"."""
    found: dict[str, npt.NDArray[np.generic]] = {}
    for name in _WORDS:
        found[f"{name}_words"], found[name] = np.unique([getattr(stay, name) for stay in stays], return_inverse=True)
        found[name] = found[name].astype(np.int32)
    for name in ("age", *_TIMES):
        found[name] = np.array([_number(getattr(stay, name)) for stay in stays], dtype=np.float64)
    # A keyed id has more digits than a float keeps.
    return found | {name: np.array([getattr(stay, name) for stay in stays], dtype=np.int64) for name in _IDS}


def _seen(history: History) -> dict[str, npt.NDArray[np.generic]]:
    seen = history.observations
    return {
        **{name: np.frombuffer(getattr(seen, name), dtype=held).astype(kept) for name, (held, kept) in _KEPT.items()},
        "value": _smallest(np.frombuffer(seen.value, dtype=np.float64)),
        "codes": np.array(seen.codes),
    }


def _smallest(value: npt.NDArray[np.float64]) -> npt.NDArray[np.generic]:
    """Half the size where `_observations` gives the very same numbers again."""
    small = value.astype(np.float32)
    return small if np.array_equal(_rounded(small), value) else value


def _rounded(small: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    # As two decimals were written, so they are read: 0.95 and not 0.949999988.
    return np.asarray(np.round(small.astype(np.float64), 3), dtype=np.float64)


def _about(history: History) -> dict[str, npt.NDArray[np.generic]]:
    facts: dict[str, Any] = {"grain": history.grain, "origin": asdict(history.origin) if history.origin else None}
    return {
        "end": np.array(history.end.timestamp()),
        "simulated": np.array(history.simulated),
        "facts": np.array(json.dumps(facts)),
    }


def _facts(columns: Columns) -> dict[str, Any]:
    facts = json.loads(str(columns["facts"])) if "facts" in columns else {}
    return facts if isinstance(facts, dict) else {}


def _origin(facts: Mapping[str, Any]) -> Origin | None:
    return Origin(**facts["origin"]) if facts.get("origin") else None


def _past_stays(columns: Columns) -> tuple[PastStay, ...]:
    words = {name: columns[f"{name}_words"][columns[name]].tolist() for name in _WORDS}
    times = {name: [_moment(value) for value in columns[name].tolist()] for name in _TIMES}
    ids = {name: columns[name].astype(np.int64).tolist() for name in _IDS}
    ages = {"age": [None if np.isnan(value) else value for value in columns["age"].tolist()]}
    rows = words | times | ids | ages
    return tuple(PastStay(**dict(zip(rows, values, strict=True))) for values in zip(*rows.values(), strict=True))


def _observations(columns: Columns) -> Observations:
    value = columns["value"]
    return Observations(
        stay_index=_column("q", columns["stay_index"]),
        observed_at=_column("d", columns["observed_at"]),
        code_index=_column("q", columns["code_index"]),
        value=_column("d", _rounded(value) if value.dtype == np.float32 else value),
        codes=tuple(columns["codes"].tolist()),
    )


def _column(kind: str, values: npt.NDArray[np.generic]) -> array:  # type: ignore[type-arg]
    column = array(kind)
    column.frombytes(values.astype({"q": np.int64, "d": np.float64}[kind]).tobytes())
    return column


def _number(value: object) -> float:
    if value is None:
        return float("nan")
    return value.timestamp() if isinstance(value, datetime) else float(value)  # type: ignore[arg-type]


def _moment(seconds: float) -> datetime | None:
    return None if np.isnan(seconds) else datetime.fromtimestamp(seconds, UTC)
