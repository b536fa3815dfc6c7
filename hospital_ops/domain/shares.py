"""A share and how sure it is: a range that held eight times of ten says little, and eight hundred of a thousand much."""

from __future__ import annotations

import math

Z95 = 1.96


def poisson(count: float) -> tuple[float, float]:
    """The 95 % interval of the expectation behind a count of events that come one by one (Byar's approximation)."""
    more = count + 1
    low = count * (1 - 1 / (9 * count) - Z95 / (3 * math.sqrt(count))) ** 3 if count > 0 else 0.0
    return max(low, 0.0), more * (1 - 1 / (9 * more) + Z95 / (3 * math.sqrt(more))) ** 3


def wilson(held: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson's), inside 0 to 1 also for none and for all. Nothing counted: 0 to 1."""
    if n <= 0:
        return 0.0, 1.0
    share, z2 = held / n, Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)
