"""What a shift or strain release must have shown: each check fails once, in a sentence, and nothing else does then."""

from __future__ import annotations

from typing import Any

import pytest

from hospital_ops.ml import gate, strain

NAN = float("nan")
SHIFTS: dict[str, Any] = {
    "metrics": {"n": 1440.0, "share_over": 0.39, "brier": 0.05, "log_loss": 0.16, "ece": 0.01},
    "baseline_metrics": {"brier": 0.24, "log_loss": 0.67},
    "against_distribution": {
        "brier": {"apart": -0.01, "low": -0.02, "high": 0.01},
        "log_loss": {"apart": 0.01, "low": -0.01, "high": 0.03},
    },
    "by_unit": [{"unit": "icu", "n": 108, "apart": 0.08, "low": 0.01, "high": 0.15}],
}
STRAIN: dict[str, Any] = {
    "answers": 200,
    "exhausted": 80,
    "people": 180,
    "metrics": {"log_loss": 0.5, "log_loss_of_the_share": 0.67},
    "by_role": [{"group": "nurse", "n": 200, "apart": 0.02, "low": -0.04, "high": 0.08}],
    "model": {"coefficients": dict.fromkeys(strain.FEATURES, 0.1)},
}


def changed(facts: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return facts | {name: {**facts[name], **part} if isinstance(part, dict) else part for name, part in parts.items()}


def apart(low: float, high: float) -> dict[str, float]:
    return {"apart": (low + high) / 2, "low": low, "high": high}


@pytest.mark.parametrize(("kind", "facts"), [("shift_capacity", SHIFTS), ("strain", STRAIN)])
def test_a_good_one_passes(kind: str, facts: dict[str, Any]) -> None:
    assert gate.failures(kind, facts) == []
    assert gate.verdict(kind, [], facts) == "passed"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"metrics": {"n": 150.0}}, "It was asked about 150 past shifts only; 200 are needed."),
        ({"metrics": {"share_over": 0.01}}, "Of 1,440 past shifts that it was asked about 14 were overfull; at least 20"),
        ({"metrics": {"brier": 0.25}}, "Its Brier score of 0.250 is not below 0.240, that of the plain share"),
        ({"metrics": {"log_loss": NAN}}, "Its log loss of nan is not below 0.670"),
        ({"metrics": {"ece": 0.061}}, "Its chances are off by 0.061 on average; at most 0.06 is allowed."),
        ({"against_distribution": None}, "It was not compared with the census's own distribution"),
        (
            {"against_distribution": {"brier": apart(0.01, 0.03)}},
            "Its Brier score is 0.020 above that of the census's own distribution on the last weeks, more than chance explains "
            "(95 % +0.010 to +0.030).",
        ),
        ({"against_distribution": {"log_loss": apart(NAN, NAN)}}, "Its log loss is nan above"),
        (
            {"by_unit": [{"unit": "icu", "n": 108, **apart(0.11, 0.31)}]},
            "In icu (n 108) it foretells 21 in a hundred more overfull shifts than came (95 % +11 to +31 in a hundred); "
            "surely more than 10 is too much.",
        ),
        ({"by_unit": [{"unit": "icu", "n": 108, **apart(-0.31, -0.11)}]}, "21 in a hundred fewer overfull"),
        ({"by_unit": [{"unit": "icu"}]}, "It does not say how it was measured"),
        ({"metrics": None}, "It does not say how it was measured"),
    ],
)  # fmt: skip
def test_each_check_of_shifts_fails_once(parts: dict[str, Any], words: str) -> None:
    (why,) = gate.failures("shift_capacity", changed(SHIFTS, **parts))
    assert why.startswith(words) or words in why
    assert gate.verdict("shift_capacity", [why]) == "failed"


@pytest.mark.parametrize(
    "rows", [[{"unit": "icu", "n": 40, **apart(0.2, 0.4)}], [{"unit": "icu", "n": 108, **apart(0.05, 0.4)}], []]
)
def test_a_ward_is_not_judged_by_few_questions_or_by_chance(rows: list[dict[str, Any]]) -> None:
    assert gate.failures("shift_capacity", changed(SHIFTS, by_unit=rows)) == []


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"answers": 60, "exhausted": 30, "people": 60}, "60 answers are too few to learn from; 100 are needed."),
        ({"exhausted": 12}, "12 of 200 answers say exhausted; at least 20 of each kind"),
        ({"people": 31}, "The answers are of 31 people only; 50 are needed."),
        ({"metrics": {"log_loss": 0.68}}, "On people left out its log loss of 0.680 is not below the plain share's 0.670"),
        ({"metrics": {"log_loss": NAN}}, "On people left out its log loss of nan is not below"),
        (
            {"model": {"coefficients": {"hours": NAN, "nights": float("inf"), "tasks": 1.0}}},
            "Its odds for hours, nights are no numbers that can be used.",
        ),
        ({"model": {"coefficients": {"age": 1.0}}}, "Its odds for age are no numbers"),
        (
            {"by_role": [{"group": "nurse", "n": 30, **apart(0.16, 0.40)}]},
            "Of the answers of role nurse (n 30) it foretells 28 in a hundred more exhausted than said so (95 % +16 to +40",
        ),
        ({"model": {}}, "It does not say how it was measured"),
    ],
)  # fmt: skip
def test_each_check_of_strain_fails_once(parts: dict[str, Any], words: str) -> None:
    (why,) = gate.failures("strain", STRAIN | parts if "model" in parts else changed(STRAIN, **parts))
    assert why.startswith(words)


def test_the_published_table_passes_by_being_that_table() -> None:
    facts = strain.facts_of(strain.StrainModel())
    assert gate.failures("strain", facts) == []
    assert gate.verdict("strain", [], facts) == "published"
    # Its name alone is not enough: the odds are what counts.
    facts["model"]["coefficients"] = {"long_share": 5.0}
    assert gate.failures("strain", facts) == [
        "It does not say how it was measured, so nobody can tell whether it may serve."
    ]
