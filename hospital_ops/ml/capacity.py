"""Will this shift exceed its staffed capacity: what is known some hours before it, and who answers.

Three can answer: the exact distribution of the ward's census (ml/shifts.py), and a RandomForestClassifier or a logistic
regression that have seen past shifts. Training lets them compete (ml/train_shifts.py); the winner's name is `method`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hospital_ops.ml import calendar
from hospital_ops.ml.dataset import DAY, Floats
from hospital_ops.ml.threads import one_core

KIND = "shift_capacity"
FEATURES = (
    "margin",
    "census share",
    "capacity share",
    "shift",
    "weekday",
    "hours ahead",
    "season sin",
    "season cos",
    "came today share",
    "mean days in",
    "beds",
)
DISTRIBUTION, BOTH = "distribution", "mean of forest and distribution"
DISTRIBUTION_NAME = "The census's own distribution"
NAMES: dict[str, str] = {
    DISTRIBUTION: DISTRIBUTION_NAME,
    "forest": "Random forest of past shifts",
    "logistic": "Logistic regression on past shifts",
    BOTH: "Mean of the census's distribution and a random forest of past shifts",
}


@dataclass
class CapacityModel:
    """P(this shift needs more nurses than it is staffed for). Without an estimator the distribution answers alone."""

    method: str = DISTRIBUTION
    estimator: Any = None
    name: str = DISTRIBUTION_NAME
    metadata: dict[str, Any] = field(default_factory=dict)
    version: str = ""

    def chance(self, features: Floats, distribution: Floats) -> Floats:
        """Per shift, from (n, len(FEATURES)) features and the distribution's own answer."""
        if self.estimator is None:
            return distribution
        learned = predicted(self.estimator, features)
        answer: Floats = (learned + distribution) / 2 if self.method == BOTH else learned
        return answer


def predicted(estimator: Any, features: Floats) -> Floats:
    with one_core():
        chances: Floats = estimator.predict_proba(features)[:, 1]
    return chances


def features_of(
    *, here: Floats, capacity: Floats, beds: Floats, shift: Floats, ahead: Floats, wall: Floats, new: Floats,
    days_in: Floats,
) -> Floats:  # fmt: skip
    """Shape (n, len(FEATURES)); what is given is broadcast.

    `here` and `new`: patients now, and those of the last day; `capacity`: patients that the staff on it can serve;
    `ahead`: hours to the shift's middle; `wall`: now on the wall's clock, seconds; `days_in`: mean days in.
    """
    then = ((wall + ahead * 3600.0) // DAY).astype(np.int64)
    angle = 2 * np.pi * then / 365.2425
    share, limit = here / beds, capacity / beds
    columns = [
        share - limit,
        share,
        limit,
        shift,
        calendar.weekday(then),
        ahead,
        np.sin(angle),
        np.cos(angle),
        new / beds,
        days_in,
        beds,
    ]
    return np.column_stack(np.broadcast_arrays(*(np.asarray(column, dtype=np.float64) for column in columns)))
