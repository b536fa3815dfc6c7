"""What a model may know about a patient at a landmark: nothing observed after it. The same code trains and predicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hospital_ops.domain.history import OBSERVED
from hospital_ops.ml.dataset import CODES, DAY, Floats, Ints, StayTable, local_wall

HOUR = 3600.0
SHRINK = 20.0  # stays: a diagnosis seen less often than this is mostly its unit
UNKNOWN_DAYS = 4.0
CATEGORIES = ("sex", "unit", "admission_source")

FIXED: tuple[str, ...] = (
    "age", "sex", "unit", "admission_source", "diagnosis_days", "diagnosis_group_days", "unit_days",
    "earlier_stays", "earlier_mean_days",
)  # fmt: skip
MOMENT: tuple[str, ...] = ("days_in", "hour_now", "weekday_now", "hours_since_seen")
SEEN: tuple[str, ...] = tuple(
    f"{OBSERVED[code][0]} {part}" for code in CODES for part in ("now", "since first", "per day")
)
LANDMARK: tuple[str, ...] = FIXED + MOMENT + SEEN
AHEAD: tuple[str, ...] = ("day_ahead", "weekday_then", "midnights_then", "share_of_day_left")


@dataclass
class Encoder:
    """Categories and diagnoses as numbers; fitted on past stays only, kept as JSON beside the model.

    All are mean logarithms of days, shrunk the more the rarer: of a unit; what a diagnosis and its first three signs add to
    it in the whole house; and of each in that unit, since the same broken hip stays differently in surgery and in rehabilitation.
    """

    categories: dict[str, list[str]] = field(default_factory=dict)
    unit_days: dict[str, float] = field(default_factory=dict)
    diagnosis_days: dict[str, float] = field(default_factory=dict)
    group_days: dict[str, float] = field(default_factory=dict)
    diagnosis_adds: dict[str, float] = field(default_factory=dict)
    group_adds: dict[str, float] = field(default_factory=dict)
    overall: float = float(np.log(UNKNOWN_DAYS))

    @classmethod
    def fit(cls, stays: pd.DataFrame) -> Encoder:
        """Unfinished stays are left out."""
        done = stays[stays["days"].notna()]
        days = np.log(np.maximum(done["days"].to_numpy(dtype=np.float64), 0.05))
        categories = {name: sorted(map(str, done[name].dropna().unique())) for name in CATEGORIES}
        found = cls(categories, overall=float(days.mean()) if len(days) else float(np.log(UNKNOWN_DAYS)))
        found.unit_days = _shrunk(done["unit"], days, np.full(len(days), found.overall))
        nothing = np.zeros(len(days))
        found.group_adds = _shrunk(_group(done), days - found._usual(done)[0], nothing)
        found.group_days = _shrunk(_in_unit(done, _group(done)), days, found._usual(done)[1])
        found.diagnosis_adds = _shrunk(_diagnosis(done), days - found._usual(done)[1], nothing)
        found.diagnosis_days = _shrunk(_in_unit(done, _diagnosis(done)), days, found._usual(done)[2])
        return found

    def _usual(self, stays: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
        """(of the unit, of the group of diagnoses in it, of the diagnosis in it), each falling back to the one before."""
        unit = stays["unit"].map(self.unit_days).fillna(self.overall)
        diagnosis, group = _diagnosis(stays), _group(stays)
        of_group = _in_unit(stays, group).map(self.group_days).fillna(unit + group.map(self.group_adds).fillna(0.0))
        fallback = of_group + diagnosis.map(self.diagnosis_adds).fillna(0.0)
        of_diagnosis = _in_unit(stays, diagnosis).map(self.diagnosis_days).fillna(fallback)
        return tuple(np.asarray(one, dtype=np.float64) for one in (unit, of_group, of_diagnosis))  # type: ignore[return-value]

    def fixed(self, stays: pd.DataFrame) -> Floats:
        """What is known at admission, shape (stays, len(FIXED)). A category never seen before is NaN."""
        unit, group, diagnosis = self._usual(stays)
        columns = [stays["age"], *(self._codes(stays, name) for name in CATEGORIES), diagnosis, group, unit]
        columns += [stays["earlier_stays"], stays["earlier_mean_days"]]
        return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])

    def _codes(self, stays: pd.DataFrame, name: str) -> Floats:
        places = {value: float(place) for place, value in enumerate(self.categories.get(name, []))}
        codes: Floats = stays[name].astype(str).map(places).to_numpy(dtype=np.float64)
        return codes

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Encoder:
        return cls(**values)


def landmark_features(table: StayTable, fixed: Floats, rows: Ints, at: Floats) -> npt.NDArray[np.float32]:
    """Shape (landmarks, len(LANDMARK)). `rows` index `table.stays`; `at` is the landmark in seconds since 1970.

    Only observations with `seen_at <= at` are read: the search below looks for the last one before the landmark.
    """
    wall = local_wall(at, table.zone)
    days_in = (at - table.column("admitted")[rows]) / DAY
    moment = [days_in, (wall % DAY) / HOUR, (wall // DAY + 3) % 7]
    seen, since = _seen_features(table, rows, at)
    return np.column_stack([fixed[rows], *moment, since, seen]).astype(np.float32)


def _seen_features(table: StayTable, rows: Ints, at: Floats) -> tuple[Floats, Floats]:
    """(values, hours since the newest): per code the last value, its change since the first, and its pace per day."""
    parts: list[Floats] = []
    newest = np.full(len(rows), np.nan)
    for code in range(len(CODES)):
        mine = np.flatnonzero(table.seen_code == code)
        last, last_at = _last_before(table, mine, rows, at)
        first, _ = _first_of(table, mine, rows, at)
        before, before_at = _last_before(table, mine, rows, last_at - 18 * HOUR)
        pace = (last - before) / np.maximum((last_at - before_at) / DAY, 0.5)
        parts += [last, last - first, pace]
        newest = np.fmax(newest, last_at)
    return np.column_stack(parts), (at - newest) / HOUR


def _last_before(table: StayTable, mine: Ints, rows: Ints, at: Floats) -> tuple[Floats, Floats]:
    """(value, time) of the last observation of `mine` at or before `at`; NaN where there is none."""
    if not len(mine):
        return np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    keys = _keys(table.seen_row[mine], table.seen_at[mine])
    # NaN times come from patients without an earlier value; they stay NaN.
    place = np.searchsorted(keys, _keys(rows, np.nan_to_num(at, nan=0.0)), side="right") - 1
    found = mine[np.maximum(place, 0)]
    good = (place >= 0) & (table.seen_row[found] == rows) & np.isfinite(at)
    return np.where(good, table.seen_value[found], np.nan), np.where(good, table.seen_at[found], np.nan)


def _first_of(table: StayTable, mine: Ints, rows: Ints, at: Floats) -> tuple[Floats, Floats]:
    if not len(mine):
        return np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    place = np.minimum(np.searchsorted(table.seen_row[mine], rows, side="left"), len(mine) - 1)
    found = mine[place]
    good = (table.seen_row[found] == rows) & (table.seen_at[found] <= at)
    return np.where(good, table.seen_value[found], np.nan), np.where(good, table.seen_at[found], np.nan)


def _keys(rows: Ints, at: Floats) -> Floats:
    """One sortable number per (stay, time): seconds fit well below 2^33, so the stay takes what is above."""
    keys: Floats = rows.astype(np.float64) * 2.0**33 + at
    return keys


def days_ahead(wall: Floats, admitted_wall: Floats, landmark: Ints, ahead: Ints) -> npt.NDArray[np.float32]:
    """What is known about the local day `ahead` of each landmark's own, shape (rows, len(AHEAD))."""
    today = wall[landmark] // DAY
    then = today + ahead
    left = np.where(ahead == 0, 1 - (wall[landmark] % DAY) / DAY, 1.0)
    midnights = then - admitted_wall[landmark] // DAY
    return np.column_stack([ahead, (then + 3) % 7, midnights, left]).astype(np.float32)


def without_empty(matrix: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Columns without a single value become zero: the learners refuse them, and no tree will split on a constant."""
    empty = np.isnan(matrix).all(axis=0)
    if empty.any():
        matrix = matrix.copy()
        matrix[:, empty] = 0.0
    return matrix


def _shrunk(keys: pd.Series, values: Floats, towards: Floats) -> dict[str, float]:
    frame = pd.DataFrame({"key": keys.to_numpy(), "value": values, "towards": towards})
    sums = frame.groupby("key").agg(total=("value", "sum"), count=("value", "size"), base=("towards", "mean"))
    means = (sums["total"] + SHRINK * sums["base"]) / (sums["count"] + SHRINK)
    return {str(key): float(mean) for key, mean in means.items()}


def _group(stays: pd.DataFrame) -> pd.Series:
    return stays["diagnosis_code"].astype(str).str[:3]


def _diagnosis(stays: pd.DataFrame) -> pd.Series:
    return stays["diagnosis_code"].astype(str)


def _in_unit(stays: pd.DataFrame, words: pd.Series) -> pd.Series:
    return stays["unit"].astype(str) + "|" + words
