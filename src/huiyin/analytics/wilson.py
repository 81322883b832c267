"""Wilson's interval for a rate: how far chance may have moved it, right also near 0 and 1 and for small numbers."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]

LEVEL = 0.95


def wilson(successes: ArrayLike, trials: ArrayLike, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Lower and upper end; nan where there was no trial. Successes may be fractions of a case."""
    hits, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    z = z_of(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = hits / n
        middle = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    low, high = np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)
    return np.where(hits == 0, np.where(n > 0, 0.0, np.nan), low), np.where(
        hits == n, np.where(n > 0, 1.0, np.nan), high
    )


def z_of(level: float) -> float:
    """How many standard errors each side of the middle hold this share of a normal distribution."""
    return float(ndtri((1 + level) / 2))
