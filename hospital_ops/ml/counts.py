"""How far a count may lie from what is expected: negative binomial, wider than Poisson by what the past has shown."""

from __future__ import annotations

import numpy as np
from scipy import stats

from hospital_ops.ml.dataset import Floats


def dispersion(expected: Floats, came: Floats) -> float:
    """The share by which variance grows with the square of the mean, at least nothing (Poisson)."""
    excess = ((came - expected) ** 2 - expected).sum()
    return float(max(excess / max((expected**2).sum(), 1e-9), 0.0))


def gone_below(count: Floats, expected: Floats, spread: float) -> Floats:
    """P(X ≤ count)."""
    if spread < 1e-6:
        poisson: Floats = stats.poisson.cdf(count, expected)
        return poisson
    size = 1.0 / spread
    below: Floats = stats.nbinom.cdf(count, size, size / (size + expected))
    return below


def quantile(share: float | Floats, expected: Floats, spread: float) -> Floats:
    """The smallest count with P(X ≤ count) ≥ share."""
    if spread < 1e-6:
        poisson: Floats = stats.poisson.ppf(share, expected)
        return poisson
    size = 1.0 / spread
    counts: Floats = stats.nbinom.ppf(share, size, size / (size + expected))
    return counts


def tail(expected: Floats, came: Floats, spread: float, outside: float = 0.1) -> float:
    """The tail that, on days already seen, left `outside` on either side: split conformal on a discrete distribution."""
    inner = np.minimum(gone_below(came, expected, spread), 1 - gone_below(came - 1, expected, spread))
    if len(inner) < 50:
        return outside
    return float(np.clip(np.quantile(inner, 2 * outside), 0.005, 0.3))
