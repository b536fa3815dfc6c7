"""Who will come: arrivals per unit by day and hour, one hour to 28 days ahead, each with a range.

Two models that know different things, and their mean: a calendar (Poisson regression on weekday, season and holidays)
carried by the recent level, and a RandomForest on the same facts and lags. Hours share out a day by the unit's profile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import PoissonRegressor

from hospital_ops.domain.forecasts import ArrivalDay, ArrivalForecast
from hospital_ops.ml import calendar, counts
from hospital_ops.ml.dataset import DAY, Floats, Ints, StayTable, local_wall
from hospital_ops.ml.threads import one_core

HALF_LIVES = (7.0, 28.0, 120.0)  # days: how fast each of three memories of the level forgets
HORIZONS = (1, 2, 3, 5, 7, 10, 14, 21, 28)
FORGET_DAYS = 500.0  # what was learned from a day counts half after so long
WARM_UP = 60
LEAST_A_DAY = 1e-3
CLOSED_DAYS, CLOSED_MISSED = 14, 20.0  # days without anybody, and how many would have come in them
LEAST_CARRIED = 0.02  # of what the calendar expects
LOOK_DAYS = 90  # how long a calendar foretells before it is learned anew, when looking back at how it did
LONGEST = 28
GRAINS = (1, 8, 24)  # hours: the lengths of time for which ranges are calibrated
HOUSE = "house {}"  # the name of the same of all units together
METHODS = ("calendar", "forest", "mean of both")


@dataclass(frozen=True)
class Counts:
    """Arrivals per local hour: `hourly` (hours, units), the first hour beginning at local day `first_day`, midnight."""

    units: tuple[str, ...]
    first_day: int
    hourly: Floats

    @property
    def daily(self) -> Floats:
        """(whole days, units)."""
        whole = len(self.hourly) // 24
        summed: Floats = self.hourly[: whole * 24].reshape(whole, 24, -1).sum(axis=1)
        return summed

    @property
    def days(self) -> Ints:
        return self.first_day + np.arange(len(self.hourly) // 24)

    def until(self, days: int) -> Counts:
        """The first `days` whole days."""
        return Counts(self.units, self.first_day, self.hourly[: days * 24])


def counts_of(table: StayTable, end: float) -> Counts:
    """Admissions per unit and local hour, from the first whole day to the last whole day before `end`."""
    wall = local_wall(table.column("admitted"), table.zone)
    first = int(np.ceil(wall.min() / DAY))
    last = int(local_wall(np.array([end]), table.zone)[0] // DAY)
    units = tuple(sorted(map(str, table.stays["unit"].unique())))
    places = {unit: place for place, unit in enumerate(units)}
    column = np.array([places[str(unit)] for unit in table.stays["unit"]])
    hour = (wall // 3600).astype(np.int64) - first * 24
    inside = (hour >= 0) & (hour < (last - first) * 24)
    hourly = np.zeros(((last - first) * 24, len(units)))
    np.add.at(hourly, (hour[inside], column[inside]), 1.0)
    return Counts(units, first, hourly)


@dataclass
class ArrivalsModel:
    """Everything that a forecast needs, `recent` included: the level is that of the last days it was given."""

    name: str
    units: tuple[str, ...]
    waves: int
    coefficients: list[list[float]]  # per unit: intercept, then one per calendar column
    carry: list[list[list[float]]]  # per horizon 1 … 28, per unit: how much of each memory carries over on unseen days
    profile: list[list[list[float]]]  # per unit, per weekday: share of the day per hour
    spread: float = 0.0
    tails: dict[str, float] = field(default_factory=dict)  # per grain in hours
    method: str = "calendar"
    estimator: Any = None
    metadata: dict[str, Any] = field(default_factory=dict)
    version: str = ""
    seen: list[list[list[float]]] = field(default_factory=list)  # as `carry`, on days that the calendar had seen
    last_day: int | None = None  # learned from; None where no slope was drawn

    def calendar(self, days: Ints) -> Floats:
        """What the calendar alone expects, (days, units)."""
        columns = _columns(days, self.waves, self.last_day)
        weights = np.array(self.coefficients)
        expected: Floats = np.exp(columns @ weights[:, 1:].T + weights[:, 0])
        return np.maximum(expected, LEAST_A_DAY)

    def daily(self, recent: Counts, ahead: int = LONGEST) -> Floats:
        """Expected arrivals of the `ahead` days after `recent`, shape (ahead, units)."""
        days = recent.days[-1] + 1 + np.arange(ahead)
        base = self.calendar(days)
        levels = memories(recent.daily, self.calendar(recent.days))[-1]
        carried = self._carried(self.carry, levels, ahead)
        if self.method == "calendar" or self.estimator is None:
            return base * carried
        forest = self._forest(recent, levels, days, base)
        if self.seen:
            # It has learned on days that its calendar had seen: how far levels carry on days unseen, it cannot know.
            forest = forest * carried / self._carried(self.seen, levels, ahead)
        return forest if self.method == "forest" else (base * carried + forest) / 2

    def hourly(self, recent: Counts, ahead: int = LONGEST) -> Floats:
        """Expected arrivals per hour of the `ahead` days after `recent`, shape (ahead × 24, units)."""
        daily = self.daily(recent, ahead)
        weekdays = calendar.weekday(recent.days[-1] + 1 + np.arange(ahead))
        profile = np.array(self.profile)[:, weekdays]
        shared: Floats = daily.T[:, :, None] * profile
        return shared.reshape(len(self.units), -1).T

    def range(self, expected: Floats, hours: float, *, house: bool = False) -> tuple[Floats, Floats]:
        """The 80 % range of counts that are `expected` over `hours`, of a unit or of the whole house.

        A unit's few come in whole numbers, so that its tails are cut far in; on the sixty of a house those would hold 70 %.
        """
        grain = min(GRAINS, key=lambda one: abs(np.log(one / max(hours, 0.5))))
        tail = self.tails.get(HOUSE.format(grain) if house else str(grain), 0.1)
        return tuple(counts.quantile(share, expected, self.spread) for share in (tail, 1 - tail))  # type: ignore[return-value]

    @staticmethod
    def _carried(how: list[list[list[float]]], levels: Floats, ahead: int) -> Floats:
        carry = np.array(how)[np.minimum(np.arange(ahead), LONGEST - 1)]
        # Levels are ratios round one, (units, memories); what is carried is their distance from it.
        return np.maximum(1 + (carry * (levels - 1)[None]).sum(axis=2), LEAST_CARRIED)

    def _forest(self, recent: Counts, levels: Floats, days: Ints, base: Floats) -> Floats:
        rows = [
            _forest_features(
                np.full(len(self.units), horizon + 1),
                days[horizon],
                levels,
                recent.daily[-1] / base[horizon],
                base[horizon],
            )
            for horizon in range(len(days))
        ]
        with one_core():
            ratios = self.estimator.predict(np.vstack(rows)).reshape(len(days), len(self.units))
        forest: Floats = base * ratios
        return forest


def closed(daily: Floats) -> npt.NDArray[np.bool_]:
    """(days, units): days of a run of two weeks and more on which nobody came, though more than a handful would have.

    The last run counts only once somebody has come again: until then nobody knows for how long it will go on.
    """
    shut = np.zeros(daily.shape, dtype=bool)
    for unit in range(daily.shape[1]):
        came = daily[:, unit] > 0
        edges = np.flatnonzero(np.diff(np.concatenate([[True], came, [True]]).astype(int)))
        usual = daily[came, unit].mean() * came.mean() if came.any() else 0.0
        for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            over = last < len(daily)
            if over and last - first >= CLOSED_DAYS and usual * (last - first) >= CLOSED_MISSED:
                shut[first:last, unit] = True
    return shut


def memories(daily: Floats, base: Floats) -> Floats:
    """Recent level against the calendar, (days, units, HALF_LIVES), each day's as known at its end; one is as expected.

    Days on which a unit was closed are no memory of how many come when it is open.
    """
    open_days = ~closed(daily)
    levels = np.empty((*daily.shape, len(HALF_LIVES)))
    for place, half_life in enumerate(HALF_LIVES):
        keep = 0.5 ** (1 / half_life)
        # Both start as if the calendar had been right for one half-life.
        came = expected = base[0] * half_life
        for day in range(len(daily)):
            is_open = open_days[day]
            came = np.where(is_open, keep * came + daily[day], came)
            expected = np.where(is_open, keep * expected + base[day], expected)
            levels[day, :, place] = came / expected
    return levels


def fit(history: Counts, seed: int = 0, forest: bool = True) -> ArrivalsModel:
    """Learn from whole days. Raises ValueError when there are fewer than four months of them."""
    if len(history.daily) < 120:
        raise ValueError(f"{len(history.daily)} days are too few to learn arrivals from; 120 are needed.")
    with one_core():
        return _fit(history, seed, forest)


def _fit(history: Counts, seed: int, forest: bool) -> ArrivalsModel:
    daily, days = history.daily, history.days
    forgotten = 0.5 ** ((len(daily) - 1 - np.arange(len(daily))) / FORGET_DAYS)
    weights = forgotten[:, None] * ~closed(daily)
    model = _calendar(history, weights)
    model.profile = _profiles(history)
    looks = _looks_back(history, weights)
    model.carry = [_carry(daily, looks, horizon, weights) for horizon in range(1, LONGEST + 1)]
    if forest:
        base = model.calendar(days)
        levels = memories(daily, base)
        seen = [_Look(WARM_UP, len(daily), base, levels, np.ones(daily.shape[1], dtype=bool))]
        model.seen = [_carry(daily, seen, horizon, weights) for horizon in range(1, LONGEST + 1)]
        model.estimator = _fit_forest(daily, base, levels, days, weights, seed)
        model.method, model.name = "mean of both", "Calendar and level with random forest"
    return model


def _calendar(history: Counts, weights: Floats) -> ArrivalsModel:
    """The calendar alone: nothing carried, no hours."""
    daily, days = history.daily, history.days
    waves = _waves(daily)
    last_day = int(days[-1]) if waves else None
    columns = _columns(days, waves, last_day)
    coefficients = [_poisson(columns, daily[:, unit], weights[:, unit]) for unit in range(daily.shape[1])]
    return ArrivalsModel(
        "Calendar and level", history.units, waves, coefficients, carry=[], profile=[], last_day=last_day
    )


def _columns(days: Ints, waves: int, last_day: int | None) -> Floats:
    """The calendar's columns and the years since the last day learned from, which stand still after it.

    A house that grows would otherwise have its slope drawn as half a season; where it goes on from there the memories say.
    """
    columns = calendar.columns(days, waves)
    if last_day is None:
        return columns
    years = np.minimum(days - last_day, 0) / 365.2425
    return np.column_stack([columns, years])


def _waves(daily: Floats) -> int:
    """How finely the year is drawn. Less than a year and a bit has shown no season, only half a slope of one."""
    if len(daily) < 400:
        return 0
    return 6 if daily.mean() > 30 and len(daily) > 700 else 2


def _poisson(columns: Floats, came: Floats, weights: Floats) -> list[float]:
    if not (weights * came).any():
        return [float(np.log(LEAST_A_DAY)), *[0.0] * columns.shape[1]]  # nobody came yet
    regression = PoissonRegressor(alpha=1e-3 if came.mean() > 30 else 1e-2, max_iter=300)
    regression.fit(columns, came, sample_weight=weights)
    return [float(regression.intercept_), *map(float, regression.coef_)]


@dataclass(frozen=True)
class _Look:
    """A calendar that had seen the days before `first` alone, asked on the evenings from there to before `last`.

    `base` (days, units) and `levels` (days, units, memories) are what it expects and what the memories say with it;
    `knew` (units,) which units it had seen enough of to expect anything.
    """

    first: int
    last: int
    base: Floats
    levels: Floats
    knew: npt.NDArray[np.bool_]

    def pairs(self, daily: Floats, horizon: int) -> tuple[Ints, Floats, Floats, Floats]:
        """(evenings, levels then, what the calendar expects `horizon` days on, what came over that)."""
        evenings = np.arange(self.first, min(self.last, len(daily) - horizon))
        base = self.base[evenings + horizon]
        return evenings, self.levels[evenings], base, daily[evenings + horizon] / base


def _looks_back(history: Counts, weights: Floats) -> list[_Look]:
    """How calendars did on days that they had not seen: one that has seen them leaves the memories nothing to say."""
    daily, days = history.daily, history.days
    looks = []
    for first in range(max(WARM_UP, min(2 * LOOK_DAYS, len(daily) // 2)), len(daily) - 1, LOOK_DAYS):
        base = _calendar(history.until(first), weights[:first]).calendar(days)
        knew = daily[:first].sum(axis=0) >= CLOSED_MISSED
        looks.append(_Look(first, first + LOOK_DAYS, base, memories(daily, base), knew))
    return looks


def _carry(daily: Floats, looks: list[_Look], horizon: int, weights: Floats) -> list[list[float]]:
    """Per unit, least squares of the later ratio on today's memories, pulled towards carrying nothing."""
    parts = [look.pairs(daily, horizon) for look in looks]
    now, then = np.concatenate([part[1] for part in parts]) - 1, np.concatenate([part[3] for part in parts]) - 1
    weight = np.concatenate(
        [
            np.minimum(weights[evenings], weights[evenings + horizon]) * base * look.knew
            for look, (evenings, _, base, _) in zip(looks, parts, strict=True)
        ]
    )
    found = []
    for unit in range(daily.shape[1]):
        scaled = now[:, unit] * weight[:, unit, None]
        # A ratio's noise is one over its count, hence one unit of ridge per unit of information; and what comes within
        # the horizon is in that of as many evenings, so that together they say little more than one.
        gram = scaled.T @ now[:, unit] + np.eye(now.shape[2]) * (1 + horizon)
        found.append([float(value) for value in np.linalg.solve(gram, scaled.T @ then[:, unit])])
    return found


def _forest_features(horizon: Ints, day: Ints | np.int64, levels: Floats, yesterday: Floats, base: Floats) -> Floats:
    """One row per unit (or per origin): shape (rows, 8 + memories)."""
    rows = len(horizon)
    when = np.broadcast_to(np.asarray(day), (rows,))
    angle = 2 * np.pi * when / 365.2425
    which = np.array([calendar.holiday(int(one)) for one in when])
    parts = [horizon, calendar.weekday(when), np.sin(angle), np.cos(angle), which, np.log(base), yesterday]
    return np.column_stack([*parts, levels]).astype(np.float64)


def _fit_forest(
    daily: Floats, base: Floats, levels: Floats, days: Ints, weights: Floats, seed: int
) -> RandomForestRegressor:
    features, ratios, weight = [], [], []
    for horizon in HORIZONS:
        for unit in range(daily.shape[1]):
            origins = np.arange(WARM_UP, len(daily) - horizon)
            then = origins + horizon
            yesterday = daily[origins, unit] / base[then, unit]
            horizons = np.full(len(origins), horizon)
            features.append(_forest_features(horizons, days[then], levels[origins, unit], yesterday, base[then, unit]))
            ratios.append(daily[then, unit] / base[then, unit])
            weight.append(np.minimum(weights[origins, unit], weights[then, unit]) * np.sqrt(base[then, unit]))
    matrix, target = np.vstack(features), np.concatenate(ratios)
    estimator = RandomForestRegressor(
        n_estimators=50,
        min_samples_leaf=12,
        max_features=0.5,
        max_samples=min(4_000, len(target)),
        n_jobs=1,
        random_state=seed,
    )
    estimator.fit(matrix, target, sample_weight=np.concatenate(weight))
    return estimator


def _profiles(history: Counts) -> list[list[list[float]]]:
    """Share of a day's arrivals per hour, per unit and weekday; a weekday with few arrivals borrows from all of them."""
    whole = len(history.daily)
    by_hour = history.hourly[: whole * 24].reshape(whole, 24, -1)
    weekdays = calendar.weekday(history.days)
    overall = by_hour.sum(axis=(0, 2)) + 0.5
    profiles = []
    for unit in range(by_hour.shape[2]):
        all_days = by_hour[:, :, unit].sum(axis=0) + 24 * overall / overall.sum()
        own = [by_hour[weekdays == day, :, unit].sum(axis=0) + 240 * all_days / all_days.sum() for day in range(7)]
        profiles.append([(day / day.sum()).tolist() for day in own])
    return profiles


def forecast_arrivals(
    model: ArrivalsModel, recent: Counts, now: datetime, hours: int, zone: ZoneInfo
) -> list[ArrivalForecast]:
    """One forecast per unit and local hour, the `hours` hours that begin at or after `now`.

    `recent` are the whole days before today; raises ValueError when they are more than two weeks old.
    """
    wall = now.astimezone(zone).replace(tzinfo=UTC).timestamp()
    first = int(np.ceil(wall / 3600.0)) - int(recent.days[-1] + 1) * 24
    if not 0 <= first <= 14 * 24:
        raise ValueError("The counts of arrivals do not reach up to now.")
    ahead = min((first + hours) // 24 + 1, 14 + LONGEST + 1)
    expected = model.hourly(recent, ahead)[first : first + hours]
    low, high = model.range(expected, 1.0)
    start = datetime.fromtimestamp((first + int(recent.days[-1] + 1) * 24) * 3600.0, UTC)
    found = []
    for hour in range(len(expected)):
        begins = (start + timedelta(hours=hour)).replace(tzinfo=zone).astimezone(UTC)
        for unit, name in enumerate(model.units):
            mean, least, most = (float(column[hour, unit]) for column in (expected, low, high))
            found.append(ArrivalForecast(name, begins, begins + timedelta(hours=1), mean, least, most, model.name))
    return found


def forecast_days(
    model: ArrivalsModel, recent: Counts, now: datetime, zone: ZoneInfo, together: str
) -> list[ArrivalDay]:
    """The LONGEST days from tomorrow on, of each unit and of all `together`, with the range of the sum.

    `recent` are the whole days before today, as `forecast_arrivals` has checked.
    """
    today = int(now.astimezone(zone).replace(tzinfo=UTC).timestamp() // DAY)
    first = today + 1 - int(recent.days[-1] + 1)
    expected = model.daily(recent, first + LONGEST)[first:]
    house = expected.sum(axis=1, keepdims=True)
    ranges = zip(model.range(expected, 24.0), model.range(house, 24.0, house=True), strict=True)
    low, high = (np.hstack(both) for both in ranges)
    expected = np.hstack([expected, house])
    found = []
    for row in range(len(expected)):
        day = date(1970, 1, 1) + timedelta(days=today + 1 + row)
        for place, name in enumerate([*model.units, together]):
            mean, least, most = (float(column[row, place]) for column in (expected, low, high))
            found.append(ArrivalDay(name, day, mean, least, most, model.name))
    return found


def as_json(model: ArrivalsModel) -> dict[str, Any]:
    """All but the estimator and the metadata."""
    return {key: value for key, value in vars(model).items() if key not in ("estimator", "metadata", "version")}


def from_json(values: dict[str, Any], estimator: Any) -> ArrivalsModel:
    return ArrivalsModel(**{**values, "units": tuple(values["units"])}, estimator=estimator)
