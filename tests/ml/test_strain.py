"""The strain model: published odds where there is no survey, a fit that refuses what it cannot learn from."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from hospital_ops.domain.strain import Workload
from hospital_ops.ml import gate, strain, strain_fit
from hospital_ops.ml.strain import StrainModel
from hospital_ops.ml.strain_fit import Answer
from hospital_ops.ml.strain_labels import read_labels
from tests.pointer import let_serve

USUAL = Workload(
    shifts=20, hours=40, overtime=0, nights=0, nights_in_a_row=0, quick_returns=0, long_shifts=0, tasks=2.0
)
AT = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_usual_month_is_nought() -> None:
    assert StrainModel().index(USUAL) == 0


def test_published_odds_are_the_coefficients() -> None:
    """Every shift over 13 h: odds × 2.70. Twenty hours beyond forty: twice."""
    long, hours = replace(USUAL, long_shifts=20), replace(USUAL, overtime=20.0, hours=60.0)
    assert round(StrainModel().causes(long)[0].times, 2) == 2.70
    assert StrainModel().index(long) == round(100 * (1 - 1 / 2.70))
    assert StrainModel().index(hours) == 50
    both = replace(hours, long_shifts=20)
    assert math.isclose(math.exp(sum(StrainModel().parts(both).values())), 5.4, rel_tol=1e-9)


def test_what_has_no_published_odds_is_said_without_weight() -> None:
    busy = replace(USUAL, quick_returns=3, nights=8, nights_in_a_row=4, tasks=9.0)
    assert StrainModel().index(busy) == 0
    told = {cause.name: cause.weighs for cause in StrainModel().causes(busy)}
    assert set(told) == {"quick_returns", "nights", "hours", "tasks"}
    assert set(told.values()) == {""}
    assert "no survey" in StrainModel().name


def survey(number: int = 300, weight: float = 1.5, seed: int = 3) -> list[Answer]:
    """Answers of people whom quick returns exhaust."""
    rng = np.random.default_rng(seed)
    found = []
    for person in range(number):
        returns = int(rng.integers(0, 6))
        chance = 1 / (1 + math.exp(2 - weight * (returns - 1)))
        work = replace(USUAL, quick_returns=returns, hours=float(rng.normal(40, 4)), nights=int(rng.integers(0, 8)))
        found.append(Answer(person, work, bool(rng.random() < chance)))
    return found


def test_a_survey_is_learned_from() -> None:
    model = strain_fit.fit(survey())
    assert model.fitted
    assert 0.6 < model.coefficients["quick_returns"] < 2.0
    assert model.metadata["metrics"]["auroc"] > 0.8
    assert model.metadata["metrics"]["log_loss"] < model.metadata["metrics"]["log_loss_of_the_share"]
    tired = replace(USUAL, quick_returns=4)
    assert model.causes(tired)[0].name == "quick_returns"
    assert model.index(tired) > 50 > model.index(USUAL)


def test_few_or_one_sided_answers_are_refused_in_words() -> None:
    answers = survey()
    with pytest.raises(ValueError, match=r"^40 answers are too few to learn from; 100 are needed\.$"):
        strain_fit.fit(answers[:40])
    with pytest.raises(ValueError, match="at least 20 of each kind"):
        strain_fit.fit([replace(one, exhausted=False) for one in answers])
    with pytest.raises(ValueError, match="3 people only"):
        strain_fit.fit([replace(one, user_id=n % 3) for n, one in enumerate(answers)])


def test_answers_that_follow_from_nothing_do_not_pass_the_gate() -> None:
    facts = strain.facts_of(strain_fit.fit(survey(weight=0.0, seed=5)))
    (why,) = gate.failures(strain.KIND, facts)
    assert why.endswith("do not follow from hours, nights, rest and tasks.")


def test_roles_are_measured_where_twenty_people_answered() -> None:
    answers = [replace(one, role="doctor" if n < 19 else "nurse") for n, one in enumerate(survey())]
    (row,) = strain_fit.fit(answers).metadata["by_role"]
    assert (row["group"], row["n"]) == ("nurse", 281)
    assert row["low"] < row["apart"] < row["high"]


def test_a_saved_model_says_the_same_and_a_broken_one_the_published_odds(tmp_path: Path) -> None:
    assert strain.load(tmp_path) == StrainModel()
    model = strain_fit.fit(survey())
    version = strain.save(model, tmp_path, AT)
    assert strain.load(tmp_path) == StrainModel()
    let_serve(tmp_path, strain.KIND, version)
    assert strain.load(tmp_path).coefficients == model.coefficients
    (tmp_path / strain.KIND / version / "model.skops").write_bytes(b"x")
    served = strain.load(tmp_path)
    assert not served.fitted
    assert served.coefficients == strain.PUBLISHED
    assert "is not the one that was saved" in served.name


def test_labels_are_read_and_bad_lines_named() -> None:
    text = "user,surveyed_on,exhausted,mood\nnina,2026-02-01,yes,x\nnoel,2026-02-01,0,\nghost,2026-02-01,yes,\nnina,then,no,\nnina,2026-02-01,no,\nnoel,2026-02-02,maybe,\n"
    found = read_labels(text, {"nina": 1, "noel": 2})
    assert [(one.user_id, one.surveyed_on, one.exhausted) for one in found.good] == [
        (1, date(2026, 2, 1), True),
        (2, date(2026, 2, 1), False),
    ]
    assert [words.split(":")[0] for words in found.bad] == ["Line 4", "Line 5", "Line 6", "Line 7"]
    assert "ghost" not in " ".join(found.bad)
    with pytest.raises(ValueError, match="exhausted is not there"):
        read_labels("user,surveyed_on\n", {})
