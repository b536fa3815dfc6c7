"""Files of other people: each ends in a document that every JSON reader takes, or in a sentence and exit code 16."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hospital_ops import cli
from hospital_ops.exits import Exit
from hospital_ops.infra import db
from hospital_ops.ml import evaluate_arrivals

DATED = "stay_id,patient_id,admitted_at,discharged_at,age,sex,unit,diagnosis_code,admission_source"
UNDATED = "stay_id,patient_id,length_of_stay_days,age,sex,unit,diagnosis_code,admission_source"
Run = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Evaluate lines (or bytes) as a file: (exit code, document or {}, what standard error says). No database may be opened."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("evaluate must not open a database")

    monkeypatch.setattr(db, "engine", refuse)
    monkeypatch.setattr(evaluate_arrivals, "TEST_DAYS", 40)

    def act(what: str, data: list[str] | bytes, *more: str) -> tuple[int, dict[str, Any], str]:
        path = tmp_path / "own.csv"
        path.write_bytes(data if isinstance(data, bytes) else ("\n".join(data) + "\n").encode())
        code = cli.main(["evaluate", what, "--data", str(path), "--json", *more])
        said = capsys.readouterr()
        return code, _strict(said.out) if said.out else {}, said.err

    return act


def _strict(text: str) -> dict[str, Any]:
    """Strict JSON: no NaN, no Infinity."""

    def never(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    found: dict[str, Any] = json.loads(text, parse_constant=never)
    return found


def undated(stays: int, seed: int = 1, patients: int = 0, days: Callable[[int], object] | None = None) -> list[str]:
    """Made-up stays: hearts stay longer than knees."""
    rng = np.random.default_rng(seed)
    lines = [UNDATED]
    for one in range(stays):
        heart = one % 2
        length = days(one) if days else 1 + rng.poisson(4 if heart else 1.5)
        patient = int(rng.integers(0, patients or stays))
        age = f"[{int(rng.integers(4, 9)) * 10}-{100})" if one % 3 == 0 else str(int(rng.integers(20, 95)))
        words = f"{'female' if one % 5 else 'male'},Medicine,{'I50.9' if heart else 'M17.1'},emergency"
        lines.append(f"{one},{patient},{length},{age},{words}")
    return lines


def dated(stays: int, seed: int = 1, whole: bool = False) -> list[str]:
    rng = np.random.default_rng(seed)
    lines = [DATED]
    for one in range(stays):
        start = datetime(2025, 1, 1) + timedelta(hours=float(one * 4380 / stays))  # noqa: DTZ001
        end = start + timedelta(days=float(1 + rng.gamma(2.0, 2.0 if one % 2 else 0.8)))
        if whole:
            start, end = start.replace(hour=0, minute=0, second=0, microsecond=0), start + timedelta(days=1 + one % 6)
            end = end.replace(hour=0, minute=0, second=0, microsecond=0)
        lines.append(
            f"{one},{one % (stays // 2)},{start:%Y-%m-%dT%H:%M},{end:%Y-%m-%dT%H:%M},{20 + one % 70},"
            f"{'female' if one % 3 else 'male'},{'Cardiac' if one % 2 else 'Ortho'},{'I50.9' if one % 2 else 'M17.1'},emergency"
        )
    return lines


def three_days(stays: int) -> list[str]:
    """From noon to noon, some over the night in which clocks change."""
    days = [date(2025, 3, 1) + timedelta(days=one % 28) for one in range(stays)]
    spans = (f"{day}T12:00,{day + timedelta(days=3)}T12:00" for day in days)
    return [DATED, *(f"{one},{one},{span},50,male,U,I1,x" for one, span in enumerate(spans))]


RUNGS = [("none", True), ("clinical", True), ("payer", True), ("race", False)]


def test_without_dates_patients_are_kept_whole_and_the_baselines_stand_beside(run: Run) -> None:
    lines = undated(900, patients=400)
    lines[0] += ",shoe_size,race"
    lines[1:] = [f"{line},43,{'A' if place % 3 else 'B'}" for place, line in enumerate(lines[1:])]
    lines[5] = lines[5].rsplit(",", 1)[0]  # one field too few
    code, told, _ = run("length-of-stay", lines)
    assert code == Exit.OK
    assert told["split"] == "patient-grouped"
    assert "no dates" in told["split_words"]
    assert told["unknown_columns"] == ["shoe_size"]
    assert told["rows"] == {"read": 900, "used": 899, "bad": 1}
    assert told["bad_rows"] == [{"file": "own.csv", "line": 6, "reason": "has 9 fields; the heading has 10."}]
    baselines = told["baselines"]
    assert told["model"]["mae"] < baselines["median"]["mae"]
    assert {"kaplan_meier", "median", "median_by_diagnosis"} <= set(baselines)
    assert told["model"]["strata"][0]["covered"] > 0.7
    assert {row["group"] for row in told["fairness"]["groups"] if row["by"] == "race"} == {"A", "B"}
    assert told["fairness"]["gate"]["passed"] in (True, False)
    # Every way that was tried against bias by group, and that race is never served.
    assert [(row["name"], row["served"]) for row in told["fairness"]["mitigation"]["rungs"]] == RUNGS
    assert {"model", "groups", "why_not"} <= set(told["fairness"]["as_learned"])
    assert told["calibration"]["24h"]["bins"]


def test_with_dates_and_hours_later_stays_are_foretold(run: Run) -> None:
    code, told, said = run("length-of-stay", dated(1500))
    assert code == Exit.OK, said
    assert (told["split"], told["grain"]) == ("chronological", "hours")
    assert [(row["name"], row["served"]) for row in told["fairness"]["mitigation"]["rungs"]] == RUNGS
    assert told["at_admission"]["model"]["mae_days"] < told["at_admission"]["median"]["mae"]
    assert told["at_any_moment"]["model"]["in_the_past"] == 0
    assert told["at_any_moment"]["model"]["strata"]
    assert set(told["calibration"]) == {"24h", "48h", "72h"}


def test_dates_without_hours_are_whole_days_and_still_chronological(run: Run) -> None:
    code, told, said = run("length-of-stay", dated(700, whole=True))
    assert code == Exit.OK, said
    assert (told["split"], told["grain"]) == ("chronological", "whole days")


def test_a_date_and_a_length_make_a_discharge(run: Run) -> None:
    lines = [DATED.replace("discharged_at", "length_of_stay_days")]
    for one in range(600):
        lines.append(
            f"s{one},{one},2025-{1 + one // 60:02d}-{1 + one % 28:02d},{1 + one % 7},{30 + one % 50},male,U,I1,x"
        )
    code, told, said = run("length-of-stay", lines)
    assert code == Exit.OK, said
    assert told["split"] == "chronological"
    assert told["rows"]["bad"] == 0


REFUSED: dict[str, tuple[list[str] | bytes, str]] = {
    "empty": (b"", "has no heading"),
    "only a heading": ([UNDATED], "no row that can be used"),
    "a column missing": ([UNDATED.replace(",sex", ""), "1,1,3,50,U,I1,x"], "lacks the column sex"),
    "neither dates nor lengths": ([UNDATED.replace("length_of_stay_days,", "")], "or length_of_stay_days"),
    "a column twice": ([UNDATED + ",age", "1,1,3,50,f,U,I1,x,51"], "names the column age more than once"),
    "semicolons": ([UNDATED.replace(",", ";")], "separated by semicolons"),
    "another encoding": ("\n".join([*undated(5), "9,9,3,50,f,Z\xfcrich,I1,x"]).encode("latin-1"), "is not UTF-8"),
    "UTF-16": ("\n".join(undated(5)).encode("utf-16"), "UTF-16 text"),
    "UTF-16 without a mark": ("\n".join(undated(5)).encode("utf-16-le"), "zero bytes"),
    "capitals": ([UNDATED.upper()], "It has 'STAY_ID'; names are read exactly as stay_id."),
    "spaces": (
        [UNDATED.replace("patient_id", "Patient ID")],
        "It has 'Patient ID'; names are read exactly as patient_id.",
    ),
    "a workbook": (b"PK\x03\x04" + bytes(200), "workbook"),
    "gzip": (b"\x1f\x8b" + bytes(200), "gzip"),
    "noise": (bytes(range(128, 256)) * 20, "is not UTF-8"),
    "tiny": (undated(12), "12 finished stays are too few"),
    "one patient only": (undated(400, patients=1), "are of 1 patient;"),
    "constant lengths": (undated(400, days=lambda one: 4), "Every stay lasts 4 days"),
    "constant lengths across the change of clocks": (three_days(400), "Every stay lasts 3 days"),
    "hardly anybody stays": (undated(400, days=lambda one: 1 if one % 100 else 3), "longer than a day"),
    "all in the house": ([line.rsplit(",", 6)[0].rsplit(",", 1)[0] + ",,1,f,U,I1,x" for line in dated(300)], "lacks"),
    "negative lengths": (undated(400, days=lambda one: -3), "no row that can be used. Line 2: length_of_stay_days -3"),
    "not a number": (undated(400, days=lambda one: "nan"), "no row that can be used"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_cannot_be_used_is_one_sentence_and_a_code(run: Run, name: str) -> None:
    data, words = REFUSED[name]
    code, told, said = run("length-of-stay", data)
    assert (code, told) == (Exit.DATA_REFUSED, {})
    assert words in said
    assert "Traceback" not in said


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        assert cli.main(["evaluate", "arrivals", "--data", str(path), "--json"]) == Exit.DATA_REFUSED
        assert "cannot be opened" in capsys.readouterr().err


def test_bad_rows_are_left_out_with_line_and_reason(run: Run) -> None:
    lines = undated(500)
    lines += ["7,7,3,50,f,U,I1,x", "x1,1,-2,50,f,U,I1,x", "x2,1,3,old,f,U,I1,x", ",1,3,50,f,U,I1,x", "", '"x3,1,3']
    code, told, _ = run("length-of-stay", lines)
    assert code == Exit.OK
    reasons = {row["line"]: row["reason"] for row in told["bad_rows"]}
    assert reasons[502] == "stay_id 7 came before."
    assert "-2 lies outside" in reasons[503]
    assert "'old' is not a number" in reasons[504]
    assert "is empty" in reasons[505]
    assert "fields" in reasons[507]
    assert told["rows"] == {"read": 505, "used": 500, "bad": 5}


@pytest.mark.parametrize(
    "days",
    [
        lambda one: 0 if one % 4 == 0 else 1 + one % 5,
        lambda one: 0.25 + one % 9,
        lambda one: 90 + one % 40,
        lambda one: 340 + one % 90,
        lambda one: 1 if one % 9 else 3000,
    ],
    ids=["zero days", "fractions", "months", "beyond what is told", "a few very long"],
)
def test_odd_lengths_give_an_honest_result(run: Run, days: Callable[[int], object]) -> None:
    code, told, said = run("length-of-stay", undated(500, days=days))
    assert code == Exit.OK or "there is nothing to foretell" in said
    if code == Exit.OK:
        assert told["notes"]
        assert math.isfinite(told["model"]["mae"])


def test_stays_of_months_are_measured_in_days_and_not_cut(run: Run) -> None:
    code, told, said = run("length-of-stay", undated(500, days=lambda one: 90 + one % 40))
    assert code == Exit.OK, said
    assert told["notes"] == ["Stays are long: later days are told in periods, the widest of 6 days."]
    assert told["model"]["mae"] == told["model"]["mae_uncut"] > 5
    assert told["baselines"]["kaplan_meier"]["mae"] > 5


def test_nothing_known_but_lengths_is_still_an_answer(run: Run) -> None:
    lines = [UNDATED, *(f"{one},{one},{1 + one % 6},,,,," for one in range(300))]
    code, told, said = run("length-of-stay", lines)
    assert code == Exit.OK, said
    assert told["fairness"]["given"] == []


def test_observations_are_read_and_what_is_wrong_with_them_said(run: Run, tmp_path: Path) -> None:
    seen = tmp_path / "seen.csv"
    rows = [f"{one},2025-02-0{1 + one % 9}T08:00,1988-5,{10 + one},mg/L" for one in range(40)]
    seen.write_text("\n".join(["stay_id,observed_at,code,value,unit", *rows, "3,2025-02-01T08:00,1988-5,9,mg/dL",
                               "3,2025-02-01T08:00,X,9,", "none,2025-02-01T08:00,1988-5,9,mg/L"]))  # fmt: skip
    code, told, said = run("length-of-stay", dated(900), "--observations", str(seen))
    assert code == Exit.OK, said
    assert told["observations"] == {"read": 43, "of_codes_not_read": {"X": 1}}
    assert [row["line"] for row in told["bad_rows"]] == [42, 44]
    assert "mg/L, not in mg/dL" in told["bad_rows"][0]["reason"]


# --- arrivals --------------------------------------------------------------------------------------------------------


def by_day(days: int, first: date = date(2024, 1, 1), level: float = 40.0, leave_out: range = range(0)) -> list[str]:
    rng = np.random.default_rng(3)
    rows = ["at,arrivals"]
    for one in range(days):
        when = first + timedelta(days=one)
        count = rng.poisson(level * (1.3 if when.weekday() == 0 else 1.0))
        if one not in leave_out:
            rows.append(f"{when},{count}")
    return rows


def test_days_are_foretold_beside_what_any_hospital_could_do(run: Run) -> None:
    code, told, said = run("arrivals", by_day(420))
    assert code == Exit.OK, said
    daily = told["daily"]
    assert told["grain"] == "days"
    assert told["hourly_next_day"] is None
    assert daily["model"]["mase"] < daily["baselines"]["seasonal_naive"]["mase"]
    assert {"six_week_mean", "seasonal_naive"} == set(daily["baselines"])
    assert 0 < daily["poisson_floor"]["mase"] <= daily["model"]["mase"] * 1.05
    assert [row["days_ahead"] for row in told["coverage_by_days_ahead"]] == ["1–1", "2–3", "4–7", "8–14", "15–28"]
    assert len(told["coverage_by_weekday"]) == 7
    assert len(told["calibration"]) == 9


def test_hours_are_foretold_for_the_next_day(run: Run) -> None:
    rows = ["at,arrivals"]
    for one in range(300 * 24):
        when = datetime(2024, 1, 1) + timedelta(hours=one)  # noqa: DTZ001
        rows.append(f"{when:%Y-%m-%d %H:%M},{(one * 7) % 5}")
    code, told, said = run("arrivals", rows)
    assert code == Exit.OK, said
    assert told["grain"] == "hours"
    assert told["rows"]["bad"] == 0
    assert told["hourly_next_day"]["model"]["mase"] is not None


def test_a_gap_is_named_and_not_taken_for_quiet_days(run: Run) -> None:
    code, told, said = run("arrivals", by_day(420, leave_out=range(380, 395)))
    assert code == Exit.OK, said
    assert told["gaps"] == [{"from": "2025-01-15", "to": "2025-01-29", "days": 15}]
    assert abs(told["daily"]["model"]["signed_error"]) < 4


def test_offsets_are_put_on_the_hospitals_clock(run: Run) -> None:
    rows = ["at,arrivals"]
    rows += [f"{datetime(2024, 1, 1) + timedelta(hours=one):%Y-%m-%dT%H:%M}Z,{one % 24}" for one in range(265 * 24)]  # noqa: DTZ001
    code, told, said = run("arrivals", rows, "--timezone", "Asia/Tokyo")
    assert code == Exit.OK, said
    assert (told["timezone"], told["rows"]["bad"]) == ("Asia/Tokyo", 0)


ARRIVALS_REFUSED: dict[str, tuple[list[str], str]] = {
    "no column": (["when,arrivals", "2024-01-01,3"], "lacks the column at"),
    "too short": (by_day(100), "100 days are too few"),
    "nobody comes": (["at,arrivals", *(row.split(",")[0] + ",0" for row in by_day(400)[1:])], "Nobody comes"),
    "mostly gaps": (["at,arrivals", "2020-01-01,3", "2024-01-01,4"], "too many are missing"),
    "ages apart": (["at,arrivals", "1900-01-01,3", "2240-01-01,4"], "at most"),
    "American dates": (["at,arrivals", "1/31/2024,3"], "'1/31/2024' is not a date"),
    "negative": (["at,arrivals", "2024-01-01,-3"], "lies outside 0"),
    "broken": (["at,arrivals", "2024-01-01,2.5"], "not a whole number"),
}


@pytest.mark.parametrize("name", list(ARRIVALS_REFUSED))
def test_arrivals_that_cannot_be_used_are_a_sentence(run: Run, name: str) -> None:
    data, words = ARRIVALS_REFUSED[name]
    code, told, said = run("arrivals", data)
    assert (code, told) == (Exit.DATA_REFUSED, {})
    assert words in said


def test_the_same_day_twice_counts_once_and_is_said(run: Run) -> None:
    rows = by_day(400)
    code, told, said = run("arrivals", [*rows, rows[-1]])
    assert code == Exit.OK, said
    assert told["bad_rows"] == [{"file": "own.csv", "line": 402, "reason": "at 2025-02-03T00:00 came before."}]


def test_always_the_same_number_is_an_honest_result(run: Run) -> None:
    rows = ["at,arrivals", *(row.split(",")[0] + ",7" for row in by_day(400)[1:])]
    code, told, said = run("arrivals", rows)
    assert code == Exit.OK, said
    assert told["daily"]["model"]["mase"] is None
    assert told["daily"]["model"]["mae"] < 1


def test_an_unknown_time_zone_is_refused(run: Run) -> None:
    code, _, said = run("arrivals", by_day(300), "--timezone", "Mars/Olympus")
    assert code == Exit.USAGE
    assert "Mars/Olympus" in said
