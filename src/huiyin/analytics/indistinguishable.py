"""Sets of units that a month's figures cannot tell apart: “这 41 个街道本月无法区分” (no pair differs at 90 %)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.analytics.wilson import z_of

Floats = NDArray[np.float64]

LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Alike:
    """Positions of the units, best first."""

    units: tuple[int, ...]

    def words(self, kind: str = "单位") -> str:
        return f"这 {len(self.units)} 个{kind}本月无法区分"


def largest_alike(mean: Floats, sd: Floats, level: float = LEVEL) -> Alike:
    """The largest set in which no pair differs; of equally large ones the best placed."""
    low, high = _comparable(mean, sd, level)
    best: NDArray[np.int64] = np.array([], dtype=np.int64)
    for point in -np.sort(-low):
        holding = np.flatnonzero((low <= point) & (point <= high))
        if len(holding) > len(best):
            best = holding
    return Alike(_best_first(best, mean))


def tiers(mean: Floats, sd: Floats, level: float = LEVEL) -> Sequence[Alike]:
    """All units in as few sets as possible, best first, such that within a set no pair differs."""
    low, high = _comparable(mean, sd, level)
    left = np.ones(len(mean), dtype=bool)
    found = []
    while left.any():
        point = low[left].max()
        held = left & (low <= point) & (point <= high)
        found.append(Alike(_best_first(np.flatnonzero(held), mean)))
        left &= ~held
    return sorted(found, key=lambda one: -float(np.mean(mean[list(one.units)])))


def differ(mean: Floats, sd: Floats, one: int, other: int, level: float = LEVEL) -> bool:
    """Whether two units differ by more than chance."""
    return bool(abs(mean[one] - mean[other]) > z_of(level) * np.hypot(sd[one], sd[other]))


def _comparable(mean: Floats, sd: Floats, level: float) -> tuple[Floats, Floats]:
    """Intervals whose overlap means "not different": z/√2 wide each way (Goldstein and Healy 1995).

    Two that overlap lie within z/√2·(s₁+s₂) ≤ z·√(s₁²+s₂²): never a pair that does differ.
    """
    reach = z_of(level) / np.sqrt(2) * sd
    return mean - reach, mean + reach


def _best_first(units: NDArray[np.int64], mean: Floats) -> tuple[int, ...]:
    return tuple(int(unit) for unit in units[np.argsort(-mean[units], kind="stable")])
