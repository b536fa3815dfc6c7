"""Inputs against those of the training: the same ones are near, others are far, and a few patients say little."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from hospital_ops.domain.history import Inpatient
from hospital_ops.ml import drift, length_of_stay
from hospital_ops.ml.length_of_stay import DischargeModel
from hospital_ops.sim.history import SimulatedHistory, census_at

from .conftest import END, ZONE
from .test_length_of_stay import inpatients

__all__ = ["inpatients"]

NAMES = ("age", "sex", "pulse now")


def rows(n: int, shift: float = 0.0, missing: float = 0.0, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    pulse = np.where(rng.random(n) < missing, np.nan, rng.normal(80, 10, n))
    return np.column_stack([rng.normal(60 + shift, 15, n), rng.integers(0, 2, n), pulse])


def test_the_same_is_near_and_a_shift_is_far() -> None:
    then = drift.summary(rows(5_000), NAMES)
    near = drift.stability(then, rows(2_000, seed=1), NAMES)
    assert max(near.values()) < 0.05
    far = drift.stability(then, rows(2_000, shift=20, seed=1), NAMES)
    assert next(iter(far)) == "age"
    assert far["age"] > 0.25 > far["sex"]


def test_what_is_not_measured_any_more_is_far_too() -> None:
    then = drift.summary(rows(5_000), NAMES)
    assert drift.stability(then, rows(2_000, missing=0.5, seed=1), NAMES)["pulse now"] > 0.25


def test_chance_alone_is_about_the_floor() -> None:
    then = drift.summary(rows(20_000), NAMES)
    found = [drift.stability(then, rows(200, seed=seed), NAMES)["age"] for seed in range(1, 40)]
    assert 0.5 < np.mean(found) / drift.floor(200) < 2.0


def test_shares_add_up_with_few_values_and_none() -> None:
    then = drift.summary(np.column_stack([np.zeros(50), np.full(50, np.nan), np.arange(50.0)]), NAMES)
    assert set(then) == {"age", "pulse now"}  # Of what was never known nothing can be kept.
    assert all(abs(sum(one["shares"]) - 1) < 1e-9 for one in then.values())


def test_a_release_keeps_its_inputs_and_a_day_of_its_own_is_near(
    model: DischargeModel, history: SimulatedHistory
) -> None:
    """Whoever is here when a day turns is like whoever was here when other days turned, in everything that is watched."""
    then = model.metadata["inputs"]
    assert {"age", "days_in", "sodium now"} <= set(then)
    assert not {"hour_now", "weekday_now", "hours_since_seen"} & set(then)
    night = datetime(2026, 2, 20, 0, 30, tzinfo=ZONE)
    found = drift.of_inpatients(model, census_at(history, night), night, ZONE)
    assert found is not None
    assert found.n > 200
    assert max(found.figures.values()) < drift.floor(found.n) * 6 < 0.25


def test_everybody_in_the_house_is_compared(model: DischargeModel, inpatients: list[Inpatient]) -> None:
    found = drift.of_inpatients(model, inpatients, END, ZONE)
    assert found is not None
    assert found.n == len(inpatients)
    assert set(found.figures) == set(model.metadata["inputs"])
    assert found.figures["age"] < 10 * drift.floor(len(inpatients))


def test_too_few_or_an_old_release_say_nothing(model: DischargeModel) -> None:
    assert drift.of_inpatients(length_of_stay.baseline_model(), [], END, ZONE) is None
    assert drift.of_inpatients(model, [], END, ZONE) is None
