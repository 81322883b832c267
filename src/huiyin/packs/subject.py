"""The unit that a pack is about, with its results now, last period and a year ago."""

from dataclasses import dataclass

from huiyin.domain.errors import DomainError
from huiyin.domain.evaluation import Counts, Rates, Scheme, rates_of
from huiyin.evaluation import selectors
from huiyin.evaluation.models import UnitResult
from huiyin.evaluation.vocabulary import Group
from huiyin.packs.ground import Ground, Key, Place
from huiyin.packs.standing import name_of
from huiyin.registry import directory
from huiyin.registry.directory import UnitInfo


class NoSuchLine(DomainError):
    """这个单位在该考核期没有成绩，不能制作点评会材料。"""

    code = "pack_without_result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the same unit had in another period."""

    result: UnitResult
    counts: Counts
    rates: Rates | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    ground: Ground
    group: Group
    unit: UnitInfo
    result: UnitResult
    counts: Counts
    rates: Rates | None
    before: Past | None
    year_ago: Past | None
    leads: tuple[int, ...]
    beside: Place
    among: int  # ranked in the same list

    @property
    def scheme(self) -> Scheme:
        return self.ground.rules.scheme

    @property
    def name(self) -> str:
        return name_of(self.group, self.unit.id)

    @property
    def key(self) -> Key:
        return self.group, self.unit.id


def subject_of(ground: Ground, group: Group, unit_id: int) -> Subject:
    result = ground.now.get((group, unit_id))
    unit = directory.find_unit(unit_id)
    if result is None or unit is None:
        raise NoSuchLine
    scheme = ground.rules.scheme
    leads = ground.lines.get((group, unit_id), (unit_id,))
    counts = selectors.counts_of(result)
    return Subject(
        ground=ground,
        group=group,
        unit=unit,
        result=result,
        counts=counts,
        rates=rates_of(counts, scheme),
        before=_past(ground, ground.before and ground.before.pk, (group, unit_id)),
        year_ago=_past(ground, ground.year_ago and ground.year_ago.pk, (group, unit_id)),
        leads=leads,
        beside=added([ground.totals[lead] for lead in leads if lead in ground.totals]),
        among=sum(one.rank is not None for (of, _), one in ground.now.items() if of is group),
    )


def added(places: list[Place]) -> Place:
    return Place(
        counts=sum((one.counts for one in places), Counts()),
        late=sum(one.late for one in places),
        again=sum(one.again for one in places),
        supervised=sum(one.supervised for one in places),
    )


def _past(ground: Ground, version_id: int | None, key: Key) -> Past | None:
    found = ground.results.get(version_id, {}).get(key) if version_id else None
    if found is None:
        return None
    counts = selectors.counts_of(found)
    return Past(result=found, counts=counts, rates=rates_of(counts, ground.rules.scheme))
