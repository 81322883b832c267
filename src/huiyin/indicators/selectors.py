"""What pages and programs read of the scores; writes nothing. Counts of queries are fixed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from huiyin.accounts.viewer import Viewer
from huiyin.domain import indicators as domain
from huiyin.domain.evaluation import half_even
from huiyin.domain.indicators import FULL, TOTAL, Level, Node
from huiyin.domain.vocabulary import Role
from huiyin.indicators import from_cases, trees
from huiyin.indicators.models import Assessment, Score, Value
from huiyin.registry import directory
from huiyin.registry.directory import AreaInfo

WHOLE_CITY = frozenset({Role.EVALUATOR, Role.ANALYST, Role.LEADER, Role.AUDITOR, Role.ADMINISTRATOR})
_GAIN_PLACES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One district in the comparison: its total and its dimensions, in the order of the tree."""

    area: AreaInfo
    total: Score
    dimensions: Sequence[Score]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A node of a district's profile with what its score is compared with."""

    node: Node
    score: Score
    mean: Decimal | None  # of the districts that have a score
    ranked: int  # districts that have a rank
    before: Score | None = None  # of the period before

    @property
    def change(self) -> Decimal | None:
        known = self.before is not None and self.before.score is not None and self.score.score is not None
        return self.score.score - self.before.score if known and self.before else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much the total would rise if this item scored 100: where improving helps most."""

    node: Node
    dimension: Node
    score: Score
    gain: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """An item that counts and has no value, with the districts concerned."""

    item: Node
    dimension: Node
    areas: Sequence[AreaInfo]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Of a dimension: items that count, with data of all districts, of some, of none; the mean share by weight."""

    node: Node
    items: int
    full: int
    some: int
    none: int
    covered: Decimal


def sees_all(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(*WHOLE_CITY)


def may_see(viewer: Viewer, district_id: int) -> bool:
    """A district's profile is for the city's own people and for those of the district; the ranking is everybody's."""
    return sees_all(viewer) or viewer.district_id == district_id


def known() -> list[Assessment]:
    """The latest assessment of every period, the newest period first."""
    found = Assessment.objects.select_related("tree").order_by("-period", "-number")
    return list({one.period: one for one in reversed(found)}.values())[::-1]


def assessment_of(period: str) -> Assessment | None:
    """The latest of a period; of the newest period where none is named."""
    rows = Assessment.objects.select_related("tree").order_by("-period", "-number")
    return (rows.filter(period=period) if period else rows).first()


def before(assessment: Assessment) -> Assessment | None:
    rows = Assessment.objects.filter(period__lt=assessment.period).select_related("tree")
    return rows.order_by("-period", "-number").first()


def board(assessment: Assessment, *, by: str = TOTAL) -> list[Line]:
    """All districts by rank in the total or in a dimension; those without a rank come last, by code. One query."""
    dimensions = trees.nodes_of(assessment.tree).under(TOTAL)
    scores = _scores(assessment, [TOTAL, *(node.code for node in dimensions)])
    lines = [
        Line(area=area, total=scores[area.id, TOTAL], dimensions=[scores[area.id, node.code] for node in dimensions])
        for area in directory.districts()
        if (area.id, TOTAL) in scores
    ]
    return sorted(lines, key=lambda line: _place(scores[line.area.id, by], line.area))


def parts(assessment: Assessment, district_id: int, nodes: Iterable[Node]) -> list[Part]:
    """The nodes of one district beside the others' mean and the period before. Two queries."""
    wanted = list(nodes)
    codes = [node.code for node in wanted]
    scores = _scores(assessment, codes)
    last = before(assessment)
    earlier = _scores(last, codes) if last else {}
    found = []
    for node in wanted:
        held = scores.get((district_id, node.code))
        if held is None:
            continue
        others = [one for (_, code), one in scores.items() if code == node.code]
        found.append(
            Part(
                node=node,
                score=held,
                mean=_mean([one.score for one in others], assessment.tree.places),
                ranked=sum(one.rank is not None for one in others),
                before=earlier.get((district_id, node.code)),
            )
        )
    return found


def total_of(assessment: Assessment, district_id: int) -> Score | None:
    return Score.objects.filter(assessment=assessment, district_id=district_id, node=TOTAL).first()


def rooms(assessment: Assessment, district_id: int, *, most: int = 10) -> list[Room]:
    """The items whose improvement would raise the total most, by the weights of the tree."""
    nodes = trees.nodes_of(assessment.tree)
    shares = _shares(nodes)
    rows = Score.objects.filter(assessment=assessment, district_id=district_id, node__in=shares, score__isnull=False)
    found = [
        Room(
            node=nodes.by_code[row.node],
            dimension=nodes.dimension_of(nodes.by_code[row.node]),
            score=row,
            gain=half_even(shares[row.node] * (FULL - Fraction(row.score)), _GAIN_PLACES),
        )
        for row in rows
    ]
    return sorted((one for one in found if one.gain > 0), key=lambda one: (-one.gain, one.node.code))[:most]


def trend(node: str, *, last: int = 13) -> tuple[list[str], dict[int, list[Score | None]]]:
    """(periods, oldest first; by district its scores in them)."""
    assessments = known()[:last][::-1]
    rows = Score.objects.filter(assessment__in=assessments, node=node)
    held = {(row.assessment_id, row.district_id): row for row in rows}
    lines = {area.id: [held.get((one.pk, area.id)) for one in assessments] for area in directory.districts()}
    return [one.period for one in assessments], lines


def coverage(assessment: Assessment, *, district_id: int | None = None) -> list[Coverage]:
    """What has data, of the items that count; of one district or of all."""
    nodes = trees.nodes_of(assessment.tree)
    rows = Score.objects.filter(assessment=assessment)
    if district_id is not None:
        rows = rows.filter(district_id=district_id)
    scores: dict[str, list[Score]] = {}
    for row in rows:
        scores.setdefault(row.node, []).append(row)
    counted = _shares(nodes)
    found = []
    for dimension in nodes.under(TOTAL):
        items = [node.code for node in nodes.items_under(dimension.code) if node.code in counted]
        have = [[one.score is not None for one in scores.get(code, [])] for code in items]
        shares = [Fraction(one.covered) for one in scores.get(dimension.code, [])]
        found.append(
            Coverage(
                node=dimension,
                items=len(items),
                full=sum(all(each) and bool(each) for each in have),
                some=sum(any(each) and not all(each) for each in have),
                none=sum(not any(each) for each in have),
                covered=half_even(sum(shares, Fraction()) / len(shares), 4) if shares else Decimal(0),
            )
        )
    return found


def gaps(assessment: Assessment, *, district_id: int | None = None) -> list[Gap]:
    """Items that count and have no value somewhere, in the order of the tree."""
    nodes = trees.nodes_of(assessment.tree)
    counted = _shares(nodes)
    rows = Score.objects.filter(assessment=assessment, node__in=counted, score__isnull=True)
    if district_id is not None:
        rows = rows.filter(district_id=district_id)
    missing: dict[str, list[AreaInfo]] = {}
    for node, district in rows.order_by("district_id").values_list("node", "district_id"):
        missing.setdefault(node, []).append(directory.area(district))
    return [
        Gap(item=node, dimension=nodes.dimension_of(node), areas=missing[node.code])
        for node in nodes.of(Level.ITEM)
        if node.code in missing
    ]


def without_residents(codes: Sequence[str]) -> list[AreaInfo]:
    """Districts whose number of residents nobody reported for any of these periods."""
    have = set(Value.objects.filter(item=from_cases.POPULATION, period__in=codes).values_list("district_id", flat=True))
    return [area for area in directory.districts() if area.id not in have]


def history(item: str, district_id: int) -> QuerySet[Value]:
    """Every report of an item, the newest first; what was corrected stays. Uses indicator_value_history."""
    return Value.objects.filter(item=item, district_id=district_id).order_by("-id")


def _scores(assessment: Assessment, codes: Sequence[str]) -> dict[tuple[int, str], Score]:
    """Uses indicator_score_node."""
    rows = Score.objects.filter(assessment=assessment, node__in=codes)
    return {(row.district_id, row.node): row for row in rows}


def _place(score: Score, area: AreaInfo) -> tuple[bool, int, str]:
    return score.rank is None, score.rank or 0, area.code


def _mean(scores: Sequence[Decimal | None], places: int) -> Decimal | None:
    have = [Fraction(score) for score in scores if score is not None]
    return half_even(sum(have, Fraction()) / len(have), places) if have else None


def _shares(nodes: domain.Tree, code: str = TOTAL, share: Fraction = Fraction(1)) -> Mapping[str, Fraction]:
    """The share of the total that each item counts for; items that do not count are left out."""
    below = nodes.under(code)
    every = sum((Fraction(node.weight) for node in below), Fraction())
    found: dict[str, Fraction] = {}
    for node in below:
        part = share * Fraction(node.weight) / every if every else Fraction()
        if node.level is Level.ITEM:
            found |= {node.code: part} if part else {}
        else:
            found |= _shares(nodes, node.code, part)
    return found
