"""Scores a period: the values known now, on the tree in force, kept as an assessment that never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils import timezone

from huiyin.domain import indicators as domain
from huiyin.domain.errors import DomainError
from huiyin.domain.evaluation import half_even
from huiyin.domain.indicators import TOTAL, Level, Result
from huiyin.evaluation import selectors as evaluation
from huiyin.evaluation.models import Version
from huiyin.indicators import from_cases, trees, values
from huiyin.indicators.editing import Editor
from huiyin.indicators.models import Assessment, Score, Tree
from huiyin.indicators.values import Taken
from huiyin.registry import directory

_SHARE_PLACES, _VALUE_PLACES = 6, 4


class NoTree(DomainError):
    """还没有已发布的指标树，请先载入或发布一版。"""

    code = "no_tree"


class NotPublished(DomainError):
    """这个考核期的成绩还没有发布，发布后才能计算七有五性得分。"""

    code = "period_not_published"


class NothingNew(DomainError):
    """数据和指标树都没有变化，得分与上次相同。"""

    code = "nothing_new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """Of every district: the result of every node (the total under TOTAL), and the values behind the items."""

    tree: Tree
    version: Version
    results: Mapping[int, Mapping[str, Result]]
    taken: Mapping[tuple[int, str], Taken]

    def shown(self, district_id: int, code: str) -> Decimal | None:
        return domain.shown(self.results[district_id][code].score, self.tree.places)

    def ranks(self, code: str) -> dict[int, int]:
        """Among the districts with enough data for a rank; by the score as it is shown."""
        enough = Fraction(self.tree.min_covered)
        return domain.ranks(
            {place: self.shown(place, code) for place, found in self.results.items() if found[code].covered >= enough}
        )


def compute(tree: Tree, version: Version) -> Computed:
    """Nothing is written: also to see what a draft would change."""
    nodes = trees.nodes_of(tree)
    taken = values.newest(version.period.code, tree.years_back)
    taken |= from_cases.values(nodes, version, taken)
    by_item: dict[str, dict[int, Fraction]] = {}
    for (district, code), one in taken.items():
        by_item.setdefault(code, {})[district] = one.value
    scores: dict[int, dict[str, Fraction]] = {area.id: {} for area in directory.districts()}
    for item in nodes.of(Level.ITEM):
        for district, score in domain.item_scores(item, by_item.get(item.code, {})).items():
            scores[district][item.code] = score
    results = {district: domain.roll_up(nodes, found) for district, found in scores.items()}
    return Computed(tree=tree, version=version, results=results, taken=taken)


@transaction.atomic
def assess(version: Version, *, by: Editor, now: datetime, reason: str = "") -> Assessment:
    """Scores a published period and keeps it. NothingNew where it would only repeat the last assessment."""
    if version.published_at is None:
        raise NotPublished
    tree = tree_for(version)
    Tree.objects.select_for_update().get(pk=tree.pk)  # two people at once: the second sees what the first made
    code = version.period.code
    last = Assessment.objects.filter(period=code).order_by("-number").first()
    computed = compute(tree, version)
    rows = _rows(computed)
    if last and (last.tree_id, last.version_id) == (tree.pk, version.pk) and _same(last, rows):
        raise NothingNew
    number = last.number + 1 if last else 1
    made = Assessment.objects.create(
        period=code, number=number, tree=tree, version_id=version.pk, reason=reason, by_id=by.id, by=by.name, at=now
    )
    for row in rows:
        row.assessment = made
    Score.objects.bulk_create(rows, batch_size=4000)
    return made


def assess_missing(*, by: Editor, now: datetime, most: int = 3) -> list[Assessment]:
    """The newest published versions that nobody scored yet."""
    done = set(Assessment.objects.values_list("version_id", flat=True))
    waiting = [version for version in evaluation.published() if version.pk not in done]
    if not waiting or trees.in_force(timezone.localdate(now)) is None:
        return []
    return [assess(version, by=by, now=now) for version in waiting[:most]]


def tree_for(version: Version) -> Tree:
    """The tree in force on the last day of the version's period."""
    found = trees.in_force(timezone.localdate(version.period.ends_at - timedelta(seconds=1)))
    if found is None:
        raise NoTree
    return found


def _rows(computed: Computed) -> list[Score]:
    nodes, places = trees.nodes_of(computed.tree), computed.tree.places
    rows = []
    for code in (TOTAL, *(node.code for node in nodes.nodes if node.level is not Level.BASE)):
        ranks = computed.ranks(code)
        for district, results in computed.results.items():
            result, taken = results[code], computed.taken.get((district, code))
            rows.append(
                Score(
                    district_id=district,
                    node=code,
                    score=computed.shown(district, code),
                    covered=half_even(result.covered, _SHARE_PLACES),
                    low=half_even(result.low, places),
                    high=half_even(result.high, places),
                    rank=ranks.get(district),
                    value=half_even(taken.value, _VALUE_PLACES) if taken else None,
                    source=str(taken.source) if taken else "",
                    taken_from=taken.period if taken else "",
                )
            )
    return rows


def _same(last: Assessment, rows: list[Score]) -> bool:
    names = ("district_id", "node", "score", "covered", "low", "high", "rank", "value", "source", "taken_from")
    before = set(Score.objects.filter(assessment=last).values_list(*names))
    return before == {tuple(getattr(row, name) for name in names) for row in rows}
