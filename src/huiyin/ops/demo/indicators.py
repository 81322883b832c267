"""Fills the demo's indicators: the sample tree, and made-up values of two years, every one marked as a sample."""

from datetime import date, datetime
from decimal import Decimal
from random import Random

from huiyin.domain.indicators import Level, Node
from huiyin.indicators import editing, scoring, trees, values
from huiyin.indicators.models import Assessment, Source, Tree, Value
from huiyin.registry import directory
from huiyin.registry.directory import AreaInfo

_SEED = 75
_RESIDENTS_OF_A_COMMUNITY = 3100  # made up: the number of communities is real, that of their residents is not
_GAPS = 0.06  # share of the values that nobody reported
_NEVER = 0.03  # share of the items that no district reported
_PERIODS = 3
_NOTE = "演示用样例数据，不代表真实情况"


def demo_indicators(now: datetime) -> list[Assessment]:
    """Called again, it only scores what was published meanwhile."""
    reading = trees.read(trees.SHIPPED / "beijing_sample.csv")
    tree, _ = editing.load(
        reading,
        name="七有五性（样例）",
        on=date(now.year - 1, 1, 1),
        publish_it=not Tree.objects.filter(published_at__isnull=False).exists(),
        by=editing.SYSTEM,
        now=now,
    )
    if not Value.objects.exists():
        lines = _lines(list(values.reported(trees.nodes_of(tree)).values()), now.year)
        values.write(lines, by=editing.SYSTEM, now=now, source=Source.SAMPLE)
    return scoring.assess_missing(by=editing.SYSTEM, now=now, most=_PERIODS)


def _lines(items: list[Node], year: int) -> list[values.Line]:
    """Better districts are better in most items, and this year is a little better than the last."""
    dice = Random(_SEED)
    standing = {area.id: dice.gauss(0, 0.1) for area in directory.districts()}
    found = []
    for item in items:
        never, shift = dice.random() < _NEVER, dice.gauss(0, 0.08)
        for area in directory.districts():
            share = 0.66 + standing[area.id] + shift + dice.gauss(0, 0.12)
            for each, gain in ((year - 1, 0.0), (year, dice.gauss(0.04, 0.03))):
                kept = dice.random() >= _GAPS and not never
                if item.level is Level.BASE:
                    found.append(_line(item, area, each, _residents(area)))
                elif kept and item.floor is not None and item.target is not None:
                    found.append(_line(item, area, each, _between(item.floor, item.target, share + gain)))
    return found


def _line(item: Node, area: AreaInfo, year: int, value: Decimal) -> values.Line:
    return values.Line(number=0, district=area, item=item, period=str(year), value=value, note=_NOTE)


def _between(floor: Decimal, target: Decimal, share: float) -> Decimal:
    """On the way from the floor to the target, a little beyond either at most; as fine as the item is told."""
    within = Decimal(str(round(min(1.05, max(-0.05, share)), 3)))
    places = 2 if max(abs(floor), abs(target)) < 10 else 1
    return round(floor + (target - floor) * within, places)


def _residents(area: AreaInfo) -> Decimal:
    communities = sum(len(directory.communities(street.id)) for street in directory.streets(area.id))
    return Decimal(max(1, communities) * _RESIDENTS_OF_A_COMMUNITY)
