"""A later file goes on where a kept history stops: what is new is added, who has left since has an end, and nothing is overwritten.

Stays are the same by their keyed number. What both tell must agree; what the later one leaves empty is no contradiction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from hospital_ops.domain.history import Grain, History, Observations, PastStay
from hospital_ops.ml.dataset import DAY, Ints
from hospital_ops.ml.history_csv import Reading, Seen
from hospital_ops.ml.past import LONGEST_OPEN_DAYS, Placed, columns_of, grain_of

# Known when somebody comes, and the same for ever after.
FIXED = ("patient_id", "age", "sex", "unit", "admission_source")
# May be found out until somebody leaves.
FOUND_OUT = ("diagnosis_code", "race", "ethnicity", "language", "payer")
# Observations are kept to the second, and files write minutes.
SAME_SECONDS = 1.0
_KEY = ["row", "at", "code"]

Same = Callable[[datetime, datetime], bool]
Refuse = Callable[[int, str], None]  # line, reason


@dataclass(frozen=True)
class Appended:
    """`history`: both together. Counts are of stays, but for `observations`, which were added; `forgotten` were left."""

    history: History
    added: int
    ended: int
    unchanged: int
    observations: int
    forgotten: int

    @property
    def changed(self) -> bool:
        return bool(self.added or self.ended or self.observations or self.forgotten)


def not_one_past(kept: History, reading: Reading) -> str:
    """Why a file cannot go on where this history stops, in a sentence; "" when it can."""
    found = grain_of(reading)
    if Grain.LENGTHS in (kept.grain, found):
        return (
            "Lengths without dates have no order to append in: put both into one file and import that without --append."
        )
    if kept.grain is found or (kept.grain is Grain.HOURS and _has_hours(reading)):
        return ""
    words = {Grain.HOURS: "hours", Grain.DAYS: "days but no hours"}
    return (
        f"The kept history knows {words[kept.grain]} and the file {words[found]}: they make no one time. Put both into one "
        "file and import that without --append."
    )


def _has_hours(reading: Reading) -> bool:
    """Few stays may all be whole days long; the moments tell whether the file has a clock."""
    seconds = reading.table.stays[["admitted", "discharged"]].to_numpy(dtype=np.float64)
    zone = reading.table.zone
    return any(
        datetime.fromtimestamp(one, zone).time().replace(tzinfo=None) != datetime.min.time()
        for one in seconds[np.isfinite(seconds)]
    )


def append(kept: History, new: Placed, zone: ZoneInfo, refuse_stay: Refuse, refuse_seen: Refuse) -> Appended:
    """Both histories as one, in order of admission. What contradicts the kept one is refused, with its line and why."""
    same = _same_day(zone) if kept.grain is Grain.DAYS else _same_moment
    stays = list(kept.stays)
    place = {stay.stay_id: row for row, stay in enumerate(stays)}
    rows = np.full(len(new.history.stays), -1, dtype=np.int64)  # of the new stays among all; −1 for what was refused
    ended = unchanged = 0
    for number, stay in enumerate(new.history.stays):
        row = place.get(stay.stay_id)
        if row is None:
            rows[number] = len(stays)
            stays.append(stay)
        elif why := contradiction(stays[row], stay, same):
            refuse_stay(int(new.lines[number]), why)
        else:
            rows[number] = row
            has_left = stays[row].discharged_at is None and stay.discharged_at is not None
            if has_left:
                stays[row] = _completed(stays[row], stay)
            ended, unchanged = ended + has_left, unchanged + (not has_left)
    added = len(stays) - len(kept.stays)
    seen, more = _observed(kept, new.seen, rows, refuse_seen)
    end = max(kept.end, new.history.end)
    history, forgotten = _in_order(kept, stays, seen, end)
    return Appended(history, added, ended, unchanged, more, forgotten)


def contradiction(kept: PastStay, new: PastStay, same: Same) -> str:
    """Why two rows cannot be the same stay, "" when they can."""
    if not same(kept.admitted_at, new.admitted_at):
        return "admitted_at is not that of the kept stay."
    if kept.discharged_at is not None and new.discharged_at is None:
        return "it has no end, and the kept stay has one."
    if kept.discharged_at and new.discharged_at and not same(kept.discharged_at, new.discharged_at):
        return "its end is not that of the kept stay."
    has_left = kept.discharged_at is None and new.discharged_at is not None
    compared = FIXED if has_left else (*FIXED, *FOUND_OUT)
    apart = [name for name in compared if _differ(getattr(kept, name), getattr(new, name))]
    return f"{', '.join(apart)}: not as in the kept stay." if apart else ""


def _differ(kept: object, new: object) -> bool:
    empty = (None, "", "unknown")
    return kept != new and kept not in empty and new not in empty


def _completed(kept: PastStay, new: PastStay) -> PastStay:
    """The kept stay with its end, and with what was found out since."""
    found = {name: getattr(new, name) or getattr(kept, name) for name in FOUND_OUT}
    return replace(kept, admitted_at=new.admitted_at, discharged_at=new.discharged_at, **found)


def _same_moment(one: datetime, other: datetime) -> bool:
    return abs((one - other).total_seconds()) < SAME_SECONDS


def _same_day(zone: ZoneInfo) -> Same:
    """Where hours were laid out at random, the day is all that is known."""
    return lambda one, other: one.astimezone(zone).date() == other.astimezone(zone).date()


def _observed(kept: History, new: Seen, rows: Ints, refuse: Refuse) -> tuple[pd.DataFrame, int]:
    """All observations with the row of their stay, and how many of them are new."""
    codes: dict[str, int] = {code: number for number, code in enumerate(kept.observations.codes)}
    before = _frame(kept.observations)
    numbers = np.array([codes.setdefault(code, len(codes)) for code in new.codes], dtype=np.int64)
    later = pd.DataFrame(
        {
            "row": rows[new.row], "at": new.at.astype(np.int64), "code": numbers[new.code], "value": new.value,
            "line": new.line,
        }
    )  # fmt: skip
    for line in later.loc[later["row"] < 0, "line"]:
        refuse(int(line), "its stay contradicts the kept one.")
    later = later[later["row"] >= 0]
    twice = later.merge(before.drop_duplicates(), on=[*_KEY, "value"], how="left", indicator="known")
    later = later[(twice["known"] == "left_only").to_numpy()]
    other = later.merge(before[_KEY].drop_duplicates(), on=_KEY, how="left", indicator="known")
    contradicts = (other["known"] == "both").to_numpy()
    for line in later.loc[contradicts, "line"]:
        refuse(int(line), "another value of that code and moment is kept.")
    later = later[~contradicts].drop(columns="line")
    together = pd.concat([before, later], ignore_index=True)
    together.attrs["codes"] = tuple(codes)
    return together, len(later)


def _frame(seen: Observations) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": np.frombuffer(seen.stay_index, dtype=np.int64),
            "at": np.frombuffer(seen.observed_at, dtype=np.float64).astype(np.int64),
            "code": np.frombuffer(seen.code_index, dtype=np.int64),
            "value": np.frombuffer(seen.value, dtype=np.float64),
        }
    )


def _in_order(kept: History, stays: list[PastStay], seen: pd.DataFrame, end: datetime) -> tuple[History, int]:
    """In order of admission, without those whose end somebody forgot to write. Returns how many those are."""
    limit = end.timestamp() - LONGEST_OPEN_DAYS * DAY
    order = [
        row for row, one in enumerate(stays) if one.discharged_at is not None or one.admitted_at.timestamp() >= limit
    ]
    order.sort(key=lambda row: stays[row].admitted_at)
    place = np.full(len(stays), -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    row, at = place[seen["row"].to_numpy(np.int64)], seen["at"].to_numpy(np.float64)
    by_stay = np.lexsort((at, row))
    by_stay = by_stay[row[by_stay] >= 0]
    code, value = seen["code"].to_numpy(np.int64), seen["value"].to_numpy(np.float64)
    observations = Seen(row[by_stay], at[by_stay], code[by_stay], value[by_stay], seen.attrs["codes"])
    history = replace(
        kept, stays=tuple(stays[one] for one in order), observations=columns_of(observations), end=end
    )  # fmt: skip
    return history, len(stays) - len(order)
