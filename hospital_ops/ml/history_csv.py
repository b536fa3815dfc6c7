"""A hospital's own past as CSV: good rows are kept, bad ones listed with line and reason, unknown columns named.

Columns: stay_id, patient_id, admitted_at, discharged_at (or length_of_stay_days), age (70 or `[70-80)`), sex, unit,
diagnosis_code, admission_source; optional race, ethnicity, language, payer. Observations come in a second file:
stay_id, observed_at, code, value, unit.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from hospital_ops.domain.history import OBSERVED
from hospital_ops.ml.csv_rows import FileRefused, Problems, Row, Rows, Told, lack, moment, number
from hospital_ops.ml.dataset import CODES, DAY, WORDS, Floats, Ints, StayTable, earlier_stays

NEEDED = ("stay_id", "patient_id", "age", "sex", "unit", "diagnosis_code", "admission_source")
OPTIONAL = ("admitted_at", "discharged_at", "length_of_stay_days", "race", "ethnicity", "language", "payer")
SEEN = ("stay_id", "observed_at", "code", "value", "unit")
NUMBERS = ("admitted", "discharged", "days", "age")
BAND = re.compile(r"[\[(]?\s*(\d+(?:\.\d+)?)\s*[-–]\s*(\d+(?:\.\d+)?)\s*[\])]?$")
OPEN_BAND = re.compile(r"(?:[≥>]=?\s*(\d+)|(\d+)\s*\+)$")
LONGEST_DAYS, OLDEST = 3650.0, 125.0
HALF_OPEN_YEARS = 5.0  # a band without an end is taken for ten years


@dataclass(frozen=True)
class Seen:
    """Every observation of a file, sorted by row of the stay, then time; `code` indexes `codes`, of which CODES come first.

    What no model reads carries its unit in its name ("2345-7 mg/dL"), since nothing else says in what it was measured.
    """

    row: Ints
    at: Floats
    code: Ints
    value: Floats
    codes: tuple[str, ...] = CODES
    line: Ints = field(default_factory=lambda: np.empty(0, np.int64))


@dataclass(frozen=True)
class Reading:
    """What came of a file. Line 1 of `problems` is the heading; `left` counts observations of codes no model reads.

    `lines`: where each stay of the table stood; `seen.line` likewise for observations.
    """

    table: StayTable
    problems: Problems
    unknown_columns: list[str]
    rows: int
    observations: int = 0
    left: dict[str, int] = field(default_factory=dict)
    seen: Seen | None = None
    lines: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def split(self) -> str:
        """How such data is split for learning and testing, in words."""
        return "chronological" if self.table.dated else "patient-grouped, since the file has no dates"

    @property
    def to_the_day(self) -> bool:
        """Whether the file knows days but no hours: lengths without dates, or dates that are whole days apart."""
        days = self.table.stays["days"].dropna()
        # Where clocks change, two midnights are an hour more or less than whole days apart.
        return not self.table.dated or bool(((days - days.round()).abs() < 1.01 / 24).all())


def read_history(
    path: Path, zone: ZoneInfo, observations: Path | None = None, told: Told = lambda rows: None, keep: bool = False
) -> Reading:
    """Stays (and observations) of a file. Raises FileRefused when no row or not all columns are there.

    `keep`: observations that no model reads are in `seen` all the same.
    """
    problems = Problems()
    rows = Rows(path, problems, told)
    columns = rows.columns
    starts = "admitted_at" in columns
    ends = "discharged_at" in columns or "length_of_stay_days" in columns
    missing = rows.lacking(NEEDED)
    if not (ends and (starts or "length_of_stay_days" in columns)):
        missing.append("admitted_at and discharged_at (or length_of_stay_days)")
    if missing:
        raise lack(path.name, missing, columns)
    stays = _Stays(starts, "discharged_at" in columns, zone)
    for line, row in rows:
        try:
            stays.add(row, line)
        except ValueError as error:
            problems.add(path.name, line, str(error))
    if not len(stays):
        raise FileRefused(f"{path.name} has no row that can be used.{problems.first()}")
    unknown = [name for name in columns if name not in (*NEEDED, *OPTIONAL)]
    table, lines = stays.table()
    reading = Reading(table, problems, unknown, rows.read, lines=lines)
    return reading if observations is None else _with_observations(reading, observations, zone, told, keep)


def years(text: str) -> float:
    """An age from `71`, `71.5`, a band such as `[70-80)`, of which the middle is taken, or `90+`."""
    text = text.strip()
    if band := BAND.match(text):
        low, high = float(band[1]), float(band[2])
        if not low <= high <= OLDEST + 5:
            raise ValueError(f"age {text[:40]!r} is not a band of ages.")
        return (low + high) / 2
    if band := OPEN_BAND.match(text):
        return number(band[1] or band[2], "age", 0.0, OLDEST) + HALF_OPEN_YEARS
    return number(text, "age", 0.0, OLDEST)


class _Stays:
    """Rows as columns: a million stays are a few arrays, and each word is kept once."""

    def __init__(self, dated: bool, ends: bool, zone: ZoneInfo) -> None:
        self.dated, self.ends, self.zone = dated, ends, zone
        self.words: dict[str, list[str]] = {name: [] for name in ("stay_id", "patient_id", *WORDS)}
        self.numbers = {name: array("d") for name in NUMBERS}
        self.seen: set[str] = set()
        self.once: dict[str, str] = {}
        self.lines = array("q")

    def __len__(self) -> int:
        return len(self.seen)

    def add(self, row: Row, line: int) -> None:
        """Raises ValueError with the reason why this row is left out; nothing is kept of it then."""
        stay_id = row["stay_id"]
        if not stay_id or not row["patient_id"]:
            raise ValueError("stay_id or patient_id is empty.")
        if stay_id in self.seen:
            raise ValueError(f"stay_id {stay_id[:40]} came before.")
        admitted, discharged, days = self._times(row)
        values = (admitted, discharged, days, years(row["age"]) if row["age"] else float("nan"))
        self.seen.add(stay_id)
        self.lines.append(line)
        for name, value in zip(NUMBERS, values, strict=True):
            self.numbers[name].append(value)
        for name, column in self.words.items():
            word = row.get(name, "")
            column.append(self.once.setdefault(word, word))

    def _times(self, row: Row) -> tuple[float, float, float]:
        """(admitted, discharged, days): seconds since 1970 and days; NaN for what is not known."""
        unknown = float("nan")
        length = row.get("length_of_stay_days", "")
        if not self.dated:
            return unknown, unknown, number(length, "length_of_stay_days", 0.0, LONGEST_DAYS)
        admitted = moment(row["admitted_at"], self.zone, "admitted_at").timestamp()
        if self.ends and row["discharged_at"]:
            discharged = moment(row["discharged_at"], self.zone, "discharged_at").timestamp()
        elif length:
            discharged = admitted + DAY * number(length, "length_of_stay_days", 0.0, LONGEST_DAYS)
        else:
            return admitted, unknown, unknown
        if discharged < admitted or (discharged == admitted and self.ends):
            raise ValueError("discharged_at is not after admitted_at.")
        days = (discharged - admitted) / DAY
        if days > LONGEST_DAYS:
            raise ValueError(f"the stay is longer than {LONGEST_DAYS:.0f} days.")
        return admitted, discharged, days

    def table(self) -> tuple[StayTable, Ints]:
        """The stays, in order of admission where there are dates, and the line of each."""
        columns: dict[str, object] = {name: np.array(values) for name, values in self.numbers.items()}
        columns |= {name: np.array(values, dtype=object) for name, values in self.words.items()}
        stays, lines = pd.DataFrame(columns), np.array(self.lines, dtype=np.int64)
        if self.dated:
            stays = stays.sort_values("admitted", kind="stable")
            lines, stays = lines[stays.index.to_numpy()], stays.reset_index(drop=True)
        earlier_stays(stays)
        if not self.dated:
            # Without dates nobody can say which stay came first.
            stays["earlier_stays"], stays["earlier_mean_days"] = 0.0, np.nan
        return StayTable(stays=stays, zone=self.zone, dated=self.dated), lines


def _with_observations(reading: Reading, path: Path, zone: ZoneInfo, told: Told, keep: bool) -> Reading:
    rows = Rows(path, reading.problems, told)
    if missing := rows.lacking(SEEN):
        raise lack(path.name, missing, rows.columns)
    place = {stay_id: row for row, stay_id in enumerate(reading.table.stays["stay_id"])}
    codes = {code: number for number, code in enumerate(CODES)}
    columns = (array("q"), array("d"), array("q"), array("d"), array("q"))
    left: dict[str, int] = {}
    for line, row in rows:
        try:
            values = _observation(row, place, codes, zone)
        except ValueError as error:
            reading.problems.add(path.name, line, str(error))
            continue
        if values[2] >= len(CODES):
            left[row["code"]] = left.get(row["code"], 0) + 1
            if not keep:
                continue
        for column, value in zip(columns, (*values, line), strict=True):
            column.append(value)
    seen = _sorted(columns, tuple(codes))
    read = seen.code < len(CODES)
    table = replace(
        reading.table,
        seen_row=seen.row[read], seen_at=seen.at[read], seen_code=seen.code[read], seen_value=seen.value[read],
    )  # fmt: skip
    return replace(reading, table=table, observations=rows.read, left=left, seen=seen)


def _sorted(columns: tuple[Any, ...], codes: tuple[str, ...]) -> Seen:
    row, at, code, value, line = (np.array(column) for column in columns)
    order = np.lexsort((at, row))
    return Seen(row[order], at[order], code[order], value[order], codes, line[order])


def _observation(
    row: Row, place: dict[str, int], codes: dict[str, int], zone: ZoneInfo
) -> tuple[int, float, int, float]:
    """(row of the stay, seconds, number of the code, value); a code that is new gets the next number."""
    if row["stay_id"] not in place:
        raise ValueError(f"stay_id {row['stay_id'][:40]} is not among the stays.")
    at = moment(row["observed_at"], zone, "observed_at").timestamp()
    value = number(row["value"], "value", -1e9, 1e9)
    code = row["code"]
    if not code:
        raise ValueError("code is empty.")
    if code not in CODES:
        return place[row["stay_id"]], at, codes.setdefault(f"{code} {row['unit']}".strip(), len(codes)), value
    name, unit = OBSERVED[code]
    if row["unit"] not in ("", unit):
        raise ValueError(f"{name} is read in {unit}, not in {row['unit'][:20]}.")
    return place[row["stay_id"]], at, codes[code], value
