"""七有五性: how values of items become scores of items, categories, dimensions and a total (DOMAIN.md §5).

Exact throughout: values are fractions, and rounding (half to even) happens once, where a score is shown or compared.
A value that is missing is left out of its branch; how much weight had data, and between which bounds the score would
lie had all data come, is told beside every score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from huiyin.domain.errors import InvalidData
from huiyin.domain.evaluation import half_even
from huiyin.domain.vocabulary import Term

DIMENSIONS: Final = (
    *("幼有所育", "学有所教", "劳有所得", "病有所医", "老有所养", "住有所居", "弱有所扶"),
    *("便利性", "宜居性", "多样性", "公正性", "安全性"),
)
TOTAL: Final = ""  # the code of the root: the total of all dimensions
FULL: Final = Fraction(100)
_NONE: Final = Fraction(0)


class Level(Term):
    DIMENSION = "dimension", "维度"
    CATEGORY = "category", "分类"
    ITEM = "item", "细项"
    BASE = "base", "基础数据"  # counted with, never scored: the number of residents


class Direction(Term):
    HIGHER = "higher", "越高越好"
    LOWER = "lower", "越低越好"


class Scale(Term):
    """How a value becomes a score of 0 to 100."""

    LINEAR = "linear", "按底线与目标"
    SPREAD = "spread", "各区之间比较"
    AS_IS = "as_is", "原值"


class Measure(Term):
    """Where an item's value comes from: a table that was uploaded, or the cases of the period."""

    UPLOAD = "upload", "填报"
    SCORE = "score", "三率综合成绩"
    RESPONSE = "response", "响应率"
    RESOLUTION = "resolution", "解决率"
    SATISFACTION = "satisfaction", "满意率"
    PER_HEAD = "per_head", "每万人诉求量"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One line of a tree. Weights count among siblings only; 0 shows an item without scoring it.

    `floor` and `target` are the values that score 0 and 100 (LINEAR). `branch` narrows the cases of an item to a
    branch of the classes; empty: all cases of the dimension.
    """

    code: str
    parent: str
    level: Level
    name: str
    weight: Decimal = Decimal(1)
    unit: str = ""
    direction: Direction = Direction.HIGHER
    scale: Scale = Scale.LINEAR
    floor: Decimal | None = None
    target: Decimal | None = None
    measure: Measure = Measure.UPLOAD
    branch: str = ""
    sample: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`score` is None without any value. `covered`: the share of the weight below that has values.

    `low` and `high`: the score if every missing value came and scored 0, or 100.
    """

    score: Fraction | None
    covered: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Tree:
    """Nodes in the order of the file; the children of each are found once."""

    nodes: tuple[Node, ...]
    children: Mapping[str, tuple[Node, ...]] = field(init=False, repr=False, compare=False)
    by_code: Mapping[str, Node] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        below: dict[str, list[Node]] = {}
        for node in self.nodes:
            if node.level is not Level.BASE:
                below.setdefault(node.parent, []).append(node)
        object.__setattr__(self, "children", {code: tuple(nodes) for code, nodes in below.items()})
        object.__setattr__(self, "by_code", {node.code: node for node in self.nodes})

    def under(self, code: str) -> tuple[Node, ...]:
        return self.children.get(code, ())

    def of(self, level: Level) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.level is level)

    def dimension_of(self, node: Node) -> Node:
        while node.level is not Level.DIMENSION:
            node = self.by_code[node.parent]
        return node

    def items_under(self, code: str) -> tuple[Node, ...]:
        found: list[Node] = []
        for node in self.under(code):
            found += [node] if node.level is Level.ITEM else self.items_under(node.code)
        return tuple(found)


def item_scores(item: Node, values: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """The score 0 to 100 of each place that has a value. Where all places are equal, none is worse: 100."""
    if item.scale is Scale.SPREAD:
        return _spread(item, values)
    if item.scale is Scale.AS_IS:
        within = {place: _within(value) for place, value in values.items()}
        turned = item.direction is Direction.LOWER
        return {place: FULL - score for place, score in within.items()} if turned else within
    if item.floor is None or item.target is None or item.floor == item.target:
        raise InvalidData({item.code: f"“{item.name}”应填写底线和目标，且二者不同"})
    floor, target = Fraction(item.floor), Fraction(item.target)
    return {place: _within((value - floor) / (target - floor) * 100) for place, value in values.items()}


def roll_up(tree: Tree, scores: Mapping[str, Fraction]) -> dict[str, Result]:
    """From the item scores of one place to the result of every node; the total stands under TOTAL.

    A node's score is the mean of its children that have one, by weight; a child with weight 0 counts nowhere.
    """
    results: dict[str, Result] = {}
    _roll(tree, TOTAL, scores, results)
    return results


def shown(score: Fraction | None, places: int) -> Decimal | None:
    return None if score is None else half_even(score, places)


def ranks(scores: Mapping[int, Decimal | None]) -> dict[int, int]:
    """1 for the best; places equal as shown share a rank and the next is left out. Without a score: no rank."""
    known = sorted((score for score in scores.values() if score is not None), reverse=True)
    return {place: known.index(score) + 1 for place, score in scores.items() if score is not None}


def _spread(item: Node, values: Mapping[int, Fraction]) -> dict[int, Fraction]:
    if not values:
        return {}
    least, most = min(values.values()), max(values.values())
    if least == most:
        return dict.fromkeys(values, FULL)
    worst, best = (most, least) if item.direction is Direction.LOWER else (least, most)
    return {place: (value - worst) / (best - worst) * 100 for place, value in values.items()}


def _roll(tree: Tree, code: str, scores: Mapping[str, Fraction], results: dict[str, Result]) -> Result:
    below = tree.under(code)
    parts: list[tuple[Fraction, Result]] = []
    for node in below:
        if node.level is Level.ITEM:
            results[node.code] = _leaf(scores.get(node.code))
        else:
            _roll(tree, node.code, scores, results)
        parts.append((Fraction(node.weight), results[node.code]))
    results[code] = _mean(parts)
    return results[code]


def _leaf(score: Fraction | None) -> Result:
    if score is None:
        return Result(score=None, covered=_NONE, low=_NONE, high=FULL)
    return Result(score=score, covered=Fraction(1), low=score, high=score)


def _mean(parts: Sequence[tuple[Fraction, Result]]) -> Result:
    every = sum((weight for weight, _ in parts), _NONE)
    if every == 0:
        return Result(score=None, covered=_NONE, low=_NONE, high=FULL)
    known = [(weight, result.score) for weight, result in parts if result.score is not None and weight]
    return Result(
        score=_weighted(known) / sum(weight for weight, _ in known) if known else None,
        covered=_weighted((weight, result.covered) for weight, result in parts) / every,
        low=_weighted((weight, result.low) for weight, result in parts) / every,
        high=_weighted((weight, result.high) for weight, result in parts) / every,
    )


def _weighted(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    return sum((weight * value for weight, value in parts), _NONE)


def _within(score: Fraction) -> Fraction:
    return min(FULL, max(_NONE, score))
