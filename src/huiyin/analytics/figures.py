"""Beside each unit's official figures, what chance does to them: one call for a whole table of units in groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.analytics.indistinguishable import Alike, largest_alike
from huiyin.analytics.rank_intervals import LEVEL, rank_intervals
from huiyin.analytics.scores import CountTable, Weights
from huiyin.analytics.shrinkage import shrink
from huiyin.analytics.wilson import wilson
from huiyin.domain.evaluation import Counts, Scheme, UnitCounts

Floats = NDArray[np.float64]
Key = tuple[str, str]  # group, unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """Of one unit. Resolution: Wilson interval (95 %) and shrunken rate; places and score: 90 %, of ranked units."""

    resolution_low: float | None = None
    resolution_high: float | None = None
    resolution_shrunken: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    score_mean: float | None = None  # 0 to 100, drawn towards the group
    score_sd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChances:
    """`alike`: the largest set of ranked units that cannot be told apart, best first."""

    units: Mapping[str, Chances]
    alike: tuple[str, ...]


def weights_of(scheme: Scheme) -> Weights:
    return Weights(
        response=float(scheme.response_weight),
        resolution=float(scheme.resolution_weight),
        satisfaction=float(scheme.satisfaction_weight),
        basically=float(scheme.basically_counts),
    )


def chances(
    units: Sequence[UnitCounts], scheme: Scheme, variances: Mapping[Key, float] | None = None
) -> dict[str, GroupChances]:
    """By group. `variances`: of what one callback adds to the score (0 to 1), per unit, where cases are at hand."""
    groups: dict[str, list[UnitCounts]] = {}
    for one in units:
        groups.setdefault(one.group, []).append(one)
    return {name: _of_group(members, scheme, variances) for name, members in groups.items()}


def count_table(counts: Sequence[Counts]) -> CountTable:
    def column(name: str) -> Floats:
        return np.array([getattr(one, name) for one in counts], dtype=float)

    return CountTable(
        valid=column("valid"),
        resolution_valid=column("resolution_valid"),
        contacted=column("contacted"),
        solved=column("solved"),
        satisfied=column("satisfied"),
        basically=column("basically_satisfied"),
    )


def _of_group(members: Sequence[UnitCounts], scheme: Scheme, variances: Mapping[Key, float] | None) -> GroupChances:
    table = count_table([one.counts for one in members])
    low, high = wilson(table.solved, table.resolution_valid)
    shrunken = shrink(table.solved, table.resolution_valid).mean
    places, alike = _places(members, scheme, variances)
    return GroupChances(
        units={
            one.unit: Chances(
                resolution_low=_known(low[at]),
                resolution_high=_known(high[at]),
                resolution_shrunken=_known(shrunken[at]),
                **places.get(one.unit, {}),
            )
            for at, one in enumerate(members)
        },
        alike=alike,
    )


def _places(
    members: Sequence[UnitCounts], scheme: Scheme, variances: Mapping[Key, float] | None
) -> tuple[dict[str, dict[str, float | int]], tuple[str, ...]]:
    least = max(1, scheme.min_valid)
    ranked = [one for one in members if one.counts.valid >= least and one.counts.resolution_valid > 0]
    if not ranked:
        return {}, ()
    within = None if variances is None else np.array([variances[one.group, one.unit] for one in ranked])
    found = rank_intervals(
        count_table([one.counts for one in ranked]), weights_of(scheme), variance_within=within, level=LEVEL
    )
    known = found.posterior
    places: dict[str, dict[str, float | int]] = {
        one.unit: {
            "rank_low": int(found.low[at]),
            "rank_high": int(found.high[at]),
            "score_mean": float(100 * known.mean[at]),
            "score_sd": float(100 * known.sd[at]),
        }
        for at, one in enumerate(ranked)
    }
    alike: Alike = largest_alike(known.mean, known.sd)
    return places, tuple(ranked[at].unit for at in alike.units)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
