"""Whether a shift will be overfull: the contest is chronological and fair, its winner is served, the distribution without one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hospital_ops.domain.forecasts import WardStaffing
from hospital_ops.ml import arrivals, gate, shifts, train_arrivals, train_shifts
from hospital_ops.ml.capacity import BOTH, DISTRIBUTION, FEATURES, KIND, CapacityModel, features_of
from hospital_ops.ml.dataset import DAY, StayTable
from hospital_ops.ml.length_of_stay import DischargeModel
from hospital_ops.sim.history import SimulatedHistory, census_at
from hospital_ops.sim.wards import WARDS
from tests.pointer import let_serve

from .conftest import END, ZONE


@pytest.fixture(scope="module")
def capacity(table: StayTable) -> CapacityModel:
    return train_shifts.train_on_table(table, END.timestamp(), seed=2, simulated=True)


def test_all_compete_and_the_winner_beats_the_plain_share(capacity: CapacityModel) -> None:
    told = capacity.metadata
    assert set(told["candidates"]) == {DISTRIBUTION, "forest", "logistic", BOTH}
    best = min(told["candidates"], key=lambda name: told["candidates"][name]["brier"])
    assert capacity.method == best
    assert told["metrics"]["brier"] < 0.5 * told["baseline_metrics"]["brier"]
    assert told["metrics"]["log_loss"] < 0.6 * told["baseline_metrics"]["log_loss"]
    assert told["metrics"]["ece"] < 0.08
    assert 0.1 < told["metrics"]["share_over"] < 0.9
    assert told["metrics"] == told["on_the_last_weeks"][best]
    low, high = told["metrics"]["intervals"]["brier"]
    assert low < told["metrics"]["brier"] < high


def test_no_candidate_learns_from_the_weeks_that_judge_it(table: StayTable, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is fitted for the contest ends before the first shift that is asked about; so does what the distribution rests on."""
    learned, asked, leaving = [], [], []
    fit = dict(train_shifts.CANDIDATES)
    monkeypatch.setattr(
        train_shifts,
        "CANDIDATES",
        {
            name: lambda cases, seed, name=name: learned.append(cases.day.max()) or fit[name](cases, seed)
            for name in fit
        },
    )
    monkeypatch.setattr(
        train_shifts,
        "earlier_model",
        lambda table, until, seed: leaving.append(until) or DischargeModel("none"),
    )
    answers = train_shifts._answers
    monkeypatch.setattr(
        train_shifts,
        "_answers",
        lambda fitted, cases, said: asked.append((cases.day.min(), cases.asked.min())) or answers(fitted, cases, said),
    )
    train_shifts.train_on_table(table, END.timestamp())
    assert max(learned[:2]) < asked[0][0]
    assert leaving[0] <= train_shifts._epoch(np.array([asked[0][0] * DAY]), ZONE)[0]


def test_more_nurses_make_it_less_likely(capacity: CapacityModel) -> None:
    def chance(nurses: float) -> float:
        features = features_of(
            here=np.array([24.0]),
            capacity=np.array([nurses * 5]),
            beds=np.array([28.0]),
            shift=np.array(0),
            ahead=np.array([4.0]),
            wall=np.array([END.timestamp()]),
            new=np.array([4.0]),
            days_in=np.array([3.0]),
        )
        assert features.shape == (1, len(FEATURES))
        return float(replace(capacity, method="forest").chance(features, np.array([0.5]))[0])

    assert chance(3) > 0.9 > 0.1 > chance(6)


def test_a_saved_model_says_the_same_and_a_broken_one_leaves_it_to_the_distribution(
    capacity: CapacityModel, tmp_path: Path
) -> None:
    assert train_shifts.load_shifts(tmp_path).method == DISTRIBUTION
    assert "has been trained yet" in train_shifts.load_shifts(tmp_path).name
    version = let_serve(tmp_path, KIND, train_shifts.save_shifts(capacity, tmp_path, END))
    served = train_shifts.load_shifts(tmp_path)
    assert (served.method, served.name, served.version) == (capacity.method, capacity.name, version)
    features = np.zeros((3, len(FEATURES)))
    asked = np.array([0.1, 0.2, 0.3])
    np.testing.assert_allclose(served.chance(features, asked), capacity.chance(features, asked))
    (tmp_path / KIND / version / "model.skops").unlink()
    broken = train_shifts.load_shifts(tmp_path)
    np.testing.assert_array_equal(broken.chance(features, asked), asked)
    assert "is missing" in broken.name


def test_what_serves_speaks_and_is_named(
    history: SimulatedHistory, table: StayTable, model: DischargeModel, capacity: CapacityModel
) -> None:
    counted = arrivals.counts_of(table, END.timestamp())
    flow = train_arrivals.fallback(counted)
    wards = [WardStaffing(ward.code, ward.unit, ward.beds, ward.nurse_ratio, ward.shift_nurses) for ward in WARDS]
    here = census_at(history, END)

    def told(capacity: CapacityModel | None) -> list[tuple[float, str]]:
        found = shifts.forecast_shifts(flow, counted, model, here, END, ZONE, wards, capacity)
        return [(one.p_over, one.p_over_model) for one in found]

    alone, served = told(None), told(capacity)
    assert {name for _, name in alone} == {"The census's own distribution"}
    assert {name for _, name in served} == {capacity.name}
    assert capacity.method == DISTRIBUTION or [chance for chance, _ in alone] != [chance for chance, _ in served]
    # They speak of the same shifts: where one is sure, the other is not sure of the contrary.
    assert all(abs(one - other) < 0.9 for (one, _), (other, _) in zip(alone, served, strict=True))


def test_what_is_trained_and_does_not_serve_leaves_it_to_the_distribution(
    capacity: CapacityModel, tmp_path: Path
) -> None:
    train_shifts.save_shifts(capacity, tmp_path, END)
    told = train_shifts.load_shifts(tmp_path)
    assert told.method == DISTRIBUTION
    assert told.name.endswith("No shift-capacity release serves; what was trained has not passed its gate.")


def test_it_is_compared_with_the_distribution_and_ward_by_ward(capacity: CapacityModel) -> None:
    told = capacity.metadata
    last = told["on_the_last_weeks"]
    for name in ("brier", "log_loss"):
        apart = told["against_distribution"][name]
        assert apart["apart"] == pytest.approx(last[capacity.method][name] - last[DISTRIBUTION][name])
        assert apart["low"] <= apart["apart"] <= apart["high"]
    assert sum(row["n"] for row in told["by_unit"]) == told["metrics"]["n"]
    assert {row["unit"] for row in told["by_unit"]} <= {ward.unit for ward in WARDS}
    assert gate.failures(KIND, told) == []


def test_an_answer_in_one_day_has_no_interval_but_its_own_figure() -> None:
    asked = train_shifts.Cases(*([np.zeros(4, dtype=np.int64)] * 8), over=np.array([0, 1, 1, 0]))  # type: ignore[arg-type]
    (row,) = train_shifts.by_unit(np.full(4, 0.75), asked, ("icu",))
    assert (row["unit"], row["n"], row["apart"], row["low"], row["high"]) == ("icu", 4, 0.25, 0.25, 0.25)


def test_a_house_without_a_past_is_refused(table: StayTable) -> None:
    short = StayTable(table.stays.head(40), table.zone)
    with pytest.raises(ValueError, match="are too few to learn from"):
        train_shifts.train_on_table(short, float(table.column("admitted")[39]) + 3 * DAY)
