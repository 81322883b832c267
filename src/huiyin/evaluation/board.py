"""What the ranking board shows: the lines of a group, filtered and sorted, what changed, who cannot be told apart."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from huiyin.domain.categories import Category
from huiyin.domain.evaluation import Summary
from huiyin.evaluation import selectors
from huiyin.evaluation.models import Version
from huiyin.evaluation.selectors import Line
from huiyin.evaluation.vocabulary import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One line with what follows from it; `left` and `width` place the range of plausible ranks on a bar, in %."""

    line: Line
    rank_change: int | None  # places won since the period before
    score_change: Decimal | None
    left: float | None
    width: float | None
    lists: tuple[str, ...]
    why_unranked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    shown: Sequence[Shown]
    ranked: int
    summary: Summary
    alike: Sequence[Line]
    words: str  # the sentence about those who cannot be told apart


_KINDS = {Group.DISTRICT: "区", Group.STREET: "街道（乡镇）", Group.DEPARTMENT: "市级部门", Group.COMPANY: "企业"}
_LEAST_ALIKE = 3  # two that are alike are no news


def board_of(
    version: Version, group: Group, *, district_id: int | None = None, band: int | None = None, order: str = "rank"
) -> Board:
    """Filters leave ranks as they are: a district's streets keep their places in the city."""
    every = selectors.board(version, group)
    ranked = sum(line.result.rank is not None for line in every)
    scheme = selectors.scheme_of(version)
    chosen = [
        line
        for line in every
        if (district_id is None or line.unit.district_id == district_id) and (band is None or line.result.band == band)
    ]
    chosen.sort(key=ORDERS.get(order, ORDERS["rank"]))
    alike = [line for line in every if line.result.alike]
    return Board(
        shown=[_shown(line, ranked, scheme.min_valid) for line in chosen],
        ranked=ranked,
        summary=selectors.summary_of(version, chosen),
        alike=alike,
        words=_words(alike, ranked, _KINDS[group]),
    )


def _by(value: Callable[[Line], Any]) -> Callable[[Line], tuple[bool, Any]]:
    """Largest first, those without a value last; a stable sort keeps the ranking's order among equals."""
    return lambda line: ((known := value(line)) is None, -known if known is not None else 0)


def change_of(line: Line) -> Decimal | None:
    """Points of the score gained since the period before."""
    now, before = line.result.score, line.result.score_before
    return None if now is None or before is None else now - before


ORDERS: dict[str, Callable[[Line], Any]] = {
    "rank": lambda line: (line.result.rank is None, line.result.rank or 0, line.unit.code),
    "volume": _by(lambda line: line.counts.volume),
    "response": _by(lambda line: line.rates and line.rates.response),
    "resolution": _by(lambda line: line.rates and line.rates.resolution),
    "satisfaction": _by(lambda line: line.rates and line.rates.satisfaction),
    "change": _by(change_of),
}


def _shown(line: Line, ranked: int, least: int) -> Shown:
    result = line.result
    moved = result.rank_before - result.rank if result.rank and result.rank_before else None
    left = width = None
    if result.rank_low and result.rank_high and ranked:
        left = 100 * (result.rank_low - 1) / ranked
        width = max(1.5, 100 * (result.rank_high - result.rank_low + 1) / ranked)
    return Shown(
        line=line,
        rank_change=moved,
        score_change=change_of(line),
        left=left,
        width=width,
        lists=tuple(Category(one).label for one in result.categories),
        why_unranked="" if result.rank else _why_unranked(line, least),
    )


def _why_unranked(line: Line, least: int) -> str:
    if not line.counts.valid:
        return "本期没有有效回访"
    return f"有效回访 {line.counts.valid} 件，不足 {least} 件，不参加排名"


def _words(alike: Collection[Line], ranked: int, kind: str) -> str:
    if len(alike) < _LEAST_ALIKE or not ranked:
        return ""
    if len(alike) == ranked:
        return f"参加排名的 {ranked} 个{kind}本期成绩差别都在偶然波动之内，名次先后不宜解读。"
    return f"有 {len(alike)} 个{kind}本期难分高下：它们之间的差别在偶然波动之内，名次先后不宜解读。"
