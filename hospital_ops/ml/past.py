"""A file that was read becomes a history: ids as keyed numbers, words as this house writes them, unknown times laid out.

Where a file knows days but no hours, or lengths but no dates, times are laid out so that the models' own code can learn from
it: the hour of leaving by the general profile, the hour of coming evenly. Patients without dates are laid out patient by
patient in three spans, years apart, so that a chronological split never divides one.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from hospital_ops.domain.history import Grain, History, Observations, Origin, PastStay
from hospital_ops.ml.baselines import GENERAL_HOURS, Bools
from hospital_ops.ml.dataset import CODES, DAY, WORDS, Floats, Ints, epoch_of, local_wall
from hospital_ops.ml.history_csv import Reading, Seen

KeyedId = Callable[[str, str], int]
# Wall clock. Longer than any stay lies between two of them.
SPANS = tuple(datetime(year, 1, 3, tzinfo=UTC).timestamp() for year in (2000, 2012, 2024, 2036))
SHARES = (0.6, 0.8)  # of the patients: learned from, and then chosen and calibrated on
SPREAD_DAYS = 364
LONGEST_OPEN_DAYS = 366
_NOTHING = (np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64), np.empty(0))
SEXES = {"f": "female", "w": "female", "woman": "female", "m": "male", "man": "male", "": "unknown"}


@dataclass(frozen=True)
class Placed:
    """The history of a file, the line of each of its stays, and its observations with theirs."""

    history: History
    lines: Ints
    seen: Seen


def grain_of(reading: Reading) -> Grain:
    """How exactly a file knows when people came and left."""
    return Grain.LENGTHS if not reading.table.dated else Grain.DAYS if reading.to_the_day else Grain.HOURS


def history_of(reading: Reading, keyed_id: KeyedId, origin: Origin, seed: int = 0) -> History:
    """The history of a file. `keyed_id` makes a number of (column, identifier)."""
    return placed(reading, keyed_id, origin, seed).history


def placed(
    reading: Reading, keyed_id: KeyedId, origin: Origin, seed: int = 0, grain: Grain | None = None
) -> Placed:  # fmt: skip
    """As `history_of`, with lines. `grain`: what the file is taken to know, unless that is to be found out."""
    grain = grain or grain_of(reading)
    stays = reading.table.stays
    if grain is not Grain.HOURS:
        stays = laid_out(stays, reading.table.zone, grain, seed)
    end = float(np.nanmax(stays[["admitted", "discharged"]].to_numpy()))
    order = np.argsort(stays["admitted"].to_numpy(dtype=np.float64), kind="stable")
    order = order[~forgotten(stays, end)[order]]
    stays = stays.iloc[order].reset_index(drop=True)
    seen = None if grain is Grain.LENGTHS else reading.seen
    found = _observations(seen, order) if seen is not None else Seen(*_NOTHING)
    observations = columns_of(found)
    told = replace(
        origin,
        kept=len(stays),
        refused=origin.refused + origin.kept - len(stays),
        observations=len(observations),
    )
    history = History(
        stays=_past_stays(stays, keyed_id),
        observations=observations,
        end=datetime.fromtimestamp(end, UTC),
        grain=grain,
        origin=told,
    )
    return Placed(history, reading.lines[order], found)


def forgotten(stays: pd.DataFrame, end: float) -> Bools:
    """Which stays have no end though they began so long before the file's own that somebody forgot to write it."""
    open_ = stays["discharged"].isna() & stays["days"].isna()
    return (open_ & (stays["admitted"] < end - LONGEST_OPEN_DAYS * DAY)).to_numpy(dtype=bool)


def joined(before: History, after: History) -> History:
    """One past of two: what of `after` began when `before` was over. Both real; a patient's number differs between them.

    Where the earlier one lacks hours it stays alone: dates laid out and dates lived do not make one time.
    """
    later = [place for place, stay in enumerate(after.stays) if stay.admitted_at > before.end]
    if before.grain is not Grain.HOURS or not later:
        return before
    # Who had no end when the file was written has one by now, and nobody knows which.
    ended = [place for place, stay in enumerate(before.stays) if stay.discharged_at is not None]
    codes: dict[str, int] = {}
    parts = (_picked(before.observations, ended, 0, codes), _picked(after.observations, later, len(ended), codes))
    row, at, code, value = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return History(
        stays=(*(before.stays[place] for place in ended), *(after.stays[place] for place in later)),
        observations=columns_of(Seen(row, at, code, value, tuple(codes))),
        end=after.end,
        origin=_both(before, after, len(ended) + len(later)),
    )


def _picked(
    seen: Observations, stays: list[int], first: int, codes: dict[str, int]
) -> tuple[Ints, Floats, Ints, Floats]:
    """(row, seconds, code, value) of what was observed in these stays, whose rows begin at `first`; `codes` grows."""
    if not len(seen):
        return _NOTHING
    row = np.frombuffer(seen.stay_index, dtype=np.int64)
    place = np.full(max(int(row.max()), *stays, 0) + 1, -1, dtype=np.int64)
    place[stays] = first + np.arange(len(stays))
    kept = place[row] >= 0
    names = np.array([codes.setdefault(code, len(codes)) for code in seen.codes], dtype=np.int64)
    code = names[np.frombuffer(seen.code_index, dtype=np.int64)]
    at, value = (np.frombuffer(column, dtype=np.float64) for column in (seen.observed_at, seen.value))
    return place[row][kept], at[kept], code[kept], value[kept]


def _both(before: History, after: History, kept: int) -> Origin | None:
    if before.origin is None or after.origin is None:
        return before.origin
    digest = hashlib.sha256(f"{before.origin.digest}+{after.origin.digest}".encode()).hexdigest()
    return replace(before.origin, source=f"{before.origin.source} and {after.origin.source}", digest=digest, kept=kept)


def cuts_of_lengths(zone: ZoneInfo) -> tuple[float, float, float]:
    """(learn until, choose until, test until) of stays that `laid_out` gave dates: no patient lies on both sides."""
    learn, choose, test = epoch_of(np.array(SPANS[1:]), zone).tolist()
    return learn, choose, test


def laid_out(stays: pd.DataFrame, zone: ZoneInfo, grain: Grain, seed: int = 0) -> pd.DataFrame:
    """The stays with times: `admitted` and `discharged` in seconds since 1970, the length in days or nights kept."""
    rng = np.random.default_rng(seed)
    days = stays["days"].to_numpy(dtype=np.float64)
    if grain is Grain.LENGTHS:
        first = _spans(stays, rng)
        nights = days
    else:
        admitted, discharged = (
            _known(local_wall, stays[name].to_numpy(np.float64), zone) for name in ("admitted", "discharged")
        )
        first = admitted // DAY * DAY
        nights = discharged // DAY - admitted // DAY
    whole = bool((nights[np.isfinite(nights)] % 1 == 0).all())
    came, left = _whole(first, nights, rng) if whole else _exact(first, nights, rng)
    admitted, discharged = epoch_of(came, zone), _known(epoch_of, left, zone)
    # An hour that clocks skip may turn a short stay round.
    discharged = np.where(discharged <= admitted, admitted + 60.0, discharged)
    return stays.assign(admitted=admitted, discharged=discharged)


def _spans(stays: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """A first day per stay: each patient belongs to one span of years."""
    codes, patients = pd.factorize(stays["patient_id"])
    span = np.searchsorted(SHARES, rng.random(len(patients)), side="right")[codes]
    first: Floats = np.array(SPANS)[span] + rng.integers(0, SPREAD_DAYS, len(stays)) * DAY
    return first


def _whole(first: Floats, nights: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """So many midnights between coming, at any hour, and leaving, at an hour of the general profile."""
    came = rng.uniform(0.0, 0.95 * DAY, len(first))
    same_day = came + rng.uniform(0.05, 0.95, len(first)) * (DAY - came)
    left = np.where(nights == 0, same_day, _leaving(len(first), rng))
    return first + came, first + nights * DAY + left


def _exact(first: Floats, days: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """The exact length before an hour of the general profile."""
    left = first + np.ceil(days) * DAY + _leaving(len(first), rng)
    return left - np.maximum(days, 1 / 24) * DAY, left


def _leaving(number: int, rng: np.random.Generator) -> Floats:
    share = GENERAL_HOURS / GENERAL_HOURS.sum()
    seconds: Floats = (rng.choice(24, number, p=share) + rng.random(number)) * 3600.0
    return seconds


def _known(clock: Callable[[Floats, ZoneInfo], Floats], seconds: Floats, zone: ZoneInfo) -> Floats:
    """From one clock to the other; what is not known stays so."""
    known = np.isfinite(seconds)
    found: Floats = np.full(len(seconds), np.nan)
    found[known] = clock(seconds[known], zone)
    return found


def _past_stays(stays: pd.DataFrame, keyed_id: KeyedId) -> tuple[PastStay, ...]:
    columns = {name: stays[name].astype(str).tolist() for name in WORDS}
    columns["sex"] = [SEXES.get(word.lower(), word.lower()) for word in columns["sex"]]
    columns["admission_source"] = [_house_word(word) for word in columns["admission_source"]]
    rows: dict[str, list[object]] = {
        **columns,
        **{name: [keyed_id(name, one) for one in stays[name]] for name in ("stay_id", "patient_id")},
        **{f"{name}_at": [_moment(one) for one in stays[name]] for name in ("admitted", "discharged")},
        "age": [None if np.isnan(one) else float(one) for one in stays["age"]],
    }  # fmt: skip
    return tuple(PastStay(**dict(zip(rows, values, strict=True))) for values in zip(*rows.values(), strict=True))


def _house_word(word: str) -> str:
    return word.lower().replace(" ", "_").replace("-", "_")


def _observations(seen: Seen, order: Ints) -> Seen:
    # Row of the file's table → row of the history.
    place = np.full(int(max(order.max(), seen.row.max(initial=0))) + 1, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    row = place[seen.row]
    by_row = np.argsort(row, kind="stable")
    by_row = by_row[row[by_row] >= 0]
    columns = (seen.at, seen.code, seen.value)
    at, code, value = (column[by_row] for column in columns)
    return Seen(row[by_row], at, code, value, seen.codes, seen.line[by_row])


def columns_of(seen: Seen) -> Observations:
    """As a history keeps them."""
    return Observations(
        stay_index=array("q", seen.row.astype(np.int64).tobytes()),
        observed_at=array("d", seen.at.tobytes()),
        code_index=array("q", seen.code.astype(np.int64).tobytes()),
        value=array("d", seen.value.tobytes()),
        codes=seen.codes,
    )


def _moment(seconds: float) -> datetime | None:
    return None if np.isnan(seconds) else datetime.fromtimestamp(seconds, UTC)


def read_by_models(history: History) -> int:
    """How many of its observations a model reads."""
    if not len(history.observations):
        return 0
    known = [code in CODES for code in history.observations.codes]
    return int(np.array(known)[np.frombuffer(history.observations.code_index, dtype=np.int64)].sum())
