"""The rules on layouts that nobody drew, read by an eye without fault: whose value is it, and is that ever wrong?"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from benchmarks.cards import fonts
from benchmarks.cards.drawing import strokes
from benchmarks.cards.invented import LAYOUTS
from benchmarks.cards.perfect import lines_of
from benchmarks.cards.templates import IDENTITY
from benchmarks.cards.truth import identity_truth, insurance_truth
from benchmarks.ocr import same
from hospital_ops.domain.documents import Side
from hospital_ops.ml.ocr.custom import against
from hospital_ops.ml.ocr.identity import identity_fields
from hospital_ops.ml.ocr.insurance import insurance_fields
from hospital_ops.ml.ocr.repairs import repaired

CARDS = 50
MOST_SILENTLY_WRONG = 0.004  # one of the 250 to 500 fields on that many cards
# What is not found costs a patient a line to type, no more; names over two bare lines are most of it. A line overlooked
# takes its value along, or the label of one.
MOST_MISSING = {0.0: 0.12, 0.03: 0.2}


def outcomes(side: str, lost: float) -> Counter[str]:
    """What became of the fields of CARDS invented cards, each line overlooked with the chance `lost`."""
    rng = random.Random(f"{side} {lost}")
    counts: Counter[str] = Counter()
    for _ in range(CARDS):
        template = LAYOUTS[side](rng)
        truth = identity_truth(rng) if side == IDENTITY else insurance_truth(rng)
        written, printed = strokes(template, truth, rng)
        lines = lines_of(written, rng, lost)
        found = identity_fields(lines) if side == IDENTITY else insurance_fields(lines)
        values = {key: repaired(key, candidate.string) for key, candidate in found.items()}
        odd = against(Side(side), values)
        for key, value in values.items():
            right = key in printed and same(key, value, printed[key])
            sure = not (found[key].doubts or key in odd)
            counts["right" if right else "silently_wrong" if sure else "wrong"] += 1
        counts["missing"] += len(printed.keys() - values.keys())
    return counts


@pytest.fixture(autouse=True)
def one_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow's own: with each machine's fonts the layouts would be others on each machine."""
    monkeypatch.setattr(fonts, "choices", lambda role: [])


@pytest.mark.parametrize("lost", [0.0, 0.03], ids=["every line seen", "some lines overlooked"])
@pytest.mark.parametrize("side", LAYOUTS)
def test_hardly_any_layout_makes_the_rules_wrong_without_a_doubt(side: str, lost: float) -> None:
    counts = outcomes(side, lost)
    assert counts["silently_wrong"] <= MOST_SILENTLY_WRONG * counts.total(), counts
    assert counts["missing"] <= MOST_MISSING[lost] * counts.total(), counts
