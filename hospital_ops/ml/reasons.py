"""Why a forecast is what it is: which facts about this patient move the next two days, in a nurse's words.

Each group of features is set aside (to what it is for a typical patient of the training data); the difference it makes
to P(gone in two days) is its weight. The words say the fact and the direction, never a bare feature name.

What was moved against bias by group is a reason like the others, ranked by what it moves. It names no group: who pays may be one
of them, and is nothing that a ward has to read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from hospital_ops.domain.history import OBSERVED
from hospital_ops.ml import mitigation
from hospital_ops.ml.dataset import CODES, Floats, Ints, StayTable
from hospital_ops.ml.features import LANDMARK

if TYPE_CHECKING:
    from hospital_ops.ml.length_of_stay import DischargeModel

SHOWN = 3
LEAST = 0.02  # two points of probability: less is noise to a reader
ADJUSTED = "Adjusted by group (the model card says how)"
Features = npt.NDArray[np.float32]


def _places(*names: str) -> list[int]:
    return [LANDMARK.index(name) for name in names]


_LABS = {
    OBSERVED[code][0]: _places(*(f"{OBSERVED[code][0]} {part}" for part in ("now", "since first", "per day")))
    for code in CODES
}
GROUPS: dict[str, list[int]] = {
    "age": _places("age"),
    "diagnosis": _places("diagnosis_days", "diagnosis_group_days"),
    "came from": _places("admission_source"),
    "earlier stays": _places("earlier_stays", "earlier_mean_days"),
    **_LABS,
}


def of(model: DischargeModel, table: StayTable, rows: Ints, wall: Floats, features: Features) -> list[tuple[str, ...]]:
    """Up to three reasons per landmark, the strongest first. A baseline's only reason is the unit and the time in."""
    if model.estimator is None:
        days_in = features[:, LANDMARK.index("days_in")]
        units = table.stays["unit"].to_numpy()[rows]
        return [(f"Usual stay in {unit}, {_days(days)} in",) for unit, days in zip(units, days_in, strict=True)]
    weights = _weights(model, table, rows, wall, features)
    names = [*GROUPS, ADJUSTED]
    facts = _facts(table, rows)
    order = np.argsort(-np.abs(weights), axis=1)[:, :SHOWN]
    return [
        tuple(
            f"{_fact(names[group], facts[row], features[row])}: {'sooner' if weights[row, group] > 0 else 'later'}"
            for group in order[row]
            if abs(weights[row, group]) >= LEAST
        )
        for row in range(len(rows))
    ]


def _weights(model: DischargeModel, table: StayTable, rows: Ints, wall: Floats, features: Features) -> Floats:
    """Shape (landmarks, groups and the adjustment): P(gone by tomorrow night) as it is, less what it would be without that."""
    from hospital_ops.ml.length_of_stay import ahead_features, hazards_of, shifted

    ahead = ahead_features(table, rows, wall, horizon=2)
    typical = np.array(model.typical or [np.nan] * features.shape[1], dtype=np.float32)
    variants = [features]
    for places in GROUPS.values():
        changed = features.copy()
        changed[:, places] = typical[places]
        variants.append(changed)
    usual = model.baseline.hazards(table, rows, wall)[:, :2]
    times = (len(variants), 1)
    hazards = hazards_of(model, np.vstack(variants), np.tile(ahead, times), np.tile(usual, times))
    gone = _gone(hazards).reshape(len(variants), len(rows))
    moves = mitigation.moved_by(table.stays.iloc[rows], mitigation.by_group(model.shifts))
    adjusted = _gone(shifted(hazards[: len(rows)], moves)) - gone[0]
    weights: Floats = np.vstack([gone[0] - gone[1:], adjusted]).T
    return weights


def _gone(hazards: Floats) -> Floats:
    """By tomorrow night, of each row."""
    gone: Floats = 1 - (1 - hazards[:, 0]) * (1 - hazards[:, 1])
    return gone


def _facts(table: StayTable, rows: Ints) -> list[dict[str, str]]:
    """What the words need of each stay, taken once: a row of a data frame is slow to reach."""
    columns = [table.stays[name].to_numpy()[rows] for name in ("diagnosis_code", "admission_source", "earlier_stays")]
    return [
        {"diagnosis": str(diagnosis), "came from": str(source).replace("_", " "), "earlier stays": str(int(count))}
        for diagnosis, source, count in zip(*columns, strict=True)
    ]


def _fact(group: str, facts: dict[str, str], features: Features) -> str:
    if group in _LABS:
        return _lab(group, features)
    if group == ADJUSTED:
        return ADJUSTED
    if group == "age":
        return f"Age {features[LANDMARK.index('age')]:.0f}"
    if group == "earlier stays":
        count = facts[group]
        return "No earlier stay" if count == "0" else f"{count} earlier stay{'' if count == '1' else 's'}"
    return f"{group[0].upper()}{group[1:]} {facts[group] or 'unknown'}"


def _lab(name: str, features: Features) -> str:
    now, change, _ = (float(features[place]) for place in _LABS[name])
    unit = (
        next(unit for words, unit in OBSERVED.values() if words == name)
        .strip("{}")
        .replace("score", "")
        .replace("10*3/uL", "G/L")
    )
    title = name[0].upper() + name[1:]
    if not np.isfinite(now):
        return f"No {name} yet"
    value = f"{now:.3g} {unit}".strip()
    first = now - change if np.isfinite(change) else now
    return f"{title} {value}, was {first:.3g}" if abs(change) > 0.1 * max(abs(first), 0.5) else f"{title} {value}"


def _days(days: float) -> str:
    whole = int(days)
    return f"{whole} day{'s' if whole != 1 else ''}"
