"""Are today's patients like those the model learned from? The population stability index (PSI) of each input.

A training keeps, of each input, ten bins of equal size and the share in each (an input with few values has fewer). Today's shares
against those give the PSI, Σ (now − then) · ln(now / then). With few patients chance alone gives about (bins − 1) / n, which
is why that floor stands beside every figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from hospital_ops.domain.history import Inpatient
from hospital_ops.ml import mitigation
from hospital_ops.ml.dataset import DAY, Floats, StayTable, epoch_of, local_wall, table_of_inpatients
from hospital_ops.ml.features import LANDMARK, Encoder, landmark_features
from hospital_ops.ml.length_of_stay import DischargeModel

BINS = 10
LEAST_NOW = 30
# No bin counts as empty: a single patient there would make the index infinite.
LEAST_SHARE = 1e-3

# input → its inner edges, or its groups, and the shares of the training
Summary = dict[str, dict[str, list[Any]]]


@dataclass(frozen=True, slots=True)
class Apart:
    """How far what is there now lies from what was learned: `figures` are PSI by input, of `n` patients, arrivals or shifts.

    `usual`: what the training's own spans gave, where it is known. `levels`: unit → [came, expected].
    """

    figures: dict[str, float]
    n: int
    usual: dict[str, float] = field(default_factory=dict)
    levels: dict[str, list[float]] = field(default_factory=dict)


# They say when a forecast is made, not of whom: the first of a day is always made at the same hour.
_CLOCK = frozenset({"hour_now", "weekday_now", "hours_since_seen"})
SNAPSHOTS, SNAPSHOT_DAYS = 60, 365


def summary(features: Any, names: Sequence[str] = LANDMARK) -> Summary:
    """Per input, from training's rows (rows × inputs): inner edges, and the shares of the bins, what is not known last."""
    found = {}
    for column, name in enumerate(names):
        values = np.asarray(features[:, column], dtype=np.float64)
        known = values[np.isfinite(values)]
        if len(known) and name not in _CLOCK:
            edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1]))
            found[name] = {"edges": [float(edge) for edge in edges], "shares": shares(values, edges).tolist()}
    return found


def of_past_days(table: StayTable, encoder: Encoder, end: float, shifts: mitigation.Shifts | None = None) -> Summary:
    """From everybody in the house at the turn of days of the last year: whom the first scoring of a day finds.

    What a training learns from will not do: it holds every admission, and of each stay any hour.
    """
    admitted, gone = table.column("admitted"), np.nan_to_num(table.column("discharged"), nan=np.inf)
    last = int(local_wall(np.array([end]), table.zone)[0] // DAY)
    days = np.unique(np.linspace(last - SNAPSHOT_DAYS, last, SNAPSHOTS).astype(np.int64))
    nights = [(np.flatnonzero((admitted <= at) & (gone > at)), at) for at in epoch_of(days * DAY, table.zone)]
    rows = np.concatenate([here for here, _ in nights])
    moments = np.concatenate([np.full(len(here), at) for here, at in nights])
    found = summary(landmark_features(table, encoder.fixed(table.stays), rows, moments))
    return found | _of_words(table.stays.iloc[rows], shifts or {})


def _of_words(stays: pd.DataFrame, shifts: mitigation.Shifts) -> Summary:
    """Of what moves a forecast and is no feature of the model (who pays): the groups that are moved, the share in each, others last.

    `shifts` names no handful, so neither does this.
    """
    found: Summary = {}
    for column in _moved(shifts):
        groups = sorted(shifts[column])
        found[column] = {"groups": groups, "shares": _word_shares(stays, column, groups).tolist()}
    return found


def _moved(shifts: mitigation.Shifts) -> list[str]:
    return [column for column in mitigation.by_group(shifts) if column not in mitigation.CLINICAL]


def _word_shares(stays: pd.DataFrame, column: str, groups: Sequence[str]) -> Floats:
    words = mitigation.words_of(stays, column)
    counts = np.array([int((words == group).sum()) for group in groups])
    together: Floats = np.append(counts, len(words) - counts.sum()) / max(len(words), 1)
    return together


def shares(values: Floats, edges: Floats) -> Floats:
    """Share of the values in each bin (up to an edge, with it), and of those that are not known."""
    known = values[np.isfinite(values)]
    counts = np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)
    together: Floats = np.append(counts, len(values) - len(known)) / max(len(values), 1)
    return together


def stability(then: Summary, features: Any, names: Sequence[str] = LANDMARK) -> dict[str, float]:
    """Input → PSI, the largest first."""
    found = {}
    for column, name in enumerate(names):
        if name in then:
            edges = np.array(then[name]["edges"])
            now = shares(np.asarray(features[:, column], dtype=np.float64), edges)
            found[name] = index(now, np.array(then[name]["shares"]))
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def index(now: Floats, then: Floats) -> float:
    """The PSI of two lists of shares."""
    now, then = np.maximum(now, LEAST_SHARE), np.maximum(then, LEAST_SHARE)
    return float(((now - then) * np.log(now / then)).sum())


def floor(n: int, bins: int = BINS) -> float:
    """The PSI that chance alone gives on average, with `n` patients of today."""
    return (bins - 1) / max(n, 1)


def of_inpatients(
    model: DischargeModel, inpatients: Sequence[Inpatient], now: datetime, zone: ZoneInfo
) -> Apart | None:
    """PSI of everybody in the house now; None where the release kept no summary, or too few are here to say."""
    then = model.metadata.get("inputs")
    if not isinstance(then, dict) or len(inpatients) < LEAST_NOW:
        return None
    table = table_of_inpatients(inpatients, zone)
    rows = np.arange(len(inpatients), dtype=np.int64)
    at = np.full(len(rows), now.timestamp())
    figures = stability(then, landmark_features(table, model.encoder.fixed(table.stays), rows, at))
    for column in _moved(model.shifts):
        if column in then:
            now_there = _word_shares(table.stays, column, then[column]["groups"])
            figures[column] = index(now_there, np.array(then[column]["shares"]))
    return Apart(figures, len(inpatients))
