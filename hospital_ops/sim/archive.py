"""The past as a training input: one compressed file of columns in the data folder.

Two years are 38,000 stays and 1.5 million observations: 3 MB here, 600 MB as rows. Only numbers and words are stored,
so reading it runs no code.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hospital_ops.domain.history import History, Observations, PastStay

FILE = "history.npz"
_TIMES = ("admitted_at", "discharged_at")
_COLUMNS = tuple(field.name for field in fields(PastStay))
_NUMBERS = ("stay_id", "patient_id", "age")
_WORDS = tuple(name for name in _COLUMNS if name not in (*_NUMBERS, *_TIMES))
# Column → (as it is held, as it is kept).
_KEPT = {
    "stay_index": (np.int64, np.int32),
    "observed_at": (np.float64, np.int64),
    "code_index": (np.int64, np.int8),
}


def write(folder: Path, history: History) -> Path:
    """Write the history whole or not at all. Returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    partial = file.with_suffix(".new.npz")
    np.savez_compressed(partial, allow_pickle=False, **_stays(history.stays), **_seen(history), **_about(history))
    partial.replace(file)
    return file


def read(folder: Path) -> History | None:
    """The history of this hospital; None where none was kept."""
    file = folder / FILE
    if not file.exists():
        return None
    with np.load(file, allow_pickle=False) as columns:
        return History(
            stays=_past_stays(columns),
            observations=_observations(columns),
            end=datetime.fromtimestamp(float(columns["end"]), UTC),
            simulated=bool(columns["simulated"]),
        )


def _stays(stays: Sequence[PastStay]) -> dict[str, npt.NDArray[np.generic]]:
    """Words as an index into a short list, times as seconds since 1970; NaN is "not known"."""
    found: dict[str, npt.NDArray[np.generic]] = {}
    for name in _WORDS:
        found[f"{name}_words"], found[name] = np.unique([getattr(stay, name) for stay in stays], return_inverse=True)
        found[name] = found[name].astype(np.int16)
    for name in (*_NUMBERS, *_TIMES):
        found[name] = np.array([_number(getattr(stay, name)) for stay in stays], dtype=np.float64)
    return found


def _seen(history: History) -> dict[str, npt.NDArray[np.generic]]:
    seen = history.observations
    return {
        **{name: np.frombuffer(getattr(seen, name), dtype=held).astype(kept) for name, (held, kept) in _KEPT.items()},
        "value": np.frombuffer(seen.value, dtype=np.float64).astype(np.float32),
        "codes": np.array(seen.codes),
    }


def _about(history: History) -> dict[str, npt.NDArray[np.generic]]:
    return {"end": np.array(history.end.timestamp()), "simulated": np.array(history.simulated)}


def _past_stays(columns: dict[str, npt.NDArray[np.generic]]) -> tuple[PastStay, ...]:
    words = {name: columns[f"{name}_words"][columns[name]].tolist() for name in _WORDS}
    times = {name: [_moment(value) for value in columns[name].tolist()] for name in _TIMES}
    ids = {name: columns[name].astype(np.int64).tolist() for name in ("stay_id", "patient_id")}
    ages = {"age": [None if np.isnan(value) else value for value in columns["age"].tolist()]}
    rows = words | times | ids | ages
    return tuple(PastStay(**dict(zip(rows, values, strict=True))) for values in zip(*rows.values(), strict=True))


def _observations(columns: dict[str, npt.NDArray[np.generic]]) -> Observations:
    return Observations(
        stay_index=_column("q", columns["stay_index"]),
        observed_at=_column("d", columns["observed_at"]),
        code_index=_column("q", columns["code_index"]),
        # As two decimals were written, so they are read: 0.95 and not 0.949999988.
        value=_column("d", np.round(columns["value"].astype(np.float64), 3)),
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
