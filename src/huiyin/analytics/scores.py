"""How uncertain a unit's 综合成绩 is: what one callback adds to it, and how much that differs between callbacks.

A callback adds response, resolution and satisfaction, weighted, between 0 and 1. How far its parts go together (who
is helped is pleased) decides how much chance is in the score. From cases it is counted; from counts alone only its
limits are known: parts independent, or as alike as their shares allow.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.analytics.shrinkage import shrink

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    response: float
    resolution: float
    satisfaction: float
    basically: float

    @property
    def parts(self) -> Floats:
        return np.array([self.response, self.resolution, self.satisfaction])


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts of the units of one group, one entry a unit."""

    valid: Floats
    resolution_valid: Floats
    contacted: Floats
    solved: Floats
    satisfied: Floats
    basically: Floats

    def score(self, weights: Weights) -> Floats:
        """Exactly what is judged, 0 to 1; units whose resolution nobody was asked about count it as 0."""
        solved = self.solved / np.maximum(self.resolution_valid, 1)
        pleased = self.satisfied + weights.basically * self.basically
        return (
            weights.response * self.contacted / self.valid
            + weights.resolution * solved
            + weights.satisfaction * pleased / self.valid
        )


@dataclass(frozen=True, slots=True)
class Spread:
    """Variance of what one callback of a unit adds: parts independent, and as alike as they can be."""

    apart: Floats
    alike: Floats

    def at(self, likeness: float) -> Floats:
        return self.apart + likeness * (self.alike - self.apart)


def spread_of(counts: CountTable, weights: Weights) -> Spread:
    """From each unit's shares, drawn towards the group's, so that a few lucky callbacks do not look like certainty."""
    contacted = shrink(counts.contacted, counts.valid).mean
    solved = shrink(counts.solved, counts.resolution_valid).mean
    fully = shrink(counts.satisfied, counts.valid).mean
    pleased = np.maximum(fully, shrink(counts.satisfied + counts.basically, counts.valid).mean)
    solved = np.where(np.isnan(solved), 0.0, solved)
    # Satisfaction is worth `basically` up to the share that is at least basically satisfied, the rest above `fully`.
    steps = [
        (weights.response, contacted),
        (weights.resolution, solved),
        (weights.satisfaction * weights.basically, pleased),
        (weights.satisfaction * (1 - weights.basically), fully),
    ]
    own = [weight**2 * share * (1 - share) for weight, share in steps]
    within = 2 * steps[2][0] * steps[3][0] * (np.minimum(pleased, fully) - pleased * fully)
    apart = np.sum(own, axis=0) + within
    alike = np.sum(own, axis=0)
    for at, (weight, share) in enumerate(steps):
        for other_weight, other in steps[at + 1 :]:
            alike = alike + 2 * weight * other_weight * (np.minimum(share, other) - share * other)
    return Spread(apart=np.maximum(apart, 1e-6), alike=np.maximum(alike, 1e-6))


def likeness_of(observed: Floats, spread: Spread, valid: Floats) -> float:
    """How alike the parts are (0 independent, 1 as alike as can be), from the counted variance within units."""
    weight = np.maximum(valid - 1, 0)
    apart, alike = weight @ spread.apart, weight @ spread.alike
    if alike - apart <= 0:
        return 0.5
    return float(np.clip((weight @ observed - apart) / (alike - apart), -0.5, 1.2))
