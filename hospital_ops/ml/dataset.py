"""Stays and observations as columns: the one shape that every model reads, made from a history or from inpatients."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from hospital_ops.domain.history import OBSERVED, Grain, History, Inpatient, Origin, PastStay

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
DAY = 86400.0
LEAST_DAYS, LEAST_A_DAY = 180, 0.5  # days; stays of the whole house a day
CODES: tuple[str, ...] = tuple(OBSERVED)
WORDS = ("sex", "unit", "diagnosis_code", "admission_source", "race", "ethnicity", "language", "payer")
_EMPTY_FLOATS: Floats = np.empty(0, dtype=np.float64)
_EMPTY_INTS: Ints = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class StayTable:
    """`stays`: one row a stay, in order of admission, with columns

    stay_id, patient_id, admitted and discharged (seconds since 1970, NaN while in the house or without dates),
    days (whole length, NaN if unknown), age, the WORDS, earlier_stays, earlier_mean_days.
    `seen_*`: one entry an observation, sorted by row of `stays`, then time; `seen_code` indexes CODES.
    """

    stays: pd.DataFrame
    zone: ZoneInfo
    seen_row: Ints = field(default_factory=lambda: _EMPTY_INTS)
    seen_at: Floats = field(default_factory=lambda: _EMPTY_FLOATS)
    seen_code: Ints = field(default_factory=lambda: _EMPTY_INTS)
    seen_value: Floats = field(default_factory=lambda: _EMPTY_FLOATS)
    dated: bool = True

    def __len__(self) -> int:
        return len(self.stays)

    def column(self, name: str) -> Floats:
        """One numeric column as float64."""
        values: Floats = self.stays[name].to_numpy(dtype=np.float64)
        return values


def table_of(history: History, zone: ZoneInfo) -> StayTable:
    """Every stay of the history with what was seen of it."""
    stays = _frame(history.stays)
    earlier_stays(stays)
    if history.grain is Grain.LENGTHS:
        # Laid-out dates do not say which stay came first.
        stays["earlier_stays"], stays["earlier_mean_days"] = 0.0, np.nan
    seen = history.observations
    # The history may know codes that no model reads.
    places = np.array([CODES.index(code) if code in CODES else -1 for code in seen.codes], dtype=np.int64)
    code = places[np.frombuffer(seen.code_index, dtype=np.int64)] if len(seen) else _EMPTY_INTS
    known = code >= 0
    return StayTable(
        stays=stays,
        zone=zone,
        seen_row=_numbers(seen.stay_index, np.int64)[known],
        seen_at=_numbers(seen.observed_at, np.float64)[known],
        seen_code=code[known],
        seen_value=_numbers(seen.value, np.float64)[known],
        dated=history.grain is not Grain.LENGTHS,
    )


def told_of(history: History) -> dict[str, Any]:
    """What a release says of its data: simulated or not, from where, which file, how many rows were read and refused."""
    origin = history.origin or Origin("simulated" if history.simulated else "database", kept=len(history.stays))
    return {"simulated": history.simulated, "grain": str(history.grain), "data": asdict(origin)}


def refuse_without_hours(history: History, least_days: int = LEAST_DAYS) -> None:
    """Raises ValueError with a sentence where a history cannot say how many came to which hour."""
    if history.grain is not Grain.HOURS:
        known = "days and no hours" if history.grain is Grain.DAYS else "lengths and no dates"
        raise ValueError(f"The history knows {known}, so it does not say when people come.")
    if not history.stays:
        raise ValueError("The history holds no stays.")
    days = max((history.end - history.stays[0].admitted_at).total_seconds() / DAY, 1.0)
    if days < least_days:
        raise ValueError(f"{days:.0f} days are too few to learn from how people come; {least_days} are needed.")
    if len(history.stays) < LEAST_A_DAY * days:
        raise ValueError(
            f"{len(history.stays):,} stays lie over {days / 365:.0f} years, hardly one a day: parts are missing or dates "
            "were shifted, so it does not say how many come."
        )


def table_of_inpatients(inpatients: Sequence[Inpatient], zone: ZoneInfo) -> StayTable:
    """People in the house now, row by row in the order given."""
    stays = _frame([one.stay for one in inpatients])
    stays["earlier_stays"] = np.array([one.earlier_stays for one in inpatients], dtype=np.float64)
    means = [np.nan if one.earlier_mean_days is None else one.earlier_mean_days for one in inpatients]
    stays["earlier_mean_days"] = np.array(means, dtype=np.float64)
    places = {code: place for place, code in enumerate(CODES)}
    seen = sorted(
        (row, observation.observed_at.timestamp(), places[observation.code], observation.value)
        for row, one in enumerate(inpatients)
        for observation in one.observations
        if observation.code in places
    )
    rows, at, code, value = zip(*seen, strict=True) if seen else ((), (), (), ())
    return StayTable(
        stays=stays,
        zone=zone,
        seen_row=np.array(rows, dtype=np.int64),
        seen_at=np.array(at, dtype=np.float64),
        seen_code=np.array(code, dtype=np.int64),
        seen_value=np.array(value, dtype=np.float64),
    )


def earlier_stays(stays: pd.DataFrame) -> None:
    """Add how often each patient came before, and how long the stays that were over by then took. Rows in order of admission."""
    stays["earlier_stays"] = stays.groupby("patient_id", sort=False).cumcount().to_numpy(dtype=np.float64)
    patient = pd.factorize(stays["patient_id"])[0]
    began, ended, days = (stays[name].to_numpy(dtype=np.float64) for name in ("admitted", "discharged", "days"))
    over = np.flatnonzero(np.isfinite(ended) & np.isfinite(days))
    # Ends and beginnings of all patients on one line: an end counts for what begins at that moment or later.
    whose, moment = np.concatenate([patient[over], patient]), np.concatenate([ended[over], began])
    begins = np.arange(len(whose)) >= len(over)
    line = np.lexsort((begins, moment, whose))
    ends = pd.DataFrame({"days": np.concatenate([days[over], np.zeros(len(stays))]), "number": 1.0 - begins})
    before = ends.iloc[line].groupby(whose[line]).cumsum().sort_index()[begins].to_numpy()
    # A stay of no length ends when it begins, and is not before itself.
    number = before[:, 1] - (ended <= began)
    stays["earlier_mean_days"] = np.where(number > 0, before[:, 0] / np.maximum(number, 1.0), np.nan)


def local_wall(epoch: Floats, zone: ZoneInfo) -> Floats:
    """Seconds since 1970 → the same instant on the zone's wall clock, as seconds since 1970 of that wall."""
    from datetime import UTC, datetime

    hours, places = np.unique(np.floor(epoch / 3600.0), return_inverse=True)
    offsets = []
    for hour in hours.tolist():
        shift = datetime.fromtimestamp(hour * 3600.0, UTC).astimezone(zone).utcoffset()
        offsets.append(shift.total_seconds() if shift else 0.0)
    wall: Floats = epoch + np.array(offsets, dtype=np.float64)[places]
    return wall


def epoch_of(wall: Floats, zone: ZoneInfo) -> Floats:
    """A wall clock's seconds → seconds since 1970, the earlier of two where clocks go back: what `local_wall` undoes."""
    from datetime import UTC, datetime

    hours, places = np.unique(np.floor(wall / 3600.0), return_inverse=True)
    offsets = []
    for hour in hours.tolist():
        shift = datetime.fromtimestamp(hour * 3600.0, UTC).replace(tzinfo=zone).utcoffset()
        offsets.append(shift.total_seconds() if shift else 0.0)
    epoch: Floats = wall - np.array(offsets, dtype=np.float64)[places]
    return epoch


def fingerprint(table: StayTable) -> str:
    """A hash of everything the models read, so that a release can be traced to its data."""
    digest = hashlib.sha256(pd.util.hash_pandas_object(table.stays, index=False).to_numpy().tobytes())
    for column in (table.seen_row, table.seen_at, table.seen_code, table.seen_value):
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()


def _frame(stays: Sequence[PastStay]) -> pd.DataFrame:
    admitted = np.array([stay.admitted_at.timestamp() for stay in stays], dtype=np.float64)
    gone = [stay.discharged_at.timestamp() if stay.discharged_at else np.nan for stay in stays]
    discharged = np.array(gone, dtype=np.float64)
    columns: dict[str, object] = {
        "stay_id": np.array([stay.stay_id for stay in stays], dtype=np.int64),
        "patient_id": np.array([stay.patient_id for stay in stays], dtype=np.int64),
        "admitted": admitted,
        "discharged": discharged,
        "days": (discharged - admitted) / DAY,
        "age": np.array([np.nan if stay.age is None else stay.age for stay in stays], dtype=np.float64),
    }
    for word in WORDS:
        columns[word] = np.array([getattr(stay, word) for stay in stays], dtype=object)
    return pd.DataFrame(columns)


def _numbers(column: object, kind: type) -> npt.NDArray[np.generic]:
    if not len(column):
        return np.empty(0, dtype=kind)
    return np.frombuffer(column, dtype=kind)  # type: ignore[call-overload]
