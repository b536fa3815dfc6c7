"""The strain model: a logistic regression on four weeks of work, fitted on a hospital's survey or carrying published odds.

Without survey labels the coefficients are logarithms of published odds ratios (`PUBLISHED`), and the model's name says so:

- shifts over 13 h, against 8–9 h: burnout 2.70 (2.32–3.15), fully adjusted; 22,275 nurses. Stimpfel, Sloane, Aiken,
  Health Aff 2012;31:2501–9, exhibit 3. Taken by the share of shifts that are so long.
- hours beyond 40 a week: work-related burnout doubled at 60, tripled at 74, quadrupled at 84; 2,081 hospital staff. Lin,
  Lin, Hsia, Kuo, J Occup Health 2021;63:e12228. ln 2 / 20 an hour; the other two points give 7 to 9 % less.
- quick returns are tied to fatigue (Eldevik et al., PLoS One 2013;8:e70882) and burnout (Hatukay et al., Int J Nurs Stud
  2024;151:104677), but neither abstract gives odds for burnout by their number: counted and said, without weight.
- nights: findings contradict each other (Giusti et al., Scand J Work Environ Health 2024;50:475–84: more nights, less
  exhaustion; Vidotti et al., Rev Lat Am Enfermagem 2018;26:e3022: more of it by day). Without weight.
- total hours are in the second line already, and for tasks a shift nothing was found. Without weight.

The index is no probability: it says how many times the odds of a usual month (domain/strain.py `index_of`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from hospital_ops.domain.strain import FULL_WEEK_HOURS, Cause, Workload, index_of, words_of
from hospital_ops.ml import registry

KIND = "strain"
FEATURES = ("overtime", "long_share", "quick_returns", "nights", "hours", "tasks")
PUBLISHED: dict[str, float] = {"long_share": math.log(2.70), "overtime": math.log(2) / 20}
PUBLISHED_NAME = "Published odds: no survey of this hospital has been read"
LEAST_ANSWERS, LEAST_EACH = 100, 20


@dataclass(frozen=True)
class StrainModel:
    """`coefficients`: log odds for one more of a feature; `usual`: what a usual month has of it, 0 unless named."""

    name: str = PUBLISHED_NAME
    coefficients: dict[str, float] = field(default_factory=lambda: dict(PUBLISHED))
    usual: dict[str, float] = field(default_factory=lambda: {"hours": FULL_WEEK_HOURS})
    estimator: Any = None
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def fitted(self) -> bool:
        return self.estimator is not None

    def parts(self, work: Workload) -> dict[str, float]:
        """Each feature's part of the log odds."""
        return {
            name: self.coefficients.get(name, 0.0) * (getattr(work, name) - self.usual.get(name, 0.0))
            for name in FEATURES
        }

    def odds(self, work: Workload) -> float:
        """How many times the odds of a usual month."""
        return math.exp(sum(self.parts(work).values()))

    def index(self, work: Workload) -> int:
        return index_of(self.odds(work))

    def causes(self, work: Workload) -> list[Cause]:
        """What was counted, the heaviest first, each with its weight; what was not there is left out."""
        parts, words = self.parts(work), words_of(work)
        told = [Cause(name, words[name], math.exp(parts[name])) for name in FEATURES if name in words]
        return sorted(told, key=lambda cause: -cause.times)


def too_few(answers: int, yes: int, people: int) -> list[str]:
    """Why so many answers, so many of them yes, of so many people, are not enough; a sentence each."""
    found = []
    if answers < LEAST_ANSWERS:
        found.append(f"{answers} answers are too few to learn from; {LEAST_ANSWERS} are needed.")
    if min(yes, answers - yes) < LEAST_EACH:
        found.append(
            f"{yes} of {answers} answers say exhausted; at least {LEAST_EACH} of each kind are needed to tell them apart."
        )
    if people < LEAST_ANSWERS // 2:
        found.append(f"The answers are of {people} people only; {LEAST_ANSWERS // 2} are needed.")
    return found


def save(model: StrainModel, directory: Path, created_at: datetime) -> str:
    """Write a fitted model; returns its version. It does not serve yet."""
    return registry.save(directory, KIND, model.estimator, facts_of(model), created_at)


def facts_of(model: StrainModel) -> dict[str, Any]:
    """What stands in a release's description."""
    told = {"name": model.name, "coefficients": model.coefficients, "usual": model.usual}
    return {**model.metadata, "model": told}


def load(directory: Path) -> StrainModel:
    """The active release, or the published odds, whose name says why."""
    try:
        if registry.active_version(directory, KIND) is None:
            return StrainModel()
        return restore(registry.load(directory, KIND))
    except registry.ArtefactError as error:
        return StrainModel(name=f"Published odds. {error}")


def restore(release: registry.Release) -> StrainModel:
    """A model from its release. Raises ArtefactError when its description is not one of ours."""
    try:
        told = release.metadata["model"]
        coefficients = {str(name): float(weight) for name, weight in told["coefficients"].items()}
        usual = {str(name): float(value) for name, value in told["usual"].items()}
        return StrainModel(told["name"], coefficients, usual, release.estimator, release.metadata)
    except registry.NOT_OURS as error:
        raise registry.ArtefactError(f"Release {release.version} lacks a part of its description.") from error
