"""Values of items that a period's cases give: the rates of a district in a dimension or branch, cases per head."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from huiyin.domain.evaluation import Counts, Scheme, exact_score, rates_of
from huiyin.domain.indicators import Level, Measure, Node, Tree
from huiyin.evaluation import selectors as evaluation
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import Group
from huiyin.indicators.models import Source
from huiyin.indicators.values import Taken
from huiyin.registry import directory, rulebook

POPULATION = "population"
_PER = 10_000


def values(tree: Tree, version: Version, reported: Mapping[tuple[int, str], Taken]) -> dict[tuple[int, str], Taken]:
    """By district and item. Without a number of residents there is no value per head; without callbacks, no rate."""
    scheme, sums = evaluation.scheme_of(version), _Sums(version)
    found: dict[tuple[int, str], Taken] = {}
    for item in tree.of(Level.ITEM):
        if item.measure is Measure.UPLOAD:
            continue
        dimension = tree.dimension_of(item).name
        for area in directory.districts():
            residents = reported.get((area.id, POPULATION))
            value = value_of(item, sums.of(area.id, dimension, item.branch), scheme, residents)
            if value is not None:
                found[area.id, item.code] = Taken(value=value, source=Source.CASES, period=version.period.code)
    return found


def value_of(item: Node, counts: Counts, scheme: Scheme, residents: Taken | None) -> Fraction | None:
    if item.measure is Measure.PER_HEAD:
        return None if residents is None else Fraction(counts.volume) * _PER / residents.value
    rates = rates_of(counts, scheme)
    if rates is None:
        return None
    if item.measure is Measure.SCORE:
        return exact_score(rates, scheme)
    share = {
        Measure.RESPONSE: rates.response,
        Measure.RESOLUTION: rates.resolution,
        Measure.SATISFACTION: rates.satisfaction,
    }[item.measure]
    return None if share is None else share * 100


def counts_of(version: Version, district_id: int, dimension: str, branch: str) -> Counts:
    return _Sums(version).of(district_id, dimension, branch)


def classes_of(version: Version, dimension: str, branch: str) -> list[str]:
    """The classes whose cases make an item, of the taxonomy in force on the period's last day."""
    known = _taxonomy(version)
    return [code for code, one in known.items() if one.dimension == dimension and code.startswith(branch)]


def units_of(district_id: int) -> tuple[int, ...]:
    """The units whose cases are the district's, as in the ranking of districts."""
    government = directory.district_unit(district_id)
    return evaluation.units_of(Group.DISTRICT, government.id) if government else ()


def _taxonomy(version: Version) -> rulebook.Taxonomy:
    last = version.period.ends_at - timedelta(seconds=1)
    return rulebook.taxonomy(rulebook.current(last).taxonomy_id)


class _Sums:
    """A version's counts by district, dimension and class, added up once."""

    def __init__(self, version: Version) -> None:
        taxonomy = _taxonomy(version)
        district_of = {unit: area.id for area in directory.districts() for unit in units_of(area.id)}
        self._by_class: dict[tuple[int, str], dict[str, Counts]] = defaultdict(dict)
        for (unit, code), counts in evaluation.class_counts(version).items():
            district, known = district_of.get(unit), taxonomy.get(code)
            if district is None or known is None:
                continue
            held = self._by_class[district, known.dimension]
            held[code] = held.get(code, Counts()) + counts

    def of(self, district_id: int, dimension: str, branch: str) -> Counts:
        classes = self._by_class.get((district_id, dimension), {})
        return sum((one for code, one in classes.items() if code.startswith(branch)), Counts())
