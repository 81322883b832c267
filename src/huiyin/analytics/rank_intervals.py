"""Between which places a unit's true rank in its group lies: drawn from what the callbacks say, many times over.

The true scores of a group's units are taken as drawn from one beta distribution; n callbacks of a composite score
weigh as many yes-or-no answers as have the same variance. Likeness of the parts of a score is counted where cases are
given; where only counts are, it is averaged over what the spread of the units' scores allows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.analytics.scores import CountTable, Weights, likeness_of, spread_of
from huiyin.analytics.shrinkage import beta_of, fit_evidence, posterior_moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVEL = 0.9
_SEED = 12345
_MOST_DRAWS, _FEWEST_DRAWS, _CELLS = 1200, 200, 8_000_000
_AT_ONCE = 400_000  # cells drawn in one go
_LIKENESSES = np.linspace(0, 1, 6)
_LIKELY = 0.45  # parts of a score go together, but never fully; counts alone hardly say how much
_LIKELY_SPREAD = 0.3


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known of each unit's true score, 0 to 1."""

    mean: Floats
    sd: Floats


@dataclass(frozen=True, slots=True)
class RankIntervals:
    low: Ints
    high: Ints
    posterior: Posterior


def rank_intervals(
    counts: CountTable, weights: Weights, *, variance_within: Floats | None = None, level: float = LEVEL
) -> RankIntervals:
    """One group; every unit has valid callbacks. `variance_within`: of one callback's score, counted per unit."""
    posterior = posterior_of(counts, weights, variance_within)
    low, high = _intervals(posterior, level)
    return RankIntervals(low, high, posterior)


def posterior_of(counts: CountTable, weights: Weights, variance_within: Floats | None = None) -> Posterior:
    score, spread = counts.score(weights), spread_of(counts, weights)
    if variance_within is None:
        likenesses = _LIKENESSES
    else:
        likenesses = np.array([likeness_of(variance_within, spread, counts.valid)])
    found = []
    for likeness in likenesses:
        answers = _answers(score, np.maximum(spread.at(float(likeness)), 1e-6), counts.valid)
        prior, evidence = fit_evidence(score * answers, answers)
        before = -0.5 * ((likeness - _LIKELY) / _LIKELY_SPREAD) ** 2
        found.append((evidence + before, *posterior_moments(prior, score * answers, answers)))
    logs = np.array([one[0] for one in found])
    shares = np.exp(logs - logs.max())
    shares /= shares.sum()
    mean = np.sum([share * one[1] for share, one in zip(shares, found, strict=True)], axis=0)
    square = np.sum([share * (one[2] + one[1] ** 2) for share, one in zip(shares, found, strict=True)], axis=0)
    return Posterior(mean, np.sqrt(np.maximum(square - mean**2, 1e-14)))


def _answers(score: Floats, variance: Floats, valid: Floats) -> Floats:
    """As many yes-or-no answers as have the variance of this unit's callbacks."""
    overall = float(score @ valid / valid.sum())
    near = np.clip(0.5 * score + 0.5 * overall, 1e-3, 1 - 1e-3)
    return valid * near * (1 - near) / variance


def _intervals(posterior: Posterior, level: float) -> tuple[Ints, Ints]:
    units = len(posterior.mean)
    draws = int(np.clip(_CELLS // units, _FEWEST_DRAWS, _MOST_DRAWS))  # bounds time and memory for huge groups
    random = np.random.default_rng(_SEED)
    a, b = beta_of(posterior.mean, posterior.sd**2)
    ranks = np.empty((draws, units), dtype=np.int32)
    places = np.arange(1, units + 1, dtype=np.int32)
    batch = max(1, _AT_ONCE // units)
    for start in range(0, draws, batch):
        rows = min(batch, draws - start)
        order = np.argsort(-random.beta(a, b, size=(rows, units)), axis=1)
        np.put_along_axis(ranks[start : start + rows], order, places[None, :], axis=1)
    ranks.sort(axis=0)
    cut = (1 - level) / 2
    low, high = ranks[int(np.floor(cut * (draws - 1)))], ranks[int(np.ceil((1 - cut) * (draws - 1)))]
    return low.astype(np.int64), high.astype(np.int64)
