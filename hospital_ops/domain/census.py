"""How many beds are needed at midnight, as a distribution: each patient's own chance to leave, and those still to come.

Who leaves is a Poisson-binomial count (each patient is a coin of their own), who comes a Poisson count. Both are exact sums,
no simulation, so the same hour gives the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# What is less likely than this is not drawn.
TAIL = 0.005
RANGE = (0.1, 0.9)
MOST_BARS = 16
# The forecast knows of no order; of those that were given, nine in ten are carried out before midnight.
ORDERED_LEAVES = 0.9


@dataclass(frozen=True, slots=True)
class Bar:
    """`chance` that between `low` and `high` beds are needed, both included."""

    low: int
    high: int
    chance: float


@dataclass(frozen=True, slots=True)
class Tonight:
    """Beds needed at midnight. `chances[n]` is the chance of exactly `least + n`."""

    least: int
    chances: tuple[float, ...]

    def quantile(self, share: float) -> int:
        """The smallest number of beds that suffices with at least this chance."""
        total = 0.0
        for number, chance in enumerate(self.chances):
            total += chance
            if total >= share - 1e-12:
                return self.least + number
        return self.least + len(self.chances) - 1

    def more_than(self, beds: int) -> float:
        """The chance that so many beds do not suffice."""
        return sum(self.chances[max(0, beds - self.least + 1) :])

    def bars(self) -> tuple[Bar, ...]:
        """What is likely enough to be drawn, in at most MOST_BARS steps of equal width."""
        low, high = self.quantile(TAIL), self.quantile(1 - TAIL)
        width = math.ceil((high - low + 1) / MOST_BARS)
        return tuple(
            Bar(start, start + width - 1, sum(self.chances[start - self.least : start + width - self.least]))
            for start in range(low, high + 1, width)
        )


def leaving(chances: Sequence[float]) -> list[float]:
    """The chance of exactly n departures, n from 0 to all of them."""
    counts = [1.0]
    for chance in chances:
        stays = 1 - chance
        counts = [
            (counts[n] * stays if n < len(counts) else 0.0) + (counts[n - 1] * chance if n else 0.0)
            for n in range(len(counts) + 1)
        ]
    return counts


def coming(expected: float) -> list[float]:
    """The chance of exactly n arrivals, as far as the tail matters."""
    most = math.ceil(expected + 8 * math.sqrt(expected) + 8)
    chances, chance = [], math.exp(-expected)
    for n in range(most + 1):
        chances.append(chance)
        chance *= expected / (n + 1)
    return chances


@lru_cache(maxsize=64)
def tonight(certain: int, chances: tuple[float, ...], expected: float) -> Tonight:
    """`certain`: who lies here or waits already. `chances`: of each who lies here, to leave. `expected`: still to come.

    Remembered, since the strip is read at every change and these change with an hour or a patient.
    """
    out, into = leaving(chances), coming(expected)
    sums = [0.0] * (len(out) + len(into) - 1)
    for gone, chance in enumerate(out):
        if chance > 1e-9:
            for came, other in enumerate(into):
                sums[len(out) - 1 - gone + came] += chance * other
    return Tonight(certain - (len(out) - 1), tuple(sums))
