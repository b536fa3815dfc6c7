"""A later file goes on where a kept one stops: added, ended, unchanged or refused with line and reason; never overwritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hospital_ops.domain.history import Grain, History, Origin, PastStay
from hospital_ops.ml.history_csv import Reading, read_history
from hospital_ops.ml.past import history_of, placed
from hospital_ops.ml.past_append import Appended, append, not_one_past
from hospital_ops.sim.history import generate

from .conftest import ZONE

HEAD = "stay_id,patient_id,admitted_at,discharged_at,age,sex,unit,diagnosis_code,admission_source"
FIRST = [
    "1,7,2026-01-02T10:00,2026-01-05T14:30,71,F,Medicine,I50,emergency",
    "2,8,2026-01-03T10:00,,50,M,Cardiac,I21,emergency",
    "3,9,2026-01-04T10:00,,30,M,Medicine,J18,emergency",
]
SEEN = ["1,2026-01-03T06:00,1988-5,80,mg/L", "2,2026-01-03T12:00,2345-7,5.5,mmol/L"]


def _keyed(name: str, word: str) -> int:
    return 10**18 + int(word)


def _read(folder: Path, lines: list[str], seen: list[str] | None = None) -> Reading:
    stays, observed = folder / "stays.csv", folder / "seen.csv"
    stays.write_text("\n".join([HEAD, *lines]) + "\n")
    observed.write_text("\n".join(["stay_id,observed_at,code,value,unit", *(seen or [])]) + "\n")
    return read_history(stays, ZONE, observed if seen else None, keep=True)


def _kept(folder: Path, lines: list[str] | None = None, seen: list[str] | None = None) -> History:
    return history_of(_read(folder, lines or FIRST, SEEN if seen is None else seen), _keyed, Origin("imported"))


def _append(
    kept: History, folder: Path, lines: list[str], seen: list[str] | None = None
) -> tuple[Appended, list[tuple[int, str]]]:
    reading = _read(folder, lines, seen)
    assert not_one_past(kept, reading) == ""
    grain = Grain.HOURS if kept.grain is Grain.HOURS else None
    refused: list[tuple[int, str]] = []
    found = append(
        kept, placed(reading, _keyed, Origin("imported"), grain=grain), ZONE,
        lambda line, why: refused.append((line, why)), lambda line, why: refused.append((-line, why)),
    )  # fmt: skip
    return found, refused


def _told(history: History) -> list[tuple[int, str, float]]:
    seen = history.observations
    rows = [(seen.stay_index[n], seen.at(n)) for n in range(len(seen))]
    return [(history.stays[row].stay_id - 10**18, one.code, one.value) for row, one in rows]


def test_new_ones_are_added_and_those_who_left_have_an_end(tmp_path: Path) -> None:
    later = [
        FIRST[2].replace("T10:00,,", "T10:00,2026-01-09T11:00,"),
        "4,7,2026-01-06T09:00,,71,F,Medicine,I50,emergency",
        "0,5,2026-01-01T09:00,2026-01-04T12:15,61,F,Surgery,S72,emergency",
    ]
    found, refused = _append(_kept(tmp_path), tmp_path, later, ["4,2026-01-06T12:00,718-7,11,g/dL"])
    assert refused == []
    assert (found.added, found.ended, found.unchanged, found.observations) == (2, 1, 0, 1)
    # In order of admission, each observation with its stay, codes of both files.
    assert [stay.stay_id - 10**18 for stay in found.history.stays] == [0, 1, 2, 3, 4]
    assert [stay.discharged_at is None for stay in found.history.stays] == [False, False, True, False, True]
    assert _told(found.history) == [(1, "1988-5", 80.0), (2, "2345-7 mmol/L", 5.5), (4, "718-7", 11.0)]
    assert found.history.end.astimezone(ZONE).isoformat() == "2026-01-09T11:00:00-05:00"


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    kept = _kept(tmp_path)
    found, refused = _append(kept, tmp_path, FIRST, SEEN)
    assert (refused, found.changed, found.unchanged) == ([], False, 3)
    assert found.history.stays == kept.stays
    assert _told(found.history) == _told(kept)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (FIRST[0].replace("01-02T10:00", "01-02T11:00"), "admitted_at is not that of the kept stay."),
        (FIRST[0].replace("T14:30", "T15:30"), "its end is not that of the kept stay."),
        (FIRST[0].replace("2026-01-05T14:30", ""), "it has no end, and the kept stay has one."),
        (FIRST[0].replace(",7,", ",6,"), "patient_id: not as in the kept stay."),
        (FIRST[0].replace("71,F,Medicine,I50", "72,M,Cardiac,I51"), "age, sex, unit, diagnosis_code: not as in the kept stay."),
        (FIRST[1].replace("I21", "I22"), "diagnosis_code: not as in the kept stay."),
        (FIRST[1].replace("T10:00,,50", "T10:00,2026-01-07T10:30,51"), "age: not as in the kept stay."),
    ],
)  # fmt: skip
def test_what_contradicts_is_refused_with_line_and_reason(tmp_path: Path, line: str, why: str) -> None:
    kept = _kept(tmp_path)
    found, refused = _append(
        kept, tmp_path, ["9,9,2026-02-01T10:00,2026-02-02T11:00,50,M,Medicine,J18,emergency", line]
    )
    assert refused == [(3, why)]
    assert (found.added, found.ended, found.unchanged) == (1, 0, 0)
    assert found.history.stays[:3] == kept.stays


def test_what_is_found_out_until_the_end_comes_with_it_and_nothing_is_lost(tmp_path: Path) -> None:
    later = FIRST[1].replace("T10:00,,50,M,Cardiac,I21", "T10:00,2026-01-07T10:30,,M,Cardiac,I50")
    found, refused = _append(_kept(tmp_path), tmp_path, [later])
    assert refused == []
    stay = found.history.stays[1]
    assert (stay.diagnosis_code, stay.age, found.ended) == ("I50", 50.0, 1)
    nothing_said = FIRST[1].replace("T10:00,,50,M,Cardiac,I21", "T10:00,2026-01-07T10:30,50,,Cardiac,")
    found, refused = _append(_kept(tmp_path), tmp_path, [nothing_said])
    assert (refused, found.history.stays[1].diagnosis_code, found.history.stays[1].sex) == ([], "I21", "male")


def test_observations_are_added_once_and_never_changed(tmp_path: Path) -> None:
    more = [
        SEEN[0],
        SEEN[0].replace("80", "90"),
        "1,2026-01-04T06:00,1988-5,40,mg/L",
        "2,2026-01-03T12:00,2345-7,6.5,mmol/L",
        "3,2026-01-05T12:00,9999-9,1,",
    ]
    contradicting = FIRST[2].replace("J18", "J19")
    kept = _kept(tmp_path)
    found, refused = _append(kept, tmp_path, [FIRST[0], FIRST[1], contradicting], more)
    assert refused == [
        (4, "diagnosis_code: not as in the kept stay."),
        (-6, "its stay contradicts the kept one."),
        (-3, "another value of that code and moment is kept."),
        (-5, "another value of that code and moment is kept."),
    ]
    assert (found.observations, found.changed) == (1, True)
    assert _told(found.history) == [(1, "1988-5", 80.0), (1, "1988-5", 40.0), (2, "2345-7 mmol/L", 5.5)]


def test_who_is_still_here_a_year_later_was_forgotten(tmp_path: Path) -> None:
    later = ["5,5,2027-03-01T10:00,2027-03-02T11:00,50,M,Medicine,J18,emergency"]
    found, _ = _append(_kept(tmp_path), tmp_path, later)
    assert (found.added, found.forgotten) == (1, 2)
    assert [stay.stay_id - 10**18 for stay in found.history.stays] == [1, 5]
    assert _told(found.history) == [(1, "1988-5", 80.0)]


def test_days_go_on_with_days_and_are_compared_by_day(tmp_path: Path) -> None:
    days = [f"{n},{n},2026-01-0{n},2026-01-0{n + 2},50,M,Medicine,J18,emergency" for n in range(1, 5)]
    here = "6,6,2026-01-06,,50,M,Medicine,J18,emergency"
    kept = _kept(tmp_path, [*days, here], [])
    assert kept.grain is Grain.DAYS
    left = here.replace("2026-01-06,,", "2026-01-06,2026-01-08,")
    found, refused = _append(kept, tmp_path, [*days[2:], left, days[0].replace("01-03", "01-04")])
    assert refused == [(5, "its end is not that of the kept stay.")]
    assert (found.unchanged, found.ended, found.added) == (2, 1, 0)
    ended = found.history.stays[-1]
    assert ended.discharged_at is not None
    assert [at.astimezone(ZONE).day for at in (ended.admitted_at, ended.discharged_at)] == [6, 8]


def test_another_kind_of_time_is_no_one_past(tmp_path: Path) -> None:
    hours = _kept(tmp_path)
    days = _read(tmp_path, ["8,8,2026-01-01,2026-01-03,50,M,Medicine,J18,emergency"])
    assert "knows hours and the file days but no hours" in not_one_past(hours, days)
    of_days = history_of(days, _keyed, Origin("imported"))
    assert "knows days but no hours and the file hours" in not_one_past(of_days, _read(tmp_path, FIRST))
    # A few stays may all be whole days long and have hours all the same.
    whole = _read(tmp_path, ["8,8,2026-01-01T09:10,2026-01-03T09:10,50,M,Medicine,J18,emergency"])
    assert not_one_past(hours, whole) == ""
    lengths = tmp_path / "lengths.csv"
    lengths.write_text(
        HEAD.replace("admitted_at,discharged_at", "length_of_stay_days") + "\n1,1,3,50,M,Medicine,J18,emergency\n"
    )
    assert "have no order to append in" in not_one_past(hours, read_history(lengths, ZONE))


def test_two_exports_one_after_the_other_are_what_one_export_is(tmp_path: Path) -> None:
    made = generate(7, datetime(2026, 3, 2, 15, tzinfo=UTC), days=30)
    cut = datetime(2026, 2, 20, tzinfo=UTC)

    def rows(until: datetime, stays: Callable[[PastStay], bool]) -> tuple[list[str], list[str]]:
        wanted = {stay.stay_id: stay for stay in made.stays if stay.admitted_at <= until and stays(stay)}
        left = {one: "" if not stay.discharged_at or stay.discharged_at > until else stay.discharged_at.isoformat()
                for one, stay in wanted.items()}  # fmt: skip
        seen = made.observations
        observed = [(made.stays[seen.stay_index[n]].stay_id, seen.at(n)) for n in range(0, len(seen), 5)]
        return [
            f"{one},{stay.patient_id},{stay.admitted_at.isoformat()},{left[one]},{int(stay.age or 0)},{stay.sex},{stay.unit},"
            f"{stay.diagnosis_code},{stay.admission_source}"
            for one, stay in wanted.items()
        ], [
            f"{one},{seen.observed_at.isoformat()},{seen.code},{seen.value},"
            for one, seen in observed
            if one in wanted and seen.observed_at <= until
        ]  # fmt: skip

    whole = _kept(tmp_path, *rows(made.end, lambda stay: True))
    first = _kept(tmp_path, *rows(cut, lambda stay: True))
    assert len(first.stays) < len(whole.stays)
    found, refused = _append(
        first, tmp_path, *rows(made.end, lambda stay: not stay.discharged_at or stay.discharged_at > cut)
    )
    assert refused == []
    assert found.ended > 20
    assert found.history.stays == whole.stays
    assert found.history.observations == whole.observations
    assert found.history.end == whole.end
