"""A hospital's own CSV: good rows are kept, bad ones said with their line, and what is unknown is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from hospital_ops.ml.arrivals_csv import read_arrivals
from hospital_ops.ml.csv_rows import FileRefused, Problem
from hospital_ops.ml.history_csv import read_history, years

from .conftest import ZONE

HEAD = "stay_id,patient_id,admitted_at,discharged_at,age,sex,unit,diagnosis_code,admission_source"
GOOD = "1,7,2026-01-02T10:00,2026-01-05T14:00,71,female,Medicine,I50.9,emergency"


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "history.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_good_rows_are_kept_and_bad_ones_said(tmp_path: Path) -> None:
    path = _file(
        tmp_path, HEAD, GOOD,
        "2,7,2026-02-30T10:00,2026-03-01T10:00,71,female,Medicine,I50.9,emergency",
        "3,8,2026-01-05T10:00,2026-01-04T10:00,50,male,Medicine,I50.9,emergency",
        "1,9,2026-01-05T10:00,2026-01-06T10:00,50,male,Medicine,I50.9,emergency",
        "4,9,2026-01-05T10:00,2026-01-06T10:00,old,male,Medicine,I50.9,emergency",
        "5,7,2026-02-01T10:00,2026-02-02T10:00,[70-80),female,Medicine,N39.0,emergency",
    )  # fmt: skip
    reading = read_history(path, ZONE)
    assert [problem.line for problem in reading.problems.listed] == [3, 4, 5, 6]
    reasons = " ".join(problem.reason for problem in reading.problems.listed)
    for words in ("not a date and time", "not after admitted_at", "came before", "not a number"):
        assert words in reasons
    stays = reading.table.stays
    assert stays["stay_id"].tolist() == ["1", "5"]
    assert stays["age"].tolist() == [71.0, 75.0]
    assert stays["earlier_stays"].tolist() == [0.0, 1.0]
    assert reading.split == "chronological"


def test_unknown_columns_are_named_and_left(tmp_path: Path) -> None:
    reading = read_history(_file(tmp_path, HEAD + ",shoe_size", GOOD + ",43"), ZONE)
    assert reading.unknown_columns == ["shoe_size"]
    assert "shoe_size" not in reading.table.stays


def test_without_dates_the_split_is_by_patient_and_said_so(tmp_path: Path) -> None:
    head = HEAD.replace("admitted_at,discharged_at", "length_of_stay_days")
    row = "1,7,4,71,female,Medicine,I50.9,emergency"
    reading = read_history(_file(tmp_path, head, row), ZONE)
    assert not reading.table.dated
    assert reading.split.startswith("patient-grouped")
    assert reading.table.stays["days"].tolist() == [4.0]


def test_a_missing_column_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="lacks the column sex"):
        read_history(_file(tmp_path, HEAD.replace(",sex", ""), GOOD), ZONE)


def test_observations_come_in_a_second_file(tmp_path: Path) -> None:
    seen = tmp_path / "seen.csv"
    seen.write_text(
        "stay_id,observed_at,code,value,unit\n1,2026-01-03T06:00,1988-5,80,mg/L\n1,2026-01-02T11:00,1988-5,120,mg/L\n"
        "9,2026-01-03T06:00,1988-5,80,mg/L\n1,2026-01-03T06:00,99999-9,1,x\n"
    )
    reading = read_history(_file(tmp_path, HEAD, GOOD), ZONE, seen)
    assert reading.table.seen_value.tolist() == [120.0, 80.0]
    assert reading.problems.listed == [Problem("seen.csv", 4, "stay_id 9 is not among the stays.")]
    assert reading.left == {"99999-9": 1}


@pytest.mark.parametrize(
    ("text", "age"), [("71", 71.0), ("[70-80)", 75.0), ("0-10", 5.0), ("70–80", 75.0), ("90+", 95.0)]
)
def test_an_age_is_a_number_or_a_band(text: str, age: float) -> None:
    assert years(text) == age


def test_arrivals_are_read_by_the_hour(tmp_path: Path) -> None:
    path = _file(tmp_path, "at,arrivals", "2026-01-01T05:00,3", "2026-01-02T00:00,4", "2026-01-02T01:00,many")
    reading = read_arrivals(path, ZONE)
    assert reading.first_day == 20454
    assert (reading.hourly[5], reading.hourly[24], reading.hourly.sum()) == (3.0, 4.0, 7.0)
    assert [problem.line for problem in reading.problems.listed] == [4]
    assert (reading.by_hour, reading.silent_hours, reading.gaps()) == (True, 46, [])
