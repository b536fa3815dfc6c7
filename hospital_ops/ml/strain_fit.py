"""How the strain model is fitted on a hospital's own survey, and measured on people left out of the fit (`ml/strain.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from hospital_ops.domain.strain import FULL_WEEK_HOURS, Workload
from hospital_ops.ml.dataset import Floats
from hospital_ops.ml.fairness import clustered_interval
from hospital_ops.ml.strain import FEATURES, StrainModel, too_few
from hospital_ops.ml.threads import one_core

# What one step of each feature is, so that the fit's penalty weighs them alike.
STEP = {"overtime": 10.0, "long_share": 0.5, "quick_returns": 2.0, "nights": 4.0, "hours": 10.0, "tasks": 5.0}
FOLDS = 5
LEAST_OF_A_ROLE = 20  # people


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer to the survey, with their four weeks before it."""

    user_id: int
    work: Workload
    exhausted: bool
    role: str = ""


def fit(answers: Sequence[Answer], seed: int = 0) -> StrainModel:
    """Fit on a hospital's own survey, measured on people left out of the fit; whether it may serve the gate says.

    Raises ValueError with a sentence when there are too few answers, or too few of one kind.
    """
    _refuse_small(answers)
    matrix = np.array([[getattr(one.work, name) for name in FEATURES] for one in answers])
    labels = np.array([one.exhausted for one in answers], dtype=np.int64)
    usual = {"hours": FULL_WEEK_HOURS, "tasks": float(matrix[:, FEATURES.index("tasks")].mean())}
    scaled = (matrix - [usual.get(name, 0.0) for name in FEATURES]) / [STEP[name] for name in FEATURES]
    people = np.array([one.user_id for one in answers])
    said, share = _left_out(scaled, labels, people, seed)
    estimator = _estimator(scaled, labels)
    steps = zip(FEATURES, estimator.coef_[0], strict=True)
    facts = {
        "answers": len(labels), "exhausted": int(labels.sum()), "people": len(np.unique(people)),
        "features": list(FEATURES), "metrics": _measured(said, share, labels),
        "by_role": _by_role(said - labels, people, np.array([one.role for one in answers])),
    }  # fmt: skip
    return StrainModel(
        f"Fitted on {len(labels)} answers of this hospital's survey",
        {name: float(weight / STEP[name]) for name, weight in steps},
        usual,
        estimator,
        facts | {"split": "five parts, a person's answers always in the same one"},
    )


def _refuse_small(answers: Sequence[Answer]) -> None:
    found = too_few(len(answers), sum(one.exhausted for one in answers), len({one.user_id for one in answers}))
    if found:
        raise ValueError(found[0])


def _estimator(matrix: Any, labels: Any) -> LogisticRegression:
    with one_core():
        return LogisticRegression(C=1.0, max_iter=1000).fit(matrix, labels)


def _left_out(matrix: Any, labels: Any, people: Any, seed: int) -> tuple[Floats, Floats]:
    """What is said of each answer by a fit that has not seen that person, and the plain share of what that fit has seen."""
    said, share = np.zeros(len(labels)), np.zeros(len(labels))
    parts = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(matrix, labels, people)
    for learn, judge in parts:
        said[judge] = _estimator(matrix[learn], labels[learn]).predict_proba(matrix[judge])[:, 1]
        share[judge] = labels[learn].mean()
    return said, share


def _measured(said: Floats, share: Floats, labels: Any) -> dict[str, float]:
    """Log loss, Brier score and AUROC on people left out, beside the plain share's."""
    return {
        "log_loss": float(log_loss(labels, said, labels=[0, 1])),
        "log_loss_of_the_share": float(log_loss(labels, share, labels=[0, 1])),
        "brier": float(((said - labels) ** 2).mean()),
        "auroc": float(roc_auc_score(labels, said)),
    }


def _by_role(apart: Floats, people: Any, roles: Any) -> list[dict[str, Any]]:
    """Foretold less answered of each role with enough people that nobody's answer can be told from it."""
    found = []
    for role in sorted(set(roles) - {""}):
        mine = roles == role
        if len(np.unique(people[mine])) >= LEAST_OF_A_ROLE:
            low, high = clustered_interval(apart[mine], people[mine])
            rounded = {"apart": float(apart[mine].mean()), "low": low, "high": high}
            found.append(
                {"group": str(role), "n": int(mine.sum())} | {key: round(value, 2) for key, value in rounded.items()}
            )
    return found
