"""The charts of a group: funnel of the resolution rate, scores with their ranges of rank, ranks over the periods."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from huiyin.analytics import funnel
from huiyin.evaluation import selectors
from huiyin.evaluation.models import UnitResult, Version
from huiyin.evaluation.vocabulary import Group

_STEPS = 60
_RACED = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One unit in the funnel: so many judged on resolution, what share solved; `outside`: the limit it lies beyond."""

    unit_id: int
    name: str
    judged: int
    rate: float
    z: float
    outside: str
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plots:
    points: list[Point]
    centre: float | None
    dispersion: float
    limits: list[tuple[int, float, float, float, float]]  # judged, 95 % low and high, 99.8 % low and high
    race_periods: list[str]
    race: dict[int, tuple[str, list[int | None]]]  # unit: name and its ranks, oldest period first
    address: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def plots_of(version: Version, group: Group) -> Plots:
    lines = [line for line in selectors.board(version, group) if line.counts.resolution_valid]
    judged = np.array([line.counts.resolution_valid for line in lines], dtype=float)
    solved = np.array([line.counts.solved for line in lines], dtype=float)
    shape = funnel.funnel(solved, judged)
    z = shape.z(solved, judged) if len(lines) else np.array([])
    inner = shape.limits(judged, funnel.INNER)
    outer = shape.limits(judged, funnel.OUTER)
    points = [
        Point(
            unit_id=line.unit.id,
            name=line.name,
            judged=int(judged[at]),
            rate=float(solved[at] / judged[at]),
            z=float(z[at]) if np.isfinite(z[at]) else 0.0,
            outside=_outside(solved[at] / judged[at], at, inner, outer),
            rank=line.result.rank,
            rank_low=line.result.rank_low,
            rank_high=line.result.rank_high,
            score=None if line.result.score is None else float(line.result.score),
        )
        for at, line in enumerate(lines)
    ]
    periods, race = _race(version, group)
    return Plots(
        points=points,
        centre=shape.centre if len(lines) else None,
        dispersion=shape.dispersion,
        limits=_limits(shape, judged),
        race_periods=periods,
        race=race,
        address=f"/evaluation/{version.period.code}/{group}/",
    )


def _outside(rate: float, at: int, inner: Any, outer: Any) -> str:
    if rate < outer[0][at] or rate > outer[1][at]:
        return "99.8%"
    return "95%" if rate < inner[0][at] or rate > inner[1][at] else ""


def _limits(shape: funnel.Funnel, judged: Any) -> list[tuple[int, float, float, float, float]]:
    if not len(judged):
        return []
    sizes = np.unique(np.linspace(max(1, judged.min()), judged.max(), _STEPS).round()).astype(int)
    inner, outer = shape.limits(sizes, funnel.INNER), shape.limits(sizes, funnel.OUTER)
    return [
        (int(size), float(inner[0][at]), float(inner[1][at]), float(outer[0][at]), float(outer[1][at]))
        for at, size in enumerate(sizes)
    ]


def _race(version: Version, group: Group) -> tuple[list[str], dict[int, tuple[str, list[int | None]]]]:
    """Ranks in the published periods up to this one."""
    shown = [one for one in selectors.published() if one.period.begins_at <= version.period.begins_at]
    shown = sorted(shown[:_RACED], key=lambda one: one.period.begins_at)
    at = {one.pk: place for place, one in enumerate(shown)}
    names = {line.unit.id: line.name for line in selectors.board(version, group)}
    race: dict[int, tuple[str, list[int | None]]] = {unit: (name, [None] * len(shown)) for unit, name in names.items()}
    rows = UnitResult.objects.filter(version__in=at, group=str(group)).values_list("version_id", "unit_id", "rank")
    for version_id, unit_id, rank in rows:
        if unit_id in race:
            race[unit_id][1][at[version_id]] = rank
    return [one.period.label for one in shown], race
