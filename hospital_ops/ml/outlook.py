"""From the chance to leave on each day to dates: probabilities, medians and ranges, always after now.

A hazard row says, per local day from today on, how likely the patient leaves that day if still here. An hour profile
says when in the day people leave; today's is cut at now, which is why nothing ever falls into the past.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hospital_ops.ml.dataset import DAY, Floats, Ints

DAYS = 120  # at least so far; beyond the last hazard that is given it goes on, at least FLOOR
FLOOR = 0.02


@dataclass(frozen=True)
class Outlook:
    """`gone`: shape (n, DAYS or more), P(left by the end of day d). `wall`: now per row. `profiles`: (n, 25), cumulated."""

    gone: Floats
    wall: Floats
    profiles: Floats

    @classmethod
    def of(cls, hazards: Floats, wall: Floats, hours: Floats) -> Outlook:
        """hazards (n, any number of days), wall seconds (n,), hours (n, 24) summing to one per row."""
        missing = max(DAYS - hazards.shape[1], 0)
        tail = np.repeat(np.maximum(hazards[:, -1:], FLOOR), missing, axis=1)
        stays = np.cumprod(1 - np.clip(np.hstack([hazards, tail]), 0.0, 1 - 1e-9), axis=1)
        cumulated = np.hstack([np.zeros((len(hours), 1)), np.cumsum(hours, axis=1)])
        return cls(1 - stays, wall, cumulated / cumulated[:, -1:])

    @property
    def days(self) -> int:
        return self.gone.shape[1]

    def gone_within(self, hours: float | Floats) -> Floats:
        """P(left within `hours` from now), per row."""
        then = self.wall + np.asarray(hours, dtype=np.float64) * 3600.0
        day = np.clip(then // DAY - self.wall // DAY, 0, self.days - 1).astype(np.int64)
        before, by_end = self._around(day)
        share = self._share(day, (then % DAY) / 3600.0)
        gone: Floats = before + (by_end - before) * share
        return gone

    def when(self, chance: float | Floats) -> Floats:
        """Wall seconds by which the patient has left with `chance`; later than now by a minute at least."""
        wanted = np.broadcast_to(np.asarray(chance, dtype=np.float64), self.wall.shape)
        day = np.minimum((self.gone < wanted[:, None]).sum(axis=1), self.days - 1).astype(np.int64)
        before, by_end = self._around(day)
        share = np.clip((wanted - before) / np.maximum(by_end - before, 1e-12), 0.0, 1.0)
        hour = self._hour(day, share)
        then = (self.wall // DAY + day) * DAY + hour * 3600.0
        return np.maximum(then, self.wall + 60.0)

    def hours_of(self, day: Ints, low: float, high: float) -> tuple[Floats, Floats]:
        """If it is that day: wall seconds between which most leave."""
        base = (self.wall // DAY + day) * DAY
        return tuple(base + self._hour(day, np.full(len(day), share)) * 3600.0 for share in (low, high))  # type: ignore[return-value]

    def surprise(self, left_wall: Floats) -> tuple[Floats, Floats]:
        """(P(left by then), P(left at or after then)) of what came: uniform, if the outlook was honest."""
        gone = self.gone_within((left_wall - self.wall) / 3600.0)
        return gone, 1 - gone

    def mean_days(self) -> Floats:
        """Expected days until leaving, taking each day's middle hour."""
        mass = np.diff(np.hstack([np.zeros((len(self.gone), 1)), self.gone]), axis=1)
        mass[:, -1] += 1 - self.gone[:, -1]
        middle = np.broadcast_to(self._hour_all(0.5) / 24.0, mass.shape).copy()
        now = (self.wall % DAY) / DAY
        middle[:, 0] = self._hour(np.zeros(len(self.wall), dtype=np.int64), np.full(len(self.wall), 0.5)) / 24.0
        days = np.arange(self.days) + middle - now[:, None]
        mean: Floats = (mass * days).sum(axis=1)
        return mean

    def _around(self, day: Ints) -> tuple[Floats, Floats]:
        rows = np.arange(len(day))
        before = np.where(day > 0, self.gone[rows, np.maximum(day - 1, 0)], 0.0)
        return before, self.gone[rows, day]

    def _passed(self, hour: Floats) -> Floats:
        """Share of a day's departures before `hour`."""
        whole = np.clip(np.floor(hour), 0, 23).astype(np.int64)
        rows = np.arange(len(hour))
        here, there = self.profiles[rows, whole], self.profiles[rows, whole + 1]
        passed: Floats = here + (there - here) * (hour - whole)
        return passed

    def _share(self, day: Ints, hour: Floats) -> Floats:
        passed = self._passed(hour)
        spent = np.where(day == 0, self._passed((self.wall % DAY) / 3600.0), 0.0)
        return np.clip((passed - spent) / np.maximum(1 - spent, 1e-9), 0.0, 1.0)

    def _hour(self, day: Ints, share: Floats) -> Floats:
        """The hour by which `share` of that day's (remaining) departures have happened."""
        now = (self.wall % DAY) / 3600.0
        spent = np.where(day == 0, self._passed(now), 0.0)
        wanted = spent + share * (1 - spent)
        whole = np.clip((self.profiles <= wanted[:, None]).sum(axis=1) - 1, 0, 23).astype(np.int64)
        rows = np.arange(len(day))
        here, there = self.profiles[rows, whole], self.profiles[rows, whole + 1]
        hour = whole + np.clip((wanted - here) / np.maximum(there - here, 1e-12), 0.0, 1.0)
        return np.where(day == 0, np.maximum(hour, now), hour)

    def _hour_all(self, share: float) -> Floats:
        later = np.ones(len(self.wall), dtype=np.int64)
        return self._hour(later, np.full(len(self.wall), share))[:, None]
