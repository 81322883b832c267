"""Funnel limits for the rates of a group: which units lie outside what chance and ordinary differences explain.

Spiegelhalter (2005), “Funnel plots for comparing institutional performance” and “Handling over-dispersion of
performance indicators”: z-scores against the group's rate, winsorised, give the dispersion; where it is above 1 the
limits widen, by a factor (multiplicative) or by a variance between units (additive, the default).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from huiyin.analytics.wilson import z_of

Floats = NDArray[np.float64]
Model = Literal["additive", "multiplicative"]

INNER, OUTER = 0.95, 0.998
_TAIL = 0.1  # the share of z-scores at each end that is drawn in before dispersion is measured


@dataclass(frozen=True, slots=True)
class Funnel:
    """`dispersion` is 1 where chance explains all; `between` is the variance between units of the additive model."""

    centre: float
    dispersion: float
    between: float
    model: Model

    def limits(self, trials: ArrayLike, level: float = INNER) -> tuple[Floats, Floats]:
        n = np.asarray(trials, dtype=float)
        reach = z_of(level) * self._error(n)
        return np.clip(self.centre - reach, 0, 1), np.clip(self.centre + reach, 0, 1)

    def z(self, successes: ArrayLike, trials: ArrayLike) -> Floats:
        """How many standard errors a unit lies from the centre; nan without trials."""
        n = np.asarray(trials, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return (np.asarray(successes, dtype=float) / n - self.centre) / self._error(n)

    def _error(self, n: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            chance = self.centre * (1 - self.centre) / n
        if self.model == "multiplicative":
            return np.sqrt(chance * self.dispersion)
        return np.sqrt(chance + self.between)


def funnel(successes: ArrayLike, trials: ArrayLike, model: Model = "additive") -> Funnel:
    """One group. Fewer than three units, or a rate of 0 or 1, tell of no dispersion."""
    hits, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    hits, n = hits[n > 0], n[n > 0]
    if not len(n):
        return Funnel(float("nan"), 1.0, 0.0, model)
    centre = float(hits.sum() / n.sum())
    chance = centre * (1 - centre) / n
    if len(n) < 3 or centre in (0.0, 1.0):
        return Funnel(centre, 1.0, 0.0, model)
    z = (hits / n - centre) / np.sqrt(chance)
    z = np.clip(z, *np.quantile(z, [_TAIL, 1 - _TAIL]))
    units = len(n)
    found = float(np.sum(z**2) / units)
    if found <= 1:
        return Funnel(centre, 1.0, 0.0, model)
    weight = 1 / chance
    between = (units * found - (units - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())
    return Funnel(centre, found, max(0.0, float(between)), model)
