"""Rates as if every unit had the city's mix of cases: observed over expected, and the adjusted rate.

A street that is handed leaking roofs cannot be compared with one that is handed street lamps. logit(rate) = kind of
case + unit: both are fitted together, so a kind is not called hard because a poor unit has many of it. The unit's
share is drawn to the city's by as much as units differ at all (a normal distribution between units).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from huiyin.analytics.wilson import z_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROUNDS = 60
_CLOSE = 1e-7
_KIND_RIDGE = 0.25  # as if each kind of case had a few cases of the city's rate: rare kinds stay sober


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One entry a unit; nan where it has no case. `ratio` is observed over expected (O/E)."""

    expected: Floats
    ratio: Floats
    ratio_low: Floats
    ratio_high: Floats
    rate: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class _Cells:
    unit: Ints
    kind: Ints
    n: Floats
    hits: Floats
    units: int
    kinds: int

    def by_unit(self, values: Floats) -> Floats:
        return np.bincount(self.unit, values, self.units)

    def by_kind(self, values: Floats) -> Floats:
        return np.bincount(self.kind, values, self.kinds)


def adjust(
    unit: ArrayLike, kind: ArrayLike, trials: ArrayLike, successes: ArrayLike, *, units: int, level: float = 0.95
) -> Adjusted:
    """One row a unit and kind of case (class group × type × grade), both numbered from 0."""
    n = np.asarray(trials, dtype=float)
    has = n > 0
    kinds = np.asarray(kind, dtype=np.int64)[has]
    cells = _Cells(
        unit=np.asarray(unit, dtype=np.int64)[has],
        kind=kinds,
        n=n[has],
        hits=np.asarray(successes, dtype=float)[has],
        units=units,
        kinds=int(kinds.max(initial=-1)) + 1,
    )
    nothing = np.full(units, np.nan)
    if not len(cells.n):
        return Adjusted(*(nothing.copy() for _ in range(7)))
    hardness, effect, error = _fit(cells)
    z = z_of(level)
    expected = cells.by_unit(cells.n * expit(hardness[cells.kind]))
    known = cells.by_unit(cells.n) > 0
    share = cells.by_kind(cells.n) / cells.n.sum()
    rates = [_standard(hardness, share, effect + step) for step in (0.0, -z * error, z * error)]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = cells.by_unit(cells.hits) / expected
        reach = z * np.sqrt(cells.by_unit(_state(cells, hardness, effect)[1])) / expected
    figures = [expected, ratio, np.maximum(ratio - reach, 0), ratio + reach, *rates]
    return Adjusted(*(np.where(known, figure, np.nan) for figure in figures))


def _fit(cells: _Cells) -> tuple[Floats, Floats, Floats]:
    """Hardness of kinds, effect of units and its standard error; Newton steps for one, then the other."""
    overall = np.clip(cells.hits.sum() / cells.n.sum(), 1e-6, 1 - 1e-6)
    middle = float(np.log(overall / (1 - overall)))
    hardness, effect, between = np.full(cells.kinds, middle), np.zeros(cells.units), 0.1
    error = np.zeros(cells.units)
    for _ in range(_ROUNDS):
        before = hardness, effect
        rate, weight = _state(cells, hardness, effect)
        step = cells.by_kind(cells.hits - cells.n * rate) - _KIND_RIDGE * (hardness - middle)
        hardness = hardness + np.clip(step / (cells.by_kind(weight) + _KIND_RIDGE), -1, 1)
        rate, weight = _state(cells, hardness, effect)
        information = cells.by_unit(weight)
        step = cells.by_unit(cells.hits - cells.n * rate) - effect / between
        effect = effect + np.clip(step / (information + 1 / between), -1, 1)
        error = 1 / np.sqrt(information + 1 / between)
        known = information > 0
        if known.any():
            between = float(np.clip(np.mean(effect[known] ** 2 + error[known] ** 2), 1e-4, 4.0))
            shift = float(np.mean(effect[known]))
            hardness, effect = hardness + shift, np.where(known, effect - shift, 0.0)
        if max(np.abs(hardness - before[0]).max(), np.abs(effect - before[1]).max()) < _CLOSE:
            break
    return hardness, effect, error


def _state(cells: _Cells, hardness: Floats, effect: Floats) -> tuple[Floats, Floats]:
    rate = expit(hardness[cells.kind] + effect[cells.unit])
    return rate, cells.n * rate * (1 - rate)


def _standard(hardness: Floats, share: Floats, effect: Floats) -> Floats:
    """The rate that each unit would have with the city's mix."""
    return np.asarray(expit(hardness[:, None] + effect[None, :]).T @ share)
