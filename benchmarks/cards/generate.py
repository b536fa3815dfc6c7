"""Synthetic cards by the dozen: the same seed gives the same cards, on a machine with the same fonts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.cards.drawing import draw
from benchmarks.cards.photo import photograph
from benchmarks.cards.templates import IDENTITY, Template, split
from benchmarks.cards.truth import identity_truth, insurance_truth


@dataclass(frozen=True)
class Sample:
    """One photo with its truth; `rotated` in degrees clockwise."""

    template: str
    side: str
    grade: str
    jpeg: bytes
    rotated: int
    truth: dict[str, str]


def sample(template: Template, grade: str, seed: int) -> Sample:
    rng = random.Random(f"{template.name} {grade} {seed}")
    truth = identity_truth(rng) if template.side == IDENTITY else insurance_truth(rng)
    scale = rng.uniform(0.8, 1.5) if grade == "flat" else rng.uniform(0.95, 1.7)
    card, printed = draw(template, truth, rng, scale)
    jpeg, rotated = photograph(card, grade, rng)
    return Sample(template.name, template.side, grade, jpeg, rotated, printed)


def samples(count: int, grade: str, kept_out: bool, seed: int = 0) -> Iterator[Sample]:
    """`count` photos, the templates of that half in turn."""
    templates = split(kept_out)
    for n in range(count):
        yield sample(templates[n % len(templates)], grade, seed * 100_000 + n)
