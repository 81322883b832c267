"""A month of a simulated city whose truth is known: streets of unequal size, skill and luck in the cases they get."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr

from huiyin.analytics.scores import CountTable, Weights

Floats = NDArray[np.float64]

STREETS = 343
_KINDS = 24
_MEDIAN_CALLBACKS, _SIZE_SPREAD, _FEWEST = 300, 0.8, 30
_MIX = 0.35  # concentration of a street's mix: the smaller, the more unlike are the streets' cases
_HARDNESS, _SKILL, _PART, _MONTH = 0.8, 0.30, 0.12, 0.10  # spreads on the logit scale
_LEVELS = np.array([3.2, 1.9, 2.1])  # logits: contacted, solved, at least basically satisfied
_FULLY = 0.8  # of those at least basically satisfied
_COMMON = 0.6  # variance that a case's three answers share


@dataclass(frozen=True, slots=True)
class City:
    callbacks: NDArray[np.int64]
    mixes: Floats  # street × kind
    hardness: Floats  # kind
    skill: Floats  # street × answer

    def chance(self) -> Floats:
        """street × kind × answer"""
        return np.asarray(expit(_LEVELS + self.skill[:, None, :] - self.hardness[None, :, None]))

    def true_scores(self, weights: Weights) -> Floats:
        """What the official score estimates: the street's own chances with its own mix."""
        mean = np.einsum("sk,ska->sa", self.mixes, self.chance())
        return mean @ _worth(weights)

    def true_quality(self) -> Floats:
        """The resolution rate that each street would have with the whole city's mix."""
        share = self.callbacks @ self.mixes
        return np.asarray(self.chance()[:, :, 1] @ (share / share.sum()))

    def swapped(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> "City":
        """The same streets, with the mixes of these pairs exchanged."""
        mixes = self.mixes.copy()
        mixes[one], mixes[other] = self.mixes[other], self.mixes[one]
        return replace(self, mixes=mixes)


@dataclass(frozen=True, slots=True)
class Month:
    """What the callbacks of one month say."""

    counts: CountTable
    variance: Floats  # of one callback's score, per street
    cells: tuple[Floats, Floats, Floats, Floats]  # street, kind, callbacks, solved


def build(random: np.random.Generator, callbacks: int | None = None) -> City:
    size = random.lognormal(np.log(_MEDIAN_CALLBACKS), _SIZE_SPREAD, STREETS).astype(int)
    month = random.normal(0, _MONTH, (STREETS, 1))
    return City(
        callbacks=np.maximum(size, _FEWEST) if callbacks is None else np.full(STREETS, callbacks),
        mixes=random.dirichlet(np.full(_KINDS, _MIX * 4), STREETS),
        hardness=random.normal(0, _HARDNESS, _KINDS),
        skill=random.normal(0, _SKILL, (STREETS, 1)) + month + random.normal(0, _PART, (STREETS, 3)),
    )


def live(city: City, weights: Weights, random: np.random.Generator) -> Month:
    """Draws every callback of the month."""
    street = np.repeat(np.arange(STREETS), city.callbacks)
    kind = np.concatenate([random.choice(_KINDS, n, p=mix) for n, mix in zip(city.callbacks, city.mixes, strict=True)])
    total = len(street)
    shared = np.sqrt(_COMMON) * random.normal(size=(total, 1))
    luck = ndtr(shared + np.sqrt(1 - _COMMON) * random.normal(size=(total, 3)))
    chance = city.chance()[street, kind]
    contacted, solved, pleased = (luck < chance).T
    fully = luck[:, 2] < _FULLY * chance[:, 2]
    basically = pleased & ~fully
    score = (
        weights.response * contacted
        + weights.resolution * solved
        + weights.satisfaction * (fully + weights.basically * basically)
    )

    def per_street(values: NDArray[np.generic]) -> Floats:
        return np.bincount(street, values.astype(float), STREETS)

    n = city.callbacks.astype(float)
    variance = (per_street(score**2) - per_street(score) ** 2 / n) / (n - 1)
    cell = street * _KINDS + kind
    asked, won = np.bincount(cell, minlength=STREETS * _KINDS), np.bincount(cell, solved, STREETS * _KINDS)
    streets, kinds = np.divmod(np.arange(STREETS * _KINDS), _KINDS)
    return Month(
        counts=CountTable(n, n, per_street(contacted), per_street(solved), per_street(fully), per_street(basically)),
        variance=variance,
        cells=(streets.astype(float), kinds.astype(float), asked.astype(float), won),
    )


def _worth(weights: Weights) -> Floats:
    satisfied = weights.satisfaction * (_FULLY + (1 - _FULLY) * weights.basically)
    return np.array([weights.response, weights.resolution, satisfied])
