"""Whole days without dates: the model, its sets, and the audit of whom it serves worse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks import models as bench
from hospital_ops.ml import fairness, gate_groups, whole_days


def _stays(count: int, seed: int, late: float = 0.0) -> tuple[pd.DataFrame, np.ndarray]:
    """Stays whose length hangs on the diagnosis; with `late`, one group stays longer for a reason nobody recorded."""
    rng = np.random.default_rng(seed)
    code = rng.choice(["I50", "J18", "S72"], count)
    race = rng.choice(["one", "other"], count)
    mean = pd.Series(code).map({"I50": 3.0, "J18": 5.0, "S72": 8.0}).to_numpy() + late * (race == "other")
    days = np.clip(rng.poisson(mean - 1) + 1, 1, 14)
    return pd.DataFrame(
        {
            "patient_id": rng.integers(0, count // 2, count),
            "age": rng.uniform(40, 90, count), "earlier_stays": 0.0, "earlier_mean_days": np.nan,
            "sex": "female", "unit": "Medicine", "diagnosis_code": code, "admission_source": "emergency", "race": race,
        }
    ), days  # fmt: skip


@pytest.fixture(scope="module")
def fitted() -> whole_days.WholeDays:
    stays, days = _stays(6_000, 1)
    model = whole_days.fit(stays, days)
    whole_days.calibrate(model, stays, days, whole_days.STANDARD)
    return model


def test_it_beats_kaplan_meier_at_every_day_in(fitted: whole_days.WholeDays) -> None:
    stays, days = _stays(4_000, 2)
    gone = fitted.gone(stays)
    ours = whole_days.evaluate(gone, days, fitted.tails)
    table = np.tile(whole_days.kaplan_meier(days, fitted.longest), (len(days), 1))
    theirs = whole_days.evaluate(table, days)
    assert ours["mae"] < theirs["mae"]
    assert ours["crps"] < theirs["crps"]
    for one, other in zip(ours["strata"][:7], theirs["strata"], strict=False):
        assert one["mae"] < other["mae"] + 0.05


def test_its_sets_hold_eight_in_ten_at_every_day_in(fitted: whole_days.WholeDays) -> None:
    stays, days = _stays(6_000, 3)
    measures = whole_days.evaluate(fitted.gone(stays), days, fitted.tails)
    assert all(0.74 <= row["covered"] <= 0.93 for row in measures["strata"] if row["n"] >= 300)
    assert all(row["covered"] > 0 for row in measures["strata"])
    assert measures["ece_24h"] < 0.02


def test_where_nothing_tells_the_length_kaplan_meier_speaks() -> None:
    stays, days = _stays(3_000, 12)
    days = np.random.default_rng(13).permutation(days)
    model = whole_days.fit(stays, days)
    whole_days.calibrate(model, stays, days, whole_days.STANDARD)
    usual = whole_days.kaplan_meier(days, model.longest)
    told = model.gone(_stays(2_000, 14)[0])
    for days_in in range(9):
        ours, theirs = (whole_days.still_here(gone, days_in) for gone in (told, usual[None, :]))
        assert np.abs(ours - theirs).mean() < 0.01
    said = whole_days.log_odds(model.estimator, whole_days.features(model.tables, stays), model.ends)
    assert np.abs(whole_days.gone_by_day(said) - usual).mean() > 0.03  # What the learner itself had found.


def test_against_counts_a_patient_once_and_itself_as_level(fitted: whole_days.WholeDays) -> None:
    stays, days = _stays(2_000, 11)
    gone = fitted.gone(stays)
    table = np.tile(whole_days.kaplan_meier(days, fitted.longest), (len(days), 1))
    rows = whole_days.against(gone, table, days, stays["patient_id"])
    assert rows[0]["n"] == 2_000
    assert rows[0]["crps"]["high"] < 0
    assert all(row["mae"]["low"] <= row["mae"]["mean"] <= row["mae"]["high"] for row in rows)
    assert all(row["crps"]["mean"] == 0 for row in whole_days.against(gone, gone, days, stays["patient_id"]))


def test_still_here_means_longer_than_so_far(fitted: whole_days.WholeDays) -> None:
    stays, _ = _stays(200, 4)
    gone = fitted.gone(stays)
    for days_in in range(fitted.longest - 1):
        given = whole_days.still_here(gone, days_in)
        assert (whole_days.day_of(given, 0.5) > days_in).all()
        np.testing.assert_allclose(given[:, -1], 1.0)


def test_all_stays_of_a_patient_are_in_one_fold() -> None:
    stays, _ = _stays(1_000, 5)
    fold = whole_days.patient_folds(stays, 5, 0)
    assert pd.Series(fold).groupby(stays["patient_id"]).nunique().max() == 1


def test_a_group_foretold_too_short_fails_the_gate() -> None:
    stays, days = _stays(6_000, 6, late=1.5)
    model = whole_days.fit(stays, days)
    test, came = _stays(6_000, 7, late=1.5)
    expected = whole_days.mean_days(model.gone(test))
    rows = fairness.audit(test, expected, came.astype(float), None, ("race",))
    reasons = gate_groups.failures(rows)
    assert len(reasons) == 2
    assert "other (race" in reasons[1]
    assert "too short" in reasons[1]
    apart = fairness.within(test, expected, came.astype(float), "race", ("diagnosis_code",))
    assert apart[1]["high"] < 0 < apart[0]["low"]


def test_a_fair_model_passes_and_small_groups_are_named(fitted: whole_days.WholeDays) -> None:
    stays, days = _stays(6_000, 8)
    stays.loc[:20, "race"] = "few"
    rows = fairness.audit(stays, whole_days.mean_days(fitted.gone(stays)), days.astype(float), None, ("race",))
    assert gate_groups.failures(rows) == []
    assert [row["group"] for row in rows if row["too_small"]] == ["few"]


def test_several_stays_of_one_patient_are_one_voice() -> None:
    error = np.random.default_rng(0).normal(size=200)
    apart = fairness.clustered_interval(error, np.arange(200))
    together = fairness.clustered_interval(np.repeat(error, 10), np.repeat(np.arange(200), 10))
    np.testing.assert_allclose(apart, together)


def test_absent_data_is_one_sentence_and_three(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--data", str(tmp_path), "--json"]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "is missing" in said


def test_days_are_told_one_by_one_unless_many_stay_long() -> None:
    rng = np.random.default_rng(0)
    assert whole_days.periods(rng.integers(1, 15, 1_000)).tolist() == list(range(1, 15))
    few_long = np.where(np.arange(1_000) < 5, 300, rng.integers(1, 40, 1_000))
    assert whole_days.periods(few_long).tolist() == list(range(1, 61))
    long = rng.integers(60, 200, 1_000)
    ends = whole_days.periods(long)
    widths = np.diff(ends)
    assert ends[:30].tolist() == list(range(1, 31))
    assert ends[-1] >= 195
    assert len(ends) < 80
    assert (widths >= 1).all()
    assert (widths <= 1 + ends[:-1] // 20).all()
    assert whole_days.periods(long * 10)[-1] == whole_days.FARTHEST


def test_a_period_spreads_over_its_days_and_no_further() -> None:
    odds, ends = np.array([[-1.0, 0.0, 0.5, 2.0]]), np.array([1, 2, 4, 8])
    by_period = whole_days.gone_by_day(odds)
    by_day = whole_days.gone_by_day(odds, ends)
    assert by_day.shape == (1, 8)
    np.testing.assert_allclose(by_day[:, ends - 1], by_period)
    assert by_day[0, 2] == pytest.approx((by_day[0, 1] + by_day[0, 3]) / 2)
    assert by_day[0, -1] == 1.0


def test_stays_of_months_are_told_and_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        whole_days._ESTIMATORS,
        "boosted",
        lambda seed: HistGradientBoostingClassifier(max_iter=40, early_stopping=False, random_state=seed),
    )

    def drawn(seed: int) -> tuple[pd.DataFrame, np.ndarray]:
        stays, _ = _stays(1_500, seed)
        mean = stays["diagnosis_code"].map({"I50": 40.0, "J18": 90.0, "S72": 150.0}).to_numpy()
        days = np.random.default_rng(seed).gamma(6.0, mean / 6.0).astype(np.int64) + 1
        return stays, np.minimum(days, 364)

    past, days = drawn(20)
    model = whole_days.fit(past, days)
    whole_days.calibrate(model, past, days, whole_days.STANDARD)
    test, came = drawn(21)
    gone = model.gone(test)
    assert gone.shape == (1_500, model.longest)
    assert model.longest > 200
    assert (np.diff(gone, axis=1) >= 0).all()
    ours = whole_days.evaluate(gone, came, model.tails)
    usual = whole_days.kaplan_meier(np.minimum(days, model.longest), model.longest)
    theirs = whole_days.evaluate(np.tile(usual, (len(came), 1)), came)
    assert ours["mae"] < 0.8 * theirs["mae"]
    assert ours["crps"] < 0.8 * theirs["crps"]
    assert 0.74 <= ours["coverage"] <= 0.9
    assert abs(ours["signed_error"]) < 4


def test_every_fold_tells_the_periods_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        whole_days._ESTIMATORS,
        "boosted",
        lambda seed: HistGradientBoostingClassifier(max_iter=10, early_stopping=False, random_state=seed),
    )
    stays, days = _stays(1_000, 30)
    days[::100] = 200  # Ten in a thousand: just enough to be told in periods.
    model = whole_days.fit(stays, days)
    fold = whole_days.patient_folds(stays, 3, 2)
    alone = [whole_days.periods(days[fold != one])[-1] for one in range(3)]
    assert model.longest == 200
    assert 60 in alone  # A fold by itself would count otherwise.
    learned = []
    fit = whole_days.fit

    def seen(*args: Any, **named: Any) -> whole_days.WholeDays:
        learned.append(fit(*args, **named))
        return learned[-1]

    monkeypatch.setattr(whole_days, "fit", seen)
    whole_days.calibrate(model, stays, days, whole_days.STANDARD)
    assert [one.ends.tolist() for one in learned] == [model.ends.tolist()] * 3
