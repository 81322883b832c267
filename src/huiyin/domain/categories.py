"""The monthly lists of streets (先进、进步、整改、治理), how long one has been on them, who is talked to (约谈).

DOMAIN.md §3.5. Lengths of lists and thresholds are dated settings. A list takes everybody who is level with its last
place: chance must not decide between equals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from huiyin.domain.evaluation import Standing
from huiyin.domain.vocabulary import Term


class Category(Term):
    ADVANCED = "advanced", "先进类"
    PROGRESS = "progress", "进步类"
    RECTIFY = "rectify", "整改类"
    GOVERNED = "governed", "治理类（诉求量）"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSizes:
    advanced: int
    progress: int
    rectify: int
    governed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRule:
    """约谈: so many periods of 整改类 in a row, or so many among the last `window`."""

    in_a_row: int
    times: int
    window: int


def lists_of(
    standings: Sequence[Standing], before: Mapping[str, Decimal], sizes: ListSizes
) -> dict[Category, tuple[str, ...]]:
    """The four lists of the units that are compared, first place first; `before` has last period's scores.

    A list is never longer than half of those compared (ties aside), so nobody is praised and rebuked for one score.
    """
    scored = [(one, one.score) for one in standings if one.rank is not None and one.score is not None]
    merit = {one.unit: (score, one.counts.volume) for one, score in scored}
    gains = {one.unit: score - before[one.unit] for one, score in scored if one.unit in before}
    half = len(scored) // 2
    advanced = _leading(merit, min(sizes.advanced, half))
    worst_first = {unit: (-score, -volume) for unit, (score, volume) in merit.items() if unit not in advanced}
    return {
        Category.ADVANCED: advanced,
        Category.PROGRESS: _leading({unit: gain for unit, gain in gains.items() if gain > 0}, sizes.progress),
        Category.RECTIFY: _leading(worst_first, min(sizes.rectify, half)),
        Category.GOVERNED: _leading(
            {one.unit: one.counts.volume for one in standings if one.counts.volume > 0}, sizes.governed
        ),
    }


def streak(newest_first: Iterable[bool]) -> int:
    """How many periods in a row, counted back from the newest."""
    length = 0
    for on_it in newest_first:
        if not on_it:
            break
        length += 1
    return length


def talk_list(rectified: Mapping[str, Sequence[bool]], rule: TalkRule) -> dict[str, str]:
    """Units to talk to and why; for each unit whether it was 整改类, newest period first. Only who is on it now."""
    found = {}
    for unit, history in rectified.items():
        if not history or not history[0]:
            continue
        row, times = streak(history), sum(history[: rule.window])
        if row >= rule.in_a_row:
            found[unit] = f"连续 {row} 期列入整改类"
        elif times >= rule.times:
            found[unit] = f"近 {rule.window} 期中 {times} 期列入整改类"
    return found


_Key = TypeVar("_Key", Decimal, int, tuple[Decimal, int])


def _leading(places: Mapping[str, _Key], size: int) -> tuple[str, ...]:
    order = sorted(places)
    order.sort(key=places.__getitem__, reverse=True)  # keeps the order of names among equals
    if size <= 0 or not order:
        return ()
    last = places[order[min(size, len(order)) - 1]]
    return tuple(unit for unit in order if places[unit] >= last)
