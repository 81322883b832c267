"""What the pages show: governed streets, their months against the target line, streets that the rules name, talks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from huiyin.accounts.viewer import Viewer
from huiyin.domain.governed import Verdict
from huiyin.domain.vocabulary import UnitKind
from huiyin.evaluation import selectors as evaluation
from huiyin.evaluation.vocabulary import GROUP_OF, Group
from huiyin.governance import facts, governing
from huiyin.governance.facts import City
from huiyin.governance.models import GovernedStreet, Measure, Talk
from huiyin.governance.vocabulary import Stage, TalkState
from huiyin.registry import directory

_SHOWN = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One published month of a street; shares in percent, None where nobody was asked."""

    label: str
    code: str
    volume: int
    rank: int
    resolution: float | None
    satisfaction: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A governed street as a card."""

    street: GovernedStreet
    name: str
    district: str
    months: Sequence[Month]  # newest first
    done: int
    measures: int
    late: int
    leaves: bool  # all conditions of exit are met
    observed_enough: bool

    @property
    def newest(self) -> Month | None:
        return self.months[0] if self.months else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A street that the rule of entry names and that nobody has put under governance."""

    unit_id: int
    name: str
    district: str
    verdict: Verdict


def streets_for(viewer: Viewer) -> QuerySet[GovernedStreet]:
    """The city's people see all, a district its own, a street itself."""
    rows = GovernedStreet.objects.prefetch_related(Prefetch("measures", Measure.objects.order_by("due", "id")))
    if viewer.sees == "city":
        return rows
    if viewer.sees == "district":
        return rows.filter(district_id=viewer.district_id)
    return rows.filter(unit_id__in=sorted(viewer.unit_ids))


def lines(viewer: Viewer, stages: Sequence[Stage], city: City, today: Any) -> list[Line]:
    found = streets_for(viewer).filter(stage__in=[str(one) for one in stages])
    return sorted(
        (line_of(one, city, today) for one in found), key=lambda line: -(line.newest.volume if line.newest else 0)
    )


def line_of(street: GovernedStreet, city: City, today: Any) -> Line:
    measures = list(street.measures.all())
    standing = [one for one in measures if one.dropped_at is None]
    unit = directory.unit(street.unit_id)
    verdict = facts.exit_of(city, street, measures) if street.stage == Stage.GOVERNED else None
    return Line(
        street=street,
        name=unit.short_name,
        district=directory.area(street.district_id).short_name,
        months=months_of(street.unit_id, city),
        done=sum(one.done_at is not None for one in standing),
        measures=len(standing),
        late=sum(one.done_at is None and one.due < today for one in standing),
        leaves=bool(verdict and verdict.met),
        observed_enough=street.stage == Stage.OBSERVED and governing.is_observed_long_enough(street, city),
    )


def months_of(unit_id: int, city: City) -> list[Month]:
    found = []
    for one in city.months[:_SHOWN]:
        counts = one.counts.get(unit_id)
        if counts is None:
            continue
        resolution, satisfaction = facts.resolution(counts), facts.satisfaction(counts, one.version)
        found.append(
            Month(
                label=one.version.period.label,
                code=one.version.period.code,
                volume=counts.volume,
                rank=one.ranks[unit_id],
                resolution=None if resolution is None else round(float(100 * resolution), 2),
                satisfaction=None if satisfaction is None else round(float(100 * satisfaction), 2),
            )
        )
    return found


def named(city: City) -> list[Named]:
    """By volume, the largest first."""
    month = city.newest
    if month is None:
        return []
    under = set(GovernedStreet.objects.exclude(stage=str(Stage.ENDED)).values_list("unit_id", flat=True))
    found = []
    for unit_id in sorted(month.ranks, key=month.ranks.__getitem__):
        verdict = facts.entry_of(city, unit_id) if unit_id not in under else None
        unit = directory.find_unit(unit_id)
        if verdict is not None and verdict.met and unit is not None and unit.district_id is not None:
            district = directory.area(unit.district_id).short_name
            found.append(Named(unit_id=unit_id, name=unit.short_name, district=district, verdict=verdict))
    return found


def chart_of(street: GovernedStreet, months: Sequence[Month]) -> dict[str, Any]:
    oldest_first = list(reversed(months))
    return {
        "periods": [one.label for one in oldest_first],
        "volume": [one.volume for one in oldest_first],
        "resolution": [one.resolution for one in oldest_first],
        "satisfaction": [one.satisfaction for one in oldest_first],
        "targets": {
            "volume": street.target_volume,
            "resolution": None if street.target_resolution is None else float(street.target_resolution),
            "satisfaction": None if street.target_satisfaction is None else float(street.target_satisfaction),
        },
    }


def talks_for(viewer: Viewer) -> QuerySet[Talk]:
    rows = Talk.objects.select_related("version__period")
    if viewer.sees == "city":
        return rows
    units = set(viewer.unit_ids)
    if viewer.sees == "district" and viewer.district_id is not None:
        units |= {unit.id for unit in directory.units().values() if _in_district(unit, viewer.district_id)}
    return rows.filter(unit_id__in=sorted(units))


def talk_lines(viewer: Viewer) -> list[tuple[Talk, str]]:
    """Those still open first; with the unit's name."""
    order = list(TalkState)
    rows = [row for row in talks_for(viewer)[:300] if directory.find_unit(row.unit_id)]
    rows.sort(key=lambda row: order.index(TalkState(row.state)))
    return [(row, evaluation.name_of(Group(row.group), directory.unit(row.unit_id))) for row in rows]


def _in_district(unit: directory.UnitInfo, district_id: int) -> bool:
    return unit.district_id == district_id and (unit.kind in GROUP_OF or unit.kind is UnitKind.DISTRICT_GOV)
