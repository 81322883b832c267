"""Rates of a group's units drawn towards each other by as much as their differences are chance (beta-binomial).

The units' true rates are taken as drawn from one beta distribution. Its strength (how alike the units are) is not
fixed at one estimate but averaged over all strengths that the figures allow, each by its likelihood; so the exact
cases need no rule of their own: units all alike are drawn together fully, a single unit stays where it is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

Floats = NDArray[np.float64]

_STRENGTHS = np.geomspace(0.5, 1e6, 64)  # a + b of the beta distribution: 0.5 is "anything", 1e6 "all alike"
_FITTED = 4000  # units that the prior is fitted on: of more, every so-many-th
_EDGE = 0.5  # half a case, half successful, keeps a group that only ever failed, or never, off the very edge


@dataclass(frozen=True, slots=True)
class Prior:
    """Possible priors of a group: for each strength the mean that goes with it, and how likely it is."""

    means: Floats
    strengths: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Shrunken:
    """Per unit; nan where it has no trial. `prior_mean` is where the group's units are drawn to."""

    mean: Floats
    low: Floats
    high: Floats
    prior_mean: float
    prior_strength: float


def shrink(successes: ArrayLike, trials: ArrayLike, level: float = 0.9) -> Shrunken:
    """Shrunken rates of one group's units, with the interval that holds the true rate with probability `level`."""
    hits, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    known = n > 0
    mean, low, high = (np.full(len(n), np.nan) for _ in range(3))
    if not known.any():
        return Shrunken(mean, low, high, float("nan"), float("nan"))
    prior = fit(hits[known], n[known])
    moments = posterior_moments(prior, hits[known], n[known])
    mean[known] = moments[0]
    a, b = beta_of(*moments)
    low[known], high[known] = betaincinv(a, b, (1 - level) / 2), betaincinv(a, b, (1 + level) / 2)
    centre, strength = float(prior.weights @ prior.means), float(np.exp(prior.weights @ np.log(prior.strengths)))
    return Shrunken(mean, low, high, centre, strength)


def fit(hits: Floats, n: Floats) -> Prior:
    return fit_evidence(hits, n)[0]


def fit_evidence(hits: Floats, n: Floats) -> tuple[Prior, float]:
    """The prior from the group itself, and the log likelihood of the figures under all of it.

    Counts need not be whole. The likelihood is that of the rates (a normal one with beta-binomial variance), so that
    readings of the same rates as more or fewer answers can be compared.
    """
    every = -(-len(n) // _FITTED)
    hits, n = hits[::every], n[::every]
    rate = hits / n
    means = np.empty(len(_STRENGTHS))
    logs = np.empty(len(_STRENGTHS))
    for at, strength in enumerate(_STRENGTHS):
        weight = n / (n + strength)
        total = weight.sum()
        edge = _EDGE * total / n.sum()
        means[at] = (weight @ rate + edge / 2) / (total + edge)
        variance = means[at] * (1 - means[at]) * (1 / n + (1 - 1 / n) / (strength + 1))
        logs[at] = -0.5 * np.sum(np.log(variance) + (rate - means[at]) ** 2 / variance)
    # Uniform on the standard deviation between units, 1 / sqrt(strength), on a grid even in the logarithm.
    logs -= 0.5 * np.log(_STRENGTHS + 1)
    weights = np.exp(logs - logs.max())
    evidence = float(logs.max() + np.log(weights.sum()))
    return Prior(means, _STRENGTHS, weights / weights.sum()), evidence


def posterior_moments(prior: Prior, hits: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of each unit's true rate, averaged over the possible priors."""
    first, second = np.zeros(len(n)), np.zeros(len(n))
    for mean, strength, weight in zip(prior.means, prior.strengths, prior.weights, strict=True):
        if weight < 1e-7:
            continue
        a, whole = mean * strength + hits, strength + n
        centre = a / whole
        first += weight * centre
        second += weight * (centre * (1 - centre) / (whole + 1) + centre**2)
    return first, np.maximum(second - first**2, 1e-14)


def beta_of(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The beta distribution with these two moments."""
    inner = np.clip(mean, 1e-9, 1 - 1e-9)
    whole = np.maximum(inner * (1 - inner) / variance - 1, 1e-6)
    return inner * whole, (1 - inner) * whole
