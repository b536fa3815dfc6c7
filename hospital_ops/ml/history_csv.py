"""A hospital's own history as CSV: good rows are kept, bad ones listed with line and reason, unknown columns named.

Columns: stay_id, patient_id, admitted_at, discharged_at (or length_of_stay_days), age (70 or `[70-80)`), sex, unit,
diagnosis_code, admission_source; optional race, ethnicity, language, payer. Observations come in a second file:
stay_id, observed_at, code, value, unit.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from hospital_ops.ml.dataset import CODES, DAY, WORDS, StayTable, earlier_stays

NEEDED = ("stay_id", "patient_id", "age", "sex", "unit", "diagnosis_code", "admission_source")
OPTIONAL = ("admitted_at", "discharged_at", "length_of_stay_days", "race", "ethnicity", "language", "payer")
BAND = re.compile(r"[\[(]?\s*(\d+(?:\.\d+)?)\s*[-–]\s*(\d+(?:\.\d+)?)\s*[\])]?$")
LONGEST_DAYS, OLDEST = 3650.0, 125.0


class HistoryError(Exception):
    """A file that cannot be used at all, with the reason as a sentence."""


@dataclass(frozen=True)
class Reading:
    """What came of a file. `problems` are (line, reason); line 1 is the heading."""

    table: StayTable
    problems: list[tuple[int, str]]
    unknown_columns: list[str]

    @property
    def split(self) -> str:
        """How such data is split for learning and testing, in words."""
        return "chronological" if self.table.dated else "patient-grouped, since the file has no dates"


def read_history(path: Path, zone: ZoneInfo, observations: Path | None = None) -> Reading:
    """Stays (and observations) of a file. Raises HistoryError when no row or not all columns are there."""
    columns, rows = _rows(path)
    dated = {"admitted_at", "discharged_at"} <= set(columns)
    missing = [name for name in NEEDED if name not in columns]
    if not dated and "length_of_stay_days" not in columns:
        missing.append("admitted_at and discharged_at (or length_of_stay_days)")
    if missing:
        raise HistoryError(f"{path.name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}.")
    kept: list[dict[str, object]] = []
    problems: list[tuple[int, str]] = []
    seen: set[str] = set()
    for line, row in rows:
        try:
            kept.append(_stay(row, dated, zone, seen))
        except ValueError as error:
            problems.append((line, str(error)))
    if not kept:
        raise HistoryError(f"{path.name} has no row that can be used.")
    table = _table(kept, dated, zone)
    if observations is not None:
        table = _with_observations(table, observations, zone, problems)
    return Reading(table, problems, [name for name in columns if name not in (*NEEDED, *OPTIONAL)])


def read_arrivals(path: Path) -> tuple[int, np.ndarray, list[tuple[int, str]]]:
    """(first local day since 1970, arrivals per hour from its midnight, problems) of a file `at,arrivals`.

    `at` is a date, or a date and hour on the hospital's own clock. Hours that no row names count as nobody.
    """
    columns, rows = _rows(path)
    if not {"at", "arrivals"} <= set(columns):
        raise HistoryError(f"{path.name} needs the columns at, arrivals.")
    problems: list[tuple[int, str]] = []
    found: dict[int, float] = {}
    for line, row in rows:
        try:
            at = _when(row["at"], ZoneInfo("UTC"), "at").replace(tzinfo=ZoneInfo("UTC"))
            count = _number(row["arrivals"], "arrivals", 0.0, 1e6)
            hour = int(at.timestamp() // 3600)
            found[hour] = found.get(hour, 0.0) + count
        except ValueError as error:
            problems.append((line, str(error)))
    if not found:
        raise HistoryError(f"{path.name} has no row that can be used.")
    first = min(found) // 24
    hourly = np.zeros(((max(found) // 24 - first) + 1) * 24)
    for hour, count in found.items():
        hourly[hour - first * 24] = count
    return first, hourly, problems


def years(text: str) -> float:
    """An age from `71`, `71.5` or a band such as `[70-80)`, of which the middle is taken."""
    band = BAND.match(text.strip())
    if band:
        return (float(band[1]) + float(band[2])) / 2
    return _number(text, "age", 0.0, OLDEST)


def _rows(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = [name.strip() for name in reader.fieldnames or []]
            reader.fieldnames = columns
            return columns, [
                (reader.line_num, {name: (value or "").strip() for name, value in row.items() if name})
                for row in reader
            ]
    except UnicodeDecodeError as error:
        raise HistoryError(f"{path.name} is not UTF-8.") from error
    except (OSError, csv.Error) as error:
        raise HistoryError(f"{path.name} cannot be read as CSV.") from error


def _stay(row: dict[str, str], dated: bool, zone: ZoneInfo, seen: set[str]) -> dict[str, object]:
    stay_id, patient_id = row["stay_id"], row["patient_id"]
    if not stay_id or not patient_id:
        raise ValueError("stay_id or patient_id is empty.")
    if stay_id in seen:
        raise ValueError(f"stay_id {stay_id} came before.")
    admitted = discharged = float("nan")
    if dated:
        admitted = _when(row["admitted_at"], zone, "admitted_at").timestamp()
        if row["discharged_at"]:
            discharged = _when(row["discharged_at"], zone, "discharged_at").timestamp()
            if discharged <= admitted:
                raise ValueError("discharged_at is not after admitted_at.")
        days = (discharged - admitted) / DAY
    else:
        days = _number(row["length_of_stay_days"], "length_of_stay_days", 0.0, LONGEST_DAYS)
    age = years(row["age"]) if row["age"] else float("nan")
    seen.add(stay_id)
    numbers: dict[str, object] = {"admitted": admitted, "discharged": discharged, "days": days, "age": age}
    return {"stay_id": stay_id, "patient_id": patient_id, **numbers, **{word: row.get(word, "") for word in WORDS}}


def _when(text: str, zone: ZoneInfo, name: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{name} {text!r} is not a date and time such as 2026-03-01T14:30.") from error
    return when if when.tzinfo else when.replace(tzinfo=zone)


def _number(text: str, name: str, least: float, most: float) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise ValueError(f"{name} {text!r} is not a number.") from error
    if not least <= value <= most:
        raise ValueError(f"{name} {text} lies outside {least:g} to {most:g}.")
    return value


def _table(kept: list[dict[str, object]], dated: bool, zone: ZoneInfo) -> StayTable:
    stays = pd.DataFrame(kept)
    if dated:
        stays = stays.sort_values("admitted", kind="stable").reset_index(drop=True)
    earlier_stays(stays)
    if not dated:
        # Without dates nobody can say which stay came first.
        stays["earlier_stays"], stays["earlier_mean_days"] = 0.0, np.nan
    return StayTable(stays=stays, zone=zone, dated=dated)


def _with_observations(table: StayTable, path: Path, zone: ZoneInfo, problems: list[tuple[int, str]]) -> StayTable:
    columns, rows = _rows(path)
    if not {"stay_id", "observed_at", "code", "value"} <= set(columns):
        raise HistoryError(f"{path.name} needs the columns stay_id, observed_at, code, value, unit.")
    place = {stay_id: row for row, stay_id in enumerate(table.stays["stay_id"])}
    seen: list[tuple[int, float, int, float]] = []
    for line, row in rows:
        try:
            if row["stay_id"] not in place:
                raise ValueError(f"stay_id {row['stay_id']} is not among the stays.")
            at = _when(row["observed_at"], zone, "observed_at").timestamp()
            value = _number(row["value"], "value", -1e9, 1e9)
            if row["code"] in CODES:
                seen.append((place[row["stay_id"]], at, CODES.index(row["code"]), value))
        except ValueError as error:
            problems.append((line, f"{path.name}: {error}"))
    seen.sort()
    rows_, at_, code, value_ = (np.array(column) for column in zip(*seen, strict=True)) if seen else (np.empty(0),) * 4
    return StayTable(
        stays=table.stays,
        zone=zone,
        seen_row=rows_.astype(np.int64),
        seen_at=at_.astype(np.float64),
        seen_code=code.astype(np.int64),
        seen_value=value_.astype(np.float64),
        dated=table.dated,
    )
