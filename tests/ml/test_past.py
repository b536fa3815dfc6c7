"""A file becomes a history: what it does not know is laid out and said, and lengths, nights and patients stay whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from hospital_ops.domain.history import Grain, History, Origin
from hospital_ops.ml import gate_groups, train
from hospital_ops.ml.dataset import DAY, epoch_of, local_wall, refuse_without_hours, table_of, told_of
from hospital_ops.ml.history_csv import read_history
from hospital_ops.ml.past import SPANS, cuts_of_lengths, history_of, joined, read_by_models
from hospital_ops.ml.train_arrivals import train_arrivals
from hospital_ops.ml.train_shifts import train_shifts

from .conftest import ZONE

HEAD = "stay_id,patient_id,admitted_at,discharged_at,age,sex,unit,diagnosis_code,admission_source"
LENGTHS = HEAD.replace("admitted_at,discharged_at", "length_of_stay_days")


def _past(folder: Path, lines: list[str], seen: list[str] | None = None) -> History:
    stays, observations = folder / "stays.csv", folder / "seen.csv"
    stays.write_text("\n".join(lines) + "\n")
    if seen:
        observations.write_text("\n".join(["stay_id,observed_at,code,value,unit", *seen]) + "\n")
    reading = read_history(stays, ZONE, observations if seen else None, keep=True)
    return history_of(reading, lambda name, word: 10**18 + int(word), Origin("imported", kept=len(reading.table)))


def _lengths(number: int = 900) -> list[str]:
    """Two stays a patient; hearts stay longer than lungs."""
    rng = np.random.default_rng(5)
    hearts = rng.random(number) < 0.5
    days = 1 + rng.poisson(np.where(hearts, 6, 2))
    return [LENGTHS] + [
        f"{n},{n // 2},{days[n]},[70-80),F,Medicine,{'I50' if hearts[n] else 'J18'},Nursing Home" for n in range(number)
    ]


def test_hours_are_kept_as_they_are_and_words_become_the_houses(tmp_path: Path) -> None:
    past = _past(
        tmp_path,
        [
            HEAD,
            "2,7,2026-01-09T10:00,,71,F,Medicine,I50.9,Nursing Home",
            "1,7,2026-01-02T10:00,2026-01-05T14:30,71,male,Medicine,I50.9,walk-in",
        ],
        ["2,2026-01-10T06:00,1988-5,80,mg/L", "1,2026-01-03T06:00,2345-7,5.5,mmol/L", "1,2026-01-02T12:00,1988-5,9,"],
    )
    first, second = past.stays
    assert (past.grain, past.simulated) == (Grain.HOURS, False)
    assert (first.stay_id, second.patient_id) == (10**18 + 1, 10**18 + 7)
    assert first.discharged_at == datetime(2026, 1, 5, 19, 30, tzinfo=UTC)
    assert (second.discharged_at, second.sex, second.admission_source) == (None, "female", "nursing_home")
    assert first.admission_source == "walk_in"
    seen = past.observations
    told = [(seen.stay_index[n], seen.at(n).code, seen.at(n).value) for n in range(len(seen))]
    assert told == [(0, "1988-5", 9.0), (0, "2345-7 mmol/L", 5.5), (1, "1988-5", 80.0)]
    assert read_by_models(past) == 2
    # What no model reads is kept, and reaches none.
    assert len(table_of(past, ZONE).seen_value) == 2


def test_midnights_are_days_whose_nights_are_kept(tmp_path: Path) -> None:
    rows = [f"{n},{n},2026-03-0{n},2026-03-0{n + 3},50,M,Medicine,I50,emergency" for n in range(1, 7)]
    here = "7,7,2026-03-07,,50,M,Medicine,I50,emergency"
    past = _past(tmp_path, [HEAD, *rows, here])
    assert past.grain is Grain.DAYS
    assert past.stays[-1].discharged_at is None
    table = table_of(replace(past, stays=past.stays[:-1]), ZONE)
    came, left = (local_wall(table.column(name), ZONE) for name in ("admitted", "discharged"))
    assert (left // DAY - came // DAY).tolist() == [3.0] * 6
    days = [datetime.fromtimestamp(second, UTC).strftime("%m-%d") for second in came]
    assert days == [f"03-0{n}" for n in range(1, 7)]
    assert len(set((came % DAY).tolist())) == 6


def test_without_dates_every_patient_lies_on_one_side_of_each_cut(tmp_path: Path) -> None:
    past = _past(tmp_path, _lengths())
    assert past.grain is Grain.LENGTHS
    table = table_of(past, ZONE)
    assert not table.dated
    cuts = cuts_of_lengths(ZONE)
    part = np.searchsorted(cuts, table.column("admitted"))
    assert np.array_equal(part, np.searchsorted(cuts, table.column("discharged")))
    parts: dict[int, set[int]] = {}
    for patient, one in zip(table.stays["patient_id"], part, strict=True):
        parts.setdefault(int(patient), set()).add(int(one))
    assert {len(found) for found in parts.values()} == {1}
    assert np.bincount(part).min() > 100
    # Nobody can say which stay came first, and no order was made up.
    assert table.column("earlier_stays").sum() == 0
    assert table.stays["earlier_mean_days"].isna().all()


def test_lengths_are_kept_to_the_night_or_exactly(tmp_path: Path) -> None:
    whole = table_of(_past(tmp_path, [LENGTHS, *(f"{n},{n},{n},50,M,A,I50,x" for n in range(6))]), ZONE)
    came, left = (local_wall(whole.column(name), ZONE) for name in ("admitted", "discharged"))
    assert sorted((left // DAY - came // DAY).tolist()) == [0, 1, 2, 3, 4, 5]
    assert (whole.column("days") > 0).all()
    exact = table_of(_past(tmp_path, [LENGTHS, *(f"{n},{n},{n}.25,50,M,A,I50,x" for n in range(6))]), ZONE)
    assert np.allclose(sorted(exact.column("days")), np.arange(6) + 0.25, atol=1.1 / 24)


def test_the_wall_clock_goes_both_ways() -> None:
    # Every half hour over both changes of the clock; the repeated hour of autumn has two answers.
    for start in (
        datetime(2026, 3, 7, tzinfo=UTC),
        datetime(2026, 10, 31, tzinfo=UTC),
        datetime(2000, 1, 3, tzinfo=UTC),
    ):
        epoch = start.timestamp() + np.arange(0, 3 * DAY, 1800.0)
        again = epoch_of(local_wall(epoch, ZONE), ZONE)
        assert (np.abs(again - epoch) <= 3600.0).all()
        assert (again != epoch).sum() <= 2


def test_a_release_of_lengths_says_that_it_was_split_by_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "LANDMARKS", 3_000)
    monkeypatch.setattr(train, "TRIAL_LANDMARKS", 2_000)
    facts = train.train_length_of_stay(_past(tmp_path, _lengths()), ZONE, seed=1).metadata
    assert facts["split"].startswith("patient-grouped")
    assert (facts["simulated"], facts["grain"], facts["data"]["source"]) == (False, "lengths", "imported")
    assert "no dates" in facts["notes"][0]
    assert facts["metrics"]["mae_days"] < facts["baseline_metrics"]["mae_days"]


def test_a_real_release_is_audited_by_group_and_a_group_foretold_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "LANDMARKS", 3_000)
    monkeypatch.setattr(train, "TRIAL_LANDMARKS", 2_000)
    # Who pays is not read, and here it decides how long one stays; three pay otherwise.
    rng = np.random.default_rng(6)
    short = rng.random(1_200) < 0.5
    days = np.where(short, 2, 9) + rng.integers(0, 2, 1_200)
    rows = [
        f"{n},{n},{days[n]},{40 + n % 40},{'F' if n % 2 else 'M'},A,I50,x,{'rare' if n < 3 else 'short' if short[n] else 'long'}"
        for n in range(1_200)
    ]
    facts = train.train_length_of_stay(_past(tmp_path, [LENGTHS + ",payer", *rows]), ZONE, seed=1).metadata
    found = {(row["by"], row["group"]): row for row in facts["groups"]}
    assert found["payer", "short"]["signed_error"] > 1 > -1 > found["payer", "long"]["signed_error"]
    assert ("sex", "female") in found
    assert ("payer", "rare") not in found
    failing = gate_groups.failures(facts["groups"], least=50)
    assert any("Stays of short (payer" in why and "too long" in why for why in failing)


def test_arrivals_and_shifts_refuse_what_has_no_hours(tmp_path: Path) -> None:
    past = _past(tmp_path, _lengths(20))
    for teach in (train_arrivals, train_shifts):
        with pytest.raises(ValueError, match="lengths and no dates"):
            teach(past, ZONE)


def test_dates_shifted_over_a_century_are_not_counted_by_day(tmp_path: Path) -> None:
    rows = [f"{n},{n},21{n:02}-03-01T10:00,21{n:02}-03-04T15:00,50,M,A,I50,x" for n in range(10, 60)]
    with pytest.raises(ValueError, match="dates were shifted"):
        refuse_without_hours(_past(tmp_path, [HEAD, *rows]))


def test_few_stays_in_the_last_weeks_are_split_by_share(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    years = rng.integers(2110, 2200, 900)
    rows = [
        f"{n},{n},{years[n]}-03-01T{n % 24:02}:10,{years[n]}-03-{2 + rng.integers(1, 9):02}T14:{n % 60:02},50,M,A,I50,x"
        for n in range(900)
    ]
    table = table_of(_past(tmp_path, [HEAD, *rows]), ZONE)
    cuts = train._cuts(table, float(table.column("discharged").max()))
    parts = np.searchsorted(cuts, table.column("admitted"))
    assert np.bincount(parts)[:3].min() > 100
    assert cuts == train.cuts_by_share(table)


def test_a_simulated_history_says_so(history: History) -> None:
    told = told_of(history)
    assert (told["simulated"], told["data"]["source"], told["data"]["kept"]) == (True, "simulated", len(history.stays))


def test_between_two_spans_lies_more_than_the_longest_stay() -> None:
    assert min(np.diff(SPANS)) > (3650 + 364 + 2) * DAY


def test_two_pasts_become_one_without_counting_anybody_twice(tmp_path: Path) -> None:
    before = _past(
        tmp_path,
        [
            HEAD,
            "1,7,2026-01-02T10:00,2026-01-05T14:30,71,male,Medicine,I50.9,emergency",
            "2,8,2026-01-03T10:00,,60,male,Medicine,I50.9,emergency",
            "3,9,2026-01-04T10:00,2026-01-08T12:00,60,male,Medicine,I50.9,emergency",
        ],
        ["2,2026-01-03T11:00,1988-5,2,", "3,2026-01-04T11:00,1988-5,3,", "3,2026-01-05T11:00,2345-7,9,mmol/L"],
    )
    after = _past(
        tmp_path,
        [
            HEAD,
            "3,9,2026-01-04T10:00,2026-01-08T12:00,60,male,Medicine,I50.9,emergency",
            "4,9,2026-01-09T10:00,2026-01-12T15:00,60,male,Medicine,I50.9,emergency",
            "5,8,2026-01-10T10:00,,60,male,Medicine,I50.9,emergency",
        ],
        ["3,2026-01-04T11:00,1988-5,3,", "4,2026-01-09T11:00,2160-0,4,", "5,2026-01-10T11:00,1988-5,5,"],
    )
    one = joined(before, after)
    # Whoever had no end in the file has left since, nobody knows when; whoever is in both counts once.
    assert [stay.stay_id - 10**18 for stay in one.stays] == [1, 3, 4, 5]
    seen = one.observations
    told = [(seen.stay_index[n], seen.at(n).code, seen.at(n).value) for n in range(len(seen))]
    assert told == [(1, "1988-5", 3.0), (1, "2345-7 mmol/L", 9.0), (2, "2160-0", 4.0), (3, "1988-5", 5.0)]
    assert (one.end, one.simulated) == (after.end, False)
    assert len(table_of(one, ZONE)) == 4


def test_laid_out_times_and_lived_ones_are_not_joined(tmp_path: Path) -> None:
    lengths = _past(tmp_path, _lengths(20))
    later = _past(tmp_path, [HEAD, "4,9,2046-01-09T10:00,2046-01-12T15:00,60,male,Medicine,I50.9,emergency"])
    assert joined(lengths, later) is lengths
    hours = _past(tmp_path, [HEAD, "4,9,2050-01-09T10:00,2050-01-12T15:00,60,male,Medicine,I50.9,emergency"])
    assert joined(hours, later) is hours


def test_too_few_days_are_said_in_days(tmp_path: Path) -> None:
    rows = [
        f"{n},{n},2026-{1 + n // 28:02}-{1 + n % 28:02}T10:00,2026-{1 + n // 28:02}-{1 + n % 28:02}T18:00,50,M,A,I50,x"
        for n in range(28 * 7)
    ]
    past = _past(tmp_path, [HEAD, *rows])
    refuse_without_hours(past)
    with pytest.raises(ValueError, match=r"2\d\d days are too few .*; 215 are needed"):
        train_shifts(past, ZONE)


def test_a_forgotten_discharge_is_not_a_patient_who_never_left(tmp_path: Path) -> None:
    past = _past(
        tmp_path,
        [
            HEAD,
            "1,1,2024-01-02T10:00,,71,male,A,I50,x",
            "2,2,2026-01-04T10:00,2026-01-08T12:00,60,male,A,I50,x",
            "3,3,2025-06-04T10:00,,60,male,A,I50,x",
        ],
        ["1,2024-01-03T10:00,1988-5,1,", "2,2026-01-05T10:00,1988-5,2,", "3,2025-06-05T10:00,1988-5,3,"],
    )
    assert [stay.stay_id - 10**18 for stay in past.stays] == [3, 2]
    seen = past.observations
    assert [(seen.stay_index[n], seen.at(n).value) for n in range(len(seen))] == [(0, 3.0), (1, 2.0)]
    assert past.origin is not None
    assert (past.origin.kept, past.origin.observations) == (2, 2)
