"""The discharge model: the chance to leave on each coming day, given still being here, and what follows from it.

A `DischargeModel` is either trained (`estimator`) or the stated baseline (Kaplan–Meier by unit); both give hazards per
local day, and one piece of arithmetic (`outlook`) makes probabilities and dates of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from hospital_ops.domain.forecasts import BASELINE, StayForecast
from hospital_ops.domain.history import Inpatient
from hospital_ops.ml import mitigation, reasons, registry, straighten
from hospital_ops.ml.baselines import HORIZON, KaplanMeier
from hospital_ops.ml.dataset import Floats, Ints, StayTable, local_wall, table_of_inpatients
from hospital_ops.ml.features import Encoder, days_ahead, landmark_features
from hospital_ops.ml.outlook import Outlook
from hospital_ops.ml.threads import one_core

KIND = "length_of_stay"
AT_ONCE = 16_000  # patient-days that stay in a core's cache, tree after tree: ten thousand patients take half the time
STRATA = 11  # days in: 0 … 9, and ten or more
OVERLAP, SAID = 14, 0.25  # days of the horizon that say how far off the later ones are; departures that say nothing
OUTSIDE = 0.10  # on either side of an 80 % range, unless calibration says otherwise
BASELINE_NAME = f"{BASELINE}Kaplan–Meier by unit"
GENERAL_NAME = f"{BASELINE}typical stays (no history yet)"


@dataclass
class DischargeModel:
    """`tails`: per days-in stratum, the probability left outside on the low and on the high side of the range."""

    name: str
    baseline: KaplanMeier = field(default_factory=KaplanMeier)
    encoder: Encoder = field(default_factory=Encoder)
    estimator: Any = None
    tails: list[float] = field(default_factory=lambda: [OUTSIDE] * STRATA)
    typical: list[float] = field(default_factory=list)  # medians of the landmark features in training
    sharpen: list[straighten.Line] = field(default_factory=list)  # today, tomorrow, later
    shifts: mitigation.Shifts = field(default_factory=dict)  # of the log-odds, by group, against bias
    ratios: list[float] = field(
        default_factory=list
    )  # truth over forecast, where the estimator foretells remaining days
    version: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def is_baseline(self) -> bool:
        return self.estimator is None

    def outlook(self, table: StayTable, rows: Ints, at: Floats) -> tuple[Outlook, npt.NDArray[np.float32]]:
        """Outlooks for landmarks (`rows` of the table at seconds `at`), and the features they rest on."""
        wall = local_wall(at, table.zone)
        features = landmark_features(table, self.encoder.fixed(table.stays), rows, at)
        hazards = foretold(self, table, rows, wall, features)
        if self.estimator is not None:
            days_in = (at - table.column("admitted")[rows]) / 86400.0
            hazards = shifted(hazards, mitigation.moved_by(table.stays.iloc[rows], self.shifts, days_in))
        profiles = self.baseline.profiles(table.stays["unit"].to_numpy()[rows])
        return Outlook.of(hazards, wall, profiles), features

    def ranges(self, outlook: Outlook, days_in: Floats) -> tuple[Floats, Floats]:
        """Wall seconds of the 80 % range."""
        tail = np.array(self.tails)[stratum(days_in)]
        return outlook.when(tail), outlook.when(1 - tail)


def baseline_model(baseline: KaplanMeier | None = None, why: str = "") -> DischargeModel:
    """The stated fallback; `why` says what is missing, for the screen."""
    name = BASELINE_NAME if baseline and baseline.hazard else GENERAL_NAME
    return DischargeModel(name=f"{name}. {why}" if why else name, baseline=baseline or KaplanMeier())


def stratum(days_in: Floats) -> Ints:
    return np.clip(np.floor(days_in), 0, STRATA - 1).astype(np.int64)


def ahead_features(table: StayTable, rows: Ints, wall: Floats, horizon: int = HORIZON) -> npt.NDArray[np.float32]:
    """Shape (landmarks × horizon, 4): each landmark's coming days, in order."""
    landmark = np.repeat(np.arange(len(rows)), horizon)
    ahead = np.tile(np.arange(horizon), len(rows))
    admitted = local_wall(table.column("admitted")[rows], table.zone)
    return days_ahead(wall, admitted, landmark, ahead)


def foretold(
    model: DischargeModel, table: StayTable, rows: Ints, wall: Floats, features: npt.NDArray[np.float32]
) -> Floats:
    """Shape (landmarks, as many days as the baseline tells): the learner's, then what is usual, as far off as the learner's were."""
    usual = model.baseline.hazards(table, rows, wall, max(model.baseline.days, HORIZON))
    if model.estimator is None:
        return usual
    near = hazards_of(model, features, ahead_features(table, rows, wall), usual)
    last = slice(HORIZON - OVERLAP, HORIZON)
    times = (near[:, last].sum(axis=1) + SAID) / (usual[:, last].sum(axis=1) + SAID)
    return np.hstack([near, shifted(usual[:, HORIZON:], np.log(times))])


def hazards_of(
    model: DischargeModel, features: npt.NDArray[np.float32], ahead: npt.NDArray[np.float32], usual: Floats
) -> Floats:
    """Shape (landmarks, days), from features (landmarks, …), their days (landmarks × days, …) and the usual hazards."""
    days = len(ahead) // max(len(features), 1)
    return straighten.moved(raw_hazards(model, features, ahead, days), usual[:, :days], model.sharpen)


def raw_hazards(
    model: DischargeModel, features: npt.NDArray[np.float32], ahead: npt.NDArray[np.float32], days: int
) -> Floats:
    """As the learner says them."""
    with one_core():
        if model.ratios:
            return _hazards_of_remaining(model, features, ahead[:, -1].reshape(len(features), days))
        some = max(1, AT_ONCE // days)
        said = [
            model.estimator.predict_proba(
                np.hstack([np.repeat(features[at : at + some], days, axis=0), ahead[at * days : (at + some) * days]])
            )[:, 1]
            for at in range(0, len(features), some)
        ]
    hazards: Floats = np.concatenate(said).reshape(len(features), days)
    return hazards


def shifted(hazards: Floats, shift: Floats) -> Floats:
    """Hazards (landmarks, days) whose log-odds are moved by one number a landmark."""
    if not shift.any():
        return hazards
    times = np.exp(shift)[:, None]
    moved: Floats = hazards * times / (1 - hazards + hazards * times)
    return moved


def _hazards_of_remaining(model: DischargeModel, features: npt.NDArray[np.float32], left: Floats) -> Floats:
    """From one number of remaining days and the spread of truth over forecast: the chance per local day."""
    remaining = np.maximum(model.estimator.predict(features), 0.05)[:, None]
    shares = np.linspace(0.005, 0.995, len(model.ratios))
    gone = np.interp(np.cumsum(left, axis=1) / remaining, model.ratios, shares, left=0.0, right=0.998)
    before = np.hstack([np.zeros((len(gone), 1)), gone[:, :-1]])
    hazards: Floats = (gone - before) / (1 - before)
    return hazards


def score(model: DischargeModel, inpatients: Sequence[Inpatient], now: datetime, zone: ZoneInfo) -> list[StayForecast]:
    """One forecast per inpatient, in order. Observations after `now` are not read; nothing is dated before `now`."""
    if not inpatients:
        return []
    table = table_of_inpatients(inpatients, zone)
    rows = np.arange(len(inpatients), dtype=np.int64)
    at = np.full(len(rows), now.timestamp())
    outlook, features = model.outlook(table, rows, at)
    days_in = (at - table.column("admitted")) / 86400.0
    low, high = model.ranges(outlook, days_in)
    median = outlook.when(0.5)
    day = (median // 86400.0 - outlook.wall // 86400.0).astype(np.int64)
    first, last = outlook.hours_of(day, 0.2, 0.8)
    whys = reasons.of(model, table, rows, outlook.wall, features)
    p24, p48, p72 = (outlook.gone_within(hours) for hours in (24.0, 48.0, 72.0))
    today, mean = outlook.gone[:, 0], outlook.mean_days()
    to_utc = _Dates(zone, now)
    return [
        StayForecast(
            stay_id=one.stay.stay_id,
            made_at=now,
            p24=float(p24[row]),
            p48=float(p48[row]),
            p72=float(p72[row]),
            p_today=float(today[row]),
            median_at=to_utc(median[row]),
            low_at=to_utc(low[row]),
            high_at=to_utc(high[row]),
            likely_from=to_utc(first[row]),
            likely_to=to_utc(last[row]),
            mean_days=float(mean[row]),
            reasons=whys[row],
            model_name=model.name,
        )
        for row, one in enumerate(inpatients)
    ]


def load(directory: Path) -> DischargeModel:
    """The active release; without a usable one, the stated baseline, whose name says why."""
    try:
        release = registry.load(directory, KIND)
        return restore(release)
    except registry.ArtefactError as error:
        return baseline_model(_saved_baseline(directory), str(error))


def restore(release: registry.Release) -> DischargeModel:
    """A model from its release. Raises ArtefactError when its description is not one of ours."""
    try:
        facts = release.metadata["model"]
        return DischargeModel(
            name=facts["name"],
            baseline=KaplanMeier.from_json(facts["baseline"]),
            encoder=Encoder.from_json(facts["encoder"]),
            estimator=release.estimator,
            tails=facts["tails"],
            typical=facts["typical"],
            ratios=facts["ratios"],
            sharpen=facts.get("sharpen", []),
            shifts=facts.get("shifts", {}),
            version=release.version,
            metadata=release.metadata,
        )
    except registry.NOT_OURS as error:
        raise registry.ArtefactError(f"Release {release.version} lacks a part of its description.") from error


def _saved_baseline(directory: Path) -> KaplanMeier | None:
    """Kaplan–Meier tables of any release whose description can be read: they are numbers, so they need no trust."""
    for facts in registry.versions(directory, KIND):
        with contextlib.suppress(*registry.NOT_OURS):
            return KaplanMeier.from_json(facts["model"]["baseline"])
    return None


class _Dates:
    """Wall seconds → aware UTC, never before `now` even in the hour that a clock change repeats."""

    def __init__(self, zone: ZoneInfo, now: datetime) -> None:
        self.zone, self.now = zone, now

    def __call__(self, wall: float) -> datetime:
        local = datetime.fromtimestamp(float(wall), UTC).replace(tzinfo=self.zone, microsecond=0)
        return max(local.astimezone(UTC), self.now)
