"""Bias by group: planted and mended, absent and left alone, not to be mended and still stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from hospital_ops.domain.history import Grain, History, Inpatient, Observations, Origin, PastStay
from hospital_ops.ml import (
    card,
    drift,
    fairness,
    gate,
    gate_groups,
    length_of_stay,
    mitigation,
    reasons,
    registry,
    release_view,
    train,
    whole_days,
)
from hospital_ops.ml.length_of_stay import DischargeModel, shifted
from hospital_ops.ml.past import laid_out

from .conftest import ZONE

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
STAYS = 6_000


def _history(column: str, more: float, number: int = STAYS) -> History:
    """Lengths alone; every third patient belongs to "slow" in `column`, whose stays are longer by this factor."""
    rng = np.random.default_rng(8)
    hearts, slow = rng.random(number) < 0.5, np.arange(number) // 2 % 3 == 0
    days = 1.0 + rng.poisson(np.where(hearts, 5, 2) * np.where(slow, more, 1.0))
    stays = pd.DataFrame(
        {
            "stay_id": np.arange(number), "patient_id": np.arange(number) // 2, "days": days,
            "age": 40.0 + np.arange(number) % 40, "sex": np.where(rng.random(number) < 0.5, "female", "male"),
            "unit": "Medicine", "diagnosis_code": np.where(hearts, "I50", "J18"), "admission_source": "emergency",
            "race": "", "ethnicity": "", "language": "", "payer": "",
        }
    )  # fmt: skip
    stays[column] = np.where(slow, "slow", "quick")
    stays = laid_out(stays, ZONE, Grain.LENGTHS).sort_values("admitted", kind="stable")
    moments = {name: [datetime.fromtimestamp(one, UTC) for one in stays[name]] for name in ("admitted", "discharged")}
    words = stays.drop(columns=["admitted", "discharged", "days"]).to_dict("records")
    past = tuple(
        PastStay(admitted_at=came, discharged_at=left, **one)
        for came, left, one in zip(moments["admitted"], moments["discharged"], words, strict=True)
    )
    return History(
        past,
        Observations(),
        end=max(moments["discharged"]),
        grain=Grain.LENGTHS,
        origin=Origin("imported", kept=number),
    )


@pytest.fixture(scope="module")
def small() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "LANDMARKS", 4_000)
        patch.setattr(train, "TRIAL_LANDMARKS", 3_000)
        patch.setattr(train, "CANDIDATES", {"a gradient-boosted hazard": train._boosted})
        yield patch


@pytest.fixture(scope="module")
def by_payer(small: Any) -> DischargeModel:
    return train.train_length_of_stay(_history("payer", 1.5), ZONE, seed=1)


def _groups(model: DischargeModel) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["by"], row["group"]): row for row in model.metadata["groups"]}


def _rungs(model: DischargeModel) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in model.metadata["mitigation"]["rungs"]}


def test_a_planted_bias_by_payer_is_mended(by_payer: DischargeModel) -> None:
    told, rungs = by_payer.metadata["mitigation"], _rungs(by_payer)
    assert (told["chosen"], "payer" in told["reads"]) == ("payer", True)
    assert rungs["none"]["outside"] > rungs["payer"]["outside"]
    assert rungs["none"]["worst"]["by"] == "payer"
    assert rungs["none"]["farthest"] > 0.6 > 0.3 > rungs["payer"]["farthest"]
    assert rungs["payer"]["crps_days"] < rungs["none"]["crps_days"]
    # On the part that nothing of this was fitted or chosen on.
    assert abs(_groups(by_payer)["payer", "slow"]["signed_error"]) < 0.35
    # More is told of patients whom the model has not seen than the part that chooses holds.
    assert told["fitted_on"] > told["measured_on"]


def test_after_mending_ranges_hold_and_chances_stay_right(by_payer: DischargeModel) -> None:
    assert 0.76 <= by_payer.metadata["metrics"]["coverage"] <= 0.86
    assert by_payer.metadata["metrics"]["ece_24h"] < 0.03
    assert by_payer.metadata["metrics"]["in_the_past"] == 0


def test_without_a_bias_nothing_is_moved(small: Any) -> None:
    model = train.train_length_of_stay(_history("payer", 1.0), ZONE, seed=1)
    assert (model.metadata["mitigation"]["chosen"], set(model.shifts)) == ("none", {"at admission"})


def test_what_lies_in_race_alone_is_measured_never_read_and_still_stopped(small: Any) -> None:
    model = train.train_length_of_stay(_history("race", 1.5), ZONE, seed=1)
    rungs = _rungs(model)
    assert rungs["race"]["bias"] < rungs["payer"]["bias"] / 2
    assert model.metadata["mitigation"]["chosen"] != "race"
    assert not set(gate_groups.NEVER_READ) & set(model.shifts)
    why = gate_groups.failures(model.metadata["groups"], least=100)
    assert any("Stays of slow (race" in sentence for sentence in why)


def test_a_simulated_history_is_not_looked_at_by_group(small: Any) -> None:
    history = replace(_history("payer", 1.5, 1_500), origin=Origin("simulated"))
    table = train.table_of(history, ZONE)
    model = train.train_on_table(table, history.end.timestamp(), seed=1, simulated=True)
    assert (model.shifts, model.metadata["mitigation"], model.metadata["groups"]) == ({}, {}, [])


def _inpatient(payer: str, diagnosis: str = "I50") -> Inpatient:
    stay = PastStay(1, 1, datetime(2026, 3, 2, 9, tzinfo=UTC), None, 60.0, "female", "Medicine", diagnosis, "emergency")
    return Inpatient(replace(stay, payer=payer))


def test_a_group_that_nobody_knew_moves_nothing(by_payer: DischargeModel) -> None:
    quick, slow, new, none, spelled = length_of_stay.score(
        by_payer, [_inpatient(one) for one in ("quick", "slow", "never heard of", "", "SLOW ")], NOW, ZONE
    )
    assert spelled.p24 == slow.p24
    assert slow.p24 < new.p24 < quick.p24
    assert new.p24 == none.p24
    assert all(one.p24 <= one.p48 <= one.p72 for one in (quick, slow, new))


def test_what_a_group_moves_is_a_reason_that_names_no_group(by_payer: DischargeModel) -> None:
    """Who pays is nothing that a ward has to read; that something was moved, and which way, is."""
    here = [_inpatient(one, "J18") for one in ("slow", "quick", "")]
    slow, quick, none = length_of_stay.score(by_payer, here, NOW, ZONE)
    assert f"{reasons.ADJUSTED}: later" in slow.reasons
    assert f"{reasons.ADJUSTED}: sooner" in quick.reasons
    assert not any(reasons.ADJUSTED in words for words in none.reasons)
    told = " ".join([*slow.reasons, *quick.reasons]).casefold()
    assert not any(word in told for word in ("slow", "quick", "payer", "pays"))
    assert all(len(one.reasons) <= reasons.SHOWN for one in (slow, quick, none))
    level = replace(by_payer, shifts={"at admission": {"everybody": 0.2}})
    told = " ".join(length_of_stay.score(level, here, NOW, ZONE)[0].reasons)
    assert reasons.ADJUSTED not in told


def test_who_pays_is_watched_where_it_moves_a_forecast(by_payer: DischargeModel) -> None:
    then = by_payer.metadata["inputs"]["payer"]
    assert then["groups"] == ["quick", "slow"]
    assert (len(then["shares"]), sum(then["shares"])) == (3, pytest.approx(1.0))

    def apart(*payers: str) -> float:
        here = [_inpatient(payers[number % len(payers)]) for number in range(60)]
        found = drift.of_inpatients(by_payer, here, NOW, ZONE)
        assert found is not None
        return found.figures["payer"]

    assert apart("quick", "SLOW ", "quick", "slow") < 0.1
    assert apart("slow") > 0.25
    assert apart("a new one") > 0.25
    # One that is not moved by payer does not watch it, nor does a release that kept no such summary.
    for other in (
        replace(by_payer, shifts={}),
        replace(by_payer, metadata={"inputs": {"age": by_payer.metadata["inputs"]["age"]}}),
    ):
        found = drift.of_inpatients(other, [_inpatient("slow")] * 60, NOW, ZONE)
        assert found is not None
        assert "payer" not in found.figures


def test_a_release_keeps_its_shifts_and_its_card_says_them(by_payer: DischargeModel, tmp_path: Path) -> None:
    version = train.save_length_of_stay(by_payer, tmp_path, NOW)
    loaded = length_of_stay.restore(registry.load(tmp_path, length_of_stay.KIND, version))
    assert loaded.shifts == by_payer.shifts != {}
    told = [length_of_stay.score(one, [_inpatient("slow")], NOW, ZONE)[0].p24 for one in (by_payer, loaded)]
    assert told[0] == told[1]
    facts = loaded.metadata
    text = card.card("length_of_stay", facts, True, gate.failures("length_of_stay", facts))
    assert "| the same, and by payer |" in text
    assert "by race, ethnicity and language (never served)" in text
    assert "- Not read: race, ethnicity, language\n" in text
    rows = release_view.mitigation(facts)
    assert [row["chosen"] for row in rows] == [False, False, True, False]
    told_of = {row["name"]: row["value"] for row in release_view.rests_on(facts)}
    assert told_of["Never reads"] == "race, ethnicity, language"


def test_a_release_from_before_moves_nothing(by_payer: DischargeModel, tmp_path: Path) -> None:
    facts = {**by_payer.metadata, "model": train.model_facts(by_payer)}
    del facts["model"]["shifts"], facts["mitigation"]
    version = registry.save(tmp_path, length_of_stay.KIND, by_payer.estimator, facts, NOW)
    assert length_of_stay.restore(registry.load(tmp_path, length_of_stay.KIND, version)).shifts == {}
    assert release_view.mitigation(facts) == []


def _rung(name: str, bias: float, crps: float = 1.0, passes: bool = False, served: bool = True) -> dict[str, Any]:
    return {"name": name, "bias": bias, "crps_days": crps, "passes": passes, "served": served}


@pytest.mark.parametrize(
    ("rungs", "chosen"),
    [
        ([_rung("a", 0.09, passes=True), _rung("b", 0.01, passes=True)], "a"),
        ([_rung("a", 0.20), _rung("b", 0.09, passes=True), _rung("c", 0.01, passes=True)], "b"),
        ([_rung("a", 0.20), _rung("b", 0.12), _rung("c", 0.115)], "b"),
        ([_rung("a", 0.20), _rung("b", 0.12), _rung("c", 0.05)], "c"),
        ([_rung("a", 0.20), _rung("b", 0.05, crps=1.02, passes=True)], "a"),
        ([_rung("a", 0.20), _rung("b", 0.01, passes=True, served=False)], "a"),
    ],
)
def test_the_gentlest_that_passes_serves_or_the_one_that_leaves_least(rungs: list[dict[str, Any]], chosen: str) -> None:
    assert mitigation.chosen_of(rungs) == chosen


def _periods(words: list[str], patients: list[int], left: list[int], **columns: Any) -> mitigation.Periods:
    stays = pd.DataFrame({"patient_id": patients, "payer": words, "age": 50.0, **columns})
    return mitigation.Periods(stays, np.arange(len(words)), np.zeros(len(words)), np.array(left))


def test_shifts_find_the_odds_of_each_group_and_name_no_handful() -> None:
    rng = np.random.default_rng(0)
    slow = np.arange(4_000) % 2 == 0
    left = (rng.random(4_000) < np.where(slow, 0.4, 0.6)).astype(int).tolist()
    words = np.where(slow, "slow", "").tolist()
    words[:20] = ["handful"] * 20
    found = mitigation.fitted(_periods(words, list(range(4_000)), left), ("payer", "age_band", "not there"))
    assert set(found["payer"]) == {"slow", "not stated"}
    assert set(found) == {"payer"}  # everybody is of one age
    slow, quick = found["payer"]["slow"], found["payer"]["not stated"]
    assert slow - quick == pytest.approx(2 * np.log(0.4 / 0.6), abs=0.2)
    assert slow + quick == pytest.approx(0.0, abs=0.02)
    # Many stays of a few people are few people.
    few = mitigation.fitted(_periods(words, [n % 20 for n in range(4_000)], left), ("payer",))
    assert few == {}


def test_a_column_or_an_age_that_is_not_there_moves_nothing() -> None:
    stays = pd.DataFrame({"age": [45.0, np.nan], "sex": ["female", ""]})
    shifts = {"age_band": {"[40-50)": 0.1}, "payer": {"slow": 0.3}, "at admission": {"everybody": 0.02}}
    assert mitigation.moved_by(stays, shifts).tolist() == pytest.approx([0.12, 0.02])
    # What holds at admission alone is gone after a day.
    assert mitigation.moved_by(stays, shifts, np.array([0.5, 3.0])).tolist() == pytest.approx([0.11, 0.0])


def _whole_days(more: float) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(4)
    slow = np.arange(STAYS) // 2 % 3 == 0
    days = np.clip(1 + rng.poisson(np.where(slow, 3 * more, 3.0)), 1, 14)
    stays = pd.DataFrame(
        {
            "patient_id": np.arange(STAYS) // 2, "age": rng.uniform(40, 90, STAYS), "earlier_stays": 0.0,
            "earlier_mean_days": np.nan, "sex": "female", "unit": "Medicine", "diagnosis_code": "I50",
            "admission_source": "emergency", "payer": np.where(slow, "slow", "quick"), "race": "",
        }
    )  # fmt: skip
    return stays, days


@pytest.mark.parametrize(("more", "chosen"), [(1.25, "payer"), (1.0, "none")])
def test_whole_days_are_mended_the_same_way(more: float, chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        whole_days._ESTIMATORS,
        "boosted",
        lambda seed: HistGradientBoostingClassifier(max_iter=40, early_stopping=False),
    )
    stays, days = _whole_days(more)
    past, test = np.arange(STAYS) < 4_000, np.arange(STAYS) >= 4_000
    learned = stays[past].reset_index(drop=True)
    model = whole_days.fit(learned, days[past])
    whole_days.calibrate(model, learned, days[past], whole_days.STANDARD)
    assert model.mitigation["chosen"] == chosen
    held = stays[test].reset_index(drop=True)
    off = {}
    for by_group in (False, True):
        told = whole_days.mean_days(model.gone(held, by_group=by_group))
        rows = fairness.audit(held, told, days[test].astype(float), None, ("payer",))
        off[by_group] = max(abs(row["signed_error"]) for row in rows)
    if chosen == "payer":
        assert off[True] < min(off[False] / 2, 0.25)
    else:
        assert off[True] < 0.25
        assert set(model.shifts) == {"at admission"}
    covered = whole_days.evaluate(model.gone(held), days[test], model.tails)["coverage"]
    assert 0.76 <= covered <= 0.92
    assert (np.diff(model.gone(held), axis=1) >= 0).all()


def test_shifted_hazards_stay_chances() -> None:
    hazards = np.array([[0.0, 0.2, 1.0], [0.5, 0.5, 0.5]])
    moved = shifted(hazards, np.array([0.4, 0.0]))
    assert moved[0, [0, 2]].tolist() == [0.0, 1.0]
    assert moved[0, 1] > 0.2
    assert (moved[1] == 0.5).all()
    assert shifted(hazards, np.zeros(2)) is hazards
